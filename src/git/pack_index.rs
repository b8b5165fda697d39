//! The index of a pack: where each object lies. It is read around the place where a name should be, and mapped once
//! it is asked often.
//!
//! Format: git's Documentation/gitformat-pack ("pack-*.idx files", version 2).

use std::cell::RefCell;
use std::os::unix::fs::FileExt;
use std::path::Path;

use gix::hash::oid;

use super::index::be32;
use super::mapped::{OftenRead, room};

/// Where names start in a pack's index: after signature, version and the 256 counts.
const NAMES: usize = 8 + 256 * 4;
/// How many names are read around the place where one should be.
const AROUND: usize = 96;
/// From so many questions on, mapping a large index pays.
const MANY: u32 = 4096;

/// The names of a pack.
pub(super) struct PackIndex {
    names: OftenRead,
    /// How many names start with a byte or a lesser one, for each byte.
    counts: Vec<u8>,
    /// What was read last.
    buffer: RefCell<Vec<u8>>,
}

impl PackIndex {
    /// Opens the index at `path`; `None` if there is none of version 2.
    pub fn open(path: &Path) -> Option<Self> {
        let names = OftenRead::open(path, MANY)?;
        let mut counts = vec![0; NAMES];
        names.file.read_exact_at(&mut counts, 0).ok()?;
        if !counts.starts_with(b"\xfftOc\0\0\0\x02") {
            return None;
        }
        counts.drain(..8);
        Some(Self { names, counts, buffer: RefCell::default() })
    }

    fn count(&self, byte: usize) -> Option<usize> {
        be32(&self.counts, byte * 4).map(|count| count as usize)
    }

    /// Where the object lies in the pack, `Some(None)` if it is not there; `None` if the index cannot be read.
    pub fn look_up(&self, id: &oid) -> Option<Option<u64>> {
        self.names.count();
        let mut buffer = self.buffer.borrow_mut();
        let id_len = id.as_bytes().len();
        let first = usize::from(*id.as_bytes().first()?);
        let (mut low, mut high) = (if first == 0 { 0 } else { self.count(first - 1)? }, self.count(first)?);
        // Ids are evenly spread, so the second to fifth byte tell nearly where one stands.
        let spread = id.as_bytes().get(1..).and_then(|rest| be32(rest, 0)).unwrap_or_default();
        let mut probe = low + ((high.checked_sub(low)? as u64 * u64::from(spread)) >> 32) as usize;
        while low < high {
            let start = probe.saturating_sub(AROUND / 2).max(low);
            let end = (start + AROUND).min(high);
            let names = self.bytes(NAMES + start * id_len, (end - start) * id_len, &mut buffer)?;
            let name = |at: usize| names.get(at * id_len..(at + 1) * id_len);
            if name(0)? > id.as_bytes() {
                high = start;
            } else if name(end - start - 1)? < id.as_bytes() {
                low = end;
            } else {
                let (mut from, mut to) = (0, end - start);
                while from < to {
                    let middle = from + (to - from) / 2;
                    match name(middle)?.cmp(id.as_bytes()) {
                        std::cmp::Ordering::Less => from = middle + 1,
                        std::cmp::Ordering::Greater => to = middle,
                        std::cmp::Ordering::Equal => {
                            return self.place(start + middle, id_len, &mut buffer).map(Some);
                        }
                    }
                }
                return Some(None);
            }
            probe = low + high.saturating_sub(low) / 2;
        }
        Some(None)
    }

    /// Behind the names: checksums of four bytes, offsets of four, and the larger offsets of eight.
    fn place(&self, number: usize, id_len: usize, buffer: &mut Vec<u8>) -> Option<u64> {
        let total = self.count(255)?;
        let offsets = NAMES + total * (id_len + 4);
        let at = number * 4;
        // the table of offsets is small beside the names
        let offset = match self.names.part(offsets as u64, total * 4) {
            Some(mapped) => be32(mapped, at)?,
            None => be32(self.bytes(offsets + at, 4, buffer)?, 0)?,
        };
        if offset & 0x8000_0000 == 0 {
            return Some(u64::from(offset));
        }
        let large = offsets + total * 4 + (offset & 0x7fff_ffff) as usize * 8;
        Some(u64::from_be_bytes(*self.bytes(large, 8, buffer)?.first_chunk()?))
    }

    /// So many bytes from `at` on: mapped ones, or read into the buffer.
    fn bytes<'a>(&'a self, at: usize, size: usize, buffer: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        if let Some(mapped) = self.names.mapped() {
            return mapped.get(at..at.checked_add(size)?);
        }
        let buffer = room(buffer, size)?;
        self.names.file.read_exact_at(buffer, at as u64).ok()?;
        Some(buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use gix::hash::ObjectId;

    use super::*;

    const COUNT: usize = 300;

    fn id(number: usize) -> ObjectId {
        let mut bytes = [number as u8; 20];
        bytes[..2].copy_from_slice(&(number as u16 * 200).to_be_bytes());
        ObjectId::from_bytes_or_panic(&bytes)
    }

    /// Where each object lies; some beyond 2 GiB.
    fn offset(number: usize) -> u64 {
        number as u64 * 100 + if number.is_multiple_of(7) { 5 << 30 } else { 12 }
    }

    fn content() -> Vec<u8> {
        let mut content = b"\xfftOc\0\0\0\x02".to_vec();
        for byte in 0..=255 {
            let count = (0..COUNT).filter(|&number| id(number).as_bytes()[0] <= byte).count();
            content.extend((count as u32).to_be_bytes());
        }
        (0..COUNT).for_each(|number| content.extend(id(number).as_bytes()));
        content.extend([0; 4 * COUNT]);
        let (mut large, mut offsets) = (Vec::new(), Vec::new());
        for number in 0..COUNT {
            let offset = offset(number);
            let small = u32::try_from(offset).unwrap_or_else(|_| {
                large.extend(offset.to_be_bytes());
                0x8000_0000 | (large.len() / 8 - 1) as u32
            });
            offsets.extend(small.to_be_bytes());
        }
        [content, offsets, large, vec![0; 40]].concat()
    }

    fn index(content: &[u8]) -> Option<PackIndex> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        PackIndex::open(file.path())
    }

    #[test]
    fn objects_are_found_before_and_after_offsets_are_mapped() {
        let index = index(&content()).unwrap();
        for _ in 0..2 {
            for number in 0..COUNT {
                assert_eq!(index.look_up(&id(number)), Some(Some(offset(number))), "{number}");
                let mut other = id(number);
                other.as_mut_slice()[19] ^= 1;
                assert_eq!(index.look_up(&other), Some(None), "{number}");
            }
        }
        let offsets = NAMES + COUNT * 24;
        assert!(index.names.part(offsets as u64, COUNT * 4).is_some() && index.names.mapped().is_none());
    }

    #[test]
    fn what_a_cut_index_does_not_hold_is_not_made_up() {
        let content = content();
        for end in (0..content.len()).step_by(97) {
            let Some(index) = index(&content[..end]) else { continue };
            for number in (0..2 * COUNT).map(|number| number % COUNT) {
                let found = index.look_up(&id(number));
                assert!(found.is_none() || found == Some(Some(offset(number))), "{end} {number} {found:?}");
            }
        }
    }
}

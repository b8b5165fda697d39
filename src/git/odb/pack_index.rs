//! A pack's index: each object's offset by id. It is read around the place where an id should be, and mapped once it is
//! asked often.
//!
//! Format: git's Documentation/gitformat-pack ("pack-*.idx files", version 2).

use std::cell::RefCell;
use std::os::unix::fs::FileExt;
use std::path::Path;

use gix::hash::oid;

use crate::git::file::{LazyMap, be32, room};

/// The offset of the ids in a pack's index: after signature, version and the 256 counts.
const IDS_START: usize = 8 + 256 * 4;
/// The number of ids that are read around the place where one should be.
const PROBE_IDS: usize = 96;
/// Lookups from which on mapping a large index pays.
const MAP_AFTER_LOOKUPS: u32 = 4096;

/// The ids of a pack's objects, and their offsets.
pub(super) struct PackIndex {
    file: LazyMap,
    /// For each byte, the number of ids that start with it or a lesser one.
    counts: Vec<u8>,
    /// The bytes read last.
    buffer: RefCell<Vec<u8>>,
}

impl PackIndex {
    /// Opens the index at `path`; `None` if there is none of version 2.
    pub fn open(path: &Path) -> Option<Self> {
        let file = LazyMap::open(path, MAP_AFTER_LOOKUPS)?;
        let mut counts = vec![0; IDS_START];
        file.file.read_exact_at(&mut counts, 0).ok()?;
        if !counts.starts_with(b"\xfftOc\0\0\0\x02") {
            return None;
        }
        counts.drain(..8);
        // Ids would be looked for beyond their table, where checksums stand.
        if !counts.as_chunks::<4>().0.is_sorted() {
            return None;
        }
        Some(Self { file, counts, buffer: RefCell::default() })
    }

    fn count(&self, byte: usize) -> Option<usize> {
        be32(&self.counts, byte * 4).map(|count| count as usize)
    }

    /// The object's offset in the pack, `Some(None)` if it is not there; `None` if the index cannot be read.
    pub fn look_up(&self, id: &oid) -> Option<Option<u64>> {
        self.file.count();
        let mut buffer = self.buffer.borrow_mut();
        let id_len = id.as_bytes().len();
        let first = usize::from(*id.as_bytes().first()?);
        let (mut low, mut high) = (if first == 0 { 0 } else { self.count(first - 1)? }, self.count(first)?);
        // Ids are evenly spread, so the second to fifth byte tell nearly where one stands.
        let spread = id.as_bytes().get(1..).and_then(|rest| be32(rest, 0)).unwrap_or_default();
        let mut probe = low + ((high.checked_sub(low)? as u64 * u64::from(spread)) >> 32) as usize;
        while low < high {
            let start = probe.saturating_sub(PROBE_IDS / 2).max(low);
            let end = (start + PROBE_IDS).min(high);
            let ids = self.bytes(IDS_START + start * id_len, (end - start) * id_len, &mut buffer)?;
            let id_at = |at: usize| ids.get(at * id_len..(at + 1) * id_len);
            if id_at(0)? > id.as_bytes() {
                high = start;
            } else if id_at(end - start - 1)? < id.as_bytes() {
                low = end;
            } else {
                let (mut from, mut to) = (0, end - start);
                while from < to {
                    let middle = from + (to - from) / 2;
                    match id_at(middle)?.cmp(id.as_bytes()) {
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

    /// The offset of object `number`. Behind the ids stand checksums of four bytes, offsets of four, and the larger
    /// offsets of eight.
    fn place(&self, number: usize, id_len: usize, buffer: &mut Vec<u8>) -> Option<u64> {
        let total = self.count(255)?;
        let offsets = IDS_START + total * (id_len + 4);
        let at = number * 4;
        // The table of offsets is small beside the ids.
        let offset = match self.file.part(offsets as u64, total * 4) {
            Some(mapped) => be32(mapped, at)?,
            None => be32(self.bytes(offsets + at, 4, buffer)?, 0)?,
        };
        if offset & 0x8000_0000 == 0 {
            return Some(u64::from(offset));
        }
        let large = offsets + total * 4 + (offset & 0x7fff_ffff) as usize * 8;
        Some(u64::from_be_bytes(*self.bytes(large, 8, buffer)?.first_chunk()?))
    }

    /// `size` bytes from `at` on: mapped ones, or read into the buffer.
    fn bytes<'a>(&'a self, at: usize, size: usize, buffer: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        if let Some(mapped) = self.file.mapped() {
            return mapped.get(at..at.checked_add(size)?);
        }
        let buffer = room(buffer, size)?;
        self.file.file.read_exact_at(buffer, at as u64).ok()?;
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
        let offsets = IDS_START + COUNT * 24;
        assert!(index.file.part(offsets as u64, COUNT * 4).is_some() && index.file.mapped().is_none());
    }

    #[test]
    fn an_index_whose_counts_descend_is_unusual() {
        for (byte, count) in [(254, COUNT + 20), (0, COUNT + 1), (255, COUNT - 1)] {
            let mut content = content();
            content[8 + byte * 4..][..4].copy_from_slice(&(count as u32).to_be_bytes());
            assert!(index(&content).is_none(), "{byte}");
        }
        assert!(index(&content()).is_some());
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

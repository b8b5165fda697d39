//! The index of a pack: where each object lies. It is read around the place where a name should be, and mapped once
//! it is asked often.
//!
//! Format: git's Documentation/gitformat-pack ("pack-*.idx files", version 2).

use std::cell::{Cell, OnceCell};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use gix::hash::oid;
use memmap2::Mmap;

use super::index::be32;
use super::mapped::map;

/// Where names start in a pack's index: after signature, version and the 256 counts.
const NAMES: usize = 8 + 256 * 4;
/// How many names are read around the place where one should be.
const AROUND: usize = 96;
/// From so many questions on, mapping the index pays.
const MANY: u32 = 4096;

/// The names of a pack.
pub(super) struct PackIndex {
    file: File,
    /// How many names start with a byte or a lesser one, for each byte.
    counts: Vec<u8>,
    mapped: OnceCell<Option<Mmap>>,
    asked: Cell<u32>,
}

impl PackIndex {
    /// Opens the index at `path`; `None` if there is none of version 2.
    pub fn open(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let mut counts = vec![0; NAMES];
        file.read_exact_at(&mut counts, 0).ok()?;
        if !counts.starts_with(b"\xfftOc\0\0\0\x02") {
            return None;
        }
        counts.drain(..8);
        Some(Self { file, counts, mapped: OnceCell::new(), asked: Cell::new(0) })
    }

    fn count(&self, byte: usize) -> Option<usize> {
        be32(&self.counts, byte * 4).map(|count| count as usize)
    }

    /// Where the object lies in the pack, `Some(None)` if it is not there; `None` if the index cannot be read. `path`
    /// is the index's own.
    pub fn look_up(&self, id: &oid, path: &Path) -> Option<Option<u64>> {
        self.asked.set(self.asked.get().saturating_add(1));
        if self.asked.get() == MANY {
            self.mapped.get_or_init(|| map(path).ok().flatten());
        }
        let id_len = id.as_bytes().len();
        let first = usize::from(*id.as_bytes().first()?);
        let (mut low, mut high) = (if first == 0 { 0 } else { self.count(first - 1)? }, self.count(first)?);
        // Ids are evenly spread, so the second to fifth byte tell nearly where one stands.
        let spread = id.as_bytes().get(1..).and_then(|rest| be32(rest, 0)).unwrap_or_default();
        let mut probe = low + ((high.checked_sub(low)? as u64 * u64::from(spread)) >> 32) as usize;
        let mut buffer = [0; AROUND * 32];
        while low < high {
            let start = probe.saturating_sub(AROUND / 2).max(low);
            let end = (start + AROUND).min(high);
            let names = self.bytes(NAMES + start * id_len, buffer.get_mut(..(end - start) * id_len)?)?;
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
                        std::cmp::Ordering::Equal => return self.place(start + middle, id_len).map(Some),
                    }
                }
                return Some(None);
            }
            probe = low + high.saturating_sub(low) / 2;
        }
        Some(None)
    }

    /// Behind the names: checksums of four bytes, offsets of four, and the larger offsets of eight.
    fn place(&self, number: usize, id_len: usize) -> Option<u64> {
        let total = self.count(255)?;
        let offsets = NAMES + total * (id_len + 4);
        let offset = be32(self.bytes(offsets + number * 4, &mut [0; 4])?, 0)?;
        if offset & 0x8000_0000 == 0 {
            return Some(u64::from(offset));
        }
        let large = offsets + total * 4 + (offset & 0x7fff_ffff) as usize * 8;
        Some(u64::from_be_bytes(*self.bytes(large, &mut [0; 8])?.first_chunk()?))
    }

    fn bytes<'a>(&'a self, at: usize, buffer: &'a mut [u8]) -> Option<&'a [u8]> {
        if let Some(Some(mapped)) = self.mapped.get() {
            return mapped.get(at..at.checked_add(buffer.len())?);
        }
        self.file.read_exact_at(buffer, at as u64).ok()?;
        Some(buffer)
    }
}

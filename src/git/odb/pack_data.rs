//! A pack's data: read in the few bytes that an object takes, and mapped once it is read often.

use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::git::file::{LazyMap, be32, read_full, room};

/// Reads from which on mapping large data pays. A commit of some hundred files stays below.
const MAP_AFTER_READS: u32 = 2560;

pub(super) struct PackData(LazyMap);

impl PackData {
    /// Opens the data beside the index at `index`; `None` if that cannot be read.
    pub fn open(index: &Path) -> Option<Self> {
        let data = LazyMap::open(&index.with_extension("pack"), MAP_AFTER_READS)?;
        let mut head = [0; 8];
        data.file.read_exact_at(&mut head, 0).ok()?;
        let is_one = head.starts_with(b"PACK") && matches!(be32(&head, 4), Some(2 | 3));
        is_one.then_some(Self(data))
    }

    /// The bytes from `at` on: `size` of them, fewer at the end, and all where the data is mapped by now. Without a map
    /// they are read into `buffer`. `None` if there are none.
    pub fn part<'a>(&'a self, at: u64, size: usize, buffer: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        self.0.count();
        if self.0.mapped().is_some() {
            return self.mapped(at).filter(|rest| !rest.is_empty());
        }
        let length = read_full(&self.0.file, room(buffer, size)?, at)?;
        buffer.get(..length)
    }

    /// The bytes from `at` on, where the data is mapped by now.
    pub fn mapped(&self, at: u64) -> Option<&[u8]> {
        self.0.mapped()?.get(usize::try_from(at).ok()?..)
    }
}

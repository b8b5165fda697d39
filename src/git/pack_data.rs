//! The data of a pack: read in the few bytes that an object takes, and mapped once it is read often.

use std::cell::{Cell, OnceCell};
use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use memmap2::Mmap;

use super::index::be32;
use super::mapped::map;

/// From so many reads on, mapping the data pays: each page that is touched brings its neighbours along, and counts as
/// memory. A commit of some hundred files stays below.
const MANY: u32 = 2560;

pub(super) struct PackData {
    path: PathBuf,
    file: File,
    mapped: OnceCell<Option<Mmap>>,
    reads: Cell<u32>,
}

impl PackData {
    /// Opens the data beside the index at `index`; `None` if that cannot be read.
    pub fn open(index: &Path) -> Option<Self> {
        let path = index.with_extension("pack");
        let file = File::open(&path).ok()?;
        let mut head = [0; 8];
        file.read_exact_at(&mut head, 0).ok()?;
        let is_one = head.starts_with(b"PACK") && matches!(be32(&head, 4), Some(2 | 3));
        is_one.then(|| Self { path, file, mapped: OnceCell::new(), reads: Cell::new(0) })
    }

    pub fn file(&self) -> &File {
        &self.file
    }

    /// What stands from `at` on: `size` bytes, fewer at the end, and all where the data is mapped by now. What is not
    /// mapped is read into `buffer`. `None` if there is nothing.
    pub fn part<'a>(&'a self, at: u64, size: usize, buffer: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        self.reads.set(self.reads.get().saturating_add(1));
        if self.reads.get() > MANY
            && let Some(map) = self.mapped.get_or_init(|| map(&self.path).ok().flatten())
        {
            return map.get(usize::try_from(at).ok()?..).filter(|rest| !rest.is_empty());
        }
        // it only grows: what stands in it need not be zeroed again
        if buffer.len() < size {
            buffer.resize(size, 0);
        }
        let length = read_full(&self.file, buffer.get_mut(..size)?, at)?;
        buffer.get(..length)
    }

    /// What stands from `at` on, where the data is mapped by now.
    pub fn mapped(&self, at: u64) -> Option<&[u8]> {
        self.mapped.get()?.as_ref()?.get(usize::try_from(at).ok()?..)
    }
}

/// Reads as much as there is; `None` if that is nothing.
pub(super) fn read_full(file: &File, buffer: &mut [u8], at: u64) -> Option<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, at + length as u64) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    (length > 0).then_some(length)
}

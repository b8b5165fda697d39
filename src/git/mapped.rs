//! Files mapped into memory, or read in parts: a hook reads a few pages of files that have many megabytes.

use std::cell::{Cell, OnceCell};
use std::fs::File;
use std::io::{ErrorKind, Result};
use std::os::unix::fs::FileExt;
use std::path::Path;

use memmap2::{Mmap, MmapOptions};

/// A file, and all that it holds.
pub(super) struct Mapped {
    pub file: File,
    map: Mmap,
}

impl Mapped {
    /// Maps the file at `path`; `None` if there is none.
    pub fn open(path: &Path) -> Result<Option<Self>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let map = map_file(&file)?;
        Ok(Some(Self { file, map }))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.map
    }
}

fn map_file(file: &File) -> Result<Mmap> {
    map(file, &MmapOptions::new())
}

fn map(file: &File, part: &MmapOptions) -> Result<Mmap> {
    // SAFETY: only files that git never writes into are mapped: it renames finished ones over them, so what is mapped
    // does not change. Whoever truncates them by other means can stop this process, as they could stop git.
    #[allow(unsafe_code)]
    unsafe {
        part.map(file)
    }
}

/// So many bytes of a buffer that is used again: it only grows, as what stands in it need not be zeroed again.
pub(super) fn room(buffer: &mut Vec<u8>, size: usize) -> Option<&mut [u8]> {
    if buffer.len() < size {
        buffer.resize(size, 0);
    }
    buffer.get_mut(..size)
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

/// A file of at most so many bytes is mapped after few reads; files of tests have few.
const SMALL: u64 = if cfg!(test) { 4 << 10 } else { 16 << 20 };
/// So few.
const FEW: u32 = 32;

/// A file that is read in a few bytes at a time, and mapped once it is read often: each page that is touched then brings
/// its neighbours along, which counts as memory.
pub(super) struct OftenRead {
    pub file: File,
    /// From so many reads on, mapping pays whatever the size.
    many: u32,
    reads: Cell<u32>,
    mapped: OnceCell<Option<Mmap>>,
    /// Where a part starts, and what it holds.
    part: OnceCell<Option<(u64, Mmap)>>,
}

impl OftenRead {
    /// The file at `path`, to be mapped after `many` reads at the latest; `None` if it cannot be opened.
    pub fn open(path: &Path, many: u32) -> Option<Self> {
        let file = File::open(path).ok()?;
        Some(Self { file, many, reads: Cell::new(0), mapped: OnceCell::new(), part: OnceCell::new() })
    }

    /// Counts a read, and maps the file if that is one of many.
    pub fn count(&self) {
        let reads = self.reads.get().saturating_add(1);
        self.reads.set(reads);
        let is_small = || self.file.metadata().is_ok_and(|metadata| metadata.len() <= SMALL);
        if reads == self.many || (reads == FEW && is_small()) {
            self.mapped.get_or_init(|| map_file(&self.file).ok());
        }
    }

    /// All of the file, if it is mapped by now.
    pub fn mapped(&self) -> Option<&[u8]> {
        self.mapped.get()?.as_deref()
    }

    /// The part of the file from `at` on, mapped if the file is read often and too large to be mapped whole, and the part is
    /// not. There is one such part of a file, the first that is asked for.
    pub fn part(&self, at: u64, size: usize) -> Option<&[u8]> {
        if self.reads.get() < FEW || size as u64 > SMALL || self.mapped().is_some() {
            return None;
        }
        let map_part = || {
            // what is mapped beyond the end of the file must not be touched
            let is_there = self.file.metadata().ok()?.len() >= at + size as u64;
            is_there.then(|| Some((at, map(&self.file, MmapOptions::new().offset(at).len(size)).ok()?))).flatten()
        };
        let (start, part) = self.part.get_or_init(map_part).as_ref()?;
        (*start == at && part.len() == size).then_some(part)
    }
}

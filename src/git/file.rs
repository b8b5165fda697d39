//! Files that are mapped into memory, or read in parts: a hook touches a few pages of files of many megabytes.

use std::cell::{Cell, OnceCell};
use std::fs::File;
use std::io::{ErrorKind, Result};
use std::ops::Deref;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::rc::Rc;

use memmap2::{Mmap, MmapOptions, UncheckedAdvice};

/// A file that is mapped whole.
pub(in crate::git) struct MappedFile {
    pub file: File,
    map: Mmap,
}

impl MappedFile {
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

/// A mapped file that several hold, and whose pages can be given back.
#[derive(Clone)]
pub(in crate::git) struct SharedMap(Rc<Mmap>);

impl SharedMap {
    /// Maps the file at `path`.
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self(Rc::new(map_file(&File::open(path)?)?)))
    }

    /// Gives the pages that were touched back to the system, which keeps them in its cache: the next touch of one costs
    /// a minor fault.
    pub fn release_pages(&self) {
        // SAFETY: the map is shared with the file and never written to, so that a released page is read again as it was.
        #[allow(unsafe_code)]
        let released = unsafe { self.0.unchecked_advise(UncheckedAdvice::DontNeed) };
        // Where the system takes no advice, the pages stay.
        drop(released);
    }
}

impl Deref for SharedMap {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

fn map_file(file: &File) -> Result<Mmap> {
    map(file, &MmapOptions::new())
}

fn map(file: &File, part: &MmapOptions) -> Result<Mmap> {
    // SAFETY: only files that git never writes into are mapped: it renames finished ones over them, so that a map does
    // not change. A user who truncates one by other means can stop this process, and git as well.
    #[allow(unsafe_code)]
    unsafe {
        part.map(file)
    }
}

/// The first `size` bytes of a buffer that is used again: it only grows, so that its old bytes need no zeroing.
pub(in crate::git) fn room(buffer: &mut Vec<u8>, size: usize) -> Option<&mut [u8]> {
    if buffer.len() < size {
        buffer.resize(size, 0);
    }
    buffer.get_mut(..size)
}

/// Fills the buffer from the file's byte `at` on, as far as the file goes; `None` if there is nothing.
pub(in crate::git) fn read_full(file: &File, buffer: &mut [u8], at: u64) -> Option<usize> {
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

/// The largest file that is mapped after [`FEW_READS`]; lower in tests, whose files are small.
const SMALL_FILE_BYTES: u64 = if cfg!(test) { 4 << 10 } else { 16 << 20 };
/// Reads from which on mapping a small file pays.
const FEW_READS: u32 = 32;

/// A file that is read a few bytes at a time, and mapped once it is read often: not at first, as each page that is
/// touched brings its neighbours along, which counts as memory.
pub(in crate::git) struct LazyMap {
    pub file: File,
    /// Reads from which on mapping pays whatever the size.
    many_reads: u32,
    reads: Cell<u32>,
    mapped: OnceCell<Option<Mmap>>,
    /// A part's start, and its bytes.
    part: OnceCell<Option<(u64, Mmap)>>,
}

impl LazyMap {
    /// The file at `path`, to be mapped after `many_reads` at the latest; `None` if it cannot be opened.
    pub fn open(path: &Path, many_reads: u32) -> Option<Self> {
        let file = File::open(path).ok()?;
        Some(Self { file, many_reads, reads: Cell::new(0), mapped: OnceCell::new(), part: OnceCell::new() })
    }

    /// Counts a read, and maps the file once there were many.
    pub fn count(&self) {
        let reads = self.reads.get().saturating_add(1);
        self.reads.set(reads);
        let is_small = || self.file.metadata().is_ok_and(|metadata| metadata.len() <= SMALL_FILE_BYTES);
        if reads == self.many_reads || (reads == FEW_READS && is_small()) {
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
        if self.reads.get() < FEW_READS || size as u64 > SMALL_FILE_BYTES || self.mapped().is_some() {
            return None;
        }
        let map_part = || {
            // A map beyond the end of the file must not be touched.
            let is_there = self.file.metadata().ok()?.len() >= at + size as u64;
            is_there.then(|| Some((at, map(&self.file, MmapOptions::new().offset(at).len(size)).ok()?))).flatten()
        };
        let (start, part) = self.part.get_or_init(map_part).as_ref()?;
        (*start == at && part.len() == size).then_some(part)
    }
}

/// The 32-bit number at `at`, most significant byte first.
pub(in crate::git) fn be32(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*data.get(at..)?.first_chunk::<4>()?))
}

//! A buffered reader of an index's entries: mapping each page of some megabytes costs more than reading it.

use std::fs::File;

use super::file::Index;
use crate::git::file::read_full;

/// The buffer, and with it the most that is read at once.
const BUFFER_BYTES: usize = 104 << 10;
/// The length of the longest entry, but for paths that no file system takes.
const ENTRY_BYTES: usize = 6 << 10;

/// Some of the bytes of an index.
pub(super) struct Buffered<'a> {
    file: &'a File,
    /// The end of entries and extensions.
    end: usize,
    bytes: Vec<u8>,
    /// The number of bytes that are read, and the offset of the first one.
    read: usize,
    start: usize,
}

impl<'a> Buffered<'a> {
    /// A reader of the entries; `None` where there is no index.
    pub fn of(index: &'a Index) -> Option<Self> {
        let (end, bytes) = (index.body().len(), vec![0; BUFFER_BYTES]);
        Some(Self { file: index.file()?, end, bytes, read: 0, start: index.entries_start() })
    }

    /// Makes sure that the entry at `from` is in the buffer, and drops what is before it; `None` if the file cannot be
    /// read.
    #[inline]
    pub fn hold(&mut self, from: usize) -> Option<()> {
        let read_to = self.start + self.read;
        if from + ENTRY_BYTES <= read_to || read_to >= self.end { Some(()) } else { self.read_on(from) }
    }

    #[cold]
    fn read_on(&mut self, from: usize) -> Option<()> {
        let dropped = from.checked_sub(self.start)?.min(self.read);
        self.bytes.copy_within(dropped..self.read, 0);
        (self.start, self.read) = (from, self.read - dropped);
        let rest = self.end.checked_sub(from + self.read)?;
        let room = self.bytes.get_mut(self.read..)?;
        let size = rest.min(room.len());
        let at = (self.start + self.read) as u64;
        let read = read_full(self.file, room.get_mut(..size)?, at)?;
        self.read += read;
        (read == size).then_some(())
    }

    /// The bytes from the offset `from` on, as far as they are in the buffer.
    #[inline]
    pub fn from(&self, from: usize) -> Option<&[u8]> {
        self.bytes.get(from.checked_sub(self.start)?..self.read)
    }
}

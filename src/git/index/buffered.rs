//! The entries of an index as they are walked over: read a stretch at a time, as mapping each page of some megabytes costs
//! more than reading it.

use std::fs::File;

use super::file::{EntryHead, Heads, Index};
use crate::git::file::read_full;
use crate::git::inflate::Unusual;

/// What stands in memory, in bytes.
const HELD: usize = 104 << 10;

/// Some of the entries of an index.
pub(in crate::git) struct BufferedEntries<'a> {
    file: &'a File,
    id_len: usize,
    /// What is there from an entry on, in bytes.
    at_hand: usize,
    /// Where entries and extensions end.
    end: usize,
    bytes: Vec<u8>,
    /// How many of the bytes are read, and where in the file they start.
    read: usize,
    start: usize,
}

impl<'a> BufferedEntries<'a> {
    /// From each entry on, `at_hand` bytes are to be there; up to so many are moved with each read. `None` where there is
    /// no index.
    pub fn of(index: &'a Index, at_hand: usize) -> Option<Self> {
        let id_len = index.hash.len_in_bytes();
        let (end, bytes) = (index.body().len(), vec![0; HELD]);
        Some(Self { file: index.file()?, id_len, at_hand, end, bytes, read: 0, start: index.entries_start() })
    }

    /// Makes sure that what follows `from` is at hand. What is before is dropped.
    #[inline]
    pub fn hold(&mut self, from: usize) -> Result<(), Unusual> {
        let read_to = self.start + self.read;
        if from + self.at_hand <= read_to || read_to >= self.end { Ok(()) } else { self.read_on(from) }
    }

    #[cold]
    fn read_on(&mut self, from: usize) -> Result<(), Unusual> {
        let dropped = from.checked_sub(self.start).ok_or(Unusual)?.min(self.read);
        self.bytes.copy_within(dropped..self.read, 0);
        (self.start, self.read) = (from, self.read - dropped);
        let rest = self.end.checked_sub(from + self.read).ok_or(Unusual)?;
        let room = self.bytes.get_mut(self.read..).ok_or(Unusual)?;
        let size = rest.min(room.len());
        let at = (self.start + self.read) as u64;
        let read = read_full(self.file, room.get_mut(..size).ok_or(Unusual)?, at).ok_or(Unusual)?;
        self.read += read;
        if read == size { Ok(()) } else { Err(Unusual) }
    }

    /// What stands from the byte `from` of the file on, as far as it is at hand.
    #[inline]
    pub fn from(&self, from: usize) -> Option<&[u8]> {
        self.bytes.get(from.checked_sub(self.start)?..self.read)
    }

    /// The entry that starts at the byte `at` of the file, if it is at hand, of version 2 or 3, of the usual sort and for a
    /// commit.
    #[inline]
    pub fn at(&self, at: usize) -> Option<EntryHead<'_>> {
        let heads = Heads { body: self.bytes.get(..self.read)?, id_len: self.id_len };
        let head = heads.at(at.checked_sub(self.start)?)?;
        Some(EntryHead { next: head.next + self.start, ..head })
    }
}

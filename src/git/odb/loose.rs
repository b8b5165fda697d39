//! Loose objects: each a zlib stream in a file of its own. Files are read, not mapped: most are smaller than a page.
//!
//! Format: git's Documentation/gitformat-loose.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use gix::hash::oid;
use gix::objs::Kind;

use super::pack::{Found, Scratch};
use crate::git::file::room;

/// The longest head of a loose object: kind, space, size in decimal, NUL.
const MAX_HEAD_BYTES: usize = 32;
/// The first read of a loose object: all of nearly every one.
const FIRST_READ_BYTES: usize = 16 << 10;

/// A loose object whose head is read.
pub(super) struct Loose {
    file: File,
    pub kind: Kind,
    /// In bytes, as the head has it.
    pub size: u64,
    /// The length of the head.
    skip: usize,
    /// Bytes read into `Scratch::compressed`, those of them that are used up, and whether that was all.
    read: usize,
    consumed: usize,
    done: bool,
}

impl Loose {
    /// Reads the first part of a loose object, and inflates its head into `out`.
    pub fn open(folder: &Path, id: &oid, scratch: &mut Scratch, out: &mut Vec<u8>) -> Option<Self> {
        let mut file = File::open(path(folder, id)).ok()?;
        let part = room(&mut scratch.compressed, FIRST_READ_BYTES)?;
        let read = file.read(part).ok()?;
        scratch.decoder.reset();
        out.clear();
        out.resize(MAX_HEAD_BYTES, 0);
        let head = scratch.decoder.decompress(part.get(..read)?, out, false).ok()?;
        let (kind, size, skip) = gix::objs::decode::loose_header(head.output).ok()?;
        Some(Self { file, kind, size, skip, read, consumed: head.consumed, done: head.done })
    }

    /// Inflates the rest into `out`, where [`Loose::open`] has put the head; `None` if it is broken or over `limit`
    /// bytes.
    pub fn read(self, limit: usize, scratch: &mut Scratch, out: &mut Vec<u8>) -> Option<Found> {
        let Self { kind, skip, mut read, consumed, mut done, .. } = self;
        let size = usize::try_from(self.size).ok().filter(|&size| size <= limit)?;
        if !done {
            if read == FIRST_READ_BYTES {
                scratch.compressed.truncate(read);
                read += self.file.take(limit as u64).read_to_end(&mut scratch.compressed).ok()?;
            }
            // The decoder needs the head before what follows it.
            out.resize((skip + size).max(MAX_HEAD_BYTES), 0);
            done = scratch.decoder.decompress(scratch.compressed.get(consumed..read)?, out, true).ok()?.done;
        }
        let complete = done && scratch.decoder.total_out() == (skip + size) as u64;
        out.truncate(skip + size);
        out.drain(..skip.min(out.len()));
        complete.then_some(Found { kind, too_large: None })
    }
}

/// The file that an object is in, if it is loose in `folder`.
pub(super) fn path(folder: &Path, id: &oid) -> PathBuf {
    let hex = id.to_hex().to_string();
    let (first, rest) = hex.split_at(2.min(hex.len()));
    [folder, first.as_ref(), rest.as_ref()].iter().collect()
}

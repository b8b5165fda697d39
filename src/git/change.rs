//! Plain types that every part of git's side shares: what stands at a path, what a file holds, what differs.

use gix::hash::ObjectId;

use super::per_side::PerSide;

/// The largest blob that is read, in bytes: 8 MiB. Larger files are skipped, and listed as such.
pub(crate) const MAX_BLOB_BYTES: u64 = 8 << 20;

/// A regular file's object at one side of a change. Symbolic links and submodules carry no imports and do not appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Blob(pub(in crate::git) ObjectId);

impl std::fmt::Display for Blob {
    /// The object's id in hex.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A commit's id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct CommitId(pub(in crate::git) ObjectId);

impl std::fmt::Display for CommitId {
    /// The id in hex.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A file's content, or why it was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// All that it holds.
    Bytes(Vec<u8>),
    /// Its size in bytes, which is over the limit; nothing else was read.
    TooLarge(u64),
    /// Nothing: a partial clone has not fetched it.
    NotFetched,
}

impl Content {
    /// All that the file holds, where it was read.
    #[must_use]
    pub fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::TooLarge(_) | Self::NotFetched => None,
        }
    }
}

/// A path whose regular file differs between the sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    /// The path, as git has it: bytes, not surely UTF-8.
    pub path: Vec<u8>,
    /// The file at each old side, in the order of [`Changes::old_sides`](super::Changes::old_sides); `None` where that
    /// side has no such file.
    pub old: PerSide<Option<Blob>>,
    /// The file now; `None` where it is gone.
    pub new: Option<Blob>,
}

impl ChangedFile {
    /// The file now, where it differs from that at every old side.
    #[must_use]
    pub fn new_to_all(&self) -> Option<Blob> {
        self.new.filter(|new| !self.old.values().any(|old| *old == Some(*new)))
    }
}

/// The kind of a tree's or the index's entry, as far as imports go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) enum EntryKind {
    /// A regular file, executable or not.
    File,
    /// A folder.
    Folder,
    /// A symbolic link or a submodule: they carry no imports.
    Other,
}

impl EntryKind {
    /// Reads a mode as trees and the index have it.
    pub fn of(mode: u32) -> Self {
        match mode & 0o170_000 {
            0o100_000 => Self::File,
            0o040_000 => Self::Folder,
            _ => Self::Other,
        }
    }
}

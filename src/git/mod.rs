//! Git: the only place that knows gix. It yields changed files, and reads what they hold.
//!
//! Attributes, textconv, diff drivers and replace refs are never honoured: they would be a way to hide. Nothing is
//! ever written. No hook runs a git process.
//!
//! [`Repository`] opens; [`Repository::staged`], [`Repository::changes_at`] and their kin yield [`Changes`]; a [`Side`] of
//! them is looked into; [`added_lines`] tells which lines of a file are new.

mod ahead;
mod bases;
mod cache_tree;
mod codes;
mod commit;
mod crowd;
mod delta;
mod entries;
mod error;
mod fast;
mod index;
mod inflate;
mod lines;
mod listing;
mod mapped;
mod nearest;
mod news;
mod objects;
mod pack;
mod pack_data;
mod pack_index;
mod paint;
mod places;
mod plain;
mod references;
mod repository;
mod revision;
mod rows;
mod settings;
mod shallow;
mod side;
mod spelled;
mod staged;
mod stores;
mod stream;
mod stretch;
mod tail;
#[cfg(test)]
mod testing;
mod walk;
mod watch;

pub use error::Error;
pub use lines::{AddedLines, added_lines};
pub use news::{CommitId, CommitInfo, News, There};
pub use references::DefaultBranch;
pub use repository::Repository;
pub use side::Side;

/// The largest blob that anybody reads, in bytes: 8 MiB. Larger files are skipped, and listed as such.
pub(crate) const MAX_BLOB: u64 = 8 << 20;

/// What a file is at one side of a change: a regular file's object. Symbolic links and submodules carry no imports
/// and do not appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Blob(gix::ObjectId);

impl std::fmt::Display for Blob {
    /// The object's id in hex.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a look at a file gave.
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
    /// The file at each old side, in the order of [`Changes::old_sides`]; `None` where that side has no such file.
    pub old: Vec<Option<Blob>>,
    /// The file now; `None` where it is gone.
    pub new: Option<Blob>,
}

/// What changes, and the sides that it changes between.
#[derive(Clone)]
pub struct Changes<'r> {
    /// The files that differ from at least one old side, sorted by path. Without old sides: all files of the new one.
    pub files: Vec<ChangedFile>,
    /// What is judged.
    pub new_side: Side<'r>,
    /// What is there already: none for a first commit, several for a merge.
    pub old_sides: Vec<Side<'r>>,
}

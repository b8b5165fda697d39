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
mod change;
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

pub(crate) use change::MAX_BLOB_BYTES;
pub use change::{Blob, ChangedFile, CommitId, Content};
pub use error::Error;
pub use lines::{AddedLines, added_lines};
pub use news::{CommitInfo, News, There};
pub use references::DefaultBranch;
pub use repository::Repository;
pub use side::Side;

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

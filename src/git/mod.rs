//! Git: the only place that knows gix. It yields changed files, and reads what they hold.
//!
//! Attributes, textconv, diff drivers and replace refs are never honoured: they would be a way to hide. Nothing is
//! written but what [`Repository::bring`] fetches. No hook runs a git process; `program.rs` does, for runs by hand.
//!
//! [`Repository`] opens; [`Repository::staged`], [`Repository::changes_at`] and their kin yield [`Changes`]; a [`Snapshot`] of
//! them is looked into; [`added_lines`] tells which lines of a file are new.

mod all_staged;
mod beneath;
mod change;
mod config;
mod diff;
mod error;
mod file;
mod history;
mod index;
mod near_revisions;
mod odb;
mod per_side;
mod program;
mod promisor;
mod refs;
mod repository;
mod revision;
mod revision_parser;
mod snapshot;
mod twin;

/// The readers of binary formats, for the fuzz targets alone: see fuzz/run.
#[cfg(fuzzing)]
pub mod fuzzing {
    pub use super::index::fuzzing as index;
    pub use super::odb::fuzzing as odb;
}

pub use beneath::Beneath;
pub(crate) use change::MAX_BLOB_BYTES;
pub use change::{Blob, ChangedFile, CommitId, Content};
pub use config::{PathSetting, system_config_value};
pub use diff::{AddedLines, added_lines};
pub use error::Error;
pub(crate) use error::FETCH_ALL;
pub use history::{CommitInfo, Descent, Existing, Gone, NewCommits, Rewrite};
pub use odb::sha256;
pub use per_side::PerSide;
pub use refs::{DefaultBranch, Trust};
pub use repository::Repository;
pub use snapshot::{Changes, Snapshot, SnapshotId};
pub use twin::Twin;

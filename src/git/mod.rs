//! Git: the only place that knows gix. It yields changed files, and reads what they hold.
//!
//! Attributes, textconv, diff drivers and replace refs are never honoured: they would be a way to hide. Nothing is
//! ever written. No hook runs a git process.
//!
//! [`Repository`] opens; [`Repository::staged`], [`Repository::changes_at`] and their kin yield [`Changes`]; a [`Snapshot`] of
//! them is looked into; [`added_lines`] tells which lines of a file are new.

mod change;
mod codes;
mod crowd;
mod diff;
mod error;
mod file;
mod index;
mod inflate;
mod nearest;
mod news;
mod odb;
mod paint;
mod places;
mod plain;
mod references;
mod repository;
mod revision;
mod settings;
mod shallow;
mod snapshot;
mod spelled;
mod stream;
#[cfg(test)]
mod testing;
mod watch;

pub(crate) use change::MAX_BLOB_BYTES;
pub use change::{Blob, ChangedFile, CommitId, Content};
pub use diff::{AddedLines, added_lines};
pub use error::Error;
pub use news::{CommitInfo, News, There};
pub use references::DefaultBranch;
pub use repository::Repository;
pub use snapshot::{Changes, Snapshot};

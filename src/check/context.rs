//! The context of a run: the change that is judged, the policy, and the files that were opened.

use std::rc::Rc;
use std::sync::Arc;

use super::absent::Absent;
use super::limits::Limits;
use super::occurrence::{Key, Scan};
use super::once::{Once, Part};
use super::scan;
use super::source_file::{Opened, SourceFile, SourceFiles};
use crate::finding::Tally;
use crate::git::{Blob, ChangedFile, Changes, Error, MAX_BLOB_BYTES, Repository, Snapshot};
use crate::lang::MAX_IMPORTS;
use crate::policy::{EffectivePolicy, Severity};
use crate::tree::TreeError;

/// Everything that judging a change needs.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The repository that holds the change.
    pub repository: &'a Repository,
    /// The sides of the change and its files.
    pub changes: &'a Changes<'a>,
    /// The policy of the day.
    pub effective: &'a EffectivePolicy<'a>,
    /// Where packages start, for a path.
    pub roots: &'a dyn Fn(&[u8]) -> Vec<usize>,
    /// The files that the run has opened.
    pub files: &'a SourceFiles<'a>,
    /// What commits had added that the change replaces, and that is not new for that: of this comparison, and of that with
    /// the nearest of its old sides.
    pub added: [&'a [Added]; 2],
    /// The counts that a report shows.
    pub tally: Tally,
    /// What was counted for another policy; `None` if one judges alone.
    pub once: Option<&'a Once>,
    /// How much may be held.
    pub limits: Limits,
    /// Whether what is found in the file at a path is told; all of the change is judged.
    pub keeps: &'a dyn Fn(&[u8]) -> bool,
    /// What to do without content that a partial clone has not fetched.
    pub absent: Absent,
    /// Maximum number of threads; 0 for as many as there are cores.
    pub threads: usize,
}

/// An occurrence that was new in a change.
#[derive(Clone, Debug)]
pub struct Added {
    /// The path of its file.
    pub path: Arc<[u8]>,
    /// What it is counted by.
    pub key: Key,
    /// Its severity at most.
    pub severity: Severity,
}

/// A file, and what is forbidden in it.
pub(super) type Scanned = (Rc<SourceFile>, Rc<Scan>);

/// A file of a snapshot, opened and scanned.
pub(super) enum Look {
    /// The file, and what is forbidden in it.
    Scanned(Rc<SourceFile>, Rc<Scan>),
    /// Why it is not judged: it is over a limit. The file, where it could be read all the same.
    TooLarge(String, Option<Rc<SourceFile>>),
    /// A partial clone has not fetched it.
    NotFetched,
}

impl Context<'_> {
    /// Returns whether a part of the file at `path` is to be counted.
    #[must_use]
    pub fn counts(&self, part: Part, path: &[u8]) -> bool {
        self.once.is_none_or(|once| once.is_first(part, path))
    }

    /// The file that `blob` is at `path`; `None` where there is none, it is too large, or it was not fetched.
    pub(super) fn file(&self, path: &[u8], blob: Option<Blob>) -> Result<Option<Rc<SourceFile>>, TreeError> {
        let Some(blob) = blob else { return Ok(None) };
        Ok(self.files.open(path, blob)?.file())
    }

    /// Makes do without content that a partial clone has not fetched; a fault where that must not be.
    pub(super) fn do_without(&self, path: &[u8]) -> Result<(), TreeError> {
        if self.absent == Absent::Warn { Ok(()) } else { Err(not_fetched(path)) }
    }

    /// Opens and scans the file that `blob` is at `path` of a snapshot. With `keeps`, its imports will be asked for again.
    pub(super) fn look(
        &self,
        path: &[u8],
        blob: Blob,
        snapshot: &Snapshot<'_>,
        keeps: bool,
    ) -> Result<Look, TreeError> {
        match self.files.open(path, blob)? {
            Opened::File(file) => self.look_at(file, snapshot, keeps),
            Opened::TooLarge(size) => Ok(Look::TooLarge(oversize(size), None)),
            Opened::NotFetched => Ok(Look::NotFetched),
        }
    }

    /// The new side of a file in which something is forbidden, with its whole scan, of which others may have no more than the
    /// occurrences.
    pub(super) fn look_again(&self, file: &ChangedFile) -> Result<Option<Scanned>, TreeError> {
        let Some(blob) = file.new else { return Ok(None) };
        Ok(match self.look(&file.path, blob, &self.changes.new_side, true)? {
            Look::Scanned(source, scan) => Some((source, scan)),
            Look::TooLarge(..) | Look::NotFetched => None,
        })
    }

    /// Scans an opened file of a snapshot.
    pub(super) fn look_at(
        &self,
        file: Rc<SourceFile>,
        snapshot: &Snapshot<'_>,
        keeps: bool,
    ) -> Result<Look, TreeError> {
        // The sides of a merge may have the same file in different surroundings.
        let keeps = keeps || self.files.holds_all() || self.changes.old_sides.len() > 1;
        let scan = scan::scan(&file, self.effective, snapshot, self.roots, keeps)?;
        if self.files.holds_all() {
            self.files.hold([&file]);
        }
        if scan.imports > Some(MAX_IMPORTS) {
            return Ok(Look::TooLarge(too_many_imports(), Some(file)));
        }
        Ok(Look::Scanned(file, scan))
    }
}

/// The fault of a file whose content must be there and is not.
pub(super) fn not_fetched(path: &[u8]) -> TreeError {
    Error::NotFetched { path: String::from_utf8_lossy(path).into_owned(), why: String::new() }.into()
}

/// Why a file of very many imports is not judged.
pub(super) fn too_many_imports() -> String {
    format!("over the limit of {MAX_IMPORTS} imports in a file: not judged")
}

/// A size in tenths of MiB, rounded up: what is over the limit must not look as if it were not.
fn oversize(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(1 << 20);
    format!("{}.{} MiB, over the limit of {} MiB: not parsed", tenths / 10, tenths % 10, MAX_BLOB_BYTES >> 20)
}

//! Content that a partial clone has not fetched.

use std::collections::BTreeSet;

use super::context::Context;
use super::scan;
use crate::git::{Blob, ChangedFile, CommitId, Error, NewCommits};
use crate::tree::TreeError;

/// What to do without old content, which may hold what looks new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// What it may hold is at most a warning: a hook never waits for a network, and never blocks old code.
    Warn,
    /// It is fetched; a run that cannot could not judge.
    Fetch,
    /// Nothing can be said.
    Fault,
}

/// Fetches all content of the judged files that is not here, at once, where that is wanted. `new_commits` and their tip
/// are those that are judged, if any: what they merged is looked into too.
///
/// # Errors
/// When something is missing and cannot be fetched, or the repository cannot be read.
pub fn bring(context: &Context<'_>, new_commits: Option<(&NewCommits, CommitId)>) -> Result<(), TreeError> {
    let repository = context.repository;
    if context.absent != Absent::Fetch || !repository.is_partial() {
        return Ok(());
    }
    let since_merges = match new_commits {
        Some((new_commits, tip)) => repository.changes_since_merges(new_commits, tip)?,
        None => None,
    };
    let mut missing: BTreeSet<Blob> = BTreeSet::new();
    let mut first = None;
    for file in context.changes.files.iter().chain(since_merges.iter().flat_map(|changes| changes.files.iter())) {
        for blob in judged(context, file) {
            if repository.lacks(blob)? {
                missing.insert(blob);
                first = first.or(Some(&file.path));
            }
        }
    }
    let Some(first) = first else { return Ok(()) };
    let missing: Vec<Blob> = missing.into_iter().collect();
    let brought = repository.bring(&missing);
    brought.map_err(|why| Error::NotFetched { path: String::from_utf8_lossy(first).into_owned(), why }.into())
}

/// The contents of a changed file at all sides, if a rule or a resolver reads them, or if it may be a moved module.
fn judged<'f>(context: &Context<'_>, file: &'f ChangedFile) -> impl Iterator<Item = Blob> + 'f {
    let may_be_moved = (file.new.is_none() || file.old.values().all(Option::is_none))
        && scan::language_at(context.effective, &file.path).is_some();
    let is_read = may_be_moved || scan::needs_content(context.effective, &file.path) || may_be_manifest(&file.path);
    let blobs = file.old.values().chain([&file.new]).flatten().copied();
    blobs.filter(move |_| is_read)
}

/// Whether imports may mean something else because of what a file says (`tsconfig.json`, `go.mod`,
/// `Cargo.toml`).
fn may_be_manifest(path: &[u8]) -> bool {
    [&b".json"[..], b".toml", b".mod", b".work", b".yaml"].iter().any(|ending| path.ends_with(ending))
}

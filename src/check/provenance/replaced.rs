//! Commits that a forced push replaces: what they had added is not new in what comes in their place.
//!
//! As much as their tip would have been told for, had it been pushed anew: counted by key and severity over all its files.
//! What it inherited from commits that stay is not among that, so that what main has cleaned up makes no room.

use std::collections::HashMap;
use std::sync::Arc;

use super::merged_main;
use super::search_key::{SearchKey, search_keys};
use crate::check::context::{Added, Context};
use crate::check::diagnostics;
use crate::check::netting::{new_occurrences, new_of_keys};
use crate::check::occurrence::Key;
use crate::finding::Tally;
use crate::git::{CommitId, Gone, NewCommits};
use crate::tree::TreeError;

/// What the replaced commits had added and still had at their tip.
///
/// # Errors
/// When the repository cannot be read.
pub fn added(
    context: &Context<'_>,
    (new_commits, tip): (&NewCommits, CommitId),
    gone: &Gone<'_>,
) -> Result<Vec<Added>, TreeError> {
    let changes = &gone.changes;
    let context = &Context { changes, added: [&[]; 2], tally: Tally::Nothing, ..*context };
    let mut all = Collected::default();
    for new in new_of_keys(context, None)? {
        if let Some(file) = changes.files.get(new.file) {
            let path = Arc::from(file.path.as_slice());
            all.add(Added { path, key: new.key, severity: new.severity }, new.is_of_file);
        }
    }
    if let Some(nearest) = &gone.nearest {
        let new = new_occurrences(context)?;
        // What is only counted could be told twice.
        if new.unlisted.is_empty() {
            let findings = diagnostics::findings(context, &new)?;
            let more = merged_main::more(context, nearest, (new_commits, tip), &findings)?;
            for (finding, key) in more.iter().zip(search_keys(context, &more)?) {
                if let Some(SearchKey { key: (key, severity), path, .. }) = key {
                    all.add(Added { path, key, severity }, finding.entry.is_some());
                }
            }
        }
    }
    Ok(all.added)
}

#[derive(Default)]
struct Collected {
    added: Vec<Added>,
    /// Places of those that are counted once a file.
    of_files: HashMap<(Arc<[u8]>, Key), usize>,
}

impl Collected {
    fn add(&mut self, added: Added, is_of_file: bool) {
        if is_of_file {
            let place = (Arc::clone(&added.path), added.key);
            let known = *self.of_files.entry(place).or_insert(self.added.len());
            if let Some(known) = self.added.get_mut(known) {
                known.severity = known.severity.max(added.severity);
                return;
            }
        }
        self.added.push(added);
    }
}

//! Which of the new commits brought a finding.
//!
//! Only called when there are findings; `history.rs` is the way back to where they came from.

use std::collections::HashMap;

use super::history::commits_of;
use crate::check::context::Context;
use crate::finding::{Brought, Finding};
use crate::git::{CommitId, NewCommits};
use crate::tree::TreeError;

/// Writes down for each finding of `tip` the new commit that brought it; the tip itself where none is found, as in what
/// a limit has cut off.
///
/// # Errors
/// When the repository cannot be read.
pub fn attribute(
    context: &Context<'_>,
    new_commits: &NewCommits,
    tip: CommitId,
    findings: &mut [Finding],
) -> Result<(), TreeError> {
    if findings.is_empty() || !new_commits.is_new(tip) {
        return Ok(());
    }
    let is_only = new_commits.count() == 1;
    let found = if is_only { vec![None; findings.len()] } else { commits_of(context, new_commits, tip, findings)? };
    let brought = findings.iter_mut().zip(found.into_iter().map(|commit| commit.unwrap_or(tip)));
    write_down(context, brought)
}

/// Those of the findings of `tip` that one of the new commits which lead to it brought by itself, with that one.
///
/// # Errors
/// When the repository cannot be read.
pub fn only_brought(
    context: &Context<'_>,
    new_commits: &NewCommits,
    tip: CommitId,
    mut findings: Vec<Finding>,
) -> Result<Vec<Finding>, TreeError> {
    if findings.is_empty() {
        return Ok(findings);
    }
    let found = commits_of(context, new_commits, tip, &findings)?;
    let mut kept = found.iter().map(Option::is_some);
    findings.retain(|_| kept.next() == Some(true));
    write_down(context, findings.iter_mut().zip(found.into_iter().flatten()))?;
    Ok(findings)
}

fn write_down<'f>(
    context: &Context<'_>,
    brought: impl Iterator<Item = (&'f mut Finding, CommitId)>,
) -> Result<(), TreeError> {
    let mut known: HashMap<CommitId, Brought> = HashMap::new();
    for (finding, commit) in brought {
        if let Some(brought) = known.get(&commit) {
            finding.commit = Some(brought.clone());
            continue;
        }
        let brought = Brought { id: commit.to_string(), date: context.repository.commit(commit)?.author_date };
        finding.commit = Some(known.entry(commit).or_insert(brought).clone());
    }
    Ok(())
}

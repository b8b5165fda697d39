//! Imports that main has removed must not offset new ones on a branch that merged main.
//!
//! Beside main, where the branch started is still a parent of its first commits, so that what stood there counts as there
//! already. That is right for what the branch had and keeps, and wrong for what it writes anew.

use std::collections::HashSet;

use super::excused::Excused;
use super::{attribute, reverts};
use crate::check::context::Context;
use crate::check::diagnostics;
use crate::check::netting::new_occurrences;
use crate::finding::Finding;
use crate::git::{Changes, CommitId, NewCommits};
use crate::tree::TreeError;

/// Adds to the findings what is new in `changes`, those against what is nearest of what `tip` is made from
/// ([`Repository::changes_since_merges`](crate::git::Repository::changes_since_merges)), as far as one of the new commits
/// brought it by itself.
///
/// # Errors
/// When the repository cannot be read.
pub fn add(
    context: &Context<'_>,
    (new_commits, tip): (&NewCommits, CommitId),
    changes: &Changes<'_>,
    findings: &mut Vec<Finding>,
) -> Result<(), TreeError> {
    let mut more = more(context, changes, (new_commits, tip), findings)?;
    reverts::soften(&Context { changes, ..*context }, new_commits, &mut more)?;
    findings.append(&mut more);
    diagnostics::sort(findings);
    Ok(())
}

/// What [`add`] would add, before reverts are looked for.
///
/// # Errors
/// When the repository cannot be read.
pub fn more(
    context: &Context<'_>,
    changes: &Changes<'_>,
    (new_commits, tip): (&NewCommits, CommitId),
    findings: &[Finding],
) -> Result<Vec<Finding>, TreeError> {
    let context = &Context { changes, added: [context.added[1]; 2], ..*context };
    let place = |finding: &Finding| (finding.path.clone(), finding.rule.name.clone(), finding.place, finding.kind);
    let known: HashSet<_> = findings.iter().map(place).collect();
    let brought = |mut more: Vec<Finding>| -> Result<Vec<Finding>, TreeError> {
        more.retain(|finding| !known.contains(&place(finding)));
        attribute::only_brought(context, new_commits, tip, more)
    };
    let new = new_occurrences(context)?;
    let all = diagnostics::findings(context, &new)?;
    let mut more = brought(all.clone())?;
    let kept: HashSet<_> = more.iter().map(place).collect();
    let had = Excused::of(context, &all, |finding| {
        let place = place(finding);
        !(known.contains(&place) || kept.contains(&place))
    })?;
    more.append(&mut had.replaced(context, new, brought)?);
    Ok(more)
}

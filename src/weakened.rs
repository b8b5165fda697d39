//! A commit that weakens the policy, and brings what the policy before it blocks: it passes here, and the server rejects it.

use std::collections::HashSet;

use crate::finding::Finding;
use crate::git::{Blob, Changes, Repository, Snapshot};
use crate::locate::{self, FILE, Located};
use crate::policy::{Policy, Severity};
use crate::report::{Fault, Report};
use crate::request::Request;
use crate::tree::TreeError;
use crate::{Change, Terms, by_policy};

/// Says so of what is staged, for its author; `report` is what the new policy makes of it. `None` if the policy is not one of
/// the repository's own, stays, or does not become weaker.
///
/// # Errors
/// When the repository cannot be read.
pub fn notice(
    repository: &Repository,
    changes: &Changes<'_>,
    request: &Request,
    terms: Terms<'_>,
    report: &Report,
) -> Result<Option<String>, Fault> {
    let values = repository.config_values(locate::KEY)?;
    let judges = request.policies.is_empty() && (values.is_empty() || values.iter().any(|value| value == FILE));
    if !judges || !changes.files.iter().any(|file| file.path == FILE.as_bytes()) {
        return Ok(None);
    }
    let Some(old) = weakened(changes)? else { return Ok(None) };
    let old = match &request.rule {
        Some(rule) => match old.only(rule) {
            Ok(only) => only,
            Err(_) => return Ok(None),
        },
        None => old,
    };
    let change = Change { changes, new_commits: None, is_staged: true, replaced: None };
    let by_old = by_policy(repository, change, &old.at(request.today), terms)?;
    let place = |finding: &Finding| (finding.path.clone(), finding.rule.name.clone(), finding.place);
    let blocks = |finding: &&Finding| finding.severity == Severity::Block;
    let known: HashSet<_> = report.findings.iter().filter(blocks).map(place).collect();
    let mut more = by_old.findings.iter().filter(blocks).filter(|finding| !known.contains(&place(finding)));
    let Some(first) = more.next() else { return Ok(None) };
    let place = format!("[{}] {}:{}", first.rule.name, String::from_utf8_lossy(&first.path), first.place.line);
    let rest = match more.count() {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    Ok(Some(format!(
        "this weakens {FILE}, and brings what is blocked by the policy before: {place}{rest}. The server will judge by the \
         policy before this commit: push the policy by itself first."
    )))
}

/// Returns the policy of HEAD, if what is staged weakens it and no parent has the same.
fn weakened(changes: &Changes<'_>) -> Result<Option<Policy>, Fault> {
    let of_side = |side: &Snapshot<'_>| -> Result<(Option<Blob>, bool), TreeError> {
        Ok((side.blob(FILE.as_bytes())?, side.is_link(FILE.as_bytes())?))
    };
    let now = of_side(&changes.new_side)?;
    for side in &changes.old_sides {
        if of_side(side)? == now {
            return Ok(None);
        }
    }
    // Of a policy that is invalid, nobody knows what is weaker.
    let Some(Ok(Located::Policy(old))) = changes.old_sides.first().map(|side| locate::at_side(side, "HEAD")) else {
        return Ok(None);
    };
    let is_weaker = match locate::at_side(&changes.new_side, "the index") {
        Ok(Located::Policy(new)) => !old.loosened_by(&new).is_empty(),
        Ok(Located::Nothing | Located::Foreign(_)) => true,
        Ok(Located::KeyLost(_)) | Err(_) => false,
    };
    Ok(is_weaker.then_some(*old))
}

//! Reverts: what a commit says that it takes back, and did, was there before, and a rollback must not be blocked.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::attribute;
use super::excused::Excused;
use super::search_key::{Ranked, SearchKey, ranks, ranks_of, search_keys};
use crate::check::context::Context;
use crate::check::diagnostics;
use crate::check::netting::NewOccurrences;
use crate::finding::Finding;
use crate::git::{CommitId, Error, Existing, NewCommits, Snapshot};
use crate::policy::Severity;
use crate::tree::TreeError;

/// The words of `git revert` before the commit's id.
const CLAIM: &[u8] = b"This reverts commit ";
/// Its words between that and the parent that a merge is taken back to.
const TO_PARENT: &[u8] = b"reversing changes made to ";
/// Claims of one commit that are looked at.
const MAX_CLAIMS: usize = 64;
/// Commits that a reverted commit's history may have beyond that of the claiming one: dates are not always in order.
const MAX_STRAY_COMMITS: usize = 1000;

/// Places of restored findings among those that were looked at.
pub type Restored = HashSet<usize>;

/// A file, and what it is searched for.
type Place = (Arc<[u8]>, Ranked);

/// A commit that another one says to revert.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Claim {
    commit: String,
    /// The parent that a merge is taken back to.
    parent: Option<String>,
}

/// Makes findings at most a warning whose commit takes back the removal of that import from that file: as many as were
/// removed, and never more than there were. The commit that is taken back must be there already, and part of the
/// history of the one that says so; what a message says counts for nothing by itself. Nothing is made a warning where
/// a limit has cut the search for what is new.
///
/// To be called once commits are known ([`super::attribute::attribute`]).
///
/// # Errors
/// When the repository cannot be read.
pub fn soften(
    context: &Context<'_>,
    new_commits: &NewCommits,
    findings: &mut [Finding],
) -> Result<Restored, TreeError> {
    let mut restored = HashSet::new();
    // What lies beyond a limit may be there already, or come with the same push.
    if new_commits.is_cut() {
        return Ok(restored);
    }
    let judged = |finding: &&Finding| finding.severity >= Severity::Warn;
    let mut claims: HashMap<String, Vec<Reverted<'_>>> = HashMap::new();
    for brought in findings.iter().filter(judged).filter_map(|finding| finding.commit.as_ref()) {
        if !claims.contains_key(&brought.id) {
            claims.insert(brought.id.clone(), reverted(context, new_commits, &brought.id)?);
        }
    }
    claims.retain(|_, reverted| !reverted.is_empty());
    if claims.is_empty() {
        return Ok(restored);
    }
    let wanted = search_keys(context, findings)?;
    // How often a file has a key at the tip, without its findings.
    let mut kept: HashMap<Place, usize> =
        wanted.iter().flatten().map(|wanted| ((Arc::clone(&wanted.path), wanted.key), 0)).collect();
    for SearchKey { key: (key, severity), path, .. } in wanted.iter().flatten() {
        for ranked in ranks(*key, *severity) {
            if let Some(count) = kept.get_mut(&(Arc::clone(path), ranked)) {
                *count += 1;
            }
        }
    }
    for ((path, key), count) in &mut kept {
        *count = count_in(context, &context.changes.new_side, path, *key)?.saturating_sub(*count);
    }
    for (index, (finding, wanted)) in findings.iter_mut().zip(wanted).enumerate() {
        if finding.severity < Severity::Warn {
            continue;
        }
        let (Some(brought), Some(wanted)) = (&finding.commit, wanted) else { continue };
        let place = (wanted.path, wanted.key);
        let Some(kept) = kept.get_mut(&place) else { continue };
        for reverted in claims.get_mut(&brought.id).into_iter().flatten() {
            let (before, left) = match reverted.removed.get(&place) {
                Some(removed) => *removed,
                None => {
                    let before = count_in(context, &reverted.before, &place.0, place.1)?;
                    (before, before.saturating_sub(count_in(context, &reverted.after, &place.0, place.1)?))
                }
            };
            let restores = left > 0 && *kept < before;
            reverted.removed.insert(place.clone(), (before, left - usize::from(restores)));
            if restores {
                *kept += 1;
                let why = format!("restored: it was there before commit {} removed it", reverted.commit);
                finding.soften(Severity::Warn, &why);
                restored.insert(index);
                break;
            }
        }
    }
    Ok(restored)
}

/// Adds what is new in place of restored findings, if it is not restored itself.
///
/// # Errors
/// When the repository cannot be read.
pub fn replace(
    context: &Context<'_>,
    (new_commits, tip): (&NewCommits, CommitId),
    new: NewOccurrences,
    restored: &Restored,
    findings: &mut Vec<Finding>,
) -> Result<(), TreeError> {
    if restored.is_empty() {
        return Ok(());
    }
    let mut index = 0..;
    let excused = Excused::of(context, findings, |_| index.next().is_some_and(|index| restored.contains(&index)))?;
    let mut more = excused.replaced(context, new, |mut next| {
        attribute::attribute(context, new_commits, tip, &mut next)?;
        let restored = soften(context, new_commits, &mut next)?;
        let mut index = 0..;
        next.retain(|_| index.next().is_some_and(|index| !restored.contains(&index)));
        Ok(next)
    })?;
    findings.append(&mut more);
    diagnostics::sort(findings);
    Ok(())
}

/// A commit that is taken back for sure.
struct Reverted<'a> {
    commit: CommitId,
    before: Snapshot<'a>,
    after: Snapshot<'a>,
    /// How often a file had a key before it, and how many of those that it removed are not given back yet.
    removed: HashMap<Place, (usize, usize)>,
}

/// The commits that `commit` takes back, among those that it says so of.
fn reverted<'a>(context: &Context<'a>, new_commits: &NewCommits, commit: &str) -> Result<Vec<Reverted<'a>>, TreeError> {
    let repository = context.repository;
    let Some(by) = repository.peel(commit)? else { return Ok(Vec::new()) };
    let mut claimed = Vec::new();
    for claim in claims(&repository.commit(by)?.message) {
        match repository.peel(&claim.commit) {
            Ok(Some(id)) if id.to_string() == claim.commit && id != by && !new_commits.is_new(id) => {
                claimed.push((id, claim));
            }
            Ok(_) | Err(Error::MissingObject { .. } | Error::NoSuchRevision { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let ids: Vec<CommitId> = claimed.iter().map(|(id, _)| *id).collect();
    let together = are_behind(context, &ids, by)?;
    let mut all = Vec::new();
    for (reverted, claim) in claimed {
        // One that leads far astray must not stand in the way of others.
        if !(together || are_behind(context, &[reverted], by)?) {
            continue;
        }
        let parents = repository.commit(reverted)?.parents;
        let parent = match &claim.parent {
            Some(parent) => parents.iter().find(|id| id.to_string() == *parent),
            None => parents.first(),
        };
        let Some(parent) = parent else { continue };
        let sides = (repository.side_of(&parent.to_string()), repository.side_of(&reverted.to_string()));
        let (before, after) = match sides {
            (Ok(before), Ok(after)) => (before, after),
            // Beyond the end of a shallow history.
            (Err(Error::MissingObject { .. } | Error::NoSuchRevision { .. }), _) => continue,
            (Err(error), _) | (_, Err(error)) => return Err(error.into()),
        };
        all.push(Reverted { commit: reverted, before, after, removed: HashMap::new() });
    }
    Ok(all)
}

/// Whether all of some commits are in the history of `by`. A commit of which that cannot be said is not.
fn are_behind(context: &Context<'_>, commits: &[CommitId], by: CommitId) -> Result<bool, TreeError> {
    match context.repository.new_commits(commits, &Existing::Commits(&[by.to_string()]), MAX_STRAY_COMMITS) {
        Ok(beyond) => Ok(beyond.count() == 0),
        Err(Error::Shallow { .. } | Error::MissingObject { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn count_in(context: &Context<'_>, side: &Snapshot<'_>, path: &[u8], key: Ranked) -> Result<usize, TreeError> {
    let Some(blob) = side.blob(path)? else { return Ok(0) };
    Ok(ranks_of(context, path, blob, side)?.into_iter().filter(|found| *found == key).count())
}

/// The commits that a message says to revert. It is wrapped anywhere.
fn claims(message: &[u8]) -> Vec<Claim> {
    let words = message.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(&b' ');
    let hex = |text: &[u8]| {
        let length = text.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count();
        let hex = text.get(..length).filter(|_| matches!(length, 40 | 64))?;
        String::from_utf8(hex.to_vec()).ok()
    };
    let mut claims = Vec::new();
    for at in memchr::memmem::find_iter(&words, CLAIM) {
        let text = words.get(at + CLAIM.len()..).unwrap_or_default();
        let Some(commit) = hex(text) else { continue };
        let after = text.get(commit.len()..).and_then(|rest| rest.strip_prefix(b", ")).unwrap_or_default();
        let to_parent = after.strip_prefix(TO_PARENT);
        let parent = to_parent.and_then(hex);
        let claim = Claim { commit, parent };
        if !(claims.contains(&claim) || to_parent.is_some() && claim.parent.is_none()) {
            claims.push(claim);
        }
        if claims.len() >= MAX_CLAIMS {
            break;
        }
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_what_git_writes() {
        let (a, b) = ("a".repeat(40), "b".repeat(64));
        let of = |message: &str| {
            claims(message.as_bytes()).into_iter().map(|claim| (claim.commit, claim.parent)).collect::<Vec<_>>()
        };
        assert_eq!(of(&format!("Revert \"x\"\n\nThis reverts commit {a}.\n")), [(a.clone(), None)]);
        let merge = format!("This reverts commit {b}, reversing\nchanges made to {a}.\n\nThis reverts commit {a}.");
        assert_eq!(of(&merge), [(b.clone(), Some(a.clone())), (a.clone(), None)]);
        for none in ["", "This reverts commit abc123.", &format!("this reverts commit {a}"), &format!("reverts {b}")] {
            assert_eq!(of(none), []);
        }
        assert_eq!(of(&format!("This reverts commit {a}0.")), []);
        assert_eq!(of(&format!("This reverts commit {a}, reversing changes made to x")), []);
    }
}

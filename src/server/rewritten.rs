//! References that a push rewrites: each is moved to a commit that does not contain its old tip.
//!
//! Such a reference is judged a second time, as if it had not been there before, but for what its old tip would then have
//! been told for; it passes if it passes either time. Comparing with the old tip itself would not do: what that merely
//! inherited has no room any more where main has cleaned up. Nor would comparing with commits of the reference that stay:
//! one of them may have removed what a later one added again.

use super::authority::Authority;
use super::config::Config;
use super::input::{Push, Tip};
use super::lanes::Lane;
use super::push::Update;
use crate::git::{CommitId, NewCommits, Repository, Rewrite, Trust};
use crate::report::{Fault, Report};
use crate::{Change, by_policy};

/// References that go to one commit, with what each policy finds there.
pub(super) struct Group<'a> {
    pub updates: Vec<&'a Update>,
    pub reports: Vec<Report>,
}

/// Returns whether a trusted reference may be moved to a tip that does not contain its old one: a branch that only goes on
/// has its new commits grow from there.
pub(super) fn may_rewrite(config: &Config, new_commits: &NewCommits, (tip, updates): &Tip<'_>) -> bool {
    let goes_on = |update: &&&Update| new_commits.grows_from(*tip, &update.old);
    updates.iter().any(|update| update.existed_before() && config.trusts(&update.name) && !goes_on(&update))
}

/// Splits the references of a tip: what an old tip had added is not new for its own reference alone. `reports` is what the
/// policies find without regard to old tips.
///
/// # Errors
/// When the repository cannot be read.
pub(super) fn groups<'u>(
    judging: (&Repository, &Push<'_>, &Lane<'_>, &Authority),
    new_commits: &NewCommits,
    (tip, updates): &Tip<'u>,
    reports: Vec<Report>,
) -> Result<Vec<Group<'u>>, Fault> {
    let (repository, push, lane, authority) = judging;
    let mut all = Group { updates: updates.clone(), reports };
    if all.reports.iter().all(|report| told(report) == 0) || new_commits.is_cut() || new_commits.is_shallow() {
        return Ok(vec![all]);
    }
    let mut groups = Vec::new();
    for update in std::mem::take(&mut all.updates) {
        match rewrite((repository, push.config, lane), update, (new_commits, *tip))? {
            Some(rewrite) => {
                let reports = judged_anew((repository, push, authority), (&rewrite, *tip), &all.reports)?;
                groups.push(Group { updates: vec![update], reports });
            }
            None => all.updates.push(update),
        }
    }
    if !all.updates.is_empty() {
        groups.insert(0, all);
    }
    Ok(groups)
}

/// What goes and what comes where a trusted reference is moved to a commit that does not contain its old tip.
fn rewrite<'r>(
    (repository, config, lane): (&'r Repository, &Config, &Lane<'_>),
    update: &Update,
    new: (&NewCommits, CommitId),
) -> Result<Option<Rewrite<'r>>, Fault> {
    // With a namespace, the reference of this name is another one.
    if !update.existed_before() || !config.trusts(&update.name) || repository.has_namespace() {
        return Ok(None);
    }
    let Some(old) = repository.tip_of(&update.name, &update.old)? else { return Ok(None) };
    let own = |name: &[u8]| name != update.name && lane.trusts(config, name);
    let lent = |name: &[u8]| lane.trusts_lent(config, name);
    let others = Trust { own: &own, lent: &lent };
    Ok(repository.rewrite(old, new, others, config.commit_limit)?)
}

/// What each policy finds in place of an old tip, or without regard to that: the milder of both.
fn judged_anew(
    (repository, push, authority): (&Repository, &Push<'_>, &Authority),
    (rewrite, tip): (&Rewrite<'_>, CommitId),
    reports: &[Report],
) -> Result<Vec<Report>, Fault> {
    let new_commits = Some((&rewrite.new_commits, tip));
    let change = Change { changes: &rewrite.changes, new_commits, is_staged: false, replaced: Some(rewrite) };
    let mut milder = Vec::with_capacity(reports.len());
    for (policy, report) in authority.policies.iter().zip(reports) {
        if told(report) == 0 {
            milder.push(report.clone());
            continue;
        }
        let anew = by_policy(repository, change, &policy.at(push.today), push.terms())?;
        milder.push(milder_of(report, anew));
    }
    Ok(milder)
}

/// Returns the milder one of what is found without regard to an old tip and of what is found in its place.
pub(crate) fn milder_of(report: &Report, mut anew: Report) -> Report {
    // Files that are not judged are those of the push.
    (anew.checked, anew.skipped) = (report.checked, report.skipped.clone());
    anew.decide();
    let is_milder = (anew.verdict, told(&anew)) <= (report.verdict, told(report));
    if is_milder { anew } else { report.clone() }
}

/// Returns the number of findings.
pub(crate) fn told(report: &Report) -> usize {
    report.findings.len() + report.unlisted.iter().map(|rest| rest.count).sum::<usize>()
}

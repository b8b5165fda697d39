//! Judging the tips of a push by all policies.
//!
//! The verdict is made first, for all tips; only then are commits searched for what brought the findings. If time ends in
//! between, the verdict stands.

use std::rc::Rc;

use super::authority::Authority;
use super::excused::{Seen, severities};
use super::input::{Push, Tip, changes_at};
use super::lanes::Lane;
use super::outcome::{Found, Outcome};
use super::push::Update;
use super::rewritten::{self, Group};
use crate::finding::Checked;
use crate::git::{Changes, CommitId, Existing, NewCommits, Repository};
use crate::policy::Policy;
use crate::report::{Cause, Fault, Report};
use crate::{Change, by_policy, by_policy_in_steps};

/// Judges a tag with the branch whose own policy judges what the tag leads to, if that comes with it.
pub(super) fn join_tags(walks: &mut [Walk<'_, '_>]) {
    let Some(at) = walks.iter().position(|walk| walk.lane.are_tags) else { return };
    let holder = |walks: &[Walk<'_, '_>], tag: &Tip<'_>| {
        let holds = |walk: &Walk<'_, '_>| walk.lane.judged_at.is_some() && walk.new_commits.is_new(tag.0);
        walks.iter().position(holds).unwrap_or(at)
    };
    let Some(Walk { settled, moved, .. }) = walks.get_mut(at) else { return };
    let (settled, moved) = (std::mem::take(settled), std::mem::take(moved));
    for tag in settled {
        let to = holder(walks, tag);
        walks.get_mut(to).into_iter().for_each(|walk| walk.settled.push(tag));
    }
    for tag in moved {
        let to = holder(walks, tag);
        walks.get_mut(to).into_iter().for_each(|walk| walk.moved.push(tag));
    }
}

/// Called with the outcome that counts if time ends from now on.
pub type Settled<'s> = &'s mut dyn FnMut(&Outcome);

/// A tip with findings by one policy whose commits are not known yet.
pub(super) struct Later {
    /// Index of the tip among those that were judged together.
    tip: usize,
    /// Index of the policy.
    policy: usize,
    /// Number of the group of references that leads to the tip.
    number: usize,
    checked: Checked,
}

/// Tips that are judged alike, by how they are judged, with what is new of them and what is known by now.
pub(super) struct Walk<'l, 'u> {
    pub(super) lane: &'l Lane<'u>,
    /// What is new of the first two.
    pub(super) new_commits: NewCommits,
    /// Those of which it is known what is new.
    pub(super) settled: Vec<&'l Tip<'u>>,
    /// Those that references may be moved to from others.
    pub(super) moved: Vec<&'l Tip<'u>>,
    /// Those beyond the limit of commits.
    pub(super) open: Vec<&'l Tip<'u>>,
    /// Those with findings whose commits are not known yet.
    pub(super) later: Vec<Later>,
    /// What was found before commits were known, where it is to be counted what rules excuse.
    pub(super) seen: Vec<Seen>,
}

/// When commits are searched for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Commits {
    /// As soon as the verdict on the push's only tip by its only policy is known, which is told first.
    OfOne,
    /// Once the verdict on all tips is known.
    Later,
    /// At once, of a tip beyond the limit of commits, where hardly anything is known of them.
    AtOnce,
}

/// The judging of a push.
pub(super) struct Judging<'a> {
    pub(super) repository: &'a Repository,
    pub(super) push: &'a Push<'a>,
    pub(super) settled: Settled<'a>,
    pub(super) outcome: Outcome,
    /// What the outcome has found, without what is told without its commits.
    pub(super) whole: Found,
    /// What was found last before commits were known, where it is to be counted what rules excuse.
    pub(super) seen: Vec<Seen>,
}

impl<'a> Judging<'a> {
    pub(super) fn new(repository: &'a Repository, push: &'a Push<'a>, settled: Settled<'a>) -> Self {
        let (whole, seen) = Default::default();
        Self { repository, push, settled, outcome: Outcome::of(push.config), whole, seen }
    }

    pub(super) fn new_commits(&self, tips: &[&Tip<'_>], there: &Existing<'_>) -> Result<NewCommits, Fault> {
        let ids: Vec<CommitId> = tips.iter().map(|(tip, _)| *tip).collect();
        Ok(self.repository.new_commits(&ids, there, self.push.config.commit_limit)?)
    }

    /// Splits tips into those of which it is known what is new, and those to be looked up separately, as the search stopped
    /// at the limit: no tip may pass unseen.
    pub(super) fn split_settled<'t, 'u>(
        &mut self,
        open: Vec<&'t Tip<'u>>,
        new_commits: &NewCommits,
    ) -> Result<(Vec<&'t Tip<'u>>, Vec<&'t Tip<'u>>), Fault> {
        let limit = self.push.config.commit_limit;
        let outcome = &mut self.outcome;
        outcome.commits = outcome.commits.max(new_commits.count());
        if new_commits.is_cut() && !std::mem::replace(&mut outcome.is_cut, true) {
            outcome.warnings.push(format!("over {limit} commits are new: only the tips of this push are judged"));
        }
        let (settled, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(|(tip, _)| !new_commits.is_unsettled(*tip));
        if settled.is_empty() {
            return Err(Fault::new(format!("over {limit} commits are new, and no tip is among those that were read")));
        }
        Ok((settled, rest))
    }

    /// Returns what a tip changes, and tells what it does to the policy, unless that is known.
    pub(super) fn changes_at(
        &mut self,
        authority: &Authority,
        new_commits: &NewCommits,
        tip: &Tip<'_>,
    ) -> Result<Changes<'a>, Fault> {
        let changes = changes_at(self.repository, new_commits, tip)?;
        if !self.outcome.is_harmless {
            let change = authority.change(self.repository, &changes, tip.0, &tip.1)?;
            self.outcome.tell_change(change, &tip.1, self.push);
        }
        Ok(changes)
    }

    /// Numbers a group of references that lead to one commit.
    fn number(&mut self, updates: &[&Update]) -> usize {
        self.outcome.names.push(updates.iter().map(|update| update.name.clone()).collect());
        self.outcome.names.len() - 1
    }

    /// Judges tips by all policies. Returns those with findings whose commits are to be searched for later; all others are
    /// whole.
    pub(super) fn round(
        &mut self,
        authority: &Authority,
        tips: &[&Tip<'_>],
        new_commits: &NewCommits,
        commits: Commits,
    ) -> Result<Vec<Later>, Fault> {
        let (repository, push) = (self.repository, self.push);
        let mut later = Vec::new();
        for (at, tip) in tips.iter().enumerate() {
            let changes = self.changes_at(authority, new_commits, tip)?;
            let number = self.number(&tip.1);
            let mut files = 0;
            for (place, (policy, of)) in authority.numbered().enumerate() {
                let change = Change::of_tip(&changes, new_commits, tip.0);
                let is_shallow = new_commits.is_shallow();
                let (mut early, mut is_later, mut places) = (None, false, None);
                let effective = policy.at(push.today);
                let is_counted = push.config.log.is_some() && effective.has_excuses() && commits != Commits::AtOnce;
                let (outcome, settled) = (&self.outcome, &mut self.settled);
                let judged = by_policy_in_steps(
                    repository,
                    change,
                    &effective,
                    push.terms(),
                    Some(&mut |report: &Report| {
                        places = is_counted.then(|| severities(report));
                        if commits == Commits::OfOne {
                            let mut known = outcome.clone();
                            if known.found.add(report.clone(), (number, of), is_shallow, push.allowances).is_ok() {
                                early = Some(known.found.clone());
                                known.lacks_commits();
                                known.end(push.allowances);
                                settled(&known);
                            }
                        }
                        is_later = commits == Commits::Later;
                        !is_later
                    }),
                );
                let mut report = match (judged, early) {
                    // The verdict stands, whatever became of the search for commits.
                    (Err(fault), Some(found)) => {
                        self.outcome.found = found;
                        self.outcome.lacks_commits();
                        if fault.cause == Cause::Timeout {
                            continue;
                        }
                        return Err(fault);
                    }
                    (judged, _) => judged?,
                };
                if is_counted {
                    let places = places.unwrap_or_else(|| severities(&report));
                    self.seen.push(Seen { tip: at, policy: place, places });
                }
                count_files_once(&mut report, &mut files);
                self.outcome.found.add(report.clone(), (number, of), is_shallow, push.allowances)?;
                if is_later {
                    later.push(Later { tip: at, policy: place, number, checked: report.checked });
                } else if commits != Commits::OfOne {
                    self.whole.add(report, (number, of), is_shallow, push.allowances)?;
                }
            }
        }
        Ok(later)
    }

    /// Judges once more what has findings, with the commits that brought them.
    pub(super) fn bring_commits(&mut self, walks: &[Walk<'_, '_>]) -> Result<(), Fault> {
        match walks.iter().try_for_each(|walk| self.with_commits(walk)) {
            Ok(()) => self.outcome.found = std::mem::take(&mut self.whole),
            Err(fault) if fault.cause == Cause::Timeout => self.outcome.lacks_commits(),
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    fn with_commits(&mut self, walk: &Walk<'_, '_>) -> Result<(), Fault> {
        let Walk { lane, new_commits, settled, later, .. } = walk;
        for of_tip in later.chunk_by(|one, other| one.tip == other.tip) {
            let Some(tip) = of_tip.first().and_then(|first| settled.get(first.tip)) else { continue };
            let changes = changes_at(self.repository, new_commits, tip)?;
            for later in of_tip {
                let Some((policy, of)) = lane.authority.numbered().nth(later.policy) else { continue };
                let change = Change::of_tip(&changes, new_commits, tip.0);
                let report = by_policy(self.repository, change, &policy.at(self.push.today), self.push.terms())?;
                let report = Report { checked: later.checked, ..report };
                self.whole.add(report, (later.number, of), new_commits.is_shallow(), self.push.allowances)?;
            }
        }
        Ok(())
    }

    /// Judges tips that references may be moved to from others, commits included.
    pub(super) fn moved(
        &mut self,
        lane: &Lane<'_>,
        authority: &Authority,
        tips: &[&Tip<'_>],
        new_commits: &NewCommits,
    ) -> Result<(), Fault> {
        let (repository, push) = (self.repository, self.push);
        for tip in tips {
            let changes = self.changes_at(authority, new_commits, tip)?;
            let change = Change::of_tip(&changes, new_commits, tip.0);
            let judge = |policy: &Rc<Policy>| by_policy(repository, change, &policy.at(push.today), push.terms());
            let reports = authority.policies.iter().map(judge).collect::<Result<Vec<_>, _>>()?;
            let mut files = 0;
            for Group { updates, reports } in
                rewritten::groups((repository, push, lane, authority), new_commits, tip, reports)?
            {
                let number = self.number(&updates);
                for (&of, mut report) in authority.numbers.iter().zip(reports) {
                    count_files_once(&mut report, &mut files);
                    // The outcome first: a fault in between must not lose what blocks.
                    for found in [&mut self.outcome.found, &mut self.whole] {
                        found.add(report.clone(), (number, of), new_commits.is_shallow(), push.allowances)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Judges tips that the limit kept the search for commits from, each time with a search of its own.
    pub(super) fn beyond(
        &mut self,
        authority: &Authority,
        mut open: Vec<&Tip<'_>>,
        there: &Existing<'_>,
    ) -> Result<(), Fault> {
        while !open.is_empty() {
            let new_commits = self.new_commits(&open, there)?;
            let (settled, rest) = self.split_settled(open, &new_commits)?;
            self.round(authority, &settled, &new_commits, Commits::AtOnce)?;
            open = rest;
        }
        Ok(())
    }

    /// Says what counts if time ends from now on: the outcome so far, and what `more` makes of it.
    pub(super) fn settle(&mut self, more: impl FnOnce(&mut Outcome)) {
        let mut known = self.outcome.clone();
        more(&mut known);
        known.end(self.push.allowances);
        (self.settled)(&known);
    }
}

/// Counts the files of a tip once: every policy judges the same ones. `files` are those counted so far.
fn count_files_once(report: &mut Report, files: &mut usize) {
    report.checked.files -= report.checked.files.min(*files);
    *files += report.checked.files;
}

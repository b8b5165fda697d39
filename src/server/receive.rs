//! Judging a push: references → new commits → tips → findings by each policy → outcome.
//!
//! The verdict is made first, for all tips; only then are commits searched for what brought the findings. If time ends in
//! between, the verdict stands.

use super::authority::Authority;
use super::config::{Enforce, PolicySource};
use super::excused::{Seen, excused, severities};
pub use super::input::Push;
use super::input::{TERMS, Tip, had};
use super::outcome::{Found, Outcome};
use super::push::Update;
use super::rewritten::{self, Group, NewTip};
use super::shadow::{Shadow, Tips};
use crate::finding::Checked;
use crate::git::{CommitId, Error, Existing, NewCommits, Repository, Trust};
use crate::policy::Policy;
use crate::report::{Cause, Fault, Report};
use crate::{Change, by_policy, by_policy_in_steps};

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

/// Judges a push, as far as possible.
#[must_use]
pub fn receive(repository: &Repository, push: &Push<'_>, settled: Settled<'_>) -> Outcome {
    let mut judging = Judging { repository, push, settled, outcome: Outcome::of(push.config) };
    if push.config.enforce == Enforce::Off {
        return judging.outcome;
    }
    judging.outcome.guard(repository, push);
    if let Err(fault) = judging.tips() {
        judging.outcome.fault = Some(fault);
        if judging.outcome.shadow.is_empty() {
            judging.outcome.shadow = Shadow::all(push.config);
        }
    }
    judging.outcome.end(push.allowances);
    judging.outcome
}

/// Returns the outcome of a push whose judging exceeded the deadline before anything was settled.
#[must_use]
pub fn out_of_time(repository: &Repository, push: &Push<'_>) -> Outcome {
    let mut outcome = Outcome::of(push.config);
    // If it is unknown whether this is the first push, the stricter setting applies.
    if repository.has_references(&|name| push.config.judges(name)).is_ok_and(|any| !any) {
        outcome.first_push(push.config);
    }
    outcome.shadow = Shadow::all(push.config);
    outcome.guard(repository, push);
    outcome.fault = Some(Error::OutOfTime.into());
    outcome
}

/// The judging of a push.
pub(super) struct Judging<'a> {
    pub(super) repository: &'a Repository,
    pub(super) push: &'a Push<'a>,
    pub(super) settled: Settled<'a>,
    pub(super) outcome: Outcome,
}

impl Judging<'_> {
    fn tips(&mut self) -> Result<(), Fault> {
        let (repository, push) = (self.repository, self.push);
        if push.config.protect_policy && push.config.policies.contains(&PolicySource::Repository) {
            self.outcome.refuse_loss(repository, push)?;
        }
        let judged = |update: &&Update| update.exists_after() && push.config.judges(&update.name);
        let tips = push.updates.iter().filter(judged).map(|update| (update.new.as_str(), update));
        let tips = repository.commits_of(tips)?;
        if tips.is_empty() {
            return Ok(());
        }
        // Stricter than what is trusted, or a push that a host lets in elsewhere would be followed by another first one.
        let is_first = !repository.has_references(&|name| push.config.judges(name))?;
        if is_first && !self.outcome.first_push(push.config) {
            return Ok(());
        }
        self.outcome.shadow = Shadow::all(push.config);
        if let Some(host) = push.config.host.filter(|_| push.config.lacks_name) {
            let variables = host.of_repository().join(" and ");
            self.outcome.warnings.push(format!(
                "the host does not say what this repository is called ({variables}), so it is known by its path alone"
            ));
        }
        let old = had(push.updates);
        let (own, lent) = (|name: &[u8]| push.config.trusts(name), |name: &[u8]| push.config.trusts_lent(name));
        let there = Existing::References { trust: Trust { own: &own, lent: &lent }, old: &old };
        let mut authority = Authority::of(repository, push.config, &tips, is_first)?;
        self.outcome.warnings.append(&mut authority.warnings);
        let named = authority.policies.iter().map(|policy| policy.origin().to_owned());
        let blobs = authority.blobs.iter().map(|blob| blob.map(|blob| blob.to_string()));
        self.outcome.policies = named.zip(blobs).collect();
        // The other policies judge all the same.
        self.outcome.fault = authority.fault.take();
        let lacks_policy = self.outcome.fault.is_some();
        if let Some(fault) = authority.key_lost.take() {
            self.outcome.tell_key_lost(fault);
        }
        // What the push does to the policy in effect may reject it, so it comes before anything that could take long.
        for (tip, updates) in &tips {
            if let Some(change) = authority.change_of_standing(repository, *tip, updates)? {
                self.outcome.tell_change(change, updates, push);
            }
        }
        self.outcome.is_guarded = false;
        if !self.outcome.refused.is_empty() {
            self.settle(|outcome| outcome.fault = Some(Error::OutOfTime.into()));
        }
        let all: Vec<&Tip<'_>> = tips.iter().collect();
        let new_commits = self.new_commits(&all, &there)?;
        let (settled, open) = self.settled(all, &new_commits)?;
        let can_block = lacks_policy || authority.policies.iter().any(|policy| policy.at(push.today).can_block());
        if !can_block && open.is_empty() {
            for (tip, updates) in &settled {
                let changes = repository.changes_at(&new_commits, *tip, &had(updates.iter().copied()))?;
                let change = authority.change(repository, &changes, *tip, updates)?;
                self.outcome.tell_change(change, updates, push);
            }
            self.outcome.is_harmless = true;
            self.settle(|outcome| outcome.fault = Some(Error::OutOfTime.into()));
        }
        let may_rewrite = |tip: &&Tip<'_>| rewritten::may_rewrite(push.config, &new_commits, tip);
        let (moved, settled): (Vec<_>, Vec<_>) = settled.into_iter().partition(may_rewrite);
        let is_one = tips.len() == 1 && authority.policies.len() == 1;
        // The same without what is told without its commits.
        let mut whole = Found::default();
        let commits = if is_one { Commits::OfOne } else { Commits::Later };
        let mut seen = Vec::new();
        let later = self.round(&authority, &settled, &new_commits, &mut whole, commits, &mut seen)?;
        self.moved(&authority, &moved, &new_commits, &mut whole)?;
        self.beyond(&authority, open.clone(), &there, &mut whole)?;
        if !later.is_empty() {
            self.settle(Outcome::lacks_commits);
            self.bring_commits(&authority, &settled, &new_commits, &later, whole)?;
        }
        // What is excused where a branch is rewritten is not counted, so nothing is known of the whole.
        if moved.is_empty() {
            self.excuse(&authority, &settled, &new_commits, &seen)?;
        }
        self.shadow(&Tips { settled, moved, open, new_commits: &new_commits, there: &there });
        Ok(())
    }

    /// Judges tips that the limit kept the search for commits from, each time with a search of its own.
    pub(super) fn beyond(
        &mut self,
        authority: &Authority,
        mut open: Vec<&Tip<'_>>,
        there: &Existing<'_>,
        whole: &mut Found,
    ) -> Result<(), Fault> {
        while !open.is_empty() {
            let new_commits = self.new_commits(&open, there)?;
            let (settled, rest) = self.settled(open, &new_commits)?;
            self.round(authority, &settled, &new_commits, whole, Commits::AtOnce, &mut Vec::new())?;
            open = rest;
        }
        Ok(())
    }

    /// Judges tips that references may be moved to from others, commits included.
    pub(super) fn moved(
        &mut self,
        authority: &Authority,
        tips: &[&Tip<'_>],
        new_commits: &NewCommits,
        whole: &mut Found,
    ) -> Result<(), Fault> {
        let (repository, push) = (self.repository, self.push);
        for (tip, updates) in tips {
            let changes = repository.changes_at(new_commits, *tip, &had(updates.iter().copied()))?;
            if !self.outcome.is_harmless {
                let change = authority.change(repository, &changes, *tip, updates)?;
                self.outcome.tell_change(change, updates, push);
            }
            let change = Change { changes: &changes, new_commits: Some((new_commits, *tip)), replaced: None };
            let judge = |policy: &Policy| by_policy(repository, change, &policy.at(push.today), TERMS);
            let reports = authority.policies.iter().map(judge).collect::<Result<Vec<_>, _>>()?;
            let tip = NewTip { new_commits, tip: *tip, updates };
            let mut files = 0;
            for Group { updates, reports } in rewritten::groups(repository, push, authority, &tip, reports)? {
                let number = self.outcome.names.len();
                self.outcome.names.push(updates.iter().map(|update| update.name.clone()).collect());
                for (of, mut report) in reports.into_iter().enumerate() {
                    // Every policy judges the same files.
                    let counted = report.checked.files.min(files);
                    report.checked.files -= counted;
                    files += report.checked.files;
                    // The outcome first: a fault in between must not lose what blocks.
                    for found in [&mut self.outcome.found, &mut *whole] {
                        found.add(report.clone(), (number, of), new_commits.is_shallow(), push.allowances)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn new_commits(&self, tips: &[&Tip<'_>], there: &Existing<'_>) -> Result<NewCommits, Fault> {
        let ids: Vec<CommitId> = tips.iter().map(|(tip, _)| *tip).collect();
        Ok(self.repository.new_commits(&ids, there, self.push.config.commit_limit)?)
    }

    /// Splits tips into those of which it is known what is new, and those to be looked up separately, as the search stopped
    /// at the limit: no tip may pass unseen.
    fn settled<'t, 'u>(
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

    /// Judges tips by all policies. Returns those with findings whose commits are to be searched for later; all others are
    /// added to `whole` too.
    pub(super) fn round(
        &mut self,
        authority: &Authority,
        tips: &[&Tip<'_>],
        new_commits: &NewCommits,
        whole: &mut Found,
        commits: Commits,
        seen: &mut Vec<Seen>,
    ) -> Result<Vec<Later>, Fault> {
        let (repository, push) = (self.repository, self.push);
        let mut later = Vec::new();
        for (at, (tip, updates)) in tips.iter().enumerate() {
            let changes = repository.changes_at(new_commits, *tip, &had(updates.iter().copied()))?;
            if !self.outcome.is_harmless {
                let change = authority.change(repository, &changes, *tip, updates)?;
                self.outcome.tell_change(change, updates, push);
            }
            let number = self.outcome.names.len();
            self.outcome.names.push(updates.iter().map(|update| update.name.clone()).collect());
            let mut files = 0;
            for (of, policy) in authority.policies.iter().enumerate() {
                let change = Change { changes: &changes, new_commits: Some((new_commits, *tip)), replaced: None };
                let is_shallow = new_commits.is_shallow();
                let (mut early, mut is_later, mut places) = (None, false, None);
                let effective = policy.at(push.today);
                let is_counted = push.config.log.is_some() && effective.has_excuses() && commits != Commits::AtOnce;
                let (outcome, settled) = (&self.outcome, &mut self.settled);
                let judged = by_policy_in_steps(
                    repository,
                    change,
                    &effective,
                    TERMS,
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
                    seen.push(Seen { tip: at, policy: of, places });
                }
                // Every policy judges the same files.
                let counted = report.checked.files.min(files);
                report.checked.files -= counted;
                files += report.checked.files;
                self.outcome.found.add(report.clone(), (number, of), is_shallow, push.allowances)?;
                if is_later {
                    later.push(Later { tip: at, policy: of, number, checked: report.checked });
                } else if commits != Commits::OfOne {
                    whole.add(report, (number, of), is_shallow, push.allowances)?;
                }
            }
        }
        Ok(later)
    }

    /// Judges once more what has findings, with the commits that brought them.
    fn bring_commits(
        &mut self,
        authority: &Authority,
        tips: &[&Tip<'_>],
        new_commits: &NewCommits,
        later: &[Later],
        mut whole: Found,
    ) -> Result<(), Fault> {
        match self.with_commits(authority, tips, new_commits, later, &mut whole) {
            Ok(()) => self.outcome.found = whole,
            Err(fault) if fault.cause == Cause::Timeout => self.outcome.lacks_commits(),
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    fn with_commits(
        &self,
        authority: &Authority,
        tips: &[&Tip<'_>],
        new_commits: &NewCommits,
        later: &[Later],
        whole: &mut Found,
    ) -> Result<(), Fault> {
        for of_tip in later.chunk_by(|one, other| one.tip == other.tip) {
            let Some((tip, updates)) = of_tip.first().and_then(|first| tips.get(first.tip)) else { continue };
            let changes = self.repository.changes_at(new_commits, *tip, &had(updates.iter().copied()))?;
            for later in of_tip {
                let Some(policy) = authority.policies.get(later.policy) else { continue };
                let change = Change { changes: &changes, new_commits: Some((new_commits, *tip)), replaced: None };
                let report = by_policy(self.repository, change, &policy.at(self.push.today), TERMS)?;
                let report = Report { checked: later.checked, ..report };
                whole.add(report, (later.number, later.policy), new_commits.is_shallow(), self.push.allowances)?;
            }
        }
        Ok(())
    }

    /// Counts what `allow-in` and caps let pass, for the log: the verdict is known by now, and time may end.
    fn excuse(
        &mut self,
        authority: &Authority,
        tips: &[&Tip<'_>],
        new_commits: &NewCommits,
        seen: &[Seen],
    ) -> Result<(), Fault> {
        if !seen.is_empty() {
            self.settle(|_| {});
        }
        match excused(self.repository, self.push, (authority, tips, new_commits), seen) {
            Ok(excused) => self.outcome.excused = Some(excused),
            Err(fault) if fault.cause == Cause::Timeout => {}
            Err(fault) => return Err(fault),
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

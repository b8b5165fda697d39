//! Judging a push: references → new commits → tips → findings by each policy → outcome.

use super::authority::Authority;
use super::config::{Enforce, PolicySource};
use super::excused::excused;
pub use super::input::Push;
use super::input::{Tip, had};
use super::judging::{Commits, Judging, Settled};
use super::outcome::Outcome;
use super::push::Update;
use super::rewritten;
use super::shadow::{Shadow, Tips};
use crate::git::{Error, Existing, NewCommits, Repository, Trust};
use crate::report::{Cause, Fault};

/// Judges a push, as far as possible.
#[must_use]
pub fn receive(repository: &Repository, push: &Push<'_>, settled: Settled<'_>) -> Outcome {
    let mut judging = Judging::new(repository, push, settled);
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
        let (settled, open) = self.split_settled(all, &new_commits)?;
        let can_block = lacks_policy || authority.policies.iter().any(|policy| policy.at(push.today).can_block());
        if !can_block && open.is_empty() {
            for tip in &settled {
                self.changes_at(&authority, &new_commits, tip)?;
            }
            self.outcome.is_harmless = true;
            self.settle(|outcome| outcome.fault = Some(Error::OutOfTime.into()));
        }
        let may_rewrite = |tip: &&Tip<'_>| rewritten::may_rewrite(push.config, &new_commits, tip);
        let (moved, settled): (Vec<_>, Vec<_>) = settled.into_iter().partition(may_rewrite);
        let is_one = tips.len() == 1 && authority.policies.len() == 1;
        let commits = if is_one { Commits::OfOne } else { Commits::Later };
        let later = self.round(&authority, &settled, &new_commits, commits)?;
        self.moved(&authority, &moved, &new_commits)?;
        self.beyond(&authority, open.clone(), &there)?;
        if !later.is_empty() {
            self.settle(Outcome::lacks_commits);
            self.bring_commits(&authority, &settled, &new_commits, &later)?;
        }
        // What is excused where a branch is rewritten is not counted, so nothing is known of the whole.
        if moved.is_empty() {
            self.excuse(&authority, &settled, &new_commits)?;
        }
        self.shadow(&Tips { settled, moved, open, new_commits: &new_commits, there: &there });
        Ok(())
    }

    /// Counts what `allow-in` and caps let pass, for the log: the verdict is known by now, and time may end.
    fn excuse(&mut self, authority: &Authority, tips: &[&Tip<'_>], new_commits: &NewCommits) -> Result<(), Fault> {
        if !self.seen.is_empty() {
            self.settle(|_| {});
        }
        match excused(self.repository, self.push, (authority, tips, new_commits), &self.seen) {
            Ok(excused) => self.outcome.excused = Some(excused),
            Err(fault) if fault.cause == Cause::Timeout => {}
            Err(fault) => return Err(fault),
        }
        Ok(())
    }
}

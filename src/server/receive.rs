//! Judging a push: references → new commits → tips → findings by each policy → outcome.

use super::authority::Authority;
use super::config::{Enforce, PolicySource};
use super::excused::excused;
pub use super::input::Push;
use super::input::Tip;
use super::judging::{self, Commits, Judging, Settled, Walk};
use super::lanes::Lane;
use super::outcome::Outcome;
use super::push::Update;
use super::rewritten;
use super::shadow::Shadow;
use crate::git::{Error, Repository};
use crate::report::{Cause, Fault};

/// Judges a push, as far as possible.
#[must_use]
pub fn receive(repository: &Repository, push: &Push<'_>, settled: Settled<'_>) -> Outcome {
    let mut judging = Judging::new(repository, push, settled);
    if push.config.enforce == Enforce::Off {
        return judging.outcome;
    }
    judging.outcome.guard(repository, push);
    // A first push has no policy to weaken.
    if judging.outcome.is_guarded && repository.has_references(&|name| push.config.judges(name)).unwrap_or(true) {
        judging.settle(|outcome| outcome.fault = Some(Error::OutOfTime.into()));
    }
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
        let authority = Authority::of(repository, push.config, &tips, is_first)?;
        let is_one = tips.len() == 1;
        let lanes = Lane::all(repository, push, tips, authority, &mut |own| self.outcome.tell_authority(own))?;
        let lacks_policy = self.outcome.fault.is_some();
        // What the push does to the policy in effect may reject it, so it comes before anything that could take long.
        for lane in &lanes {
            for (tip, updates) in &lane.tips {
                if let Some(change) = lane.authority.change_of_standing(repository, *tip, updates)? {
                    self.outcome.tell_change(change, updates, push);
                }
            }
        }
        self.outcome.is_guarded = false;
        if !self.outcome.refused.is_empty() {
            self.settle(|outcome| outcome.fault = Some(Error::OutOfTime.into()));
        }
        let mut walks = lanes.iter().map(|lane| self.walk(lane)).collect::<Result<Vec<_>, _>>()?;
        judging::join_tags(&mut walks);
        let can_block =
            |lane: &Lane<'_>| lane.authority.policies.iter().any(|policy| policy.at(push.today).can_block());
        let is_settled = walks.iter().all(|walk| walk.open.is_empty());
        if !lacks_policy && is_settled && !lanes.iter().any(can_block) {
            for walk in &walks {
                for tip in walk.settled.iter().chain(&walk.moved) {
                    self.changes_at(&walk.lane.authority, &walk.new_commits, tip)?;
                }
            }
            self.outcome.is_harmless = true;
            self.settle(|outcome| outcome.fault = Some(Error::OutOfTime.into()));
        }
        let is_one = is_one && lanes.len() == 1 && lanes.iter().all(|lane| lane.authority.policies.len() == 1);
        let commits = if is_one { Commits::OfOne } else { Commits::Later };
        for walk in &mut walks {
            walk.later = self.round(&walk.lane.authority, &walk.settled, &walk.new_commits, commits)?;
            walk.seen = std::mem::take(&mut self.seen);
        }
        for walk in &walks {
            self.moved(walk.lane, &walk.lane.authority, &walk.moved, &walk.new_commits)?;
        }
        for walk in &walks {
            walk.lane
                .with_existing(push.config, |there| self.beyond(&walk.lane.authority, walk.open.clone(), there))?;
        }
        if walks.iter().any(|walk| !walk.later.is_empty()) {
            self.settle(Outcome::lacks_commits);
            self.bring_commits(&walks)?;
        }
        // What is excused where a branch is rewritten is not counted, so nothing is known of the whole.
        if walks.iter().all(|walk| walk.moved.is_empty()) {
            self.excuse(&walks)?;
        }
        self.shadow(&walks);
        Ok(())
    }

    /// Walks to the new commits of tips that are judged alike.
    fn walk<'l, 'u>(&mut self, lane: &'l Lane<'u>) -> Result<Walk<'l, 'u>, Fault> {
        let all: Vec<&Tip<'_>> = lane.tips.iter().collect();
        let config = self.push.config;
        let new_commits = lane.with_existing(config, |there| self.new_commits(&all, there))?;
        let (settled, open) = self.split_settled(all, &new_commits)?;
        let may_rewrite = |tip: &&Tip<'_>| rewritten::may_rewrite(config, &new_commits, tip);
        let (moved, settled) = settled.into_iter().partition(may_rewrite);
        Ok(Walk { lane, new_commits, settled, moved, open, later: Vec::new(), seen: Vec::new() })
    }

    /// Counts what `allow-in` and caps let pass, for the log: the verdict is known by now, and time may end.
    fn excuse(&mut self, walks: &[Walk<'_, '_>]) -> Result<(), Fault> {
        if walks.iter().any(|walk| !walk.seen.is_empty()) {
            self.settle(|_| {});
        }
        match excused(self.repository, self.push, walks) {
            Ok(excused) => self.outcome.excused = Some(excused),
            Err(fault) if fault.cause == Cause::Timeout => {}
            Err(fault) => return Err(fault),
        }
        Ok(())
    }
}

//! Judging a push: references → new commits → tips → findings by each policy → outcome.

use std::collections::{BTreeSet, HashMap};

use super::allow::{Allowance, Allowances};
use super::authority::{self, Authority};
use super::config::{CannotJudge, Config, Enforce, PolicySource};
use super::push::Update;
use crate::check::absent::Absent;
use crate::check::limits::Limits;
use crate::finding::Finding;
use crate::git::{Changes, CommitId, Error, Existing, NewCommits, Repository};
use crate::locate::FILE;
use crate::policy::{Date, Severity};
use crate::report::{Fault, Report};
use crate::verdict::Verdict;
use crate::{Change, Terms, by_policy};

/// Terms of judging what strangers push.
const TERMS: Terms<'_> = Terms { limits: Limits::PUSH, absent: Absent::Fault, ..Terms::HOOK };

const REPORTS_ONLY: &str = "This server only reports: nothing is rejected.";
const FIRST_PUSH: &str = "The repository was empty, so nothing is rejected this time.";
const SHALLOW: &str = "the pushed history is shallow, so this may be old code";

/// Input for judging a push.
#[derive(Clone, Copy)]
pub struct Push<'a> {
    /// References that the push changes.
    pub updates: &'a [Update],
    /// The server configuration.
    pub config: &'a Config,
    /// Rules that the pusher may break.
    pub allowances: &'a Allowances,
    /// Date that the policies' dates are compared with, in UTC.
    pub today: Date,
}

/// Outcome of a push.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Findings by all policies together.
    pub report: Report,
    /// Full names of the references that were judged, grouped by commit.
    names: Vec<Vec<Vec<u8>>>,
    /// Indices of the groups that bring each finding.
    brought_by: HashMap<Finding, Vec<usize>>,
    /// Other reasons to reject the push, if enforced: a policy that is invalid or must not be weakened.
    pub refused: Vec<Fault>,
    /// Further warnings.
    pub warnings: Vec<String>,
    /// Allowances that let a finding pass.
    pub allowed: Vec<Allowance>,
    /// Fault that kept the push, or a part of it, from being judged.
    pub fault: Option<Fault>,
    /// Fault of the repository's own policy, which judges nothing for lack of its key.
    pub key_lost: Option<Fault>,
    /// Number of new commits.
    pub commits: usize,
    /// Reason why nothing is rejected, if so.
    pub lenient: Option<&'static str>,
    fault_passes: bool,
}

impl Outcome {
    /// Returns whether the push is blocked.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.lenient.is_none() && (self.report.verdict == Verdict::Block || !self.refused.is_empty())
    }

    /// Returns the full names of the references that bring one of the findings.
    #[must_use]
    pub fn refs(&self, findings: &[&Finding]) -> Vec<Vec<u8>> {
        let brought = findings.iter().filter_map(|finding| self.brought_by.get(finding)).flatten();
        let brought: BTreeSet<usize> = brought.copied().collect();
        brought.into_iter().filter_map(|at| self.names.get(at)).flatten().cloned().collect()
    }

    /// Returns whether the push is rejected because it could not be judged.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.fault.is_some() && self.lenient.is_none() && !self.fault_passes
    }
}

/// Judges a push, as far as possible.
#[must_use]
pub fn receive(repository: &Repository, push: &Push<'_>) -> Outcome {
    let mut outcome = Outcome::of(push.config);
    if push.config.enforce == Enforce::Off {
        return outcome;
    }
    if let Err(fault) = outcome.judge_tips(repository, push) {
        outcome.fault = Some(fault);
    }
    outcome.warn_of_unused(push.allowances);
    outcome
}

/// Returns the outcome of a push whose judging exceeded the deadline.
#[must_use]
pub fn out_of_time(repository: &Repository, push: &Push<'_>) -> Outcome {
    let mut outcome = Outcome::of(push.config);
    // If it is unknown whether this is the first push, the stricter setting applies.
    if repository.has_references(&|name| push.config.judges(name)).is_ok_and(|any| !any) {
        outcome.first_push(push.config);
    }
    outcome.fault = Some(Error::OutOfTime.into());
    outcome
}

/// Returns the object ids that the references had before the push.
fn had<'u>(updates: impl IntoIterator<Item = &'u Update>) -> Vec<&'u str> {
    updates.into_iter().filter(|update| update.existed_before()).map(|update| update.old.as_str()).collect()
}

impl Outcome {
    fn of(config: &Config) -> Self {
        let lenient = (config.enforce == Enforce::Report).then_some(REPORTS_ONLY);
        Self { lenient, fault_passes: config.cannot_judge == CannotJudge::Report, ..Self::default() }
    }

    /// Returns whether the first push to a repository is judged at all.
    fn first_push(&mut self, config: &Config) -> bool {
        match config.first_push.min(config.enforce) {
            Enforce::Off => return false,
            Enforce::Report => self.lenient = self.lenient.or(Some(FIRST_PUSH)),
            Enforce::Block => {}
        }
        true
    }

    fn judge_tips(&mut self, repository: &Repository, push: &Push<'_>) -> Result<(), Fault> {
        if push.config.protect_policy && push.config.policies.contains(&PolicySource::Repository) {
            self.refuse_loss(repository, push)?;
        }
        let judged = |update: &&Update| update.exists_after() && push.config.judges(&update.name);
        let tips = push.updates.iter().filter(judged).map(|update| (update.new.as_str(), update));
        let tips = repository.commits_of(tips)?;
        if tips.is_empty() {
            return Ok(());
        }
        let counts = |name: &str| push.config.judges(name);
        let is_first = !repository.has_references(&counts)?;
        if is_first && !self.first_push(push.config) {
            return Ok(());
        }
        let old = had(push.updates);
        let there = Existing::References { counts: &counts, old: &old };
        let mut authority = Authority::of(repository, push.config, &tips, is_first)?;
        self.warnings.append(&mut authority.warnings);
        if let Some(fault) = authority.key_lost.take() {
            let problem = fault.problems.first();
            let file = problem.and_then(|problem| problem.place.as_ref()).map_or(FILE, |(file, ..)| file);
            let (what, hint) = problem.map(|problem| (&*problem.message, problem.hint.as_deref())).unwrap_or_default();
            let hint = hint.map(|hint| format!(": {hint}")).unwrap_or_default();
            self.warnings.push(format!("nothing is judged by {file}: {what}{hint}"));
            self.key_lost = Some(fault);
        }
        let limit = push.config.commit_limit;
        let mut open: Vec<&(CommitId, Vec<&Update>)> = tips.iter().collect();
        let mut is_cut = false;
        while !open.is_empty() {
            let ids: Vec<CommitId> = open.iter().map(|(tip, _)| *tip).collect();
            let new_commits = repository.new_commits(&ids, &there, limit)?;
            self.commits = self.commits.max(new_commits.count());
            if new_commits.is_cut() && !std::mem::replace(&mut is_cut, true) {
                self.warnings.push(format!("over {limit} commits are new: only the tips of this push are judged"));
            }
            // The search stopped at the limit, so the tips are looked up separately: no tip may pass unseen.
            let (settled, rest): (Vec<_>, _) = open.into_iter().partition(|(tip, _)| !new_commits.is_unsettled(*tip));
            if settled.is_empty() {
                return Err(Fault::new(format!(
                    "over {limit} commits are new, and no tip is among those that were read"
                )));
            }
            for (tip, updates) in settled {
                let changes = repository.changes_at(&new_commits, *tip, &had(updates.iter().copied()))?;
                let of_policy = authority.change(repository, &changes, *tip, updates)?;
                self.tell(of_policy, updates, push.config.protect_policy);
                self.tip(
                    repository,
                    push,
                    &authority,
                    Tip { changes: &changes, new_commits: &new_commits, tip: *tip, updates },
                )?;
            }
            open = rest;
        }
        Ok(())
    }

    fn tip(
        &mut self,
        repository: &Repository,
        push: &Push<'_>,
        authority: &Authority,
        tip: Tip<'_>,
    ) -> Result<(), Fault> {
        let number = self.names.len();
        self.names.push(tip.updates.iter().map(|update| update.name.clone()).collect());
        let mut files = 0;
        for policy in &authority.policies {
            let change = Change { changes: tip.changes, new_commits: Some((tip.new_commits, tip.tip)) };
            let mut report = by_policy(repository, change, &policy.at(push.today), TERMS)?;
            self.allow(&mut report, push.allowances);
            if tip.new_commits.is_shallow() && report.verdict == Verdict::Block {
                // The pusher decides where a shallow history ends, so it must not be a way around the check.
                report.soften(SHALLOW);
                let fault = Fault::new("the pushed history is shallow, so new code cannot be distinguished from old");
                self.fault = Some(fault.with_hint("Fetch all of it before you push: git fetch --unshallow"));
            }
            for finding in &report.findings {
                let brought = self.brought_by.entry(finding.clone()).or_default();
                if brought.last() != Some(&number) {
                    brought.push(number);
                }
            }
            // Every policy judges the same files.
            let counted = report.checked.files.min(files);
            report.checked.files -= counted;
            files += report.checked.files;
            self.report.join(report);
            let most = Limits::PUSH.findings;
            if self.report.findings.len() > most {
                return Err(Fault::new(format!("over {most} findings: the rest of this push is not judged"))
                    .with_hint("Push fewer references at once."));
            }
        }
        Ok(())
    }

    /// Applies the pusher's allowances.
    fn allow(&mut self, report: &mut Report, allowances: &Allowances) {
        let user = allowances.user.as_deref().unwrap_or("an unnamed user");
        let mut used = Vec::new();
        for finding in report.findings.iter_mut().filter(|finding| finding.severity == Severity::Block) {
            let Some(reason) = allowances.for_rule(&finding.rule.id) else { continue };
            finding.soften(Severity::Warn, &format!("allowed to {user}: {reason}"));
            used.push(finding.rule.id.clone());
        }
        for rest in report.unlisted.iter_mut().filter(|rest| rest.severity == Severity::Block) {
            if allowances.for_rule(&rest.rule).is_some() {
                rest.severity = Severity::Warn;
                used.push(rest.rule.clone());
            }
        }
        for allowance in allowances.allowed.iter().filter(|allowance| used.contains(&allowance.rule)) {
            if !self.allowed.contains(allowance) {
                self.allowed.push(allowance.clone());
            }
        }
        report.decide();
    }

    fn tell(&mut self, change: authority::Change, updates: &[&Update], protect: bool) {
        let name = updates.first().map(|update| String::from_utf8_lossy(&update.name).into_owned());
        let name = name.unwrap_or_default();
        if let Some(mut fault) = change.invalid {
            fault.hint.get_or_insert_with(|| format!("Fix {FILE} before you push {name}."));
            self.refused.push(fault);
        }
        if change.weakens.is_empty() {
            return;
        }
        if protect && change.stands {
            let mut fault = Fault::new(format!("{name} would weaken the policy, which this server protects"));
            fault.hint = Some("Ask the server's admin.".to_owned());
            self.refused.push(fault);
        }
        let lead = if change.stands { "weakens the policy" } else { "would weaken the policy, once it is merged" };
        self.warnings.extend(change.weakens.into_iter().map(|sentence| format!("{name} {lead}: {sentence}")));
    }

    /// Refuses to delete the branch that holds a protected policy.
    fn refuse_loss(&mut self, repository: &Repository, push: &Push<'_>) -> Result<(), Fault> {
        let Some(branch) = repository.default_branch()?.name else { return Ok(()) };
        let mut gone = push.updates.iter().filter(|update| !update.exists_after() && update.existed_before());
        if gone.any(|update| repository.is_branch(&update.name, &branch)) {
            let mut fault =
                Fault::new(format!("{branch} cannot be deleted: it holds the policy, which this server protects"));
            fault.hint = Some("Ask the server's admin.".to_owned());
            self.refused.push(fault);
        }
        Ok(())
    }

    fn warn_of_unused(&mut self, allowances: &Allowances) {
        self.warnings.extend(allowances.warnings.iter().cloned());
        if self.fault.is_some() {
            return;
        }
        for allowance in &allowances.allowed {
            if !self.allowed.contains(allowance) {
                self.warnings
                    .push(format!("importgate.allow for {} was not needed: nothing is blocked by it", allowance.rule));
            }
        }
    }
}

/// A pushed commit, with the references that name it.
#[derive(Clone, Copy)]
struct Tip<'a> {
    changes: &'a Changes<'a>,
    new_commits: &'a NewCommits,
    tip: CommitId,
    updates: &'a [&'a Update],
}

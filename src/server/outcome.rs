//! Outcome of a push: what was found, by which references, and whether that rejects it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::allow::{Allowance, Allowances};
use super::authority::Authority;
use super::config::{CannotJudge, Config, Enforce, OnFault};
use super::shadow::Shadow;
use super::ungated::Blamed;
use crate::check::limits::Limits;
use crate::finding::Finding;
use crate::git::Repository;
use crate::policy::{RuleName, Severity};
use crate::report::{Fault, Report};
use crate::verdict::Verdict;

const REPORTS_ONLY: &str = "This server only reports: nothing is rejected.";
const SWITCHED: &str = "This server reports only, for now: nothing is rejected.";
const FIRST_PUSH: &str = "The repository was empty, so nothing is rejected this time.";
const SHALLOW: &str = "the pushed history is shallow, so this may be old code";
const COMMITS_UNKNOWN: &str = "time ended before it was known which commits brought this: a revert may be among them";

/// Outcome of a push.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Findings by all policies together.
    pub found: Found,
    /// Full names of the references that were judged, grouped by commit.
    pub(super) names: Vec<Vec<Vec<u8>>>,
    /// Other reasons to reject the push, if enforced: a policy that is invalid or must not be weakened.
    pub refused: Vec<Fault>,
    /// Further warnings.
    pub warnings: Vec<String>,
    /// Ways in which the push weakens the policy in effect, a sentence each. Untrusted text.
    pub weakened: Vec<String>,
    /// The policies that judge the push: the name of each, and the id of its file.
    pub(super) policies: Vec<(String, Option<String>)>,
    /// What shadow policies find, for the log alone.
    pub shadow: Vec<Shadow>,
    /// Fault that kept the push, or a part of it, from being judged.
    pub fault: Option<Fault>,
    /// Fault of the repository's own policy, which judges nothing for lack of its key.
    pub key_lost: Option<Fault>,
    /// Number of new commits.
    pub commits: usize,
    /// Reason why nothing is rejected, if so.
    pub lenient: Option<&'static str>,
    /// Whether no policy blocks anything, and what the push does to the policy is known.
    pub(super) is_harmless: bool,
    /// How much `allow-in` and caps let pass of what is new, by rule; `None` if that is not known.
    pub excused: Option<BTreeMap<String, usize>>,
    /// Whether it is still unknown if the push weakens a protected policy.
    pub(super) is_guarded: bool,
    /// Whether some commits are beyond the limit.
    pub(super) is_cut: bool,
    cannot_judge: CannotJudge,
}

/// What was found in a push.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Findings by all policies together.
    pub report: Report,
    /// Verdict by each policy, as far as it was asked.
    verdicts: Vec<Verdict>,
    /// Rules with findings that allowances let pass.
    pub allowed: Vec<(RuleName, Allowance)>,
    /// Commits that brought what blocks, whatever is allowed.
    blamed: Blamed,
    /// Indices of the groups of references that bring each finding.
    brought_by: HashMap<Finding, Vec<usize>>,
    /// Whether something is not blocked because the pushed history is shallow.
    is_shallow: bool,
}

impl Outcome {
    pub(super) fn of(config: &Config) -> Self {
        let why = if config.is_switched { SWITCHED } else { REPORTS_ONLY };
        let lenient = (config.enforce == Enforce::Report).then_some(why);
        Self { lenient, cannot_judge: config.cannot_judge, ..Self::default() }
    }

    /// Returns whether the push is blocked.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.lenient.is_none() && (self.found.report.verdict == Verdict::Block || !self.refused.is_empty())
    }

    /// Tells what is the matter with policies in effect, and numbers them.
    pub(super) fn tell_authority(&mut self, authority: &mut Authority) {
        self.warnings.append(&mut authority.warnings);
        // The other policies judge all the same.
        self.fault = self.fault.take().or(authority.fault.take());
        if let Some(fault) = authority.key_lost.take() {
            self.tell_key_lost(fault);
        }
        let named = authority.policies.iter().zip(&authority.blobs);
        let named = named.map(|(policy, blob)| (policy.origin().to_owned(), blob.map(|blob| blob.to_string())));
        let mut number = |named| {
            let known = self.policies.iter().position(|known| *known == named);
            known.unwrap_or_else(|| {
                self.policies.push(named);
                self.policies.len() - 1
            })
        };
        authority.numbers = named.map(&mut number).collect();
    }

    /// Returns the policies that judge the push: the name of each, the id of its file, and its verdict so far.
    pub fn policies(&self) -> impl Iterator<Item = (&str, Option<&str>, Verdict)> {
        let verdict = |of| self.found.verdicts.get(of).copied().unwrap_or_default();
        let policies = self.policies.iter().enumerate();
        policies.map(move |(of, (name, blob))| (name.as_str(), blob.as_deref(), verdict(of)))
    }

    /// Returns the number of new commits that evidently passed no local gate; `None` if that is not known. Without the
    /// `repository`, no commit is looked up.
    #[must_use]
    pub fn ungated(&self, repository: Option<&Repository>) -> Option<usize> {
        if self.fault.is_some() {
            return None;
        }
        if self.found.blamed.is_empty() {
            return Some(0);
        }
        // Beyond the limit, a tip stands for all of its commits.
        let repository = repository.filter(|_| !self.is_cut)?;
        self.found.blamed.count(repository, &self.policies).ok().flatten()
    }

    /// Returns the full names of the references that bring one of the findings.
    #[must_use]
    pub fn refs(&self, findings: &[&Finding]) -> Vec<Vec<u8>> {
        let brought = findings.iter().filter_map(|finding| self.found.brought_by.get(finding)).flatten();
        let brought: BTreeSet<usize> = brought.copied().collect();
        brought.into_iter().filter_map(|at| self.names.get(at)).flatten().cloned().collect()
    }

    /// Returns whether the push is rejected because it could not be judged.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        let rejects = |fault: &Fault| match fault.cause {
            // Who may slow a push down must not weaken the policy by it.
            _ if self.is_guarded => true,
            // What only warns never rejects.
            _ if self.is_harmless => false,
            cause => self.cannot_judge.of(cause) == OnFault::Block,
        };
        self.lenient.is_none() && self.fault.as_ref().is_some_and(rejects)
    }

    /// Returns whether the first push to a repository is judged at all.
    pub(super) fn first_push(&mut self, config: &Config) -> bool {
        match config.first_push.min(config.enforce) {
            Enforce::Off => return false,
            Enforce::Report => self.lenient = self.lenient.or(Some(FIRST_PUSH)),
            Enforce::Block => {}
        }
        true
    }

    /// Says that findings are told without their commits.
    pub(super) fn lacks_commits(&mut self) {
        self.warnings.push(COMMITS_UNKNOWN.to_owned());
    }

    /// Ends the outcome: nothing is judged after that.
    pub(super) fn end(&mut self, allowances: &Allowances) {
        if self.found.is_shallow && self.fault.is_none() {
            let fault = Fault::new("the pushed history is shallow, so new code cannot be distinguished from old");
            self.fault = Some(fault.with_hint("Fetch all of it before you push: git fetch --unshallow"));
        }
        self.warnings.extend(allowances.warnings.iter().cloned());
        if self.fault.is_some() {
            return;
        }
        for allowance in &allowances.allowed {
            if !self.found.allowed.iter().any(|(_, used)| used == allowance) {
                self.warnings
                    .push(format!("importgate.allow for {} was not needed: nothing is blocked by it", allowance.rule));
            }
        }
    }
}

impl Found {
    /// Adds what policy number `of` finds in the commit that group number `number` of references leads to.
    pub(super) fn add(
        &mut self,
        mut report: Report,
        (number, of): (usize, usize),
        is_shallow: bool,
        allowances: &Allowances,
    ) -> Result<(), Fault> {
        self.blamed.add(&report.findings, of);
        self.allow(&mut report, allowances);
        if is_shallow && report.verdict == Verdict::Block {
            // The pusher decides where a shallow history ends, so it must not be a way around the check.
            report.soften(SHALLOW);
            self.is_shallow = true;
        }
        if self.verdicts.len() <= of {
            self.verdicts.resize(of + 1, Verdict::Pass);
        }
        if let Some(verdict) = self.verdicts.get_mut(of) {
            *verdict = (*verdict).max(report.verdict);
        }
        for finding in std::mem::take(&mut report.findings) {
            if let Some(brought) = self.brought_by.get_mut(&finding) {
                if brought.last() != Some(&number) {
                    brought.push(number);
                }
                continue;
            }
            self.brought_by.insert(finding.clone(), vec![number]);
            self.report.findings.push(finding);
        }
        self.report.join(report);
        let most = Limits::PUSH.findings;
        if self.report.findings.len() > most {
            return Err(Fault::new(format!("over {most} findings: the rest of this push is not judged"))
                .with_hint("Push fewer references at once."));
        }
        Ok(())
    }

    /// Applies the pusher's allowances.
    fn allow(&mut self, report: &mut Report, allowances: &Allowances) {
        let user = allowances.user.as_deref().unwrap_or("an unnamed user");
        for finding in report.findings.iter_mut().filter(|finding| finding.severity == Severity::Block) {
            let Some(allowance) = allowances.for_rule(&finding.rule.name) else { continue };
            finding.soften(Severity::Warn, &format!("allowed to {user}: {}", allowance.reason));
            self.note_use(&finding.rule.name, allowance);
        }
        for rest in report.unlisted.iter_mut().filter(|rest| rest.severity == Severity::Block) {
            let Some(allowance) = allowances.for_rule(&rest.rule) else { continue };
            rest.severity = Severity::Warn;
            self.note_use(&rest.rule, allowance);
        }
        report.decide();
    }

    fn note_use(&mut self, rule: &RuleName, allowance: &Allowance) {
        if !self.allowed.iter().any(|(known, _)| known == rule) {
            self.allowed.push((rule.clone(), allowance.clone()));
        }
    }
}

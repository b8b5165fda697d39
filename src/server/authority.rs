//! Policies that judge a push, and what the push does to the repository's own policy. The pushed policy decides only if
//! nothing else can: in an empty repository, or if the policy in effect is broken.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use super::config::{Config, PolicySource};
use super::input::Tip;
use super::push::Update;
use super::shadow::check_file;
use super::skew;
use crate::git::{Blob, Changes, CommitId, DefaultBranch, Existing, Repository, Snapshot};
use crate::locate::{self, FILE, Located};
use crate::own_policy::OwnPolicies;
use crate::policy::Policy;
use crate::report::Fault;

/// Policies that judge a push, or those of its tips that are judged alike.
#[derive(Default)]
pub struct Authority {
    /// The policies; each judges on its own.
    pub policies: Vec<Rc<Policy>>,
    /// The file that each of them is, for the log; `None` where it could not be told.
    pub blobs: Vec<Option<Blob>>,
    /// The number of each in the outcome.
    pub(super) numbers: Vec<usize>,
    /// Warnings to report.
    pub warnings: Vec<String>,
    /// Fault of the repository's own policy that is no reason to reject a push, but to tell and log it.
    pub key_lost: Option<Fault>,
    /// Fault of a policy in effect that is invalid or cannot be read, if the push does not fix it: the others judge, and the
    /// push as a whole cannot be judged.
    pub fault: Option<Fault>,
    /// The branch whose policy is in effect.
    branch: DefaultBranch,
    /// The policies of files, in the configured order; `None` for one that could not be read, and for the repository's own.
    files: Vec<Option<(Rc<Policy>, Option<Blob>)>>,
    /// Whether the repository's own policy was in effect before the push, but could not be read.
    is_unread: bool,
    /// Whether the repository's own policy is among the configured ones.
    is_asked: bool,
    /// Index of the repository's own policy.
    repositorys: Option<usize>,
    /// Whether that was in effect before the push.
    is_standing: bool,
    /// Which branches have policies of their own.
    pub(super) own_policies: OwnPolicies,
    /// Number of commits up to which it is looked for where a new branch began.
    commit_limit: usize,
}

/// Effect of a push on the repository's policy.
#[derive(Default)]
pub struct Change {
    /// Fault of the pushed policy.
    pub invalid: Option<Fault>,
    /// Ways in which it weakens the policy, a sentence each. Untrusted text.
    pub weakens: Vec<String>,
    /// Whether the pushed policy takes effect with this push.
    pub stands: bool,
    /// Whether it replaces one that could not be read, so that nobody knows what it weakens.
    pub is_blind: bool,
}

impl Authority {
    /// Returns the policies in effect before the push. `tips` are the pushed commits with the references that name them.
    /// If the repository is empty (`is_first`), the pushed policy is used.
    ///
    /// # Errors
    /// When the default branch cannot be read.
    pub fn of(repository: &Repository, config: &Config, tips: &[Tip<'_>], is_first: bool) -> Result<Self, Fault> {
        let mut own = Self { branch: repository.default_branch()?, ..Self::default() };
        for source in &config.policies {
            own.files.push(match source {
                PolicySource::File(file) => match check_file(file).and_then(|()| locate::with_source(file)) {
                    Ok((policy, source)) => Some((Rc::new(policy), repository.blob_of(&source))),
                    Err(fault) => {
                        let fault = skew::of_file(config.naming(file, fault), &config.contact);
                        own.fault = own.fault.or(Some(fault));
                        None
                    }
                },
                PolicySource::Repository => None,
            });
        }
        own.collect(repository, config, tips, is_first);
        // Nothing is there yet that could be judged by another policy.
        if !is_first {
            let policy = own.repositorys.and_then(|at| own.policies.get(at));
            own.own_policies = OwnPolicies::of(policy.map(Rc::as_ref), own.branch.name.as_deref());
        }
        own.commit_limit = config.commit_limit;
        Ok(own)
    }

    /// Returns the policies in effect for a branch with a policy of its own, whose policy is that of its own tip.
    pub(super) fn of_branch(
        &self,
        repository: &Repository,
        config: &Config,
        tips: &[Tip<'_>],
        branch: DefaultBranch,
    ) -> Self {
        let mut own = Self { branch, files: self.files.clone(), ..Self::default() };
        own.collect(repository, config, tips, false);
        own
    }

    fn collect(&mut self, repository: &Repository, config: &Config, tips: &[Tip<'_>], is_first: bool) {
        self.is_asked = config.policies.contains(&PolicySource::Repository);
        for (at, source) in config.policies.iter().enumerate() {
            if *source == PolicySource::Repository {
                if let Err(fault) = self.standing(repository, tips, is_first, &config.contact) {
                    self.fault = self.fault.take().or(Some(fault));
                }
            } else if let Some((policy, blob)) = self.files.get(at).cloned().flatten() {
                self.policies.push(policy);
                self.blobs.push(blob);
            }
        }
    }

    /// Returns the policies, each with its number in the outcome.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (&Policy, usize)> {
        self.policies.iter().map(Rc::as_ref).zip(self.numbers.iter().copied())
    }

    /// Holds policies once that are the same file at several tips.
    pub(super) fn share(&mut self, known: &mut HashMap<Blob, Rc<Policy>>) {
        for (policy, blob) in self.policies.iter_mut().zip(&self.blobs) {
            if let Some(blob) = blob {
                *policy = Rc::clone(known.entry(*blob).or_insert_with(|| Rc::clone(policy)));
            }
        }
    }

    /// Returns a file's policy alone, which no push can change.
    ///
    /// # Errors
    /// When it is invalid or cannot be read.
    pub(super) fn of_file(repository: &Repository, file: &Path) -> Result<Self, Fault> {
        let (policy, source) = locate::with_source(file)?;
        Ok(Self {
            policies: vec![Rc::new(policy)],
            blobs: vec![repository.blob_of(&source)],
            numbers: vec![0],
            branch: repository.default_branch()?,
            ..Self::default()
        })
    }

    fn standing(
        &mut self,
        repository: &Repository,
        tips: &[Tip<'_>],
        is_first: bool,
        contact: &str,
    ) -> Result<(), Fault> {
        let name = self.branch.name.clone().unwrap_or_else(|| "HEAD".to_owned());
        let pushed = tips.iter().find(|(_, updates)| updates.iter().any(|update| self.is_default(repository, update)));
        let found = match self.branch.tip {
            Some(tip) => match locate::at_commit(repository, tip, &name) {
                Ok(Located::KeyLost(fault)) => {
                    // The file says that it is none, so it rejects nothing; but nobody may rely on it unknowingly.
                    if let Some(Ok(Located::Policy(policy))) =
                        pushed.map(|(tip, _)| locate::at_commit(repository, *tip, &name))
                    {
                        self.warnings.push(format!(
                            "the policy of {name} lacks its key, so this push is judged by the one that it brings"
                        ));
                        self.add(repository, pushed.map(|(tip, _)| *tip), *policy);
                    } else {
                        self.key_lost = Some(fault);
                    }
                    return Ok(());
                }
                Err(fault) => match pushed.map(|(tip, _)| locate::at_commit(repository, *tip, &name)) {
                    Some(Ok(Located::Policy(policy))) => {
                        self.is_unread = true;
                        self.warnings.push(format!(
                            "the policy of {name} {}, so this push is judged by the one that it brings",
                            skew::what_is_wrong(&fault)
                        ));
                        self.add(repository, pushed.map(|(tip, _)| *tip), *policy);
                        return Ok(());
                    }
                    _ => {
                        self.is_unread = true;
                        return Err(skew::of_standing(fault, &name, contact));
                    }
                },
                Ok(found) => found,
            },
            None if is_first => {
                let tip = pushed.or(tips.first()).map(|(tip, _)| *tip);
                // `change` reports the errors of a pushed policy.
                let found = tip.and_then(|tip| locate::at_commit(repository, tip, &name).ok());
                if let Some(Located::Policy(policy)) = found {
                    self.add(repository, tip, *policy);
                }
                return Ok(());
            }
            None => {
                self.warnings.push(format!(
                    "HEAD names {name}, which does not exist, so no {FILE} is in effect here; \
                     {contact} can name another branch with: git symbolic-ref HEAD refs/heads/NAME"
                ));
                return Ok(());
            }
        };
        if let Located::Policy(policy) = found {
            self.add(repository, self.branch.tip, *policy);
            self.is_standing = true;
        }
        Ok(())
    }

    fn add(&mut self, repository: &Repository, commit: Option<CommitId>, policy: Policy) {
        let blob =
            commit.and_then(|commit| repository.side_of(&commit.to_string()).ok()?.blob(FILE.as_bytes()).ok()?);
        self.repositorys = Some(self.policies.len());
        self.policies.push(Rc::new(policy));
        self.blobs.push(blob);
    }

    /// Returns what a tip does to the policy in effect; `None` if it goes to another branch, or nothing is in effect.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn change_of_standing(
        &self,
        repository: &Repository,
        tip: CommitId,
        updates: &[&Update],
    ) -> Result<Option<Change>, Fault> {
        let Some(standing) = self.standing_tip(repository, updates) else { return Ok(None) };
        let (before, now) = (repository.side_of(&standing.to_string())?, repository.side_of(&tip.to_string())?);
        // The policies of other branches do not matter: the one in effect changes.
        let is_untouched = of_side(&before)? == of_side(&now)?;
        let change = Change { stands: true, ..Change::default() };
        if is_untouched {
            return Ok(Some(change));
        }
        let old = self.repositorys.filter(|_| self.is_standing).and_then(|own| self.policies.get(own));
        let change = Change { is_blind: self.is_unread, ..change };
        Ok(Some(compared(change, old.map(Rc::as_ref), repository, tip, updates)))
    }

    /// Returns what a tip does to the repository's policy, compared with the one where its branch began. For the branch
    /// whose policy is in effect, that is [`Self::change_of_standing`], and nothing is returned.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn change(
        &self,
        repository: &Repository,
        changes: &Changes<'_>,
        tip: CommitId,
        updates: &[&Update],
    ) -> Result<Change, Fault> {
        let stands = updates.iter().any(|update| self.is_default(repository, update));
        let change = Change { stands, ..Change::default() };
        if !self.is_asked || self.standing_tip(repository, updates).is_some() {
            return Ok(change);
        }
        if let Some(founded) = updates.iter().find(|update| self.own_policies.is_named(&update.name)) {
            // The policy stands from now on. Other branches may have brought it here unprotected.
            let branched = self.branched_with(repository, tip)?;
            return Ok(compared(Change { stands: true, ..change }, branched.as_ref(), repository, tip, &[founded]));
        }
        if is_untouched(changes)? {
            return Ok(change);
        }
        let began = if stands { None } else { began_with(changes) };
        Ok(compared(change, began.as_ref(), repository, tip, updates))
    }

    /// Returns the policy where a branch left the default branch, if it was valid.
    fn branched_with(&self, repository: &Repository, tip: CommitId) -> Result<Option<Policy>, Fault> {
        let Some(main) = self.branch.tip else { return Ok(None) };
        let main = [main.to_string()];
        let beyond = repository.new_commits(&[tip], &Existing::Commits(&main), self.commit_limit)?;
        let branched = beyond.begins_at(tip).first().copied();
        let side = repository.side_of(&branched.map_or_else(|| main.concat(), |commit| commit.to_string()))?;
        Ok(valid_policy(&side, "the branch's beginning"))
    }

    /// Returns the commit whose policy is in effect, if one of the references is its branch.
    fn standing_tip(&self, repository: &Repository, updates: &[&Update]) -> Option<CommitId> {
        let stands = || updates.iter().any(|update| self.is_default(repository, update));
        self.branch.tip.filter(|_| self.is_asked && stands())
    }

    fn is_default(&self, repository: &Repository, update: &Update) -> bool {
        self.branch.name.as_ref().is_some_and(|name| repository.is_branch(&update.name, name))
    }
}

/// Completes a change by what becomes of the `old` policy.
fn compared(
    mut change: Change,
    old: Option<&Policy>,
    repository: &Repository,
    tip: CommitId,
    updates: &[&Update],
) -> Change {
    let name = updates.first().map(|update| String::from_utf8_lossy(&update.name).into_owned());
    let new = match locate::at_commit(repository, tip, &name.unwrap_or_default()) {
        Ok(new) => new,
        Err(fault) => {
            change.invalid = Some(fault);
            return change;
        }
    };
    change.weakens = match (old, new) {
        (Some(old), Located::Policy(new)) => old.loosened_by(&new),
        (Some(_), Located::Foreign(_)) => vec![format!("{FILE} is no longer importgate's policy")],
        (Some(_), Located::Nothing) => vec![format!("{FILE} is removed")],
        (_, Located::KeyLost(fault)) => {
            change.invalid = Some(fault);
            Vec::new()
        }
        (None, _) => Vec::new(),
    };
    change
}

/// Returns the blob at the policy's path, if there is one, and whether the entry is a link.
fn of_side(side: &Snapshot<'_>) -> Result<(Option<Blob>, bool), Fault> {
    Ok((side.blob(FILE.as_bytes())?, side.is_link(FILE.as_bytes())?))
}

/// Returns whether the policy equals that of some old side: a merge brings what others have already pushed.
fn is_untouched(changes: &Changes<'_>) -> Result<bool, Fault> {
    let now = of_side(&changes.new_side)?;
    if changes.old_sides.is_empty() {
        return Ok(now == (None, false));
    }
    for side in &changes.old_sides {
        if of_side(side)? == now {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns the policy where a branch began, if it was valid.
fn began_with(changes: &Changes<'_>) -> Option<Policy> {
    valid_policy(changes.old_sides.first()?, "the branch's beginning")
}

fn valid_policy(side: &Snapshot<'_>, name: &str) -> Option<Policy> {
    match locate::at_side(side, name).ok()? {
        Located::Policy(policy) => Some(*policy),
        Located::Foreign(_) | Located::KeyLost(_) | Located::Nothing => None,
    }
}

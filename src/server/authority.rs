//! Policies that judge a push. The pushed policy decides only if nothing else can: in an empty repository, or if the policy in
//! effect is broken.

use std::path::Path;
use std::rc::Rc;

use super::config::{Config, PolicySource};
use super::input::Tip;
use super::known::Known;
use super::shadow::check_file;
use super::skew;
use crate::git::{Blob, CommitId, DefaultBranch, Repository};
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
    /// Whether the branch has a policy of its own.
    is_of_branch: bool,
    /// The policy of that, if it is known already.
    preset: Option<(Rc<Policy>, Option<Blob>)>,
    /// Whether the repository's own policy was in effect before the push, but could not be read.
    pub(super) is_unread: bool,
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

impl Authority {
    /// Returns the policies in effect before the push. `tips` are the pushed commits with the references that name them.
    /// If the repository is empty (`is_first`), the pushed policy is used.
    ///
    /// # Errors
    /// When the default branch cannot be read.
    pub fn of(repository: &Repository, config: &Config, tips: &[Tip<'_>], is_first: bool) -> Result<Self, Fault> {
        let mut own = Self { branch: repository.default_branch()?, ..Self::default() };
        for (source, name) in config.policies.iter().zip(config.policy_names()) {
            own.files.push(match source {
                PolicySource::File(file) => match check_file(file).and_then(|()| locate::with_source(file)) {
                    Ok((mut policy, source)) => {
                        config.prepare(&mut policy, name.as_deref());
                        Some((Rc::new(policy), repository.blob_of(&source)))
                    }
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

    /// Returns the policies in effect for tips of branches with policies of their own: the repository's is that at `branch`.
    /// `known` are the policies of other such branches in this push.
    pub(super) fn of_branch(
        &self,
        repository: &Repository,
        config: &Config,
        tip: Tip<'_>,
        (branch, known): (DefaultBranch, &mut Known),
    ) -> Self {
        let mut own = Self { branch, files: self.files.clone(), is_of_branch: true, ..Self::default() };
        let blob = own.branch.tip.and_then(|tip| blob_at(repository, tip));
        match blob.map(|blob| known.room(repository, blob)) {
            Some(Err(fault)) => own.fault = Some(fault),
            Some(Ok(Some(policy))) => own.preset = Some((policy, blob)),
            Some(Ok(None)) | None => {}
        }
        own.collect(repository, config, &[tip], false);
        if let (Some(blob), Some(policy)) = (blob, own.standing_policy()) {
            known.keep(repository, blob, Rc::clone(policy));
        }
        own
    }

    fn collect(&mut self, repository: &Repository, config: &Config, tips: &[Tip<'_>], is_first: bool) {
        self.is_asked = config.policies.contains(&PolicySource::Repository);
        for (at, source) in config.policies.iter().enumerate() {
            if *source != PolicySource::Repository {
                if let Some((policy, blob)) = self.files.get(at).cloned().flatten() {
                    self.policies.push(policy);
                    self.blobs.push(blob);
                }
            } else if let Some((policy, blob)) = self.preset.take() {
                self.add_own(policy, blob);
                self.is_standing = true;
            } else if let Err(fault) = self.standing(repository, config, tips, is_first) {
                self.fault = self.fault.take().or(Some(fault));
            }
        }
    }

    /// Returns the repository's own policy, if it was in effect before the push.
    pub(super) fn standing_policy(&self) -> Option<&Rc<Policy>> {
        self.repositorys.filter(|_| self.is_standing).and_then(|at| self.policies.get(at))
    }

    /// Returns the policies, each with its number in the outcome.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (&Policy, usize)> {
        self.policies.iter().map(Rc::as_ref).zip(self.numbers.iter().copied())
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
        config: &Config,
        tips: &[Tip<'_>],
        is_first: bool,
    ) -> Result<(), Fault> {
        let contact = &config.contact;
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
                        self.add(repository, config, pushed.map(|(tip, _)| *tip), policy);
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
                        self.add(repository, config, pushed.map(|(tip, _)| *tip), policy);
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
                    self.add(repository, config, tip, policy);
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
            self.add(repository, config, self.branch.tip, policy);
            self.is_standing = true;
        }
        Ok(())
    }

    fn add(&mut self, repository: &Repository, config: &Config, commit: Option<CommitId>, mut policy: Box<Policy>) {
        config.prepare(&mut policy, None);
        self.add_own(Rc::from(policy), commit.and_then(|commit| blob_at(repository, commit)));
    }

    fn add_own(&mut self, policy: Rc<Policy>, blob: Option<Blob>) {
        self.repositorys = Some(self.policies.len());
        self.policies.push(policy);
        self.blobs.push(blob);
    }

    pub(super) fn branch(&self) -> &DefaultBranch {
        &self.branch
    }

    pub(super) fn is_of_branch(&self) -> bool {
        self.is_of_branch
    }

    /// Returns whether the repository's own policy is among the configured ones.
    pub(super) fn is_asked(&self) -> bool {
        self.is_asked
    }

    pub(super) fn commit_limit(&self) -> usize {
        self.commit_limit
    }
}

/// Returns the file that a commit has as its policy.
fn blob_at(repository: &Repository, commit: CommitId) -> Option<Blob> {
    repository.side_of(&commit.to_string()).ok()?.blob(FILE.as_bytes()).ok()?
}

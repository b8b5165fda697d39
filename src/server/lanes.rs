//! Tips of a push that are judged alike: by the same policies, with the same references leading to what is already there.
//!
//! All tips are, but for branches that `own-policy` names: each of these is judged by the policy of its own old tip.

use std::collections::HashMap;
use std::rc::Rc;

use super::authority::Authority;
use super::config::Config;
use super::input::{Push, Tip, had};
use super::push::Update;
use crate::git::{Blob, CommitId, DefaultBranch, Existing, Repository, Trust};
use crate::own_policy::{OwnPolicies, Standing};
use crate::policy::Policy;
use crate::report::Fault;

/// Tips that are judged alike.
pub(super) struct Lane<'u> {
    /// The policies that judge them.
    pub(super) authority: Rc<Authority>,
    /// The tips, each with those of its references that belong here.
    pub(super) tips: Vec<Tip<'u>>,
    /// How the references stand to others.
    standing: Standing,
    /// Full name of the branch, if its own policy judges it; else empty.
    branch: Vec<u8>,
    own_policies: OwnPolicies,
}

impl<'u> Lane<'u> {
    /// Splits the tips of a push. `authority` holds the policies in effect before it; `tell` is called with it, and with the
    /// policies of each branch that has its own.
    ///
    /// # Errors
    /// When references cannot be read.
    pub(super) fn all(
        repository: &Repository,
        push: &Push<'_>,
        tips: Vec<Tip<'u>>,
        mut authority: Authority,
        tell: &mut dyn FnMut(&mut Authority),
    ) -> Result<Vec<Self>, Fault> {
        tell(&mut authority);
        let own_policies = authority.own_policies.clone();
        let authority = Rc::new(authority);
        if !own_policies.are_any() {
            return Ok(vec![Self { authority, tips, standing: Standing::Shared, branch: Vec::new(), own_policies }]);
        }
        let mut lanes: Vec<Self> = Vec::new();
        let mut known: HashMap<Blob, Rc<Policy>> = HashMap::new();
        for (tip, updates) in tips {
            for update in updates {
                let branch = repository.changed_by(&update.name);
                // With a namespace, the reference of this name is another one.
                let is_own = own_policies.is_named(&branch) && !repository.has_namespace();
                let old = if is_own { repository.tip_of(&branch, &update.old)? } else { None };
                let standing = own_policies.standing(&branch, old.is_some());
                let begun = if is_own && old.is_none() { begun(repository, push, &own_policies, tip)? } else { None };
                let judging = old.or(begun);
                let alike = |lane: &&mut Self| match judging {
                    Some(_) => lane.branch == branch,
                    None => lane.branch.is_empty() && lane.standing == standing,
                };
                if let Some(lane) = lanes.iter_mut().find(alike) {
                    lane.add(tip, update);
                    continue;
                }
                let mut authority = Rc::clone(&authority);
                if judging.is_some() {
                    let name = Some(String::from_utf8_lossy(&branch).into_owned());
                    let branch = DefaultBranch { name, tip: judging };
                    let mut own = authority.of_branch(repository, push.config, &[(tip, vec![update])], branch);
                    own.share(&mut known);
                    tell(&mut own);
                    authority = Rc::new(own);
                }
                let branch = judging.map(|_| branch).unwrap_or_default();
                let own_policies = own_policies.clone();
                lanes.push(Self { authority, tips: vec![(tip, vec![update])], standing, branch, own_policies });
            }
        }
        Ok(lanes)
    }

    fn add(&mut self, tip: CommitId, update: &'u Update) {
        match self.tips.last_mut() {
            Some((last, updates)) if *last == tip => updates.push(update),
            _ => self.tips.push((tip, vec![update])),
        }
    }

    /// Returns whether what a reference of the repository leads to is already there for these tips.
    pub(super) fn trusts(&self, config: &Config, name: &[u8]) -> bool {
        let is_itself = self.standing == Standing::Own && name == self.branch;
        config.trusts(name) && (is_itself || self.own_policies.counts(name, self.standing))
    }

    /// Returns the same for a reference of a repository that this one borrows objects from.
    pub(super) fn trusts_lent(&self, config: &Config, name: &[u8]) -> bool {
        // A branch of this name there is another one.
        config.trusts_lent(name) && self.own_policies.counts(name, self.standing)
    }

    /// Calls `with` with what is already there for these tips.
    pub(super) fn with_existing<R>(&self, config: &Config, with: impl FnOnce(&Existing<'_>) -> R) -> R {
        let own = |name: &[u8]| self.trusts(config, name);
        let lent = |name: &[u8]| self.trusts_lent(config, name);
        let old = had(self.tips.iter().flat_map(|(_, updates)| updates.iter().copied()));
        with(&Existing::References { trust: Trust { own: &own, lent: &lent }, old: &old })
    }
}

/// Returns the commit from which a new branch with a policy of its own begins, if that is on another such branch alone, so
/// that this one's policy goes on.
fn begun(
    repository: &Repository,
    push: &Push<'_>,
    own_policies: &OwnPolicies,
    tip: CommitId,
) -> Result<Option<CommitId>, Fault> {
    let config = push.config;
    let all = |name: &[u8]| config.trusts(name);
    let within = |name: &[u8]| config.trusts(name) && own_policies.is_named(name);
    let outside = |name: &[u8]| config.trusts(name) && own_policies.counts(name, Standing::Shared);
    fn existing(own: &dyn Fn(&[u8]) -> bool) -> Existing<'_> {
        Existing::References { trust: Trust { own, lent: &|_| false }, old: &[] }
    }
    Ok(repository.begins_within(
        tip,
        &existing(&all),
        (&existing(&within), &existing(&outside)),
        config.commit_limit,
    )?)
}

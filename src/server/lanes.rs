//! Tips of a push that are judged alike: by the same policies, with the same references leading to what is already there.
//!
//! All tips are, but for branches that `own-policy` names: each of these is judged by the policy of its own old tip.

use std::rc::Rc;

use super::authority::Authority;
use super::config::Config;
use super::input::{Push, Tip, had};
use super::known::Known;
use super::push::Update;
use crate::git::{CommitId, DefaultBranch, Existing, Repository, Trust};
use crate::own_policy::{Beginnings, OwnPolicies, Standing};
use crate::report::Fault;

/// Tips that are judged alike.
pub(super) struct Lane<'u> {
    /// The policies that judge them.
    pub(super) authority: Rc<Authority>,
    /// The tips, each with those of its references that belong here.
    pub(super) tips: Vec<Tip<'u>>,
    /// How the references stand to others.
    standing: Standing,
    /// The commit whose policy judges them, if that is not the default branch's.
    pub(super) judged_at: Option<CommitId>,
    /// Whether they are no branches, where branches have policies of their own.
    pub(super) are_tags: bool,
    /// Full name of the first.
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
        // With a namespace, references are called otherwise here.
        if !own_policies.are_any() || repository.has_namespace() {
            let (standing, own_policies) = (Standing::Shared, OwnPolicies::default());
            return Ok(vec![Self {
                authority,
                tips,
                standing,
                judged_at: None,
                are_tags: false,
                branch: Vec::new(),
                own_policies,
            }]);
        }
        let beginnings = beginnings(repository, push.config, &own_policies)?;
        let mut lanes: Vec<Self> = Vec::new();
        let mut known = Known::default();
        for (tip, updates) in tips {
            for update in updates {
                let branch = repository.changed_by(&update.name);
                let is_named = own_policies.is_named(&branch);
                let old = if is_named { repository.tip_of(&branch, &update.old)? } else { None };
                let standing = own_policies.standing(&branch, old.is_some());
                let begun = if is_named && old.is_none() { beginnings.of(tip)? } else { None };
                let judged_at = old.or(begun);
                let are_tags = standing == Standing::Apart && !is_named;
                let alike = |lane: &&mut Self| {
                    (lane.standing, lane.are_tags, lane.judged_at) == (standing, are_tags, judged_at)
                        && (standing != Standing::Own || lane.branch == branch)
                };
                if let Some(lane) = lanes.iter_mut().find(alike) {
                    lane.add(tip, update);
                    continue;
                }
                let mut authority = Rc::clone(&authority);
                if judged_at.is_some() {
                    let named = Some(String::from_utf8_lossy(&branch).into_owned());
                    let held = DefaultBranch { name: named, tip: judged_at };
                    let mut own = authority.of_branch(repository, push.config, (tip, vec![update]), (held, &mut known));
                    tell(&mut own);
                    authority = Rc::new(own);
                }
                let (tips, own_policies) = (vec![(tip, vec![update])], own_policies.clone());
                lanes.push(Self { authority, tips, standing, judged_at, are_tags, branch, own_policies });
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

/// Returns where new branches with policies of their own begin. Tags do not say: one may stand beside its branch.
fn beginnings<'r>(
    repository: &'r Repository,
    config: &Config,
    own_policies: &OwnPolicies,
) -> Result<Beginnings<'r>, Fault> {
    let tips = |counts: &dyn Fn(&[u8]) -> bool| {
        let own = |name: &[u8]| config.trusts(name) && counts(name);
        let lent = |name: &[u8]| config.trusts_lent(name) && counts(name);
        repository.tips(Trust { own: &own, lent: &lent })
    };
    let own = tips(&|name| own_policies.is_named(name))?;
    let shared = tips(&|name| own_policies.counts(name, Standing::Shared))?;
    Ok(Beginnings::new(repository, own, shared, config.commit_limit))
}

//! The repository's policy, as a push changes it: what is told, and what is refused.

use super::config::{Config, PolicySource};
use super::effect::Change;
use super::input::Push;
use super::outcome::Outcome;
use super::push::Update;
use super::skew;
use crate::git::{CommitId, DefaultBranch, Repository};
use crate::locate::FILE;
use crate::report::Fault;
use crate::tree::Tree;

impl Outcome {
    /// Notes whether the push could weaken a protected policy, until it is known whether it does.
    pub(super) fn guard(&mut self, repository: &Repository, push: &Push<'_>) {
        let is_asked = push.config.protect_policy && push.config.policies.contains(&PolicySource::Repository);
        let is_held = || match repository.default_branch() {
            // Nobody knows yet which branches have policies of their own.
            Ok(held) if may_name_branches(repository, &held) => push.updates.iter().any(Update::is_branch),
            Ok(DefaultBranch { name: Some(branch), .. }) => {
                push.updates.iter().any(|update| repository.is_branch(&update.name, &branch))
            }
            Ok(_) | Err(_) => true,
        };
        self.is_guarded = is_asked
            && !push.allowances.user.as_ref().is_some_and(|user| push.config.policy_owners.contains(user))
            && is_held();
    }

    /// Tells what a tip does to the policy, and refuses what must not be.
    pub(super) fn tell_change(&mut self, change: Change, updates: &[&Update], push: &Push<'_>) {
        let name = updates.first().map(|update| String::from_utf8_lossy(&update.name).into_owned());
        let name = name.unwrap_or_default();
        if let Some(fault) = change.invalid {
            self.refused.push(skew::of_pushed(fault, &name, &push.config.contact));
        } else if change.is_blind {
            self.weakened.push("the policy in effect could not be read: what is lost is not known".to_owned());
            if push.config.protect_policy {
                let unread = "as the one in effect cannot be read";
                self.protect(&format!("{name} may weaken the policy, {unread}"), push);
            }
        }
        if change.weakens.is_empty() {
            return;
        }
        if push.config.protect_policy && change.stands {
            let would = format!("{name} would weaken the policy");
            self.protect(&would, push);
        }
        if change.stands {
            self.weakened.extend(change.weakens.iter().cloned());
        }
        let lead = if change.stands { "weakens the policy" } else { "would weaken the policy, once it is merged" };
        self.warnings.extend(change.weakens.into_iter().map(|sentence| format!("{name} {lead}: {sentence}")));
    }

    /// Refuses that anybody but an owner deletes the branch that holds a protected policy.
    pub(super) fn refuse_loss(&mut self, repository: &Repository, push: &Push<'_>) -> Result<(), Fault> {
        let Some(branch) = repository.default_branch()?.name else { return Ok(()) };
        let mut gone = push.updates.iter().filter(|update| !update.exists_after() && update.existed_before());
        if gone.any(|update| repository.is_branch(&update.name, &branch)) {
            self.protect(&format!("{branch} would be deleted, and the policy with it"), push);
        }
        Ok(())
    }

    /// Refuses what weakens the policy, unless one of its owners pushes it.
    fn protect(&mut self, would: &str, push: &Push<'_>) {
        let Config { policy_owners, contact, .. } = push.config;
        let user = push.allowances.user.as_ref();
        if let Some(owner) = user.filter(|user| policy_owners.contains(user)) {
            self.warnings.push(format!("{would}: {owner} may do so here"));
            return;
        }
        let fault = Fault::new(format!("{would}, which this server protects"));
        let hint = if policy_owners.is_empty() {
            format!("Ask {contact}.")
        } else {
            format!("Ask one of its owners here ({}), or {contact}.", policy_owners.join(", "))
        };
        self.refused.push(fault.with_hint(hint));
    }

    /// Tells and keeps that the repository's own policy judges nothing, for lack of its key.
    pub(super) fn tell_key_lost(&mut self, fault: Fault) {
        let problem = fault.problems.first();
        let file = problem.and_then(|problem| problem.place.as_ref()).map_or(FILE, |(file, ..)| file);
        let (what, hint) = problem.map(|problem| (&*problem.message, problem.hint.as_deref())).unwrap_or_default();
        let hint = hint.map(|hint| format!(": {hint}")).unwrap_or_default();
        self.warnings.push(format!("nothing is judged by {file}: {what}{hint}"));
        self.key_lost = Some(fault);
    }
}

/// Returns whether the policy that a branch holds may name branches with policies of their own. Once time is up, nothing is
/// read any more: what the push may weaken was settled before.
fn may_name_branches(repository: &Repository, held: &DefaultBranch) -> bool {
    let read = |tip: CommitId| repository.side_of(&tip.to_string()).ok()?.read(FILE.as_bytes()).ok().flatten();
    held.tip.and_then(read).is_some_and(|policy| memchr::memmem::find(&policy, b"own-policy").is_some())
}

//! What a push does to the policies of a repository that are in effect.

use std::rc::Rc;

use super::authority::Authority;
use super::push::Update;
use crate::git::{Blob, Changes, CommitId, Existing, Repository, Snapshot};
use crate::locate::{self, FILE, Located};
use crate::policy::Policy;
use crate::report::Fault;

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
        let change = Change { stands: true, ..Change::default() };
        let standing = match self.held(repository, updates) {
            None => return Ok(None),
            Some(Held::Founded(update)) => {
                // Other branches may have brought the policy here unprotected.
                let branched = self.branched_with(repository, tip)?;
                return Ok(Some(compared(change, branched.as_ref(), repository, tip, &[update])));
            }
            Some(Held::At(standing)) => standing,
        };
        let (before, now) = (repository.side_of(&standing.to_string())?, repository.side_of(&tip.to_string())?);
        // The policies of other branches do not matter: the one in effect changes.
        if of_side(&before)? == of_side(&now)? {
            return Ok(Some(change));
        }
        let old = self.standing_policy().map(Rc::as_ref);
        let change = Change { is_blind: self.is_unread, ..change };
        Ok(Some(compared(change, old, repository, tip, updates)))
    }

    /// Returns what a tip does to the repository's policy, compared with the one where its branch began. For a branch
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
        if !self.is_asked() || self.held(repository, updates).is_some() || is_untouched(changes)? {
            return Ok(change);
        }
        let began = if stands { None } else { began_with(changes) };
        Ok(compared(change, began.as_ref(), repository, tip, updates))
    }

    /// Returns the policy where a branch left the default branch, if it was valid.
    fn branched_with(&self, repository: &Repository, tip: CommitId) -> Result<Option<Policy>, Fault> {
        let Some(main) = self.branch().tip else { return Ok(None) };
        let main = [main.to_string()];
        let beyond = repository.new_commits(&[tip], &Existing::Commits(&main), self.commit_limit())?;
        let branched = beyond.begins_at(tip).first().copied();
        let side = repository.side_of(&branched.map_or_else(|| main.concat(), |commit| commit.to_string()))?;
        Ok(valid_policy(&side, "the branch's beginning"))
    }

    /// Returns what holds the policy that the references change, if it is in effect.
    fn held<'u>(&self, repository: &Repository, updates: &[&'u Update]) -> Option<Held<'u>> {
        if !self.is_asked() {
            return None;
        }
        let goes_on = || self.is_of_branch() && updates.iter().any(|update| update.is_branch());
        if goes_on() || updates.iter().any(|update| self.is_default(repository, update)) {
            return self.branch().tip.map(Held::At);
        }
        let is_founded = |update: &&&Update| self.own_policies.is_named(&repository.changed_by(&update.name));
        updates.iter().find(is_founded).map(|update| Held::Founded(update))
    }

    /// Returns whether a reference is the branch whose policy is in effect.
    pub(super) fn is_default(&self, repository: &Repository, update: &Update) -> bool {
        self.branch().name.as_ref().is_some_and(|name| repository.is_branch(&update.name, name))
    }
}

/// What holds a policy that is in effect.
enum Held<'u> {
    /// A commit.
    At(CommitId),
    /// A new branch, which has its own from now on.
    Founded(&'u Update),
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

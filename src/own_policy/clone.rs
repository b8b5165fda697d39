//! Branches with policies of their own, as a clone knows them from its remote.

use super::{Beginnings, OwnPolicies, Standing};
use crate::Change;
use crate::git::{Changes, CommitId, Error, Existing, NewCommits, Repository};
use crate::policy::Policy;

/// The remote where a branch is pushed to that does not name another: git's name for the one that a clone comes from.
pub const REMOTE: &str = "origin";

/// The remote to which the branch of HEAD is pushed, and how that branch stands there.
pub struct Remote {
    /// Its name.
    pub name: String,
    /// Short name of HEAD's branch.
    pub branch: String,
    /// Whether the remote is known to have that branch.
    pub is_known: bool,
    /// Which of its branches have policies of their own.
    pub own_policies: OwnPolicies,
}

impl Remote {
    /// Returns the remote of HEAD's branch, whose default branch has the `policy`; `None` if that names no branch, or HEAD is
    /// on none.
    ///
    /// # Errors
    /// When references or git's configuration cannot be read.
    pub fn of_head(repository: &Repository, policy: &Policy) -> Result<Option<Self>, Error> {
        if policy.own_policy().is_empty() {
            return Ok(None);
        }
        let head = repository.default_branch()?.name;
        let Some(branch) = head.as_deref().and_then(|name| name.strip_prefix("refs/heads/")) else { return Ok(None) };
        let name = repository.config(&format!("branch.{branch}.remote"))?.unwrap_or_else(|| REMOTE.to_owned());
        let own_policies = OwnPolicies::on_remote(policy, repository, &name)?;
        let is_known = repository.is_on_remote(&name, branch)?;
        Ok(Some(Self { branch: branch.to_owned(), is_known, own_policies, name }))
    }

    /// Returns whether HEAD's branch has a policy of its own.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.own_policies.is_branch_named(self.branch.as_bytes())
    }

    /// Returns where new branches begin.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn beginnings<'r>(&self, repository: &'r Repository) -> Result<Beginnings<'r>, Error> {
        beginnings(repository, &self.name, &self.own_policies)
    }
}

/// Returns where new branches on a remote begin.
///
/// # Errors
/// When references cannot be read.
pub fn beginnings<'r>(
    repository: &'r Repository,
    remote: &str,
    own_policies: &OwnPolicies,
) -> Result<Beginnings<'r>, Error> {
    let own = repository.remote_tips(Some(remote), &|branch| own_policies.is_branch_named(branch))?;
    let shared =
        repository.remote_tips(Some(remote), &|branch| own_policies.counts_branch(branch, Standing::Shared))?;
    Ok(Beginnings::new(repository, own, shared, usize::MAX))
}

/// The staged changes of a merge, and what is new of the parents besides HEAD.
pub struct Merged<'r> {
    /// The changes from what is there already.
    changes: Changes<'r>,
    /// The commits that come with the merge.
    new_commits: NewCommits,
    /// The first parent besides HEAD.
    parent: CommitId,
}

impl Merged<'_> {
    /// Returns the change to be judged.
    #[must_use]
    pub fn change(&self) -> Change<'_> {
        let new_commits = Some((&self.new_commits, self.parent));
        Change { changes: &self.changes, new_commits, is_staged: true, replaced: None }
    }
}

/// Returns the staged changes of a merge, if a parent has commits that only branches with policies of their own lead to:
/// these are not already there, as little as on a server. `None` for any other merge. `policy` judges it.
///
/// # Errors
/// When the repository cannot be read.
pub fn merged<'r>(repository: &'r Repository, policy: &Policy) -> Result<Option<Merged<'r>>, Error> {
    let Some(remote) = Remote::of_head(repository, policy)? else { return Ok(None) };
    // To a new one of these branches, all that the remote has is there.
    if remote.is_named() && !remote.is_known {
        return Ok(None);
    }
    let parents = repository.parents()?;
    let Some((head, others)) = parents.split_first() else { return Ok(None) };
    let own_policies = &remote.own_policies;
    let counts = |branch: &[u8]| own_policies.counts_branch(branch, Standing::Shared);
    let is_named = |branch: &[u8]| own_policies.is_branch_named(branch);
    let mut there = repository.remote_tips(Some(&remote.name), &counts)?;
    there.push(head.to_string());
    let own = [repository.remote_tips(Some(&remote.name), &is_named)?, repository.branch_tips(&is_named)?].concat();
    let all = [there.clone(), own].concat();
    let new = |there: &[String]| match repository.new_commits(others, &Existing::Commits(there), usize::MAX) {
        // What a shallow clone lacks, nobody can tell; the push is judged.
        Err(Error::Shallow { .. }) => Ok(None),
        new => new.map(Some),
    };
    let Some((new_commits, new_to_all)) = new(&there)?.zip(new(&all)?) else { return Ok(None) };
    if new_commits.count() == new_to_all.count() {
        return Ok(None);
    }
    let mut sides = vec![*head];
    for &parent in others {
        let is_apart = new_commits.leading_to(parent).iter().any(|commit| !new_to_all.is_new(*commit));
        if !is_apart {
            sides.push(parent);
            continue;
        }
        // What HEAD had when the branch began, and has cleaned up since, makes no room.
        let of_head = [head.to_string()];
        for begin in new_commits.begins_at(parent) {
            match repository.new_commits(&[begin], &Existing::Commits(&of_head), usize::MAX) {
                Ok(new) if !new.is_new(begin) => {}
                Ok(_) | Err(Error::Shallow { .. }) => sides.push(begin),
                Err(error) => return Err(error),
            }
        }
    }
    let changes = repository.staged_against(&sides)?;
    Ok(others.first().map(|&parent| Merged { changes, new_commits, parent }))
}

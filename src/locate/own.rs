//! The policy of a branch that has its own, as `own-policy` in the default branch's policy names it.

use super::mended::{lookup, mended};
use super::{Located, Lookup, Place, Revisions, naming_branches, standing, trusted};
use crate::git::Repository;
use crate::own_policy::{OwnPolicies, REMOTE, Remote};
use crate::report::Fault;

/// Returns the policy at the old tip of a branch with its own, or the one at the new tip if that mends it.
///
/// # Errors
/// When a named policy cannot be read, or no valid policy is found where there is one.
pub fn at_own_tip(repository: &Repository, old: &str, new: &str) -> Result<Lookup, Fault> {
    match standing(repository, Place::Revisions(&[old]), Revisions::Replaced) {
        Ok(found) => Ok(lookup(found, None)),
        Err(fault) => mended(repository, (&[old, new], Revisions::Replaced), fault),
    }
}

/// Returns what judges a range, given what is `found` for any: where it begins at a branch with a policy of its own, that.
///
/// # Errors
/// As [`at_own_tip`].
pub(super) fn at_range(repository: &Repository, (from, to): (&str, &str), found: Lookup) -> Result<Lookup, Fault> {
    let Some(policy) = naming_branches(&found.located) else { return Ok(found) };
    let Some(branch) = repository.branch_named(from)? else { return Ok(found) };
    let is_own = OwnPolicies::on_remote(policy, repository, REMOTE)?.is_named(branch.as_bytes());
    if is_own { at_own_tip(repository, from, to) } else { Ok(found) }
}

/// Returns what judges a commit on the branch of HEAD, given what is `found` for any: on a branch with a policy of its own,
/// its own file; if the remote does not know the branch yet, what judges a new one there.
///
/// # Errors
/// As [`at_own_tip`].
pub(super) fn at_commit(
    repository: &Repository,
    place: Place<'_>,
    found: Vec<(Located, Option<String>)>,
) -> Result<Vec<(Located, Option<String>)>, Fault> {
    let Some(policy) = naming_branches(found.iter().map(|(located, _)| located)) else { return Ok(found) };
    let Some(remote) = Remote::of_head(repository, policy)?.filter(Remote::is_named) else { return Ok(found) };
    let goes_on = || match repository.default_branch()?.tip {
        Some(tip) => Ok::<_, Fault>(remote.beginnings(repository)?.of(tip)?.is_some()),
        None => Ok(false),
    };
    if remote.is_known || goes_on()? {
        return standing(repository, place, Revisions::Replaced);
    }
    match repository.remote_head(&remote.name)? {
        Some(main) => Ok(trusted(repository, &[&main])?.located.into_iter().map(|located| (located, None)).collect()),
        None => Ok(found),
    }
}

//! The policy of a range or a push: the one where it begins, or the one that mends that.

use super::{FILE, KEY, Located, Lookup, Place, Revisions, standing};
use crate::git::Repository;
use crate::report::Fault;

/// Returns the policies named by git's configuration, else that of the first of `revisions` that has one. They are where a
/// range or a push begins, if that is known, and where it ends: if the policy at the beginning is invalid and the one at
/// the end is not, this one judges, as on a server; otherwise nobody could bring in what mends the other.
///
/// # Errors
/// When a named policy cannot be read, or no valid policy is found where there is one.
pub fn trusted(repository: &Repository, revisions: &[&str]) -> Result<Lookup, Fault> {
    match standing(repository, Place::Revisions(revisions), Revisions::Named) {
        Ok(found) => Ok(lookup(found, None)),
        Err(fault) => mended(repository, (revisions, Revisions::Named), fault),
    }
}

/// Returns the policy where a range or a push ends, if the one where it begins is invalid, as the fault says.
pub(super) fn mended(
    repository: &Repository,
    (revisions, named): (&[&str], Revisions),
    fault: Fault,
) -> Result<Lookup, Fault> {
    let is_invalid = fault.problems.iter().any(|problem| problem.place.is_some());
    let [began, end] = revisions else { return Err(fault) };
    if !is_invalid {
        return Err(fault);
    }
    let is_configured = !repository.config_values(KEY)?.is_empty();
    match standing(repository, Place::Revisions(&[end]), named) {
        Ok(found) if found.iter().all(|(located, _)| matches!(located, Located::Policy(_))) => {
            let notice = format!("the policy of {began} is invalid, so what comes after it is judged by its own");
            Ok(lookup(found, Some(notice)))
        }
        // It is another file, or the same in every revision.
        _ if is_configured => Err(fault),
        _ => Err(fault.with_hint(format!("Commit a valid {FILE} on top: what comes with it is judged by it."))),
    }
}

pub(super) fn lookup(found: Vec<(Located, Option<String>)>, notice: Option<String>) -> Lookup {
    Lookup { located: found.into_iter().map(|(located, _)| located).collect(), notices: notice.into_iter().collect() }
}

//! What `doctor` says about the repository's own policies: which branches have theirs, and whether the one at the top judges.

use std::cell::RefCell;

use crate::git::{Error, Repository};
use crate::hooks::Check;
use crate::listing;
use crate::locate::{self, FILE, KEY, Located};
use crate::own_policy::{OwnPolicies, REMOTE};
use crate::policy::Policy;
use crate::report::escape;

/// Maximum number of branches that are named; the rest are counted.
const MAX_SHOWN_BRANCHES: usize = 10;
/// Start of a branch's full name.
const BRANCHES: &str = "refs/heads/";

/// Says which of a server's branches are judged by the policy of their own tip. `policy` is that of the default branch.
pub(super) fn on_server(repository: &Repository, policy: &Policy) -> Option<Check> {
    branches(policy, "here", |names| {
        let default_branch = repository.default_branch()?.name;
        let own = OwnPolicies::of(Some(policy), default_branch.as_deref());
        repository.branch_tips(&|branch| names(&own, branch))?;
        Ok(default_branch)
    })
}

/// Says the same of the branches that a clone knows of its remote.
pub(super) fn in_clone(repository: &Repository, policy: &Policy) -> Option<Check> {
    branches(policy, &format!("of {REMOTE}"), |names| {
        let own = OwnPolicies::on_remote(policy, repository, REMOTE)?;
        repository.remote_tips(Some(REMOTE), &|branch| branch != b"HEAD" && names(&own, branch))?;
        repository.remote_head_branch(REMOTE)
    })
}

/// Lists the branches that `find` calls back with, by their short names; it returns the full name of the default branch.
fn branches(
    policy: &Policy,
    place: &str,
    find: impl FnOnce(&dyn Fn(&OwnPolicies, &[u8]) -> bool) -> Result<Option<String>, Error>,
) -> Option<Check> {
    if policy.own_policy().is_empty() {
        return None;
    }
    let found = RefCell::new(Vec::new());
    let default_branch = find(&|own, branch| {
        if own.is_branch_named(branch) {
            found.borrow_mut().push(String::from_utf8_lossy(branch).into_owned());
        }
        false
    });
    let default_branch = match default_branch {
        Ok(name) => name,
        Err(error) => return Some(Check::problem(escape::text(&format!("own-policy: {error}")), "")),
    };
    let mut found = found.into_inner();
    found.sort_unstable();
    let judged = match found.len() {
        0 => format!("no branch {place} is judged by the policy of its own tip"),
        1 => format!("1 branch {place} is judged by the policy of its own tip: {}", found.concat()),
        count => {
            let names = listing::names(&found, MAX_SHOWN_BRANCHES);
            format!("{count} branches {place} are judged by the policy of their own tip: {names}")
        }
    };
    let default_branch = default_branch.as_deref().and_then(|name| name.strip_prefix(BRANCHES));
    let never =
        default_branch.map_or_else(|| "the default branch".into(), |name| format!("the default branch, {name}"));
    Some(Check::ok(escape::text(&format!("own-policy: {judged} (never {never})"))))
}

/// Checks whether a policy of ours at the top of a worktree judges, where git's configuration names policies.
pub(super) fn at_top(repository: &Repository) -> Option<Check> {
    let named = repository.config_values(KEY).ok().filter(|values| !values.is_empty())?;
    let top = repository.top()?.join(FILE);
    let is_it = |value: &String| {
        let path = std::path::Path::new(value);
        // Of the default branch, or of another revision, it judges as well.
        value == FILE
            || (!path.is_absolute() && value.ends_with(&format!(":{FILE}")))
            || (path.is_absolute() && path.canonicalize().ok() == top.canonicalize().ok())
    };
    if named.iter().any(is_it) {
        return None;
    }
    let is_ours = match repository.index().map(|index| locate::at_side(&index, FILE)) {
        Ok(Ok(Located::Nothing)) | Err(_) => locate::named(&top).is_ok(),
        Ok(Ok(Located::Foreign(_))) => false,
        // One that is broken is meant to judge, too.
        Ok(Ok(Located::Policy(_) | Located::KeyLost(_)) | Err(_)) => true,
    };
    is_ours.then(|| {
        let found = format!("policy: {FILE} at the top judges nothing here, as git config {KEY} names other policies");
        Check::warning(found, format!("git config --add {KEY} {FILE}"))
    })
}

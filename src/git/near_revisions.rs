//! What to say of a revision that does not exist: the branches that do, and the command that fetches one.

use std::collections::BTreeSet;

use super::error::Error;
use super::repository::Repository;

/// Where branches lie, and where tags do.
const BRANCHES: [&str; 2] = ["refs/heads/", "refs/remotes/"];
const TAGS: [&str; 1] = ["refs/tags/"];
/// Branches that are named; a repository may have thousands.
const MAX_NAMED: usize = 4;
/// Names that are compared, letter by letter.
const MAX_NAME_BYTES: usize = 100;

impl Repository {
    /// Returns what may have been meant by a revision that names nothing, or what to do, in one line; `None` if the
    /// branches here do not tell.
    pub(super) fn instead_of(&self, revision: &str) -> Option<String> {
        let name = revision.split(['~', '^', ':', '@']).next().unwrap_or(revision);
        let is_id = |length: usize| name.len() >= length && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_id(4) && name.bytes().all(|byte| byte == b'0') {
            return Some(self.instead_of_zeros());
        }
        // Of an id there is nothing to be near to.
        if name.is_empty() || name.len() > MAX_NAME_BYTES || is_id(7) {
            return None;
        }
        let branches = self.names(&BRANCHES).ok()?;
        let mut names = self.names(&TAGS).ok()?;
        names.extend(branches.iter().cloned());
        let near = match nearest(name, &names).as_slice() {
            [] => there_are(&branches),
            near => Some(format!("did you mean {}?", near.join(" or "))),
        };
        match (self.fetch_of(name), near) {
            (Some(fetch), Some(near)) => Some(format!("{fetch}; or {near}")),
            (fetch, near) => fetch.or(near),
        }
    }

    /// What to name where a forge names the commit before a branch's first push, which is none.
    fn instead_of_zeros(&self) -> String {
        let what = "zeros stand for no commit: the branch is new. Name what it grew from";
        let branches = self.names(&BRANCHES).unwrap_or_default();
        let defaults = ["origin/HEAD", "origin/main", "origin/master"];
        let found = defaults.into_iter().find(|name| branches.contains(*name));
        let found = found.or_else(|| branches.iter().map(String::as_str).find(|name| name.contains('/')));
        match found {
            Some(branch) => format!("{what}: {branch}..HEAD"),
            None => format!("{what}, such as origin/main..HEAD"),
        }
    }

    /// The command that fetches `REMOTE/BRANCH` into where that name is looked for. A clone of one branch, as CI makes
    /// them, fetches no other by itself, and one that is shallow lacks what both grew from.
    fn fetch_of(&self, name: &str) -> Option<String> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/+".contains(&byte);
        let (remote, branch) = name.split_once('/')?;
        if branch.is_empty() || name.starts_with('-') || !name.bytes().all(plain) {
            return None;
        }
        let is_remote = self.gix().remote_names().iter().any(|known| known.as_slice() == remote.as_bytes());
        let deepen = if self.gix().is_shallow().unwrap_or_default() { "--unshallow " } else { "" };
        is_remote.then(|| format!("git fetch {deepen}{remote} {branch}:refs/remotes/{remote}/{branch}"))
    }

    /// The names of references beneath `prefixes`, without these.
    fn names(&self, prefixes: &[&str]) -> Result<BTreeSet<String>, Error> {
        let references = self.gix().references().map_err(|error| Error::broken(&error))?;
        let mut names = BTreeSet::new();
        for prefix in prefixes {
            let found = references.prefixed(prefix.as_bytes()).map_err(|error| Error::broken(&error))?;
            // One that is broken is near to nothing.
            names.extend(found.filter_map(Result::ok).filter_map(|reference| {
                Some(reference.name().as_bstr().to_string().strip_prefix(*prefix)?.to_owned())
            }));
        }
        Ok(names)
    }
}

/// Says which branches exist.
fn there_are(branches: &BTreeSet<String>) -> Option<String> {
    let branches: Vec<&str> = branches.iter().map(String::as_str).filter(|branch| !branch.ends_with("/HEAD")).collect();
    let named = branches.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
    match (branches.len(), branches.len().saturating_sub(MAX_NAMED)) {
        (0, _) => None,
        (1, _) => Some(format!("the only branch here is {named}")),
        (_, 0) => Some(format!("the branches here are {named}")),
        (_, more) => Some(format!("the branches here are {named} and {more} more")),
    }
}

/// The names that are most like `name`: with few other letters, or of the same remote.
fn nearest<'a>(name: &str, branches: &'a BTreeSet<String>) -> Vec<&'a str> {
    let remote = name.split_once('/').map(|(remote, _)| format!("{remote}/"));
    let of_remote = |branch: &str| remote.as_ref().is_some_and(|remote| branch.starts_with(remote.as_str()));
    let most = name.chars().count().div_ceil(3);
    let mut near: Vec<(usize, &str)> = branches
        .iter()
        .filter(|branch| !branch.ends_with("/HEAD") && branch.len() <= MAX_NAME_BYTES)
        .map(|branch| (strsim::osa_distance(name, branch), branch.as_str()))
        .filter(|&(distance, branch)| distance <= most || of_remote(branch))
        .collect();
    near.sort_unstable();
    near.into_iter().take(MAX_NAMED).map(|(_, branch)| branch).collect()
}

//! References and lenders that lead to nothing that is already there: for an admin who asks whether that is as it must be.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::config::Config;
use crate::git::{Error, Repository};

/// References that hosts write without asking the hook: the host, what their names begin with, and one as it writes it.
const WRITTEN_UNASKED: [(&str, &str, &str); 12] = [
    ("GitLab", "refs/merge-requests/", "refs/merge-requests/1/head"),
    ("GitLab", "refs/keep-around/", "refs/keep-around/4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
    ("GitLab", "refs/environments/", "refs/environments/production/deployments/1"),
    ("GitLab", "refs/pipelines/", "refs/pipelines/1"),
    ("GitLab", "refs/tmp/", "refs/tmp/4b825dc6/head"),
    ("GitHub, Gitea or Forgejo", "refs/pull/", "refs/pull/1/head"),
    ("Bitbucket", "refs/pull-requests/", "refs/pull-requests/1/from"),
    ("Gerrit", "refs/changes/", "refs/changes/01/1/1"),
    ("Gerrit", "refs/for/", "refs/for/main"),
    ("Gerrit", "refs/cache-automerge/", "refs/cache-automerge/4b/825dc642cb6eb9a060e54bf8d69288fbee4904"),
    ("Gerrit", "refs/notes/", "refs/notes/review"),
    ("a fetch", "refs/remotes/", "refs/remotes/origin/main"),
];

/// Number of references by the first two parts of their names, most frequent first.
pub type Sums = Vec<(String, usize)>;

/// A repository that this one borrows objects from.
#[derive(Debug)]
pub struct Lender {
    /// Its git directory.
    pub git_dir: PathBuf,
    /// Number of references that count, and those that do not; or why they cannot be read, so that none counts.
    pub references: Result<(usize, Sums), Error>,
}

/// What leads to nothing that is already there.
#[derive(Debug, Default)]
pub struct References {
    /// References of the repository that do not count.
    pub uncounted: Sums,
    /// Trusted ones that a host writes by itself: the host, and what their names begin with.
    pub unasked: Vec<(&'static str, &'static str)>,
    /// All repositories that objects are borrowed from.
    pub lenders: Vec<Lender>,
}

impl References {
    /// Looks at all references of the repository and of its lenders.
    ///
    /// # Errors
    /// When the references of the repository cannot be read.
    pub fn of(repository: &Repository, config: &Config) -> Result<Self, Error> {
        let mut unasked: Vec<bool> = WRITTEN_UNASKED.iter().map(|(_, _, name)| config.trusts(name)).collect();
        let mut uncounted = BTreeMap::new();
        repository.each_reference(None, |name| {
            if !config.trusts(name) {
                *uncounted.entry(beginning(name)).or_default() += 1;
                return;
            }
            for (is_named, (_, start, _)) in unasked.iter_mut().zip(WRITTEN_UNASKED) {
                *is_named |= name.starts_with(start.as_bytes());
            }
        })?;
        let unasked = WRITTEN_UNASKED.iter().zip(unasked).filter(|(_, is_named)| *is_named);
        let unasked = unasked.map(|((host, start, _), _)| (*host, *start)).collect();
        let lenders = repository.lenders()?.into_iter().map(|git_dir| {
            let (mut counted, mut uncounted) = (0, BTreeMap::new());
            let read = repository.each_reference(Some(&git_dir), |name| match config.trusts_lent(name) {
                true => counted += 1,
                false => *uncounted.entry(beginning(name)).or_default() += 1,
            });
            Lender { git_dir, references: read.map(|()| (counted, sums(uncounted))) }
        });
        Ok(Self { uncounted: sums(uncounted), unasked, lenders: lenders.collect() })
    }
}

/// Returns the first two parts of a name.
fn beginning(name: &[u8]) -> String {
    let mut slashes = name.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    let end = slashes.nth(1).unwrap_or(name.len());
    String::from_utf8_lossy(name.get(..end).unwrap_or(name)).into_owned()
}

fn sums(counts: BTreeMap<String, usize>) -> Sums {
    let mut sums: Sums = counts.into_iter().collect();
    sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_are_what_they_are_listed_under() {
        for (host, start, name) in WRITTEN_UNASKED {
            assert!(name.starts_with(start) && !Config::default().trusts(name), "{host}");
            assert_eq!(format!("{}/", beginning(name.as_bytes())), start);
        }
        assert_eq!(beginning(b"refs/x"), "refs/x");
        assert_eq!(beginning(b"refs"), "refs");
    }
}

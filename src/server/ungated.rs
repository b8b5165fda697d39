//! Commits that evidently passed no local gate: the policy that judges the push blocks what they brought, and they have that
//! policy themselves, by which the hook of a clone would have judged them.

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::git::{Error, Repository};
use crate::locate::FILE;
use crate::policy::Severity;

/// Maximum number of commits whose policy is looked up for the log.
const MAX_COMMITS: usize = 1000;

/// Commits that brought what the repository's own policies block, allowed or not.
#[derive(Clone, Debug, Default)]
pub(super) struct Blamed {
    /// The number of the policy, and the commit's id in hex.
    commits: BTreeSet<(usize, String)>,
    /// Whether of some finding it is not known which commit brought it.
    lacks_some: bool,
}

impl Blamed {
    /// Adds what policy number `of` finds. The rules of other policies, which clones need not have, are told with a policy.
    pub(super) fn add(&mut self, findings: &[Finding], of: usize) {
        let is_own = |finding: &&Finding| finding.rule.name.policy().is_none();
        for finding in findings.iter().filter(|finding| finding.severity == Severity::Block).filter(is_own) {
            match &finding.commit {
                Some(commit) => _ = self.commits.insert((of, commit.id.clone())),
                None => self.lacks_some = true,
            }
        }
    }

    /// Returns whether no commit is to be looked up.
    pub(super) fn is_empty(&self) -> bool {
        self.commits.is_empty() && !self.lacks_some
    }

    /// Counts the commits whose own policy is the file that judged them; `None` if not all commits are known. `policies` are
    /// those that judge the push: the name of each, and the id of its file.
    ///
    /// # Errors
    /// When a commit cannot be read.
    pub(super) fn count(
        &self,
        repository: &Repository,
        policies: &[(String, Option<String>)],
    ) -> Result<Option<usize>, Error> {
        if self.lacks_some {
            return Ok(None);
        }
        let mut ungated = BTreeSet::new();
        for (of, commit) in self.commits.iter().take(MAX_COMMITS) {
            let own = repository.side_of(commit)?.blob(FILE.as_bytes())?.map(|blob| blob.to_string());
            let judging = policies.get(*of).and_then(|(_, blob)| blob.as_ref());
            if own.is_some() && own.as_ref() == judging {
                ungated.insert(commit);
            }
        }
        Ok(Some(ungated.len()))
    }
}

//! Branches that are judged by the policy of their own tip: those that `own-policy` in the default branch's policy names.
//!
//! What only such a branch leads to is new for every other one, so that what is merged from it is judged where it goes. A tag
//! may lead to it as well; where there are such branches, what is already there for a branch is what other branches lead to.

mod beginnings;
mod clone;

use std::sync::Arc;

use crate::git::{Error, Repository};
use crate::policy::{Branches, Policy};
pub use beginnings::Beginnings;
pub use clone::{REMOTE, Remote, beginnings, merged};

/// Prefix of a branch's full name.
const BRANCHES: &[u8] = b"refs/heads/";
/// The name by which a detached HEAD is asked for.
const HEAD: &[u8] = b"HEAD";

/// How a reference stands to the others: which policy judges what it brings, and what is already there for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The default branch's policy judges; what other branches have that share it is there.
    Shared,
    /// The default branch's policy judges; all is there, as nothing comes from here to others: a new branch with a policy of
    /// its own, a tag.
    Apart,
    /// The policy of its own tip judges; what it has itself is there, besides what branches have that share a policy.
    Own,
}

/// Which branches have a policy of their own.
#[derive(Clone, Debug, Default)]
pub struct OwnPolicies {
    /// Those that the default branch's policy names; `None` if it names none.
    named: Option<Arc<Branches>>,
    /// Full name of the default branch, which shares its own policy.
    default_branch: Option<Vec<u8>>,
}

impl OwnPolicies {
    /// Those that the default branch's policy names.
    #[must_use]
    pub fn of(policy: Option<&Policy>, default_branch: Option<&str>) -> Self {
        let named = policy.map(Policy::own_policy).filter(|branches| !branches.is_empty()).cloned();
        Self { named, default_branch: default_branch.map(|name| name.as_bytes().to_vec()) }
    }

    /// Returns whether there is any.
    #[must_use]
    pub fn are_any(&self) -> bool {
        self.named.is_some()
    }

    /// Returns how a reference stands to the others, by its full name. `existed`: whether it has an old tip.
    #[must_use]
    pub fn standing(&self, name: &[u8], existed: bool) -> Standing {
        match (self.are_any(), self.is_named(name), existed) {
            (true, true, true) => Standing::Own,
            (true, true, false) => Standing::Apart,
            (true, false, _) if !name.starts_with(BRANCHES) => Standing::Apart,
            (_, false, _) | (false, true, _) => Standing::Shared,
        }
    }

    /// Returns whether a branch has a policy of its own, by its full name.
    #[must_use]
    pub fn is_named(&self, name: &[u8]) -> bool {
        // Of a name that is not UTF-8, messages and comparisons could not be sure.
        let is_other = self.default_branch.as_deref() != Some(name) && std::str::from_utf8(name).is_ok();
        let branch = name.strip_prefix(BRANCHES).filter(|_| is_other);
        self.named.as_ref().zip(branch).is_some_and(|(branches, branch)| branches.has(branch))
    }

    /// Returns whether what a reference leads to is already there for others that stand so, by its full name. To a branch
    /// with a policy of its own, what it has itself is there besides.
    #[must_use]
    pub fn counts(&self, name: &[u8], standing: Standing) -> bool {
        let is_shared = || name == HEAD || name.starts_with(BRANCHES) && !self.is_named(name);
        !self.are_any() || standing == Standing::Apart || is_shared()
    }

    /// [`Self::is_named`] by a branch's short name.
    #[must_use]
    pub fn is_branch_named(&self, branch: &[u8]) -> bool {
        self.is_named(&[BRANCHES, branch].concat())
    }

    /// [`Self::counts`] by a branch's short name.
    #[must_use]
    pub fn counts_branch(&self, branch: &[u8], standing: Standing) -> bool {
        self.counts(&[BRANCHES, branch].concat(), standing)
    }

    /// Those that a policy names which is the default branch's on the remote, as far as that is known here.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn on_remote(policy: &Policy, repository: &Repository, remote: &str) -> Result<Self, Error> {
        Ok(Self::of(Some(policy), repository.remote_head_branch(remote)?.as_deref()))
    }
}

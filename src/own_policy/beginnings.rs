//! Where new branches with policies of their own begin: on another such branch, or elsewhere.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::git::{CommitId, Error, Existing, Repository};

/// Finds where new branches begin.
pub struct Beginnings<'r> {
    repository: &'r Repository,
    /// Tips of branches with policies of their own, by ids in hex.
    own: Vec<String>,
    /// Tips of the other branches.
    shared: Vec<String>,
    all: Vec<String>,
    /// Maximum number of commits that are looked at.
    limit: usize,
    known: RefCell<HashMap<CommitId, Option<CommitId>>>,
}

impl<'r> Beginnings<'r> {
    /// Tips of the branches with policies of their own, and of the others, by ids in hex.
    #[must_use]
    pub fn new(repository: &'r Repository, own: Vec<String>, shared: Vec<String>, limit: usize) -> Self {
        let all = [own.clone(), shared.clone()].concat();
        Self { repository, own, shared, all, limit, known: RefCell::default() }
    }

    /// Returns the nearest commit from which a branch with this tip begins, if all of these are tips of branches with
    /// policies of their own, or only such branches have them: then the policy there goes on.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn of(&self, tip: CommitId) -> Result<Option<CommitId>, Error> {
        if let Some(known) = self.known.borrow().get(&tip) {
            return Ok(*known);
        }
        let begins = self.new_to(tip, &self.all)?.1;
        let mut found = begins.first().copied();
        for begin in begins {
            if !self.is_own(begin)? {
                found = None;
                break;
            }
        }
        self.known.borrow_mut().insert(tip, found);
        Ok(found)
    }

    fn is_own(&self, commit: CommitId) -> Result<bool, Error> {
        // What is there and new to the others, only those with policies of their own have.
        Ok(self.own.contains(&commit.to_string()) || self.new_to(commit, &self.shared)?.0)
    }

    /// Returns whether a commit is new to what has these tips, and where it begins.
    fn new_to(&self, commit: CommitId, tips: &[String]) -> Result<(bool, Vec<CommitId>), Error> {
        let new = self.repository.new_commits(&[commit], &Existing::Commits(tips), self.limit)?;
        Ok((new.is_new(commit), new.begins_at(commit)))
    }
}

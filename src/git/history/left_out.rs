//! Commits that a tip is not compared with: what it takes from them is new.

use std::collections::HashSet;

use super::new_commits::{Existing, NewCommits};
use crate::git::change::CommitId;
use crate::git::error::Error;
use crate::git::repository::Repository;

impl Repository {
    /// Compares `tip` with no commit that `apart` leads to, but with those that are `kept`: what it takes from such commits
    /// is new. Without any other commit to compare it with, nothing changes.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn leave_out(
        &self,
        new: &mut NewCommits,
        (tip, kept): (CommitId, &[CommitId]),
        apart: &Existing<'_>,
    ) -> Result<(), Error> {
        let sides = new.boundary(tip);
        if sides.len() < 2 {
            return Ok(());
        }
        let mut left_out = HashSet::new();
        for side in &sides {
            let side = CommitId(*side);
            if !kept.contains(&side) && !self.new_commits(&[side], apart, usize::MAX)?.is_new(side) {
                left_out.insert(side.0);
            }
        }
        if left_out.len() < sides.len() {
            new.left_out.insert(tip.0, left_out);
        }
        Ok(())
    }
}

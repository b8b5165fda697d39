//! Commits that are not ancestors of others in a set, as in `git merge-base --independent`.

use std::collections::{BinaryHeap, HashMap, HashSet};

use gix::hash::ObjectId;

use super::new_commits::NewCommits;
use crate::git::change::CommitId;
use crate::git::error::Error;
use crate::git::repository::Repository;
use crate::git::snapshot::Changes;

/// Maximum number of commits of history that are visited. An ancestor further back counts as near.
const MAX_VISITED_COMMITS: usize = 20_000;
/// Maximum number of commits visited that are older than the oldest near one: dates are not always
/// in order.
const SLOP_COMMITS: usize = 64;

impl Repository {
    /// Returns the changes that `tip` brings to the nearest commits of its boundary: as
    /// [`Self::changes_at`], without the commits that are ancestors of others there, such as old
    /// main if the branch has merged main since. `None` if all are as near, or the tip is not new,
    /// or a limit cut the walk.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn changes_since_merges(&self, new_commits: &NewCommits, tip: CommitId) -> Result<Option<Changes<'_>>, Error> {
        let (Some(new), false) = (new_commits.get(&tip.0), new_commits.is_cut()) else { return Ok(None) };
        let all = new_commits.boundary(tip);
        let nearest = self.nearest(&all)?;
        if nearest.len() == all.len() {
            return Ok(None);
        }
        self.compare(new.tree, self.objects.trees_of(&nearest)?).map(Some)
    }

    /// Returns the `commits` that are not ancestors of another one, in their order.
    pub(super) fn nearest(&self, commits: &[ObjectId]) -> Result<Vec<ObjectId>, Error> {
        if commits.len() < 2 {
            return Ok(commits.to_vec());
        }
        let (ends, _) = self.shallow_ends()?;
        let mut buffer = Vec::new();
        // The commits that are near so far, with the indices of their dates.
        let (mut near, mut dates) = (HashMap::new(), Vec::new());
        // Same type as the queue of the walk over history, whose code it shares; the number is
        // unused.
        let mut queue = BinaryHeap::new();
        for id in commits {
            let commit = self.objects.commit(id, &mut buffer)?;
            near.insert(*id, dates.len());
            dates.push(commit.date);
            queue.push((commit.date, *id, 0_u32, commit.parents));
        }
        let oldest = |dates: &[i64]| dates.iter().copied().min().unwrap_or(i64::MAX);
        let (mut oldest_near, mut slop, mut looked_at) = (oldest(&dates), SLOP_COMMITS, 0);
        let mut seen = HashSet::new();
        while let Some((date, id, _, parents)) = queue.pop() {
            slop -= usize::from(date < oldest_near);
            looked_at += 1;
            if near.len() < 2 || slop == 0 || looked_at > MAX_VISITED_COMMITS {
                break;
            }
            for parent in parents.into_iter().filter(|_| !ends.contains(&id)) {
                if !seen.insert(parent) {
                    continue;
                }
                if let Some(date) = near.remove(&parent).and_then(|place: usize| dates.get_mut(place)) {
                    *date = i64::MAX;
                    oldest_near = oldest(&dates);
                }
                match self.objects.commit(&parent, &mut buffer) {
                    Ok(commit) => queue.push((commit.date, parent, 0, commit.parents)),
                    // Behind an existing commit: not an error, as in git.
                    Err(Error::MissingObject { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(commits.iter().copied().filter(|id| near.contains_key(id)).collect())
    }
}

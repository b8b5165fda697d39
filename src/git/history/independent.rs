//! The commits that no other one of some is made from, as `git merge-base --independent` tells.

use std::collections::{BinaryHeap, HashMap, HashSet};

use gix::hash::ObjectId;

use super::new_commits::NewCommits;
use crate::git::change::CommitId;
use crate::git::error::Error;
use crate::git::repository::Repository;
use crate::git::snapshot::Changes;

/// The most commits of history that are visited. A commit further back counts as near.
const MAX_VISITED_COMMITS: usize = 20_000;
/// The commits visited that are older than the commits looked for: dates are not always in order.
const SLOP_COMMITS: usize = 64;

impl Repository {
    /// The changes that `tip` brings to the nearest commits that it is made from: as [`Self::changes_at`], without the commits that others of
    /// these are made from, as main is that a branch has merged since it left it. `None` where all are as near.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn changes_since_merges(&self, news: &NewCommits, tip: CommitId) -> Result<Option<Changes<'_>>, Error> {
        let (Some(new), false) = (news.get(&tip.0), news.is_cut()) else { return Ok(None) };
        let all = news.boundary(tip);
        let nearest = self.nearest(&all)?;
        if nearest.len() == all.len() {
            return Ok(None);
        }
        self.compare(new.tree, self.objects.trees_of(&nearest)?).map(Some)
    }

    /// The commits of `commits` that are in the history of no other one, in their order.
    fn nearest(&self, commits: &[ObjectId]) -> Result<Vec<ObjectId>, Error> {
        if commits.len() < 2 {
            return Ok(commits.to_vec());
        }
        let (ends, _) = self.shallow_ends()?;
        let mut buffer = Vec::new();
        // The commits that are near so far, with the places of their dates.
        let (mut near, mut dates) = (HashMap::new(), Vec::new());
        // Of the type that the walk over history has, whose code it shares; the number is of no use here.
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
                    // Behind a commit that is there: no fault, as for git.
                    Err(Error::MissingObject { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(commits.iter().copied().filter(|id| near.contains_key(id)).collect())
    }
}

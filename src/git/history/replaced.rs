//! Commits that go when a reference is moved to a commit that does not contain its tip: amended, rebased, squashed.

use gix::bstr::BString;
use gix::hash::ObjectId;
use gix::refs::{FullName, Target};

use super::new_commits::{Existing, NewCommits};
use crate::git::change::CommitId;
use crate::git::error::Error;
use crate::git::refs::Trust;
use crate::git::repository::Repository;
use crate::git::snapshot::Changes;

/// Commits on which new ones may be built, besides those on which the old ones were: a walk is made for each.
const MAX_GROUND_COMMITS: usize = 64;

/// What goes and what comes when a reference is moved, as if it had not been there.
pub struct Rewrite<'r> {
    /// The commits that the reference alone led to, and the one that it had.
    pub gone: (NewCommits, CommitId),
    /// What their tip had changed, for where the new commits begin.
    pub at_all: Gone<'r>,
    /// The same for the nearest of these, if they are fewer.
    pub at_nearest: Option<Gone<'r>>,
    /// The commits that come.
    pub new_commits: NewCommits,
    /// What the tip that comes changes.
    pub changes: Changes<'r>,
}

/// What a tip that goes had changed: against where its own commits began, and against what it has in common with each
/// commit from which others begin. What it inherited must make no room where the others inherit it too.
pub struct Gone<'r> {
    /// Against all of these.
    pub changes: Changes<'r>,
    /// Against those that are near: without old main, if main was merged since and the others begin there.
    pub nearest: Option<Changes<'r>>,
}

impl Repository {
    /// Returns what goes and what comes where a reference is moved from the commit `old` to the commit `tip`, one of the
    /// `new` commits of a push; `others` are the references that count beside it. `None` if the tip contains the old one, if
    /// no commit goes, if the new commits begin where the old tip has nothing in common with them, or if a limit or the end
    /// of a shallow history keeps that from being known.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn rewrite(
        &self,
        old: CommitId,
        (new, tip): (&NewCommits, CommitId),
        others: Trust<'_>,
        limit: usize,
    ) -> Result<Option<Rewrite<'_>>, Error> {
        // The usual case, and the walks below may be long.
        if new.boundary(tip).contains(&old.0) {
            return Ok(None);
        }
        let others = Existing::References { trust: others, old: &[] };
        let Some(gone) = self.all_new(old, &others, limit)? else { return Ok(None) };
        let Some(new_commits) = self.all_new(tip, &others, limit)? else { return Ok(None) };
        if new_commits.is_new(old) {
            return Ok(None);
        }
        let began = new_commits.boundary(tip);
        let nearest = self.nearest(&began)?;
        let Some(at_all) = self.gone(&gone, old, &began, limit)? else { return Ok(None) };
        let at_nearest = if nearest.len() < began.len() {
            let Some(at_nearest) = self.gone(&gone, old, &nearest, limit)? else { return Ok(None) };
            Some(at_nearest)
        } else {
            None
        };
        let Some(changes) = self.changes_from(&new_commits, tip, &began)? else { return Ok(None) };
        Ok(Some(Rewrite { gone: (gone, old), at_all, at_nearest, new_commits, changes }))
    }

    /// What `old` had changed, for others that begin at `ground`.
    fn gone(
        &self,
        gone: &NewCommits,
        old: CommitId,
        ground: &[ObjectId],
        limit: usize,
    ) -> Result<Option<Gone<'_>>, Error> {
        let began = gone.boundary(old);
        let (known, others): (Vec<ObjectId>, Vec<ObjectId>) = ground.iter().partition(|id| began.contains(id));
        if others.len() > MAX_GROUND_COMMITS || ground.is_empty() && !began.is_empty() {
            return Ok(None);
        }
        let (mut all, mut near) = (union(began.clone(), &known), known);
        // Each by itself, or one that is nearer would hide what was removed behind it.
        for id in others {
            let Some(beyond) = self.all_new(old, &Existing::Commits(&[id.to_string()]), limit)? else {
                return Ok(None);
            };
            let met = beyond.boundary(old);
            if met.is_empty() {
                return Ok(None);
            }
            all = union(all, &met);
            near = union(near, &self.nearest(&met)?);
        }
        let near = union(near, &self.nearest(&all)?);
        let Some(changes) = self.changes_from(gone, old, &all)? else { return Ok(None) };
        let nearest = if near.len() < all.len() { self.changes_from(gone, old, &near)? } else { None };
        Ok(Some(Gone { changes, nearest }))
    }

    fn changes_from(
        &self,
        new_commits: &NewCommits,
        tip: CommitId,
        sides: &[ObjectId],
    ) -> Result<Option<Changes<'_>>, Error> {
        let Some(commit) = new_commits.get(&tip.0) else { return Ok(None) };
        self.compare(commit.tree, self.objects.trees_of(sides)?).map(Some)
    }

    /// Returns the commit that the reference `name` leads to, if its id in hex is `id`: a pusher only says so.
    ///
    /// # Errors
    /// When the reference or what it leads to cannot be read.
    pub fn tip_of(&self, name: &[u8], id: &str) -> Result<Option<CommitId>, Error> {
        let Ok(name) = FullName::try_from(BString::from(name)) else { return Ok(None) };
        let found = self.gix().refs.try_find(name.as_ref()).map_err(|error| Error::broken(&error))?;
        match found.map(|found| found.target) {
            Some(Target::Object(found)) if self.full_id(id) == Some(found) => match self.peel(id) {
                // A broken reference must not stand in the way of the push that mends it.
                Err(Error::MissingObject { .. }) => Ok(None),
                found => found,
            },
            _ => Ok(None),
        }
    }

    /// The new commits of one tip, if it is one of them and all of them can be told.
    fn all_new(&self, tip: CommitId, there: &Existing<'_>, limit: usize) -> Result<Option<NewCommits>, Error> {
        match self.new_commits(&[tip], there, limit) {
            Ok(new) => Ok(Some(new).filter(|new| new.is_new(tip) && !new.is_cut() && !new.is_shallow())),
            Err(Error::Shallow { .. } | Error::MissingObject { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn union(mut one: Vec<ObjectId>, other: &[ObjectId]) -> Vec<ObjectId> {
    let more: Vec<ObjectId> = other.iter().filter(|id| !one.contains(id)).copied().collect();
    one.extend(more);
    one
}

//! HEAD's tree against that of a revision, whatever lies between them.

use std::collections::HashSet;

use gix::hash::ObjectId;

use super::revwalk::RevWalk;
use crate::git::error::Error;
use crate::git::repository::Repository;
use crate::git::snapshot::Changes;

/// Whether HEAD grew from a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Descent {
    /// HEAD grew from it, or it is a tree without history.
    Grown,
    /// The revision has commits that HEAD lacks: what they removed looks added.
    Apart,
    /// A shallow history ends before it can be told.
    Unknown,
}

impl Repository {
    /// Returns the changes from the tree of a revision to HEAD's, and whether HEAD grew from it. Two trees are enough,
    /// so that it works in a shallow clone.
    ///
    /// # Errors
    /// When there is no such revision or no commit yet, or the repository cannot be read.
    pub fn against(&self, revision: &str) -> Result<(Changes<'_>, Descent), Error> {
        let head = self.known_commit("HEAD")?;
        let new = self.objects.commit(&head, &mut Vec::new())?.tree;
        let (old, commit) = self.tree_of(revision)?;
        let descent = commit.map_or(Ok(Descent::Grown), |commit| self.descent(head, commit))?;
        Ok((self.compare(new, vec![old])?, descent))
    }

    fn descent(&self, head: ObjectId, from: ObjectId) -> Result<Descent, Error> {
        if head == from {
            return Ok(Descent::Grown);
        }
        let (ends, _) = self.shallow_ends()?;
        let mut walk = RevWalk::new(&self.objects, &ends);
        walk.know(from)?;
        let none = |_: &ObjectId| false;
        let new = match walk.run(&[head], usize::MAX, &none, &none) {
            Ok(walked) => walked.unwrap_or_default().new,
            Err(Error::MissingObject { .. }) => return Ok(Descent::Unknown),
            Err(error) => return Err(error),
        };
        let parents: HashSet<&ObjectId> = new.iter().flat_map(|commit| &commit.parents).collect();
        // A commit between the two is new, so that the walk has met `from` as a parent of one.
        Ok(if parents.contains(&from) {
            Descent::Grown
        } else if new.iter().any(|commit| ends.contains(&commit.id)) {
            Descent::Unknown
        } else {
            Descent::Apart
        })
    }
}

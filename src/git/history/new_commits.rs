//! New commits: those that a push or a range adds, and their changes.

use std::collections::{HashMap, HashSet, VecDeque};

use gix::hash::ObjectId;
use gix::objs::Kind;

use super::revwalk::{NewCommit, RevWalk, Walked, children_first};
use crate::git::change::CommitId;
use crate::git::diff::collect::Difference;
use crate::git::diff::trees::{NewSide, difference};
use crate::git::error::Error;
use crate::git::odb::commit::seconds;
use crate::git::refs::Trust;
use crate::git::repository::Repository;
use crate::git::snapshot::{Changes, Files};

/// Maximum number of hints that are looked up among the references.
const MAX_HINTS: usize = 1000;

/// A commit's parents, date and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitInfo {
    /// Its parents, in their order.
    pub parents: Vec<CommitId>,
    /// Author date, in seconds since 1970; 0 if it is invalid.
    pub author_date: i64,
    /// Its message, in bytes as git stores it.
    pub message: Vec<u8>,
}

/// The commits that exist already, and so are not new.
#[derive(Clone, Copy)]
pub enum Existing<'a> {
    /// Only these commits, by ids in hex. Tags are followed; ids of other objects, or of none, hide
    /// nothing.
    Commits(&'a [String]),
    /// The commits that references point to.
    References {
        /// The references that count.
        trust: Trust<'a>,
        /// Ids in hex that references probably have, as a push names the ones that it changes. They
        /// are only a hint, for speed: an id that no counted reference has does not count as
        /// existing.
        old: &'a [&'a str],
    },
}

/// The commits that are not reachable from existing ones.
///
/// As long as commit dates are in order, an existing commit is never among them, even if a limit
/// cut the walk.
#[derive(Default)]
pub struct NewCommits {
    /// Children before parents.
    commits: Vec<NewCommit>,
    places: HashMap<ObjectId, usize>,
    is_cut: bool,
    is_shallow: bool,
    /// Commits that may or may not be new, as the walk was cut.
    unsettled: HashSet<ObjectId>,
    /// Existing commits to compare with if the boundary is empty; where HEAD points comes first.
    stand_ins: Vec<ObjectId>,
}

impl NewCommits {
    /// Returns the number of new commits.
    #[must_use]
    pub fn count(&self) -> usize {
        self.commits.len()
    }

    /// Returns whether a commit is one of them.
    #[must_use]
    pub fn is_new(&self, commit: CommitId) -> bool {
        self.places.contains_key(&commit.0)
    }

    /// Returns all of them, children before parents, otherwise by committer date, newest first.
    pub fn commits(&self) -> impl ExactSizeIterator<Item = CommitId> + '_ {
        self.commits.iter().map(|commit| CommitId(commit.id))
    }

    /// Returns those that lead to `tip`, itself included, in the order of [`Self::commits`].
    #[must_use]
    pub fn leading_to(&self, tip: CommitId) -> Vec<CommitId> {
        let mut places: HashSet<usize> = self.places.get(&tip.0).copied().into_iter().collect();
        let mut next: Vec<usize> = places.iter().copied().collect();
        while let Some(commit) = next.pop().and_then(|place| self.commits.get(place)) {
            let parents = commit.parents.iter().filter_map(|parent| self.places.get(parent).copied());
            next.extend(parents.filter(|place| places.insert(*place)));
        }
        let mut places: Vec<usize> = places.into_iter().collect();
        places.sort_unstable();
        places.into_iter().filter_map(|place| self.commits.get(place)).map(|commit| CommitId(commit.id)).collect()
    }

    /// Returns whether there are more than the limit, so that not all are here.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Returns whether it is unknown if a commit is new, as the walk reached its limit before that
    /// commit.
    #[must_use]
    pub fn is_unsettled(&self, commit: CommitId) -> bool {
        self.unsettled.contains(&commit.0)
    }

    /// Returns whether the history of some ends where the pusher's shallow clone ends: their
    /// changes may be old code.
    #[must_use]
    pub fn is_shallow(&self) -> bool {
        self.is_shallow
    }

    /// Returns the tree and the parents of a new commit.
    pub(in crate::git) fn get(&self, id: &ObjectId) -> Option<&NewCommit> {
        self.commits.get(*self.places.get(id)?)
    }

    /// Returns whether a commit, by its id in hex, is not new but a parent of new ones that lead to `tip`.
    #[must_use]
    pub fn grows_from(&self, tip: CommitId, hex: &str) -> bool {
        ObjectId::from_hex(hex.as_bytes()).is_ok_and(|id| self.boundary(tip).contains(&id))
    }

    /// Returns the commits that are not new but parents of new ones that lead to `tip`, nearest first; the tip itself, if
    /// it is not new.
    #[must_use]
    pub fn begins_at(&self, tip: CommitId) -> Vec<CommitId> {
        self.boundary(tip).into_iter().map(CommitId).collect()
    }

    /// Returns the commits that are not new but parents of new ones that lead to `tip`, nearest
    /// first.
    pub(in crate::git) fn boundary(&self, tip: CommitId) -> Vec<ObjectId> {
        let mut boundary = Vec::new();
        let mut seen = HashSet::from([tip.0]);
        let mut next = VecDeque::from([tip.0]);
        while let Some(id) = next.pop_front() {
            match self.get(&id) {
                Some(commit) => next.extend(commit.parents.iter().copied().filter(|&parent| seen.insert(parent))),
                None if self.unsettled.contains(&id) => {}
                None => boundary.push(id),
            }
        }
        boundary
    }

    fn new(walked: Walked) -> Self {
        let Walked { new, is_cut, unsettled } = walked;
        let commits = children_first(new);
        let places = commits.iter().enumerate().map(|(place, commit)| (commit.id, place)).collect();
        Self { commits, places, is_cut, is_shallow: false, unsettled, stand_ins: Vec::new() }
    }
}

impl Repository {
    /// Returns the commits that pushing `to` adds to a server that has `from`, and the commit `to`.
    ///
    /// # Errors
    /// When a revision does not exist, the history does not reach far enough, or the repository cannot be read.
    pub fn range(&self, from: &str, to: &str) -> Result<(NewCommits, CommitId), Error> {
        let from = self.known_commit(from)?.to_string();
        let to = CommitId(self.known_commit(to)?);
        Ok((self.new_commits(&[to], &Existing::Commits(&[from]), usize::MAX)?, to))
    }

    /// Returns the commit of a full id, following tags; `None` for a tree or blob, and for a tag of
    /// one.
    ///
    /// # Errors
    /// When `hex` is not a full id, or the object is missing or cannot be read.
    pub fn peel(&self, hex: &str) -> Result<Option<CommitId>, Error> {
        let id = self.full_id(hex).ok_or_else(|| Error::NoSuchRevision {
            name: hex.into(),
            why: "it is not an object's full id".into(),
            shallow: false,
            instead: None,
        })?;
        let (id, kind) = self.objects.peel(id, &mut Vec::new())?;
        Ok((kind == Kind::Commit).then_some(CommitId(id)))
    }

    /// Returns the commits that lead to `tips` and do not exist yet. Once more than `limit` are
    /// found, the walk ends.
    ///
    /// A commit missing behind an existing one is not an error, as in git; any other missing commit
    /// is.
    ///
    /// # Errors
    /// When the history does not reach far enough, or the repository cannot be read.
    pub fn new_commits(&self, tips: &[CommitId], there: &Existing<'_>, limit: usize) -> Result<NewCommits, Error> {
        let (ends, named) = self.shallow_ends()?;
        let tips: Vec<ObjectId> = tips.iter().map(|tip| tip.0).collect();
        let stays = |id: &ObjectId| !self.objects.surely_in_quarantine(id);
        let none = |_: &ObjectId| false;
        let paint = |known: &[ObjectId], unwanted: &dyn Fn(&ObjectId) -> bool, doubtful: &dyn Fn(&ObjectId) -> bool| {
            let mut painter = RevWalk::new(&self.objects, &ends);
            for id in known {
                painter.know(*id)?;
            }
            painter.run(&tips, limit, unwanted, doubtful)
        };
        let (walked, known) = match there {
            Existing::Commits(ids) => {
                let known: Vec<ObjectId> = ids.iter().filter_map(|id| self.full_id(id)).collect();
                (paint(&known, &none, &none)?, known)
            }
            Existing::References { trust, old } => {
                let hints: Vec<ObjectId> = old.iter().take(MAX_HINTS).filter_map(|id| self.full_id(id)).collect();
                let known = self.verified(&hints, trust.own)?;
                // Commits that references point to stay, so none of those that go with the push are
                // among them.
                let quick = paint(&known, &stays, &none)?;
                match quick {
                    Some(walked) => (Some(walked), known),
                    None => (paint(&self.counted_references(*trust)?, &none, &stays)?, known),
                }
            }
        };
        let mut new_commits = NewCommits::new(walked.unwrap_or_default());
        if let Existing::References { trust, .. } = there
            && new_commits.is_cut
        {
            new_commits.stand_ins = self.counted_head(trust.own)?.into_iter().chain(known).collect();
        }
        if let Some(end) = new_commits.commits.iter().find(|commit| ends.contains(&commit.id)) {
            if !named {
                return Err(Error::Shallow { oid: end.id.to_string() });
            }
            new_commits.is_shallow = true;
        }
        Ok(new_commits)
    }

    /// Returns the changes that `tip` brings: its files against the commits that are not new but
    /// parents of new ones, nearest first. There are none if the tip is not new, or that is
    /// unknown. If a limit has cut the walk, the old sides are the parents found by then. Without
    /// any, the old side is one existing commit, so that its content is not taken for new: the one
    /// that the tip's references had (`had`, ids in hex), if that is a single commit, else HEAD's
    /// if its branch counts.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn changes_at(&self, new_commits: &NewCommits, tip: CommitId, had: &[&str]) -> Result<Changes<'_>, Error> {
        let mut buffer = Vec::new();
        let Some(new) = new_commits.get(&tip.0).map(|commit| commit.tree) else {
            let tree = self.objects.commit(&tip.0, &mut buffer)?.tree;
            return Ok(self.changes(Difference::default(), Files::Tree(tree), vec![tree]));
        };
        let boundary = new_commits.boundary(tip);
        let mut old = self.objects.trees_of(&boundary)?;
        if new_commits.is_cut && boundary.is_empty() {
            let own = |id: &&ObjectId| had.iter().any(|hex| self.full_id(hex) == Some(**id));
            let mut stand_ins = new_commits.stand_ins.iter().filter(own);
            let only = stand_ins.next().filter(|_| stand_ins.next().is_none());
            if let Some(id) = only.or(new_commits.stand_ins.first())
                && let Some((_, commit)) = self.objects.commit_behind(*id, &mut buffer)?
            {
                old.push(commit.tree);
            }
        }
        self.compare(new, old)
    }

    /// Returns one commit's changes: its files against all its parents.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn changes_of(&self, commit: CommitId) -> Result<Changes<'_>, Error> {
        let mut buffer = Vec::new();
        let this = self.objects.commit(&commit.0, &mut buffer)?;
        let (ends, _) = self.shallow_ends()?;
        let parents = if ends.contains(&commit.0) { &[] } else { &this.parents[..] };
        self.compare(this.tree, self.objects.trees_of(parents)?)
    }

    /// Returns a commit's parents, date and message.
    ///
    /// # Errors
    /// When it is missing or cannot be read.
    pub fn commit(&self, id: CommitId) -> Result<CommitInfo, Error> {
        let mut buffer = Vec::new();
        let parents = self.objects.commit(&id.0, &mut buffer)?.parents.into_iter().map(CommitId).collect();
        let end = buffer.windows(2).position(|pair| pair == b"\n\n").unwrap_or(buffer.len());
        let (head, message) = buffer.split_at(end);
        let author = head.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"author "));
        let author_date = author.and_then(seconds).unwrap_or_default();
        Ok(CommitInfo { parents, author_date, message: message.get(2..).unwrap_or_default().to_vec() })
    }

    pub(in crate::git) fn compare(&self, new: ObjectId, old: Vec<ObjectId>) -> Result<Changes<'_>, Error> {
        let found = difference(&self.objects, &self.trees, &old, &NewSide::Tree(new), self.max_held_bytes())?;
        Ok(self.changes(found, Files::Tree(new), old))
    }

    pub(super) fn full_id(&self, hex: &str) -> Option<ObjectId> {
        ObjectId::from_hex(hex.as_bytes()).ok().filter(|id| id.kind() == self.objects.hash())
    }
}

//! What a push or a range adds: the new tip against the commits that its new history grows from.

use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};

use gix::hash::ObjectId;
use gix::objs::Kind;

use super::Changes;
use super::error::Error;
use super::repository::Repository;
use super::side::Files;
use super::walk::{NewSide, changed_files};

/// How many commits more are looked at once none is new any longer: dates of commits are not always in order.
/// Git uses five; more cost little, and a commit that is wrongly new only widens what is compared.
const SLOP: usize = 64;

/// How a commit has been met.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Known,
}

struct Met {
    mark: Mark,
    /// The commit's parents, once its turn has come.
    parents: Option<Vec<ObjectId>>,
}

impl Repository {
    /// Judges `to` as if it were pushed to a server that has `from`.
    ///
    /// # Errors
    /// When a revision does not exist, the history does not reach far enough, or the repository cannot be read.
    pub fn range(&self, from: &str, to: &str) -> Result<Changes<'_>, Error> {
        let from = self.known_commit(from)?;
        let to = self.known_commit(to)?;
        self.new_files(to, &[from])
    }

    /// What a push of `tip` adds where the commits `known` are already: `tip` against the commits that are not new
    /// but parents of new ones. Without new commits nothing changes; a tag counts as what it leads to.
    ///
    /// # Errors
    /// When an id does not exist, the history does not reach far enough, or the repository cannot be read.
    pub fn pushed(&self, tip: &str, known: &[String]) -> Result<Changes<'_>, Error> {
        let mut buffer = Vec::new();
        let mut hidden = Vec::with_capacity(known.len());
        for id in known {
            // Known tags of trees and blobs hide nothing.
            if let (id, Kind::Commit) = self.objects.peel(self.full_id(id)?, &mut buffer)? {
                hidden.push(id);
            }
        }
        match self.objects.peel(self.full_id(tip)?, &mut buffer)? {
            (commit, Kind::Commit) => self.new_files(commit, &hidden),
            _ => Ok(self.changes(Vec::new(), Files::Tree(ObjectId::empty_tree(self.objects.hash())), Vec::new())),
        }
    }

    fn full_id(&self, hex: &str) -> Result<ObjectId, Error> {
        let id = ObjectId::from_hex(hex.as_bytes()).ok();
        id.filter(|id| id.kind() == self.objects.hash()).ok_or_else(|| Error::NoSuchRevision {
            name: hex.into(),
            why: "it is not an object's full id".into(),
            shallow: false,
        })
    }

    fn new_files(&self, tip: ObjectId, known: &[ObjectId]) -> Result<Changes<'_>, Error> {
        let mut buffer = Vec::new();
        let new = self.objects.commit(&tip, &mut buffer)?.tree;
        let Some(boundary) = self.boundary(tip, known)? else {
            return Ok(self.changes(Vec::new(), Files::Tree(new), vec![new]));
        };
        let mut old = Vec::new();
        for commit in boundary {
            let tree = self.objects.commit(&commit, &mut buffer)?.tree;
            if !old.contains(&tree) {
                old.push(tree);
            }
        }
        let files = changed_files(&self.objects, &old, &NewSide::Tree(new))?;
        Ok(self.changes(files, Files::Tree(new), old))
    }

    /// The parents of new commits that are not new, nearest to the tip first; `None` if no commit is new.
    fn boundary(&self, tip: ObjectId, known: &[ObjectId]) -> Result<Option<Vec<ObjectId>>, Error> {
        let shallow = self.shallow_ends()?;
        let met = self.paint(tip, known, &shallow)?;
        let is_new = |id: &ObjectId| met.get(id).is_some_and(|met| met.mark == Mark::New);
        if !is_new(&tip) {
            return Ok(None);
        }
        let mut boundary = Vec::new();
        let mut seen = HashSet::from([tip]);
        let mut next = VecDeque::from([tip]);
        while let Some(id) = next.pop_front() {
            if !is_new(&id) {
                boundary.push(id);
                continue;
            }
            if shallow.contains(&id) {
                return Err(Error::Shallow { oid: id.to_string() });
            }
            let parents = met.get(&id).and_then(|met| met.parents.as_deref()).unwrap_or_default();
            next.extend(parents.iter().copied().filter(|&parent| seen.insert(parent)));
        }
        Ok(Some(boundary))
    }

    /// Marks the history of `tip` as new and that of `known` as known, newest commits first, until only known ones
    /// are left.
    fn paint(
        &self,
        tip: ObjectId,
        known: &[ObjectId],
        shallow: &HashSet<ObjectId>,
    ) -> Result<HashMap<ObjectId, Met>, Error> {
        let mut buffer = Vec::new();
        let mut met = HashMap::new();
        let mut queue = BinaryHeap::new();
        // How many commits in the queue are new.
        let mut new_ahead = 0;
        let mut slop = SLOP;
        let starts = known.iter().map(|&id| (id, Mark::Known)).chain([(tip, Mark::New)]);
        let mut found: Vec<(ObjectId, Mark)> = starts.collect();
        loop {
            while let Some((id, mark)) = found.pop() {
                match met.get_mut(&id) {
                    None => {
                        let commit = self.objects.commit(&id, &mut buffer)?;
                        let parents = if shallow.contains(&id) { Vec::new() } else { commit.parents };
                        met.insert(id, Met { mark, parents: None });
                        queue.push((commit.date, id, parents));
                        new_ahead += usize::from(mark == Mark::New);
                    }
                    Some(this) if this.mark == Mark::New && mark == Mark::Known => {
                        this.mark = Mark::Known;
                        match &this.parents {
                            // They were met as new, and are known as well.
                            Some(parents) => found.extend(parents.iter().map(|&parent| (parent, Mark::Known))),
                            None => new_ahead -= 1,
                        }
                    }
                    Some(_) => {}
                }
            }
            if new_ahead == 0 {
                if slop == 0 {
                    break;
                }
                slop -= 1;
            }
            let Some((_, id, parents)) = queue.pop() else { break };
            let Some(this) = met.get_mut(&id) else { break };
            new_ahead -= usize::from(this.mark == Mark::New);
            found.extend(parents.iter().map(|&parent| (parent, this.mark)));
            this.parents = Some(parents);
        }
        Ok(met)
    }

    /// The commits whose parents a shallow clone has not fetched.
    fn shallow_ends(&self) -> Result<HashSet<ObjectId>, Error> {
        let commits = self.gix.shallow_commits().map_err(|error| Error::broken(&error))?;
        Ok(commits.map(|commits| commits.iter().copied().collect()).unwrap_or_default())
    }
}

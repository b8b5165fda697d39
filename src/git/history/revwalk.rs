//! A walk through history from new tips and from known ones at once, newest commits first: what is reached from the
//! new tips alone is new.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use gix::hash::ObjectId;

use crate::git::error::Error;
use crate::git::odb::commit::Commit;
use crate::git::odb::store::{ObjectStore, missing};

/// The commits visited once none is new any longer: dates of commits are not always in order.
/// Git uses five; more cost little, and a commit that is wrongly new only widens what is compared.
const SLOP_COMMITS: usize = 64;
/// The commits visited where a new commit is one that the server had before the push: then it is rather there already,
/// behind commits whose dates are wrong, or left by a branch that is gone.
const DOUBTFUL_SLOP_COMMITS: usize = 20_000;
/// The place of commits that are known.
const KNOWN: u32 = u32::MAX;

/// A commit that is new.
pub(in crate::git) struct NewCommit {
    pub id: ObjectId,
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
    /// Committer date, in seconds since 1970.
    pub date: i64,
}

/// The result of a walk.
#[derive(Default)]
pub(in crate::git) struct Walked {
    /// In no order.
    pub new: Vec<NewCommit>,
    /// Whether the walk ended at the limit.
    pub is_cut: bool,
    /// The commits where it ended: whether they are new is not known.
    pub unsettled: HashSet<ObjectId>,
}

/// The progress of a commit that was met as new.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Passed,
    /// It could not be read. That matters only if it is still new when all others are done.
    Missing,
    Known,
}

pub(in crate::git) struct RevWalk<'a> {
    objects: &'a ObjectStore,
    /// Commits whose parents are not here.
    ends: &'a HashSet<ObjectId>,
    /// The place of a commit that was met among the new ones, or [`KNOWN`].
    met: HashMap<ObjectId, u32>,
    new: Vec<(NewCommit, State)>,
    /// Dates, ids, places, and the parents of those that are known.
    queue: BinaryHeap<(i64, ObjectId, u32, Vec<ObjectId>)>,
    /// The number of new commits in the queue.
    ahead: usize,
    /// The number of new commits that have left it.
    passed: usize,
    buffer: Vec<u8>,
}

impl<'a> RevWalk<'a> {
    pub fn new(objects: &'a ObjectStore, ends: &'a HashSet<ObjectId>) -> Self {
        let (met, new, queue) = (HashMap::new(), Vec::new(), BinaryHeap::new());
        Self { objects, ends, met, new, queue, ahead: 0, passed: 0, buffer: Vec::new() }
    }

    /// Takes something known to start from: a commit, or a tag of one. All else hides nothing.
    pub fn know(&mut self, id: ObjectId) -> Result<(), Error> {
        if self.met.contains_key(&id) {
            return Ok(());
        }
        if let Some((id, commit)) = self.objects.commit_behind(id, &mut self.buffer)? {
            self.add_known(id, commit);
        }
        Ok(())
    }

    /// Walks from `tips`. At most `limit` commits are found; the walk ends with `None` at a new one that is `unwanted`,
    /// and goes on for longer before it calls one new that is `doubtful`.
    pub fn run(
        mut self,
        tips: &[ObjectId],
        limit: usize,
        unwanted: &dyn Fn(&ObjectId) -> bool,
        doubtful: &dyn Fn(&ObjectId) -> bool,
    ) -> Result<Option<Walked>, Error> {
        let mut slop = SLOP_COMMITS;
        let mut more = DOUBTFUL_SLOP_COMMITS;
        let mut is_cut = false;
        for tip in tips {
            self.meet_new(*tip)?;
        }
        loop {
            if self.ahead == 0 {
                if slop == 0 {
                    slop = if self.has_passed(doubtful) { std::mem::take(&mut more) } else { 0 };
                }
                if slop == 0 {
                    break;
                }
                slop -= 1;
            }
            let Some((_, id, place, parents)) = self.queue.pop() else { break };
            match self.new.get_mut(place as usize) {
                Some((_, State::Missing)) => return Err(missing(&id, "commit")),
                Some((commit, state @ State::Waiting)) => {
                    if unwanted(&id) {
                        return Ok(None);
                    }
                    *state = State::Passed;
                    self.ahead -= 1;
                    self.passed += 1;
                    for parent in commit.parents.clone() {
                        self.meet_new(parent)?;
                    }
                    if self.passed > limit {
                        is_cut = true;
                        break;
                    }
                }
                // It was new when it came into the queue.
                Some((commit, _)) => {
                    let parents = std::mem::take(&mut commit.parents);
                    self.meet_known(parents)?;
                }
                None => self.meet_known(parents)?,
            }
        }
        Ok(Some(self.finish(is_cut)))
    }

    /// Whether any of the commits found so far is one of those.
    fn has_passed(&self, which: &dyn Fn(&ObjectId) -> bool) -> bool {
        self.new.iter().any(|(commit, state)| *state == State::Passed && which(&commit.id))
    }

    fn finish(self, is_cut: bool) -> Walked {
        let mut painted = Walked { is_cut, ..Walked::default() };
        for (commit, state) in self.new {
            match state {
                State::Passed => painted.new.push(commit),
                State::Waiting | State::Missing => _ = painted.unsettled.insert(commit.id),
                State::Known => {}
            }
        }
        painted
    }

    fn meet_new(&mut self, id: ObjectId) -> Result<(), Error> {
        if self.met.contains_key(&id) {
            return Ok(());
        }
        let (commit, state) = match self.objects.commit(&id, &mut self.buffer) {
            Ok(commit) => (commit, State::Waiting),
            Err(Error::MissingObject { .. }) => {
                let tree = ObjectId::null(self.objects.hash());
                (Commit { tree, parents: Vec::new(), date: i64::MIN }, State::Missing)
            }
            Err(error) => return Err(error),
        };
        let place = u32::try_from(self.new.len()).unwrap_or(KNOWN);
        let Commit { tree, parents, date } = commit;
        let parents = if self.ends.contains(&id) { Vec::new() } else { parents };
        self.met.insert(id, place);
        self.queue.push((date, id, place, Vec::new()));
        self.new.push((NewCommit { id, tree, parents, date }, state));
        self.ahead += 1;
        Ok(())
    }

    fn meet_known(&mut self, ids: Vec<ObjectId>) -> Result<(), Error> {
        let mut found = ids;
        while let Some(id) = found.pop() {
            match self.met.get_mut(&id) {
                None => match self.objects.commit(&id, &mut self.buffer) {
                    Ok(commit) => self.add_known(id, commit),
                    // As for git: what is there already need not be whole.
                    Err(Error::MissingObject { .. }) => _ = self.met.insert(id, KNOWN),
                    Err(error) => return Err(error),
                },
                Some(&mut KNOWN) => {}
                Some(place) => {
                    let Some((commit, state)) = self.new.get_mut(*place as usize) else { continue };
                    *place = KNOWN;
                    match std::mem::replace(state, State::Known) {
                        // Its parents were met as new, and are known as well.
                        State::Passed => {
                            self.passed -= 1;
                            found.append(&mut commit.parents);
                        }
                        // Its parents' turn comes with its own.
                        State::Waiting | State::Missing => self.ahead -= 1,
                        State::Known => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn add_known(&mut self, id: ObjectId, commit: Commit) {
        if self.met.contains_key(&id) {
            return;
        }
        let parents = if self.ends.contains(&id) { Vec::new() } else { commit.parents };
        self.met.insert(id, KNOWN);
        self.queue.push((commit.date, id, KNOWN, parents));
    }
}

/// The commits in an order where none comes before a child of its own, else the newest first.
pub(in crate::git) fn children_first(commits: Vec<NewCommit>) -> Vec<NewCommit> {
    let places: HashMap<ObjectId, usize> =
        commits.iter().enumerate().map(|(place, commit)| (commit.id, place)).collect();
    let mut children = vec![0usize; commits.len()];
    for parent in commits.iter().flat_map(|commit| &commit.parents) {
        if let Some(children) = places.get(parent).and_then(|&place| children.get_mut(place)) {
            *children += 1;
        }
    }
    let mut commits: Vec<Option<NewCommit>> = commits.into_iter().map(Some).collect();
    let ready = |place: usize, commits: &[Option<NewCommit>]| {
        commits.get(place)?.as_ref().map(|commit| (commit.date, Reverse(place)))
    };
    let mut queue: BinaryHeap<(i64, Reverse<usize>)> = children
        .iter()
        .enumerate()
        .filter(|&(_, &children)| children == 0)
        .filter_map(|(place, _)| ready(place, &commits))
        .collect();
    let mut sorted = Vec::with_capacity(commits.len());
    while let Some((_, Reverse(place))) = queue.pop() {
        let Some(commit) = commits.get_mut(place).and_then(Option::take) else { continue };
        for parent in &commit.parents {
            let Some(&place) = places.get(parent) else { continue };
            let Some(left) = children.get_mut(place) else { continue };
            *left -= 1;
            if *left == 0 {
                queue.extend(ready(place, &commits));
            }
        }
        sorted.push(commit);
    }
    sorted
}

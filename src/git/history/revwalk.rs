//! A walk through history from new tips and known commits at once, newest commits first: a commit
//! reached from new tips alone is new.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use gix::hash::ObjectId;

use crate::git::error::Error;
use crate::git::odb::commit::Commit;
use crate::git::odb::store::ObjectStore;

/// Number of commits visited once no new one is queued, as commit dates are not always in order.
/// Git uses five; more cost little, and a commit that is wrongly new only widens the comparison.
const SLOP_COMMITS: usize = 64;
/// Number of commits visited then if a new commit is one that the server had before the push: it
/// probably exists already, behind commits with wrong dates, or is left over from a deleted branch.
const DOUBTFUL_SLOP_COMMITS: usize = 20_000;
/// Place of the known commits.
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
    /// New commits, in no order.
    pub new: Vec<NewCommit>,
    /// Whether the walk ended at the limit.
    pub is_cut: bool,
    /// Commits at which it ended: it is unknown whether they are new.
    pub unsettled: HashSet<ObjectId>,
}

/// State of a commit that was met as new.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Passed,
    /// It is missing, which matters only if it is still new when all others are done.
    Missing,
    Known,
}

pub(in crate::git) struct RevWalk<'a> {
    objects: &'a ObjectStore,
    /// Commits whose parents are not here.
    ends: &'a HashSet<ObjectId>,
    /// Place of each met commit in `new`, or [`KNOWN`].
    met: HashMap<ObjectId, u32>,
    new: Vec<(NewCommit, State)>,
    /// Date, id and place of each queued commit, and the parents of a known one.
    queue: BinaryHeap<(i64, ObjectId, u32, Vec<ObjectId>)>,
    /// Number of new commits in the queue.
    ahead: usize,
    /// Number of new commits that have left the queue.
    passed: usize,
    buffer: Vec<u8>,
}

impl<'a> RevWalk<'a> {
    pub fn new(objects: &'a ObjectStore, ends: &'a HashSet<ObjectId>) -> Self {
        let (met, new, queue) = (HashMap::new(), Vec::new(), BinaryHeap::new());
        Self { objects, ends, met, new, queue, ahead: 0, passed: 0, buffer: Vec::new() }
    }

    /// Adds a known starting point: a commit, or a tag of one. Anything else hides nothing.
    pub fn know(&mut self, id: ObjectId) -> Result<(), Error> {
        if self.met.contains_key(&id) {
            return Ok(());
        }
        if let Some((id, commit)) = self.objects.commit_behind(id, &mut self.buffer)? {
            self.add_known(id, commit);
        }
        Ok(())
    }

    /// Walks from `tips` until more than `limit` new commits are found. The walk ends with `None`
    /// at a new commit that is `unwanted`, and goes on for longer before it calls a `doubtful` one
    /// new.
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
                Some((_, State::Missing)) => return Err(self.objects.missing(&id, "commit")),
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
                // It was new when it was queued, and is known by now.
                Some((commit, _)) => {
                    let parents = std::mem::take(&mut commit.parents);
                    self.meet_known(parents)?;
                }
                None => self.meet_known(parents)?,
            }
        }
        Ok(Some(self.finish(is_cut)))
    }

    /// Returns whether any of the commits found so far satisfies `which`.
    fn has_passed(&self, which: &dyn Fn(&ObjectId) -> bool) -> bool {
        self.new.iter().any(|(commit, state)| *state == State::Passed && which(&commit.id))
    }

    fn finish(self, is_cut: bool) -> Walked {
        let mut walked = Walked { is_cut, ..Walked::default() };
        for (commit, state) in self.new {
            match state {
                State::Passed => walked.new.push(commit),
                State::Waiting | State::Missing => _ = walked.unsettled.insert(commit.id),
                State::Known => {}
            }
        }
        walked
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
                    // As in git, existing history need not be complete.
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
                        // Its parents are met when it leaves the queue.
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

/// Sorts commits so that none precedes a child of its own, otherwise newest first.
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

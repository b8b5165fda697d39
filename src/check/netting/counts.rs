//! How often things occur over all files of a change.

use std::collections::{BTreeMap, HashMap};

use super::added_before::AddedBefore;
use crate::check::occurrence::{Fresh, Key};
use crate::policy::Severity;

/// What an occurrence weighs. One of a lower severity must not offset one of a higher, nor one in tests one elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Weight(u8);

pub(super) const WEIGHTS: usize = 2 * LEVELS;
const LEVELS: usize = 3;

impl Weight {
    pub fn of(severity: Severity, is_test: bool) -> Self {
        let level = match severity {
            Severity::Block => 0,
            Severity::Warn => 1,
            Severity::Track | Severity::Off => 2,
        };
        Self(2 * level + u8::from(is_test))
    }

    /// The weight of a place in a [`Tally`].
    pub fn at(index: usize) -> Option<Self> {
        u8::try_from(index).ok().filter(|_| index < WEIGHTS).map(Self)
    }

    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Weights with all that may offset any of them. Of each such set no more may be there than before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heavy(u8);

/// All such sets, smaller ones first.
pub(super) const SETS: [Heavy; 9] = [
    Heavy::of(1, 0),
    Heavy::of(1, 1),
    Heavy::of(2, 0),
    Heavy::of(2, 1),
    Heavy::of(2, 2),
    Heavy::of(3, 0),
    Heavy::of(3, 1),
    Heavy::of(3, 2),
    Heavy::of(3, 3),
];
/// All that blocks.
pub(super) const BLOCKING: Heavy = Heavy::of(1, 1);
pub(super) const ALL: Heavy = SETS[SETS.len() - 1];

impl Heavy {
    /// The first so many levels of what is no test, and of tests.
    const fn of(others: u8, tests: u8) -> Self {
        let (mut set, mut level) = (0, 0);
        while level < LEVELS as u8 {
            set |= ((level < others) as u8) << (2 * level) | ((level < tests) as u8) << (2 * level + 1);
            level += 1;
        }
        Self(set)
    }

    pub fn holds(self, weight: Weight) -> bool {
        self.0 & (1 << weight.0) != 0
    }

    pub fn sum(self, tally: &Tally) -> usize {
        (0..WEIGHTS).filter(|at| self.0 & (1 << at) != 0).map(|at| tally[at] as usize).sum()
    }
}

/// How often a key occurs, by weight.
pub(super) type Tally = [u32; WEIGHTS];

/// How often each key occurs, at the new side (index 0) and each old side (from 1).
pub(super) struct Counts {
    sides: usize,
    pub(super) total: HashMap<Key, Box<[Tally]>>,
    pub(super) per_file: HashMap<(usize, Key), Box<[Tally]>>,
    /// What replaced commits had added, which is there beside every old side.
    pub(super) added: AddedBefore,
}

/// By how much a count has risen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rise {
    /// Above the highest of the old ones.
    pub over_each: usize,
    /// Above all old ones together.
    pub over_sum: usize,
}

/// One that might be new.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub fresh: Fresh,
    pub weight: Weight,
}

/// Candidates of one key.
#[derive(Debug, Default)]
pub(super) struct Picked {
    /// The new ones.
    pub new: Vec<Fresh>,
    /// Those that are new in place of others, should these turn out to be excused.
    pub spare: Vec<Fresh>,
}

/// What is known of a file while occurrences are picked.
#[derive(Default)]
struct InFile {
    /// Candidates on added lines.
    added: Tally,
    picked: Tally,
}

impl Counts {
    /// For `sides` old sides.
    pub fn new(sides: usize) -> Self {
        Self { sides, total: HashMap::new(), per_file: HashMap::new(), added: AddedBefore::default() }
    }

    /// Adds an occurrence in a file at one side; says whether it is the first of its key there.
    pub fn add(&mut self, file: usize, old_side: Option<usize>, key: Key, weight: Weight) -> bool {
        let slot = old_side.map_or(0, |side| side + 1);
        let none = || vec![Tally::default(); self.sides + 1].into_boxed_slice();
        self.total.entry(key).or_insert_with(none)[slot][weight.index()] += 1;
        let before = self.per_file.len();
        self.per_file.entry((file, key)).or_insert_with(none)[slot][weight.index()] += 1;
        self.per_file.len() > before
    }

    /// Whether there is more of a key than at each old side, at any weight; what exceeds their sum exceeds each.
    pub fn has_risen(&self, key: &Key) -> bool {
        SETS.into_iter().any(|set| self.rise(None, key, set).over_each > 0)
    }

    /// Whether a file has more of a key than at each old side, at any weight: else none of its occurrences can be new.
    pub fn may_be_new_in(&self, file: usize, key: &Key) -> bool {
        SETS.into_iter().any(|set| self.rise(Some(file), key, set).over_each > 0)
    }

    /// Which of the occurrences of a key are the new ones: in each file as many as it has more than before, or fewer.
    pub fn pick(&self, key: &Key, mut all: Vec<Candidate>) -> Picked {
        // The lightest first, as those above have had their turn; rather on an added line.
        all.sort_unstable_by_key(|one| (std::cmp::Reverse(one.weight), !one.fresh.on_added_line, one.fresh));
        let mut files: BTreeMap<usize, InFile> = BTreeMap::new();
        for Candidate { fresh, weight } in &all {
            files.entry(fresh.file).or_default().added[weight.index()] += u32::from(fresh.on_added_line);
        }
        let (mut picked, mut is_picked) = (Tally::default(), vec![false; all.len()]);
        for (set, rise) in SETS.map(|set| (set, self.rise(None, key, set))) {
            if rise.over_each == 0 {
                continue;
            }
            let mut room = 0;
            let mut rooms: BTreeMap<usize, usize> = BTreeMap::new();
            for (&file, here) in &files {
                let own = self.room(file, key, here, set);
                room += own;
                rooms.insert(file, own.saturating_sub(set.sum(&here.picked)));
            }
            let new = room.min(rise.over_each).max(rise.over_sum);
            let mut more = new.saturating_sub(set.sum(&picked));
            for (at, one) in all.iter().enumerate().filter(|(_, one)| set.holds(one.weight)) {
                if more == 0 {
                    break;
                }
                let (Some(left), Some(here)) = (rooms.get_mut(&one.fresh.file), files.get_mut(&one.fresh.file)) else {
                    continue;
                };
                if *left > 0 && !is_picked[at] {
                    (*left, more, is_picked[at]) = (*left - 1, more - 1, true);
                    picked[one.weight.index()] += 1;
                    here.picked[one.weight.index()] += 1;
                }
            }
        }
        let mut result = Picked::default();
        for (one, is_picked) in all.iter().zip(is_picked) {
            if is_picked {
                result.new.push(one.fresh);
            } else if let Some(here) = files.get_mut(&one.fresh.file)
                && self.room(one.fresh.file, key, here, ALL) > ALL.sum(&here.picked)
            {
                here.picked[one.weight.index()] += 1;
                result.spare.push(one.fresh);
            }
        }
        result
    }

    /// How many of a file's occurrences may be new, as far as the file itself goes.
    fn room(&self, file: usize, key: &Key, here: &InFile, set: Heavy) -> usize {
        let rise = self.rise(Some(file), key, set);
        if self.sides < 2 {
            return rise.over_each;
        }
        // In a merge, what is text in a parent can be code now: its line is not added, and no parent has so many.
        rise.over_each.min(set.sum(&here.added)).max(rise.over_sum)
    }

    /// By how much there is more of a key now, in a file or over all.
    pub(super) fn rise(&self, file: Option<usize>, key: &Key, set: Heavy) -> Rise {
        let added = set.sum(&self.added.of(file, key));
        let Some((new, old)) = self.counts(file, key).split_first() else { return Rise::default() };
        let (new, old) = (set.sum(new).saturating_sub(added), old.iter().map(|old| set.sum(old)));
        Rise { over_each: new.saturating_sub(old.clone().max().unwrap_or(0)), over_sum: new.saturating_sub(old.sum()) }
    }

    /// How often there is a key at each side, in a file or over all.
    pub(super) fn counts(&self, file: Option<usize>, key: &Key) -> &[Tally] {
        let counts = match file {
            Some(file) => self.per_file.get(&(file, *key)),
            None => self.total.get(key),
        };
        counts.map_or(&[], AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests;

//! Occurrences of one key that were there before, taken for occurrences of another: the same thing in other words.

use super::counts::{Counts, Heavy, SETS, Tally, WEIGHTS, Weight};
use crate::check::occurrence::Key;

/// Where counts are compared: over all files of an old side, and if a file is named, in that one too.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub side: usize,
    pub file: Option<usize>,
}

impl Counts {
    /// Takes old occurrences of `lost`, as far as there are fewer now, for as many of `gained` as there are more now, at
    /// `most`; each of them is spent. Gives their number.
    pub fn exchange(&mut self, at: At, lost: &Key, gained: &Key, most: usize) -> usize {
        let mut moved = 0;
        for set in SETS {
            for weight in set.lightest_first() {
                let count = self.spare(at, lost, weight).min(self.more(at, gained, set)).min(most - moved);
                self.take(at, lost, weight, count);
                self.give(at, gained, weight, count);
                moved += count;
            }
        }
        moved
    }

    /// How many old occurrences of a weight have nothing to offset of their own key.
    pub fn spare(&self, at: At, key: &Key, weight: Weight) -> usize {
        self.least(at, key, |new, old, added| {
            // What was added beside them offsets, too, but is of no use to other keys.
            let both = std::array::from_fn(|weight| old[weight] + added[weight]);
            spare(new, &both, weight).min(old[weight.index()] as usize)
        })
    }

    /// By how much there is more of a key now, of the weights of a set.
    pub fn more(&self, at: At, key: &Key, set: Heavy) -> usize {
        self.least(at, key, |new, old, added| set.sum(new).saturating_sub(set.sum(old) + set.sum(added)))
    }

    /// What is counted of a key, over all files or in the file that is named, whichever is less; `count` takes the new
    /// occurrences, the old ones, and what replaced commits had added.
    fn least(&self, at: At, key: &Key, count: impl Fn(&Tally, &Tally, &Tally) -> usize) -> usize {
        let count = |file: Option<usize>| {
            let counts = self.counts(file, key);
            let (Some(new), Some(old)) = (counts.first(), counts.get(at.side + 1)) else { return 0 };
            count(new, old, &self.added.of(file, key))
        };
        let everywhere = count(None);
        at.file.map_or(everywhere, |file| everywhere.min(count(Some(file))))
    }

    /// Spends old occurrences.
    pub fn take(&mut self, at: At, key: &Key, weight: Weight, count: usize) {
        self.change(at, key, weight, |old| old.saturating_sub(u32::try_from(count).unwrap_or(u32::MAX)));
    }

    /// Adds to the old occurrences.
    pub fn give(&mut self, at: At, key: &Key, weight: Weight, count: usize) {
        self.change(at, key, weight, |old| old.saturating_add(u32::try_from(count).unwrap_or(u32::MAX)));
    }

    fn change(&mut self, at: At, key: &Key, weight: Weight, change: impl Fn(u32) -> u32) {
        let in_file = at.file.and_then(|file| self.per_file.get_mut(&(file, *key)));
        for counts in [self.total.get_mut(key), in_file].into_iter().flatten() {
            if let Some(tally) = counts.get_mut(at.side + 1) {
                tally[weight.index()] = change(tally[weight.index()]);
            }
        }
    }
}

/// How many old ones of a weight have nothing to offset among the new ones.
pub(super) fn spare(new: &Tally, old: &Tally, weight: Weight) -> usize {
    let sets = SETS.into_iter().filter(|set| set.holds(weight));
    let fewer = sets.map(|set| set.sum(old).saturating_sub(set.sum(new))).min().unwrap_or(0);
    fewer.min(old[weight.index()] as usize)
}

impl Heavy {
    /// Its weights, the lightest first.
    pub fn lightest_first(self) -> impl Iterator<Item = Weight> {
        (0..WEIGHTS).rev().filter_map(Weight::at).filter(move |weight| self.holds(*weight))
    }
}

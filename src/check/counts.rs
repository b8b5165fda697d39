//! How often things occur over all files of a change.

use std::collections::{HashMap, HashSet};

use super::scan::{Key, Occurrence};

/// How often each key occurs, at the new side (index 0) and each old side (from 1).
pub(super) struct Counts {
    sides: usize,
    total: HashMap<Key, Vec<usize>>,
    per_file: HashMap<(usize, Key), Vec<usize>>,
}

impl Counts {
    /// For `sides` old sides.
    pub fn new(sides: usize) -> Self {
        Self { sides, total: HashMap::new(), per_file: HashMap::new() }
    }

    /// Adds what a file has of `keys` at one side.
    pub fn add(&mut self, file: usize, old_side: Option<usize>, found: &[Occurrence], keys: &HashSet<Key>) {
        let slot = old_side.map_or(0, |side| side + 1);
        let none = || vec![0; self.sides + 1];
        for occurrence in found.iter().filter(|occurrence| keys.contains(&occurrence.key)) {
            self.total.entry(occurrence.key).or_insert_with(none)[slot] += 1;
            self.per_file.entry((file, occurrence.key)).or_insert_with(none)[slot] += 1;
        }
    }

    /// By how much the new count exceeds the highest of the old ones.
    pub fn over_each(&self, key: &Key) -> usize {
        self.total.get(key).map_or(0, |counts| counts[0].saturating_sub(counts[1..].iter().copied().max().unwrap_or(0)))
    }

    /// By how much the new count exceeds all old ones together.
    pub fn over_sum(&self, key: &Key) -> usize {
        self.total.get(key).map_or(0, |counts| counts[0].saturating_sub(counts[1..].iter().sum()))
    }

    /// By how much it exceeds them either way.
    pub fn excess(&self, key: &Key) -> usize {
        self.over_each(key).max(self.over_sum(key))
    }

    /// Whether a file has a key more often than at any old side.
    pub fn rose_in(&self, file: usize, key: &Key) -> bool {
        let counts = self.per_file.get(&(file, *key));
        counts.is_some_and(|counts| counts[0] > counts[1..].iter().copied().max().unwrap_or(0))
    }
}

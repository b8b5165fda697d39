//! How often things occur over all files of a change.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::check::occurrence::{Fresh, Key, Occurrence};
use crate::policy::Severity;

/// The severities that occurrences have, from the highest: each is counted with those above it, as an
/// occurrence that only warned must not offset a new one that blocks.
const LEVELS: [Severity; 3] = [Severity::Block, Severity::Warn, Severity::Track];

/// A key, as far as it is at least so severe.
pub(in crate::check) type Ranked = (Key, Severity);

/// All that an occurrence counts for.
pub(in crate::check) fn ranks(key: Key, severity: Severity) -> impl Iterator<Item = Ranked> {
    LEVELS.into_iter().filter(move |&level| level <= severity).map(move |level| (key, level))
}

/// How often each key occurs, at the new side (index 0) and each old side (from 1).
pub(super) struct Counts {
    sides: usize,
    total: HashMap<Ranked, Vec<usize>>,
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
            for ranked in ranks(occurrence.key, occurrence.severity) {
                self.total.entry(ranked).or_insert_with(none)[slot] += 1;
            }
            self.per_file.entry((file, occurrence.key)).or_insert_with(none)[slot] += 1;
        }
    }

    /// Whether there is more of a key than at each old side, at any level; what exceeds their sum exceeds each.
    pub fn has_risen(&self, key: &Key) -> bool {
        LEVELS.into_iter().any(|level| over_each(self.total(key, level)) > 0)
    }

    /// Which of the occurrences of a key are the new ones.
    pub fn pick(&self, key: &Key, mut all: Vec<Fresh>, severity: impl Fn(&Fresh) -> Severity) -> Vec<Fresh> {
        let in_file = |file: usize| self.per_file.get(&(file, *key)).map_or(&[][..], Vec::as_slice);
        // Rather on an added line, and rather in a file where the count rose.
        all.sort_unstable_by_key(|fresh| (!fresh.on_added_line, over_each(in_file(fresh.file)) == 0, *fresh));
        let (mut picked, mut left, mut own) = (Vec::new(), Vec::new(), 0);
        for level in LEVELS {
            let mut here: Vec<Fresh> = all.iter().filter(|fresh| severity(fresh) == level).copied().collect();
            let mut files: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
            for fresh in &here {
                let (count, added) = files.entry(fresh.file).or_default();
                *count += 1;
                *added += usize::from(fresh.on_added_line);
            }
            // In a merge, what is text in a parent can be code now: its line is not added, and no parent has so many.
            own += files
                .iter()
                .map(|(&file, &(count, added))| added.max(count.min(over_sum(in_file(file)))))
                .sum::<usize>();
            let total = self.total(key, level);
            let new = own.min(over_each(total)).max(over_sum(total));
            // Rather what is just so severe: what is above has had its turn.
            here.append(&mut left);
            let more = new.saturating_sub(picked.len()).min(here.len());
            left = here.split_off(more);
            picked.append(&mut here);
        }
        picked
    }

    /// How often there is at least so severe a key, at each side.
    fn total(&self, key: &Key, level: Severity) -> &[usize] {
        self.total.get(&(*key, level)).map_or(&[], Vec::as_slice)
    }
}

/// By how much the new count exceeds the highest of the old ones.
fn over_each(counts: &[usize]) -> usize {
    let Some((new, old)) = counts.split_first() else { return 0 };
    new.saturating_sub(old.iter().copied().max().unwrap_or(0))
}

/// By how much it exceeds all old ones together.
fn over_sum(counts: &[usize]) -> usize {
    counts.split_first().map_or(0, |(new, old)| new.saturating_sub(old.iter().sum()))
}

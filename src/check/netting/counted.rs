//! What is counted of the files of a change: the keys that the new sides have, and those that may offset them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::counts::{Counts, Tally, Weight};
use super::exchange::spare;
use super::moves::Moves;
use super::new_sides::NewSide;
use super::renames::Renames;
use crate::check::context::Context;
use crate::check::occurrence::{Family, Key, Kin, Occurrence};
use crate::check::scan;

/// Keys besides those of the new sides, the most. What is lost beyond offsets nothing.
const MAX_OTHER_KEYS: usize = 100_000;

/// Counts, and what is known of their keys.
pub(super) struct Counted<'a> {
    context: &'a Context<'a>,
    pub counts: Counts,
    pub moves: Moves,
    /// Files and their keys, in the order in which they were met.
    pub order: Vec<(usize, Key)>,
    /// What each key is of: as a whole, and as a name.
    pub kin: HashMap<Key, (Option<Family>, Option<Family>)>,
    /// Stars of old sides, by side, file and key; whether each is at most a warning by its kind.
    pub stars: HashMap<(usize, usize, Key), bool>,
    /// Modules beneath others, where names are told from modules.
    pub modules: HashSet<Key>,
    /// How often a file has a key in imports, at the new side and each old one, and in uses at the new one.
    pub written: HashMap<(usize, Key), Written>,
    /// Occurrences that may mean other paths too.
    pub ambiguous: Vec<Ambiguous>,
    keys: &'a HashSet<Key>,
    /// Keys by which the same may have been counted before.
    other_keys: HashSet<Key>,
    /// Modules of which a new side has something.
    families: HashSet<Family>,
}

/// How often a file has something of one key, by how it is written.
#[derive(Default)]
pub(super) struct Written {
    /// In imports, by weight: at the new side, and at each old one.
    imports: Vec<Tally>,
    /// In uses of what imports bind, at the new side.
    pub uses: usize,
}

impl Written {
    /// Whether a side has an import of a weight in place of which the new one has none.
    pub fn has_lost(&self, side: usize, weight: Weight) -> bool {
        let at = |slot: usize| self.imports.get(slot).copied().unwrap_or_default();
        spare(&at(0), &at(side + 1), weight) > 0
    }

    fn add(&mut self, old_side: Option<usize>, kin: &Kin, weight: Weight) {
        self.uses += usize::from(kin.is_use && old_side.is_none());
        let slot = old_side.map_or(0, |side| side + 1);
        if !kin.is_import {
            return;
        }
        if self.imports.len() <= slot {
            self.imports.resize(slot + 1, Tally::default());
        }
        self.imports[slot][weight.index()] += 1;
    }
}

/// An occurrence that may mean several paths.
pub(super) struct Ambiguous {
    /// `None` for the new side.
    pub side: Option<usize>,
    pub file: usize,
    pub key: Key,
    pub others: Arc<[Key]>,
}

impl<'a> Counted<'a> {
    /// Nothing yet; to be counted are `keys`, which are of the new sides, and what may offset them.
    pub fn new(
        context: &'a Context<'a>,
        keys: &'a HashSet<Key>,
        moves: Moves,
        renames: &Renames,
        new_sides: &[NewSide],
    ) -> Self {
        let (mut families, mut other_keys) = (HashSet::new(), HashSet::new());
        for found in new_sides.iter().flat_map(NewSide::occurrences).filter(|found| keys.contains(&found.key)) {
            families.extend([found.kin.whole, found.kin.within].into_iter().flatten());
            other_keys.extend(found.kin.others.iter().copied());
        }
        other_keys.extend(renames.old_keys().copied());
        let mut counts = Counts::new(context.changes.old_sides.len());
        for added in context.added[0] {
            let files = &context.changes.files;
            let file = files.binary_search_by(|file| file.path.as_slice().cmp(&added.path)).ok();
            let is_test = scan::is_test(context.effective, &added.path);
            counts.added.add(file, added.key, Weight::of(added.severity, is_test));
        }
        let (order, kin, stars, ambiguous) = Default::default();
        let (modules, written) = Default::default();
        Self { context, counts, moves, order, kin, stars, modules, written, ambiguous, keys, other_keys, families }
    }

    /// Adds what a file has at one side; what one had that is gone counts for the file that it has become.
    pub fn add(&mut self, file: usize, old_side: Option<usize>, found: &[Occurrence]) {
        if found.is_empty() {
            return;
        }
        let is_test = scan::is_test(self.context.effective, &self.context.changes.files[file].path);
        let file = old_side.map_or(file, |side| self.moves.now(side, file));
        let counted = once_a_file(found);
        for (ordinal, found) in found.iter().enumerate() {
            let key = found.key;
            if !(self.keys.contains(&key) || self.may_offset(found) && self.has_room(&key)) {
                continue;
            }
            if found.is_of_file && counted.get(&key) != Some(&ordinal) {
                continue;
            }
            let weight = Weight::of(found.severity, is_test);
            if self.counts.add(file, old_side, key, weight) {
                self.order.push((file, key));
            }
            self.kin.entry(key).or_insert((found.kin.whole, found.kin.within));
            if let Some(side) = old_side.filter(|_| found.kin.is_star) {
                *self.stars.entry((side, file, key)).or_insert(true) &= found.kin.is_wildcard;
            }
            if found.kin.is_module {
                self.modules.insert(key);
            }
            self.written.entry((file, key)).or_default().add(old_side, &found.kin, weight);
            if !found.kin.others.is_empty() {
                let others = Arc::clone(&found.kin.others);
                self.ambiguous.push(Ambiguous { side: old_side, file, key, others });
            }
        }
    }

    fn may_offset(&self, found: &Occurrence) -> bool {
        let kin = &found.kin;
        let is_related = |family: &Option<Family>| family.is_some_and(|family| self.families.contains(&family));
        self.other_keys.contains(&found.key)
            || is_related(&kin.whole)
            || is_related(&kin.within)
            || kin.others.iter().any(|other| self.keys.contains(other))
    }

    fn has_room(&self, key: &Key) -> bool {
        self.kin.len() < self.keys.len() + MAX_OTHER_KEYS || self.kin.contains_key(key)
    }
}

/// Of keys that are counted once a file, the occurrence that counts, by its place: the first of the strictest.
pub(super) fn once_a_file(found: &[Occurrence]) -> HashMap<Key, usize> {
    let mut counted: HashMap<Key, usize> = HashMap::new();
    for (ordinal, occurrence) in found.iter().enumerate().filter(|(_, found)| found.is_of_file) {
        let place = counted.entry(occurrence.key).or_insert(ordinal);
        if found[*place].severity < occurrence.severity {
            *place = ordinal;
        }
    }
    counted
}

//! The same thing in another form, within one file: imports of a module, a star of it and imports of its names offset
//! each other (`import old; old.x()` → `from old import x`).

use std::collections::{BTreeMap, HashMap, HashSet};

use super::counted::Counted;
use super::counts::{ALL, BLOCKING, SETS, WEIGHTS, Weight};
use super::exchange::At;
use super::used_names::used_names;
use crate::check::context::Context;
use crate::check::occurrence::{Family, Key};
use crate::check::scan;
use crate::policy::Severity;
use crate::tree::TreeError;

/// Keys of one file that are of one module.
#[derive(Default)]
struct Members {
    /// The module itself, its star, its default.
    wholes: Vec<Key>,
    /// What lies beneath by one segment.
    names: Vec<Key>,
}

/// Names that a star may have brought, which was a warning: by file and key, and of how many sides that is true.
pub(super) type Starred = HashMap<(usize, Key), usize>;

/// Offsets what has risen in files by what these have lost in another form.
pub(super) fn offset(
    context: &Context<'_>,
    counted: &mut Counted<'_>,
    risen: &HashSet<Key>,
) -> Result<Starred, TreeError> {
    let mut forms = Forms { context, counted, risen, starred: Starred::new() };
    for (file, keys) in forms.files() {
        let families = forms.members(&keys);
        let wholes: HashSet<Family> = families.iter().map(|(family, _)| *family).collect();
        for side in 0..context.changes.old_sides.len() {
            let at = At { side, file: Some(file) };
            let mut used = None;
            for (_, members) in &families {
                forms.exchange_wholes(at, members);
                forms.free_names(at, file, members, &mut used, &wholes)?;
                forms.free_whole(at, members);
            }
        }
    }
    Ok(forms.starred)
}

struct Forms<'f, 'a> {
    context: &'f Context<'f>,
    counted: &'f mut Counted<'a>,
    risen: &'f HashSet<Key>,
    starred: Starred,
}

impl Forms<'_, '_> {
    /// The keys of each file in which something has risen, in their order.
    fn files(&self) -> BTreeMap<usize, Vec<Key>> {
        let mut files: BTreeMap<usize, Vec<Key>> = BTreeMap::new();
        for (file, key) in &self.counted.order {
            files.entry(*file).or_default().push(*key);
        }
        files.retain(|_, keys| keys.len() > 1 && keys.iter().any(|key| self.risen.contains(key)));
        files
    }

    /// The keys of a file by the module that they are of, in their order.
    fn members(&self, keys: &[Key]) -> Vec<(Family, Members)> {
        let mut families: Vec<(Family, Members)> = Vec::new();
        let mut places: HashMap<Family, usize> = HashMap::new();
        let mut put = |family: Option<Family>, key: Key, is_whole: bool| {
            let Some(family) = family else { return };
            let place = *places.entry(family).or_insert_with(|| {
                families.push((family, Members::default()));
                families.len() - 1
            });
            if let Some((_, members)) = families.get_mut(place) {
                let list = if is_whole { &mut members.wholes } else { &mut members.names };
                list.push(key);
            }
        };
        for key in keys {
            if let Some((whole, within)) = self.counted.kin.get(key) {
                put(*whole, *key, true);
                put(*within, *key, false);
            }
        }
        families.retain(|(_, members)| !members.wholes.is_empty() && members.wholes.len() + members.names.len() > 1);
        families
    }

    /// A module for a module: a star, a default.
    fn exchange_wholes(&mut self, at: At, members: &Members) {
        for gained in &members.wholes {
            for lost in members.wholes.iter().filter(|lost| *lost != gained) {
                self.counted.counts.exchange(at, lost, gained, usize::MAX);
            }
        }
    }

    /// Each lost import of a module frees each of the names once that the file used through it, or one where that is not
    /// known; a star frees all.
    fn free_names(
        &mut self,
        at: At,
        file: usize,
        members: &Members,
        used: &mut Option<Option<HashSet<Key>>>,
        wholes: &HashSet<Family>,
    ) -> Result<(), TreeError> {
        // A module brings names alone, none that lies beneath it.
        let is_gained = |key: &&Key| {
            let counted = &self.counted;
            self.risen.contains(*key) && !counted.modules.contains(*key) && counted.counts.more(at, key, ALL) > 0
        };
        let gained: Vec<Key> = members.names.iter().filter(is_gained).copied().collect();
        if gained.is_empty() {
            return Ok(());
        }
        for whole in &members.wholes {
            let spare = |weight: &Weight| self.counted.counts.spare(at, whole, *weight);
            if !weights().any(|weight| spare(&weight) > 0) {
                continue;
            }
            if let Some(is_wildcard) = self.counted.stars.get(&(at.side, file, *whole)) {
                let warned = *is_wildcard && self.warnings(file).any(|weight| spare(&weight) > 0);
                self.free(at, file, whole, &gained);
                let left = |name: &&Key| warned && self.counted.counts.more(at, name, BLOCKING) > 0;
                for name in gained.iter().filter(left) {
                    *self.starred.entry((file, *name)).or_default() += 1;
                }
                continue;
            }
            let used = match used {
                Some(known) => known,
                None => {
                    let was = &self.context.changes.files[self.counted.moves.was(at.side, file)];
                    used.insert(used_names(self.context, at.side, was, wholes)?)
                }
            };
            if let Some(used) = used {
                let names: Vec<Key> = gained.iter().filter(|name| used.contains(name)).copied().collect();
                self.free(at, file, whole, &names);
            } else {
                for name in &gained {
                    self.counted.counts.exchange(at, whole, name, usize::MAX);
                }
            }
        }
        Ok(())
    }

    /// The weights of what only warns and may offset what comes in a file: of a test, where that is one.
    fn warnings(&self, file: usize) -> impl Iterator<Item = Weight> + use<> {
        let is_test = scan::is_test(self.context.effective, &self.context.changes.files[file].path);
        [false, true]
            .into_iter()
            .filter(move |of_test| is_test || !of_test)
            .map(|of_test| Weight::of(Severity::Warn, of_test))
    }

    fn free(&mut self, at: At, file: usize, whole: &Key, names: &[Key]) {
        let Counted { counts, written, .. } = &mut *self.counted;
        for set in SETS {
            for weight in set.lightest_first() {
                let spare = counts.spare(at, whole, weight);
                let mut spent = 0;
                for name in names.iter().filter(|_| spare > 0) {
                    // An import may be written out at each place that uses it: all uses of a name count as one.
                    let uses = written.get(&(file, *name)).map_or(0, |written| written.uses);
                    let count = counts.more(at, name, set).min(spare + uses.saturating_sub(1));
                    counts.give(at, name, weight, count);
                    spent = spent.max(count.min(spare));
                }
                counts.take(at, whole, weight, spent);
            }
        }
    }

    /// The lost names of a module free one import of it, and all are spent for that.
    fn free_whole(&mut self, at: At, members: &Members) {
        let counts = &mut self.counted.counts;
        for whole in members.wholes.iter().filter(|whole| self.risen.contains(*whole)) {
            for set in SETS {
                let is_lost = |weight: &Weight| members.names.iter().any(|name| counts.spare(at, name, *weight) > 0);
                if counts.more(at, whole, set) == 0 {
                    continue;
                }
                let Some(weight) = set.lightest_first().find(is_lost) else { continue };
                counts.give(at, whole, weight, 1);
                for name in &members.names {
                    for weight in weights() {
                        let spare = counts.spare(at, name, weight);
                        counts.take(at, name, weight, spare);
                    }
                }
                return;
            }
        }
    }
}

fn weights() -> impl Iterator<Item = Weight> {
    (0..WEIGHTS).filter_map(Weight::at)
}

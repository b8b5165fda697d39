//! Keys that are counted once a file: a file that is new for one is told with all that it has of it.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::counts::{Candidate, Counts, Picked, SETS};
use crate::check::occurrence::{Fresh, Key};

impl Counts {
    /// As [`Counts::pick`]: picks files, each by the first of its heaviest occurrences, and gives what they have of the
    /// key, but what is no heavier than they had.
    pub fn pick_files(&self, key: &Key, all: Vec<Candidate>) -> Picked {
        let mut files: HashMap<usize, Vec<Candidate>> = HashMap::new();
        for one in all {
            files.entry(one.fresh.file).or_default().push(one);
        }
        for file in files.values_mut() {
            file.sort_unstable_by_key(|one| (one.weight, !one.fresh.on_added_line, one.fresh));
        }
        let mut first: Vec<Candidate> = files.values().filter_map(|file| file.first().copied()).collect();
        first.sort_unstable_by_key(|one| (Reverse(one.weight), one.fresh));
        let Picked { new, spare } = self.pick(key, first);
        let with_all = |picked: Vec<Fresh>| -> Vec<Fresh> {
            let of = |fresh: Fresh| {
                let more = |one: &&Candidate| {
                    let set = SETS.into_iter().find(|set| set.holds(one.weight));
                    one.fresh == fresh || set.is_some_and(|set| self.rise(Some(fresh.file), key, set).over_each > 0)
                };
                let file = files.get(&fresh.file).map_or(&[][..], Vec::as_slice);
                file.iter().filter(more).map(|one| one.fresh).collect::<Vec<_>>()
            };
            picked.into_iter().flat_map(of).collect()
        };
        Picked { new: with_all(new), spare: with_all(spare) }
    }
}

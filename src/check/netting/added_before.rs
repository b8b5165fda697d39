//! What commits had added that a forced push replaces: as much of it is there already, whatever old side it is compared
//! with.

use std::collections::HashMap;

use super::counts::{Tally, Weight};
use crate::check::occurrence::Key;

/// Counts by key, and by file and key.
#[derive(Debug, Default)]
pub(super) struct AddedBefore {
    total: HashMap<Key, Tally>,
    /// By index into [`Changes::files`](crate::git::Changes::files); what was added to other files counts in the total.
    per_file: HashMap<(usize, Key), Tally>,
}

impl AddedBefore {
    pub fn add(&mut self, file: Option<usize>, key: Key, weight: Weight) {
        self.total.entry(key).or_default()[weight.index()] += 1;
        if let Some(file) = file {
            self.per_file.entry((file, key)).or_default()[weight.index()] += 1;
        }
    }

    /// How often a key was added, to a file or to all.
    pub fn of(&self, file: Option<usize>, key: &Key) -> Tally {
        let found = match file {
            Some(file) => self.per_file.get(&(file, *key)),
            None => self.total.get(key),
        };
        found.copied().unwrap_or_default()
    }
}

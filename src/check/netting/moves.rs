//! Files that were moved: which new file a gone one has become, by its name or the id of its content.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use crate::check::context::Context;
use crate::check::scan;
use crate::git::{Blob, ChangedFile};

/// Folders above a file, the most, by which files of the same name are told apart.
const MAX_FOLDERS: usize = 3;

/// The moved files of each old side.
#[derive(Debug, Default)]
pub(super) struct Moves(Vec<OfSide>);

/// Moved files; all are indices into [`Changes::files`](crate::git::Changes::files).
#[derive(Debug)]
struct OfSide {
    /// What each file that is gone has become.
    now: HashMap<usize, usize>,
    /// The reverse.
    was: HashMap<usize, usize>,
    /// Files without a pair: those that are gone, of a merge only if every parent has them, and new ones.
    gone: Vec<usize>,
    new: Vec<usize>,
}

impl Moves {
    /// Pairs gone and new files one to one: rather of the same content, then of the same stem and language in the same
    /// folder (`a.cjs` → `a.mjs`), then of the same name in another folder.
    pub fn of(context: &Context<'_>) -> Self {
        let of_side = |side| {
            let Open { gone, new, pairs } = pairs(context, side);
            OfSide { was: pairs.iter().map(|(&gone, &new)| (new, gone)).collect(), now: pairs, gone, new }
        };
        Self((0..context.changes.old_sides.len()).map(of_side).collect())
    }

    /// The file whose old side a file is: what it has become if it is gone, else itself.
    pub fn now(&self, side: usize, file: usize) -> usize {
        self.0.get(side).and_then(|moved| moved.now.get(&file)).copied().unwrap_or(file)
    }

    /// The file that a file was at a side: a gone one, else itself.
    pub fn was(&self, side: usize, file: usize) -> usize {
        self.0.get(side).and_then(|moved| moved.was.get(&file)).copied().unwrap_or(file)
    }

    /// The gone files of a side, with what they have become, in the order of the latter.
    pub fn of_side(&self, side: usize) -> impl Iterator<Item = (usize, usize)> {
        let mut pairs: Vec<(usize, usize)> =
            self.0.get(side).into_iter().flat_map(|moved| &moved.now).map(|(&gone, &new)| (gone, new)).collect();
        pairs.sort_unstable_by_key(|(_, new)| *new);
        pairs.into_iter()
    }

    /// Adds pairs of files that had none.
    pub fn add(&mut self, side: usize, pairs: &[(usize, usize)]) {
        if let Some(moved) = self.0.get_mut(side) {
            moved.now.extend(pairs.iter().copied());
            moved.was.extend(pairs.iter().map(|&(gone, new)| (new, gone)));
        }
    }

    /// The gone and the new files of a side that had no pair by name or content.
    pub fn unpaired(&self, side: usize) -> (&[usize], &[usize]) {
        self.0.get(side).map_or((&[], &[]), |moved| (&moved.gone, &moved.new))
    }
}

fn pairs(context: &Context<'_>, side: usize) -> Open {
    let files = &context.changes.files;
    let old = |file: &ChangedFile| file.old.get(side).flatten();
    let these =
        |is: &dyn Fn(&ChangedFile) -> bool| -> Vec<usize> { (0..files.len()).filter(|&at| is(&files[at])).collect() };
    let gone = these(&|file| file.new.is_none() && old(file).is_some());
    if gone.is_empty() {
        return Open::default();
    }
    // Of a merge, files that another side has come first: that side has moved them. What no side has was written in
    // the merge itself, and must not take their place.
    let (moved, written): (Vec<usize>, Vec<usize>) = these(&|file| file.new.is_some() && old(file).is_none())
        .into_iter()
        .partition(|&at| files[at].old.values().any(Option::is_some));
    let path = |at: usize| files[at].path.as_slice();
    let blob = |at: usize| -> Option<Blob> { old(&files[at]).or(files[at].new) };
    let is_whole_loss = |at: usize| files[at].new.is_some() || files[at].old.values().all(Option::is_some);
    let mut open = Open { gone, new: Vec::new(), pairs: HashMap::new() };
    for (new, is_written) in [(moved, false), (written, true)] {
        open.new = new;
        open.pair_by(|at| Some((blob(at)?, name(path(at)))));
        // What another side has lost may have become anything there: only its name tells that it is here.
        open.pair_by(|at| blob(at).filter(|_| !is_written || is_whole_loss(at)));
        open.pair_by(|at| {
            let language = scan::language_at(context.effective, path(at))?.notation().language;
            Some((language, without_ending(path(at))))
        });
        for folders in (0..=MAX_FOLDERS).rev() {
            open.pair_by(|at| Some(tail(path(at), folders)));
        }
    }
    open.gone.retain(|&gone| files[gone].old.values().all(Option::is_some));
    open
}

/// Files that are not paired yet, and the pairs so far.
#[derive(Default)]
struct Open {
    gone: Vec<usize>,
    new: Vec<usize>,
    pairs: HashMap<usize, usize>,
}

impl Open {
    /// Pairs those of one key, in their order.
    fn pair_by<K: Eq + Hash>(&mut self, key: impl Fn(usize) -> Option<K>) {
        if self.gone.is_empty() || self.new.is_empty() {
            return;
        }
        let mut waiting: HashMap<K, VecDeque<usize>> = HashMap::new();
        for &gone in &self.gone {
            if let Some(key) = key(gone) {
                waiting.entry(key).or_default().push_back(gone);
            }
        }
        let pairs = &mut self.pairs;
        self.new.retain(|&new| {
            let gone = key(new).and_then(|key| waiting.get_mut(&key)).and_then(VecDeque::pop_front);
            gone.is_none_or(|gone| pairs.insert(gone, new).is_some())
        });
        self.gone.retain(|gone| !pairs.contains_key(gone));
    }
}

fn name(path: &[u8]) -> &[u8] {
    tail(path, 0)
}

/// The name of a file with as many folders above it.
fn tail(path: &[u8], folders: usize) -> &[u8] {
    let slashes = path.iter().enumerate().rev().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    slashes.into_iter().nth(folders).map_or(path, |slash| &path[slash + 1..])
}

/// The path without what follows the last dot of its name.
fn without_ending(path: &[u8]) -> &[u8] {
    let name = name(path);
    let stem = name.iter().rposition(|&byte| byte == b'.').filter(|&dot| dot > 0).unwrap_or(name.len());
    &path[..path.len() - name.len() + stem]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_paths() {
        assert_eq!(tail(b"a/b/c.py", 0), b"c.py");
        assert_eq!(tail(b"a/b/c.py", 1), b"b/c.py");
        assert_eq!(tail(b"a/b/c.py", 7), b"a/b/c.py");
        assert_eq!(without_ending(b"a.b/c.test.js"), b"a.b/c.test");
        assert_eq!(without_ending(b"a.b/c"), b"a.b/c");
        assert_eq!(without_ending(b"a/.rc"), b"a/.rc");
    }
}

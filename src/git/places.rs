//! Where the entries of one folder stand in the index, as they were walked over: a few questions need no list of them all.

use gix::hash::ObjectId;

use super::change::EntryKind;
use super::index::file::{EntryHead, Index};

/// The place of one entry in so many is kept.
const EVERY: usize = 64;

/// Some of the places, in the order of the index, which is that of paths.
#[derive(Debug, Default)]
pub(super) struct Places {
    kept: Vec<usize>,
    passed: usize,
}

impl Places {
    /// Takes up the next entry, which starts at the byte `at`.
    #[inline]
    pub fn pass(&mut self, at: usize) {
        if self.passed.is_multiple_of(EVERY) {
            self.kept.push(at);
        }
        self.passed += 1;
    }

    /// What stands at `path`; a folder has no id here.
    pub fn at(&self, index: &Index, path: &[u8]) -> Option<(EntryKind, Option<ObjectId>)> {
        if path.is_empty() {
            return Some((EntryKind::Folder, None));
        }
        if let Some(entry) = self.start_of(index, path).filter(|entry| entry.path == path) {
            return Some((EntryKind::of(entry.mode), ObjectId::try_from(entry.id).ok()));
        }
        let folder = [path, b"/"].concat();
        self.start_of(index, &folder).filter(|entry| entry.path.starts_with(&folder)).map(|_| (EntryKind::Folder, None))
    }

    /// The first entry whose path is not before `path`.
    fn start_of<'i>(&self, index: &'i Index, path: &[u8]) -> Option<EntryHead<'i>> {
        let before = |&at: &usize| index.entry(at).is_some_and(|entry| entry.path < path);
        let kept = self.kept.partition_point(before).saturating_sub(1);
        let mut at = *self.kept.get(kept)?;
        for _ in kept * EVERY..self.passed {
            let entry = index.entry(at)?;
            if entry.path >= path {
                return Some(entry);
            }
            at = entry.next;
        }
        None
    }
}

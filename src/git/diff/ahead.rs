//! Old trees that a long walk will come to, read by another thread meanwhile: from the other end, until both meet.
//!
//! The walk alone decides, and comes upon whatever is wrong: a tree that is not here, for whatever reason, it reads.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use gix::hash::ObjectId;

use crate::git::change::EntryKind;
use crate::git::error::Error;
use crate::git::index::cache_tree::CacheTree;
use crate::git::odb::store::{ObjectStore, Seed};
use crate::git::odb::tree::parse_entry;

/// What is read ahead of trees, in bytes.
pub(in crate::git) const MOST: usize = 8 << 20;
/// What keeping a tree costs besides, roughly.
const EACH: usize = 128;

/// A folder that the walk has yet to come to: its path, and its tree at each old side.
pub(in crate::git) type Place = (Vec<u8>, Vec<Option<ObjectId>>);

/// Trees that are read ahead.
pub(in crate::git) struct Ahead {
    trees: Mutex<Trees>,
    /// What they may take, in bytes.
    most: usize,
    /// How many of the folders the walk has not left behind; it begins with the last.
    left: AtomicUsize,
}

#[derive(Default)]
struct Trees {
    /// Where each stands: a table of the type that history has as well, whose code is there already.
    places: HashMap<ObjectId, usize>,
    data: Vec<Vec<u8>>,
}

impl Ahead {
    /// For a walk that has yet to come to so many folders; at most `most` bytes are read for it.
    pub fn of(folders: usize, most: usize) -> Self {
        Self { trees: Mutex::default(), most, left: AtomicUsize::new(folders) }
    }

    /// Reads what the walk will need of `places`, the new side of which is what `cache` knows. Where that lies, it costs
    /// time alone.
    pub fn read(&self, seed: Seed, places: &[Place], cache: CacheTree<'_>) {
        let Ok(objects) = seed.open() else { return };
        let (mut room, mut finder) = (self.most, cache.finder());
        for (number, (path, sides)) in places.iter().enumerate() {
            if self.is_passed(number) {
                break;
            }
            let node = finder.find(path);
            let folders = sides.iter().flatten().map(|side| (*side, node)).collect();
            if self.read_beneath(&objects, folders, cache, number, &mut room).is_err() {
                break;
            }
        }
    }

    /// Reads old trees and those beneath that differ from their node in the cache-tree, the last ones first.
    fn read_beneath(
        &self,
        objects: &ObjectStore,
        mut folders: Vec<(ObjectId, Option<usize>)>,
        cache: CacheTree<'_>,
        number: usize,
        room: &mut usize,
    ) -> Result<(), Error> {
        while let Some((id, node)) = folders.pop() {
            // of several sides, most have the same
            if node.is_some_and(|node| cache.tree(node) == Some(id)) || self.trees().places.contains_key(&id) {
                continue;
            }
            if self.is_passed(number) {
                break;
            }
            let mut tree = Vec::new();
            objects.tree(&id, *room as u64, &mut tree)?;
            let nodes = node.map(|node| cache.children(node)).unwrap_or_default();
            let mut rest = &tree[..];
            while let Some((item, after)) = parse_entry(rest, id.as_bytes().len()) {
                if let (EntryKind::Folder, Ok(id)) = (item.kind, ObjectId::try_from(item.id)) {
                    folders.push((id, nodes.node(item.name)));
                }
                rest = after;
            }
            *room = room.saturating_sub(tree.len() + EACH);
            let mut trees = self.trees();
            let place = trees.data.len();
            trees.places.insert(id, place);
            trees.data.push(tree);
        }
        Ok(())
    }

    /// Copies a tree of at most `most` bytes, if it was read; says whether it was.
    pub fn copy(&self, id: &ObjectId, most: u64, out: &mut Vec<u8>) -> bool {
        let trees = self.trees();
        let tree = trees.places.get(id).and_then(|&place| trees.data.get(place));
        let Some(tree) = tree.filter(|tree| tree.len() as u64 <= most) else { return false };
        out.clear();
        out.extend_from_slice(tree);
        true
    }

    /// Whether the walk has left a folder behind.
    fn is_passed(&self, number: usize) -> bool {
        self.left.load(Ordering::Relaxed) <= number
    }

    fn trees(&self) -> MutexGuard<'_, Trees> {
        self.trees.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells that only so many of the folders are left, the one at hand included.
    pub fn keep_off(&self, left: usize) {
        self.left.fetch_min(left, Ordering::Relaxed);
    }
}

//! Old trees that a long walk will come to, read by another thread meanwhile: from the other end, until both meet.
//!
//! The walk alone decides, and comes upon whatever is wrong: a tree that is not here, for whatever reason, it reads.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use gix::hash::ObjectId;

use super::cache_tree::CacheTree;
use super::error::Error;
use super::listing::{Kind, tree_line};
use super::objects::{Objects, Seed};

/// What is read ahead, in bytes.
const MOST: usize = 8 << 20;

/// A folder that the walk has yet to come to: its path, and its tree at each old side.
pub(super) type Place = (Vec<u8>, Vec<Option<ObjectId>>);

/// Trees that are read ahead.
pub(super) struct Ahead {
    trees: Mutex<Trees>,
    /// How many of the folders the walk has not left behind; it begins with the last.
    left: AtomicUsize,
}

#[derive(Default)]
struct Trees {
    /// Where each stands that is not taken yet.
    places: HashMap<ObjectId, usize>,
    data: Vec<Vec<u8>>,
}

impl Ahead {
    /// For a walk that has yet to come to so many folders.
    pub fn of(folders: usize) -> Self {
        Self { trees: Mutex::default(), left: AtomicUsize::new(folders) }
    }

    /// Reads what the walk will need of `places`, the new side of which is what `cache` knows.
    pub fn read(&self, seed: Seed, places: &[Place], cache: CacheTree<'_>) {
        let Ok(objects) = seed.open() else { return };
        let mut room = MOST;
        for (number, (path, sides)) in places.iter().enumerate() {
            let node = cache.find(path);
            let folders = sides.iter().flatten().map(|side| (*side, node)).collect();
            if self.read_beneath(&objects, folders, cache, number, &mut room).is_err() {
                break;
            }
        }
    }

    /// Reads old trees and those beneath that differ from their node in the cache-tree, the last ones first.
    fn read_beneath(
        &self,
        objects: &Objects,
        mut folders: Vec<(ObjectId, Option<usize>)>,
        cache: CacheTree<'_>,
        number: usize,
        room: &mut usize,
    ) -> Result<(), Error> {
        while let Some((id, node)) = folders.pop() {
            if node.is_some_and(|node| cache.tree(node) == Some(id)) {
                continue;
            }
            if self.left.load(Ordering::Relaxed) <= number {
                break;
            }
            let mut tree = Vec::new();
            objects.tree(&id, *room as u64, &mut tree)?;
            let nodes = node.map(|node| cache.children(node)).unwrap_or_default();
            let mut rest = &tree[..];
            while let Some((item, after)) = tree_line(rest, id.as_bytes().len()) {
                if let (Kind::Folder, Ok(id)) = (item.kind, ObjectId::try_from(item.id)) {
                    folders.push((id, nodes.node(item.name)));
                }
                rest = after;
            }
            *room = room.saturating_sub(tree.len());
            let mut trees = self.trees();
            let place = trees.data.len();
            trees.places.insert(id, place);
            trees.data.push(tree);
        }
        Ok(())
    }

    /// A tree, if it was read and not yet taken.
    pub fn take(&self, id: &ObjectId) -> Option<Vec<u8>> {
        let mut trees = self.trees();
        let place = trees.places.remove(id)?;
        trees.data.get_mut(place).map(std::mem::take)
    }

    fn trees(&self) -> MutexGuard<'_, Trees> {
        self.trees.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells that only so many of the folders are left, the one at hand included.
    pub fn keep_off(&self, left: usize) {
        self.left.fetch_min(left, Ordering::Relaxed);
    }
}

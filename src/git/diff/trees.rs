//! Tree diff: all sides are walked at once, and folders that are equal at every side are skipped unread.

use gix::hash::{ObjectId, oid};

use super::collect::{Collector, Difference, Task, join_halves, sort_by_path};
use super::tree_iter::{Folder, Item, TreeIter};
use crate::git::error::Error;
use crate::git::index::entries::Entries;
use crate::git::odb::store::{MAX_TREE_BYTES, ObjectStore};
use crate::git::odb::tree_cache::TreeCache;

/// The smallest tree that is kept for lookups beside the changed files: to inflate one of 60,000 files again takes 6 ms.
const LARGE_TREE_BYTES: usize = 256 << 10;

/// The new side: a tree object, or the index's entries.
pub(in crate::git) enum NewSide<'a> {
    Tree(ObjectId),
    Index(&'a Entries),
}

/// What differs between `new` and any of the `old` trees; a fault where that would take more than `max_held_bytes` of
/// memory.
pub(in crate::git) fn difference(
    objects: &ObjectStore,
    trees: &TreeCache,
    old: &[ObjectId],
    new: &NewSide<'_>,
    max_held_bytes: usize,
) -> Result<Difference, Error> {
    let mut walk = TreeDiff::new(objects, trees, old, new);
    walk.collected.hold_at_most(max_held_bytes);
    walk.run()?;
    Ok(walk.finish())
}

/// A tree diff under way.
pub(in crate::git) struct TreeDiff<'a> {
    objects: &'a ObjectStore,
    /// Takes the large trees that were read.
    trees: &'a TreeCache,
    entries: Option<&'a Entries>,
    collected: Collector,
    /// The tree objects of the folder at hand, one for each side, the new one last.
    buffers: Vec<Vec<u8>>,
}

impl<'a> TreeDiff<'a> {
    /// A walk from the top.
    pub fn new(objects: &'a ObjectStore, trees: &'a TreeCache, old: &[ObjectId], new: &NewSide<'a>) -> Self {
        let (folder, entries) = match new {
            NewSide::Tree(id) => (Folder::Tree(*id), None),
            NewSide::Index(entries) => {
                let node = entries.nodes().map(|_| 0);
                (Folder::Index { slots: entries.all(), node }, Some(*entries))
            }
        };
        let buffers = vec![Vec::new(); old.len() + 1];
        let old = old.iter().copied().map(Some).collect();
        let mut collected = Collector::new(Task { path: Vec::new(), depth: 0, old, new: Some(folder) });
        collected.allow(entries.map_or(0, |entries| entries.all().len()));
        Self { objects, trees, entries, collected, buffers }
    }

    /// Walks through everything.
    pub fn run(&mut self) -> Result<(), Error> {
        while let Some(task) = self.collected.tasks.pop() {
            self.folder(&task)?;
        }
        Ok(())
    }

    /// Walks through at most `folders` folders, and no further once more than `waiting` are known to follow; says whether
    /// that was all.
    pub fn run_short(&mut self, folders: usize, waiting: usize) -> Result<bool, Error> {
        for _ in 0..folders {
            let Some(task) = self.collected.tasks.pop() else { return Ok(true) };
            self.folder(&task)?;
            if self.collected.tasks.len() > waiting {
                return Ok(false);
            }
        }
        Ok(self.collected.tasks.is_empty())
    }

    /// Reads the new side of what is left from the index, whose tree the walk is over, rather than from tree objects.
    /// `None` where the cache-tree has it that they differ: git commits the trees.
    pub fn turn_to<'b>(self, entries: &'b Entries) -> Option<TreeDiff<'b>>
    where
        'a: 'b,
    {
        let mut collected = self.collected;
        collected.allow(entries.all().len());
        let mut nodes = entries.nodes().map(|nodes| (nodes, nodes.finder()));
        for task in &mut collected.tasks {
            let start = entries.start_of(&task.path);
            let is_there = entries.path(start).starts_with(&task.path) && entries.path(start).len() > task.path.len();
            // A folder that a sparse checkout left out has no entries.
            if let Some(Folder::Tree(id)) = task.new
                && is_there
            {
                let node = nodes.as_mut().and_then(|(_, finder)| finder.find(&task.path));
                if nodes
                    .as_ref()
                    .zip(node)
                    .and_then(|((nodes, _), node)| nodes.tree(node))
                    .is_some_and(|tree| tree != id)
                {
                    return None;
                }
                let guess = nodes.as_ref().zip(node).and_then(|((nodes, _), node)| Some(start + nodes.count(node)?));
                let slots = start..entries.end_of(start, 0..task.path.len(), entries.all().end, guess);
                task.new = Some(Folder::Index { slots, node });
            }
        }
        let (objects, trees, buffers) = (self.objects, self.trees, self.buffers);
        Some(TreeDiff { objects, trees, entries: Some(entries), collected, buffers })
    }

    /// What was found.
    pub fn finish(self) -> Difference {
        let mut found = self.collected.found;
        if !found.files.is_sorted_by(|a, b| a.path < b.path) {
            sort_by_path(&mut found.files);
            join_halves(&mut found.files);
        }
        found
    }

    fn folder(&mut self, task: &Task) -> Result<(), Error> {
        let same = |id: &ObjectId| task.old.values().all(|old| old.as_ref() == Some(id));
        if !task.old.is_empty() && matches!(&task.new, Some(Folder::Tree(id)) if same(id)) {
            return Ok(());
        }
        let new_tree = if let Some(Folder::Tree(id)) = &task.new { Some(*id) } else { None };
        let ids: Vec<_> = task.old.iter().chain([new_tree]).collect();
        if self.buffers.iter().map(|buffer| buffer.capacity() as u64).sum::<u64>() > MAX_TREE_BYTES {
            self.buffers.fill(Vec::new());
        }
        let mut room = MAX_TREE_BYTES;
        for (id, buffer) in ids.iter().zip(&mut self.buffers) {
            match id {
                Some(id) => self.objects.tree(id, room, buffer).map_err(|error| too_large_together(id, error))?,
                None => buffer.clear(),
            }
            room = room.saturating_sub(buffer.len() as u64);
        }
        let id_len = self.objects.hash().len_in_bytes();
        let mut listings: Vec<_> = self.buffers.iter().map(|buffer| TreeIter::tree(buffer, id_len)).collect();
        if let (Some(Folder::Index { slots, node }), Some(entries), Some(last)) =
            (&task.new, self.entries, listings.last_mut())
        {
            *last = TreeIter::index(entries, slots.clone(), task.path.len(), *node);
        }
        let malformed = |side: usize| Error::BadObject {
            oid: ids.get(side).copied().flatten().map_or_else(String::new, |id| id.to_string()),
            what: "tree",
            why: "it is malformed".into(),
        };
        let mut heads = Vec::with_capacity(listings.len());
        for (side, listing) in listings.iter_mut().enumerate() {
            heads.push(listing.next().map_err(|_| malformed(side))?);
        }
        let first_task = self.collected.tasks.len();
        let mut row = Vec::with_capacity(heads.len());
        loop {
            // Nearly all lines are the same at every side.
            while heads.len() > 1 && all_same(&heads) {
                for (side, (head, listing)) in heads.iter_mut().zip(&mut listings).enumerate() {
                    *head = listing.next().map_err(|_| malformed(side))?;
                }
            }
            let Some(least) = heads.iter().flatten().min_by(|a, b| a.order(b)).cloned() else { break };
            row.clear();
            for (side, (head, listing)) in heads.iter_mut().zip(&mut listings).enumerate() {
                if head.as_ref().is_some_and(|item| item.order(&least).is_eq()) {
                    row.push(head.take());
                    *head = listing.next().map_err(|_| malformed(side))?;
                } else {
                    row.push(None);
                }
            }
            let Some((new, old)) = row.split_last() else { break };
            let node = || listings.last().and_then(|listing| listing.node(least.name));
            self.collected.take(task, &least, old, new.as_ref(), node)?;
        }
        // The stack's top comes next: keep path order among the folders as far as that goes.
        self.collected.tasks.get_mut(first_task..).unwrap_or_default().reverse();
        for (side, (id, buffer)) in ids.iter().zip(&mut self.buffers).enumerate() {
            // The policy is looked for at the top.
            let is_asked_for = task.path.is_empty() && side + 1 == ids.len();
            if let Some(id) = id.filter(|_| is_asked_for || buffer.len() >= LARGE_TREE_BYTES) {
                self.trees.keep(id, std::mem::take(buffer));
            }
        }
        Ok(())
    }
}

/// The fault of a tree that finds no room beside the trees that it is compared with.
fn too_large_together(id: &oid, error: Error) -> Error {
    match error {
        Error::TooLarge { .. } => Error::TooLarge {
            what: format!("tree {id}, alone or together with the trees that it is compared with,"),
            limit: format!("{} MiB", MAX_TREE_BYTES >> 20),
        },
        error => error,
    }
}

/// Whether every side's next line is one and the same.
fn all_same(heads: &[Option<Item<'_>>]) -> bool {
    let Some((Some(first), rest)) = heads.split_first() else { return false };
    // Ids of a length known beforehand are compared without a call.
    let same_id = |id: &[u8]| match (first.id.as_array::<20>(), id.as_array::<20>()) {
        (Some(one), Some(other)) => one == other,
        _ => first.id == id,
    };
    rest.iter().all(|head| {
        head.as_ref().is_some_and(|item| first.kind == item.kind && same_id(item.id) && first.name == item.name)
    })
}

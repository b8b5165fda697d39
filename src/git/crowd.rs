//! A folder of tens of thousands of files: its old tree is compared with the index's entries while it is inflated, so
//! that neither ever stands in memory as a whole, and is inflated as what the entries foresee.

mod lines;

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::fs::File;

use gix::hash::ObjectId;

pub(super) use lines::Lines;

use super::cache_tree::{CacheTree, Children};
use super::error::Error;
use super::index::{EntryHead, Heads, Index};
use super::inflate::Unusual;
use super::listing::{Item, Kind};
use super::places::Places;
use super::rows::Task;
use super::walk::Walk;

/// A tree that stands whole, in a pack or loose.
pub(super) struct Stored {
    pub file: File,
    /// Where what is compressed starts.
    pub at: u64,
    /// How many inflated bytes come before the tree.
    pub skip: usize,
    /// The tree's size in bytes.
    pub size: usize,
}

/// The folder, before and now.
pub(super) struct Crowd<'a> {
    pub old: ObjectId,
    pub new: ObjectId,
    pub lines: Lines,
    pub entries: EntriesOf<'a>,
    /// Filled once all entries were walked over.
    pub places: &'a OnceCell<Places>,
}

impl Walk<'_> {
    /// Compares a folder in parts; false where that cannot be done.
    pub fn crowd(&mut self, task: &Task, crowd: Crowd<'_>) -> Result<bool, Error> {
        let Crowd { mut lines, mut entries, places, .. } = crowd;
        let first_task = self.rows.tasks.len();
        loop {
            if lines.skip_same(&mut entries).is_err() {
                return Ok(false);
            }
            let Ok(new) = entries.peek() else { return Ok(false) };
            let Some((old, length)) = lines.peek() else {
                match lines.more() {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(Unusual) => return Ok(false),
                }
                let Some((new, count)) = new else { break };
                self.row(task, None, Some(&new))?;
                if entries.pass(count).is_err() {
                    return Ok(false);
                }
                continue;
            };
            let order = new.as_ref().map_or(Ordering::Less, |(new, _)| old.order(new));
            let new = new.filter(|_| order.is_ge());
            let old = Some(old).filter(|_| order.is_le());
            self.row(task, old.as_ref(), new.as_ref().map(|(new, _)| new))?;
            if old.is_some() {
                lines.skip(length);
            }
            if new.is_some_and(|(_, count)| entries.pass(count).is_err()) {
                return Ok(false);
            }
        }
        self.rows.tasks.get_mut(first_task..).unwrap_or_default().reverse();
        let _ = places.set(entries.places);
        Ok(true)
    }

    fn row(&mut self, task: &Task, old: Option<&Item<'_>>, new: Option<&Item<'_>>) -> Result<(), Error> {
        let Some(least) = old.or(new) else { return Ok(()) };
        // A folder here is a tree object at both sides.
        self.rows.take(task, least, &[old.cloned()], new, || None)
    }
}

/// The entries of one folder of an index whose cache-tree is whole, subfolders standing for theirs.
pub(super) struct EntriesOf<'a> {
    heads: Heads<'a>,
    cache: &'a CacheTree,
    nodes: Children<'a>,
    at: usize,
    /// How many entries are to come.
    left: usize,
    prefix: usize,
    places: Places,
}

impl<'a> EntriesOf<'a> {
    /// The entries beneath `path`, which ends with a slash; `None` where they cannot be read in this way.
    pub fn of(index: &'a Index, cache: &'a CacheTree, path: &[u8]) -> Option<Self> {
        let number = cache.find(path)?;
        let mut entries = Self {
            heads: index.entries()?,
            cache,
            nodes: cache.children(number),
            at: index.entries_start(),
            left: index.count,
            prefix: path.len(),
            places: Places::default(),
        };
        while !entries.head()?.path.starts_with(path) {
            entries.go_to(entries.head()?.next);
        }
        entries.places = Places::default();
        entries.left = cache.count(number).filter(|&count| count <= entries.left)?;
        Some(entries)
    }

    #[inline]
    fn head(&self) -> Option<EntryHead<'a>> {
        if self.left == 0 { None } else { self.heads.at(self.at) }
    }

    /// The next entry and its name, if it stands for a file in this very folder, or for anything else that is none.
    #[inline]
    fn file(&self) -> Option<(EntryHead<'a>, &'a [u8])> {
        if self.left == 0 { None } else { self.file_at(self.at) }
    }

    /// The same of the entry that starts at `at`.
    #[inline]
    fn file_at(&self, at: usize) -> Option<(EntryHead<'a>, &'a [u8])> {
        let head = self.heads.at(at)?;
        let name = head.path.get(self.prefix..)?;
        Some((head, name))
    }

    /// Goes past the next entry, to the one that starts at `next`.
    fn go_to(&mut self, next: usize) {
        self.places.pass(self.at);
        self.at = next;
        self.left -= 1;
    }

    /// The next line as a tree would have it, and how many entries it stands for; `None` at the end.
    pub fn peek(&self) -> Result<Option<(Item<'a>, usize)>, Unusual> {
        if self.left == 0 {
            return Ok(None);
        }
        let (head, rest) = self.file().ok_or(Unusual)?;
        let Some(slash) = memchr::memchr(b'/', rest) else {
            let kind = Kind::of(head.mode);
            // A folder that stands as one entry has a slash at its end.
            let item = Item { name: rest, kind, id: head.id, slots: 0..0 };
            return if kind == Kind::Folder { Err(Unusual) } else { Ok(Some((item, 1))) };
        };
        let name = rest.get(..slash).unwrap_or_default();
        let node = self.nodes.node(name).ok_or(Unusual)?;
        let count = self.cache.count(node).filter(|&count| 0 < count && count <= self.left).ok_or(Unusual)?;
        let id = self.cache.id(node, &(0..count)).ok_or(Unusual)?;
        Ok(Some((Item { name, kind: Kind::Folder, id, slots: 0..0 }, count)))
    }

    /// Goes past `count` entries.
    pub fn pass(&mut self, count: usize) -> Result<(), Unusual> {
        for _ in 0..count {
            let head = self.head().ok_or(Unusual)?;
            self.go_to(head.next);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

//! An iterator over the entries of one folder, be it a tree object or a stretch of the index.

use std::cmp::Ordering;
use std::ops::Range;

use gix::hash::ObjectId;
use memchr::memchr;

use crate::git::change::EntryKind;
use crate::git::index::cache_tree::Children;
use crate::git::index::entries::Entries;
use crate::git::odb::tree::{TreeEntry, parse_entry};

/// A folder of the new side.
#[derive(Clone, Debug)]
pub(in crate::git) enum Folder {
    /// A tree object.
    Tree(ObjectId),
    /// Entries of the index, with the number of the cache-tree's node for them.
    Index { slots: Range<usize>, node: Option<usize> },
}

/// One entry of a folder.
#[derive(Clone, Debug)]
pub(in crate::git) struct Item<'a> {
    pub name: &'a [u8],
    pub kind: EntryKind,
    /// The object's id; empty for a folder of the index that the cache-tree does not know.
    pub id: &'a [u8],
    /// For a folder of the index: its entries.
    pub slots: Range<usize>,
}

impl Item<'_> {
    /// Git's order: a folder sorts as if its name ended with `/`. A file and a folder of one name are two places, and so
    /// are a folder and a name that goes on after its slash, which hand-made trees have.
    pub fn order(&self, other: &Self) -> Ordering {
        let common = self.name.len().min(other.name.len());
        let (ours, theirs) = (self.name.split_at(common), other.name.split_at(common));
        let after = || self.after(ours.1).cmp(&other.after(theirs.1));
        ours.0.cmp(theirs.0).then_with(after).then_with(|| self.name.len().cmp(&other.name.len()))
    }

    fn after(&self, rest: &[u8]) -> u8 {
        rest.first().copied().unwrap_or(if self.kind == EntryKind::Folder { b'/' } else { 0 })
    }
}

/// The entries of a folder, in git's order.
pub(in crate::git) enum TreeIter<'a> {
    /// The content of a tree object.
    Tree { rest: &'a [u8], id_len: usize },
    /// A stretch of the index, the length of the folder's path with its slash, and the cache-tree's nodes by name.
    Index { entries: &'a Entries, slots: Range<usize>, prefix: usize, nodes: Children<'a> },
}

/// A tree object that does not parse.
#[derive(Debug)]
pub(in crate::git) struct Malformed;

impl<'a> TreeIter<'a> {
    /// The entries of a tree object.
    pub fn tree(data: &'a [u8], id_len: usize) -> Self {
        Self::Tree { rest: data, id_len }
    }

    /// The entries `slots`, all beneath a folder whose path has `prefix` bytes, slash included.
    pub fn index(entries: &'a Entries, slots: Range<usize>, prefix: usize, node: Option<usize>) -> Self {
        let nodes = node.zip(entries.nodes()).map(|(node, cache)| cache.children(node)).unwrap_or_default();
        Self::Index { entries, slots, prefix, nodes }
    }

    /// The cache-tree's node for the folder `name`.
    pub fn node(&self, name: &[u8]) -> Option<usize> {
        match self {
            Self::Tree { .. } => None,
            Self::Index { nodes, .. } => nodes.node(name),
        }
    }

    /// The next entry; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Item<'a>>, Malformed> {
        match self {
            Self::Tree { rest, id_len } => {
                if rest.is_empty() {
                    return Ok(None);
                }
                let (item, after) = tree_item(rest, *id_len).ok_or(Malformed)?;
                *rest = after;
                Ok(Some(item))
            }
            Self::Index { entries, slots, prefix, nodes } => Ok(index_item(entries, slots, *prefix, nodes)),
        }
    }
}

/// The next entry of a tree object, and the bytes behind it.
fn tree_item(data: &[u8], id_len: usize) -> Option<(Item<'_>, &[u8])> {
    let (TreeEntry { name, kind, id }, rest) = parse_entry(data, id_len)?;
    Some((Item { name, kind, id, slots: 0..0 }, rest))
}

fn index_item<'a>(
    entries: &'a Entries,
    slots: &mut Range<usize>,
    prefix: usize,
    nodes: &Children<'a>,
) -> Option<Item<'a>> {
    let place = slots.start;
    if place >= slots.end {
        return None;
    }
    let rest = entries.path(place).get(prefix..).unwrap_or_default();
    let Some(slash) = memchr(b'/', rest) else {
        slots.start += 1;
        return Some(Item { name: rest, kind: entries.kind(place), id: entries.id(place), slots: 0..0 });
    };
    let name = rest.get(..slash).unwrap_or_default();
    // A folder that a sparse checkout left out stands as one entry, with its tree.
    if entries.kind(place) == EntryKind::Folder && slash + 1 == rest.len() {
        slots.start += 1;
        return Some(Item { name, kind: EntryKind::Folder, id: entries.id(place), slots: 0..0 });
    }
    let known = nodes.node(name).and_then(|node| Some((node, entries.nodes()?)));
    let guess = known.and_then(|(node, cache)| Some(place + cache.count(node)?));
    let end = entries.end_of(place, prefix..prefix + slash + 1, slots.end, guess);
    let beneath = place..end;
    slots.start = end;
    let id = known.and_then(|(node, cache)| cache.id(node, &beneath)).unwrap_or_default();
    Some(Item { name, kind: EntryKind::Folder, id, slots: beneath })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, kind: EntryKind) -> Item<'_> {
        Item { name: name.as_bytes(), kind, id: &[], slots: 0..0 }
    }

    #[test]
    fn folders_sort_with_their_slash() {
        let folder = item("a", EntryKind::Folder);
        assert_eq!(item("a", EntryKind::File).order(&folder), Ordering::Less);
        assert_eq!(item("a-b", EntryKind::File).order(&folder), Ordering::Less);
        assert_eq!(item("a0", EntryKind::File).order(&folder), Ordering::Greater);
        assert_eq!(item("a", EntryKind::Folder).order(&folder), Ordering::Equal);
        for name in ["a/", "a/b"] {
            assert_eq!(folder.order(&item(name, EntryKind::File)), Ordering::Less);
            assert_eq!(item(name, EntryKind::Folder).order(&folder), Ordering::Greater);
        }
    }
}

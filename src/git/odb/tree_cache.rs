//! Cache of tree objects, for looking up paths one after the other.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gix::hash::{Kind as HashKind, ObjectId};

use super::store::{MAX_TREE_BYTES, ObjectStore};
use super::tree::parse_entry;
use crate::git::change::EntryKind;
use crate::git::error::Error;

/// The size of the cache; once it is over this, all of it is dropped.
const MAX_CACHE_BYTES: usize = 8 << 20;

/// Tree objects that were read, ready for the next name.
#[derive(Default)]
pub(in crate::git) struct TreeCache {
    trees: RefCell<HashMap<ObjectId, Rc<SortedTree>>>,
    bytes: RefCell<usize>,
    /// Trees that a comparison has read, by id; parsed once they are asked for.
    unparsed: RefCell<HashMap<ObjectId, Vec<u8>>>,
}

/// A tree object's entries by name. Sorted here: a hand-made tree need not be in order.
pub(in crate::git) struct SortedTree {
    data: Vec<u8>,
    /// The starts of the entries.
    starts: Vec<u32>,
    hash: HashKind,
}

impl TreeCache {
    /// The tree of this id, read now or before.
    pub fn get(&self, objects: &ObjectStore, id: &ObjectId) -> Result<Rc<SortedTree>, Error> {
        if let Some(tree) = self.trees.borrow().get(id) {
            return Ok(Rc::clone(tree));
        }
        let known = self.unparsed.borrow_mut().remove(id);
        let data = match known {
            Some(data) => data,
            None => {
                let mut data = Vec::new();
                objects.tree(id, MAX_TREE_BYTES, &mut data)?;
                data
            }
        };
        let tree = Rc::new(SortedTree::new(data, objects.hash()).ok_or_else(|| Error::BadObject {
            oid: id.to_string(),
            what: "tree",
            why: "it is malformed".into(),
        })?);
        let mut bytes = self.bytes.borrow_mut();
        if *bytes > MAX_CACHE_BYTES {
            self.trees.borrow_mut().clear();
            *bytes = 0;
        }
        *bytes += tree.data.len();
        self.trees.borrow_mut().insert(*id, Rc::clone(&tree));
        Ok(tree)
    }

    /// Keeps the content of a tree that was read elsewhere, as long as there is room.
    pub fn keep(&self, id: ObjectId, data: Vec<u8>) {
        let mut unparsed = self.unparsed.borrow_mut();
        if unparsed.values().map(Vec::len).sum::<usize>() + data.len() <= MAX_CACHE_BYTES {
            unparsed.insert(id, data);
        }
    }
}

impl SortedTree {
    fn new(data: Vec<u8>, hash: HashKind) -> Option<Self> {
        let mut starts = Vec::new();
        let mut rest = data.as_slice();
        // Nearly always so: git's order differs only for a folder beside a longer name.
        let mut in_order = true;
        let mut last: &[u8] = b"";
        while !rest.is_empty() {
            starts.push(u32::try_from(data.len() - rest.len()).ok()?);
            let (item, after) = parse_entry(rest, hash.len_in_bytes())?;
            in_order &= last <= item.name;
            (last, rest) = (item.name, after);
        }
        let mut tree = Self { data, starts: Vec::new(), hash };
        if !in_order {
            starts.sort_unstable_by(|&a, &b| tree.name(a).cmp(tree.name(b)).then(a.cmp(&b)));
        }
        tree.starts = starts;
        Some(tree)
    }

    /// The entry of this name.
    pub fn find(&self, name: &[u8]) -> Option<(EntryKind, ObjectId)> {
        let place = self.starts.binary_search_by(|&start| self.name(start).cmp(name)).ok()?;
        let (item, _) = parse_entry(self.data.get(*self.starts.get(place)? as usize..)?, self.hash.len_in_bytes())?;
        Some((item.kind, ObjectId::try_from(item.id).ok()?))
    }

    /// The names of its regular files.
    pub fn file_names(&self) -> impl Iterator<Item = &[u8]> {
        let entries = self.starts.iter().filter_map(|&start| {
            parse_entry(self.data.get(start as usize..)?, self.hash.len_in_bytes()).map(|(item, _)| item)
        });
        entries.filter(|item| item.kind == EntryKind::File).map(|item| item.name)
    }

    fn name(&self, start: u32) -> &[u8] {
        let entry = self.data.get(start as usize..).unwrap_or_default();
        parse_entry(entry, self.hash.len_in_bytes()).map_or(&[], |(item, _)| item.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::odb::alternates::ObjectDirs;

    #[test]
    fn a_kept_tree_is_not_read_again_and_no_more_are_kept_than_there_is_room_for() {
        let dir = tempfile::tempdir().unwrap();
        let folders = ObjectDirs { all: vec![dir.path().into()], permanent: Vec::new() };
        let empty = ObjectStore::open(folders, HashKind::Sha1, false).unwrap();
        let entry = [b"100644 a.py\0", &[7; 20][..]].concat();
        let tree = entry.repeat(MAX_CACHE_BYTES / 2 / entry.len());
        let ids = [1, 2, 3].map(|byte| ObjectId::from_bytes_or_panic(&[byte; 20]));
        let cache = TreeCache::default();
        for id in ids {
            cache.keep(id, tree.clone());
        }
        for id in &ids[..2] {
            let found = cache.get(&empty, id).unwrap().find(b"a.py");
            assert_eq!(found, Some((EntryKind::File, ObjectId::from_bytes_or_panic(&[7; 20]))));
        }
        assert!(matches!(cache.get(&empty, &ids[2]), Err(Error::MissingObject { .. })));
    }
}

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
        let mut data = Vec::new();
        objects.tree(id, MAX_TREE_BYTES, &mut data)?;
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

    fn name(&self, start: u32) -> &[u8] {
        let entry = self.data.get(start as usize..).unwrap_or_default();
        parse_entry(entry, self.hash.len_in_bytes()).map_or(&[], |(item, _)| item.name)
    }
}

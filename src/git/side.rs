//! One side of a change, to look beside the changed files.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use gix::hash::{Kind as HashKind, ObjectId};

use super::change::{Blob, EntryKind};
use super::entries::Entries;
use super::error::Error;
use super::index::Index;
use super::listing::tree_line;
use super::objects::{MAX_TREES, Objects};
use super::places::Places;
use super::repository::Repository;
use crate::tree::{Memo, Tree, TreeError};

/// What lookups may keep of tree objects, in bytes.
const TREES_KEPT: usize = 8 << 20;

/// The files of one side: a commit's, or the index's.
#[derive(Clone)]
pub struct Side<'r> {
    repository: &'r Repository,
    files: Files,
    memo: Rc<Memo>,
}

#[derive(Clone)]
pub(super) enum Files {
    Tree(ObjectId),
    Index(Rc<Entries>),
    /// A tree, with a folder that is looked into through the index.
    Crowded(Rc<Crowded>),
}

/// A tree with a folder of very many files. The index has the same; where the walk did not leave their places, it is read
/// once they are asked for.
pub(super) struct Crowded {
    root: ObjectId,
    folder: Vec<u8>,
    places: Option<Places>,
    index: RefCell<Option<Index>>,
    entries: OnceCell<Entries>,
}

impl Crowded {
    pub fn new(root: ObjectId, (folder, places): (Vec<u8>, Option<Places>), index: Index) -> Self {
        Self { root, folder, places, index: RefCell::new(Some(index)), entries: OnceCell::new() }
    }

    fn entries(&self) -> Result<&Entries, Error> {
        if let Some(index) = self.index.take() {
            let _ = self.entries.set(Entries::read(Arc::new(index))?);
        }
        self.entries.get().ok_or_else(|| Error::Broken { why: "the index could not be read before".into() })
    }
}

impl<'r> Side<'r> {
    pub(super) fn new(repository: &'r Repository, files: Files) -> Self {
        Self { repository, files, memo: Rc::default() }
    }

    /// The regular file at `path`; `None` if there is none.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn blob(&self, path: &[u8]) -> Result<Option<Blob>, Error> {
        Ok(self.at(path)?.filter(|(kind, _)| *kind == EntryKind::File).and_then(|(_, id)| id).map(Blob))
    }

    /// Whether something stands at `path` that is neither file nor folder: a link, another repository.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn is_link(&self, path: &[u8]) -> Result<bool, Error> {
        Ok(self.at(path)?.is_some_and(|(kind, _)| !matches!(kind, EntryKind::File | EntryKind::Folder)))
    }

    /// What stands at `path`; folders of the index may have no id.
    fn at(&self, path: &[u8]) -> Result<Option<(EntryKind, Option<ObjectId>)>, Error> {
        match &self.files {
            Files::Tree(root) => self.in_tree(*root, path),
            Files::Index(entries) => self.in_index(entries, path),
            Files::Crowded(crowded) if path.starts_with(&crowded.folder) => {
                if let (Some(places), Some(index)) = (&crowded.places, &*crowded.index.borrow()) {
                    return Ok(places.at(index, path));
                }
                self.in_index(crowded.entries()?, path)
            }
            Files::Crowded(crowded) => self.in_tree(crowded.root, path),
        }
    }

    fn in_tree(&self, root: ObjectId, path: &[u8]) -> Result<Option<(EntryKind, Option<ObjectId>)>, Error> {
        if path.is_empty() {
            return Ok(Some((EntryKind::Folder, Some(root))));
        }
        let (mut kind, mut id) = (EntryKind::Folder, root);
        for name in path.split(|&byte| byte == b'/') {
            if kind != EntryKind::Folder {
                return Ok(None);
            }
            let tree = self.repository.trees.get(&self.repository.objects, &id)?;
            let Some(found) = tree.find(name) else { return Ok(None) };
            (kind, id) = found;
        }
        Ok(Some((kind, Some(id))))
    }

    fn in_index(&self, entries: &Entries, path: &[u8]) -> Result<Option<(EntryKind, Option<ObjectId>)>, Error> {
        if let Some(place) = entries.find(path) {
            return Ok(Some((entries.kind(place), ObjectId::try_from(entries.id(place)).ok())));
        }
        let mut folder = path.to_vec();
        folder.push(b'/');
        let place = entries.start_of(&folder);
        if path.is_empty() || entries.path(place).starts_with(&folder) {
            return Ok(Some((EntryKind::Folder, None)));
        }
        // A folder above may be left out by a sparse checkout, and stand as one entry.
        for (slash, _) in path.iter().enumerate().filter(|&(_, &byte)| byte == b'/') {
            let (above, beneath) = path.split_at(slash + 1);
            if let Some(place) = entries.find(above)
                && let Ok(id) = ObjectId::try_from(entries.id(place))
            {
                return self.in_tree(id, beneath);
            }
        }
        Ok(None)
    }
}

impl Tree for Side<'_> {
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
        Ok(self.blob(path)?.is_some())
    }

    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError> {
        Ok(self.at(path)?.is_some_and(|(kind, _)| kind == EntryKind::Folder))
    }

    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
        let Some(blob) = self.blob(path)? else { return Ok(None) };
        Ok(self.repository.read(blob)?.bytes())
    }

    fn memo(&self) -> Option<&Memo> {
        Some(&self.memo)
    }
}

/// Tree objects that lookups have read, ready for the next name.
#[derive(Default)]
pub(super) struct Trees {
    kept: RefCell<HashMap<ObjectId, Rc<Names>>>,
    size: RefCell<usize>,
}

/// A tree object's lines by name. Sorted here: what a tree object holds need not be in order.
pub(super) struct Names {
    data: Vec<u8>,
    /// Where lines start.
    lines: Vec<u32>,
    hash: HashKind,
}

impl Trees {
    pub fn get(&self, objects: &Objects, id: &ObjectId) -> Result<Rc<Names>, Error> {
        if let Some(names) = self.kept.borrow().get(id) {
            return Ok(Rc::clone(names));
        }
        let mut data = Vec::new();
        objects.tree(id, MAX_TREES, &mut data)?;
        let names = Rc::new(Names::new(data, objects.hash()).ok_or_else(|| Error::BadObject {
            oid: id.to_string(),
            what: "tree",
            why: "it is malformed".into(),
        })?);
        let mut size = self.size.borrow_mut();
        if *size > TREES_KEPT {
            self.kept.borrow_mut().clear();
            *size = 0;
        }
        *size += names.data.len();
        self.kept.borrow_mut().insert(*id, Rc::clone(&names));
        Ok(names)
    }
}

impl Names {
    fn new(data: Vec<u8>, hash: HashKind) -> Option<Self> {
        let mut lines = Vec::new();
        let mut rest = data.as_slice();
        // Nearly always: git's order differs only for a folder beside a longer name.
        let mut in_order = true;
        let mut last: &[u8] = b"";
        while !rest.is_empty() {
            lines.push(u32::try_from(data.len() - rest.len()).ok()?);
            let (item, after) = tree_line(rest, hash.len_in_bytes())?;
            in_order &= last <= item.name;
            (last, rest) = (item.name, after);
        }
        let mut names = Self { data, lines: Vec::new(), hash };
        if !in_order {
            lines.sort_unstable_by(|&a, &b| names.name(a).cmp(names.name(b)).then(a.cmp(&b)));
        }
        names.lines = lines;
        Some(names)
    }

    pub fn find(&self, name: &[u8]) -> Option<(EntryKind, ObjectId)> {
        let place = self.lines.binary_search_by(|&line| self.name(line).cmp(name)).ok()?;
        let (item, _) = tree_line(self.data.get(*self.lines.get(place)? as usize..)?, self.hash.len_in_bytes())?;
        Some((item.kind, ObjectId::try_from(item.id).ok()?))
    }

    fn name(&self, line: u32) -> &[u8] {
        let line = self.data.get(line as usize..).unwrap_or_default();
        tree_line(line, self.hash.len_in_bytes()).map_or(&[], |(item, _)| item.name)
    }
}

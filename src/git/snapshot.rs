//! A snapshot: all files of a commit or of the index, to look beside the changed files.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use gix::hash::ObjectId;

use super::change::{Blob, ChangedFile, EntryKind};
use super::diff::collect::Difference;
use super::error::Error;
use super::index::entries::Entries;
use super::repository::Repository;
use crate::tree::{Memo, Tree, TreeError};

/// The files of a commit, or of the index.
#[derive(Clone)]
pub struct Snapshot<'r> {
    repository: &'r Repository,
    files: Files,
    memo: Rc<Memo>,
    /// The changed files, of which it is noted if one is read beside others.
    watched: Option<Rc<Watched>>,
    /// The new side, of an old one that differs from it by no more than what the changed files hold.
    alike: Option<Rc<Self>>,
}

/// Changed files, none of which others depend on so far.
struct Watched {
    files: Arc<Vec<ChangedFile>>,
    /// Whether one was read to look beside another file.
    is_read: Cell<bool>,
}

/// The place of a snapshot's files.
#[derive(Clone)]
pub(super) enum Files {
    Tree(ObjectId),
    Index(Arc<Entries>),
}

/// Changed files, and the snapshots that they change between.
#[derive(Clone)]
pub struct Changes<'r> {
    /// The files that differ from at least one old side, sorted by path. Without old sides: all files of the new one.
    pub files: Arc<Vec<ChangedFile>>,
    /// The side that is judged.
    pub new_side: Snapshot<'r>,
    /// The sides that are there already: none for a first commit, several for a merge.
    pub old_sides: Vec<Snapshot<'r>>,
    /// Whether the one old side differs by no more than what `files` hold.
    is_in_place: bool,
}

/// A change, apart from the repository that holds it.
#[derive(Clone)]
pub(super) struct Sides {
    files: Arc<Vec<ChangedFile>>,
    new: Files,
    old: Vec<Files>,
    is_in_place: bool,
}

/// A name for a snapshot: its tree, or the index, of which a run has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SnapshotId(Option<ObjectId>);

impl Repository {
    /// Changes from the `old` trees.
    pub(super) fn changes(&self, found: Difference, new: Files, old: Vec<ObjectId>) -> Changes<'_> {
        let is_in_place = found.is_in_place && old.len() == 1;
        let old = old.into_iter().map(Files::Tree).collect();
        self.changes_between(Sides { files: Arc::new(found.files), new, old, is_in_place })
    }

    /// Changes between these sides.
    pub(super) fn changes_between(&self, sides: Sides) -> Changes<'_> {
        let Sides { files, new, old, is_in_place } = sides;
        let mut new_side = Snapshot::new(self, new);
        let mut alike = None;
        if is_in_place {
            new_side.watched = Some(Rc::new(Watched { files: Arc::clone(&files), is_read: Cell::new(false) }));
            alike = Some(Rc::new(new_side.clone()));
        }
        let old_side = |files| Snapshot { alike: alike.clone(), ..Snapshot::new(self, files) };
        Changes { files, new_side, old_sides: old.into_iter().map(old_side).collect(), is_in_place }
    }
}

impl Changes<'_> {
    pub(super) fn sides(&self) -> Sides {
        let files = Arc::clone(&self.files);
        let old = self.old_sides.iter().map(|old| old.files.clone()).collect();
        Sides { files, new: self.new_side.files.clone(), old, is_in_place: self.is_in_place }
    }

    pub(super) fn repository(&self) -> &Repository {
        self.new_side.repository
    }
}

impl<'r> Snapshot<'r> {
    pub(super) fn new(repository: &'r Repository, files: Files) -> Self {
        Self { repository, files, memo: Rc::default(), watched: None, alike: None }
    }

    /// Looks around in this snapshot, or in one that is [alike](Self::alike) as long as it stays so: what was made for
    /// that need not be made for this one too.
    ///
    /// # Errors
    /// Those of `look`.
    pub fn look_around<T, E>(&self, look: impl Fn(&Self) -> Result<T, E>) -> Result<T, E> {
        if let Some(alike) = self.alike() {
            let found = look(alike);
            // What was read for it, or could not be, may be a file that differs.
            if self.alike().is_some() {
                return found;
            }
        }
        look(self)
    }

    /// A snapshot that answers every question about what stands around files alike, to be asked in place of this one: the two
    /// differ by no more than what some files hold, and none of these was read so far to look beside another.
    #[must_use]
    pub fn alike(&self) -> Option<&Self> {
        let alike = self.alike.as_deref()?;
        alike.watched.as_ref().is_some_and(|watched| !watched.is_read.get()).then_some(alike)
    }

    /// The name of this snapshot.
    #[must_use]
    pub fn id(&self) -> SnapshotId {
        SnapshotId(if let Files::Tree(root) = &self.files { Some(*root) } else { None })
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

    /// The names of the regular files in a folder, without those beneath; none if there is no such folder.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn file_names(&self, folder: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        if let (Files::Index(entries), None) = (&self.files, self.at(folder)?.and_then(|(_, id)| id)) {
            return Ok(names_in(entries, folder));
        }
        match self.at(folder)? {
            Some((EntryKind::Folder, Some(id))) => {
                let tree = self.repository.trees.get(&self.repository.objects, &id)?;
                Ok(tree.file_names().map(<[u8]>::to_vec).collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The entry at `path`; a folder of the index may have no id.
    fn at(&self, path: &[u8]) -> Result<Option<(EntryKind, Option<ObjectId>)>, Error> {
        match &self.files {
            Files::Tree(root) => self.in_tree(*root, path),
            Files::Index(entries) => self.in_index(entries, path),
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

fn names_in(entries: &Entries, folder: &[u8]) -> Vec<Vec<u8>> {
    let mut start = folder.to_vec();
    if !folder.is_empty() {
        start.push(b'/');
    }
    let (mut names, mut place) = (Vec::new(), entries.start_of(&start));
    while place < entries.all().end
        && let Some(name) = entries.path(place).strip_prefix(start.as_slice())
    {
        let Some(slash) = name.iter().position(|&byte| byte == b'/') else {
            if entries.kind(place) == EntryKind::File {
                names.push(name.to_vec());
            }
            place += 1;
            continue;
        };
        // On past the folder.
        let after = [start.as_slice(), &name[..slash], &[b'/' + 1]].concat();
        place = entries.start_of(&after).max(place + 1);
    }
    names
}

impl Tree for Snapshot<'_> {
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
        Ok(self.blob(path)?.is_some())
    }

    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError> {
        Ok(self.at(path)?.is_some_and(|(kind, _)| kind == EntryKind::Folder))
    }

    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
        if let Some(watched) = self.watched.as_ref().filter(|watched| !watched.is_read.get()) {
            watched.is_read.set(watched.files.binary_search_by(|file| file.path.as_slice().cmp(path)).is_ok());
        }
        let Some(blob) = self.blob(path)? else { return Ok(None) };
        Ok(self.repository.read(blob)?.bytes())
    }

    fn memo(&self) -> Option<&Memo> {
        Some(&self.memo)
    }
}

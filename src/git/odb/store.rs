//! The object store: every read of an object goes through here, as the one place for limits, deadline and quarantine.

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};
use std::time::Instant;

use gix::hash::{Kind as HashKind, ObjectId, oid};
use gix::objs::Kind;
use gix::odb::store::init::Options;

use super::alternates::{ObjectDirs, with_alternates};
use super::commit::{self, Commit};
use super::pack::Found;
use super::reader::Reader;
use crate::git::error::{Error, one_line};

/// The largest object that is ever inflated: a delta's base may be larger than its result.
const MAX_OBJECT_BYTES: usize = 64 << 20;

/// The largest tree that is read, and the most of all trees that are compared at once: some 800,000 names.
pub(in crate::git) const MAX_TREE_BYTES: u64 = 32 << 20;

/// The largest commit or tag that is read.
const MAX_COMMIT_BYTES: u64 = 8 << 20;

/// The first read of an object that may be a commit: nearly every commit is smaller.
const USUAL_COMMIT_BYTES: u64 = 64 << 10;

/// A repository's objects. Replace refs and grafts play no part: they would be a way to hide.
pub(in crate::git) struct ObjectStore {
    reader: Reader,
    /// Gix's stores, for objects that the reader does not find; most runs never open them.
    stores: OnceCell<Vec<gix::odb::Handle>>,
    folders: Vec<PathBuf>,
    /// The directories that stay whatever becomes of a push, where they are known.
    permanent: Option<Reader>,
    hash: HashKind,
    deadline: Cell<Option<Instant>>,
    /// Whether objects may be missing that a remote has.
    is_partial: bool,
}

impl ObjectStore {
    /// A store over object directories, of a partial clone or a whole one; their alternates are followed.
    pub fn open(folders: ObjectDirs, hash: HashKind, is_partial: bool) -> Result<Self, Error> {
        let all = with_all_alternates(&folders.all)?;
        let permanent = with_all_alternates(&folders.permanent)?;
        let permanent = (!permanent.is_empty()).then(|| Reader::new(permanent, hash, MAX_OBJECT_BYTES));
        let reader = Reader::new(all, hash, MAX_OBJECT_BYTES);
        Ok(Self {
            reader,
            stores: OnceCell::new(),
            folders: folders.all,
            permanent,
            hash,
            deadline: Cell::new(None),
            is_partial,
        })
    }

    /// All directories that are searched, those that others borrow from included.
    pub fn all_folders(&self) -> &[PathBuf] {
        self.reader.folders()
    }

    /// When the run ends, if it does.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline.get()
    }

    /// Every read after `at` fails.
    pub fn set_deadline(&self, at: Instant) {
        self.deadline.set(Some(at));
    }

    /// Whether an object certainly goes if the push that is being judged is refused.
    pub fn surely_in_quarantine(&self, id: &oid) -> bool {
        self.permanent.as_ref().is_some_and(|permanent| permanent.surely_lacks(id))
    }

    /// Gix's store of each object directory; what it borrows from is part of it.
    pub fn gix_stores(&self) -> Result<&[gix::odb::Handle], Error> {
        if let Some(stores) = self.stores.get() {
            return Ok(stores);
        }
        let stores = self.folders.iter().map(|folder| open_store(folder, self.hash)).collect::<Result<_, _>>()?;
        Ok(self.stores.get_or_init(|| stores))
    }

    pub fn hash(&self) -> HashKind {
        self.hash
    }

    pub fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// The fault of an object that must be there and is not.
    pub fn missing(&self, id: &oid, what: &'static str) -> Error {
        Error::MissingObject { oid: id.to_string(), what, partial: self.is_partial }
    }

    /// An object's kind, without reading it; `None` if it is missing.
    pub fn kind(&self, id: &oid) -> Result<Option<Kind>, Error> {
        Ok(self.find_within(id, 0, &mut Vec::new())?.map(|found| found.kind))
    }

    /// Reads an object of at most `most` bytes into `buffer`; of a larger one, its size alone.
    pub fn find_within(&self, id: &oid, most: u64, buffer: &mut Vec<u8>) -> Result<Option<Found>, Error> {
        use gix::objs::Find;
        use gix::odb::Header;
        if id.kind() != self.hash {
            return Ok(None);
        }
        if self.deadline.get().is_some_and(|deadline| Instant::now() > deadline) {
            return Err(Error::OutOfTime);
        }
        if let Some(found) = self.reader.find(id, most, buffer) {
            return Ok(Some(found));
        }
        for store in self.gix_stores()? {
            if most < u64::MAX
                && let Some(header) = store.try_header(id).map_err(|error| bad(id, "object", &error))?
                && header.size() > most
            {
                return Ok(Some(Found { kind: header.kind(), too_large: Some(header.size()) }));
            }
            let found = store.try_find(id, buffer).map_err(|error| bad(id, "object", &error))?;
            if let Some(kind) = found.map(|data| data.kind) {
                // Where it is made from deltas, gix leaves the room that these took.
                buffer.shrink_to_fit();
                return Ok(Some(Found { kind, too_large: None }));
            }
        }
        Ok(None)
    }

    /// Reads a tree of at most `most` bytes into `buffer`. The empty tree need not exist, as for git.
    pub fn tree(&self, id: &oid, most: u64, buffer: &mut Vec<u8>) -> Result<(), Error> {
        buffer.clear();
        if id == ObjectId::empty_tree(self.hash) {
            return Ok(());
        }
        self.expect(id, Kind::Tree, "tree", most, buffer)
    }

    /// Reads and parses a commit.
    pub fn commit(&self, id: &oid, buffer: &mut Vec<u8>) -> Result<Commit, Error> {
        self.expect(id, Kind::Commit, "commit", MAX_COMMIT_BYTES, buffer)?;
        commit::parse(buffer).ok_or_else(|| malformed(id))
    }

    /// The trees of commits, in their order, each once.
    pub fn trees_of(&self, commits: &[ObjectId]) -> Result<Vec<ObjectId>, Error> {
        let (mut trees, mut buffer) = (Vec::new(), Vec::new());
        for commit in commits {
            let tree = self.commit(commit, &mut buffer)?.tree;
            if !trees.contains(&tree) {
                trees.push(tree);
            }
        }
        Ok(trees)
    }

    /// The commit that an object is or, being a tag, leads to; `None` where that is missing or no commit.
    pub fn commit_behind(&self, id: ObjectId, buffer: &mut Vec<u8>) -> Result<Option<(ObjectId, Commit)>, Error> {
        // A known tag may name a file of any size.
        match self.find_within(&id, USUAL_COMMIT_BYTES, buffer)? {
            Some(Found { kind: Kind::Commit, too_large: None }) => {
                let commit = commit::parse(buffer).ok_or_else(|| malformed(&id))?;
                Ok(Some((id, commit)))
            }
            Some(Found { kind: Kind::Commit | Kind::Tag, .. }) => match self.peel(id, buffer) {
                Ok((id, Kind::Commit)) => Ok(Some((id, self.commit(&id, buffer)?))),
                Ok(_) | Err(Error::MissingObject { .. }) => Ok(None),
                Err(error) => Err(error),
            },
            _ => Ok(None),
        }
    }

    /// The object that a tag leads to, through any number of tags; an object that is no tag is its own.
    pub fn peel(&self, id: ObjectId, buffer: &mut Vec<u8>) -> Result<(ObjectId, Kind), Error> {
        let mut id = id;
        loop {
            // A tag may lead to a file of any size.
            let mut found = self.find_within(&id, USUAL_COMMIT_BYTES, buffer)?;
            if matches!(found, Some(Found { kind: Kind::Tag, too_large: Some(_) })) {
                found = self.find_within(&id, MAX_COMMIT_BYTES, buffer)?;
            }
            match found {
                None => return Err(self.missing(&id, "object")),
                Some(Found { kind: Kind::Tag, too_large: Some(_) }) => {
                    return Err(too_large(&id, "tag", MAX_COMMIT_BYTES));
                }
                Some(Found { kind: Kind::Tag, too_large: None }) => {
                    let target = buffer.strip_prefix(b"object ").and_then(|rest| rest.split(|&b| b == b'\n').next());
                    id = target.and_then(|hex| ObjectId::from_hex(hex).ok()).ok_or_else(|| Error::BadObject {
                        oid: id.to_string(),
                        what: "tag",
                        why: "it does not start with an object".into(),
                    })?;
                }
                Some(Found { kind, .. }) => return Ok((id, kind)),
            }
        }
    }

    fn expect(&self, id: &oid, kind: Kind, what: &'static str, most: u64, buffer: &mut Vec<u8>) -> Result<(), Error> {
        match self.find_within(id, most, buffer)? {
            None => Err(self.missing(id, what)),
            Some(found) if found.kind == kind && found.too_large.is_none() => Ok(()),
            Some(found) if found.kind == kind => Err(too_large(id, what, most)),
            Some(Found { kind: found, .. }) => {
                Err(Error::BadObject { oid: id.to_string(), what, why: format!("expected a {what}, found a {found}") })
            }
        }
    }
}

fn malformed(id: &oid) -> Error {
    Error::BadObject { oid: id.to_string(), what: "commit", why: "it does not start with a tree and parents".into() }
}

fn with_all_alternates(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut all = Vec::new();
    for folder in folders {
        for folder in with_alternates(folder)? {
            if !all.contains(&folder) {
                all.push(folder);
            }
        }
    }
    Ok(all)
}

fn open_store(dir: &Path, hash: HashKind) -> Result<gix::odb::Handle, Error> {
    // gix caps allocations by itself only for other users' repositories; and its packs know no limit otherwise.
    let options = Options { alloc_limit_bytes: Some(MAX_OBJECT_BYTES), ..Options::default() };
    gix::odb::at_opts(dir, hash, None, options).map_err(Error::io(dir))
}

fn too_large(id: &oid, what: &str, most: u64) -> Error {
    Error::TooLarge { what: format!("{what} {id}"), limit: format!("{} MiB", most >> 20) }
}

fn bad(id: &oid, what: &'static str, error: &gix::Error) -> Error {
    if error.is_resource_exhausted() {
        return too_large(id, what, MAX_OBJECT_BYTES as u64);
    }
    Error::BadObject { oid: id.to_string(), what, why: one_line(error) }
}

//! All reads of objects go through here: one place for limits, and for further stores beside the repository's own.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use gix::hash::{Kind as HashKind, ObjectId, oid};
use gix::objs::Kind;
use gix::odb::store::init::Options;

use super::crowd::Stored;
use super::error::{Error, one_line};
use super::fast::{Fast, with_alternates};
use super::pack::Found;

/// The largest object that is ever inflated. Trees and commits beyond it cannot be judged; blobs are limited sooner.
const MAX_OBJECT: usize = 64 << 20;

/// Object stores, asked in turn. Replace refs and grafts play no part: they would be a way to hide.
pub(super) struct Objects {
    fast: Fast,
    /// The full stores, for what the short way does not find; most runs never open them.
    stores: OnceCell<Vec<gix::odb::Handle>>,
    folders: Vec<PathBuf>,
    hash: HashKind,
}

/// What the walk over history needs of a commit.
pub(super) struct Commit {
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
    /// Committer date, in seconds since 1970; 0 where it makes no sense.
    pub date: i64,
}

impl Objects {
    /// Takes the object folders `folders`, as `.git/objects`; their alternates are followed.
    pub fn open(folders: Vec<PathBuf>, hash: HashKind) -> Result<Self, Error> {
        let mut all = Vec::new();
        for folder in &folders {
            all.extend(with_alternates(folder).map_err(|error| Error::broken(&error))?);
        }
        Ok(Self { fast: Fast::new(all, hash, MAX_OBJECT), stores: OnceCell::new(), folders, hash })
    }

    fn stores(&self) -> Result<&[gix::odb::Handle], Error> {
        if let Some(stores) = self.stores.get() {
            return Ok(stores);
        }
        let stores = self.folders.iter().map(|folder| open_store(folder, self.hash)).collect::<Result<_, _>>()?;
        Ok(self.stores.get_or_init(|| stores))
    }

    pub fn hash(&self) -> HashKind {
        self.hash
    }

    /// What an object is, without reading it; `None` if missing.
    pub fn kind(&self, id: &oid) -> Result<Option<Kind>, Error> {
        Ok(self.find_within(id, 0, &mut Vec::new())?.map(|found| found.kind))
    }

    /// Reads an object into `buffer`, which holds nothing else afterwards; `None` if missing.
    pub fn find(&self, id: &oid, buffer: &mut Vec<u8>) -> Result<Option<Kind>, Error> {
        Ok(self.find_within(id, u64::MAX, buffer)?.map(|found| found.kind))
    }

    /// Reads an object of at most `most` bytes into `buffer`; of a larger one, its size alone.
    pub fn find_within(&self, id: &oid, most: u64, buffer: &mut Vec<u8>) -> Result<Option<Found>, Error> {
        use gix::objs::Find;
        use gix::odb::Header;
        if id.kind() != self.hash {
            return Ok(None);
        }
        if let Some(found) = self.fast.find(id, most, buffer) {
            return Ok(Some(found));
        }
        for store in self.stores()? {
            if most < u64::MAX
                && let Some(header) = store.try_header(id).map_err(|error| bad(id, "object", &error))?
                && header.size() > most
            {
                return Ok(Some(Found { kind: header.kind(), too_large: Some(header.size()) }));
            }
            if let Some(data) = store.try_find(id, buffer).map_err(|error| bad(id, "object", &error))? {
                return Ok(Some(Found { kind: data.kind, too_large: None }));
            }
        }
        Ok(None)
    }

    /// Reads a tree into `buffer`. The empty tree need not exist, as for git.
    pub fn tree(&self, id: &oid, buffer: &mut Vec<u8>) -> Result<(), Error> {
        buffer.clear();
        if id == ObjectId::empty_tree(self.hash) {
            return Ok(());
        }
        self.expect(id, Kind::Tree, "tree", buffer)
    }

    /// A tree of at least `least` bytes for reading it in parts, where that can be done.
    pub fn stored_tree(&self, id: &oid, least: usize) -> Option<Stored> {
        self.fast.stored_tree(id, least)
    }

    /// Reads and parses a commit.
    pub fn commit(&self, id: &oid, buffer: &mut Vec<u8>) -> Result<Commit, Error> {
        self.expect(id, Kind::Commit, "commit", buffer)?;
        parse_commit(buffer).ok_or_else(|| Error::BadObject {
            oid: id.to_string(),
            what: "commit",
            why: "it does not start with a tree and parents".into(),
        })
    }

    /// The object that a tag leads to, through any number of tags; an object that is no tag is its own.
    pub fn peel(&self, id: ObjectId, buffer: &mut Vec<u8>) -> Result<(ObjectId, Kind), Error> {
        let mut id = id;
        loop {
            match self.find(&id, buffer)? {
                None => return Err(missing(&id, "object")),
                Some(Kind::Tag) => {
                    let target = buffer.strip_prefix(b"object ").and_then(|rest| rest.split(|&b| b == b'\n').next());
                    id = target.and_then(|hex| ObjectId::from_hex(hex).ok()).ok_or_else(|| Error::BadObject {
                        oid: id.to_string(),
                        what: "tag",
                        why: "it does not start with an object".into(),
                    })?;
                }
                Some(kind) => return Ok((id, kind)),
            }
        }
    }

    /// Ids that start with the hex digits `prefix`: the one, or `Err(())` where there are several.
    pub fn by_prefix(&self, prefix: &str) -> Result<Option<Result<ObjectId, ()>>, Error> {
        let Ok(prefix) = gix::hash::Prefix::from_hex(prefix) else { return Ok(None) };
        for store in self.stores()? {
            if let Some(found) = store.lookup_prefix(prefix, None).map_err(|error| Error::broken(&error))? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn expect(&self, id: &oid, kind: Kind, what: &'static str, buffer: &mut Vec<u8>) -> Result<(), Error> {
        match self.find(id, buffer)? {
            None => Err(missing(id, what)),
            Some(found) if found == kind => Ok(()),
            Some(found) => {
                Err(Error::BadObject { oid: id.to_string(), what, why: format!("it is a {found} in truth") })
            }
        }
    }
}

pub(super) fn missing(id: &oid, what: &'static str) -> Error {
    Error::MissingObject { oid: id.to_string(), what }
}

fn open_store(dir: &Path, hash: HashKind) -> Result<gix::odb::Handle, Error> {
    // gix caps allocations by itself only for other users' repositories; and its packs know no limit otherwise.
    let options = Options { alloc_limit_bytes: Some(MAX_OBJECT), ..Options::default() };
    gix::odb::at_opts(dir, hash, None, options).map_err(Error::io(dir))
}

fn bad(id: &oid, what: &'static str, error: &gix::Error) -> Error {
    if error.is_resource_exhausted() {
        return Error::TooLarge { what: format!("{what} {id}"), limit: format!("{} MiB", MAX_OBJECT >> 20) };
    }
    Error::BadObject { oid: id.to_string(), what, why: one_line(error) }
}

/// Reads the head of a commit: `tree`, `parent`s, `author`, `committer`, as git's fsck demands them.
fn parse_commit(data: &[u8]) -> Option<Commit> {
    let mut lines = data.split(|&byte| byte == b'\n');
    let tree = ObjectId::from_hex(lines.next()?.strip_prefix(b"tree ")?).ok()?;
    let mut parents = Vec::new();
    let mut date = 0;
    for line in lines {
        if let Some(hex) = line.strip_prefix(b"parent ") {
            parents.push(ObjectId::from_hex(hex).ok()?);
        } else if let Some(committer) = line.strip_prefix(b"committer ") {
            date = committer_date(committer).unwrap_or_default();
            break;
        } else if line.is_empty() {
            break;
        }
    }
    Some(Commit { tree, parents, date })
}

/// The seconds in `Name <mail> 1700000000 +0100`.
fn committer_date(line: &[u8]) -> Option<i64> {
    let after = line.iter().rposition(|&byte| byte == b'>')?;
    let seconds = line.get(after + 1..)?.split(|&byte| byte == b' ').find(|word| !word.is_empty())?;
    std::str::from_utf8(seconds).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_yield_tree_parents_and_date() {
        let id = "1".repeat(40);
        let commit =
            parse_commit(format!("tree {id}\nparent {id}\nauthor a <b> 1 +0\ncommitter x> <y> 7 +0\n\nm").as_bytes());
        let commit = commit.unwrap();
        assert_eq!((commit.parents.len(), commit.date), (1, 7));
        assert!(parse_commit(b"parent x").is_none());
        assert!(parse_commit(format!("tree {id}\nparent zz\n").as_bytes()).is_none());
    }
}

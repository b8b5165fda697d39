//! The index file: mapped, and read from its tail, so that a hook touches a few pages of many megabytes.
//!
//! Format: git's Documentation/gitformat-index. The checksum in the trailer is not verified: git has just done so, or
//! has just written the file, and it would mean reading all of it.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use gix::hash::Kind as HashKind;

use super::cache_tree::{CacheTree, Nodes, Root};
use super::extensions;
use crate::git::error::Error;
use crate::git::file::{MappedFile, be32};

const HEADER: usize = 12;
/// An extension's signature and size.
pub(in crate::git) const EXTENSION_HEAD: usize = 8;
/// Where mode and id stand in an entry.
pub(in crate::git) const MODE: usize = 24;
pub(in crate::git) const ID: usize = 40;
/// The least that an entry takes in versions 2 and 3 besides its id: stat data, flags, name, padding.
const MIN_ENTRY: usize = 42;
/// The same for version 4: no padding, and of the name only the number of bytes to cut and a NUL.
const MIN_ENTRY_V4: usize = 44;

/// A mapped index. A file that is missing is an index without entries.
pub(in crate::git) struct Index {
    pub path: PathBuf,
    pub hash: HashKind,
    pub version: u32,
    /// Number of entries, as the header has it.
    pub count: usize,
    mapped: Option<MappedFile>,
    /// The root of the cache-tree and where the extension's content stands, once it was looked for.
    tail: OnceLock<Option<(Option<Root>, Range<usize>)>>,
    /// The cache-tree's nodes, once they were asked for.
    nodes: OnceLock<Option<Nodes>>,
}

/// What stands in an entry of versions 2 and 3, without its stat data.
pub(in crate::git) struct EntryHead<'a> {
    pub mode: u32,
    pub id: &'a [u8],
    pub path: &'a [u8],
    /// Where the next entry starts.
    pub next: usize,
}

/// The bytes of entries of versions 2 and 3.
#[derive(Clone, Copy)]
pub(in crate::git) struct Heads<'a> {
    pub body: &'a [u8],
    pub id_len: usize,
}

impl<'a> Heads<'a> {
    /// The entry at `at`, if it is of the usual sort and for a commit.
    #[inline]
    pub fn at(&self, at: usize) -> Option<EntryHead<'a>> {
        let rest = self.body.get(at..)?;
        let (fixed, names) = rest.split_at_checked(ID + self.id_len + 2)?;
        let mode = u32::from_be_bytes(*fixed.get(MODE..)?.first_chunk()?);
        let (id, flags) = fixed.get(ID..)?.split_at_checked(self.id_len)?;
        let flags = u16::from_be_bytes(*flags.first_chunk()?);
        // Stage, extended flags, a path whose length does not fit, or none, as an entry of a split index that replaces
        // another one: all of them rare.
        if flags & 0x7000 != 0 || matches!(flags & 0x0fff, 0 | 0x0fff) {
            return None;
        }
        let path = names.get(..usize::from(flags & 0x0fff))?;
        // One to eight NULs, so that an entry's length is a multiple of eight.
        Some(EntryHead { mode, id, path, next: at + ((fixed.len() + path.len() + 8) & !7) })
    }
}

/// An extension's signature, content, and where the next one starts.
pub(in crate::git) struct Extension<'a> {
    pub signature: [u8; 4],
    pub data: &'a [u8],
    pub next: usize,
}

impl Index {
    /// Maps the index at `path`.
    pub fn open(path: &Path, hash: HashKind) -> Result<Self, Error> {
        let Some(mapped) = MappedFile::open(path).map_err(Error::io(path))? else {
            return Ok(Self::of(path, hash, 2));
        };
        let mut index = Self::of(path, hash, 0);
        let map = mapped.bytes();
        let trailer = hash.len_in_bytes();
        let Some((signature, rest)) = map.split_first_chunk::<4>().filter(|_| map.len() >= HEADER + trailer) else {
            return Err(index.bad("it is cut short"));
        };
        if signature != b"DIRC" {
            return Err(index.bad("it does not start with DIRC"));
        }
        index.version = be32(rest, 0).unwrap_or_default();
        index.count = be32(rest, 4).unwrap_or_default() as usize;
        if !(2..=4).contains(&index.version) {
            return Err(index.bad(&format!("version {} is unknown", index.version)));
        }
        if u32::try_from(map.len()).is_err() {
            return Err(index.bad("it is over 4 GiB"));
        }
        if index.count > (map.len() - HEADER - trailer) / index.min_entry() {
            return Err(index.bad("it is cut short"));
        }
        index.mapped = Some(mapped);
        Ok(index)
    }

    fn of(path: &Path, hash: HashKind, version: u32) -> Self {
        let (tail, nodes) = (OnceLock::new(), OnceLock::new());
        Self { path: path.into(), hash, version, count: 0, mapped: None, tail, nodes }
    }

    /// Header, entries and extensions: all but the trailer.
    pub fn body(&self) -> &[u8] {
        let Some(map) = self.mapped.as_ref().map(MappedFile::bytes) else { return &[] };
        map.get(..map.len() - self.hash.len_in_bytes()).unwrap_or_default()
    }

    /// The file, if there is one.
    pub fn file(&self) -> Option<&File> {
        self.mapped.as_ref().map(|mapped| &mapped.file)
    }

    /// Where the first entry starts.
    pub fn entries_start(&self) -> usize {
        HEADER.min(self.body().len())
    }

    /// The entry at `at`, if it is for a commit and of version 2 or 3.
    pub fn entry(&self, at: usize) -> Option<EntryHead<'_>> {
        self.entries()?.at(at)
    }

    /// The entries, for whoever reads many, if they are of version 2 or 3.
    pub fn entries(&self) -> Option<Heads<'_>> {
        (self.version < 4).then(|| Heads { body: self.body(), id_len: self.hash.len_in_bytes() })
    }

    /// The root of the cache-tree, and the extension's content, if it can be told from the file's tail alone.
    ///
    /// Who relies on the root must see that it counts all entries of the index; the nodes beneath are checked where
    /// they are used.
    pub fn cache_tree(&self) -> Option<(Option<Root>, &[u8])> {
        let (root, content) = self.tail.get_or_init(|| extensions::find_cache_tree(self)).clone()?;
        Some((root, self.body().get(content)?))
    }

    /// All of the cache-tree, if it is there and well-formed.
    pub fn nodes(&self) -> Option<CacheTree<'_>> {
        let (_, data) = self.cache_tree()?;
        let id_len = self.hash.len_in_bytes();
        Some(self.nodes.get_or_init(|| Nodes::parse(data, id_len)).as_ref()?.of(data, id_len))
    }

    /// The extension at `at`; `None` at the end of the chain and where it is broken.
    pub fn extension(&self, at: usize) -> Option<Extension<'_>> {
        let body = self.body();
        let signature = *body.get(at..)?.first_chunk::<4>()?;
        let size = be32(body, at + 4)? as usize;
        let start = at + EXTENSION_HEAD;
        let next = start.checked_add(size)?;
        Some(Extension { signature, data: body.get(start..next)?, next })
    }

    pub fn bad(&self, why: &str) -> Error {
        Error::BadIndex { path: self.path.clone(), why: why.into() }
    }

    pub(in crate::git) fn min_entry(&self) -> usize {
        let rest = if self.version == 4 { MIN_ENTRY_V4 } else { MIN_ENTRY + 1 };
        rest + self.hash.len_in_bytes()
    }
}

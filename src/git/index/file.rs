//! The index file: mapped, and read from its tail, so that a hook touches a few pages of many megabytes.
//!
//! Format: git's Documentation/gitformat-index. The checksum in the trailer is not verified: git has just done so, or
//! has just written the file, and it would mean reading all of it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use gix::hash::Kind as HashKind;

use super::cache_tree::{CacheTree, Nodes, Root};
use super::extensions::{self, Found};
use crate::git::error::Error;
use crate::git::file::{MappedFile, be32};

/// The length of signature, version and number of entries.
const HEADER_BYTES: usize = 12;
/// The offsets of mode and id in an entry.
pub(in crate::git) const MODE_OFFSET: usize = 24;
pub(in crate::git) const ID_OFFSET: usize = 40;
/// The least length of an entry besides its id in versions 2 and 3: stat data, flags, name, padding.
const MIN_ENTRY_BYTES: usize = 43;
/// The same for version 4: no padding, and of the name only the number of bytes to cut and a NUL.
const MIN_ENTRY_V4_BYTES: usize = 44;

/// A mapped index. A file that is missing is an index without entries.
pub(in crate::git) struct Index {
    pub path: PathBuf,
    pub hash: HashKind,
    pub version: u32,
    /// Number of entries, as the header has it.
    pub count: usize,
    mapped: Option<MappedFile>,
    /// The cache-tree, once it was looked for.
    cache_tree: OnceLock<Option<Found>>,
    /// The cache-tree's nodes, once they were asked for.
    nodes: OnceLock<Option<Nodes>>,
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
        let Some((signature, rest)) = map.split_first_chunk::<4>().filter(|_| map.len() >= HEADER_BYTES + trailer)
        else {
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
        if index.count > (map.len() - HEADER_BYTES - trailer) / index.min_entry() {
            return Err(index.bad("it is cut short"));
        }
        index.mapped = Some(mapped);
        Ok(index)
    }

    fn of(path: &Path, hash: HashKind, version: u32) -> Self {
        let (cache_tree, nodes) = (OnceLock::new(), OnceLock::new());
        Self { path: path.into(), hash, version, count: 0, mapped: None, cache_tree, nodes }
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
        HEADER_BYTES.min(self.body().len())
    }

    /// The root of the cache-tree, and the extension's content, if it can be told from the file's tail alone.
    ///
    /// The caller must see that the root counts all entries of the index; the nodes beneath are checked where they are
    /// used.
    pub fn cache_tree(&self) -> Option<(Option<Root>, &[u8])> {
        let find = || {
            let least = self.entries_start() + self.count * self.min_entry();
            extensions::find_cache_tree(self.body(), least, self.hash.len_in_bytes())
        };
        let (root, content) = self.cache_tree.get_or_init(find).clone()?;
        Some((root, self.body().get(content)?))
    }

    /// All of the cache-tree, if it is there and well-formed.
    pub fn nodes(&self) -> Option<CacheTree<'_>> {
        let (_, data) = self.cache_tree()?;
        let id_len = self.hash.len_in_bytes();
        Some(self.nodes.get_or_init(|| Nodes::parse(data, id_len)).as_ref()?.of(data, id_len))
    }

    /// A fault of this index.
    pub fn bad(&self, why: &str) -> Error {
        Error::BadIndex { path: self.path.clone(), why: why.into() }
    }

    fn min_entry(&self) -> usize {
        let rest = if self.version == 4 { MIN_ENTRY_V4_BYTES } else { MIN_ENTRY_BYTES };
        rest + self.hash.len_in_bytes()
    }
}

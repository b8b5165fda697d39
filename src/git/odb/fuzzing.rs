//! The pack reader, for the fuzz targets alone: see fuzz/run.

use std::path::Path;

use gix::hash::{Kind as HashKind, oid};
use gix::objs::Kind;

use super::pack::{Pack, Scratch};
use super::pack_index;

/// A pack's index.
pub struct PackIndex(pack_index::PackIndex);

impl PackIndex {
    /// Opens the index at `path`; `None` if it is unusual.
    pub fn open(path: &Path) -> Option<Self> {
        pack_index::PackIndex::open(path).map(Self)
    }

    /// The object's offset, `Some(None)` if it is not there, `None` if that cannot be told.
    pub fn look_up(&self, id: &oid) -> Option<Option<u64>> {
        self.0.look_up(id)
    }
}

/// A pack, its index beside it, and what the reader keeps between objects.
pub struct PackReader(Pack, Scratch);

impl PackReader {
    /// The pack whose index is at `path`, with objects of at most `limit` bytes.
    pub fn new(path: &Path, hash: HashKind, limit: usize) -> Self {
        Self(Pack::new(0, path.to_path_buf(), hash, limit), Scratch::default())
    }

    /// The object at `offset`: its kind, and its bytes or, if they are more than `most`, their number. `None` if anything
    /// is unusual.
    pub fn read(&mut self, offset: u64, most: u64) -> Option<(Kind, Result<Vec<u8>, u64>)> {
        let mut content = Vec::new();
        let found = self.0.read(offset, most, &mut self.1, &mut content)?;
        Some((found.kind, found.too_large.map_or(Ok(content), Err)))
    }
}

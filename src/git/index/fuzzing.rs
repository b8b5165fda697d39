//! The index reader, for the fuzz targets alone: see fuzz/run.

use std::path::Path;

use gix::hash::{Kind as HashKind, ObjectId};

use super::entries::Entries;
use super::file::Index;
use crate::git::change::EntryKind;

pub use super::cache_tree::fuzzing::{Node, nodes};

/// An entry, as the reader has it.
pub struct Row {
    /// The path; of a folder that a sparse checkout leaves out, with a slash at the end.
    pub path: Vec<u8>,
    /// The object's id.
    pub id: Vec<u8>,
    /// `f` for a file, `d` for a folder, `o` for anything else.
    pub kind: char,
}

/// The cache-tree's root as it is told from the file's tail.
pub struct Root {
    /// The number of entries and the tree's id, if the root is valid.
    pub valid: Option<(usize, ObjectId)>,
    /// The offset of the extension's content in the file.
    pub at: usize,
}

/// The entries of the index at `path` that a commit would hold.
///
/// # Errors
/// When the index is malformed, with the reason.
pub fn entries(path: &Path, hash: HashKind) -> Result<Vec<Row>, String> {
    let index = Index::open(path, hash).map_err(|error| error.to_string())?;
    let entries = Entries::read(index.into()).map_err(|error| error.to_string())?;
    let row = |place: usize| Row {
        path: entries.path(place).to_vec(),
        id: entries.id(place).to_vec(),
        kind: match entries.kind(place) {
            EntryKind::File => 'f',
            EntryKind::Folder => 'd',
            EntryKind::Other => 'o',
        },
    };
    Ok(entries.all().map(row).collect())
}

/// The root of the cache-tree of the index at `path`, if one is found.
pub fn root(path: &Path, hash: HashKind) -> Option<Root> {
    let index = Index::open(path, hash).ok()?;
    let (root, content) = index.cache_tree()?;
    let at = content.as_ptr().addr() - index.body().as_ptr().addr();
    Some(Root { valid: root.map(|root| (root.entries, root.id)), at })
}

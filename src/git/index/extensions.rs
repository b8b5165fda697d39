//! The extensions of an index, and where its cache-tree stands, told from the file's tail.
//!
//! Extensions follow the entries, and nothing says where the first one starts but the chain itself: each has its size,
//! and the last ends exactly where the trailer starts. Reading the entries to get there would take longer than all the
//! rest of a hook's work on a large index.

use std::ops::Range;

use super::cache_tree::{self, Root};
use crate::git::file::be32;

/// The length of an extension's signature and size.
const HEAD_BYTES: usize = 8;
/// The longest chain that is followed; git knows ten extensions, and writes each once.
const MAX_EXTENSIONS: usize = 64;

/// An extension's signature, content, and where the next one starts.
pub(super) struct Extension<'a> {
    pub signature: [u8; 4],
    pub data: &'a [u8],
    pub next: usize,
}

/// The extension at `at`; `None` at the end of the chain and where it is broken.
pub(super) fn extension(body: &[u8], at: usize) -> Option<Extension<'_>> {
    let signature = *body.get(at..)?.first_chunk::<4>()?;
    let size = be32(body, at + 4)? as usize;
    let start = at + HEAD_BYTES;
    let next = start.checked_add(size)?;
    Some(Extension { signature, data: body.get(start..next)?, next })
}

/// The root of the cache-tree, `None` if it is invalid, and where the extension's content stands.
pub(super) type Found = (Option<Root>, Range<usize>);

/// The cache-tree of an index's `body` whose extensions start at `least` or later: the last `TREE` from which a chain of
/// extensions leads exactly to the body's end, if it has a well-formed root.
pub(super) fn find_cache_tree(body: &[u8], least: usize, id_len: usize) -> Option<Found> {
    let mut end = body.len();
    while let Some(at) = find_back(body, b"TREE", least, end) {
        if let Some(found) = cache_tree_of_chain(body, at, id_len) {
            return Some(found);
        }
        end = at;
    }
    None
}

/// The cache-tree at `at`, if a chain of extensions starts there.
fn cache_tree_of_chain(body: &[u8], at: usize, id_len: usize) -> Option<Found> {
    let tree = extension(body, at)?;
    let root = cache_tree::root(tree.data, id_len)?;
    let mut next = tree.next;
    for _ in 0..MAX_EXTENSIONS {
        if next == body.len() {
            return Some((root, at + HEAD_BYTES..tree.next));
        }
        next = extension(body, next)?.next;
    }
    None
}

/// The last occurrence of `wanted` that lies within `start..end`. There may be a megabyte of ids to get past; its first
/// byte is the rarest there.
fn find_back(data: &[u8], wanted: &[u8; 4], start: usize, end: usize) -> Option<usize> {
    let window = data.get(start..end)?;
    let mut last = window.len();
    while let Some(at) = memchr::memrchr(wanted[0], window.get(..last)?) {
        if window.get(at..)?.starts_with(wanted) {
            return Some(start + at);
        }
        last = at;
    }
    None
}

#[cfg(test)]
mod tests;

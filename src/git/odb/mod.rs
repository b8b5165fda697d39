//! The object database: loose objects, packs, and the object directories that a repository borrows from.

pub(in crate::git) mod alternates;
pub(in crate::git) mod commit;
mod delta_base_cache;
#[cfg(fuzzing)]
pub mod fuzzing;
mod loose;
pub(in crate::git) mod pack;
mod pack_index;
mod reader;
pub(in crate::git) mod store;
pub(in crate::git) mod tree;
pub(in crate::git) mod tree_cache;

/// Returns the SHA-256 of some bytes in hex; `None` if none can be made of them.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Option<String> {
    let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha256);
    hasher.update(bytes);
    hasher.try_finalize().ok().map(|digest| digest.to_string())
}

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

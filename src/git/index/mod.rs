//! Git's index file, read by hand: a hook touches a few pages of many megabytes, where a library would read them all.
//!
//! Format: git's Documentation/gitformat-index.

mod buffered;
pub(in crate::git) mod cache_tree;
pub(in crate::git) mod entries;
mod extensions;
pub(in crate::git) mod file;
#[cfg(fuzzing)]
pub mod fuzzing;
#[cfg(test)]
mod testing;

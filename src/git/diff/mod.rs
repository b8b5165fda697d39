//! Tree diff: which files differ between the sides of a change, and which of a file's lines are added.

mod added_lines;
pub(in crate::git) mod collect;
mod staged;
pub(in crate::git) mod tree_iter;
pub(in crate::git) mod trees;

pub use added_lines::{AddedLines, added_lines};

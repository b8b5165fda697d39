//! Where findings come from: which new commit brought each, whether that is a revert, and what a branch that has merged
//! main may no longer do.

pub mod attribute;
pub mod excused;
mod history;
pub mod merged_main;
pub mod replaced;
pub mod reverts;
mod search_key;

//! Where findings come from: which new commit brought each, whether that is a revert, and what a branch that has merged
//! main may no longer do.

pub mod attribute;
mod history;
pub mod merged_main;
pub mod reverts;
mod search_key;

//! History: the commits that a push or a range adds, what each changes, and where a shallow history ends.

mod independent;
mod new_commits;
mod path_log;
mod revwalk;
mod shallow;

pub use new_commits::{CommitInfo, Existing, NewCommits};

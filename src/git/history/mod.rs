//! History: the commits that a push or a range adds, what each changes, and the ends of a shallow
//! history.

mod against;
mod independent;
mod new_commits;
mod path_log;
mod replaced;
mod revwalk;
mod shallow;

pub use against::Descent;
pub use new_commits::{CommitInfo, Existing, NewCommits};
pub use replaced::{Gone, Rewrite};

//! Tests that run real git, in one binary to link only once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod admin;
mod attacks;
mod brought;
mod commits;
mod docs;
mod git_source;
mod install;
mod large_folders;
mod long_walks;
mod merges;
mod news;
mod packs;
mod partial_clones;
mod policies;
mod pre_commit;
mod pushes;
mod random_history;
mod reads;
#[path = "../support/repo.rs"]
mod repo;
mod reports;
mod revisions;
mod scenario;
mod server;
mod several;
#[path = "../support/site.rs"]
mod site;
mod ways;
mod worktree;

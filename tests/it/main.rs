//! Everything that runs real git, in one binary: it links once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod git_source;
mod install;
mod random_history;
mod repo;

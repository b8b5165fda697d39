//! Everything that needs a real repository, in one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod git_source;
mod random_history;
mod repo;

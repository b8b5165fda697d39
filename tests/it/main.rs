//! Behaviour through the binary, on real repositories made by git. One integration binary: it links once.
#![allow(missing_docs)]

mod git_source;
mod install;
mod repo;

//! The gate on a server, met by real pushes: a bare repository whose hook `importgate install --server` wrote, and a clone.
//!
//! What must hold has numbers in the issue that the gate comes from, and tests name theirs. Besides: what a push adds is
//! compared with git's own answer in `news.rs`, commits and rollbacks with ranges in `brought.rs`, hooks of every kind with
//! a stand-in for the program in `install/server.rs`, the admin's file in `admin.rs`. Number 26, servers that really serve,
//! is `tests/servers/run`.

mod attacks;
mod client;
mod history;
mod hostile;
mod hosts;
mod limits;
mod plain;
mod policy;
mod trust;

use std::path::{Path, PathBuf};

use crate::repo::POLICY;
use crate::site::{BAD, Push, Site};

//! The gate on a server, met by real pushes: README.md in this folder lists what must hold, and by which tests.
//!
//! Besides: what a push adds is compared with git's own answer in `news.rs`, commits and rollbacks with ranges in `brought.rs`,
//! hooks of every kind with a stand-in for the program in `install/server.rs`, the admin's file in `admin.rs`; pushes made to do
//! harm stand in `attacks`.

mod client;
mod history;
mod hosts;
mod limits;
mod plain;
mod policy;
mod promises;
mod trust;

use std::path::Path;

use crate::repo::POLICY;
use crate::site::{BAD, Push, Site};

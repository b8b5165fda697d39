//! The gate on a server, tested by real pushes. README.md in this folder lists what must hold, with the tests for it.
//!
//! Related tests: `news.rs` compares new commits with git's own output, `brought.rs` covers attribution and reverts,
//! `install/server.rs` all kinds of hooks with a stand-in for the program, `admin.rs` the server configuration, and
//! `attacks` malicious pushes.

mod client;
mod doctor;
mod emergency;
mod excuses;
mod history;
mod hosts;
mod limits;
mod log;
mod names;
mod old_tips;
mod own_policy;
mod plain;
mod policy;
mod promises;
mod references;
mod releases;
mod rewritten;
mod shadow;
mod skew;
mod threads;
mod time;
mod trust;

use std::path::Path;

use crate::repo::POLICY;
use crate::site::{BAD, Push, Site};

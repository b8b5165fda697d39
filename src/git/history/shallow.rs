//! Ends of a shallow history.
//!
//! Format: git's Documentation/gitrepository-layout, "shallow": an id on each line.

use std::collections::HashSet;
use std::io::{Error as IoError, ErrorKind};
use std::path::PathBuf;

use gix::hash::ObjectId;

use crate::git::error::Error;
use crate::git::repository::Repository;

impl Repository {
    /// Returns the commits whose parents are not here, and whether git's environment names them. If
    /// so, they come with a push from a shallow clone; otherwise this clone is shallow itself.
    pub(in crate::git) fn shallow_ends(&self) -> Result<(HashSet<ObjectId>, bool), Error> {
        let named = std::env::var_os("GIT_SHALLOW_FILE").map(PathBuf::from);
        let path = named.clone().unwrap_or_else(|| self.common_dir().join("shallow"));
        // Reading a pipe or a device might never end.
        let read = std::fs::metadata(&path).and_then(|file| {
            if file.is_file() { std::fs::read(&path) } else { Err(IoError::other("it is no regular file")) }
        });
        let content = match read {
            Ok(content) => content,
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(Error::io(&path)(error)),
        };
        let mut ends = HashSet::new();
        for line in content.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            let id = ObjectId::from_hex(line.trim_ascii_end()).ok();
            let bad = || Error::Broken { why: format!("{} holds a line that is no commit's id", path.display()) };
            ends.insert(id.ok_or_else(bad)?);
        }
        Ok((ends, named.is_some()))
    }
}

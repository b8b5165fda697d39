//! Object directories: the repository's own, those of git's environment, and those that they borrow from.
//!
//! A server keeps what is being pushed apart until its hooks agree: the folder of such a quarantine is named by
//! `GIT_OBJECT_DIRECTORY`, the repository's own by `GIT_ALTERNATE_OBJECT_DIRECTORIES` (git-receive-pack(1),
//! "Quarantine Environment").

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use crate::git::error::Error;

/// Object directories, as `.git/objects`, in the order in which they are searched.
pub(in crate::git) struct ObjectDirs {
    /// The directories to open, without those that they borrow from.
    pub all: Vec<PathBuf>,
    /// The directories whose objects stay whatever becomes of a push; empty where that is not known.
    pub permanent: Vec<PathBuf>,
}

impl ObjectDirs {
    /// The directories that git would use here for the repository whose own one is `own`. Relative paths count from
    /// the current directory, as for git.
    pub fn of_environment(own: PathBuf) -> Self {
        let named = variable("GIT_OBJECT_DIRECTORY").map(PathBuf::from);
        let alternates = variable("GIT_ALTERNATE_OBJECT_DIRECTORIES").unwrap_or_default();
        // Git passes over missing ones.
        let alternates: Vec<PathBuf> =
            split(&alternates.into_vec()).into_iter().filter(|folder| folder.is_dir()).collect();
        let quarantined = named.is_some() && variable("GIT_QUARANTINE_PATH").is_some();
        let permanent = if quarantined { alternates.clone() } else { Vec::new() };
        let mut all = vec![named.unwrap_or(own)];
        all.extend(alternates);
        Self { all, permanent }
    }
}

/// The object directories that `folder` borrows from, itself first.
pub(in crate::git) fn with_alternates(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let here = std::env::current_dir().unwrap_or_default();
    let borrowed = gix::odb::alternate::resolve(folder.to_path_buf(), &here).map_err(|error| Error::broken(&error))?;
    let mut folders = vec![folder.to_path_buf()];
    folders.extend(borrowed.into_iter().filter(|folder| folder.is_dir()));
    Ok(folders)
}

/// An environment variable that is set to something.
pub(in crate::git) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The paths of a list as git writes it (`parse_alt_odb_entry` in git's odb code): between colons, one that starts
/// with `#` is a comment, one that starts with `"` is quoted as in C. Broken quotes are none.
fn split(list: &[u8]) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        let end = memchr::memchr(b':', rest).unwrap_or(rest.len());
        // Quotes that are broken are a part of the path.
        let unquoted = rest.starts_with(b"\"").then(|| gix::quote::ansi_c::undo(rest.into()).ok()).flatten();
        let (path, length) = match unquoted {
            Some((path, length)) => (path.to_vec(), length),
            None if rest.starts_with(b"#") => (Vec::new(), end),
            None => (rest.get(..end).unwrap_or_default().to_vec(), end),
        };
        if !path.is_empty() {
            paths.push(PathBuf::from(OsString::from_vec(path)));
        }
        rest = rest.get(length + 1..).unwrap_or_default();
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_as_git_splits_them() {
        let of = |list: &str| split(list.as_bytes()).iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
        assert_eq!(of("/a:b/c"), ["/a", "b/c"]);
        assert_eq!(of(":/a::"), ["/a"]);
        assert_eq!(of("#no:/a"), ["/a"]);
        assert_eq!(of(r#""/a:b":/c"#), ["/a:b", "/c"]);
        assert_eq!(of(r#""/\"\\\164\101":"x"#), [r#"/"\tA"#, "\"x"]);
        assert_eq!(of(r#""\9":/c"#), [r#""\9""#, "/c"]);
        assert_eq!(of(r#""\377"#), [r#""\377"#]);
    }
}

//! The worktree's copy of a policy, beside the index's.

use std::io::ErrorKind;
use std::path::Path;

use super::{Place, no_file, unreadable};
use crate::git::Repository;
use crate::report::Fault;
use crate::tree::Tree as _;

/// What the worktree has at a path.
pub(super) enum InWorktree {
    File(Vec<u8>),
    /// It, or a folder above it, is a symbolic link.
    Link,
    Nothing,
}

/// Reads a file of the worktree as git would stage it: without following a link on the way to it.
pub(super) fn read(repository: &Repository, path: &str) -> Result<InWorktree, Fault> {
    let Some(top) = repository.top() else { return Ok(InWorktree::Nothing) };
    let mut at = top.to_path_buf();
    for name in Path::new(path) {
        at.push(name);
        match std::fs::symlink_metadata(&at) {
            Ok(found) if found.is_symlink() => return Ok(InWorktree::Link),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(InWorktree::Nothing);
            }
            Err(error) => return Err(unreadable(path, &error)),
        }
    }
    // Reading a pipe might never end.
    if !at.is_file() {
        return Err(no_file(path));
    }
    std::fs::read(&at).map(InWorktree::File).map_err(|error| unreadable(path, &error))
}

/// Says which policy was used where the worktree's and the index's differ; line ends make no difference.
pub(super) fn which_was_used(repository: &Repository, place: Place<'_>, path: &str) -> Result<Option<String>, Fault> {
    let (index, of_worktree) = match place {
        Place::Revisions(_) => return Ok(None),
        Place::Index(index) => (index, false),
        Place::Worktree(index) => (index, true),
    };
    // Without a worktree there is nothing to differ from; and an untracked file is the only one.
    let (Some(_), Some(staged)) = (repository.top(), index.read(path.as_bytes())?) else { return Ok(None) };
    Ok(match read(repository, path)? {
        InWorktree::File(source) if same_lines(&source, &staged) => None,
        InWorktree::File(_) if of_worktree => {
            Some(format!("judged by {path} of the worktree; the staged one differs (git add {path})"))
        }
        InWorktree::File(_) => {
            Some(format!("judged by {path} as it is staged; the worktree's differs (git add {path})"))
        }
        InWorktree::Link => Some(format!("judged by {path} as it is staged; in the worktree it is a link")),
        InWorktree::Nothing => Some(format!("judged by {path} as it is staged; the worktree has none")),
    })
}

fn same_lines(left: &[u8], right: &[u8]) -> bool {
    fn lines(source: &[u8]) -> impl Iterator<Item = &[u8]> {
        source.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
    }
    left == right || lines(left).eq(lines(right))
}

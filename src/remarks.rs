//! What a run by hand is told besides its verdict: what was not judged, and what its verdict may be wrong about.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::git::{Changes, Descent, Repository, Snapshot};
use crate::report::Fault;
use crate::request::{Request, Source, is_within};
use crate::tree::Tree as _;

/// Says what a comparison of two trees cannot tell apart.
pub fn apart(revision: &str, descent: Descent) -> Option<String> {
    let blamed = format!("what {revision} cleaned up will be blamed on HEAD");
    match descent {
        Descent::Grown => None,
        Descent::Apart => Some(format!("{revision} is no ancestor of HEAD: {blamed}")),
        Descent::Unknown => {
            Some(format!("the history here is too short to tell whether HEAD grew from {revision}: if not, {blamed}"))
        }
    }
}

/// Makes sure that the requested files are known where they are judged, before or after the change: a slip of the pen
/// must not pass as a file without findings.
///
/// # Errors
/// When one is not, or the repository cannot be read.
pub fn known_files(repository: &Repository, changes: &Changes<'_>, request: &Request) -> Result<(), Fault> {
    let is_there = |side: &Snapshot<'_>, file: &[u8]| {
        Ok::<_, Fault>(side.is_link(file)? || side.is_file(file)? || side.is_folder(file)?)
    };
    for file in &request.files {
        let mut is_known = is_there(&changes.new_side, file)?;
        for side in &changes.old_sides {
            is_known = is_known || is_there(side, file)?;
        }
        if is_known {
            continue;
        }
        let name = String::from_utf8_lossy(file);
        let is_on_disk = repository.top().is_some_and(|top| top.join(OsStr::from_bytes(file)).exists());
        let hint = match request.source {
            Source::Staged | Source::All if is_on_disk => format!("It is not staged: git add {name}, or --worktree."),
            Source::Worktree if is_on_disk => "Git ignores it.".to_owned(),
            _ => "Paths count from the current folder.".to_owned(),
        };
        return Err(Fault::new(format!("{name} is not in what is judged")).with_hint(hint));
    }
    Ok(())
}

/// Counts the files that are changed but not staged, for a run by hand that finds none of the requested ones staged.
pub fn unstaged(repository: &Repository, changes: &Changes<'_>, request: &Request) -> usize {
    let keeps = |path: &[u8]| is_within(path, &request.files);
    let is_judged = || changes.files.iter().any(|file| keeps(&file.path));
    if !request.by_hand || request.source != Source::Staged || is_judged() {
        return 0;
    }
    // Where git cannot look through the worktree, the verdict stands without the remark.
    repository.unstaged(&keeps).unwrap_or_default()
}

//! Where the admin's file comes from: never from anywhere that a push can change.

use std::path::{Path, PathBuf};

use super::config::{Config, File};
use crate::git::Repository;
use crate::report::Fault;

/// The name of the admin's file beside the hook.
pub const FILE: &str = "importgate-server.toml";
/// The key of git's configuration that names the file. Only configuration files of the system and the repository count.
pub const KEY: &str = "importgate.server";

/// What the admin decided for the repository. `named` is the file that the hook's command line names, `hook` the path by
/// which git called the hook; [`Config::default`] where there is no file.
///
/// # Errors
/// When a file that is named is missing, lies in the worktree, or cannot be read, or the file is invalid.
pub fn config(repository: &Repository, named: Option<&Path>, hook: Option<&Path>) -> Result<Config, Fault> {
    let Some(file) = file(repository, named, hook)? else { return Ok(Config::default()) };
    let origin = file.to_string_lossy().into_owned();
    let source = std::fs::read(&file).map_err(|error| cannot_be_read(&origin, &error))?;
    let Ok(source) = String::from_utf8(source) else { return Err(Fault::new(format!("{origin} is not UTF-8"))) };
    let source = source.strip_prefix('\u{feff}').unwrap_or(&source);
    let folder = file.parent().unwrap_or(Path::new("/"));
    let git_dir = repository.git_dir();
    let git_dir = std::fs::canonicalize(git_dir).or_else(|_| std::path::absolute(git_dir));
    let git_dir = git_dir.unwrap_or_else(|_| repository.git_dir().to_owned());
    Ok(File::parse(source, &origin, folder)?.for_repository(&git_dir))
}

/// The admin's file, an absolute path; `None` where there is none. The arguments are those of [`config`].
///
/// # Errors
/// When a file that is named is missing, or the file lies in the worktree.
pub fn file(repository: &Repository, named: Option<&Path>, hook: Option<&Path>) -> Result<Option<PathBuf>, Fault> {
    let found = match (named, repository.config_file_value(KEY)?) {
        (Some(file), _) => exists(file, "--config", "Correct the path in the hook.")?,
        (None, Some(value)) => {
            let hint = format!("Correct it, or remove it with: git config --unset {KEY}");
            exists(&repository.git_dir().join(value), &format!("git config {KEY}"), &hint)?
        }
        (None, None) => match beside(hook)? {
            Some(file) => file,
            None => return Ok(None),
        },
    };
    let found = std::path::absolute(&found).unwrap_or(found);
    if in_worktree(repository, &found) {
        let fault = Fault::new(format!("{} lies in the worktree, where a push could change it", found.display()));
        return Err(fault.with_hint("Move it out of the worktree."));
    }
    Ok(Some(found))
}

fn exists(file: &Path, by: &str, hint: &str) -> Result<PathBuf, Fault> {
    if is_there(file)? {
        return Ok(file.to_owned());
    }
    let fault = Fault::new(format!("the admin's file {} is missing, which {by} names", file.display()));
    Err(fault.with_hint(hint))
}

/// Beside the hook as it was called, or beside the file that it is a link to: gitolite links the hooks of all
/// repositories to common ones.
fn beside(hook: Option<&Path>) -> Result<Option<PathBuf>, Fault> {
    let Some(hook) = hook else { return Ok(None) };
    let resolved = std::fs::canonicalize(hook).ok();
    for place in [Some(hook), resolved.as_deref()].into_iter().flatten() {
        let file = place.with_file_name(FILE);
        if is_there(&file)? {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// Whether something stands there, be it a link that leads nowhere: that is a file somebody wanted to be read.
fn is_there(file: &Path) -> Result<bool, Fault> {
    match std::fs::symlink_metadata(file) {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            Ok(false)
        }
        Err(error) => Err(cannot_be_read(&file.to_string_lossy(), &error)),
    }
}

fn cannot_be_read(origin: &str, error: &std::io::Error) -> Fault {
    Fault::new(format!("the admin's file {origin} cannot be read: {error}"))
}

/// A push to a branch that is checked out may change the worktree (`receive.denyCurrentBranch`), but never the git
/// directory in it.
fn in_worktree(repository: &Repository, file: &Path) -> bool {
    let Some(top) = repository.top() else { return false };
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (top, git_dir) = (real(top), real(repository.git_dir()));
    // Both the file and a link to it: either could be changed.
    let link = file.parent().map(real).zip(file.file_name()).map(|(folder, name)| folder.join(name));
    let is_open = |path: &PathBuf| path.starts_with(&top) && !path.starts_with(&git_dir);
    [Some(real(file)), link].iter().flatten().any(is_open)
}

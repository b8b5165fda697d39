//! Lookup of the server configuration, which must never come from a place that a push can change.

use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

use super::config::{Config, Enforce, File};
use crate::git::{Repository, system_config_value};
use crate::report::Fault;

/// Name of the configuration file beside the hook.
pub const FILE: &str = "importgate-server.toml";
/// Beginning of the message of a file that is missing or cannot be read.
pub const UNREAD: &str = "the admin's file";
/// Key of git's configuration that names the file. Only the system's and the repository's configuration files count.
pub const KEY: &str = "importgate.server";

/// Returns what all repositories of the server are turned to, in an emergency: the laxer of what is said by the file that
/// the system's git configuration names, and by the file of this repository. Nothing that is broken turns anything; nor
/// does it keep the other file's word from counting. For the arguments see [`config`].
#[must_use]
pub fn switch(repository: Option<&Repository>, named: Option<&Path>, hook: Option<&Path>) -> Option<Enforce> {
    let is_safe = |file: &PathBuf| match repository {
        Some(repository) => !in_worktree(repository, file),
        // Git calls hooks in the git directory.
        None => std::env::current_dir().is_ok_and(|folder| {
            let top = folder.parent().filter(|_| folder.ends_with(".git"));
            top.is_none_or(|top| !is_open(top, &folder, file))
        }),
    };
    let of_all = system_config_value(KEY).map(PathBuf::from).filter(|file| file.is_absolute()).filter(is_safe);
    let own = repository.and_then(|repository| file(repository, named, hook).ok().flatten());
    let said = [of_all, own].into_iter().flatten().filter_map(|file| {
        let source = String::from_utf8(read(&file).ok()?).ok()?;
        File::switch(source.strip_prefix('\u{feff}').unwrap_or(&source))
    });
    said.min()
}

/// Returns the file of the kill switch for all repositories, if the system's git configuration names one.
///
/// # Errors
/// When it cannot be read, or is invalid.
pub fn switch_file() -> Result<Option<PathBuf>, Fault> {
    let Some(file) = system_config_value(KEY).map(PathBuf::from).filter(|file| file.is_absolute()) else {
        return Ok(None);
    };
    parse(&file)?;
    Ok(Some(file))
}

/// Returns the configuration for the repository; [`Config::default`] if there is no file. `named` is the file given on
/// the hook's command line, `hook` the path by which git called the hook.
///
/// # Errors
/// When a named file is missing, the file lies in the worktree, cannot be read, or is invalid.
pub fn config(repository: &Repository, named: Option<&Path>, hook: Option<&Path>) -> Result<Config, Fault> {
    switched(repository, named, hook, switch(Some(repository), named, hook))
}

/// Returns the same where it is known what all repositories are turned to.
///
/// # Errors
/// As [`config`].
pub fn switched(
    repository: &Repository,
    named: Option<&Path>,
    hook: Option<&Path>,
    switch: Option<Enforce>,
) -> Result<Config, Fault> {
    let Some(file) = file(repository, named, hook)? else { return Ok(Config::default().switched(switch)) };
    let git_dir = repository.git_dir();
    let git_dir = std::fs::canonicalize(git_dir).or_else(|_| std::path::absolute(git_dir));
    let git_dir = git_dir.unwrap_or_else(|_| repository.git_dir().to_owned());
    Ok(parse(&file)?.on_host(&git_dir, &|name| std::env::var_os(name)).switched(switch))
}

fn parse(file: &Path) -> Result<File, Fault> {
    let origin = file.to_string_lossy().into_owned();
    let source = read(file).map_err(|error| cannot_be_read(&origin, &error))?;
    let source = String::from_utf8(source).map_err(|error| not_utf8(&origin, &error))?;
    let source = source.strip_prefix('\u{feff}').unwrap_or(&source);
    Ok(File::parse(source, &origin, file.parent().unwrap_or(Path::new("/")))?)
}

/// Reads a regular file: anything else may never end.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    match std::fs::metadata(file)?.is_file() {
        true => std::fs::read(file),
        false => Err(std::io::Error::other("it is no regular file")),
    }
}

fn not_utf8(origin: &str, error: &FromUtf8Error) -> Fault {
    let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
    let (line, column) = (before.split(|&byte| byte == b'\n').count(), before.rsplit(|&byte| byte == b'\n').next());
    let column = column.map_or(0, |line| String::from_utf8_lossy(line).chars().count()) + 1;
    let mut fault = Fault::new("the file is not UTF-8").with_hint("Save it as UTF-8.");
    fault.problems.iter_mut().for_each(|problem| problem.place = Some((origin.to_owned(), line, column)));
    fault
}

/// Returns the absolute path of the configuration file; `None` if there is none. For the arguments see [`config`].
///
/// # Errors
/// When a named file is missing, or the file lies in the worktree.
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
    let fault = Fault::new(format!("{UNREAD} {} is missing, which {by} names", file.display()));
    Err(fault.with_hint(hint))
}

/// Looks beside the hook as it was called, then beside the file that the hook links to: gitolite links the hooks of all
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

/// Returns whether the path exists, even as a dangling link: somebody wanted that file to be read.
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
    Fault::new(format!("{UNREAD} {origin} cannot be read: {error}"))
}

/// Returns whether the file is in the worktree, outside the git directory: a push to a checked-out branch may change the
/// worktree (`receive.denyCurrentBranch`), but never the git directory in it.
fn in_worktree(repository: &Repository, file: &Path) -> bool {
    repository.worktrees().iter().any(|top| is_open(top, repository.git_dir(), file))
}

fn is_open(top: &Path, git_dir: &Path, file: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (top, git_dir) = (real(top), real(git_dir));
    // A push could change the file or a link to it, so both are checked.
    let link = file.parent().map(real).zip(file.file_name()).map(|(folder, name)| folder.join(name));
    let is_open = |path: &PathBuf| path.starts_with(&top) && !path.starts_with(&git_dir);
    [Some(real(file)), link].iter().flatten().any(is_open)
}

//! Policy lookup: `--policy`, git's configuration, or `policy.toml` at the top of the repository.

use std::path::{Path, PathBuf};

use crate::git::{self, Changes, CommitId, Repository, Snapshot};
use crate::lang;
use crate::policy::{Invalid, Policy};
use crate::report::{Fault, Problem};
use crate::request::{Request, Source};
use crate::tree::{Tree, TreeError};

/// File name of a policy at the top of a repository.
pub const FILE: &str = "policy.toml";
/// Key of git's configuration that names another policy: a path, or `REV:PATH`.
pub const KEY: &str = "importgate.policy";

/// Source of a policy, and its name in messages.
struct Found {
    origin: String,
    source: Vec<u8>,
}

/// Result of the policy lookup.
#[derive(Debug)]
pub enum Located {
    /// A policy.
    Policy(Box<Policy>),
    /// A `policy.toml` without the key `importgate`, which belongs to another tool; holds its name.
    Foreign(String),
    /// No policy.
    Nothing,
}

/// Finds and parses the policy for a run.
///
/// # Errors
/// When a named policy cannot be read, or a policy is invalid.
pub fn policy(repository: &Repository, changes: &Changes<'_>, request: &Request) -> Result<Located, Fault> {
    let located = match (&request.policy, &request.source) {
        (Some(file), _) => Located::Policy(Box::new(named(file)?)),
        (None, Source::Staged | Source::All) => trusted(repository, changes, &[])?,
        (None, Source::Range(from, to)) => trusted(repository, changes, &[from, to])?,
    };
    match (located, &request.rule) {
        (Located::Policy(policy), Some(rule)) => {
            let policy = policy.only(rule).map(Box::new);
            policy.map(Located::Policy).map_err(|unknown| Fault::new(unknown.to_string()))
        }
        (located, _) => Ok(located),
    }
}

/// Returns the policy named by git's configuration, else that of the first of `revisions` that has one; without
/// revisions, that of the index, else of the worktree.
///
/// # Errors
/// When a named policy cannot be read, or a policy is invalid.
pub fn trusted(repository: &Repository, changes: &Changes<'_>, revisions: &[&str]) -> Result<Located, Fault> {
    if let Some(found) = configured(repository, changes, revisions)? {
        let policy = parse(&found)?.ok_or_else(|| another_tools(&found.origin))?;
        return Ok(Located::Policy(Box::new(policy)));
    }
    let Some(found) = in_repository(repository, changes, revisions, FILE)? else { return Ok(Located::Nothing) };
    Ok(match parse(&found)? {
        Some(policy) => Located::Policy(Box::new(policy)),
        None => Located::Foreign(found.origin),
    })
}

/// Reads and parses the policy in a named file.
///
/// # Errors
/// When the file cannot be read, is invalid, or belongs to another tool.
pub fn named(file: &Path) -> Result<Policy, Fault> {
    let found = on_disk(file)?;
    parse(&found)?.ok_or_else(|| another_tools(&found.origin))
}

/// Returns the policy of a commit; messages call the commit `name`.
///
/// # Errors
/// When the policy is invalid, or the repository cannot be read.
pub fn at_commit(repository: &Repository, commit: CommitId, name: &str) -> Result<Located, Fault> {
    at_side(&repository.side_of(&commit.to_string())?, name)
}

/// Returns the policy of one snapshot; messages call the snapshot `name`.
///
/// # Errors
/// When the policy is invalid, or the repository cannot be read.
pub fn at_side(side: &Snapshot<'_>, name: &str) -> Result<Located, Fault> {
    let Some(source) = on_side(side, FILE)? else { return Ok(Located::Nothing) };
    let found = Found { origin: format!("{name}:{FILE}"), source };
    Ok(match parse(&found)? {
        Some(policy) => Located::Policy(Box::new(policy)),
        None => Located::Foreign(found.origin),
    })
}

fn parse(found: &Found) -> Result<Option<Policy>, Fault> {
    let Ok(source) = std::str::from_utf8(&found.source) else {
        return Err(Fault::new(format!("{} is not UTF-8", found.origin)));
    };
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    Policy::parse(source, &found.origin, &lang::notations()).map_err(Fault::from)
}

fn on_disk(file: &Path) -> Result<Found, Fault> {
    let origin = file.to_string_lossy().into_owned();
    match std::fs::read(file) {
        Ok(source) => Ok(Found { origin, source }),
        Err(error) => Err(Fault::new(format!("the policy {origin} cannot be read: {error}"))),
    }
}

fn configured(repository: &Repository, changes: &Changes<'_>, revisions: &[&str]) -> Result<Option<Found>, Fault> {
    let Some(value) = repository.config(KEY)? else { return Ok(None) };
    let missing = |why: &str| {
        let fault = Fault::new(format!("the policy {value} is missing{}{why}", if why.is_empty() { "" } else { ": " }));
        fault.with_hint(format!(
            "It is named by git config {KEY}; correct it, or remove it with: git config --unset {KEY}"
        ))
    };
    // Git expands `~/` in paths of its configuration.
    let home = value.strip_prefix("~/").and_then(|rest| Some(std::env::home_dir()?.join(rest)));
    let file = home.unwrap_or_else(|| PathBuf::from(&value));
    if file.is_absolute() {
        return if file.exists() { on_disk(&file).map(Some) } else { Err(missing("")) };
    }
    if let Some((revision, path)) = split_revision(&value) {
        let files = match repository.side_of(revision) {
            Err(git::Error::NoSuchRevision { why, .. }) => return Err(missing(&why)),
            files => files?,
        };
        let found = on_side(&files, path)?;
        return found.map(|source| Some(Found { origin: value.clone(), source })).ok_or_else(|| missing(""));
    }
    in_repository(repository, changes, revisions, &value)?.map(Some).ok_or_else(|| missing(""))
}

/// Splits `REV:PATH` at the first colon outside braces: a date in braces has colons too (`main@{12:00}:policy.toml`).
fn split_revision(value: &str) -> Option<(&str, &str)> {
    let mut depth = 0_i32;
    let colon = value.bytes().position(|byte| {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        byte == b':' && depth <= 0
    })?;
    Some((value.get(..colon)?, value.get(colon + 1..)?))
}

/// Returns the policy at `path` in the first revision that has one; without revisions, in the index or worktree.
fn in_repository(
    repository: &Repository,
    changes: &Changes<'_>,
    revisions: &[&str],
    path: &str,
) -> Result<Option<Found>, Fault> {
    for revision in revisions {
        if let Some(source) = on_side(&repository.side_of(revision)?, path)? {
            return Ok(Some(Found { origin: format!("{revision}:{path}"), source }));
        }
    }
    if !revisions.is_empty() {
        return Ok(None);
    }
    // The worktree's copy is read for a symbolic link in the index, because only the worktree can follow it.
    if !changes.new_side.is_link(path.as_bytes())?
        && let Some(source) = on_side(&changes.new_side, path)?
    {
        return Ok(Some(Found { origin: path.to_owned(), source }));
    }
    let Some(top) = repository.top() else { return Ok(None) };
    match std::fs::read(top.join(path)) {
        Ok(source) => Ok(Some(Found { origin: path.to_owned(), source })),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::new(format!("the policy {path} cannot be read: {error}"))),
    }
}

/// Returns the content of `path` in a snapshot; `None` if nothing is there. An unreadable entry is a fault, because it
/// may be a policy.
fn on_side(side: &Snapshot<'_>, path: &str) -> Result<Option<Vec<u8>>, Fault> {
    let bytes = path.as_bytes();
    if let Some(source) = side.read(bytes)? {
        return Ok(Some(source));
    }
    if side.is_file(bytes)? {
        return Err(Fault::new(format!("the policy {path} is over 8 MiB, or not in this clone")));
    }
    if side.is_link(bytes)? {
        return Err(Fault::new(format!("the policy {path} is no regular file"))
            .with_hint("Commit the file itself, not a link to it."));
    }
    Ok(None)
}

fn another_tools(origin: &str) -> Fault {
    let fault = Fault::new(format!("{origin} is not a policy of importgate: it lacks the key `importgate`"));
    fault.with_hint("Write `importgate = 1` at its top, or name another file.")
}

impl Fault {
    /// Returns a fault with one problem.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { problems: vec![Problem { message: message.into(), ..Problem::default() }], ..Self::default() }
    }

    /// Adds a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<git::Error> for Fault {
    fn from(error: git::Error) -> Self {
        let fault = Self::new(error.to_string());
        match error.hint() {
            Some(hint) => fault.with_hint(hint),
            None => fault,
        }
    }
}

impl From<TreeError> for Fault {
    fn from(error: TreeError) -> Self {
        match error.downcast::<git::Error>() {
            Ok(error) => Self::from(*error),
            Err(error) => Self::new(error.to_string()),
        }
    }
}

impl From<Invalid> for Fault {
    fn from(invalid: Invalid) -> Self {
        let rendered = Some(invalid.render(false));
        let problems = invalid.errors.into_iter().map(|error| Problem {
            message: error.message,
            place: Some((invalid.origin.clone(), error.line, error.column)),
            hint: error.hint,
        });
        Self { problems: problems.collect(), rendered, hint: None }
    }
}

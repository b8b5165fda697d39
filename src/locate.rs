//! Where the policy is read from: a file that is named, git configuration, or `policy.toml` at the top.

use std::path::{Path, PathBuf};

use crate::git::{self, Changes, CommitId, Repository, Snapshot};
use crate::lang;
use crate::policy::{Invalid, Policy};
use crate::report::{Fault, Problem};
use crate::request::{Request, Source};
use crate::tree::{Tree, TreeError};

/// The name of a policy at the top of a repository.
pub const FILE: &str = "policy.toml";
/// The key of git's configuration that names another one: a path, or `REV:PATH`.
pub const KEY: &str = "importgate.policy";

/// A policy as text, and what to call it.
struct Found {
    origin: String,
    source: Vec<u8>,
}

/// What a look for the policy gave.
#[derive(Debug)]
pub enum Located {
    /// A policy.
    Policy(Box<Policy>),
    /// A file of that name which is another tool's, for it lacks the key `importgate`.
    AnotherTools(String),
    /// Nothing.
    Nothing,
}

/// The policy that stands for a run.
///
/// # Errors
/// When a policy that is named cannot be read, or a policy is invalid.
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

/// The policy that git configuration names, else the one in the first of some revisions that has one; without
/// revisions, what is staged counts, else the worktree.
///
/// # Errors
/// When a policy that is named cannot be read, or a policy is invalid.
pub fn trusted(repository: &Repository, changes: &Changes<'_>, revisions: &[&str]) -> Result<Located, Fault> {
    if let Some(found) = configured(repository, changes, revisions)? {
        let policy = parse(&found)?.ok_or_else(|| another_tools(&found.origin))?;
        return Ok(Located::Policy(Box::new(policy)));
    }
    let Some(found) = in_repository(repository, changes, revisions, FILE)? else { return Ok(Located::Nothing) };
    Ok(match parse(&found)? {
        Some(policy) => Located::Policy(Box::new(policy)),
        None => Located::AnotherTools(found.origin),
    })
}

/// The policy in a file that an admin names.
///
/// # Errors
/// When it cannot be read, is invalid, or is another tool's.
pub fn named(file: &Path) -> Result<Policy, Fault> {
    let found = on_disk(file)?;
    parse(&found)?.ok_or_else(|| another_tools(&found.origin))
}

/// The policy of a commit; `name` is what messages call the commit.
///
/// # Errors
/// When it is invalid, or the repository cannot be read.
pub fn at_commit(repository: &Repository, commit: CommitId, name: &str) -> Result<Located, Fault> {
    at_side(&repository.side_of(&commit.to_string())?, name)
}

/// The policy of one side of a change; `name` is what messages call it.
///
/// # Errors
/// When it is invalid, or the repository cannot be read.
pub fn at_side(side: &Snapshot<'_>, name: &str) -> Result<Located, Fault> {
    let Some(source) = on_side(side, FILE)? else { return Ok(Located::Nothing) };
    let found = Found { origin: format!("{name}:{FILE}"), source };
    Ok(match parse(&found)? {
        Some(policy) => Located::Policy(Box::new(policy)),
        None => Located::AnotherTools(found.origin),
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
    // As git reads a path in its configuration.
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

/// `REV:PATH` in its two parts. A date in braces has colons of its own: `main@{12:00}:policy.toml`.
fn split_revision(value: &str) -> Option<(&str, &str)> {
    let mut depth = 0_i32;
    let colon = value.bytes().position(|byte| {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        byte == b':' && depth <= 0
    })?;
    Some((value.get(..colon)?, value.get(colon + 1..)?))
}

/// The policy at `path` from the top, in the first tree that has one.
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
    // A link in the index is followed in the worktree.
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

/// The policy at `path` of one side; `None` where nothing stands there. What cannot be read is a fault: it may be a policy.
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
    /// A fault with one problem.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { problems: vec![Problem { message: message.into(), ..Problem::default() }], ..Self::default() }
    }

    /// The same, saying what to do.
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

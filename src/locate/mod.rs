//! Policy lookup: `--policy`, git's configuration, or `policy.toml` at the top of the repository.

mod configured;
mod faults;
mod mended;
mod names;
mod own;
mod worktree;

use std::io::ErrorKind;
use std::path::Path;

use crate::git::{self, Changes, CommitId, Repository, Snapshot};
use crate::lang;
use crate::policy::Policy;
use crate::report::Fault;
use crate::request::{Request, Source};
use crate::tree::Tree;
pub use mended::trusted;
pub use names::names;
pub use own::at_own_tip;
use worktree::InWorktree;

/// File name of a policy at the top of a repository.
pub const FILE: &str = "policy.toml";
/// Key of git's configuration that names other policies: each a path, or `REV:PATH`.
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
    /// A `policy.toml` with rules of ours that lacks the key; holds the error.
    KeyLost(Fault),
    /// No policy.
    Nothing,
}

/// The outcome of the policy lookup for a run.
#[derive(Debug)]
pub struct Lookup {
    /// What judges: policies that are named, or what was found by name. Never empty.
    pub located: Vec<Located>,
    /// Which of two differing files was used, for a run by hand.
    pub notices: Vec<String>,
}

/// Where a policy is looked for.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// In these revisions, one after the other.
    Revisions(&'a [&'a str]),
    /// In the index, and in the worktree if it is not tracked.
    Index(&'a Snapshot<'a>),
    /// In the worktree, and in the index if it is not there.
    Worktree(&'a Snapshot<'a>),
}

/// What counts where git's configuration names a file in a revision.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Revisions {
    /// That revision.
    Named,
    /// The place that is looked at, as on a branch with a policy of its own.
    Replaced,
}

/// Finds and parses the policies for a run that judges `changes` of the repository.
///
/// # Errors
/// When a named policy cannot be read, or a policy is invalid.
pub fn policies(repository: &Repository, changes: &Changes<'_>, request: &Request) -> Result<Lookup, Fault> {
    let find = |place: Place<'_>| {
        let mut lookup = Lookup { located: Vec::new(), notices: Vec::new() };
        let found = standing(repository, place, Revisions::Named)?;
        for (located, path) in own::at_commit(repository, place, found)? {
            lookup.located.push(located);
            if let Some(path) = path.filter(|_| request.by_hand) {
                lookup.notices.extend(worktree::which_was_used(repository, place, &path)?);
            }
        }
        Ok::<_, Fault>(lookup)
    };
    let Lookup { located, notices } = match &request.source {
        _ if !request.policies.is_empty() => {
            Lookup { located: configured::files(repository, &request.policies)?, notices: Vec::new() }
        }
        Source::Staged => find(Place::Index(&changes.new_side))?,
        Source::All => find(Place::Worktree(&changes.new_side))?,
        // What is judged has the worktree's file staged; the index does not.
        Source::Worktree => find(Place::Worktree(&repository.index()?))?,
        Source::Range(from, to) => own::at_range(repository, (from, to), trusted(repository, &[from, to])?)?,
        Source::Against(revision) => trusted(repository, &[revision, "HEAD"])?,
    };
    let located = match &request.rule {
        Some(rule) => configured::only(located, rule)?,
        None => located,
    };
    Ok(Lookup { located, notices })
}

/// Returns the policies named by git's configuration, else the one found by name, each with the path at which it was looked
/// for in the repository.
fn standing(
    repository: &Repository,
    place: Place<'_>,
    revisions: Revisions,
) -> Result<Vec<(Located, Option<String>)>, Fault> {
    let configured = configured::policies(repository, place, revisions)?;
    if !configured.is_empty() {
        return Ok(configured);
    }
    let Some(found) = in_repository(repository, place, FILE)? else { return Ok(vec![(Located::Nothing, None)]) };
    match parse(found)? {
        Located::Policy(policy) => Ok(vec![(Located::Policy(policy), Some(FILE.to_owned()))]),
        Located::KeyLost(fault) => Err(fault),
        located => Ok(vec![(located, None)]),
    }
}

/// Reads and parses the policy in a named file.
///
/// # Errors
/// When the file cannot be read, is invalid, or belongs to another tool.
pub fn named(file: &Path) -> Result<Policy, Fault> {
    with_source(file).map(|(policy, _)| policy)
}

/// Returns the same with what the file holds.
///
/// # Errors
/// As [`named`].
pub fn with_source(file: &Path) -> Result<(Policy, Vec<u8>), Fault> {
    let found = on_disk(file)?;
    let source = found.source.clone();
    Ok((*ours(found)?, source))
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
    parse(Found { origin: format!("{name}:{FILE}"), source })
}

fn parse(found: Found) -> Result<Located, Fault> {
    let Ok(source) = std::str::from_utf8(&found.source) else {
        return Err(Fault::new(format!("{} is not UTF-8", found.origin)));
    };
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    match Policy::parse(source, &found.origin, &lang::notations()) {
        Ok(Some(policy)) => Ok(Located::Policy(Box::new(policy))),
        Ok(None) => Ok(Located::Foreign(found.origin)),
        Err(invalid) if invalid.lacks_key => Ok(Located::KeyLost(invalid.into())),
        Err(invalid) => Err(invalid.into()),
    }
}

/// Parses a file that must be a policy, because something names it.
fn ours(found: Found) -> Result<Box<Policy>, Fault> {
    match parse(found)? {
        Located::Policy(policy) => Ok(policy),
        Located::Foreign(origin) => Err(another_tools(&origin)),
        Located::KeyLost(fault) => Err(fault),
        Located::Nothing => Err(Fault::new("the policy is missing")),
    }
}

fn on_disk(file: &Path) -> Result<Found, Fault> {
    let origin = file.to_string_lossy().into_owned();
    match std::fs::read(file) {
        Ok(source) => Ok(Found { origin, source }),
        Err(error) => Err(Fault::new(format!("the policy {origin} cannot be read: {error}"))),
    }
}

/// Returns the policy at `path`, wherever it is looked for.
fn in_repository(repository: &Repository, place: Place<'_>, path: &str) -> Result<Option<Found>, Fault> {
    let found = |source| Found { origin: path.to_owned(), source };
    match place {
        Place::Revisions(revisions) => {
            for revision in revisions {
                if let Some(source) = on_side(&repository.side_of(revision)?, path)? {
                    return Ok(Some(Found { origin: format!("{revision}:{path}"), source }));
                }
            }
            Ok(None)
        }
        Place::Index(index) => {
            // The worktree's copy is read for a symbolic link in the index, because only the worktree can follow it.
            if !index.is_link(path.as_bytes())?
                && let Some(source) = on_side(index, path)?
            {
                return Ok(Some(found(source)));
            }
            let Some(top) = repository.top() else { return Ok(None) };
            match std::fs::read(top.join(path)) {
                Ok(source) => Ok(Some(found(source))),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(unreadable(path, &error)),
            }
        }
        Place::Worktree(index) => match worktree::read(repository, path)? {
            InWorktree::File(source) => Ok(Some(found(source))),
            InWorktree::Nothing => Ok(on_side(index, path)?.map(found)),
            InWorktree::Link => match on_side(index, path)? {
                Some(source) => Ok(Some(found(source))),
                None => Err(no_file(path)),
            },
        },
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
        let fault = Fault::new(format!("the policy {path} is over 8 MiB, or not in this clone"));
        return Err(fault.with_hint(format!("{} if this is a partial clone", git::FETCH_ALL)));
    }
    if side.is_link(bytes)? {
        return Err(no_file(path));
    }
    Ok(None)
}

fn no_file(path: &str) -> Fault {
    Fault::new(format!("the policy {path} is no regular file")).with_hint("Commit the file itself, not a link to it.")
}

fn unreadable(path: &str, error: &std::io::Error) -> Fault {
    Fault::new(format!("the policy {path} cannot be read: {error}"))
}

fn another_tools(origin: &str) -> Fault {
    let fault = Fault::new(format!("{origin} is not a policy of importgate: it lacks the key `importgate`"));
    fault.with_hint("Write `importgate = 1` at its top, or name another file.")
}

/// Returns the policy that names branches with policies of their own, if there is one.
pub fn naming_branches<'l>(located: impl IntoIterator<Item = &'l Located>) -> Option<&'l Policy> {
    let policies = located.into_iter().filter_map(|located| match located {
        Located::Policy(policy) => Some(&**policy),
        _ => None,
    });
    policies.into_iter().find(|policy| !policy.own_policy().is_empty())
}

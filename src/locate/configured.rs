//! Policies that `--policy` or git's configuration names: one, or several of which each judges on its own.

use std::path::{Path, PathBuf};

use super::{FILE, Found, KEY, Located, Place, Revisions, in_repository, named, names, on_disk, on_side, ours};
use crate::git::{self, Repository};
use crate::policy::{Policy, Rule};
use crate::report::Fault;

/// A policy, and what names it.
struct Named {
    policy: Policy,
    /// What its name is made of.
    path: PathBuf,
    /// Whether it is the repository's own.
    is_own: bool,
    /// Its path in the repository, if it was looked for there.
    at: Option<String>,
}

/// A value of git's configuration.
enum Value<'v> {
    /// A file anywhere.
    File(PathBuf),
    /// A revision, and a path there.
    AtRevision(&'v str, &'v str),
    /// A path in the repository.
    InRepository(&'v str),
}

impl<'v> Value<'v> {
    /// Git expands `~/` in paths of its configuration.
    fn of(value: &'v str) -> Self {
        let home = value.strip_prefix("~/").and_then(|rest| Some(std::env::home_dir()?.join(rest)));
        let file = home.unwrap_or_else(|| PathBuf::from(value));
        match split_revision(value) {
            _ if file.is_absolute() => Self::File(file),
            Some((revision, path)) => Self::AtRevision(revision, path),
            None => Self::InRepository(value),
        }
    }

    /// Returns what the policy's name is made of, and whether it is the repository's own.
    fn name(&self) -> (PathBuf, bool) {
        match self {
            Self::File(file) => (file.clone(), false),
            Self::AtRevision(revision, path) => (format!("{revision}/{path}").into(), *path == FILE),
            Self::InRepository(path) => (path.into(), *path == FILE),
        }
    }
}

/// Reads and parses the policies in files; a file that is named twice counts once.
///
/// # Errors
/// When one cannot be read, is invalid, or belongs to another tool.
pub(super) fn files(repository: &Repository, files: &[PathBuf]) -> Result<Vec<Located>, Fault> {
    let own = repository.top().and_then(|top| top.join(FILE).canonicalize().ok());
    let mut policies: Vec<Named> = Vec::new();
    for file in files {
        if policies.iter().any(|known| known.path == *file) {
            continue;
        }
        let is_own = own.is_some() && file.canonicalize().ok() == own;
        policies.push(Named { policy: named(file)?, path: file.clone(), is_own, at: None });
    }
    Ok(told_apart(policies).into_iter().map(|(located, _)| located).collect())
}

/// Returns the policies that git's configuration names, each with its path if that lies in the repository; a value that
/// stands twice counts once.
///
/// # Errors
/// When one is missing, cannot be read, is invalid, or belongs to another tool.
pub(super) fn policies(
    repository: &Repository,
    place: Place<'_>,
    revisions: Revisions,
) -> Result<Vec<(Located, Option<String>)>, Fault> {
    let values = repository.config_values(KEY)?;
    let mut policies: Vec<Named> = Vec::new();
    for (at, value) in values.iter().enumerate() {
        if values.iter().take(at).any(|known| known == value) {
            continue;
        }
        let missing = |why: &str| missing(value, values.len() > 1, why);
        let value = Value::of(value);
        let Some((found, at)) = found(repository, (place, revisions), &value, &missing)? else { continue };
        let (path, is_own) = value.name();
        policies.push(Named { policy: *ours(found)?, path, is_own, at });
    }
    Ok(told_apart(policies))
}

/// Reduces policies to one rule: the one of this name, or those of this id.
///
/// # Errors
/// When there is no such rule.
pub(super) fn only(located: Vec<Located>, rule: &str) -> Result<Vec<Located>, Fault> {
    let has = |located: &Located, is_meant: &dyn Fn(&Policy, &Rule) -> bool| match located {
        Located::Policy(policy) => policy.rules().iter().any(|own| is_meant(policy, own)),
        _ => false,
    };
    let by_name = |policy: &Policy, own: &Rule| policy.name_of(own).told() == rule;
    let by_id = |_: &Policy, own: &Rule| own.id == rule;
    if located.len() == 1 || !located.iter().any(|one| has(one, &by_name) || has(one, &by_id)) {
        return located.into_iter().map(|one| reduced(one, rule)).collect();
    }
    let is_named = located.iter().any(|one| has(one, &by_name));
    let meant = located.into_iter().filter(|one| if is_named { has(one, &by_name) } else { has(one, &by_id) });
    let id = rule.rsplit('/').next().unwrap_or(rule);
    meant.map(|one| reduced(one, id)).collect()
}

fn reduced(located: Located, id: &str) -> Result<Located, Fault> {
    match located {
        Located::Policy(policy) => {
            let policy = policy.only(id).map(Box::new);
            policy.map(Located::Policy).map_err(|unknown| Fault::new(unknown.to_string()))
        }
        located => Ok(located),
    }
}

/// Names several policies, so that their rules are told apart; the repository's own keeps its plain ids.
fn told_apart(mut policies: Vec<Named>) -> Vec<(Located, Option<String>)> {
    // Of the repository's own policy alone, a server knows which branches it names.
    policies.iter_mut().filter(|named| !named.is_own).for_each(|named| named.policy.name_no_branches());
    let is_one_own = policies.iter().filter(|named| named.is_own).count() == 1;
    let is_told = |named: &Named| !(named.is_own && is_one_own);
    let files: Vec<&Path> = policies.iter().filter(|named| is_told(named)).map(|named| named.path.as_path()).collect();
    let names = if policies.len() > 1 { names(&files) } else { Vec::new() };
    for (named, name) in policies.iter_mut().filter(|named| is_told(named)).zip(names) {
        named.policy.tell_as(name);
    }
    policies.into_iter().map(|Named { policy, at, .. }| (Located::Policy(Box::new(policy)), at)).collect()
}

/// Finds the policy that one value names, with its path if that lies in the repository; `None` where a branch has none.
fn found(
    repository: &Repository,
    (place, revisions): (Place<'_>, Revisions),
    value: &Value<'_>,
    missing: &dyn Fn(&str) -> Fault,
) -> Result<Option<(Found, Option<String>)>, Fault> {
    match value {
        Value::File(file) if file.exists() => Ok(Some((on_disk(file)?, None))),
        Value::File(_) => Err(missing("")),
        // A branch with a policy of its own may have none.
        Value::AtRevision(_, path) if revisions == Revisions::Replaced => {
            Ok(in_repository(repository, place, path)?.map(|found| (found, None)))
        }
        Value::AtRevision(revision, path) => {
            let files = match repository.side_of(revision) {
                Err(git::Error::NoSuchRevision { why, .. }) => return Err(missing(&why)),
                files => files?,
            };
            let source = on_side(&files, path)?.ok_or_else(|| missing(""))?;
            Ok(Some((Found { origin: format!("{revision}:{path}"), source }, None)))
        }
        Value::InRepository(path) => match in_repository(repository, place, path)? {
            None if revisions == Revisions::Replaced => Ok(None),
            found => Ok(Some((found.ok_or_else(|| missing(""))?, Some((*path).to_owned())))),
        },
    }
}

fn missing(value: &str, is_one_of_several: bool, why: &str) -> Fault {
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    let remove = match is_one_of_several {
        true => format!("git config --fixed-value --unset {KEY} '{value}'"),
        false => format!("git config --unset {KEY}"),
    };
    let fault = Fault::new(format!("the policy {value} is missing{why}"));
    fault.with_hint(format!("It is named by git config {KEY}; correct it, or remove it with: {remove}"))
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

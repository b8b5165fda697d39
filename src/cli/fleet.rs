//! `doctor --fleet`: the doctor's checks of each repository of a server, summed up.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::check::fail;
use super::setup::{Pushes, pushes};
use super::{Console, FAULT};
use crate::git::{Beneath, Repository};
use crate::hooks::{self, Check, Diagnosis, Level, Served};
use crate::listing;
use crate::report::{Fault, escape};

/// Maximum number of lines about single repositories; the rest are counted.
const MAX_SHOWN_LINES: usize = 100;
/// Maximum number of values that a sum names.
const MAX_SHOWN_VALUES: usize = 10;
/// Variables by which git names a repository, or parts of one, to what it starts: all would be taken for that.
const NAMES_ONE: [&str; 5] =
    ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"];

/// A repository of the fleet.
struct Row {
    /// Its path beneath the folder.
    name: String,
    /// The doctor's result.
    diagnosis: Diagnosis,
    /// Path of the judging hook beneath the git directory, and what it judges by; `None` if that could not be read.
    facts: Option<(Option<String>, Pushes)>,
}

/// Sums up the checks of all repositories beneath `folder`.
#[inline(never)]
pub(super) fn doctor(folder: &Path, console: &mut Console<'_>) -> u8 {
    match rows(folder) {
        Ok((shared, rows, passed_by)) => {
            let _ = write(folder, &shared, &rows, passed_by, console.out);
            let all = rows.iter().map(|row| &row.diagnosis).chain([&shared]).map(Diagnosis::status);
            // A problem is certain, whatever else cannot be told.
            all.max_by_key(|&status| [0, 2, 1].get(usize::from(status)).copied().unwrap_or(status)).unwrap_or(FAULT)
        }
        Err(fault) => fail(&fault, "", console.err),
    }
}

/// Returns the checks that all repositories share, each repository, and how many folders were passed by.
fn rows(folder: &Path) -> Result<(Diagnosis, Vec<Row>, usize), Fault> {
    if let Some(name) = NAMES_ONE.iter().find(|name| std::env::var_os(name).is_some()) {
        let fault = Fault::new(format!("{name} is set, which names one repository"));
        return Err(fault.with_hint(format!("Unset it: env -u {name} importgate doctor --fleet DIR")));
    }
    let shown = folder.display();
    let root = folder.canonicalize().map_err(|error| Fault::new(format!("{shown} cannot be read: {error}")))?;
    let beneath = Beneath::find(&root);
    if let Some((_, error)) = beneath.unread.iter().find(|(path, _)| *path == root) {
        return Err(Fault::new(format!("{shown} cannot be read: {error}")));
    }
    if beneath.git_dirs.is_empty() && beneath.unread.is_empty() {
        let fault = Fault::new(format!("no repository lies beneath {shown}"));
        return Err(fault.with_hint("Name the folder that holds them; symbolic links in it are not followed."));
    }
    let (git, shared) = hooks::fleet_checks(&root)?;
    let name = |path: &Path| {
        let beneath = path.strip_prefix(&root).unwrap_or(path);
        let beneath = if beneath.as_os_str().is_empty() { Path::new(".") } else { beneath };
        escape::text(&beneath.to_string_lossy()).into_owned()
    };
    let read = beneath.git_dirs.iter().map(|git_dir| row(name(git_dir), git_dir, &git));
    let unread = beneath.unread.iter().map(|(path, error)| untold(name(path), &format!("cannot be read: {error}")));
    let rows = read.chain(unread).collect();
    Ok((Diagnosis { checks: shared, told: true }, rows, beneath.passed_by))
}

fn row(name: String, git_dir: &Path, git: &str) -> Row {
    let repository = match Repository::open_at(git_dir) {
        Ok(repository) => repository,
        Err(error) => return untold(name, &format!("cannot be opened: {error}")),
    };
    let served = match Served::read(&repository, git) {
        Ok(served) => served,
        Err(error) => return untold(name, &error.to_string()),
    };
    let hook = served.judging_hook();
    let mut pushes = pushes(&repository, hook.as_deref());
    let mut checks = match served.checks(git_dir) {
        Ok(checks) => checks,
        Err(error) => return untold(name, &error.to_string()),
    };
    checks.append(&mut pushes.checks);
    let hook = hook.map(|hook| {
        let own = git_dir.canonicalize().ok();
        let own = own.as_deref().and_then(|own| hook.strip_prefix(own).ok());
        escape::text(&own.unwrap_or(&hook).to_string_lossy()).into_owned()
    });
    Row { name, diagnosis: Diagnosis { checks, told: true }, facts: Some((hook, pushes)) }
}

fn untold(name: String, why: &str) -> Row {
    let checks = vec![Check::unsure(escape::text(why), "")];
    Row { name, diagnosis: Diagnosis { checks, told: false }, facts: None }
}

/// Writes the sums first, then what is wrong.
fn write(folder: &Path, shared: &Diagnosis, rows: &[Row], passed_by: usize, out: &mut dyn Write) -> io::Result<()> {
    let repositories = if rows.len() == 1 { "repository" } else { "repositories" };
    writeln!(out, "{} {repositories} beneath {}", rows.len(), escape::text(&folder.display().to_string()))?;
    let states = [
        (Level::Ok, "in order"),
        (Level::Warning, "with warnings"),
        (Level::Unsure, "that nothing can be told of"),
        (Level::Problem, "not guarded"),
    ];
    for (level, state) in states {
        let count = rows.iter().filter(|row| row.diagnosis.worst() == level).count();
        if count > 0 {
            writeln!(out, "{count:8} {state}")?;
        }
    }
    writeln!(out)?;
    for (what, sum) in sums(rows) {
        writeln!(out, "{what:8} {sum}")?;
    }
    let wrong = wrong(shared, rows);
    if !wrong.is_empty() {
        writeln!(out)?;
    }
    for line in wrong.iter().take(MAX_SHOWN_LINES) {
        writeln!(out, "{line}")?;
    }
    if let Some(more) = wrong.len().checked_sub(MAX_SHOWN_LINES).filter(|&more| more > 0) {
        writeln!(out, "and {more} more")?;
    }
    for note in notes(rows, passed_by) {
        writeln!(out, "note: {note}")?;
    }
    if !wrong.is_empty() {
        writeln!(out, "\nimportgate doctor, run in one of them, says more and how to fix it.")?;
    }
    Ok(())
}

/// Counts the repositories by hook, mode, policy and log.
fn sums(rows: &[Row]) -> Vec<(&'static str, String)> {
    const UNKNOWN: &str = "unknown";
    let sum = |values: &dyn Fn(&Option<String>, &Pushes) -> Vec<String>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows {
            let values =
                row.facts.as_ref().map_or_else(|| vec![UNKNOWN.to_owned()], |(hook, pushes)| values(hook, pushes));
            for value in values {
                *counts.entry(value).or_default() += 1;
            }
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let counts: Vec<String> = counts.into_iter().map(|(value, count)| format!("{value} ({count})")).collect();
        listing::names(&counts, MAX_SHOWN_VALUES)
    };
    let none = || "none".to_owned();
    vec![
        ("hook", sum(&|hook, _| vec![hook.clone().unwrap_or_else(none)])),
        (
            "mode",
            sum(&|_, pushes| match &pushes.config {
                None => vec![UNKNOWN.to_owned()],
                Some(config) if config.is_switched => vec![format!("{} by the kill switch", config.enforce.name())],
                Some(config) => vec![config.enforce.name().to_owned()],
            }),
        ),
        (
            "policy",
            sum(&|_, pushes| match pushes.policies.is_empty() {
                true => vec![none()],
                false => pushes.policies.iter().map(|policy| escape::text(policy).into_owned()).collect(),
            }),
        ),
        (
            "log",
            sum(&|_, pushes| {
                let log = pushes.config.as_ref().map(|config| config.log.as_ref());
                vec![match log {
                    None => UNKNOWN.to_owned(),
                    Some(None) => none(),
                    Some(Some(log)) => escape::text(&log.to_string_lossy()).into_owned(),
                }]
            }),
        ),
    ]
}

/// Returns a line for each repository with something wrong: the worst of it. Problems come first.
fn wrong(shared: &Diagnosis, rows: &[Row]) -> Vec<String> {
    let of_server = shared.checks.iter().filter(|check| check.level > Level::Ok).map(|check| (check, 0, "this server"));
    let of_rows = rows.iter().filter_map(|row| {
        let wrong = || row.diagnosis.checks.iter().filter(|check| check.level > Level::Ok);
        let worst = wrong().find(|check| check.level == row.diagnosis.worst())?;
        Some((worst, wrong().count() - 1, row.name.as_str()))
    });
    let mut wrong: Vec<_> = of_server.chain(of_rows).collect();
    // Stable: repositories stay in the order of their paths.
    wrong.sort_by_key(|(check, _, _)| std::cmp::Reverse(check.level));
    let line = |(check, more, name): (&Check, usize, &str)| {
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        let found = check.found.lines().next().unwrap_or_default();
        format!("{:8} {name}: {found}{more}", check.level.word())
    };
    wrong.into_iter().map(line).collect()
}

fn notes(rows: &[Row], passed_by: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let is_nameless = |row: &&Row| {
        let config = row.facts.as_ref().and_then(|(_, pushes)| pushes.config.as_ref());
        config.is_some_and(|config| config.lacks_name)
    };
    let nameless = rows.iter().filter(is_nameless).count();
    if nameless > 0 {
        notes.push(format!(
            "{nameless} of them have a name of the host's at a push, by which [[repository]] may say otherwise"
        ));
    }
    if passed_by > 0 {
        notes.push(format!(
            "not looked into: {passed_by} symbolic links to folders, or worktrees of other repositories"
        ));
    }
    notes
}

//! Hook checks shared by clones and servers: the shell, the folder, each hook and the program it runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::diagnosis::Check;
use super::location::HooksLocation;
use super::plan::same;
use super::script::{self, FORMAT, Hook, Ours};
use super::shell::may_run;
use super::{on_path, show};

pub(super) fn shell() -> Check {
    match Command::new("/bin/sh").args(["-c", ":"]).stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Check::ok("/bin/sh runs"),
        Ok(status) => {
            Check::problem(format!("/bin/sh does not run: {status}"), "repair /bin/sh: the hooks are sh scripts")
        }
        Err(error) => Check::problem(format!("/bin/sh does not run: {error}"), "install sh: the hooks are sh scripts"),
    }
}

pub(super) fn folder(location: &HooksLocation) -> Check {
    let found = format!("git looks for hooks in {} ({})", show(&location.folder), location.because());
    if location.is_off() {
        return Check::problem(format!("{found}, which is not a folder, so hooks are disabled"), location.undo());
    }
    if location.is_shared() {
        return Check::warning(
            found,
            "a setting from outside this repository decides: whoever changes it removes the hooks",
        );
    }
    Check::ok(found)
}

/// Reports importgate's hooks in the folder that `core.hooksPath` hides from git.
pub(super) fn shadowed<'a>(
    location: &HooksLocation,
    hooks: impl Iterator<Item = &'a Hook>,
    install: &str,
) -> Option<Check> {
    let own = location.own_folder();
    if own.canonicalize().is_ok_and(|own| own == location.folder) {
        return None;
    }
    let stale: Vec<&Hook> = hooks.filter(|hook| script::is_ours(&own.join(hook.name))).collect();
    if stale.is_empty() {
        return None;
    }
    let found = format!("the hooks installed in {} are never run: {}", show(&own), location.because());
    // Nothing is missing if the hooks are also installed where git looks.
    if stale.iter().all(|hook| script::is_ours(&hook.file(&location.folder))) {
        let files: Vec<_> = stale.iter().map(|hook| show(&own.join(hook.name))).collect();
        return Some(Check::warning(found, format!("delete these leftovers: rm {}", files.join(" "))));
    }
    let undo = if location.is_shared() { String::new() } else { format!(", or {}", location.undo()) };
    Some(Check::warning(found, format!("{install}{undo}")))
}

/// Checks one hook; `install` is the command that writes it.
pub(super) fn hook_checks(hook: &Hook, folder: &Path, install: &str) -> Vec<Check> {
    let path = hook.file(folder);
    let name = hook.name;
    if fs::symlink_metadata(&path).is_err() {
        return vec![Check::problem(format!("{name}: not installed"), install)];
    }
    let bytes = match script::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => return vec![Check::problem(format!("{name}: {error}"), install)],
    };
    let runs = may_run(&path);
    let Some(ours) = script::ours(&bytes) else { return vec![foreign(hook, folder, &bytes, runs, install)] };
    if !runs {
        let found = format!("{name}: git may not execute {}", show(&path));
        return vec![Check::problem(found, format!("{install}; if that does not help, the disk is mounted noexec"))];
    }
    if ours.crlf {
        let found = format!("{name}: its lines end in CRLF, so the system looks for an interpreter called sh\\r");
        return vec![Check::problem(found, install)];
    }
    let mut checks = vec![program(name, &ours, install)];
    if path == hook.legacy(folder) {
        checks.push(caller(hook, folder, &path));
    }
    if ours.format != FORMAT {
        let found = format!("{name}: written by another version of importgate (format {})", ours.format);
        checks.push(Check::warning(found, install));
    }
    checks.extend(kept(hook, folder, &ours, install));
    checks
}

/// Checks the other tool's hook that calls importgate's.
fn caller(hook: &Hook, folder: &Path, legacy: &Path) -> Check {
    let caller = folder.join(hook.name);
    let (name, path) = (hook.name, show(&caller));
    match may_run(&caller) {
        true => Check::ok(format!("{name}: {path} is another tool's and calls {}", show(legacy))),
        false => Check::problem(format!("{name}: git may not execute {path}"), "install that tool's hooks again"),
    }
}

/// Checks the hook's program by running it: nothing else detects noexec mounts, foreign architectures or missing loaders.
fn program(name: &str, ours: &Ours, install: &str) -> Check {
    let written = ours.program.as_deref().unwrap_or(Path::new(""));
    let fix = format!("install importgate again, then run: {install}");
    if may_run(written) && written.is_file() {
        return match answers(written) {
            Ok(()) => Check::ok(format!("{name}: runs {}", show(written))),
            Err(why) => Check::problem(format!("{name}: {} does not start: {why}", show(written)), fix),
        };
    }
    let missing = format!("{name}: {} is missing", show(written));
    match on_path("importgate") {
        Some(other) => match answers(&other) {
            Ok(()) => Check::warning(
                format!("{missing}; {} is run from PATH instead", show(&other)),
                format!("{install}: other programs often have another PATH"),
            ),
            Err(why) => Check::problem(format!("{missing}; {}, from PATH, does not start: {why}", show(&other)), fix),
        },
        None => Check::problem(format!("{missing}, and PATH has no importgate: the hook rejects everything"), fix),
    }
}

/// Starts a program, once a run: the hooks of a fleet have the same one.
fn answers(program: &Path) -> Result<(), String> {
    static ANSWERS: Mutex<BTreeMap<PathBuf, Result<(), String>>> = Mutex::new(BTreeMap::new());
    let mut answers = ANSWERS.lock().unwrap_or_else(PoisonError::into_inner);
    answers.entry(program.to_owned()).or_insert_with(|| start(program)).clone()
}

fn start(program: &Path) -> Result<(), String> {
    let output = Command::new(program).arg("--help").stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(output.status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

fn kept(hook: &Hook, folder: &Path, ours: &Ours, install: &str) -> Option<Check> {
    let kept = hook.kept(folder);
    fs::symlink_metadata(&kept).ok()?;
    // The kept hook is back under its own name and calls importgate's.
    if same(&folder.join(hook.name), &kept) {
        return None;
    }
    let (name, shown) = (hook.name, show(&kept));
    if !may_run(&kept) {
        let found = format!("{name}: {shown}, the hook that was there before, is not executable and is not run");
        return Some(Check::warning(found, "chmod +x it if it should run"));
    }
    // The reader was chosen when the hook was kept.
    let script = script::read(&kept).unwrap_or_default();
    if ours.reader.as_deref() != script::reader(&script) {
        return Some(Check::warning(format!("{name}: {shown} has changed since it was kept"), install));
    }
    Some(Check::ok(format!("{name}: runs {shown} first")))
}

/// Checks a hook of another tool, which may still call importgate: hook managers rename hooks, or call programs.
fn foreign(hook: &Hook, folder: &Path, script: &[u8], runs: bool, install: &str) -> Check {
    let (name, path) = (hook.name, show(&folder.join(hook.name)));
    if !runs {
        return Check::problem(format!("{name}: {path} is not importgate's, and not executable"), install);
    }
    if String::from_utf8_lossy(script)
        .lines()
        .any(|line| !line.trim_start().starts_with('#') && line.contains("importgate"))
    {
        let found = format!("{name}: {path} is not importgate's, but mentions it");
        return Check::warning(found, "make sure that it exits with importgate's status");
    }
    Check::problem(
        format!("{name}: {path} is not importgate's"),
        format!("{install}, which keeps it and runs it first"),
    )
}

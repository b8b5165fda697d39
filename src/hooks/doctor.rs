//! Saying whether git will really run the hooks here, and what to do if not.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::diagnosis::{Check, Diagnosis};
use super::place::Place;
use super::plan::same;
use super::script::{self, FORMAT, HOOKS, Hook, Ours};
use super::{Options, on_path, server, show};

/// Looks at all that stands between `git commit` and a verdict. `policy` is what the caller knows of the policy; the
/// hooks do not know it.
#[must_use]
pub fn doctor(options: &Options, policy: Vec<Check>) -> Diagnosis {
    if server::serves(&options.dir) {
        return server::doctor(options, policy);
    }
    let place = match Place::find(&options.dir) {
        Ok(place) => place,
        Err(error) => return Diagnosis::unknown(&error),
    };
    let mut checks = vec![Check::ok(&place.git), Check::ok(repository(&place)), shell()];
    checks.push(folder(&place));
    if !place.is_off() {
        checks.extend(shadowed(&place, HOOKS.iter(), &how_to_install(&place)));
        for hook in &HOOKS {
            checks.extend(hook_checks(hook, &place.folder, &how_to_install(&place)));
        }
    }
    checks.extend(policy);
    // this repository may receive pushes as well
    checks.extend(server::checks(options));
    Diagnosis { checks, told: true }
}

fn how_to_install(place: &Place) -> String {
    if place.is_shared() {
        format!("importgate install --global, or {} and importgate install", place.go_own())
    } else {
        "importgate install".into()
    }
}

fn repository(place: &Place) -> String {
    let kind = match (place.submodule, place.linked) {
        (true, _) => "submodule",
        (false, true) => "linked worktree",
        (false, false) => "repository",
    };
    format!("{kind} {}", show(&place.top))
}

pub(super) fn shell() -> Check {
    match Command::new("/bin/sh").args(["-c", ":"]).stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Check::ok("/bin/sh runs"),
        Ok(status) => {
            Check::problem(format!("/bin/sh does not run: {status}"), "mend /bin/sh: the hooks are sh scripts")
        }
        Err(error) => Check::problem(format!("/bin/sh does not run: {error}"), "install sh: the hooks are sh scripts"),
    }
}

pub(super) fn folder(place: &Place) -> Check {
    let found = format!("git looks for hooks in {} ({})", show(&place.folder), place.because());
    if place.is_off() {
        return Check::problem(format!("{found}, which is no folder: hooks are switched off"), place.undo());
    }
    if place.is_shared() {
        return Check::warning(
            found,
            "a setting from outside this repository decides: whoever changes it removes the hooks",
        );
    }
    if place.folder.ends_with(".husky/_") {
        let fix = "husky writes this folder anew at every `npm install`: call importgate in .husky/pre-commit, \
                   .husky/pre-merge-commit and .husky/pre-push";
        return Check::warning(found, fix);
    }
    Check::ok(found)
}

/// Hooks of ours where git would look but for `core.hooksPath`.
pub(super) fn shadowed<'a>(place: &Place, hooks: impl Iterator<Item = &'a Hook>, install: &str) -> Option<Check> {
    let own = place.own_folder();
    if own.canonicalize().is_ok_and(|own| own == place.folder) {
        return None;
    }
    let stale: Vec<&Hook> = hooks.filter(|hook| script::is_ours(&own.join(hook.name))).collect();
    if stale.is_empty() {
        return None;
    }
    let found = format!("the hooks installed in {} are never run: {}", show(&own), place.because());
    // Those that git runs are installed as well: nothing is missing.
    if stale.iter().all(|hook| script::is_ours(&hook.file(&place.folder))) {
        let files: Vec<_> = stale.iter().map(|hook| show(&own.join(hook.name))).collect();
        return Some(Check::warning(found, format!("they are left over: rm {}", files.join(" "))));
    }
    let undo = if place.is_shared() { String::new() } else { format!(", or {}", place.undo()) };
    Some(Check::warning(found, format!("{install}{undo}")))
}

/// `install` is the command that writes the hook.
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

/// The other tool's hook that calls ours.
fn caller(hook: &Hook, folder: &Path, legacy: &Path) -> Check {
    let caller = folder.join(hook.name);
    let (name, path) = (hook.name, show(&caller));
    match may_run(&caller) {
        true => Check::ok(format!("{name}: {path} is another tool's and calls {}", show(legacy))),
        false => Check::problem(format!("{name}: git may not execute {path}"), "install that tool's hooks again"),
    }
}

/// What the hook will run. The program is really run: only that tells of noexec disks, other processors, lost loaders.
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
        None => Check::problem(format!("{missing}, and PATH has no importgate: the hook stops everything"), fix),
    }
}

fn answers(program: &Path) -> Result<(), String> {
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
    // it is back in its place and calls ours
    if same(&folder.join(hook.name), &kept) {
        return None;
    }
    let (name, shown) = (hook.name, show(&kept));
    if !may_run(&kept) {
        let found = format!("{name}: {shown}, the hook that was there before, is not executable and is not run");
        return Some(Check::warning(found, "chmod +x it if it should run"));
    }
    // the way to call it was chosen when it was kept
    let script = script::read(&kept).unwrap_or_default();
    if ours.reader.as_deref() != script::reader(&script) {
        return Some(Check::warning(format!("{name}: {shown} has changed since it was kept"), install));
    }
    Some(Check::ok(format!("{name}: runs {shown} first")))
}

/// A hook that is not ours may still lead to importgate: managers keep hooks under other names, or call programs.
fn foreign(hook: &Hook, folder: &Path, script: &[u8], runs: bool, install: &str) -> Check {
    let (name, path) = (hook.name, show(&folder.join(hook.name)));
    if !runs {
        return Check::problem(format!("{name}: {path} is not importgate's, and not executable"), install);
    }
    if called_by_husky(hook, folder) {
        return Check::ok(format!("{name}: called in .husky/{name}"));
    }
    if script.windows(10).any(|word| word == b"importgate") {
        let found = format!("{name}: {path} is not importgate's, but mentions it");
        return Check::warning(found, "see that it ends with importgate's exit status");
    }
    Check::problem(
        format!("{name}: {path} is not importgate's"),
        format!("{install}, which keeps it and runs it first"),
    )
}

fn called_by_husky(hook: &Hook, folder: &Path) -> bool {
    let Some(parent) = folder.parent().filter(|_| folder.ends_with(".husky/_")) else { return false };
    let calls =
        |line: &[u8]| !line.trim_ascii_start().starts_with(b"#") && line.windows(10).any(|word| word == b"importgate");
    folder.join(hook.name).exists()
        && script::read(&parent.join(hook.name)).is_ok_and(|script| script.split(|&byte| byte == b'\n').any(calls))
}

/// Asked of the shell, as git asks the system: mode bits do not tell of noexec disks, nor of other users' files.
fn may_run(path: &Path) -> bool {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "[ -f \"$1\" ] && [ -x \"$1\" ]", "sh"]).arg(path).stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

//! Data cases: each is a separate test named `FILE: NAME`. README.md in this folder says how to add one.
//!
//! `cargo test --test cases sorting` runs the cases that have the word in their names;
//! `UPDATE=1 cargo test --test cases sorting` writes what these find into their files, for `git diff` to show.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod case_file;
mod commits;
#[allow(dead_code, reason = "tests/it needs more of it")]
#[path = "../support/repo.rs"]
mod repo;
mod scanners;
#[allow(dead_code, reason = "tests/it needs more of it")]
#[path = "../support/site.rs"]
mod site;
mod trivia;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use importgate::lang::LANGUAGES;
use libtest_mimic::{Arguments, Failed, Trial};

use case_file::{Case, CaseFile, accept};

/// One file of cases is written at a time.
static WRITING: Mutex<()> = Mutex::new(());

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths = Vec::new();
    texts(&folder, &mut paths);
    let files: Result<Vec<_>, _> = paths.iter().map(|path| CaseFile::read(&folder, path)).collect();
    let files = files.unwrap_or_else(|why| panic!("{why}"));
    let names: Vec<_> = files.iter().map(|file| file.name.clone()).collect();
    let mut trials = vec![Trial::test("every language has cases", move || every_language_has_cases(&names))];
    trials.extend(trivia::trials(&files));
    for file in files {
        let path = Arc::new(file.path);
        for case in file.cases {
            let path = Arc::clone(&path);
            trials.push(Trial::test(format!("{}: {}", file.name, case.name), move || run(&path, &case)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The files of cases beneath a folder, in the order of their paths.
fn texts(folder: &Path, paths: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            texts(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "txt") {
            paths.push(path);
        }
    }
}

fn run(path: &Path, case: &Case) -> Result<(), Failed> {
    let is_commit = case.kind() == "findings";
    let (found, views) = if is_commit { commits::found(case) } else { scanners::found(case) };
    let found = found.trim_end();
    let shown = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path);
    let place = format!("{}:{}: {}", shown.display(), case.line, case.name);
    if found != case.expected() {
        if std::env::var_os("UPDATE").is_none() {
            let diff = similar::TextDiff::from_lines(case.expected(), found);
            let diff = diff
                .unified_diff()
                .context_radius(3)
                .missing_newline_hint(false)
                .header("expected", "found")
                .to_string();
            return Err(format!("{place}\n{diff}").into());
        }
        let _alone = WRITING.lock().unwrap();
        accept(path, &case.name, found)?;
        eprintln!("{place}: now expects what is found");
    }
    views.map_err(|how| format!("{place}\n{how}").into())
}

fn every_language_has_cases(names: &[String]) -> Result<(), Failed> {
    for language in LANGUAGES {
        let name = language.notation().language;
        for kind in ["rows", "commits"] {
            if !names.contains(&format!("{name}/{kind}")) {
                return Err(format!("tests/cases/{name}/{kind}.txt is missing").into());
            }
        }
    }
    Ok(())
}

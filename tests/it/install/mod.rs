//! Installing hooks, against real repositories and real git.

mod beside_managers;
mod doctor;
mod drive;
mod installer;
mod managers;
mod places;
mod run;
mod server;
mod write;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use importgate::hooks::{Options, Outcome};

/// A repository with a home of its own, and a stand-in for the binary that records how it was called.
struct Ground {
    _root: tempfile::TempDir,
    root: PathBuf,
    repo: PathBuf,
}

/// Records its arguments and stdin, and exits with the status in the file `status` beside it, or 0.
const STAND_IN: &str = r#"#!/bin/sh
here=${0%/*}
[ "$1" = --help ] && exit 0
for arg; do printf '%s\0' "$arg"; done >"$here/args"
cat >"$here/stdin"
echo importgate >>"$here/order"
[ ! -e "$here/status" ] || exit "$(cat "$here/status")"
"#;

/// The same for an earlier hook, which exits with the status in `kept-status`, or 0.
const EARLIER: &str = r#"#!/bin/sh
printf '%s\0' "$@" >"RECORD/kept-args"
cat >"RECORD/kept-stdin"
echo kept >>"RECORD/order"
[ ! -e "RECORD/kept-status" ] || exit "$(cat "RECORD/kept-status")"
"#;

impl Ground {
    fn new() -> Self {
        Self::named("repo")
    }

    /// Creates a repository in a folder of this name.
    fn named(name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let ground = Self { repo: root.join(name), root, _root: dir };
        fs::create_dir_all(ground.root.join("bin")).unwrap();
        fs::create_dir_all(ground.root.join("home")).unwrap();
        fs::create_dir_all(&ground.repo).unwrap();
        write_program(&ground.root.join("bin/importgate"), STAND_IN);
        ground.git(["init", "-q", "-b", "main"]);
        ground.git(["config", "user.name", "A Developer"]);
        ground.git(["config", "user.email", "dev@example.org"]);
        ground
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"GIT_") {
                command.env_remove(name);
            }
        }
        command.current_dir(&self.repo).stdin(Stdio::null());
        command.env("HOME", self.root.join("home")).env("GIT_CONFIG_GLOBAL", self.root.join("home/.gitconfig"));
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
        command
    }

    fn try_git<const N: usize>(&self, args: [&str; N]) -> Output {
        self.command("git").args(args).output().unwrap()
    }

    fn git<const N: usize>(&self, args: [&str; N]) -> String {
        let output = self.try_git(args);
        assert!(output.status.success(), "git {args:?}: {}", stderr(&output));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    fn options(&self) -> Options {
        Options { dir: self.repo.clone(), program: self.root.join("bin/importgate"), dry_run: false, global: false }
    }

    fn install(&self) -> Outcome {
        self.try_install(&self.options()).unwrap()
    }

    fn uninstall(&self) -> Outcome {
        self.try_uninstall(&self.options()).unwrap()
    }

    fn try_install(&self, options: &Options) -> Result<Outcome, String> {
        drive::run(&mut self.command(drive::driver()), "install", options)
    }

    fn try_uninstall(&self, options: &Options) -> Result<Outcome, String> {
        drive::run(&mut self.command(drive::driver()), "uninstall", options)
    }

    fn hook(&self, name: &str) -> PathBuf {
        self.repo.join(".git/hooks").join(name)
    }

    /// Returns a hook that records into `bin`.
    fn earlier(&self) -> String {
        EARLIER.replace("RECORD", self.root.join("bin").to_str().unwrap())
    }

    fn record(&self, name: &str) -> Vec<u8> {
        fs::read(self.root.join("bin").join(name)).unwrap_or_default()
    }

    fn set_status(&self, name: &str, status: u8) {
        fs::write(self.root.join("bin").join(name), status.to_string()).unwrap();
    }

    /// Stages a file and commits it.
    fn commit(&self, name: &str) -> Output {
        fs::write(self.repo.join(name), name).unwrap();
        self.git(["add", "-A"]);
        self.try_git(["commit", "-q", "-m", name])
    }
}

fn write_program(path: &Path, text: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Returns every file below a folder, with its type, mode and content.
fn listing(folder: &Path) -> Vec<(PathBuf, u32, Vec<u8>)> {
    let mut rows = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let meta = fs::symlink_metadata(&path).unwrap();
        if meta.is_dir() {
            rows.extend(listing(&path));
        } else if meta.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            rows.push((path, meta.permissions().mode(), target.as_os_str().as_encoded_bytes().to_vec()));
        } else {
            rows.push((path.clone(), meta.permissions().mode(), fs::read(&path).unwrap()));
        }
    }
    rows.sort();
    rows
}

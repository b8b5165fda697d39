//! Throwaway repository, made by git itself and isolated from the user's configuration.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Policy with one rule, which blocks `a.old`.
pub const POLICY: &str = "\
importgate = 1
[[rule]]
id = 'old'
language = 'python'
forbid = ['a.old']
severity = 'block'
";

/// Returns the bytes of a hexadecimal id.
pub fn id_bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// Creates a repository with [`POLICY`] committed.
pub fn gated() -> TestRepo {
    let repo = TestRepo::new();
    repo.write("policy.toml", POLICY);
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "-m", "first"]);
    repo
}

/// A repository in a temporary folder that is removed with it.
pub struct TestRepo {
    home: TempDir,
    top: PathBuf,
}

impl TestRepo {
    /// Creates an empty repository whose branch is `main`.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// Like [`TestRepo::new`], with further arguments to `git init`.
    pub fn with(args: &[&str]) -> Self {
        let home = TempDir::new().unwrap();
        let top = home.path().join("repo");
        std::fs::create_dir(&top).unwrap();
        let repo = Self { home, top };
        repo.git(&[&["init", "-q", "-b", "main"], args].concat());
        repo
    }

    /// Creates a folder that is not a repository.
    pub fn empty() -> Self {
        let home = TempDir::new().unwrap();
        let top = home.path().join("folder");
        std::fs::create_dir(&top).unwrap();
        Self { home, top }
    }

    /// Returns the command that runs the binary under test at the top.
    pub fn importgate_command(&self, args: &[&str]) -> Command {
        let mut command = self.command(assert_cmd::cargo::cargo_bin!("importgate"));
        command.args(args);
        command
    }

    /// Runs the binary at the top.
    pub fn importgate(&self, args: &[&str]) -> Output {
        self.importgate_command(args).output().unwrap()
    }

    /// Runs the binary in a folder below the top.
    pub fn importgate_in(&self, folder: &str, args: &[&str]) -> Output {
        self.importgate_command(args).current_dir(self.top.join(folder)).output().unwrap()
    }

    /// Runs the binary at the top, with variables that git sets for hooks.
    pub fn importgate_with_env(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        self.importgate_command(args).envs(variables.iter().copied()).output().unwrap()
    }

    /// Runs git at the top with `input` on stdin; it may fail.
    pub fn git_with_input(&self, args: &[&str], input: &str) -> Output {
        use std::io::Write;
        use std::process::Stdio;
        let mut command = self.command("git");
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Returns the top of the worktree.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// Returns the path of a folder beside the repository, removed with it too.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Runs git at the top, asserts success, and returns its output without the last line end.
    #[track_caller]
    pub fn git(&self, args: &[&str]) -> String {
        self.git_in(&self.top, args)
    }

    /// Like [`TestRepo::git`], in another folder.
    #[track_caller]
    pub fn git_in(&self, dir: &Path, args: &[&str]) -> String {
        let output = self.try_git_in(dir, args);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()
    }

    /// Like [`TestRepo::git`], but may fail.
    pub fn try_git(&self, args: &[&str]) -> Output {
        self.try_git_in(&self.top, args)
    }

    fn try_git_in(&self, dir: &Path, args: &[&str]) -> Output {
        self.command("git").current_dir(dir).args(args).output().unwrap()
    }

    /// Returns a command at the top that sees only the repository's configuration, and always the
    /// same clock and author.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.top);
        let inherited = |name: &[u8]| name.starts_with(b"GIT_") || name.starts_with(b"PRE_COMMIT");
        for (name, _) in std::env::vars_os().filter(|(name, _)| inherited(name.as_encoded_bytes())) {
            command.env_remove(name);
        }
        command
            .env("HOME", self.home.path())
            .env("XDG_CONFIG_HOME", self.home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            // A missing file, not /dev/null, which `git config --global` run by root replaces.
            .env("GIT_CONFIG_GLOBAL", self.home.path().join(".gitconfig"))
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C");
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "importgate tests")
                .env(format!("GIT_{who}_EMAIL"), "tests@example.org")
                .env(format!("GIT_{who}_DATE"), "1700000000 +0000");
        }
        command
    }

    /// Writes a file of the worktree, and creates the folders that it needs.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.top.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// Removes a file of the worktree.
    pub fn remove(&self, path: &str) -> &Self {
        std::fs::remove_file(self.top.join(path)).unwrap();
        self
    }

    /// Stages everything in the worktree.
    pub fn stage(&self) -> &Self {
        self.git(&["add", "-A"]);
        self
    }

    /// Commits everything in the worktree, even if nothing changed, and returns the commit's id.
    pub fn commit(&self, message: &str) -> String {
        self.stage();
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Writes an object that git itself would not write, and returns its id.
    #[track_caller]
    pub fn object(&self, kind: &str, content: &[u8]) -> String {
        let file = self.beside("object");
        std::fs::write(&file, content).unwrap();
        self.git(&["hash-object", "-w", "--literally", "-t", kind, file.to_str().unwrap()])
    }

    /// Adds entries to the index, in any of the formats of `git update-index --index-info`.
    #[track_caller]
    pub fn index(&self, lines: &str) {
        assert!(self.git_with_input(&["update-index", "--index-info"], lines).status.success());
    }

    /// Writes a tree of raw entries (mode, name, object) and returns its id.
    #[track_caller]
    pub fn tree(&self, entries: &[(&str, &[u8], &str)]) -> String {
        let mut content = Vec::new();
        for (mode, name, id) in entries {
            content.extend([mode.as_bytes(), b" ", name, b"\0"].concat());
            content.extend(id_bytes(id));
        }
        self.object("tree", &content)
    }

    /// Writes a commit of a tree, with HEAD as its parent, and returns its id.
    #[track_caller]
    pub fn commit_tree(&self, tree: &str) -> String {
        self.git(&["commit-tree", "-m", "made by hand", "-p", "HEAD", tree])
    }

    /// Installs a hook; `script` is a shell script without its first line.
    pub fn hook(&self, name: &str, script: &str) -> &Self {
        use std::os::unix::fs::PermissionsExt;
        let hooks = self.top.join(self.git(&["rev-parse", "--git-path", "hooks"]));
        std::fs::create_dir_all(&hooks).unwrap();
        let path = hooks.join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        self
    }
}

//! Server with the gate (a bare repository with the hook of `importgate install --server`), and a
//! client that pushes to it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::repo::{POLICY, TestRepo};

/// Code that [`POLICY`] forbids.
pub const BAD: &str = "from a.old import X\n";

/// A client, and the server that it pushes to.
pub struct Site {
    pub client: TestRepo,
    pub server: PathBuf,
}

/// Result of a push.
pub struct Push {
    pub is_through: bool,
    /// Output of the hook, and of git about the references.
    pub text: String,
}

impl Site {
    /// Creates a server with [`POLICY`] and old code on `main`, pushed before the gate exists.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// Like [`Site::new`], with further arguments to `git init`.
    pub fn with(args: &[&str]) -> Self {
        let site = Self::ungated(args);
        site.client.write("policy.toml", POLICY).write("old.py", BAD);
        site.client.commit("before the gate");
        site.client.git(&["push", "-q", "origin", "main"]);
        site.install();
        site
    }

    /// Creates an empty server with the gate.
    pub fn empty() -> Self {
        let site = Self::ungated(&[]);
        site.install();
        site
    }

    /// Creates an empty server without the gate.
    pub fn ungated(args: &[&str]) -> Self {
        let client = TestRepo::with(args);
        let server = client.beside("server.git");
        client.git(&[&["init", "-q", "-b", "main", "--bare", "../server.git"], args].concat());
        client.git(&["remote", "add", "origin", "../server.git"]);
        Self { client, server }
    }

    /// Installs the hook, as an admin does.
    pub fn install(&self) {
        self.install_in(&self.server);
    }

    /// Like [`Site::install`], for another folder.
    pub fn install_in(&self, dir: &Path) {
        let run = self.client.importgate_command(&["install", "--server"]).current_dir(dir).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }

    /// Writes the admin's file, and adds its first line.
    pub fn admin(&self, text: &str) -> &Self {
        let text = format!("importgate-server = 1\n{text}");
        std::fs::write(self.server.join("hooks/importgate-server.toml"), text).unwrap();
        self
    }

    /// Inserts a line of shell at the start of the hook.
    pub fn before_hook(&self, line: &str) -> &Self {
        let path = self.server.join("hooks/pre-receive");
        let script = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, script.replacen("#!/bin/sh\n", &format!("#!/bin/sh\n{line}\n"), 1)).unwrap();
        self
    }

    /// Commits a file on the client's branch.
    pub fn commit(&self, path: &str, content: impl AsRef<[u8]>) -> String {
        self.client.write(path, content).commit(path)
    }

    /// Switches the client to a new branch from `start`.
    pub fn branch(&self, name: &str, start: &str) {
        self.client.git(&["checkout", "-q", "-b", name, start]);
    }

    /// Pushes; `args` are references and options.
    pub fn push(&self, args: &[&str]) -> Push {
        self.push_with(&[], args)
    }

    /// Like [`Site::push`], with variables in the hook's environment.
    pub fn push_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Push {
        let mut command = self.command(args);
        Push::of(&command.envs(variables.iter().copied()).output().unwrap())
    }

    /// Pushes as before the gate.
    #[track_caller]
    pub fn ungated_push(&self, args: &[&str]) {
        self.on_server(&["config", "core.hooksPath", "/nowhere"]);
        self.push(args).is_silent();
        self.on_server(&["config", "--unset", "core.hooksPath"]);
    }

    /// Returns the command that pushes.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.client.command("git");
        command.args(["push", "origin"]).args(args);
        command
    }

    /// Runs git on the server.
    #[track_caller]
    pub fn on_server(&self, args: &[&str]) -> String {
        self.client.git_in(&self.server, args)
    }

    /// Returns whether the server has an object.
    pub fn has(&self, id: &str) -> bool {
        let mut command = self.client.command("git");
        command.current_dir(&self.server).args(["cat-file", "-e", id]).output().unwrap().status.success()
    }
}

impl Push {
    /// Returns the result of a run of `git push`.
    pub fn of(run: &Output) -> Self {
        let text = [run.stderr.clone(), run.stdout.clone()].concat();
        let text = String::from_utf8_lossy(&text);
        assert!(!text.contains("panicked"), "{text}");
        // Git lists every reference; the first few are enough.
        let mut references = 0;
        let lines = text.lines().filter(|line| {
            references += usize::from(line.starts_with(' '));
            !line.starts_with(' ') || references < 20
        });
        let text = lines.map(|line| line.chars().take(500).chain(['\n']).collect::<String>()).collect();
        Self { is_through: run.status.success(), text }
    }

    /// Returns the hook's output, line by line.
    pub fn lines(&self) -> Vec<&str> {
        self.text.lines().filter_map(|line| line.strip_prefix("remote: ")).map(str::trim_end).collect()
    }

    /// Returns the lines that report findings.
    pub fn findings(&self) -> Vec<&str> {
        self.lines().into_iter().filter(|line| line.contains(": [")).collect()
    }

    /// Asserts that it was accepted, and that the hook said nothing.
    #[track_caller]
    pub fn is_silent(&self) {
        assert!(self.is_through && self.lines().is_empty(), "{}", self.text);
    }

    /// Asserts that it was accepted, and that the hook said all `parts` and no error.
    #[track_caller]
    pub fn warns(&self, parts: &[&str]) {
        assert!(self.is_through && !self.lines().iter().any(|line| line.starts_with("error:")), "{}", self.text);
        self.says(parts);
    }

    /// Asserts that the hook judged and rejected it, and said all `parts`.
    #[track_caller]
    pub fn is_blocked(&self, parts: &[&str]) {
        assert!(!self.is_through && self.text.contains("pre-receive hook declined"), "{}", self.text);
        assert!(!self.text.contains("could not judge"), "{}", self.text);
        self.says(parts);
    }

    /// Asserts that it was rejected unjudged, and that the hook said all `parts` but no violation.
    #[track_caller]
    pub fn is_unjudged(&self, parts: &[&str]) {
        assert!(!self.is_through && self.text.contains("pre-receive hook declined"), "{}", self.text);
        assert!(self.text.contains("error: could not judge: ") && self.findings().is_empty(), "{}", self.text);
        assert!(!self.text.contains("blocked in"), "{}", self.text);
        self.says(parts);
    }

    #[track_caller]
    fn says(&self, parts: &[&str]) {
        let said = self.lines().join("\n");
        for part in parts {
            assert!(said.contains(part), "{part:?} is not said:\n{}", self.text);
        }
    }
}

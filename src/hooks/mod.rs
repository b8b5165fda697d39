//! Hooks of clones and servers: installing, uninstalling, and checking whether git will really run them.
//!
//! Git decides where hooks live (`core.hooksPath`, linked worktrees, submodules), so the folder is asked from git, never
//! guessed. An existing hook is kept beside importgate's and called first. Only files with importgate's marker are ever
//! rewritten or removed.

mod checks;
mod diagnosis;
mod doctor;
mod install;
mod location;
mod managers;
mod plan;
mod script;
mod server;
mod shell;
mod uninstall;

use std::io;
use std::path::{Path, PathBuf};

pub use diagnosis::{Check, Diagnosis, Level};
pub use doctor::doctor;
pub use install::install;
pub use server::{
    Served, ServerHook, fleet_checks, install as install_server, judging_hook, serves, uninstall as uninstall_server,
};
pub use shell::may_write;
pub use uninstall::uninstall;

/// Options of installation and removal.
#[derive(Clone, Debug)]
pub struct Options {
    /// A folder of the repository.
    pub dir: PathBuf,
    /// The absolute path of the binary that the hooks run; see [`program`].
    pub program: PathBuf,
    /// Whether to only report what would be done.
    pub dry_run: bool,
    /// Whether to use a hooks folder that other repositories share.
    pub global: bool,
}

/// Changes made, or that a dry run would make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// One line for each file, in order: an action and a path.
    pub lines: Vec<String>,
    /// Remarks for the user.
    pub notes: Vec<String>,
    /// Whether any file was changed, or would be.
    pub changed: bool,
}

impl Outcome {
    /// Prints the lines and the notes.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        for line in &self.lines {
            writeln!(out, "{line}")?;
        }
        for note in &self.notes {
            writeln!(out, "note: {note}")?;
        }
        Ok(())
    }
}

/// Reason why nothing was installed or removed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Git could not be run.
    #[error("cannot run git: {0}. Install git, or put it on PATH")]
    NoGit(io::Error),
    /// Git is older than 2.31, the first with `rev-parse --path-format=absolute`.
    #[error("{0} is too old: importgate needs git 2.31 or later")]
    OldGit(String),
    /// Git failed, with this message.
    #[error("{0}")]
    Git(String),
    /// A bare repository, in which no commits are made.
    #[error(
        "{0} is a bare repository: no commits are made in it, so these hooks would never run. \
         For what is pushed to it: importgate install --server"
    )]
    Bare(String),
    /// The folder is outside a worktree, such as inside `.git`.
    #[error("{0} is not in a worktree. Run this in the folder that holds the files")]
    NoWorktree(String),
    /// `core.hooksPath` is empty, `/dev/null` or another file.
    #[error(
        "git looks for hooks in '{folder}', which is not a folder ({setting}), so hooks are disabled. To undo that: {undo}"
    )]
    Off {
        /// Folder where git looks.
        folder: String,
        /// The setting that decides, and its source.
        setting: String,
        /// The command that unsets it.
        undo: String,
    },
    /// Other repositories run the hooks of this folder too.
    #[error(
        "{folder} is shared ({setting}): hooks there run in other repositories too. To install there all the same, \
         add --global. To give this repository hooks of its own: {own}"
    )]
    Shared {
        /// Folder where git looks.
        folder: String,
        /// The setting that decides, and its source.
        setting: String,
        /// The command that sets the repository's own folder.
        own: String,
    },
    /// Existing files that can be neither kept nor replaced, a sentence each.
    #[error("nothing was changed.\n{}", .0.join("\n"))]
    InTheWay(Vec<String>),
    /// The path of the binary is not absolute, or no executable file is there.
    #[error("{0} is not an absolute path of a program: the hooks would have nothing to run")]
    Program(String),
    /// A file could not be read or written.
    #[error("cannot {doing} {path}: {source}")]
    Io {
        /// The verb of the message, such as "read".
        doing: &'static str,
        /// The path, with control characters escaped.
        path: String,
        /// Error from the system.
        source: io::Error,
    },
}

impl Error {
    fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = show(path);
        move |source| Self::Io { doing, path, source }
    }
}

/// Returns the running binary, by its name on `PATH` if that name leads to it: package managers
/// swap versions behind that name, and the hooks go on working.
///
/// # Errors
/// If the system does not say what is running.
pub fn program() -> io::Result<PathBuf> {
    let running = std::env::current_exe()?.canonicalize()?;
    let named = on_path("importgate").filter(|named| named.canonicalize().is_ok_and(|real| real == running));
    Ok(named.unwrap_or(running))
}

/// Returns the first program of this name in the absolute folders of `PATH`; relative ones change
/// meaning with the working directory.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && is_executable(&meta))
}

fn is_executable(meta: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o111 != 0
}

/// Returns a path for display, with control and invisible characters escaped.
fn show(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().flat_map(|c| if hidden(c) { c.escape_default().collect() } else { vec![c] }).collect()
}

//! Hooks folder of a repository, as reported by git.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::script::quote;
use super::{Error, show, visible};
use crate::git::{self, PathSetting, Repository};

/// Folder where git looks for hooks, and the reason.
#[derive(Clone, Debug)]
pub(super) struct HooksLocation {
    /// The version line of git.
    pub(super) git: String,
    /// Whether the repository has no worktree.
    pub(super) bare: bool,
    /// Top of the worktree; outside of one, the git folder.
    pub(super) top: PathBuf,
    /// The git folder that all worktrees share.
    pub(super) common: PathBuf,
    /// Whether this is a linked worktree.
    pub(super) linked: bool,
    /// Whether this is a submodule.
    pub(super) submodule: bool,
    /// Folder where git looks for hooks.
    pub(super) folder: PathBuf,
    /// `core.hooksPath`, if set.
    pub(super) setting: Option<Setting>,
    /// Settings that were read along with it; `None` where git is asked for them.
    pub(super) known: Option<Known>,
}

/// Settings of a repository that was read without git.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// `importgate.server` of the repository's or the system's file.
    pub(super) server: Option<PathBuf>,
    /// Whether push options are accepted.
    pub(super) takes_push_options: bool,
}

/// A value of `core.hooksPath` and its scope.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// Git's name of the scope: system, global, local, worktree or command.
    pub(super) scope: String,
    origin: String,
    value: PathBuf,
}

impl HooksLocation {
    /// Finds the location for a worktree.
    pub(super) fn find(dir: &Path) -> Result<Self, Error> {
        let location = Self::of_repository(dir)?;
        if location.bare {
            return Err(Error::Bare(show(dir)));
        }
        if location.top == location.common {
            return Err(Error::NoWorktree(show(dir)));
        }
        Ok(location)
    }

    /// Finds the location for any repository. Git inherits the environment: variables that affect it here would also affect
    /// it at a commit.
    pub(super) fn of_repository(dir: &Path) -> Result<Self, Error> {
        let git = version(dir)?;
        let ask = |args: &[&str]| {
            let mut all = vec!["rev-parse", "--path-format=absolute"];
            all.extend(args);
            run(dir, &all)
        };
        let bare = ask(&["--is-bare-repository"])?.as_bytes() == b"true";
        let inside = ask(&["--is-inside-work-tree"])?.as_bytes() == b"true";
        let common = PathBuf::from(ask(&["--git-common-dir"])?);
        let top = if inside { PathBuf::from(ask(&["--show-toplevel"])?) } else { common.clone() };
        let linked = ask(&["--git-dir"])? != common;
        let submodule = !ask(&["--show-superproject-working-tree"])?.is_empty();
        let setting = setting(dir)?;
        // An empty setting makes git look for `/pre-commit`, and rev-parse fail.
        let empty = setting.as_ref().is_some_and(|setting| setting.value.as_os_str().is_empty());
        let folder = if empty { PathBuf::new() } else { PathBuf::from(ask(&["--git-path", "hooks"])?) };
        Ok(Self { git, bare, top, common, linked, submodule, folder, setting, known: None })
    }

    /// Reads the location for pushes without starting git, of which a fleet would need thousands. `git` is its version line.
    pub(super) fn read(repository: &Repository, git: &str) -> Result<Self, Error> {
        let broken = |error: git::Error| Error::Git(visible(&error.to_string()));
        let common = real(repository.common_dir());
        let top = repository.top().map_or_else(|| common.clone(), real);
        let setting = repository.path_setting("core", "hooksPath").map_err(broken)?;
        let setting = setting.map(|PathSetting { scope, origin, value }| {
            // Git names files of the repository as seen from there.
            let own = Path::new(&origin).strip_prefix(repository.git_dir()).ok();
            let origin = own.map_or_else(|| origin.clone(), |own| own.to_string_lossy().into_owned());
            Setting { scope: scope.to_owned(), origin, value }
        });
        let folder = match &setting {
            None => real(&common.join("hooks")),
            // An empty setting makes git look for `/pre-receive`.
            Some(setting) if setting.value.as_os_str().is_empty() => PathBuf::new(),
            // Git receives pushes in the git directory.
            Some(setting) => real(&repository.git_dir().join(&setting.value)),
        };
        let server = repository.config_file_value("importgate.server").map_err(broken)?.map(PathBuf::from);
        let takes_push_options = repository.is_on("receive.advertisePushOptions");
        Ok(Self {
            git: git.to_owned(),
            bare: repository.top().is_none(),
            top,
            linked: real(repository.git_dir()) != common,
            common,
            submodule: false,
            folder,
            setting,
            known: Some(Known { server, takes_push_options }),
        })
    }

    /// Returns the folder where git looks if nothing is configured.
    pub(super) fn own_folder(&self) -> PathBuf {
        self.common.join("hooks")
    }

    /// Returns whether the setting disables hooks.
    pub(super) fn is_off(&self) -> bool {
        self.folder.as_os_str().is_empty() || std::fs::metadata(&self.folder).is_ok_and(|meta| !meta.is_dir())
    }

    /// Returns whether other repositories run the same hooks: the setting or the folder is not this repository's own.
    pub(super) fn is_shared(&self) -> bool {
        let configured = self.setting.as_ref().is_some_and(|setting| !matches!(&*setting.scope, "local" | "worktree"));
        configured || !(self.folder.starts_with(&self.top) || self.folder.starts_with(&self.common))
    }

    /// Returns the source of the setting, for messages.
    pub(super) fn because(&self) -> String {
        match &self.setting {
            Some(setting) => setting.describe(),
            None if self.folder == self.own_folder() => "git's default".into(),
            None => format!("{} is a link", show(&self.own_folder())),
        }
    }

    /// Returns the folder if this repository may install there.
    pub(super) fn writable(&self, global: bool) -> Result<&Path, Error> {
        let folder = show(&self.folder);
        if self.is_off() {
            return Err(Error::Off { folder, setting: self.because(), undo: self.undo() });
        }
        if self.is_shared() && !global {
            return Err(Error::Shared { folder, setting: self.because(), own: self.go_own() });
        }
        Ok(&self.folder)
    }

    /// Returns the command that unsets `core.hooksPath`.
    pub(super) fn undo(&self) -> String {
        match self.setting.as_ref().map_or("local", |setting| &*setting.scope) {
            "command" => "remove core.hooksPath from the environment".into(),
            scope => format!("git config --{scope} --unset core.hooksPath"),
        }
    }

    /// Returns the command that gives this repository its own hooks folder, overriding the global setting.
    pub(super) fn go_own(&self) -> String {
        let own = quote(self.own_folder().as_os_str().as_bytes());
        format!("git config core.hooksPath {}", visible(&String::from_utf8_lossy(&own)))
    }
}

impl Setting {
    fn describe(&self) -> String {
        let file = match &*self.scope {
            "command" => "the environment, for this command".to_owned(),
            scope => format!("{}, {scope}", visible(self.origin.strip_prefix("file:").unwrap_or(&self.origin))),
        };
        format!("core.hooksPath = {:?} in {file}", self.value)
    }
}

/// Returns the path without links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing = Vec::new();
    for part in path.ancestors() {
        if let Ok(real) = part.canonicalize() {
            return missing.iter().rev().fold(real, |path, name| path.join(name));
        }
        missing.extend(part.file_name());
    }
    path
}

pub(super) fn version(dir: &Path) -> Result<String, Error> {
    let said = run(dir, &["--version"])?.to_string_lossy().into_owned();
    let numbers = said.strip_prefix("git version ").unwrap_or(&said);
    let mut parts = numbers.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let number = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if number < (2, 31) {
        return Err(Error::OldGit(visible(&said)));
    }
    Ok(format!("git {}", visible(numbers)))
}

fn setting(dir: &Path) -> Result<Option<Setting>, Error> {
    let Some(said) = configured(dir, &["--show-scope", "--show-origin", "-z", "--type=path"], "core.hooksPath")? else {
        return Ok(None);
    };
    let mut fields = said.split(|&byte| byte == 0);
    let mut next = || fields.next().unwrap_or_default();
    let scope = String::from_utf8_lossy(next()).into_owned();
    let origin = String::from_utf8_lossy(next()).into_owned();
    let value = PathBuf::from(OsStr::from_bytes(next()));
    Ok(Some(Setting { scope, origin, value }))
}

/// Returns the output of `git config` for a key, if it is set.
pub(super) fn configured(dir: &Path, how: &[&str], key: &str) -> Result<Option<Vec<u8>>, Error> {
    let args = [&["config"], how, &["--get", key]].concat();
    let output = command(dir, &args).output().map_err(Error::NoGit)?;
    match output.status.code() {
        Some(0) => Ok(Some(output.stdout)),
        // Exit status of `git config` for a key that is not set.
        Some(1) => Ok(None),
        _ => Err(complaint(&output.stderr)),
    }
}

/// Returns git's output without the final line end; paths may contain others.
fn run(dir: &Path, args: &[&str]) -> Result<OsString, Error> {
    let output = command(dir, args).output().map_err(Error::NoGit)?;
    if !output.status.success() {
        return Err(complaint(&output.stderr));
    }
    let mut bytes = output.stdout;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    Ok(OsString::from_vec(bytes))
}

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(dir).args(args).stdin(Stdio::null());
    command
}

fn complaint(stderr: &[u8]) -> Error {
    let said = String::from_utf8_lossy(stderr);
    let mut lines: Vec<String> = said.trim_end().lines().map(visible).collect();
    if said.contains("dubious ownership") {
        // Git's own advice would make every user's git trust the folder.
        lines.truncate(1);
        lines.push("Run importgate as the user who owns the repository: sudo -u OWNER importgate ...".into());
    }
    Error::Git(format!("git says: {}", lines.join("\n")))
}

//! A configuration file: its settings, and which repositories they are for.

use std::path::{Path, PathBuf};

use super::{Config, Enforce, Settings, parse};
use crate::globs::{GlobId, Globs, PathGlobs};
use crate::server::host::{Environment, Host};
use crate::toml_file::Invalid;

/// A parsed configuration file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Folder that relative paths in it are resolved against.
    pub(super) folder: PathBuf,
    /// Its name in messages.
    pub(super) origin: String,
    pub(super) base: Settings,
    pub(super) repositories: Vec<Override>,
    pub(super) globs: Globs,
    /// What all repositories are turned to, whatever else is said.
    pub(super) all_repositories: Option<Enforce>,
    /// The host in front, whose name for a repository counts.
    pub(super) host: Option<Host>,
}

/// Overrides for repositories at some paths.
#[derive(Clone, Debug)]
pub(super) struct Override {
    /// Globs of absolute paths, matched against the whole path.
    pub(super) whole: Vec<GlobId>,
    /// Globs matched against the path and each suffix of it that begins after a `/`.
    pub(super) ends: Vec<GlobId>,
    pub(super) settings: Settings,
}

impl File {
    /// Parses a configuration file. `origin` names it in messages; relative paths in it are resolved against `folder`.
    ///
    /// # Errors
    /// All errors of the file, in file order, including a missing key `importgate-server`.
    pub fn parse(source: &str, origin: &str, folder: &Path) -> Result<Self, Invalid> {
        parse::file(source, origin, folder)
    }

    /// Returns the configuration for the repository at the absolute path `path`: the top of the file, overridden key by key
    /// by each matching `[[repository]]` in file order. A `.git` at the end of the path is ignored.
    #[must_use]
    pub fn for_repository(&self, path: &Path) -> Config {
        self.on_host(path, &|_| None)
    }

    /// Returns the same for a repository that `host` may also know by a name of its own, from the hook's `environment`.
    #[must_use]
    pub fn on_host(&self, path: &Path, environment: Environment<'_>) -> Config {
        let name = self.host.and_then(|host| host.repository(environment));
        let mut config = Config { host: self.host, ..Config::default() };
        config.set(&self.base, self);
        let path = repository_path(path);
        let means = |own: &&Override| {
            own.means(&self.globs, &path) || name.as_ref().is_some_and(|name| own.names(&self.globs, name.as_bytes()))
        };
        let mut has_owners = false;
        for own in self.repositories.iter().filter(means) {
            config.set(&own.settings, self);
            has_owners |= own.settings.policy_owners.is_some();
        }
        let lacks_name = self.host.is_some() && name.is_none() && !self.repositories.is_empty();
        let lacks_protection = has_owners && !config.protect_policy;
        Config { name, lacks_name, lacks_protection, ..config }.switched(self.all_repositories)
    }

    /// Returns what the file turns all repositories to. Counts even if other keys of the file are wrong: that may be what
    /// the switch is pulled for. `None` if it is not written, or the file is not one of importgate's.
    #[must_use]
    pub fn switch(source: &str) -> Option<Enforce> {
        parse::switch(source)
    }
}

impl Override {
    /// Returns whether a host's name is meant: as a whole, because users choose what their own repositories are called.
    fn names(&self, globs: &Globs, name: &[u8]) -> bool {
        PathGlobs::new(globs, name).any(&self.ends)
    }

    fn means(&self, globs: &Globs, path: &[u8]) -> bool {
        if PathGlobs::new(globs, path).any(&self.whole) {
            return true;
        }
        let behind = path.iter().enumerate().filter(|&(_, &byte)| byte == b'/').map(|(at, _)| at + 1);
        let mut starts = std::iter::once(0).chain(behind);
        starts.any(|start| PathGlobs::new(globs, &path[start..]).any(&self.ends))
    }
}

/// Returns the path in the form that globs match: the repository's usual name, without the leading `/`.
fn repository_path(path: &Path) -> Vec<u8> {
    let mut path = path.as_os_str().as_encoded_bytes();
    while let Some(rest) = path.strip_suffix(b"/") {
        path = rest;
    }
    // The folder `.git` of a worktree, or the suffix of a bare repository.
    path = path.strip_suffix(b"/.git").or_else(|| path.strip_suffix(b".git")).unwrap_or(path);
    path.strip_prefix(b"/").unwrap_or(path).to_vec()
}

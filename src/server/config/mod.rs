//! The admin's file: what judges a push to a server, how strictly, and within which limits.
//!
//! Every key is in `docs/server-config.md`. What the file does not say is as in [`Config::default`]; without a file all
//! of it is: the policy of the repository, enforced.

mod keys;
mod parse;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::globs::{GlobId, Globs, PathGlobs};
use crate::toml_file::Invalid;

/// What the admin decided for one repository.
#[derive(Clone, Debug)]
pub struct Config {
    /// The policies; each judges alone, and the strictest verdict wins. Never empty.
    pub policies: Vec<PolicySource>,
    /// What a finding that blocks does.
    pub enforce: Enforce,
    /// References that are not judged, nor count as being there already.
    pub refs_not_judged: RefGlobs,
    /// The same as `enforce`, for a push into a repository without references; never stricter than `enforce`.
    pub first_import: Enforce,
    /// Whether a push that weakens the policy is blocked for that alone.
    pub protect_policy: bool,
    /// What becomes of a push that cannot be judged.
    pub cannot_judge: CannotJudge,
    /// How long judging may take; more than nothing, at most an hour.
    pub deadline: Duration,
    /// How many new commits are judged one by one; at least 1. Of more, the tips alone are.
    pub commit_limit: usize,
    /// Users who may push what is blocked, by a push option.
    pub break_glass: Vec<String>,
    /// Where each push is logged; `None` for nowhere.
    pub log: Option<PathBuf>,
}

/// Where a policy comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// A file on the server; absolute where the folder of the admin's file is.
    File(PathBuf),
    /// The repository itself: the tip of its default branch before the push.
    Repository,
}

/// What a finding that blocks does to a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Enforce {
    /// Nothing: pushes are not judged.
    Off,
    /// It is told, and the push passes.
    Report,
    /// It is told, and the push is rejected.
    Block,
}

/// What becomes of a push that cannot be judged: a broken policy, the deadline, a missing object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotJudge {
    /// That is told, and the push passes.
    Report,
    /// That is told, and the push is rejected.
    Block,
}

/// Globs of the full names of references. `*` does not cross `/`, `**` does; a name means everything beneath it.
#[derive(Clone, Debug, Default)]
pub struct RefGlobs {
    globs: Globs,
    ids: Vec<GlobId>,
    /// What all that each glob means begins with, as there may be very many references.
    starts: Vec<String>,
}

/// The admin's file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The folder from which its relative paths count.
    folder: PathBuf,
    base: Settings,
    repositories: Vec<Override>,
    globs: Globs,
}

/// What the repositories of some paths have of their own.
#[derive(Clone, Debug)]
struct Override {
    /// Of absolute paths: tried against the whole path.
    whole: Vec<GlobId>,
    /// Tried against the path and each end of it that begins behind a `/`.
    ends: Vec<GlobId>,
    settings: Settings,
}

/// A table of the file: what it does not say is `None`.
#[derive(Clone, Debug, Default)]
struct Settings {
    policies: Option<Vec<PolicySource>>,
    enforce: Option<Enforce>,
    refs_not_judged: Option<RefGlobs>,
    first_import: Option<Enforce>,
    protect_policy: Option<bool>,
    cannot_judge: Option<CannotJudge>,
    deadline: Option<Duration>,
    commit_limit: Option<usize>,
    break_glass: Option<Vec<String>>,
    log: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            policies: vec![PolicySource::Repository],
            enforce: Enforce::Block,
            // Forges put there what was never pushed, or not through a hook.
            refs_not_judged: RefGlobs::of(&["refs/pull/**"]),
            first_import: Enforce::Report,
            protect_policy: false,
            cannot_judge: CannotJudge::Block,
            deadline: Duration::from_secs(4),
            commit_limit: 20_000,
            break_glass: Vec::new(),
            log: None,
        }
    }
}

impl Config {
    /// Whether a push to the reference of this full name is judged, and what it leads to counts as being there already.
    #[must_use]
    pub fn judges(&self, ref_name: impl AsRef<[u8]>) -> bool {
        !self.refs_not_judged.matches(ref_name.as_ref())
    }

    fn set(&mut self, settings: &Settings, folder: &Path) {
        fn put<T: Clone>(place: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                place.clone_from(value);
            }
        }
        put(&mut self.enforce, settings.enforce.as_ref());
        put(&mut self.refs_not_judged, settings.refs_not_judged.as_ref());
        put(&mut self.first_import, settings.first_import.as_ref());
        put(&mut self.protect_policy, settings.protect_policy.as_ref());
        put(&mut self.cannot_judge, settings.cannot_judge.as_ref());
        put(&mut self.deadline, settings.deadline.as_ref());
        put(&mut self.commit_limit, settings.commit_limit.as_ref());
        put(&mut self.break_glass, settings.break_glass.as_ref());
        if let Some(policies) = &settings.policies {
            let in_folder = |policy: &PolicySource| match policy {
                PolicySource::File(path) => PolicySource::File(folder.join(path)),
                PolicySource::Repository => PolicySource::Repository,
            };
            self.policies = policies.iter().map(in_folder).collect();
        }
        if let Some(log) = &settings.log {
            self.log = Some(folder.join(log));
        }
    }
}

impl File {
    /// Reads the admin's file. `origin` is what messages call it; relative paths in it count from `folder`.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file; that it lacks the key `importgate-server`, too.
    pub fn parse(source: &str, origin: &str, folder: &Path) -> Result<Self, Invalid> {
        parse::file(source, origin, folder)
    }

    /// What the file says for the repository at `path`, an absolute path: the top of the file, then each `[[repository]]`
    /// that matches, where a later one wins key by key. A `.git` at the path's end is left out.
    #[must_use]
    pub fn for_repository(&self, path: &Path) -> Config {
        let mut config = Config::default();
        config.set(&self.base, &self.folder);
        let path = repository_path(path);
        for own in self.repositories.iter().filter(|own| own.means(&self.globs, &path)) {
            config.set(&own.settings, &self.folder);
        }
        config.first_import = config.first_import.min(config.enforce);
        config
    }
}

impl Override {
    fn means(&self, globs: &Globs, path: &[u8]) -> bool {
        if PathGlobs::new(globs, path).any(&self.whole) {
            return true;
        }
        let behind = path.iter().enumerate().filter(|&(_, &byte)| byte == b'/').map(|(at, _)| at + 1);
        let mut starts = std::iter::once(0).chain(behind);
        starts.any(|start| PathGlobs::new(globs, &path[start..]).any(&self.ends))
    }
}

/// The path as globs see it: as people name the repository, and without the first `/`.
fn repository_path(path: &Path) -> Vec<u8> {
    let mut path = path.as_os_str().as_encoded_bytes();
    while let Some(rest) = path.strip_suffix(b"/") {
        path = rest;
    }
    // The folder `.git` of a worktree, or the suffix that hosts give to a bare repository.
    path = path.strip_suffix(b"/.git").or_else(|| path.strip_suffix(b".git")).unwrap_or(path);
    path.strip_prefix(b"/").unwrap_or(path).to_vec()
}

impl RefGlobs {
    /// Of globs that are known to be sound; others are left out.
    fn of(globs: &[&str]) -> Self {
        let mut own = Self::default();
        for glob in globs {
            if let Ok(id) = own.globs.add(glob) {
                own.add(id);
            }
        }
        own
    }

    fn add(&mut self, id: GlobId) {
        let text = self.globs.text(id);
        let end = text.find(['*', '?', '[', ']', '{', '}', '\\']).unwrap_or(text.len());
        self.starts.push(text[..end].to_owned());
        self.ids.push(id);
    }

    /// Whether one of the globs means the reference of this full name.
    #[must_use]
    pub fn matches(&self, ref_name: &[u8]) -> bool {
        let begins = self.starts.iter().any(|start| ref_name.starts_with(start.as_bytes()));
        begins && PathGlobs::new(&self.globs, ref_name).any(&self.ids)
    }
}

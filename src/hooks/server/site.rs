//! Hooks folder on a server: a repository's own, or one of a host's.

use std::path::{Path, PathBuf};

use super::super::Error;
use super::super::location::HooksLocation;
use super::super::script::{self, Hook, PRE_RECEIVE, UPDATE};

/// Both hooks that judge pushes.
pub(super) const HOOKS: [&Hook; 2] = [&PRE_RECEIVE, &UPDATE];

/// Location of a server hook, and the program that runs it.
pub(super) struct Site {
    /// The hook, with its name at this location.
    pub(super) hook: Hook,
    /// The folder of its file.
    pub(super) folder: PathBuf,
    /// The program that runs it.
    pub(super) host: Host,
}

/// Program that runs a hook.
#[derive(Debug)]
pub(super) enum Host {
    /// Git, in this repository.
    Git(Box<HooksLocation>),
    /// Git, in every repository into which gitolite links the hooks of this folder.
    Gitolite,
    /// A program that runs every executable of the folder: GitLab, Gitea, Forgejo, or a custom hook.
    Several(Option<Box<HooksLocation>>),
}

impl Site {
    /// Finds the location of `hook` if it is installed from `dir`.
    pub(super) fn find(dir: &Path, hook: &'static Hook) -> Result<Self, Error> {
        if let Some(site) = Self::named(dir, hook) {
            return Ok(site);
        }
        Ok(Self::of(HooksLocation::of_repository(dir)?, hook))
    }

    /// Returns the location of `hook` in a repository.
    pub(super) fn of(location: HooksLocation, hook: &'static Hook) -> Self {
        let location = Box::new(location);
        match several(&location, hook) {
            Some(folder) => Self { hook: hook.part(), folder, host: Host::Several(Some(location)) },
            None => Self { hook: *hook, folder: location.folder.clone(), host: Host::Git(location) },
        }
    }

    /// Recognises by their names the folders that a host runs and git does not know.
    fn named(dir: &Path, hook: &'static Hook) -> Option<Self> {
        let dir = dir.canonicalize().ok()?;
        let name = dir.file_name()?.to_str()?;
        let part = |hook: &Hook, folder| Self { hook: hook.part(), folder, host: Host::Several(None) };
        if name.strip_suffix(".d").is_some_and(|of| HOOKS.iter().any(|hook| hook.name == of)) {
            let hook = if name.starts_with(UPDATE.name) { &UPDATE } else { &PRE_RECEIVE };
            return Some(part(hook, dir));
        }
        if name == "custom_hooks" {
            return Some(part(hook, dir.join(format!("{}.d", hook.name))));
        }
        let gitolite = dir.ends_with("hooks/common");
        gitolite.then_some(Self { hook: *hook, folder: dir, host: Host::Gitolite })
    }

    /// Returns the hook's target, if it is a symlink to a file of importgate's: gitolite links its
    /// common hooks.
    pub(super) fn linked(&self) -> Option<PathBuf> {
        let path = self.folder.join(self.hook.name);
        let target = path.canonicalize().ok()?;
        (path.is_symlink() && script::is_ours(&target)).then_some(target)
    }

    /// Returns the repository, if there is one.
    pub(super) fn location(&self) -> Option<&HooksLocation> {
        match &self.host {
            Host::Git(location) => Some(location),
            Host::Several(location) => location.as_deref(),
            Host::Gitolite => None,
        }
    }
}

/// Returns whether `dir` is for pushes: a bare repository, or a folder of hooks that a host runs.
#[must_use]
pub fn serves(dir: &Path) -> bool {
    Site::named(dir, &PRE_RECEIVE).is_some() || HooksLocation::of_repository(dir).is_ok_and(|location| location.bare)
}

/// Returns every hook and folder that may hold a file of importgate's.
pub(super) fn all(dir: &Path) -> Result<Vec<(Hook, PathBuf)>, Error> {
    let mut all = Vec::new();
    for hook in HOOKS {
        if let Some(site) = Site::named(dir, hook) {
            all.push((site.hook, site.folder));
            continue;
        }
        let location = HooksLocation::of_repository(dir)?;
        let part = format!("{}.d", hook.name);
        let own = Some(location.own_folder()).filter(|own| *own != location.folder);
        for folder in [Some(location.folder.clone()), own].into_iter().flatten() {
            all.push((hook.part(), folder.join(&part)));
            all.push((*hook, folder));
        }
        all.push((hook.part(), location.common.join("custom_hooks").join(part)));
    }
    Ok(all)
}

/// Returns the folder of several hooks, if a program runs it: a folder alone does nothing.
fn several(location: &HooksLocation, hook: &Hook) -> Option<PathBuf> {
    let part = format!("{}.d", hook.name);
    let custom = location.common.join("custom_hooks");
    if custom.is_dir() {
        return Some(custom.join(part));
    }
    let folder = location.folder.join(part);
    (folder.is_dir() && dispatches(&location.folder.join(hook.name))).then_some(folder)
}

/// Returns whether a hook is another tool's that runs a folder of hooks, judging by its text.
fn dispatches(path: &Path) -> bool {
    let text = script::read(path).unwrap_or_default();
    script::ours(&text).is_none() && text.windows(3).any(|word| word == b".d/" || word == b".d\"")
}

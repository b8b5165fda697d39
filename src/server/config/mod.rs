//! Server configuration: which policies judge a push, how strictly, and within which limits.
//!
//! `docs/server-config.md` describes every key. Missing keys, or a missing file, mean [`Config::default`]: the
//! repository's own policy, enforced.

mod keys;
mod parse;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::globs::{GlobId, Globs, PathGlobs};
use crate::report::Cause;
use crate::server::host::{Environment, Host};
use crate::toml_file::Invalid;

/// Configuration for one repository.
#[derive(Clone, Debug)]
pub struct Config {
    /// The policies; each judges on its own, and the strictest verdict wins. Never empty.
    pub policies: Vec<PolicySource>,
    /// Files of policies that are judged for the log alone.
    pub shadow: Vec<PathBuf>,
    /// Effect of a finding that blocks.
    pub enforce: Enforce,
    /// References whose commits count as existing, unless they are not judged: a host writes others without asking the
    /// hook.
    pub trusted_refs: RefGlobs,
    /// References that are not judged, and whose commits do not count as existing.
    pub refs_not_judged: RefGlobs,
    /// What counts as existing of a repository that this one borrows objects from.
    pub lender: Lender,
    /// `enforce` for a push into a repository without references; never stricter than `enforce`.
    pub first_push: Enforce,
    /// Whether a push that weakens the policy is blocked for that alone.
    pub protect_policy: bool,
    /// Users who may weaken the policy even so.
    pub policy_owners: Vec<String>,
    /// Treatment of a push that cannot be judged.
    pub cannot_judge: CannotJudge,
    /// Whom a pusher may ask, in place of "the server's admin".
    pub contact: String,
    /// Whether an admin has turned all repositories to what `enforce` says.
    pub is_switched: bool,
    /// Maximum duration of judging; above zero, at most an hour.
    pub deadline: Duration,
    /// Maximum number of new commits judged one by one, at least 1. Above it, only the tips are judged.
    pub commit_limit: usize,
    /// Users who may push what is blocked, with a push option.
    pub break_glass: Vec<String>,
    /// Log file for pushes; `None` for no log.
    pub log: Option<PathBuf>,
    /// Whether the log has hashes in place of users' names.
    pub hash_users: bool,
    /// The host in front, if the file says which.
    pub host: Option<Host>,
    /// That host's name for the repository.
    pub name: Option<String>,
    /// Whether the host does not say the name, though it could matter to a `[[repository]]`.
    pub lacks_name: bool,
}

/// Source of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// A file on the server; absolute if the folder of the configuration file is.
    File(PathBuf),
    /// The repository itself: the tip of its default branch before the push.
    Repository,
}

/// Effect on a push of a finding that blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Enforce {
    /// Pushes are not judged.
    Off,
    /// The finding is reported, and the push passes.
    Report,
    /// The finding is reported, and the push is rejected.
    Block,
}

impl Enforce {
    /// Name in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Report => "report",
            Self::Block => "block",
        }
    }
}

/// Treatment of a push that cannot be judged, by cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CannotJudge {
    /// When the deadline has passed.
    pub timeout: OnFault,
    /// When a policy in effect is invalid or cannot be read.
    pub policy: OnFault,
    /// In all other cases: a missing object, a shallow history, too many findings.
    pub fault: OnFault,
}

/// Treatment of a push that cannot be judged for some cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFault {
    /// The fault is reported, and the push passes.
    Report,
    /// The fault is reported, and the push is rejected.
    Block,
}

/// What counts as existing of a repository that `objects/info/alternates` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lender {
    /// Its branches and tags, if pushes to references of these names are judged.
    Heads,
    /// Nothing.
    None,
}

/// Globs of full reference names. `*` does not cross `/`, `**` does; a name matches everything beneath it.
#[derive(Clone, Debug, Default)]
pub struct RefGlobs {
    globs: Globs,
    /// Folders with all that lies beneath, up to the last `/`: very many references may have to be compared.
    folders: Vec<String>,
    /// The other globs.
    ids: Vec<GlobId>,
    /// Literal prefix of each of these, for a fast check.
    starts: Vec<String>,
}

/// A parsed configuration file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Folder that relative paths in it are resolved against.
    folder: PathBuf,
    base: Settings,
    repositories: Vec<Override>,
    globs: Globs,
    /// What all repositories are turned to, whatever else is said.
    all_repositories: Option<Enforce>,
    /// The host in front, whose name for a repository counts.
    host: Option<Host>,
}

/// Overrides for repositories at some paths.
#[derive(Clone, Debug)]
struct Override {
    /// Globs of absolute paths, matched against the whole path.
    whole: Vec<GlobId>,
    /// Globs matched against the path and each suffix of it that begins after a `/`.
    ends: Vec<GlobId>,
    settings: Settings,
}

/// A table of the file; missing keys are `None`.
#[derive(Clone, Debug, Default)]
struct Settings {
    policies: Option<Vec<PolicySource>>,
    shadow: Option<Vec<PathBuf>>,
    enforce: Option<Enforce>,
    trusted_refs: Option<RefGlobs>,
    refs_not_judged: Option<RefGlobs>,
    lender: Option<Lender>,
    first_push: Option<Enforce>,
    protect_policy: Option<bool>,
    policy_owners: Option<Vec<String>>,
    cannot_judge: Option<CannotJudge>,
    contact: Option<String>,
    deadline: Option<Duration>,
    commit_limit: Option<usize>,
    break_glass: Option<Vec<String>>,
    log: Option<PathBuf>,
    hash_users: Option<bool>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            policies: vec![PolicySource::Repository],
            shadow: Vec::new(),
            enforce: Enforce::Block,
            trusted_refs: RefGlobs::of(&["refs/heads/**", "refs/tags/**"]),
            // Forges put commits there that were never pushed, or not through a hook.
            refs_not_judged: RefGlobs::of(&["refs/pull/**"]),
            lender: Lender::Heads,
            first_push: Enforce::Report,
            protect_policy: false,
            policy_owners: Vec::new(),
            cannot_judge: CannotJudge::all(OnFault::Block),
            contact: "the server's admin".to_owned(),
            is_switched: false,
            deadline: Duration::from_secs(4),
            commit_limit: 20_000,
            break_glass: Vec::new(),
            log: None,
            hash_users: false,
            host: None,
            name: None,
            lacks_name: false,
        }
    }
}

impl Config {
    /// Returns whether pushes to the reference with this full name are judged.
    #[must_use]
    pub fn judges(&self, ref_name: impl AsRef<[u8]>) -> bool {
        !self.refs_not_judged.matches(ref_name.as_ref())
    }

    /// Turns enforcement to that of the kill switch, unless it is laxer already.
    #[must_use]
    pub fn switched(mut self, to: Option<Enforce>) -> Self {
        if let Some(to) = to.filter(|&to| to < self.enforce) {
            self.enforce = to;
            self.is_switched = true;
        }
        self.first_push = self.first_push.min(self.enforce);
        self
    }

    /// Returns whether what the reference with this full name leads to counts as existing.
    #[must_use]
    pub fn trusts(&self, ref_name: impl AsRef<[u8]>) -> bool {
        let ref_name = ref_name.as_ref();
        self.trusted_refs.matches(ref_name) && self.judges(ref_name)
    }

    /// As [`Config::trusts`], of a reference of a repository that this one borrows objects from.
    #[must_use]
    pub fn trusts_lent(&self, ref_name: impl AsRef<[u8]>) -> bool {
        let ref_name = ref_name.as_ref();
        let is_pushed = ref_name.starts_with(b"refs/heads/") || ref_name.starts_with(b"refs/tags/");
        self.lender == Lender::Heads && is_pushed && self.judges(ref_name)
    }

    fn set(&mut self, settings: &Settings, folder: &Path) {
        fn put<T: Clone>(place: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                place.clone_from(value);
            }
        }
        put(&mut self.enforce, settings.enforce.as_ref());
        put(&mut self.trusted_refs, settings.trusted_refs.as_ref());
        put(&mut self.lender, settings.lender.as_ref());
        put(&mut self.refs_not_judged, settings.refs_not_judged.as_ref());
        put(&mut self.first_push, settings.first_push.as_ref());
        put(&mut self.protect_policy, settings.protect_policy.as_ref());
        put(&mut self.policy_owners, settings.policy_owners.as_ref());
        put(&mut self.cannot_judge, settings.cannot_judge.as_ref());
        put(&mut self.contact, settings.contact.as_ref());
        put(&mut self.deadline, settings.deadline.as_ref());
        put(&mut self.commit_limit, settings.commit_limit.as_ref());
        put(&mut self.hash_users, settings.hash_users.as_ref());
        put(&mut self.break_glass, settings.break_glass.as_ref());
        if let Some(policies) = &settings.policies {
            let in_folder = |policy: &PolicySource| match policy {
                PolicySource::File(path) => PolicySource::File(folder.join(path)),
                PolicySource::Repository => PolicySource::Repository,
            };
            self.policies = policies.iter().map(in_folder).collect();
        }
        if let Some(shadow) = &settings.shadow {
            self.shadow = shadow.iter().map(|path| folder.join(path)).collect();
        }
        if let Some(log) = &settings.log {
            self.log = Some(folder.join(log));
        }
    }
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
        config.set(&self.base, &self.folder);
        let path = repository_path(path);
        let means = |own: &&Override| {
            own.means(&self.globs, &path) || name.as_ref().is_some_and(|name| own.names(&self.globs, name.as_bytes()))
        };
        for own in self.repositories.iter().filter(means) {
            config.set(&own.settings, &self.folder);
        }
        let lacks_name = self.host.is_some() && name.is_none() && !self.repositories.is_empty();
        Config { name, lacks_name, ..config }.switched(self.all_repositories)
    }

    /// Returns what the file turns all repositories to. Counts even if other keys of the file are wrong: that may be what
    /// the switch is pulled for. `None` if it is not written, or the file is not one of importgate's.
    #[must_use]
    pub fn switch(source: &str) -> Option<Enforce> {
        parse::switch(source)
    }
}

impl Default for CannotJudge {
    fn default() -> Self {
        Self::all(OnFault::Block)
    }
}

impl CannotJudge {
    /// Returns the same treatment for all causes.
    #[must_use]
    pub fn all(all: OnFault) -> Self {
        Self { timeout: all, policy: all, fault: all }
    }

    /// Returns the treatment of a push that could not be judged for this cause.
    #[must_use]
    pub fn of(&self, cause: Cause) -> OnFault {
        match cause {
            Cause::Timeout => self.timeout,
            Cause::Policy => self.policy,
            Cause::Other => self.fault,
        }
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

impl RefGlobs {
    /// Builds the set from globs that are known to be valid; invalid ones are left out.
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
        if &text[end..] == "**" && text[..end].ends_with('/') {
            self.folders.push(text[..end].to_owned());
            return;
        }
        self.starts.push(text[..end].to_owned());
        self.ids.push(id);
    }

    /// Returns whether one of the globs matches the reference with this full name.
    #[must_use]
    pub fn matches(&self, ref_name: &[u8]) -> bool {
        let is_beneath =
            |folder: &String| ref_name.strip_prefix(folder.as_bytes()).is_some_and(|rest| !rest.is_empty());
        if self.folders.iter().any(is_beneath) {
            return true;
        }
        let begins = self.starts.iter().any(|start| ref_name.starts_with(start.as_bytes()));
        begins && PathGlobs::new(&self.globs, ref_name).any(&self.ids)
    }
}

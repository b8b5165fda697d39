//! Server configuration: which policies judge a push, how strictly, and within which limits.
//!
//! `docs/server-config.md` describes every key. Missing keys, or a missing file, mean [`Config::default`]: the
//! repository's own policy, enforced.

mod excuses;
mod file;
mod keys;
mod naming;
mod parse;
mod ref_globs;
#[cfg(test)]
mod tests;
mod together;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::report::{Cause, Fault};
use crate::server::host::Host;

pub use excuses::Excused;
pub use file::File;
pub use ref_globs::RefGlobs;

/// Configuration for one repository.
#[derive(Clone, Debug)]
pub struct Config {
    /// The policies; each judges on its own, and the strictest verdict wins. Never empty.
    pub policies: Vec<PolicySource>,
    /// Where the file names each policy of its own: file, line and column, from 1.
    pub named_at: HashMap<PathBuf, (String, usize, usize)>,
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
    /// Whether a `[[repository]]` names such users for this repository, though everybody may.
    pub lacks_protection: bool,
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
    /// Maximum number of threads that judge a push of many files.
    pub threads: usize,
    /// Rules that block nothing until a day.
    pub excuses: Vec<Excused>,
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

/// A policy, and where the file names it.
#[derive(Clone, Debug)]
struct NamedPolicy {
    source: PolicySource,
    /// Line and column.
    at: (usize, usize),
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

/// A table of the file; missing keys are `None`.
#[derive(Clone, Debug, Default)]
struct Settings {
    policies: Option<Vec<NamedPolicy>>,
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
    threads: Option<usize>,
    excuses: Option<Vec<Excused>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            policies: vec![PolicySource::Repository],
            named_at: HashMap::new(),
            shadow: Vec::new(),
            enforce: Enforce::Block,
            trusted_refs: RefGlobs::of(&["refs/heads/**", "refs/tags/**"]),
            // Forges put commits there that were never pushed, or not through a hook.
            refs_not_judged: RefGlobs::of(&["refs/pull/**"]),
            lender: Lender::Heads,
            first_push: Enforce::Report,
            protect_policy: false,
            policy_owners: Vec::new(),
            lacks_protection: false,
            cannot_judge: CannotJudge::all(OnFault::Block),
            contact: "the server's admin".to_owned(),
            is_switched: false,
            deadline: Duration::from_secs(4),
            commit_limit: 20_000,
            break_glass: Vec::new(),
            log: None,
            hash_users: false,
            threads: 1,
            excuses: Vec::new(),
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

    /// Adds to a fault of a policy's file where the file is named, if the fault has no place within it.
    #[must_use]
    pub fn naming(&self, policy: &Path, mut fault: Fault) -> Fault {
        if let Some(problem) = fault.problems.first_mut() {
            problem.place = problem.place.take().or_else(|| self.named_at.get(policy).cloned());
        }
        fault
    }

    fn set(&mut self, settings: &Settings, file: &File) {
        let folder = &file.folder;
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
        put(&mut self.threads, settings.threads.as_ref());
        put(&mut self.excuses, settings.excuses.as_ref());
        put(&mut self.break_glass, settings.break_glass.as_ref());
        if let Some(policies) = &settings.policies {
            self.named_at.clear();
            self.policies.clear();
            for NamedPolicy { source, at: (line, column) } in policies {
                let source = match source {
                    PolicySource::File(path) => {
                        let path = folder.join(path);
                        self.named_at.insert(path.clone(), (file.origin.clone(), *line, *column));
                        PolicySource::File(path)
                    }
                    PolicySource::Repository => PolicySource::Repository,
                };
                if !self.policies.contains(&source) {
                    self.policies.push(source);
                }
            }
        }
        if let Some(shadow) = &settings.shadow {
            self.shadow = shadow.iter().map(|path| folder.join(path)).collect();
        }
        if let Some(log) = &settings.log {
            self.log = Some(folder.join(log));
        }
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

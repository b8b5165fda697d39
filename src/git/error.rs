//! Errors of a repository, each in one plain line, and what to do about it.

use std::path::{Path, PathBuf};

/// The command that makes a partial clone whole. `--refetch` alone keeps the clone's filter.
pub(crate) const FETCH_ALL: &str = "git fetch --refetch --no-filter";

/// A fault of the repository: never an answer, so a run that meets one could not judge.
///
/// `Display` is one line. Paths, names and ids in it come from the repository and are untrusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no repository at a folder or above it.
    #[error("no git repository in {} or above it{}", .dir.display(), because(.why))]
    NotARepository {
        /// Where the search started.
        dir: PathBuf,
        /// Git's reason; may be empty.
        why: String,
    },
    /// References are kept in a format that cannot be read.
    #[error("the repository stores its references as {format}, which importgate cannot read yet")]
    UnsupportedRefs {
        /// The value of `extensions.refStorage`.
        format: String,
    },
    /// The repository belongs to somebody else, and its configuration could be theirs.
    #[error("the repository at {} belongs to another user", .dir.display())]
    UnsafeOwnership {
        /// The worktree, or the git directory of a bare repository.
        dir: PathBuf,
    },
    /// The index cannot be read.
    #[error("the index {} cannot be read: {why}", .path.display())]
    BadIndex {
        /// The index file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// An object that must be there is not.
    #[error("{what} {oid} is missing from the repository")]
    MissingObject {
        /// The object's id in hex.
        oid: String,
        /// The expected kind: `commit`, `tree`, `blob` or `object`.
        what: &'static str,
        /// Whether this is a partial clone, which may only not have fetched it.
        partial: bool,
    },
    /// An object exists, but is not what it should be.
    #[error("{what} {oid} cannot be read: {why}")]
    BadObject {
        /// The object's id in hex.
        oid: String,
        /// The expected kind.
        what: &'static str,
        /// The reason.
        why: String,
    },
    /// The history ends before the answer is found.
    #[error("the history ends at commit {oid}: the repository is shallow")]
    Shallow {
        /// The commit whose parents were not fetched.
        oid: String,
    },
    /// A revision that names no commit.
    #[error("no such revision: {name}{}", because(.why))]
    NoSuchRevision {
        /// The revision as given.
        name: String,
        /// The reason; may be empty.
        why: String,
        /// Whether the repository is shallow, so that the revision may only not have been fetched.
        shallow: bool,
        /// What may have been meant, or what to do, in one line.
        instead: Option<String>,
    },
    /// A bare repository has no worktree to judge.
    #[error("this repository has no worktree")]
    NoWorktree,
    /// A run of git's own program failed.
    #[error("{what} failed: {why}")]
    Git {
        /// The command, without its options.
        what: &'static str,
        /// What git said.
        why: String,
    },
    /// A partial clone has not fetched a file's content.
    #[error("the content of {path} is not in this clone{}", because(.why))]
    NotFetched {
        /// The file's path; invalid UTF-8 is replaced.
        path: String,
        /// Why it could not be fetched; may be empty.
        why: String,
    },
    /// Folders are nested deeper than any use needs.
    #[error("folders are nested more than {limit} deep")]
    TooDeep {
        /// Maximum depth that is read, in levels of nesting.
        limit: usize,
    },
    /// An object, or a change, exceeds the limit.
    #[error("{what} is over the limit of {limit}")]
    TooLarge {
        /// The thing that is too large.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },
    /// The deadline of the run has passed.
    #[error("the deadline of this run has passed")]
    OutOfTime,
    /// A file of the repository cannot be read.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The fault.
        source: std::io::Error,
    },
    /// References, configuration or object storage are broken.
    #[error("the repository cannot be read: {why}")]
    Broken {
        /// The reason.
        why: String,
    },
}

impl Error {
    /// Returns what to do about it, in one line; `None` if nothing can be done.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NotARepository { .. } => "run it inside a git repository".into(),
            Self::UnsupportedRefs { .. } => "git refs migrate --ref-format=files".into(),
            Self::UnsafeOwnership { dir } => format!("git config --global --add safe.directory {}", dir.display()),
            Self::BadIndex { .. } => "git status shows what git makes of it; git reset rebuilds the index".into(),
            // What a partial clone lacks may not be missing for good: git fetches it with its filter again otherwise.
            Self::MissingObject { partial: true, .. } | Self::NotFetched { .. } => FETCH_ALL.into(),
            Self::MissingObject { .. } => "git fetch, or git fsck if that does not help".into(),
            Self::NoWorktree => "judge its commits: --range A..B, or --against REV".into(),
            Self::Git { .. } => "git status shows what git makes of the worktree".into(),
            Self::BadObject { .. } | Self::Broken { .. } => "git fsck shows what is broken".into(),
            Self::NoSuchRevision { instead: Some(instead), .. } => instead.clone(),
            Self::Shallow { .. } | Self::NoSuchRevision { shallow: true, .. } => {
                "fetch more history: git fetch --unshallow".into()
            }
            Self::NoSuchRevision { name, .. } if ["@{", "^{", ":"].iter().any(|mark| name.contains(mark)) => {
                format!("git rev-parse {name:?} says what git takes it for")
            }
            Self::NoSuchRevision { shallow: false, .. } => "git fetch, if it is on a remote".into(),
            Self::OutOfTime => "push fewer commits at once, or ask for a later deadline".into(),
            Self::TooDeep { .. } | Self::TooLarge { .. } | Self::Io { .. } => return None,
        })
    }

    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { path, source }
    }

    /// Converts an error of gix, on one line.
    pub(super) fn broken(error: &gix::Error) -> Self {
        Self::Broken { why: one_line(error) }
    }
}

/// Returns a gix error on one line. gix reports what was tried and, beneath it, why that failed; a
/// reader needs the outermost and the innermost error.
pub(super) fn one_line(error: &gix::Error) -> String {
    let outer = error.to_string();
    let cause = error.probable_cause().to_string();
    let line = if outer.contains(&cause) { outer } else { format!("{outer}: {cause}") };
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn because(why: &str) -> String {
    if why.is_empty() { String::new() } else { format!(": {why}") }
}

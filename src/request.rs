//! Input of a run: the change to judge, the policy and the date.

use std::path::PathBuf;

use crate::finding::Tally;
use crate::policy::Date;

/// The change to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The index against HEAD, and against the other parents of a merge.
    Staged,
    /// The same, as if `git add -A` had been run before.
    Worktree,
    /// Every file of the index, as if all of it were new.
    All,
    /// The second revision, as if pushed to a server that has the first.
    Range(String, String),
    /// The tree of HEAD against that of a revision, whatever lies between them.
    Against(String),
}

/// Input of a run: the change to judge, the policy and the date.
#[derive(Clone, Debug)]
pub struct Request {
    /// The change to judge.
    pub source: Source,
    /// Policy files, if the caller names some; each judges on its own.
    pub policies: Vec<PathBuf>,
    /// Name or id of the only rule to apply, if the caller names one.
    pub rule: Option<String>,
    /// Files and folders whose findings are kept, as paths from the top; empty for all. The whole change is judged.
    pub files: Vec<Vec<u8>>,
    /// Date that the policy's dates are compared with, in UTC.
    pub today: Date,
    /// Counts that the report shows.
    pub tally: Tally,
    /// Whether somebody runs it by hand, and is told what a hook has no time to look for.
    pub by_hand: bool,
}

impl Request {
    /// Returns the request of a hook: the policy in effect, with all its rules.
    #[must_use]
    pub const fn new(source: Source, today: Date) -> Self {
        Self {
            source,
            policies: Vec::new(),
            rule: None,
            files: Vec::new(),
            today,
            tally: Tally::Nothing,
            by_hand: false,
        }
    }
}

/// Returns whether a path is one of `files`, or beneath one that is a folder; without any, all are meant.
#[must_use]
pub fn is_within(path: &[u8], files: &[Vec<u8>]) -> bool {
    let is_beneath = |folder: &Vec<u8>| {
        let rest = path.strip_prefix(folder.as_slice());
        rest.is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with(b"/"))
    };
    files.is_empty() || files.iter().any(is_beneath)
}

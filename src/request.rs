//! Input of a run: the change to judge, the policy and the date.

use std::path::PathBuf;

use crate::finding::Tally;
use crate::policy::Date;

/// The change to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The index against HEAD, and against the other parents of a merge.
    Staged,
    /// Every file of the index, as if all of it were new.
    All,
    /// The second revision, as if pushed to a server that has the first.
    Range(String, String),
}

/// Input of a run: the change to judge, the policy and the date.
#[derive(Clone, Debug)]
pub struct Request {
    /// The change to judge.
    pub source: Source,
    /// Policy file, if the caller names one.
    pub policy: Option<PathBuf>,
    /// Id of the only rule to apply, if the caller names one.
    pub rule: Option<String>,
    /// Date that the policy's dates are compared with, in UTC.
    pub today: Date,
    /// Counts that the report shows.
    pub tally: Tally,
}

impl Request {
    /// Returns the request of a hook: the policy in effect, with all its rules.
    #[must_use]
    pub const fn new(source: Source, today: Date) -> Self {
        Self { source, policy: None, rule: None, today, tally: Tally::Nothing }
    }
}

//! A run: which change to judge, by which policy, on which day.

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
    /// The second revision, as if it were pushed to a server that has the first.
    Range(String, String),
}

/// A run: what to judge, by which policy, on which day.
#[derive(Clone, Debug)]
pub struct Request {
    /// The change to judge.
    pub source: Source,
    /// The policy file, where the caller names one.
    pub policy: Option<PathBuf>,
    /// The one rule to judge by, where the caller names one.
    pub rule: Option<String>,
    /// The day for the policy's dates, in UTC.
    pub today: Date,
    /// What the report shows the number of.
    pub tally: Tally,
}

impl Request {
    /// A run as hooks make it: by the policy that stands, with every rule.
    #[must_use]
    pub const fn new(source: Source, today: Date) -> Self {
        Self { source, policy: None, rule: None, today, tally: Tally::Nothing }
    }
}

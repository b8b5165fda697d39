//! What is judged: a push, its tips, on which terms.

use super::allow::Allowances;
use super::config::Config;
use super::push::Update;
use crate::Terms;
use crate::check::absent::Absent;
use crate::check::limits::Limits;
use crate::git::{Changes, CommitId, Error, NewCommits, Repository};
use crate::policy::Date;

/// Input for judging a push.
#[derive(Clone, Copy)]
pub struct Push<'a> {
    /// References that the push changes.
    pub updates: &'a [Update],
    /// The server configuration.
    pub config: &'a Config,
    /// Rules that the pusher may break.
    pub allowances: &'a Allowances,
    /// Date that the policies' dates are compared with, in UTC.
    pub today: Date,
}

impl Push<'_> {
    /// The terms of judging what strangers push.
    pub(super) const fn terms(&self) -> Terms<'static> {
        Terms { limits: Limits::PUSH, absent: Absent::Fault, threads: self.config.threads, ..Terms::HOOK }
    }
}

/// A pushed commit, with the references that name it.
pub(super) type Tip<'u> = (CommitId, Vec<&'u Update>);

/// Returns what a tip changes.
///
/// # Errors
/// When the repository cannot be read.
pub(super) fn changes_at<'r>(
    repository: &'r Repository,
    new_commits: &NewCommits,
    (tip, updates): &Tip<'_>,
) -> Result<Changes<'r>, Error> {
    repository.changes_at(new_commits, *tip, &had(updates.iter().copied()))
}

/// Returns the object ids that the references had before the push.
pub(super) fn had<'u>(updates: impl IntoIterator<Item = &'u Update>) -> Vec<&'u str> {
    updates.into_iter().filter(|update| update.existed_before()).map(|update| update.old.as_str()).collect()
}

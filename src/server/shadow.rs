//! Shadow policies: judged once the verdict on the push is settled, for the log alone. Nothing of them is told to the pusher.

use std::collections::BTreeMap;
use std::path::Path;

use super::allow::Allowances;
use super::authority::Authority;
use super::config::Config;
use super::input::Push;
use super::judging::{Commits, Judging, Walk};
use super::log;
use super::outcome::Outcome;
use crate::git::Repository;
use crate::report::Fault;
use crate::verdict::Verdict;

/// Maximum size of a shadow policy's file, in bytes: thousands of rules fit into it.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// A shadow policy, and what it says of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadow {
    /// Path of the file.
    pub policy: String,
    /// The id of the file, if it could be read.
    pub blob: Option<String>,
    /// What was found, or why nothing could be; `None` if it was not begun.
    pub judged: Option<Result<Counts, String>>,
}

/// What a shadow policy finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The verdict that the push would get.
    pub verdict: Verdict,
    /// Number of findings by rule id: of names.
    pub rules: BTreeMap<String, usize>,
    /// Number of statements by rule id.
    pub blocks: BTreeMap<String, usize>,
}

impl Shadow {
    /// Returns the configured ones, none judged yet.
    pub(super) fn all(config: &Config) -> Vec<Self> {
        config.shadow.iter().map(|file| Self::of(file)).collect()
    }

    fn of(file: &Path) -> Self {
        Self { policy: file.to_string_lossy().into_owned(), blob: None, judged: None }
    }
}

impl Judging<'_> {
    /// Judges the push by each shadow policy. Whatever becomes of it, the outcome stays what it is but for the log.
    pub(super) fn shadow(&mut self, walks: &[Walk<'_, '_>]) {
        // Without a log, nobody could see what they find.
        if self.push.config.log.is_none() {
            return;
        }
        for (at, file) in self.push.config.shadow.iter().enumerate() {
            self.settle(|_| {});
            let shadow = judged(self.repository, self.push, file, walks);
            if let Some(place) = self.outcome.shadow.get_mut(at) {
                *place = shadow;
            }
        }
    }
}

fn judged(repository: &Repository, push: &Push<'_>, file: &Path, walks: &[Walk<'_, '_>]) -> Shadow {
    let mut shadow = Shadow::of(file);
    let authority = check_file(file).and_then(|()| Authority::of_file(repository, file));
    let counts = authority.and_then(|authority| {
        shadow.blob = authority.blobs.first().copied().flatten().map(|blob| blob.to_string());
        counts(repository, push, &authority, walks)
    });
    shadow.judged = Some(counts.map_err(|fault| why(&fault)));
    shadow
}

/// Checks that a file ends: one that never does would fill the memory, and so reject the push.
///
/// # Errors
/// When it is no regular file, too large, or not there.
pub fn check_file(file: &Path) -> Result<(), Fault> {
    let fault = |why: &dyn std::fmt::Display| Fault::new(format!("the policy {} {why}", file.display()));
    match std::fs::metadata(file) {
        Ok(found) if !found.is_file() => Err(fault(&"is not a regular file")),
        Ok(found) if found.len() > MAX_FILE_BYTES => Err(fault(&format_args!("is larger than {MAX_FILE_BYTES} bytes"))),
        Ok(_) => Ok(()),
        Err(error) => Err(fault(&format_args!("cannot be read: {error}"))),
    }
}

fn counts(
    repository: &Repository,
    push: &Push<'_>,
    authority: &Authority,
    walks: &[Walk<'_, '_>],
) -> Result<Counts, Fault> {
    // What the pusher breaks the glass for is a rule of the policies that judge the push.
    let allowances = Allowances::default();
    let push = Push { allowances: &allowances, ..*push };
    let mut ignored = |_: &Outcome| {};
    let mut judging = Judging::new(repository, &push, &mut ignored);
    // What the push does to the policy in effect is known by now.
    judging.outcome.is_harmless = true;
    for walk in walks {
        judging.round(authority, &walk.settled, &walk.new_commits, Commits::AtOnce)?;
        judging.moved(walk.lane, authority, &walk.moved, &walk.new_commits)?;
        walk.lane.with_existing(push.config, |there| judging.beyond(authority, walk.open.clone(), there))?;
    }
    let report = judging.outcome.found.report;
    let (rules, blocks) = log::counts(&report);
    let owned =
        |counts: BTreeMap<&str, usize>| counts.into_iter().map(|(rule, count)| (rule.to_owned(), count)).collect();
    Ok(Counts { verdict: report.verdict, rules: owned(rules), blocks: owned(blocks) })
}

/// Returns the first problem of a fault, with its place in the file.
#[must_use]
pub fn why(fault: &Fault) -> String {
    let Some(problem) = fault.problems.first() else { return "it could not be judged".to_owned() };
    match &problem.place {
        Some((_, line, column)) => format!("{line}:{column}: {}", problem.message),
        None => problem.message.clone(),
    }
}

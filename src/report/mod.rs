//! Report formats: verdict and findings → text for people and programs. One file per format; none prints by itself.

mod blocks;
pub mod escape;
mod human;
mod json;
mod wire;
mod wording;

use std::collections::HashSet;
use std::io::{self, Write};

use crate::finding::{Checked, Finding, Skipped, Unlisted};
use crate::policy::{Date, Severity};
use crate::skew::Newer;
use crate::verdict::Verdict;

pub use blocks::{Count, Counts, Total};
pub use human::{Human, fault as human_fault};
pub use json::fault as json_fault;
pub use wire::Wire;

/// Outcome of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// Origins of the policies.
    pub policies: Vec<String>,
    /// A `policy.toml` that was ignored because it belongs to another tool.
    pub foreign_policy: Option<String>,
    /// The day that the policy's dates were compared with.
    pub as_of: Option<Date>,
    /// What is to be known about the run itself, each in one line.
    pub notices: Vec<String>,
    /// Changed files that were not judged as they are not staged, where nothing is.
    pub unstaged: usize,
    /// Numbers of files, lines and imports that were examined.
    pub checked: Checked,
    /// New forbidden occurrences, by file and position.
    pub findings: Vec<Finding>,
    /// Counts of further findings that are too many to list.
    pub unlisted: Vec<Unlisted>,
    /// Files that were not parsed.
    pub skipped: Vec<Skipped>,
}

impl Report {
    /// Says how much was not judged as nothing is staged; `None` where something is, or nothing has changed.
    #[must_use]
    pub fn left_out(&self) -> Option<String> {
        let files = (self.unstaged > 0).then(|| wording::plural(self.unstaged, "changed file"))?;
        Some(format!("nothing staged; {files} not judged (--worktree)"))
    }

    /// Lowers every severity to at most a warning, and notes why.
    pub fn soften(&mut self, why: &str) {
        self.findings.iter_mut().for_each(|finding| finding.soften(Severity::Warn, why));
        self.unlisted.iter_mut().for_each(|rest| rest.severity = rest.severity.min(Severity::Warn));
        self.skipped.iter_mut().for_each(|file| file.severity = file.severity.min(Severity::Warn));
        self.decide();
    }

    /// Computes the verdict from the findings and skipped files.
    pub fn decide(&mut self) {
        self.verdict = Verdict::of(&self.findings, &self.unlisted, &self.skipped);
    }

    /// Merges the outcome of another part of the same run; findings of both are listed once.
    pub fn join(&mut self, other: Self) {
        self.verdict = self.verdict.max(other.verdict);
        let known = |origin: &String| !self.policies.contains(origin);
        let more: Vec<_> = other.policies.into_iter().filter(known).collect();
        self.policies.extend(more);
        self.foreign_policy = self.foreign_policy.take().or(other.foreign_policy);
        self.as_of = self.as_of.or(other.as_of);
        self.checked.files += other.checked.files;
        self.checked.ignored += other.checked.ignored;
        self.checked.imports += other.checked.imports;
        if let Some(lines) = other.checked.added_lines {
            *self.checked.added_lines.get_or_insert(0) += lines;
        }
        if !other.findings.is_empty() {
            let known: HashSet<&Finding> = self.findings.iter().collect();
            let more: Vec<_> = other.findings.into_iter().filter(|finding| !known.contains(finding)).collect();
            self.findings.extend(more);
        }
        self.unlisted.extend(other.unlisted);
        self.notices
            .extend(other.notices.into_iter().filter(|notice| !self.notices.contains(notice)).collect::<Vec<_>>());
        self.skipped.extend(other.skipped.into_iter().filter(|file| !self.skipped.contains(file)).collect::<Vec<_>>());
    }
}

/// Format of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Text for people.
    #[default]
    Human,
    /// One versioned JSON object, never capped.
    Json,
}

/// Fault that kept a run from judging.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// The problems; errors in a policy carry their position.
    pub problems: Vec<Problem>,
    /// The problems rendered with source lines, if there is more to show than the messages.
    pub rendered: Option<String>,
    /// Advice on how to fix it.
    pub hint: Option<String>,
    /// Why nothing could be judged, for who decides by it.
    pub cause: Cause,
    /// Whether a newer importgate would understand a file that is invalid.
    pub newer: Newer,
}

/// Kinds of faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cause {
    /// Anything else: a missing object, a limit.
    #[default]
    Other,
    /// A policy that is invalid or cannot be read.
    Policy,
    /// The deadline passed.
    Timeout,
}

/// One thing that went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// The message.
    pub message: String,
    /// Position in a policy: file, line and column, from 1.
    pub place: Option<(String, usize, usize)>,
    /// Advice on how to fix it.
    pub hint: Option<String>,
}

/// Writes a report in a format.
///
/// # Errors
/// When `out` cannot be written.
pub fn write(report: &Report, format: Format, human: &Human, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human.write(report, out),
        Format::Json => json::write(report, out),
    }
}

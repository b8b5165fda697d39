//! Verdict and findings → what people and programs read. One file a format; none prints by itself.

pub mod escape;
mod human;
mod json;
mod wire;
mod words;

use std::collections::HashSet;
use std::io::{self, Write};

use crate::finding::{Checked, Finding, Skipped, Unlisted};
use crate::policy::Severity;
use crate::verdict::Verdict;

pub use human::{Human, fault as human_fault};
pub use json::fault as json_fault;
pub use wire::Wire;

/// The outcome of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What the gate says.
    pub verdict: Verdict,
    /// Where the policy came from; `None` where there is none.
    pub policy: Option<String>,
    /// A file that was found in its stead, and is another tool's.
    pub passed_over: Option<String>,
    /// What was looked at.
    pub checked: Checked,
    /// What is new and forbidden, in the order of files and places.
    pub findings: Vec<Finding>,
    /// What is new and forbidden besides, where that is too much to be written out.
    pub unlisted: Vec<Unlisted>,
    /// Files that were not parsed.
    pub skipped: Vec<Skipped>,
}

impl Report {
    /// Makes everything in it at most a warning, and says why.
    pub fn soften(&mut self, why: &str) {
        self.findings.iter_mut().for_each(|finding| finding.soften(Severity::Warn, why));
        self.unlisted.iter_mut().for_each(|rest| rest.severity = rest.severity.min(Severity::Warn));
        self.skipped.iter_mut().for_each(|file| file.severity = file.severity.min(Severity::Warn));
        self.decide();
    }

    /// Draws the verdict from what is in it.
    pub fn decide(&mut self) {
        self.verdict = Verdict::of(&self.findings, &self.unlisted, &self.skipped);
    }

    /// Adds the outcome of another part of the same run; what both found is told once.
    pub fn join(&mut self, other: Self) {
        self.verdict = self.verdict.max(other.verdict);
        self.policy = self.policy.take().or(other.policy);
        self.passed_over = self.passed_over.take().or(other.passed_over);
        self.checked.files += other.checked.files;
        self.checked.ignored += other.checked.ignored;
        self.checked.imports += other.checked.imports;
        if let Some(lines) = other.checked.added_lines {
            *self.checked.added_lines.get_or_insert(0) += lines;
        }
        let known: HashSet<&Finding> = self.findings.iter().collect();
        let more: Vec<_> = other.findings.into_iter().filter(|finding| !known.contains(finding)).collect();
        self.findings.extend(more);
        self.unlisted.extend(other.unlisted);
        self.skipped.extend(other.skipped.into_iter().filter(|file| !self.skipped.contains(file)).collect::<Vec<_>>());
    }
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// One versioned object, never capped.
    Json,
}

/// A fault, when nothing could be judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// What went wrong, one entry a problem; the policy's errors come with their place.
    pub problems: Vec<Problem>,
    /// The same in full, where there is more to show than the messages.
    pub rendered: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

/// One thing that went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub message: String,
    /// Where, in a policy: the file, line and column, from 1.
    pub place: Option<(String, usize, usize)>,
    /// What to do about it.
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

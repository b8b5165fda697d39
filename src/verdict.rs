//! Findings → verdict.

use crate::finding::{Finding, Skipped, Unlisted};
use crate::policy::Severity;

/// Outcome of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// No new forbidden imports.
    #[default]
    Pass,
    /// Something new draws a warning.
    Warn,
    /// Something new is blocked.
    Block,
}

impl Verdict {
    /// Returns the verdict for the highest severity; `track` and below pass.
    #[must_use]
    pub fn of(findings: &[Finding], unlisted: &[Unlisted], skipped: &[Skipped]) -> Self {
        let severities = findings.iter().map(|finding| finding.severity);
        let severities = severities.chain(unlisted.iter().map(|rest| rest.severity));
        match severities.chain(skipped.iter().map(|file| file.severity)).max() {
            Some(Severity::Block) => Self::Block,
            Some(Severity::Warn) => Self::Warn,
            _ => Self::Pass,
        }
    }

    /// Name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

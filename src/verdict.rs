//! Findings → verdict.

use crate::finding::{Finding, Skipped, Unlisted};
use crate::policy::Severity;

/// What the gate says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing new is forbidden.
    #[default]
    Pass,
    /// Something new is discouraged.
    Warn,
    /// Something new is forbidden.
    Block,
}

impl Verdict {
    /// The strictest of what was found; `track` is silent.
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

    /// The word that reports use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

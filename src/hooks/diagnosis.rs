//! Result of `doctor`: checks, an answer, an exit status.

use std::io::{self, Write};

/// Result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Everything is in order.
    Ok,
    /// The hooks run, but not as expected, or not for long.
    Warning,
    /// Whether a hook calls importgate cannot be told.
    Unsure,
    /// A hook does not run, or cannot judge.
    Problem,
}

impl Level {
    /// Returns its word in the output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Unsure => "unsure",
            Self::Problem => "problem",
        }
    }
}

/// A check and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Result.
    pub level: Level,
    /// Finding, as a phrase.
    pub found: String,
    /// How to fix it; empty if there is nothing to do.
    pub fix: String,
}

impl Check {
    /// Returns a check that passed.
    #[must_use]
    pub fn ok(found: impl Into<String>) -> Self {
        Self { level: Level::Ok, found: found.into(), fix: String::new() }
    }

    /// Returns a check with a warning.
    #[must_use]
    pub fn warning(found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { level: Level::Warning, found: found.into(), fix: fix.into() }
    }

    /// Returns a check without a result.
    #[must_use]
    pub fn unsure(found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { level: Level::Unsure, found: found.into(), fix: fix.into() }
    }

    /// Returns a check that failed.
    #[must_use]
    pub fn problem(found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { level: Level::Problem, found: found.into(), fix: fix.into() }
    }
}

/// All results of `doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The checks, in the order in which git would fail.
    pub checks: Vec<Check>,
    /// Whether an answer was possible; if not, the last check says why.
    pub told: bool,
}

impl Diagnosis {
    /// Returns a diagnosis without an answer.
    pub(super) fn unknown(error: &super::Error) -> Self {
        Self { checks: vec![Check::problem(error.to_string(), "")], told: false }
    }

    /// Returns the exit status: 0 if git will run every hook, 1 if not, 2 if that is unknown.
    #[must_use]
    pub fn status(&self) -> u8 {
        let unsure = self.checks.iter().any(|check| check.level == Level::Unsure);
        match (self.told, self.problems()) {
            (false, _) => 2,
            (true, 0) if unsure => 2,
            (true, 0) => 0,
            (true, _) => 1,
        }
    }

    /// Returns the worst result of all checks.
    #[must_use]
    pub fn worst(&self) -> Level {
        self.checks.iter().map(|check| check.level).max().unwrap_or(Level::Ok)
    }

    /// Prints every check, and the answer last.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for Check { level, found, fix } in &self.checks {
            writeln!(out, "{:8} {found}", level.word())?;
            if !fix.is_empty() {
                writeln!(out, "{:8} {fix}", "  fix")?;
            }
        }
        match (self.status(), self.problems()) {
            (0, _) => writeln!(out, "\ngit will run importgate here."),
            (1, 1) => writeln!(out, "\n1 problem: importgate does not guard this repository."),
            (1, many) => writeln!(out, "\n{many} problems: importgate does not guard this repository."),
            _ => writeln!(out, "\nCannot tell whether git will run importgate here."),
        }
    }

    fn problems(&self) -> usize {
        self.checks.iter().filter(|check| check.level == Level::Problem).count()
    }
}

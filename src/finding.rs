//! Findings: plain data, from the check to every report.

use crate::kind::Kind;
use crate::policy::{Date, Severity};

/// An occurrence that a rule forbids and that is new. Texts come from the repository and are not yet escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The effective severity, never off.
    pub severity: Severity,
    /// What the occurrence is.
    pub kind: Kind,
    /// The file's path, bytes as git has them.
    pub path: Vec<u8>,
    /// Where the name stands.
    pub place: Place,
    /// Where the statement around it begins.
    pub statement: Place,
    /// The line on which the statement ends, from 1.
    pub end_line: usize,
    /// The statement as written, or the line.
    pub text: Vec<u8>,
    /// The resolved path; `None` for line rules.
    pub import: Option<String>,
    /// The path to use instead, in the language's notation.
    pub instead: Option<String>,
    /// What to write instead of the statement; `None` where nothing can be recommended.
    pub replacement: Option<String>,
    /// Why the rule exists.
    pub reason: Option<String>,
    /// Where to read more.
    pub see: Option<String>,
    /// Whom to ask.
    pub owner: Option<String>,
    /// What else there is to know about this one.
    pub notes: Vec<String>,
    /// From which day a warning blocks.
    pub block_from: Option<Date>,
}

impl Finding {
    /// Lowers the severity to `most`, and says why.
    pub fn soften(&mut self, most: Severity, why: &str) {
        self.severity = self.severity.min(most);
        self.notes.push(why.to_owned());
    }
}

/// A line and a column, both from 1; columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A file that was not parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file's path, bytes as git has them.
    pub path: Vec<u8>,
    /// Why, in words.
    pub why: String,
    /// What that means for the verdict.
    pub severity: Severity,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Changed files that are still there and are not ignored.
    pub files: usize,
    /// Changed files that the policy ignores.
    pub ignored: usize,
    /// Lines added in the files that rules apply to; counted only where a report shows it.
    pub added_lines: Option<usize>,
    /// Imports read in changed files.
    pub imports: usize,
}

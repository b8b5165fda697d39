//! Findings: plain data, from the check to every report.

use std::rc::Rc;

use crate::kind::Kind;
use crate::policy::{Date, Severity};

/// What a rule says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct About {
    /// The rule's id.
    pub id: String,
    /// Why it exists.
    pub reason: Option<String>,
    /// Where to read more.
    pub see: Option<String>,
    /// Whom to ask.
    pub owner: Option<String>,
    /// What to do instead, in words; of line rules.
    pub advice: Option<String>,
}

/// An occurrence that a rule forbids and that is new. Texts come from the repository and are not yet escaped; those
/// that several findings have in common are there once, as a file may hold millions of names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The rule.
    pub rule: Rc<About>,
    /// The effective severity, never off.
    pub severity: Severity,
    /// What the occurrence is.
    pub kind: Kind,
    /// The file's path, bytes as git has them.
    pub path: Rc<[u8]>,
    /// Where the name stands.
    pub place: Place,
    /// Where the statement around it begins.
    pub statement: Place,
    /// The line on which the statement ends, from 1.
    pub end_line: usize,
    /// The statement as written, or the line; a part of it around the name where it is long.
    pub text: Rc<[u8]>,
    /// Where that text begins.
    pub text_place: Place,
    /// The resolved path; `None` for line rules.
    pub import: Option<String>,
    /// The path to use instead, in the language's notation.
    pub instead: Option<Rc<str>>,
    /// What to write instead of the statement; `None` where nothing can be recommended.
    pub replacement: Option<Rc<str>>,
    /// What else there is to know about this one.
    pub notes: Vec<Rc<str>>,
    /// From which day a warning blocks.
    pub block_from: Option<Date>,
    /// The new commit that brought it, where commits are judged.
    pub commit: Option<Brought>,
}

/// A commit that brought something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Brought {
    /// Its id in hex.
    pub id: String,
    /// When it was written first, in seconds since 1970.
    pub date: i64,
}

impl Brought {
    /// The day on which it was written first, in UTC; `None` where its date makes no sense.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        let second = jiff::Timestamp::from_second(self.date).ok()?;
        Some(second.to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}

impl Finding {
    /// Lowers the severity to `most`, and says why.
    pub fn soften(&mut self, most: Severity, why: &str) {
        self.severity = self.severity.min(most);
        self.notes.push(why.into());
    }
}

/// A line and a column, both from 1; columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

/// Findings of a rule that are not written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// The rule's id.
    pub rule: String,
    /// The effective severity.
    pub severity: Severity,
    /// How many there are.
    pub count: usize,
}

/// What a report shows the number of, beside files. Counting takes reading that judging can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tally {
    /// Nothing else.
    Nothing,
    /// All imports, forbidden or not: every file that a rule on imports judges is scanned.
    Imports,
    /// Added lines too, which costs a diff for each file.
    ImportsAndLines,
}

/// How often a run read files, for tests to hold against the number of blobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Blobs opened.
    pub opened: usize,
    /// Texts scanned for imports.
    pub scanned: usize,
    /// Texts compared with their old sides for added lines.
    pub compared: usize,
}

impl Reads {
    /// Changes counts that are shared.
    pub(crate) fn add(reads: &std::cell::Cell<Self>, change: impl FnOnce(&mut Self)) {
        let mut counts = reads.get();
        change(&mut counts);
        reads.set(counts);
    }
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
    /// Imports read in changed files; counted only where a report shows it.
    pub imports: usize,
    /// How often files were read; no report shows it.
    pub reads: Reads,
}

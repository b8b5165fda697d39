//! Findings: plain data that the check hands to every report.

use std::sync::Arc;

use crate::kind::Kind;
use crate::policy::{Date, RuleName, Severity};

/// Descriptive fields of a rule, or of its entry where that has its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct About {
    /// The rule's name.
    pub name: RuleName,
    /// Why the rule exists.
    pub reason: Option<String>,
    /// Link to further reading.
    pub see: Option<String>,
    /// Person or team to ask.
    pub owner: Option<String>,
    /// What to do instead, in prose.
    pub advice: Option<String>,
}

/// A new occurrence that a rule forbids. Texts come from the repository and are not yet escaped; texts common to several
/// findings are shared, because a file may hold millions of names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The rule.
    pub rule: Arc<About>,
    /// The effective severity, never off.
    pub severity: Severity,
    /// The occurrence's kind.
    pub kind: Kind,
    /// Where it matters.
    pub impact: Impact,
    /// The file's path, as git's raw bytes.
    pub path: Arc<[u8]>,
    /// Position of the name.
    pub place: Place,
    /// Start of the statement around it.
    pub statement: Place,
    /// End of the statement: its last line, and the column behind its last character.
    pub end: Place,
    /// Source of the statement or line; if that is long, the part around the name.
    pub text: Arc<[u8]>,
    /// Start of `text`.
    pub text_place: Place,
    /// The resolved import path; `None` for line rules.
    pub import: Option<String>,
    /// The entry, if its rule counts files that import anything of it rather than paths.
    pub entry: Option<Arc<str>>,
    /// The imported name as written; `None` where a module is imported whole, and for line rules.
    pub name: Option<Arc<str>>,
    /// Whether it is an import statement inside a function.
    pub local: bool,
    /// The path to use instead, in the language's notation.
    pub instead: Option<Arc<str>>,
    /// Replacement for the statement; `None` if nothing can be recommended.
    pub replacement: Option<Arc<str>>,
    /// Further remarks about this finding.
    pub notes: Vec<Arc<str>>,
    /// Date from which a warning blocks.
    pub block_from: Option<Date>,
    /// The new commit that introduced it, if commits are judged.
    pub commit: Option<Brought>,
}

/// Where a finding matters, by what a migration has to change first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Impact {
    /// Code that is no test.
    Production,
    /// Code of tests.
    Tests,
    /// Paths in strings that are resolved at run time.
    Strings,
    /// Comments, other strings, and files written for people.
    Talk,
}

impl Impact {
    /// Name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Tests => "tests",
            Self::Strings => "strings",
            Self::Talk => "talk",
        }
    }
}

/// The commit that introduced a finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Brought {
    /// Its id in hex.
    pub id: String,
    /// Author date, in seconds since the Unix epoch.
    pub date: i64,
}

impl Brought {
    /// Returns the author date in UTC; `None` if it is out of range.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        let second = jiff::Timestamp::from_second(self.date).ok()?;
        Some(second.to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}

impl Finding {
    /// Lowers the severity to at most `most`, and notes why.
    pub fn soften(&mut self, most: Severity, why: &str) {
        self.severity = self.severity.min(most);
        self.notes.push(why.into());
    }
}

/// Line and column, both from 1; columns count characters.
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
    /// The file's path, as git's raw bytes.
    pub path: Vec<u8>,
    /// The reason, as a phrase.
    pub why: String,
    /// Effect on the verdict.
    pub severity: Severity,
}

/// Findings of one rule that are counted but not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// The rule's name.
    pub rule: RuleName,
    /// The effective severity.
    pub severity: Severity,
    /// Number of findings.
    pub count: usize,
}

/// Counts that a report shows besides the number of files. Each needs reading that judging does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tally {
    /// Files only.
    Nothing,
    /// All imports, forbidden or not: every file that an import rule applies to is scanned.
    Imports,
    /// Added lines too, at the cost of a diff for each file.
    ImportsAndLines,
}

/// Counts of file reads in a run; tests compare them with the number of blobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Blobs opened.
    pub opened: usize,
    /// Texts scanned for imports.
    pub scanned: usize,
    /// Texts diffed against their old versions for added lines.
    pub compared: usize,
}

impl Reads {
    /// Returns the counts of both.
    #[must_use]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            opened: self.opened + other.opened,
            scanned: self.scanned + other.scanned,
            compared: self.compared + other.compared,
        }
    }

    /// Changes shared counts.
    pub(crate) fn add(reads: &std::cell::Cell<Self>, change: impl FnOnce(&mut Self)) {
        let mut counts = reads.get();
        change(&mut counts);
        reads.set(counts);
    }
}

/// Numbers of files, lines and imports that were examined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Changed files that still exist and are not ignored.
    pub files: usize,
    /// Changed files that the policy ignores.
    pub ignored: usize,
    /// Lines added in files that rules apply to; counted only if the report shows it.
    pub added_lines: Option<usize>,
    /// Imports in changed files; counted only if the report shows it.
    pub imports: usize,
    /// Counts of file reads, for tests; no report shows them.
    pub reads: Reads,
}

//! A rule: what it forbids or matches, where, and what it says.

use std::sync::Arc;

use super::Date;
use super::kinds::KindWord;
use super::lines::LinePattern;
use super::path::PathPattern;
use super::severity::{Cap, Severity};
use crate::globs::{CaptureGlob, GlobId};

/// Rule: paths that must not be imported, or a pattern that no line may match.
#[derive(Debug)]
pub struct Rule {
    /// Name in reports; unique in a policy.
    pub id: String,
    /// Why the rule exists.
    pub reason: Option<String>,
    /// Link to further reading.
    pub see: Option<String>,
    /// Person or team to ask.
    pub owner: Option<String>,
    /// What to do instead, in prose.
    pub advice: Option<String>,
    /// Severity before any of the dates.
    pub severity: Severity,
    /// Date from which it is at least a warning.
    pub warn_from: Option<Date>,
    /// Date from which it blocks.
    pub block_from: Option<Date>,
    /// First line of the rule in the policy file.
    pub line: usize,
    pub(super) counts: CountBy,
    pub(super) languages: Vec<&'static str>,
    pub(super) paths: Vec<GlobId>,
    /// The globs of `paths`, if they have captures.
    pub(super) relative: Vec<CaptureGlob>,
    /// Written forms that it judges; empty for all.
    pub(super) kinds: Vec<KindWord>,
    pub(super) allow_in: Vec<Allow>,
    pub(super) caps: Vec<Cap>,
    pub(super) body: Body,
}

/// What of a rule can only fall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CountBy {
    /// The number of imports of each path.
    #[default]
    Names,
    /// The number of files that import anything of an entry.
    Files,
}

impl CountBy {
    /// Both, with their names in a policy.
    pub(crate) const ALL: [(&'static str, Self); 2] = [("names", Self::Names), ("files", Self::Files)];

    /// Name in policies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Files => "files",
        }
    }
}

#[derive(Debug)]
pub(super) enum Body {
    Forbid(Vec<Entry>),
    Pattern(LinePattern),
}

/// Path that a rule forbids or excepts. A rule of several languages has one entry per path and language.
#[derive(Debug)]
pub struct Entry {
    /// The path as written; an exception includes its `!`.
    pub path: String,
    /// Language of the path.
    pub language: &'static str,
    /// Replacement for the matched segments: the entry's own, else the rule's.
    pub use_instead: Option<Arc<Instead>>,
    /// Words of its own, which precede the rule's.
    pub own: Option<Arc<Own>>,
    pub(super) exception: bool,
    pub(super) pattern: PathPattern,
}

/// What an entry says for itself, in place of its rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Own {
    /// Why it is forbidden.
    pub reason: Option<String>,
    /// What to do instead, in prose.
    pub advice: Option<String>,
    /// Link to further reading.
    pub see: Option<String>,
    /// Person or team to ask.
    pub owner: Option<String>,
}

/// Recommended path.
#[derive(Debug)]
pub struct Instead {
    /// The path as written.
    pub path: String,
    /// Its segments.
    pub segments: Vec<String>,
}

/// Files that may import everything, or some of what the rule forbids.
#[derive(Debug)]
pub(super) struct Allow {
    pub(super) files: Vec<GlobId>,
    /// Paths that they may import, by language; empty for everything.
    pub(super) import: Vec<(&'static str, PathPattern)>,
}

impl Rule {
    /// Forbidden and excepted paths; empty for a line rule.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.body {
            Body::Forbid(entries) => entries,
            Body::Pattern(_) => &[],
        }
    }

    /// The pattern of a line rule, as written.
    #[must_use]
    pub fn pattern(&self) -> Option<&str> {
        match &self.body {
            Body::Forbid(_) => None,
            Body::Pattern(own) => Some(&own.pattern),
        }
    }

    /// Returns whether it is a line rule on code, without comments and the contents of strings.
    #[must_use]
    pub fn is_on_code(&self) -> bool {
        matches!(&self.body, Body::Pattern(own) if !own.on_text)
    }

    /// Returns what of it can only fall.
    #[must_use]
    pub fn counts(&self) -> CountBy {
        self.counts
    }

    /// Languages that the rule names; empty for a line rule on any language.
    #[must_use]
    pub fn languages(&self) -> &[&'static str] {
        &self.languages
    }
}

impl Entry {
    /// The recommended path, as written.
    #[must_use]
    pub fn use_instead_path(&self) -> Option<&str> {
        self.use_instead.as_ref().map(|instead| instead.path.as_str())
    }

    /// Returns whether the entry is of stars alone and names no module (`**`).
    #[must_use]
    pub fn names_nothing(&self) -> bool {
        self.pattern.names_nothing()
    }

    /// Returns whether the entry is an exception to the rule.
    #[must_use]
    pub fn is_exception(&self) -> bool {
        self.exception
    }
}

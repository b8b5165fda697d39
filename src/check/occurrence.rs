//! A forbidden import or line: what it is counted by, what the policy says of it, and whether it is new.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use crate::kind::Kind;
use crate::lang::{Candidate, Language};
use crate::policy::{Decision, Severity};

/// What occurrences are counted by: the rule, and the resolved path in the language's notation, or the trimmed line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Index of the rule in the policy.
    rule: usize,
    /// A digest, as a file may hold millions of names with long paths.
    what: [u64; 2],
}

impl Key {
    /// The key of what rule number `rule` forbids.
    pub(super) fn new(rule: usize, what: &[u8]) -> Self {
        // Random for each run, so that nobody can make two texts meet.
        static DIGESTS: LazyLock<[RandomState; 2]> = LazyLock::new(<[RandomState; 2]>::default);
        Self { rule, what: DIGESTS.each_ref().map(|digest| digest.hash_one(what)) }
    }

    /// Index of the rule in the policy.
    pub(super) fn rule(&self) -> usize {
        self.rule
    }
}

/// A forbidden occurrence in a file, before anybody asks whether it is new.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// What it is counted by.
    pub key: Key,
    /// The line of the name, from 1.
    pub line: usize,
    /// The effective severity.
    pub severity: Severity,
}

/// What the policy says of an import, and what the import resolves to.
pub struct Judged<'s, 'i> {
    /// The rule and entry that decide.
    pub decision: Decision<'s>,
    /// The kind, [`Kind::Wildcard`] included.
    pub kind: Kind,
    /// The resolved path that the entry matched.
    pub resolved: Candidate<'i>,
}

impl Judged<'_, '_> {
    /// What the import is counted by.
    #[must_use]
    pub fn key(&self, language: &dyn Language) -> Key {
        Key::new(self.decision.rule_index, self.path(language).as_bytes())
    }

    /// The resolved path as reports and counts write it.
    #[must_use]
    pub fn path(&self, language: &dyn Language) -> String {
        let segments: Vec<&str> = self.resolved.iter().map(AsRef::as_ref).collect();
        (language.notation().join)(&segments)
    }
}

/// An occurrence that is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fresh {
    /// Index into [`Changes::files`](crate::git::Changes::files).
    pub file: usize,
    /// Index into the file's occurrences.
    pub ordinal: usize,
    /// Whether its line is added against every old side. If not, something around it made it code.
    pub on_added_line: bool,
}

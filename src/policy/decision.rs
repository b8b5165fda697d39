//! What the policy says of an import or a line of one file.

use std::ops::Range;

use super::{Date, Entry, Excuse, Rule, Severity};

/// Decision that an import is forbidden.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'p> {
    /// The rule that forbids it.
    pub rule: &'p Rule,
    /// Index of the rule in [`Policy::rules`](super::Policy::rules).
    pub rule_index: usize,
    /// The rule's most specific matching entry.
    pub entry: &'p Entry,
    /// Index of the candidate that the entry matches.
    pub candidate: usize,
    /// Number of leading segments of the candidate that the entry matches, the fewest if several numbers match. For a
    /// star import that [may bring](super::Scope::decide_wildcard) a forbidden name, all segments.
    pub matched: usize,
    /// Severity after date, caps and the kind's own limit; never [`Severity::Off`].
    pub severity: Severity,
    /// Excuse without which it would block.
    pub excuse: Option<&'p Excuse>,
    /// Date from which it will block, if it does not yet and no cap prevents it.
    pub block_from: Option<Date>,
}

/// Match of a line rule.
#[derive(Clone, Debug)]
pub struct LineMatch<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// Index of the rule in [`Policy::rules`](super::Policy::rules).
    pub rule_index: usize,
    /// Line number, from 1.
    pub line: usize,
    /// Byte range of the first match in the line.
    pub range: Range<usize>,
    /// Severity after date and caps; never [`Severity::Off`].
    pub severity: Severity,
    /// Excuse without which it would block.
    pub excuse: Option<&'p Excuse>,
    /// Date from which it will block, if it does not yet and no cap prevents it.
    pub block_from: Option<Date>,
}

//! The scanner's state, and the steps that every part of it takes.

use std::ops::Range;

use crate::lang::Import;

/// A literal whose interpolation the scanner is in.
pub(super) struct Literal {
    /// Where it opens, its signs `#` included.
    pub(super) start: usize,
    /// How many signs `#` it has.
    pub(super) raw: usize,
    /// Whether it may have several lines.
    pub(super) lines: bool,
    /// How many brackets were open outside.
    pub(super) brackets: usize,
    /// How much was told before.
    pub(super) quiet: usize,
}

/// A scan of one text.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a [u8],
    pub(super) rows: Vec<Import<'a>>,
    /// What is no code, where somebody asks.
    pub(super) quiet: Option<Vec<Range<usize>>>,
    /// The literals in whose `\(` the scanner is, outermost first.
    pub(super) open: Vec<Literal>,
    /// How many brackets are open in the innermost one.
    pub(super) brackets: usize,
    /// How many bytes may be read in vain or twice.
    budget: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8], quiet: Option<Vec<Range<usize>>>) -> Self {
        let budget = text.len().saturating_mul(16) + (64 << 10);
        Self { text, rows: Vec::new(), quiet, open: Vec::new(), brackets: 0, budget }
    }

    /// These bytes are no code.
    pub(super) fn is_quiet(&mut self, range: Range<usize>) {
        if let Some(quiet) = &mut self.quiet {
            quiet.push(range);
        }
    }

    /// Whether so many bytes may be read in vain or twice.
    pub(super) fn affords(&mut self, bytes: usize) -> bool {
        let left = self.budget.checked_sub(bytes);
        self.budget = left.unwrap_or(0);
        left.is_some()
    }
}

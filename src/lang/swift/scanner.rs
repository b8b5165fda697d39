//! The scanner's state, and the steps shared by its parts.

use std::ops::Range;

use crate::lang::Import;

/// A literal that the scanner left for the code in its interpolation.
pub(super) struct Literal {
    /// Offset of its opening, including its `#` signs.
    pub(super) start: usize,
    /// Number of its `#` signs.
    pub(super) raw: usize,
    /// Whether it may span several lines.
    pub(super) lines: bool,
    /// Number of open brackets outside.
    pub(super) brackets: usize,
    /// Number of non-code ranges before the literal.
    pub(super) quiet: usize,
}

/// A scan of one text.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a [u8],
    pub(super) rows: Vec<Import<'a>>,
    /// Ranges that are not code, if the caller wants them.
    pub(super) quiet: Option<Vec<Range<usize>>>,
    /// Literals whose `\(` the scanner is in, outermost first.
    pub(super) open: Vec<Literal>,
    /// Number of open brackets in the innermost interpolation.
    pub(super) brackets: usize,
    /// Number of bytes that rescans and failed lookaheads may still cost.
    budget: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8], quiet: Option<Vec<Range<usize>>>) -> Self {
        let budget = text.len().saturating_mul(16) + (64 << 10);
        Self { text, rows: Vec::new(), quiet, open: Vec::new(), brackets: 0, budget }
    }

    /// Records a range that is not code.
    pub(super) fn is_quiet(&mut self, range: Range<usize>) {
        if let Some(quiet) = &mut self.quiet {
            quiet.push(range);
        }
    }

    /// Takes `bytes` from the budget for rescans and failed lookaheads. Returns whether it was large enough.
    pub(super) fn affords(&mut self, bytes: usize) -> bool {
        let left = self.budget.checked_sub(bytes);
        self.budget = left.unwrap_or(0);
        left.is_some()
    }
}

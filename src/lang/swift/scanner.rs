//! The scanner's state, and the steps shared by its parts.

use std::ops::Range;

use crate::lang::Import;
use crate::lang::backtrack::{Budget, QuietRanges};

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
    /// Ranges that are not code.
    pub(super) quiet: QuietRanges,
    /// Literals whose `\(` the scanner is in, outermost first.
    pub(super) open: Vec<Literal>,
    /// Number of open brackets in the innermost interpolation.
    pub(super) brackets: usize,
    /// Number of bytes that rescans and failed lookaheads may still cost.
    pub(super) budget: Budget,
    /// A part of a line, up to its end.
    pub(super) line: Range<usize>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8], quiet: QuietRanges) -> Self {
        let budget = Budget::of(text);
        Self { text, rows: Vec::new(), quiet, open: Vec::new(), brackets: 0, budget, line: 0..0 }
    }
}

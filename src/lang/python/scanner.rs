//! The scanner's state: open constructs, and the rows found so far.

use std::ops::Range;

use crate::lang::Import;

use super::blocks::Blocks;
use super::literal::Quotes;
use super::renamed::Renamed;
use super::trivia::Trivia;

/// An f-string or t-string that the scanner is in.
pub(super) struct Format {
    pub(super) quotes: Quotes,
    pub(super) raw: bool,
    /// Number of its open format specifications.
    pub(super) specifications: usize,
    /// Bracket depth before it; with `start` and `rows`, the state to rewind to if it never closes.
    pub(super) depth: usize,
    pub(super) start: usize,
    pub(super) rows: usize,
}

/// A call that added rows and whose bracket is still open.
pub(super) struct OpenCall {
    pub(super) rows: Range<usize>,
    pub(super) depth: usize,
    pub(super) formats: usize,
}

/// Rows of a call whose callee has a name that an import statement gave it.
pub(super) struct ByLocal {
    pub(super) rows: Range<usize>,
    pub(super) local: String,
}

/// A scan of one text.
pub(super) struct Scanner<'a, W> {
    pub(super) text: &'a [u8],
    pub(super) watch: W,
    pub(super) stray: Option<usize>,
    pub(super) rows: Vec<Import<'a>>,
    /// Number of open brackets; in a replacement field, since its start.
    pub(super) depth: usize,
    pub(super) formats: Vec<Format>,
    pub(super) calls: Vec<OpenCall>,
    pub(super) renamed: Renamed,
    pub(super) by_local: Vec<ByLocal>,
    pub(super) blocks: Blocks,
    pub(super) trivia: Trivia,
    /// Whether triple quotes are known not to close any more, for `'''` and for `"""`.
    pub(super) unclosed: [bool; 2],
    pub(super) unclosed_quotes: usize,
}

impl<W> Scanner<'_, W> {
    /// Drops all open brackets, f-strings and calls: a statement starts here, whatever seemed open.
    pub(super) fn reset(&mut self) {
        self.depth = 0;
        self.formats.clear();
        self.calls.clear();
    }
}

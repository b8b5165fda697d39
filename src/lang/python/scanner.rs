//! The scanner's state: what is open, and what was found.

use std::ops::Range;

use crate::lang::Import;

use super::blocks::Blocks;
use super::literal::Quotes;
use super::trivia::Trivia;

/// An f-string or t-string that the scanner is in.
pub(super) struct Format {
    pub(super) quotes: Quotes,
    pub(super) raw: bool,
    /// How many of its replacement fields have come to their format specification.
    pub(super) specifications: usize,
    /// What was open, and found, before it: for the return where it never closes.
    pub(super) depth: usize,
    pub(super) start: usize,
    pub(super) rows: usize,
}

/// A call with rows, until its bracket closes.
pub(super) struct OpenCall {
    pub(super) rows: Range<usize>,
    pub(super) depth: usize,
    pub(super) formats: usize,
}

/// A scan of one text.
pub(super) struct Scanner<'a, W> {
    pub(super) text: &'a [u8],
    pub(super) watch: W,
    pub(super) stray: Option<usize>,
    pub(super) rows: Vec<Import<'a>>,
    /// How many brackets are open; in a replacement field, since its start.
    pub(super) depth: usize,
    pub(super) formats: Vec<Format>,
    pub(super) calls: Vec<OpenCall>,
    pub(super) blocks: Blocks,
    pub(super) trivia: Trivia,
    /// Whether triple quotes of either sign are known not to close any more.
    pub(super) unclosed: [bool; 2],
    pub(super) accidents: usize,
}

impl<W> Scanner<'_, W> {
    /// Forgets all that is open: a statement starts here, whatever it looked like.
    pub(super) fn reset(&mut self) {
        self.depth = 0;
        self.formats.clear();
        self.calls.clear();
    }
}

//! The scanner's state: what is open, what was found, and what it may still cost.

use std::ops::Range;

use crate::kind::Kind;
use crate::lang::{Form, Import};

use super::back::Passed;

/// Brackets, templates and elements within each other. Beyond, all that is open is forgotten.
const MAX_FRAMES: usize = 1 << 16;

/// How a file is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Dialect {
    /// `<a>` is an element, where an operand is expected.
    pub(super) jsx: bool,
    /// It has types: `import("m").A` may be one.
    pub(super) types: bool,
    /// It has nothing but types.
    pub(super) declarations: bool,
}

/// What else is wanted of a scan than its rows.
pub(super) trait Watch {
    /// Whether the scan may stop at `MAX_IMPORTS`.
    const ROWS: bool;
    /// A comment, or what stands between quotes or tags: text that is not code.
    fn quiet(&mut self, _text: &[u8], _range: Range<usize>) {}
    /// A regular expression.
    fn pattern(&mut self, _text: &[u8], _range: Range<usize>) {}
    /// What was told of the text from here on was told too early; it is scanned anew.
    fn back(&mut self, _text: &[u8], _to: usize) {}
}

/// Nothing else is wanted.
pub(super) struct Nothing;

impl Watch for Nothing {
    const ROWS: bool = true;
}

/// What is open.
#[derive(Clone, Copy, Debug)]
pub(super) enum Frame {
    Paren(usize),
    Brace(usize),
    Template(Start),
    /// A tag that is not at its end.
    Tag(Start),
    /// An element whose closing tag is to come.
    Element(Start),
}

impl Frame {
    /// Where it began, if it may have been taken for what it is not.
    pub(super) fn guessed(self) -> Option<Start> {
        match self {
            Self::Template(start) | Self::Tag(start) | Self::Element(start) => Some(start),
            Self::Paren(_) | Self::Brace(_) => None,
        }
    }
}

/// Where a frame began, to go back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) at: usize,
    pub(super) rows: usize,
}

/// Kind and form of the rows of a call.
#[derive(Clone, Copy)]
pub(super) struct RowKind {
    pub(super) kind: Kind,
    pub(super) form: Form,
}

/// A scan of one text.
pub(super) struct Scanner<'a, W> {
    pub(super) text: &'a [u8],
    pub(super) dialect: Dialect,
    pub(super) watch: W,
    pub(super) rows: Vec<Import<'a>>,
    pub(super) frames: Vec<Frame>,
    pub(super) passed: Passed,
    /// How many bytes may still be read in vain.
    pub(super) budget: usize,
    /// An `import(…)` that belongs to the row of the call around it.
    pub(super) claimed: usize,
}

impl<W: Watch> Scanner<'_, W> {
    /// Takes so many bytes from the budget; whether it had them.
    pub(super) fn pay(&mut self, bytes: usize) -> bool {
        let paid = self.budget.checked_sub(bytes);
        self.budget = paid.unwrap_or(self.budget);
        paid.is_some()
    }

    pub(super) fn start(&self, at: usize) -> Start {
        Start { at, rows: self.rows.len() }
    }

    pub(super) fn push(&mut self, frame: Frame) {
        if self.frames.len() >= MAX_FRAMES {
            self.frames.clear();
        }
        self.frames.push(frame);
    }

    /// Forgets what was found since a start, and returns whether that can be paid.
    pub(super) fn go_back(&mut self, start: Start, at: usize) -> bool {
        let paid = self.pay(at.saturating_sub(start.at));
        if paid {
            self.rows.truncate(start.rows);
            self.watch.back(self.text, start.at);
        }
        paid
    }
}

//! State of the scanner: open frames, rows found, and the remaining budget.

use std::ops::Range;

use crate::kind::Kind;
use crate::lang::{Form, Import};

use super::back::Passed;

/// Maximum nesting of brackets, templates and elements, in levels; beyond it, all are dropped.
const MAX_FRAMES: usize = 1 << 16;

/// How a file is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Dialect {
    /// `<a>` is an element, where an operand is expected.
    pub(super) jsx: bool,
    /// The file may have types: `import("m").A` may be one.
    pub(super) types: bool,
    /// The file has nothing but types.
    pub(super) declarations: bool,
}

/// Receiver of what a scan finds besides its rows.
pub(super) trait Watch {
    /// Whether only the rows are wanted, so that the scan may stop at `MAX_IMPORTS`.
    const ROWS: bool;
    /// Reports a comment, or text between quotes or tags: text that is not code.
    fn quiet(&mut self, _text: &[u8], _range: Range<usize>) {}
    /// Reports a regular expression.
    fn pattern(&mut self, _text: &[u8], _range: Range<usize>) {}
    /// Takes back all reports on the text from `to` on, which is scanned again.
    fn back(&mut self, _text: &[u8], _to: usize) {}
}

/// A watch that wants the rows only.
pub(super) struct Nothing;

impl Watch for Nothing {
    const ROWS: bool = true;
}

/// An open construct.
#[derive(Clone, Copy, Debug)]
pub(super) enum Frame {
    Paren(usize),
    Brace(Brace),
    Template(Start),
    /// A tag whose end is not reached yet.
    Tag(Start),
    /// An element whose closing tag is not reached yet.
    Element(Start),
}

impl Frame {
    /// Returns the start of a frame that may have been a wrong guess.
    pub(super) fn guessed(self) -> Option<Start> {
        match self {
            Self::Template(start) | Self::Tag(start) | Self::Element(start) => Some(start),
            Self::Paren(_) | Self::Brace(_) => None,
        }
    }
}

/// Open braces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brace {
    pub(super) at: usize,
    pub(super) holds: Holds,
    /// Whether an operand ends with them: an object, or a function or class that is an expression.
    pub(super) is_operand: bool,
    /// Number of `?` whose `:` has not come yet; counted in a `switch` only.
    pub(super) questions: u32,
}

/// What stands directly within braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Statements,
    /// The cases of a `switch`.
    Cases,
    /// The members of a class.
    Members,
    /// Properties, or an expression in a template or an element.
    Values,
}

impl Brace {
    /// Returns the braces around an expression.
    pub(super) fn values(at: usize) -> Self {
        Self { at, holds: Holds::Values, is_operand: true, questions: 0 }
    }
}

/// Start of a frame, to backtrack to.
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

/// The scan of one text.
pub(super) struct Scanner<'a, W> {
    pub(super) text: &'a [u8],
    pub(super) dialect: Dialect,
    pub(super) watch: W,
    pub(super) rows: Vec<Import<'a>>,
    pub(super) frames: Vec<Frame>,
    pub(super) passed: Passed,
    /// Remaining budget for backtracking and failed lookahead, in bytes.
    pub(super) budget: usize,
    /// Offset of an `import(…)` that the row of the enclosing call covers.
    pub(super) claimed: usize,
    /// Classes with `extends` whose body has not come yet: number of open frames, and whether it is an operand.
    pub(super) heritages: Vec<(usize, bool)>,
    /// Where the next word ends without which no import can follow, if the scan may end before the text does.
    pub(super) next_word_end: usize,
}

impl<W: Watch> Scanner<'_, W> {
    /// Takes `bytes` from the budget; returns whether it sufficed.
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

    /// Discards what was found since `start` if the budget covers that; returns whether it did.
    pub(super) fn go_back(&mut self, start: Start, at: usize) -> bool {
        let paid = self.pay(at.saturating_sub(start.at));
        if paid {
            self.rows.truncate(start.rows);
            self.watch.back(self.text, start.at);
        }
        paid
    }
}

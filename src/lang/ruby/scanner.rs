//! The scanner's state, and the steps shared by its parts.

use std::ops::Range;

use memchr::memchr;

use crate::lang::Import;
use crate::lang::backtrack::{Budget, QuietRanges};
use crate::lang::lex::{byte, is_space, rest};

use super::bytes::back_blanks;

/// A literal that was opened.
pub(super) struct Literal {
    /// Offset of its opening.
    pub(super) start: usize,
    /// Start of the content that is not yet blanked.
    pub(super) content: usize,
    /// The closing delimiter; for a heredoc, a line feed.
    pub(super) close: u8,
    /// The delimiter that opens a nested level, if it differs from the closing one.
    pub(super) opens: Option<u8>,
    pub(super) depth: usize,
    pub(super) interpolates: bool,
    pub(super) heredoc: Option<Heredoc>,
    /// Number of open braces outside.
    pub(super) braces: usize,
    /// Number of imports found before the literal.
    pub(super) rows: usize,
    pub(super) quiet: usize,
}

/// The additional state of a heredoc.
pub(super) struct Heredoc {
    pub(super) id: Range<usize>,
    /// Whether whitespace may precede the closing line.
    pub(super) indented: bool,
    /// Offset after the opening, where the code goes on.
    pub(super) back: usize,
    /// Offset of the line end after which the body begins.
    pub(super) line_end: usize,
    /// The closing line, as far as is known.
    pub(super) last: Range<usize>,
}

/// Comments with nothing but white space between them.
struct Comments {
    start: usize,
    end: usize,
    /// Where looking back stops before them.
    code_from: usize,
}

/// Maximum number of groups of comments that are kept: a call has no more places for them.
const MAX_COMMENTS: usize = 8;

/// A scan of one text.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a [u8],
    pub(super) rows: Vec<Import<'a>>,
    /// Ranges that are not code.
    pub(super) quiet: QuietRanges,
    /// Literals whose `#{` the scanner is in, outermost first.
    pub(super) open: Vec<Literal>,
    /// Number of open braces in the innermost interpolation.
    pub(super) braces: usize,
    /// End of the last literal, comment or `#{`: looking back stops there.
    pub(super) code_from: usize,
    /// The last comments with nothing but code between them, oldest first; the last ends at `code_from`, or all are past.
    comments: Vec<Comments>,
    /// End of the last literal.
    pub(super) value_end: Option<usize>,
    /// Offset of the line end after which heredocs were already read, and the offset after them.
    pub(super) jump: Option<(usize, usize)>,
    /// The most recent lookup of a line end: an offset and the end of its line. Lines may be long and looked up often.
    pub(super) line: Range<usize>,
    /// Number of bytes that rescans and failed lookaheads may still cost.
    pub(super) budget: Budget,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8], quiet: QuietRanges) -> Self {
        Self {
            text,
            rows: Vec::new(),
            quiet,
            open: Vec::new(),
            braces: 0,
            code_from: 0,
            comments: Vec::new(),
            value_end: None,
            jump: None,
            line: usize::MAX..usize::MAX,
            budget: Budget::of(text),
        }
    }

    /// Returns the offset past the line end at `at`, and past the heredocs after it.
    pub(super) fn past_line_end(&mut self, at: usize) -> usize {
        match self.jump {
            Some((line_end, resume)) if line_end == at => {
                self.code_from = resume;
                resume
            }
            _ => at + 1,
        }
    }

    /// Records the comment at `start..end`, which code may precede.
    pub(super) fn past_comment(&mut self, start: usize, end: usize) {
        if self.comments.last().is_some_and(|last| last.end != self.code_from) {
            self.comments.clear();
        }
        let blank = |from: usize| self.text.get(from..start).unwrap_or_default().iter().all(|&byte| is_space(byte));
        match self.comments.last_mut() {
            Some(last) if blank(last.end) => last.end = end,
            _ => {
                if self.comments.len() == MAX_COMMENTS {
                    self.comments.remove(0);
                }
                self.comments.push(Comments { start, end, code_from: self.code_from });
            }
        }
        self.code_from = end;
    }

    /// Goes back over white space, line ends and comments, no further than `floor`, the end of a literal or of comments.
    /// Returns where the code before ends, and the floor there.
    pub(super) fn back_over_lines(&self, mut at: usize, mut floor: usize) -> (usize, usize) {
        loop {
            at = back_blanks(self.text, at, floor);
            let comments = || self.comments.iter().find(|comments| at == floor && comments.end == at);
            if at > floor && is_space(byte(self.text, at - 1)) {
                at -= 1;
            } else if let Some(comments) = comments() {
                (at, floor) = (comments.start, comments.code_from);
            } else {
                return (at, floor);
            }
        }
    }

    /// Returns the offset of the line feed that ends the line of `at`; a lone carriage return does not end a line.
    pub(super) fn end_of_line(&mut self, at: usize) -> usize {
        if !(self.line.start..=self.line.end).contains(&at) {
            self.line = at..memchr(b'\n', rest(self.text, at)).map_or(self.text.len(), |length| at + length);
        }
        self.line.end
    }
}

//! The scanner's state, and the steps that every part of it takes.

use std::ops::Range;

use memchr::memchr;

use crate::lang::Import;
use crate::lang::lex::rest;

/// A literal, from its opening on.
pub(super) struct Literal {
    /// Where it opens.
    pub(super) start: usize,
    /// Where the content starts that is not told yet.
    pub(super) content: usize,
    /// The sign that closes it; of a heredoc, a line feed.
    pub(super) close: u8,
    /// The sign that opens another level, where it is not the one that closes.
    pub(super) opens: Option<u8>,
    pub(super) depth: usize,
    pub(super) interpolates: bool,
    pub(super) heredoc: Option<Heredoc>,
    /// How many braces were open outside.
    pub(super) braces: usize,
    /// How much was found before.
    pub(super) rows: usize,
    pub(super) quiet: usize,
}

/// The part of a literal that a heredoc alone has.
pub(super) struct Heredoc {
    pub(super) id: Range<usize>,
    /// Blanks may stand before the line that closes it.
    pub(super) indented: bool,
    /// Where the code goes on behind the opening.
    pub(super) back: usize,
    /// The line end behind which it stands.
    pub(super) line_end: usize,
    /// The line that closes it, as far as is known.
    pub(super) last: Range<usize>,
}

/// A scan of one text.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a [u8],
    pub(super) rows: Vec<Import<'a>>,
    /// What is no code, where somebody asks.
    pub(super) quiet: Option<Vec<Range<usize>>>,
    /// The literals in whose `#{` the scanner is, outermost first.
    pub(super) open: Vec<Literal>,
    /// How many braces are open in the innermost one.
    pub(super) braces: usize,
    /// Where the last literal, comment or `#{` ended: what stands before is no code of this place.
    pub(super) code_from: usize,
    /// Where the last literal ended.
    pub(super) value_end: Option<usize>,
    /// The line end behind which heredocs stand that were read already, and where the code goes on.
    pub(super) jump: Option<(usize, usize)>,
    /// A place and the end of its line, as looked up last: a line may be long, and much be asked about it.
    pub(super) line: Range<usize>,
    /// How many bytes may be read in vain or twice.
    pub(super) budget: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8], quiet: Option<Vec<Range<usize>>>) -> Self {
        Self {
            text,
            rows: Vec::new(),
            quiet,
            open: Vec::new(),
            braces: 0,
            code_from: 0,
            value_end: None,
            jump: None,
            line: usize::MAX..usize::MAX,
            budget: text.len().saturating_mul(16) + (64 << 10),
        }
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

    /// Past the line end at `at`, and past the heredocs behind it.
    pub(super) fn past_line_end(&mut self, at: usize) -> usize {
        match self.jump {
            Some((line_end, resume)) if line_end == at => {
                self.code_from = resume;
                resume
            }
            _ => at + 1,
        }
    }

    /// The line feed that ends the line of `at`; a carriage return alone ends none.
    pub(super) fn end_of_line(&mut self, at: usize) -> usize {
        if !(self.line.start..=self.line.end).contains(&at) {
            self.line = at..memchr(b'\n', rest(self.text, at)).map_or(self.text.len(), |length| at + length);
        }
        self.line.end
    }
}

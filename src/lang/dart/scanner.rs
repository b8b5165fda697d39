//! The scanner: one pass over a text, skipping comments and strings, to the strings that follow a directive's keyword.

use std::ops::Range;

use memchr::{memchr2, memchr3};

use crate::lang::backtrack::{Budget, QuietRanges};
use crate::lang::lex::{byte, is_line_end, is_space, is_word, line_end, past_nested, past_plain, rest, starts};
use crate::lang::{Import, MAX_IMPORTS};

use super::class::{ByteClass, CLASS};
use super::directive;
use super::text::is_raw;

/// Maximum nesting of strings; deeper, `${` is text.
const MAX_DEPTH: usize = 400;

/// Returns every import of the text.
pub(super) fn imports(text: &[u8]) -> Vec<Import<'_>> {
    let mut scanner = Scanner::new(text, QuietRanges::ignored());
    scanner.run();
    let mut rows = scanner.rows;
    rows.truncate(MAX_IMPORTS + 1);
    rows
}

/// Returns the text with comments and the contents of strings blanked.
pub(super) fn blank(text: &[u8]) -> Vec<u8> {
    let mut scanner = Scanner::new(text, QuietRanges::kept());
    scanner.run();
    scanner.quiet.blank(text)
}

/// A string that the scanner left for the code in its interpolation.
struct Literal {
    start: usize,
    quote: u8,
    triple: bool,
    /// Number of open braces outside.
    braces: usize,
    /// Number of non-code ranges before the string.
    quiet: usize,
}

struct Scanner<'a> {
    text: &'a [u8],
    rows: Vec<Import<'a>>,
    /// Ranges that are not code.
    quiet: QuietRanges,
    /// Strings whose `${` the scanner is in, outermost first.
    open: Vec<Literal>,
    /// Number of open braces in the innermost interpolation.
    braces: usize,
    /// End of the last comment or string: no keyword precedes it.
    code_from: usize,
    /// The last comments with nothing but white space between them, and the end of what is no code before them.
    comments: Range<usize>,
    before_comments: usize,
    /// End of the last directive that was read.
    read: usize,
    /// Number of bytes that rescans and failed lookaheads may still cost.
    budget: Budget,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a [u8], quiet: QuietRanges) -> Self {
        let budget = Budget::of(text);
        Self {
            text,
            rows: Vec::new(),
            quiet,
            open: Vec::new(),
            braces: 0,
            code_from: 0,
            comments: usize::MAX..usize::MAX,
            before_comments: 0,
            read: 0,
            budget,
        }
    }

    fn run(&mut self) {
        let mut at = if starts(self.text, 0, b"#!") { self.comment(0) } else { 0 };
        while self.rows.len() <= MAX_IMPORTS {
            at = past_plain(self.text, at, &CLASS, ByteClass::Plain);
            let Some(&next) = self.text.get(at) else {
                // A string still open at the end of the text was not a string.
                let outermost = self.open.drain(..).next();
                let Some(back) = outermost.and_then(|string| self.lost(&string, self.text.len())) else { return };
                at = back;
                continue;
            };
            at = match CLASS[usize::from(next)] {
                ByteClass::Plain => at + 1,
                ByteClass::Quote => self.string(at),
                ByteClass::Slash => match byte(self.text, at + 1) {
                    b'/' => self.comment(at),
                    b'*' => self.block_comment(at),
                    _ => at + 1,
                },
                ByteClass::Open => {
                    self.braces += 1;
                    at + 1
                }
                ByteClass::Close => self.close(at),
            };
        }
    }

    fn comment(&mut self, at: usize) -> usize {
        let end = line_end(self.text, at);
        self.quiet.add(at + 2..end);
        self.past_comment(at, end);
        end
    }

    fn block_comment(&mut self, at: usize) -> usize {
        let end = past_nested(self.text, at + 2, *b"/*", *b"*/");
        if end == self.text.len() && !self.text.ends_with(b"*/") && self.budget.affords(end - at) {
            return self.comment(at);
        }
        self.quiet.add(at + 2..end.saturating_sub(2).max(at + 2));
        self.past_comment(at, end);
        end
    }

    /// Records the comment at `start..end`, which a keyword may precede.
    fn past_comment(&mut self, start: usize, end: usize) {
        let between = self.text.get(self.comments.end..start).unwrap_or_default();
        if self.comments.end == self.code_from && between.iter().all(|&byte| is_space(byte)) {
            self.comments.end = end;
        } else {
            (self.comments, self.before_comments) = (start..end, self.code_from);
        }
        self.code_from = end;
    }

    fn close(&mut self, at: usize) -> usize {
        if self.braces > 0 {
            self.braces -= 1;
            return at + 1;
        }
        match self.open.pop() {
            Some(literal) => {
                self.braces = literal.braces;
                self.content(literal, at + 1)
            }
            None => at + 1,
        }
    }

    fn string(&mut self, at: usize) -> usize {
        let raw = is_raw(self.text, at);
        self.asked(if raw { at - 1 } else { at });
        let quote = byte(self.text, at);
        let triple = starts(self.text, at, &[quote; 3]);
        let quiet = self.quiet.len();
        let literal = Literal { start: at, quote, triple, braces: self.braces, quiet };
        let from = at + if triple { 3 } else { 1 };
        if raw { self.raw(&literal, from) } else { self.content(literal, from) }
    }

    /// Adds the imports of a directive if the string at `at` is its URI.
    fn asked(&mut self, at: usize) {
        let text = self.text;
        let back = |from: usize, at: usize| {
            let before = text.get(from..at).unwrap_or_default();
            at - before.iter().rev().take_while(|&&byte| is_space(byte)).count()
        };
        let (mut from, mut end) = (self.code_from, back(self.code_from, at));
        if end == from && self.comments.end == from {
            from = self.before_comments;
            end = back(from, self.comments.start);
        }
        if end <= from || byte(text, end - 1) != b't' || at < self.read {
            return;
        }
        let word = text.get(from..end).unwrap_or_default().iter().rev();
        let start = end - word.take(16).take_while(|&&byte| is_word(byte) || byte == b'$').count();
        if matches!(start.checked_sub(1).and_then(|at| text.get(at)), Some(b'.')) {
            return;
        }
        if let Some(directive) = directive::read(text, start, Some(at), &mut self.budget) {
            self.read = directive.place.end;
            directive.rows(text, &mut self.rows);
            // No string extends over a directive, so the open ones were not strings.
            self.open.clear();
            self.braces = 0;
        }
    }

    fn raw(&mut self, literal: &Literal, from: usize) -> usize {
        let mut at = from;
        loop {
            let near = rest(self.text, at);
            let found = if literal.triple {
                memchr::memchr(literal.quote, near)
            } else {
                memchr3(literal.quote, b'\n', b'\r', near)
            };
            let Some(length) = found else { return self.unclosed(literal, from) };
            at += length;
            if literal.triple && !starts(self.text, at, &[literal.quote; 3]) {
                at += 1;
                continue;
            }
            return self.closed(literal, from, at);
        }
    }

    /// Skips the content of an interpolating string from `from` on.
    fn content(&mut self, literal: Literal, from: usize) -> usize {
        let mut at = from;
        loop {
            let near = rest(self.text, at);
            let quote = literal.quote;
            let found = if literal.triple {
                memchr3(quote, b'\\', b'$', near)
            } else {
                near.iter().position(|&byte| byte == quote || matches!(byte, b'\\' | b'$' | b'\n' | b'\r'))
            };
            let Some(length) = found else { return self.unclosed(&literal, from) };
            at += length;
            match byte(self.text, at) {
                b'\\' => at = if literal.triple || !is_line_end(byte(self.text, at + 1)) { at + 2 } else { at + 1 },
                b'$' if byte(self.text, at + 1) == b'{' && self.open.len() < MAX_DEPTH => {
                    self.quiet.add(from..at);
                    self.code_from = at + 2;
                    self.braces = 0;
                    self.open.push(literal);
                    return at + 2;
                }
                b'$' => at += 1,
                _ if literal.triple && !starts(self.text, at, &[quote; 3]) => at += 1,
                _ => return self.closed(&literal, from, at),
            }
            if at > self.text.len() {
                return self.unclosed(&literal, from);
            }
        }
    }

    /// Closes a string that ends at `at`, by its quotes or by its line end.
    fn closed(&mut self, literal: &Literal, from: usize, at: usize) -> usize {
        self.quiet.add(from..at);
        let quotes = if byte(self.text, at) != literal.quote {
            0
        } else if literal.triple {
            3
        } else {
            1
        };
        self.code_from = at + quotes;
        at + quotes
    }

    fn unclosed(&mut self, literal: &Literal, from: usize) -> usize {
        let end = self.text.len();
        if literal.triple
            && let Some(back) = self.lost(literal, end)
        {
            return back;
        }
        self.quiet.add(from..end);
        end
    }

    /// Ends an unclosed string at the end of its line. `at` is the end of the bytes read so far; `None` if the budget
    /// is spent.
    fn lost(&mut self, literal: &Literal, at: usize) -> Option<usize> {
        if !self.budget.affords(at.saturating_sub(literal.start)) {
            return None;
        }
        self.quiet.truncate(literal.quiet);
        self.braces = literal.braces;
        let end = memchr2(b'\n', b'\r', rest(self.text, literal.start))
            .map_or(self.text.len(), |length| literal.start + length);
        self.quiet.add(literal.start + 1..end);
        self.code_from = end;
        Some(end)
    }
}

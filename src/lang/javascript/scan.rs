//! The scanner: one pass over a text, skipping strings, comments, templates, regular expressions
//! and the text of elements.
//!
//! It tells code from other text and knows nothing else of the language: an import is its keyword
//! and what follows it. Nesting is kept on an explicit stack. A construct that fails to close is
//! rescanned as something else while the budget lasts: every failed guess costs its length.

use std::ops::Range;

use crate::lang::lex::{byte, past_plain, starts};
use crate::lang::{Import, MAX_IMPORTS, import};

use super::back::Passed;
use super::bytes::{
    ByteClass, CLASS, CLASS_IN_SWITCH, line_end, name_end, name_start, past_comment, skip, starts_word, word_at,
};
use super::literal::{content_end, name};
use super::next_word::next_word_end;
use super::scanner::{Brace, Dialect, Frame, Holds, Scanner, Watch};
use super::{references, statement};

/// Scans a text from offset `from` on; returns its rows in file order, and the watch.
pub(super) fn scan<W: Watch>(text: &[u8], from: usize, dialect: Dialect, watch: W) -> (Vec<Import<'_>>, W) {
    let budget = text.len().saturating_sub(from).saturating_mul(4) + (1 << 16);
    let mut scanner = Scanner {
        text,
        dialect,
        watch,
        rows: Vec::new(),
        frames: Vec::new(),
        passed: Passed::default(),
        budget,
        claimed: usize::MAX,
        heritages: Vec::new(),
        next_word_end: if W::ROWS { 0 } else { usize::MAX },
    };
    references::read(text, from, &mut scanner.rows);
    scanner.run(from);
    let Scanner { mut rows, watch, .. } = scanner;
    import::sort(&mut rows);
    rows.truncate(MAX_IMPORTS + 1);
    (rows, watch)
}

impl<W: Watch> Scanner<'_, W> {
    fn run(&mut self, from: usize) {
        let mut at = from;
        if at == 0 && starts(self.text, 0, b"#!") {
            at = line_end(self.text, 0);
            self.watch.quiet(self.text, 0..at);
        }
        loop {
            if at >= self.next_word_end && self.is_over(at) {
                return;
            }
            let in_switch = matches!(self.frames.last(), Some(Frame::Brace(Brace { holds: Holds::Cases, .. })));
            let classes = if in_switch { &CLASS_IN_SWITCH } else { &CLASS };
            at = past_plain(self.text, at, classes, ByteClass::Plain);
            let Some(&next) = self.text.get(at) else {
                match self.rewind() {
                    Some(back) => at = back,
                    None => return,
                }
                continue;
            };
            at = match classes[usize::from(next)] {
                ByteClass::Plain => at + 1,
                ByteClass::Quote => self.string(at),
                ByteClass::Backtick => {
                    let start = self.start(at);
                    self.push(Frame::Template(start));
                    self.resume(at + 1)
                }
                ByteClass::Slash => self.slash(at),
                ByteClass::Less => self.less(at),
                ByteClass::Open => {
                    self.push(Frame::Paren(at));
                    at + 1
                }
                ByteClass::Close => self.close(at),
                ByteClass::OpenBrace => {
                    let brace = self.brace(at);
                    self.push(Frame::Brace(brace));
                    at + 1
                }
                ByteClass::CloseBrace => self.close_brace(at),
                ByteClass::P => self.statement(at),
                ByteClass::Q if self.word_is(at, 2, b"require") => self.require(at - 2, at + 5),
                ByteClass::J if self.word_is(at, 0, b"jest") => self.mock(at, at + 4),
                ByteClass::V if self.word_is(at, 0, b"vi") => self.mock(at, at + 2),
                ByteClass::Q if self.word_is(at, 8, b"createRequire") => self.create_require(at - 8, at + 5),
                ByteClass::K if self.word_is(at, 3, b"mock") => self.mock_by(at - 3, at + 1, &[b"module"]),
                ByteClass::B if self.word_is(at, 3, b"getBuiltinModule") => self.builtin(at - 3, at + 13),
                ByteClass::U if self.word_is(at, 0, b"URL") => self.url(at),
                ByteClass::X if self.word_is(at, 1, b"extends") => self.extends(at - 1),
                ByteClass::Backslash => self.escaped(at),
                ByteClass::Question => self.question(at),
                ByteClass::Colon => self.colon(at),
                ByteClass::Q
                | ByteClass::J
                | ByteClass::V
                | ByteClass::X
                | ByteClass::K
                | ByteClass::B
                | ByteClass::U => at + 1,
            };
            if W::ROWS && self.rows.len() > MAX_IMPORTS {
                return;
            }
        }
    }

    /// Returns whether no import can follow, nor one before be taken back.
    fn is_over(&mut self, at: usize) -> bool {
        let next = next_word_end(self.text, at);
        self.next_word_end = next.unwrap_or(usize::MAX);
        next.is_none() && self.frames.iter().all(|frame| frame.guessed().is_none())
    }

    /// Continues from `at` in the innermost open template, tag or element until code is reached.
    pub(super) fn resume(&mut self, mut at: usize) -> usize {
        while at < self.text.len() {
            at = match self.frames.last() {
                Some(Frame::Template(_)) => self.template(at),
                Some(Frame::Tag(_)) => self.tag(at),
                Some(Frame::Element(_)) => self.element(at),
                Some(Frame::Paren(_) | Frame::Brace(_)) | None => return at,
            };
        }
        at
    }

    /// Backtracks at the end of the text: the outermost unclosed template, tag or element was none.
    fn rewind(&mut self) -> Option<usize> {
        let mut frames = self.frames.iter().enumerate();
        let (depth, start) = frames.find_map(|(depth, frame)| Some((depth, frame.guessed()?)))?;
        self.frames.truncate(depth);
        self.go_back(start, self.text.len()).then_some(start.at + 1)
    }

    fn close(&mut self, at: usize) -> usize {
        if let Some(&Frame::Paren(open)) = self.frames.last() {
            self.frames.pop();
            self.passed.parentheses = open..at + 1;
        }
        at + 1
    }

    fn close_brace(&mut self, at: usize) -> usize {
        // Parentheses still open inside the braces were left open by accident.
        while self.frames.pop_if(|frame| matches!(frame, Frame::Paren(_))).is_some() {}
        if let Some(&Frame::Brace(brace)) = self.frames.last() {
            self.frames.pop();
            self.passed.braces = brace.at..at + 1;
            self.passed.is_operand = brace.is_operand;
        }
        self.resume(at + 1)
    }

    /// Returns whether the word that contains `at`, `before` bytes after its start, is `word`.
    fn word_is(&self, at: usize, before: usize, word: &[u8]) -> bool {
        let Some(start) = at.checked_sub(before) else { return false };
        starts_word(self.text, start) && word_at(self.text, start, word)
    }

    /// Reads the `import` or `export` whose third letter is at `at`.
    fn statement(&mut self, at: usize) -> usize {
        if !starts(self.text, at, b"port") {
            return at + 1;
        }
        let imports = self.word_is(at, 2, b"import");
        if !imports && !self.word_is(at, 2, b"export") {
            return at + 1;
        }
        let (start, end) = (at - 2, at + 4);
        if self.passed.member(self.text, start) {
            return end;
        }
        let read = match byte(self.text, skip(self.text, end)) {
            b'(' | b'.' if imports => return self.import_call(start, end),
            _ if imports => statement::import(self.text, start, &mut self.rows),
            _ => statement::export(self.text, start, &mut self.rows),
        };
        let Some(read) = read else { return end };
        self.passed.statement = read;
        tell_quiet(self.text, start..read, &mut self.watch);
        read
    }

    /// Reads an identifier with an escape, which is only written to hide a name: `requir\u0065`.
    fn escaped(&mut self, at: usize) -> usize {
        let start = name_start(self.text, at);
        let end = name_end(self.text, start).max(at + 1);
        match &*name(self.text, start..end) {
            "require" => self.require(start, end),
            "jest" | "vi" => self.mock(start, end),
            _ => {
                self.passed.operand = end;
                self.passed.escaped = start..end;
                end
            }
        }
    }
}

/// Reports the comments and strings of a statement: the only text in it that is not code.
fn tell_quiet<W: Watch>(text: &[u8], statement: Range<usize>, watch: &mut W) {
    if W::ROWS {
        return;
    }
    let mut at = statement.start;
    while at < statement.end {
        at = match byte(text, at) {
            quote @ (b'"' | b'\'') => {
                let end = content_end(text, at + 1, quote).0;
                watch.quiet(text, at + 1..end);
                end + 1
            }
            b'/' => {
                let end = past_comment(text, at);
                watch.quiet(text, at..end);
                end.max(at + 1)
            }
            _ => at + 1,
        };
    }
}

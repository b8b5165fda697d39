//! The scanner: one pass over a text, skipping strings and comments, from statement to statement.
//!
//! It tracks where statements start and which brackets and f-strings are open, and nothing else of
//! the language: `import` or `from` at the start of a statement is enough to find an import
//! statement. Broken code costs only the statement that it is in: brackets left open end at a line
//! that surely begins a statement, a quote left open ends with its line.

use crate::kind::Kind;
use crate::lang::Import;
use crate::lang::lex::past_plain;

use super::blocks::{Blocks, indentation};
use super::bytes::{
    ByteClass, CLASS, byte, identifier, is_line_end, line_end, past_line_end, skip_indentation, skip_spaces, word_end,
    word_is,
};
use super::conditions;
use super::renamed::Renamed;
use super::scanner::{ByLocal, OpenCall, Scanner};
use super::statement;
use super::trivia::Trivia;
use super::watch::Watch;
use super::{callees, calls};

/// Result of a scan.
pub(super) struct Scan<'a, W> {
    pub(super) rows: Vec<Import<'a>>,
    pub(super) by_local: Vec<ByLocal>,
    pub(super) watch: W,
    /// Number of quotes that never close; a valid program has none.
    pub(super) unclosed_quotes: usize,
}

/// Scans a text. The triple quotes at `stray` are taken for an accident that opens nothing.
pub(super) fn scan<W: Watch>(text: &[u8], watch: W, stray: Option<usize>) -> Scan<'_, W> {
    let mut scanner = Scanner {
        text,
        watch,
        stray,
        rows: Vec::new(),
        depth: 0,
        formats: Vec::new(),
        calls: Vec::new(),
        renamed: Renamed::of(text),
        by_local: Vec::new(),
        blocks: Blocks::default(),
        trivia: Trivia::default(),
        unclosed: [false; 2],
        unclosed_quotes: 0,
    };
    scanner.run();
    let Scanner { rows, by_local, watch, unclosed_quotes, .. } = scanner;
    Scan { rows, by_local, watch, unclosed_quotes }
}

impl<W: Watch> Scanner<'_, W> {
    fn run(&mut self) {
        let mut at = self.line(0);
        loop {
            let from = at;
            at = past_plain(self.text, at, &CLASS, ByteClass::Plain);
            self.watch.code(self.text, from..at);
            let Some(&next) = self.text.get(at) else {
                match self.rewind() {
                    Some(back) => at = back,
                    None => return,
                }
                continue;
            };
            at = match CLASS[usize::from(next)] {
                ByteClass::Plain => at + 1,
                ByteClass::LineEnd => self.line_end(at),
                ByteClass::Comment => self.comment(at),
                ByteClass::Quote => self.string(at),
                ByteClass::Open => self.open(at),
                ByteClass::Close => self.close(at),
                ByteClass::Semicolon => self.semicolon(at),
                ByteClass::Colon => self.colon(at),
                ByteClass::Backslash => self.backslash(at),
            };
        }
    }

    /// Returns whether the scanner is outside all brackets and f-strings.
    fn at_top(&self) -> bool {
        self.depth == 0 && self.formats.is_empty()
    }

    fn line_end(&mut self, at: usize) -> usize {
        let next = past_line_end(self.text, at);
        if self.at_top() {
            return self.line(next);
        }
        self.trivia.add(at..next, self.text);
        let start = skip_indentation(self.text, next);
        if self.begins_statement(start) {
            self.reset();
            return self.line(next);
        }
        if statement::is_marker(self.text, start) { line_end(self.text, start) } else { start }
    }

    /// Returns whether a statement surely begins at `at`, inside brackets that should not be open.
    pub(super) fn begins_statement(&self, at: usize) -> bool {
        let word_after = |word: &[u8]| {
            let name = skip_spaces(self.text, at + word.len());
            word_is(self.text, at, word) && word_end(self.text, name) > name
        };
        match byte(self.text, at) {
            b'i' if word_is(self.text, at, b"if") => conditions::value(self.text, at + 2, &self.renamed).is_some(),
            b'i' | b'f' | b'l' => statement::is_import_statement(self.text, at),
            b'd' => word_after(b"def"),
            b'c' => word_after(b"class"),
            _ => false,
        }
    }

    /// Scans the start of the line at `at`, outside all brackets. Returns where to go on.
    pub(super) fn line(&mut self, at: usize) -> usize {
        self.watch.statement();
        let mut start = skip_indentation(self.text, at);
        let mut first = byte(self.text, start);
        if first == b'\\' {
            start = skip_spaces(self.text, start);
            first = byte(self.text, start);
        }
        if first == b'#' || is_line_end(first) {
            return start;
        }
        self.watch.line(self.text, at);
        // No statement begins like this, but in notebooks magics, shell lines and help requests do.
        let magic = || matches!(first, b'%' | b'!' | b'?');
        if !first.is_ascii_alphabetic() && (magic() || statement::is_marker(self.text, start)) {
            return line_end(self.text, start);
        }
        if matches!(first, b'i' | b'e') || !self.blocks.is_empty() {
            let column;
            (column, start) = indentation(self.text, at);
            self.blocks.statement(self.text, start, column, &self.renamed);
        }
        self.statement(start)
    }

    fn semicolon(&mut self, at: usize) -> usize {
        if self.at_top() {
            self.watch.statement();
        }
        self.small_statement(at + 1)
    }

    /// Scans the start of a statement after a semicolon or a colon. Returns where to go on.
    fn small_statement(&mut self, at: usize) -> usize {
        if self.at_top() { self.statement(skip_spaces(self.text, at)) } else { at }
    }

    fn statement(&mut self, at: usize) -> usize {
        if !matches!(byte(self.text, at), b'i' | b'f' | b'l') {
            return at;
        }
        let kind = if self.blocks.checked() { Kind::TypeOnly } else { Kind::Import };
        let first = self.rows.len();
        let Some(end) = statement::read(self.text, at, kind, &mut self.rows) else { return at };
        self.renamed.add(self.rows.get(first..).unwrap_or_default());
        self.watch.import(at);
        let mut comment = at;
        // Comments between names; an import statement has no strings.
        while let Some(length) = memchr::memchr(b'#', &self.text[comment..end]) {
            let end = line_end(self.text, comment + length);
            self.watch.quiet(self.text, comment + length..end);
            comment = end;
        }
        end
    }

    fn comment(&mut self, at: usize) -> usize {
        let end = line_end(self.text, at);
        self.watch.quiet(self.text, at..end);
        if !self.at_top() {
            self.trivia.add(at..end, self.text);
        }
        end
    }

    fn backslash(&mut self, at: usize) -> usize {
        if !self.text.get(at + 1).is_some_and(|&next| is_line_end(next)) {
            return at + 1;
        }
        let next = past_line_end(self.text, at + 1);
        self.trivia.add(at..next, self.text);
        next
    }

    fn open(&mut self, at: usize) -> usize {
        if self.text[at] == b'(' && (callees::may_open(self.text, at) || !self.renamed.is_empty()) {
            let first = self.rows.len();
            if let Some(called) = calls::read(self.text, at, &self.trivia, &self.renamed, &mut self.rows) {
                let rows = first..self.rows.len();
                if let Some(local) = called.local {
                    let local = identifier(&self.text[local]).into_owned();
                    self.by_local.push(ByLocal { rows: rows.clone(), local });
                }
                self.calls.push(OpenCall { rows, depth: self.depth, formats: self.formats.len() });
            }
        }
        self.watch.open(self.text[at]);
        self.depth += 1;
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        self.watch.close();
        if self.depth == 0 && self.text[at] == b'}' && !self.formats.is_empty() {
            return self.format_text(at + 1);
        }
        self.depth = self.depth.saturating_sub(1);
        if self.calls.is_empty() {
            return at + 1;
        }
        let here = (self.formats.len(), self.depth);
        while let Some(call) = self.calls.pop_if(|call| (call.formats, call.depth) >= here) {
            if (call.formats, call.depth) == here {
                for row in self.rows.get_mut(call.rows).unwrap_or_default() {
                    row.statement.end = at + 1;
                }
            }
        }
        at + 1
    }

    fn colon(&mut self, at: usize) -> usize {
        match self.formats.last_mut() {
            Some(format) if self.depth == 0 => {
                format.specifications += 1;
                self.watch.specification();
                self.format_text(at + 1)
            }
            _ => {
                self.watch.colon(self.text, at);
                self.small_statement(at + 1)
            }
        }
    }
}

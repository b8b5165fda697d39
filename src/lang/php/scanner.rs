//! The scanner: one pass over a text, from word to word, skipping everything that is not code.
//!
//! It tracks open braces, and which of them belong to a class, because `use` has another meaning there.

use std::ops::Range;

use crate::lang::lex::{Quiet, byte, is_space, is_word, line_end, past_line_end, past_plain, rest, starts, word_end};
use crate::lang::{Import, MAX_IMPORTS};

use super::bytes::{ByteClass, CLASS};
use super::text::{self, gap};
use super::{files, uses};

/// Maximum number of open braces that are tracked; deeper ones are never those of a class.
const MAX_BRACES: usize = 4096;
/// Number of times that a broken text may be rescanned.
const MAX_REPEATS: usize = 8;

/// The result of a scan.
pub(super) struct Scan<'a> {
    pub(super) rows: Vec<Import<'a>>,
    /// The first namespace that the text declares.
    pub(super) namespace: Option<String>,
}

/// Returns the imports of a text. A stray quote swaps strings and code in everything after it, and leaves the last
/// string unclosed. In that case the text is scanned again with strings ended at imports, and that scan wins if it
/// finds more.
pub(super) fn imports(text: &[u8]) -> Scan<'_> {
    let found = scan(text, Quiet::ignored(), false);
    if found.accident {
        let other = scan(text, Quiet::ignored(), true);
        if other.rows.len() > found.rows.len() {
            return Scan { rows: other.rows, namespace: other.namespace };
        }
    }
    Scan { rows: found.rows, namespace: found.namespace }
}

/// Returns the text with comments and the contents of strings blanked.
pub(super) fn blank(text: &[u8]) -> Vec<u8> {
    let found = scan(text, Quiet::blanking(text), false);
    if found.accident {
        let other = scan(text, Quiet::blanking(text), true);
        if other.rows.len() > found.rows.len() {
            return other.quiet.into_code();
        }
    }
    found.quiet.into_code()
}

fn scan(text: &[u8], quiet: Quiet, careful: bool) -> Scanner<'_> {
    let careful = if careful { text.len().saturating_mul(MAX_REPEATS) } else { 0 };
    let mut scanner = Scanner {
        text,
        quiet,
        careful,
        accident: false,
        rows: Vec::new(),
        namespace: None,
        braces: Vec::new(),
        beyond: 0,
        class: None,
        parentheses: 0,
    };
    scanner.run();
    scanner
}

struct Scanner<'a> {
    text: &'a [u8],
    quiet: Quiet,
    /// Number of bytes that may still be rescanned; while it is not zero, strings and comments end before a line that
    /// is certainly an import.
    careful: usize,
    /// Whether a string or comment was never closed.
    accident: bool,
    rows: Vec<Import<'a>>,
    namespace: Option<String>,
    /// Open braces; `true` for those of a class.
    braces: Vec<bool>,
    beyond: usize,
    /// Number of open parentheses when a class was declared whose brace is yet to come.
    class: Option<usize>,
    parentheses: usize,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut at = text::code(self.text, 0);
        loop {
            at = past_plain(self.text, at, &CLASS, ByteClass::Plain);
            let Some(&next) = self.text.get(at) else { return };
            at = match CLASS[usize::from(next)] {
                ByteClass::Plain => at + 1,
                ByteClass::Word => self.word(at),
                ByteClass::Variable => word_end(self.text, at + 1),
                ByteClass::Single => {
                    let end = text::single_end(self.text, at + 1);
                    self.quoted(at + 1, end)
                }
                ByteClass::Double => {
                    let end = text::double_end(self.text, at + 1, next);
                    self.quoted(at + 1, end)
                }
                ByteClass::Hash if byte(self.text, at + 1) == b'[' => at + 1,
                ByteClass::Hash => self.line_comment(at),
                ByteClass::Slash => self.slash(at),
                ByteClass::Less => self.heredoc(at),
                ByteClass::Question if byte(self.text, at + 1) == b'>' => text::code(self.text, at + 2),
                ByteClass::Question => at + 1,
                ByteClass::Open => {
                    self.open();
                    at + 1
                }
                ByteClass::Close => {
                    if self.beyond > 0 {
                        self.beyond -= 1;
                    } else {
                        self.braces.pop();
                    }
                    at + 1
                }
                ByteClass::Semicolon => {
                    self.class = self.class.filter(|&depth| depth < self.parentheses);
                    at + 1
                }
                ByteClass::Parenthesis => {
                    self.parentheses =
                        if next == b'(' { self.parentheses + 1 } else { self.parentheses.saturating_sub(1) };
                    at + 1
                }
            };
            if self.rows.len() > MAX_IMPORTS {
                return;
            }
        }
    }

    fn open(&mut self) {
        let class = self.class == Some(self.parentheses);
        if class {
            self.class = None;
        }
        if self.braces.len() < MAX_BRACES { self.braces.push(class) } else { self.beyond += 1 }
    }

    /// Blanks a string or comment from `start` to `end`, which is `None` if it is never closed. Returns where the code
    /// goes on.
    fn skip(&mut self, start: usize, end: Option<usize>) -> usize {
        self.accident |= end.is_none();
        let mut end = end.unwrap_or(self.text.len());
        let skipped = &self.text[..end];
        let mut line = if self.careful > 0 { line_end(skipped, start) } else { end };
        while line < end {
            line = past_line_end(self.text, line);
            if text::is_import(self.text, line) && line < end {
                self.careful = self.careful.saturating_sub(end - line);
                end = line;
            }
            line = line_end(skipped, line);
        }
        self.quiet.add(start..end);
        end
    }

    fn quoted(&mut self, start: usize, end: Option<usize>) -> usize {
        let close = self.skip(start, end);
        if Some(close) == end { close + 1 } else { close }
    }

    fn line_comment(&mut self, at: usize) -> usize {
        let end = text::line_comment_end(self.text, at);
        self.quiet.add(at..end);
        end
    }

    fn slash(&mut self, at: usize) -> usize {
        match byte(self.text, at + 1) {
            b'/' => self.line_comment(at),
            b'*' => {
                let length = memchr::memmem::find(rest(self.text, at + 2), b"*/");
                self.skip(at, length.map(|length| at + 2 + length + 2))
            }
            _ => at + 1,
        }
    }

    fn heredoc(&mut self, at: usize) -> usize {
        if !starts(self.text, at, b"<<<") {
            return at + 1;
        }
        let Some((content, end, closed)) = text::heredoc(self.text, at) else { return at + 3 };
        let last = self.skip(content.start, closed.then_some(content.end));
        if closed && last == content.end { end } else { last }
    }

    fn word(&mut self, at: usize) -> usize {
        let end = at + rest(self.text, at).iter().take_while(|&&byte| is_word(byte)).count();
        let word = self.text.get(at..end).unwrap_or_default();
        match word.len() {
            3 if word.eq_ignore_ascii_case(b"use") => {
                if self.is_member(at) || byte(self.text, gap(self.text, end)) == b'(' {
                    end
                } else if self.braces.last() == Some(&true) {
                    let last = uses::traits(self.text, at, end, &mut self.rows);
                    self.comments(end..last)
                } else {
                    let last = uses::import(self.text, at, end, &mut self.rows);
                    self.comments(end..last)
                }
            }
            4 if word.eq_ignore_ascii_case(b"enum") => self.declaration(at, end, false),
            5 if word.eq_ignore_ascii_case(b"class") => self.declaration(at, end, true),
            5 if word.eq_ignore_ascii_case(b"trait") => self.declaration(at, end, false),
            9 if word.eq_ignore_ascii_case(b"interface") => self.declaration(at, end, false),
            9 if self.namespace.is_none() && word.eq_ignore_ascii_case(b"namespace") => {
                let start = gap(self.text, end);
                let named = |&&byte: &&u8| is_word(byte) || byte == b'\\';
                let length = rest(self.text, start).iter().take_while(named).count();
                let name = self.text.get(start..start + length).unwrap_or_default();
                if matches!(byte(self.text, gap(self.text, start + length)), b';' | b'{') && !name.is_empty() {
                    self.namespace = Some(String::from_utf8_lossy(name).into_owned());
                }
                end
            }
            15 if word.eq_ignore_ascii_case(b"__halt_compiler") && !self.is_member(at) => self.text.len(),
            7 | 12 => {
                if let Some(form) = files::form(word).filter(|_| !self.is_member(at)) {
                    self.rows.extend(files::read(self.text, at, end, form));
                }
                end
            }
            _ => end,
        }
    }

    /// Blanks the comments within a statement that was read as a whole; such a statement contains no strings.
    fn comments(&mut self, range: Range<usize>) -> usize {
        let mut at = range.start;
        while at < range.end {
            at = match byte(self.text, at) {
                b'#' => self.line_comment(at),
                b'/' => self.slash(at),
                _ => at + 1,
            };
        }
        range.end
    }

    /// Reads a word that may declare a class; `anonymous` if the class needs no name.
    fn declaration(&mut self, at: usize, end: usize, anonymous: bool) -> usize {
        if self.is_member(at) {
            return end;
        }
        let next = gap(self.text, end);
        if word_end(self.text, next) > next || (anonymous && matches!(byte(self.text, next), b'(' | b'{')) {
            self.class = Some(self.parentheses);
        }
        end
    }

    /// Returns whether the word at `at` is the name of a member, or part of a longer name.
    fn is_member(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        let blanks = before.iter().rev().take_while(|&&byte| is_space(byte)).count();
        let tight = before.get(..at - blanks).unwrap_or_default();
        before.ends_with(b"\\") || tight.ends_with(b"->") || tight.ends_with(b"::")
    }
}

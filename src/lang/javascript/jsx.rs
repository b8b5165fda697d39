//! JSX elements: tags, their attributes, and the text between them, in which quotes are plain text.
//!
//! Format: the JSX specification (facebook.github.io/jsx). `<` where an operand is expected starts
//! an element, or the type parameters of a function: `<T,>`, `<T extends A>`, and in types
//! `<T>(a: T) => T`, which no closing tag follows.

use memchr::{memchr, memchr2, memmem};

use crate::lang::lex::{byte, rest, starts};

use super::bytes::{line_end, name_end, skip, skip_spaces, word_at};
use super::scanner::{Brace, Frame, Scanner, Watch};

/// Maximum length of type arguments that are skipped, in bytes.
const MAX_TYPE_ARGUMENT_BYTES: usize = 4096;

impl<W: Watch> Scanner<'_, W> {
    /// Reads a `<` in code; returns where to continue.
    pub(super) fn less(&mut self, at: usize) -> usize {
        if starts(self.text, at, b"<!--") && self.starts_line(at) {
            // ECMA-262, B.1.1
            let end = line_end(self.text, at);
            self.watch.quiet(self.text, at..end);
            return end;
        }
        if !self.dialect.jsx || !self.passed.expects_operand(self.text, at) {
            return at + 1;
        }
        match self.open_tag(at) {
            Some(next) => self.resume(next),
            None => at + 1,
        }
    }

    /// Returns whether only whitespace precedes `at` in its line.
    fn starts_line(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default().trim_ascii_end();
        let gap = self.text.get(before.len()..at).unwrap_or_default();
        before.is_empty() || memchr2(b'\n', b'\r', gap).is_some()
    }

    /// Opens the tag at `at`; returns the offset past its name, or `None` if it is no tag.
    fn open_tag(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let start = self.start(at);
        let name = skip(text, at + 1);
        if byte(text, name) == b'>' {
            self.push(Frame::Element(start));
            return Some(name + 1);
        }
        let mut end = name_end(text, name);
        if end == name {
            return None;
        }
        while matches!(byte(text, end), b'-' | b'.' | b':') {
            end = (end + 1).max(name_end(text, end + 1));
        }
        let (next, mut past) = (skip(text, end), end);
        match byte(text, next) {
            b',' | b'=' => return None,
            b'e' if word_at(text, next, b"extends") => {
                let after = skip(text, next + b"extends".len());
                if !matches!(byte(text, after), b'=' | b'>' | b'/') {
                    return None;
                }
            }
            b'>' if byte(text, skip_spaces(text, next + 1)) == b'(' && !self.closes(next, name..end) => return None,
            b'<' => past = self.past_types(next)?,
            _ if word_at(text, name, b"const") && name_end(text, next) > next => return None,
            _ => {}
        }
        self.push(Frame::Tag(start));
        Some(past)
    }

    /// Returns whether a closing tag named `name` follows.
    fn closes(&mut self, at: usize, name: std::ops::Range<usize>) -> bool {
        let mut from = at;
        let name = self.text.get(name).unwrap_or_default();
        let finder = memmem::Finder::new(name);
        loop {
            let found = finder.find(rest(self.text, from));
            if !self.pay(found.unwrap_or(self.text.len().saturating_sub(from))) {
                return false;
            }
            let Some(length) = found else { return false };
            from += length;
            let ended = byte(self.text, skip_spaces(self.text, from + name.len())) == b'>';
            if ended && self.text.get(..from).is_some_and(|before| before.trim_ascii_end().ends_with(b"</")) {
                return true;
            }
            from += name.len();
        }
    }

    /// Returns the offset past the type arguments whose `<` is at `at`.
    pub(super) fn past_types(&mut self, at: usize) -> Option<usize> {
        let near = self.text.get(at..)?;
        let near = near.get(..MAX_TYPE_ARGUMENT_BYTES).unwrap_or(near);
        let (mut depth, mut length) = (0_usize, 0);
        while let Some(&next) = near.get(length) {
            match next {
                b'<' => depth += 1,
                b'>' if near.get(length.wrapping_sub(1)) == Some(&b'=') => {}
                b'>' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(at + length + 1);
                    }
                }
                b'"' | b'\'' => length = super::literal::content_end(near, length + 1, next).0,
                b'/' => length = super::bytes::past_comment(near, length).max(length + 1) - 1,
                b';' if depth == 0 => break,
                _ => {}
            }
            length += 1;
        }
        self.pay(length.min(near.len()));
        None
    }

    /// Reads the next part of a tag at `at`: an attribute, or the tag's end.
    pub(super) fn tag(&mut self, at: usize) -> usize {
        let text = self.text;
        let at = self.skip_told(at);
        match byte(text, at) {
            b'>' => {
                if let Some(Frame::Tag(start)) = self.frames.pop() {
                    self.push(Frame::Element(start));
                }
                at + 1
            }
            b'/' if byte(text, at + 1) == b'>' => self.closed(at + 2),
            b'{' => {
                self.push(Frame::Brace(Brace::values(at)));
                at + 1
            }
            b'=' => {
                let value = self.skip_told(at + 1);
                match byte(text, value) {
                    quote @ (b'"' | b'\'') => match memchr(quote, rest(text, value + 1)) {
                        Some(length) => {
                            self.watch.quiet(text, value + 1..value + 1 + length);
                            value + length + 2
                        }
                        None => self.no_tag(value),
                    },
                    b'{' => value,
                    b'<' => self.open_tag(value).unwrap_or_else(|| self.no_tag(value)),
                    _ => self.no_tag(value),
                }
            }
            b'-' | b':' | b'.' => at + 1,
            _ => match name_end(text, at) {
                end if end > at => end,
                _ => self.no_tag(at),
            },
        }
    }

    fn skip_told(&mut self, mut at: usize) -> usize {
        loop {
            at = skip_spaces(self.text, at);
            let end = super::bytes::past_comment(self.text, at);
            if end == at {
                return at;
            }
            self.watch.quiet(self.text, at..end);
            at = end;
        }
    }

    /// Backtracks out of a tag that the text at `at` rules out; returns where to continue.
    fn no_tag(&mut self, at: usize) -> usize {
        let Some(Frame::Tag(start)) = self.frames.pop() else { return at + 1 };
        if self.go_back(start, at) { start.at + 1 } else { at.max(start.at + 1) }
    }

    /// Closes an element that ends before `at`.
    fn closed(&mut self, at: usize) -> usize {
        self.frames.pop();
        self.passed.operand = at;
        at
    }

    /// Reads the text of an element from `at` on.
    pub(super) fn element(&mut self, at: usize) -> usize {
        let text = self.text;
        let Some(length) = memchr2(b'{', b'<', rest(text, at)) else {
            self.watch.quiet(text, at..text.len());
            return text.len();
        };
        let end = at + length;
        self.watch.quiet(text, at..end);
        if byte(text, end) == b'{' {
            self.push(Frame::Brace(Brace::values(end)));
            return end + 1;
        }
        let next = skip(text, end + 1);
        if byte(text, next) == b'/' {
            return match memchr(b'>', rest(text, next)) {
                Some(length) => self.closed(next + length + 1),
                None => text.len(),
            };
        }
        self.open_tag(end).unwrap_or(end + 1)
    }
}

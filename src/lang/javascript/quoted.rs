//! Delimited text: strings, templates, comments, regular expressions.

use memchr::memchr3;

use crate::lang::lex::{byte, rest};

use super::bytes::{name_end, past_comment};
use super::jsdoc;
use super::literal::{content_end, past_escape};
use super::scanner::{Brace, Frame, Scanner, Watch};

impl<W: Watch> Scanner<'_, W> {
    pub(super) fn string(&mut self, at: usize) -> usize {
        let (end, closed) = content_end(self.text, at + 1, self.text[at]);
        self.watch.quiet(self.text, at + 1..end);
        if closed { end + 1 } else { end }
    }

    /// Reads the text of a template from `at` on.
    pub(super) fn template(&mut self, at: usize) -> usize {
        let mut end = at;
        loop {
            let Some(length) = memchr3(b'`', b'\\', b'$', rest(self.text, end)) else {
                self.watch.quiet(self.text, at..self.text.len());
                return self.text.len();
            };
            end += length;
            match self.text[end] {
                b'`' => {
                    self.watch.quiet(self.text, at..end);
                    self.frames.pop();
                    return end + 1;
                }
                b'\\' => end = past_escape(self.text, end),
                _ if byte(self.text, end + 1) == b'{' => {
                    self.watch.quiet(self.text, at..end);
                    self.push(Frame::Brace(Brace::values(end + 1)));
                    return end + 2;
                }
                _ => end += 1,
            }
        }
    }

    pub(super) fn slash(&mut self, at: usize) -> usize {
        let end = past_comment(self.text, at);
        if end > at {
            self.watch.quiet(self.text, at..end);
            self.passed.comment(self.text, at..end);
            if !self.dialect.types && jsdoc::is_documentation(&self.text[at..end]) {
                jsdoc::read(self.text, at..end, &mut self.rows);
            }
            return end;
        }
        if !self.passed.expects_operand(self.text, at) {
            return at + 1;
        }
        match self.regular_expression(at) {
            Some(end) => {
                self.watch.pattern(self.text, at..end);
                self.passed.operand = end;
                end
            }
            None => at + 1,
        }
    }

    /// Returns the end of the regular expression at `at` (ECMA-262, 12.9.5).
    fn regular_expression(&mut self, at: usize) -> Option<usize> {
        if self.budget == 0 {
            return None;
        }
        let (mut end, mut class) = (at + 1, false);
        loop {
            match byte(self.text, end) {
                b'/' if !class => return Some(name_end(self.text, end + 1)),
                b'[' => class = true,
                b']' => class = false,
                b'\\' if !matches!(byte(self.text, end + 1), b'\n' | b'\r') => end += 1,
                b'\n' | b'\r' => break,
                0 if end >= self.text.len() => break,
                _ => {}
            }
            end += 1;
        }
        self.budget = self.budget.saturating_sub(end - at);
        None
    }
}

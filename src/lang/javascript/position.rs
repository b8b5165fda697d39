//! Positions: whether a statement starts at an offset, and what braces there hold.
//!
//! Format: ECMA-262, 14 "Statements", 15 "Functions and Classes". A function, a class or braces are a statement where one
//! may start, and else an operand, after which a `/` divides.

use super::back::has_line_end;
use super::bytes::name_start;
use super::scanner::{Brace, Frame, Holds, Scanner, Watch};
use crate::lang::lex::byte;

/// Maximum number of labels before a statement.
const MAX_LABELS: usize = 16;

impl<W: Watch> Scanner<'_, W> {
    /// Returns the braces that open at `at`.
    pub(super) fn brace(&mut self, at: usize) -> Brace {
        let (holds, is_operand) = self.braces(at);
        Brace { at, holds, is_operand, questions: 0 }
    }

    fn braces(&mut self, at: usize) -> (Holds, bool) {
        let text = self.text;
        let end = self.passed.token_end(text, at);
        let (last, before) = (byte(text, end.wrapping_sub(1)), byte(text, end.wrapping_sub(2)));
        if last == b'>' && (before == b'=' || self.dialect.types) {
            // An arrow, or the end of type arguments.
            return (Holds::Statements, false);
        }
        let parentheses = last == b')' && self.passed.parentheses.end == end;
        if parentheses {
            let head = self.passed.token_end(text, self.passed.parentheses.start);
            if let Some(start) = self.function(head) {
                return (Holds::Statements, self.is_operand(start));
            }
        }
        if let Some(start) = self.class(end) {
            return (Holds::Members, self.is_operand(start));
        }
        let word = self.passed.keyword(text, end);
        if !self.heritages.is_empty()
            && word != Some(b"extends")
            && let Some(is_operand) = self.heritage()
        {
            return (Holds::Members, is_operand);
        }
        if parentheses {
            let holds = if self.passed.head(text) == Some(b"switch") { Holds::Cases } else { Holds::Statements };
            return (holds, false);
        }
        let declared = matches!(word, Some(b"const" | b"let" | b"var"));
        let is_operand = declared || (self.passed.expects_operand(text, at) && !self.starts_statement(at));
        (if is_operand { Holds::Values } else { Holds::Statements }, is_operand)
    }

    /// Returns the start of the function whose parameters open after `end`.
    fn function(&self, end: usize) -> Option<usize> {
        let text = self.text;
        let start = name_start(text, end);
        if self.passed.keyword(text, end) == Some(b"function") {
            return Some(start);
        }
        let mut end = if start < end { self.passed.token_end(text, start) } else { end };
        if byte(text, end.wrapping_sub(1)) == b'*' {
            end = self.passed.token_end(text, end - 1);
        }
        (self.passed.keyword(text, end) == Some(b"function")).then(|| end - b"function".len())
    }

    /// Returns the start of the class whose name, or whose keyword if it has none, ends at `end`.
    fn class(&self, end: usize) -> Option<usize> {
        let text = self.text;
        let start = name_start(text, end);
        if start == end {
            return None;
        }
        match self.passed.keyword(text, end) {
            Some(b"class") => return Some(start),
            Some(b"extends") => return None,
            _ => {}
        }
        let before = self.passed.token_end(text, start);
        (self.passed.keyword(text, before) == Some(b"class")).then(|| before - b"class".len())
    }

    /// Reads the `extends` at `start`; returns where to continue.
    pub(super) fn extends(&mut self, start: usize) -> usize {
        if let Some(class) = self.class(self.passed.token_end(self.text, start)) {
            self.heritages.push((self.frames.len(), self.is_operand(class)));
        }
        start + b"extends".len()
    }

    /// Takes the class with `extends` whose body opens here; returns whether it is an operand.
    fn heritage(&mut self) -> Option<bool> {
        while self.heritages.pop_if(|(depth, _)| *depth > self.frames.len()).is_some() {}
        self.heritages.pop_if(|(depth, _)| *depth == self.frames.len()).map(|(_, is_operand)| is_operand)
    }

    /// Returns whether the function or class at `start` is an operand, not a declaration.
    fn is_operand(&self, mut start: usize) -> bool {
        let end = self.passed.token_end(self.text, start);
        if self.passed.keyword(self.text, end) == Some(b"async") && !has_line_end(self.text, end..start) {
            start = end - b"async".len();
        }
        self.passed.expects_operand(self.text, start)
            && self.passed.word_before(self.text, start) != Some(b"default")
            && !self.starts_statement(start)
    }

    /// Returns whether the token before `at` is one that a statement may follow. After an operand, only a line end and
    /// what stands at `at` can tell.
    fn starts_statement(&self, mut at: usize) -> bool {
        let (text, passed) = (self.text, &self.passed);
        for _ in 0..MAX_LABELS {
            let end = passed.token_end(text, at);
            match byte(text, end.wrapping_sub(1)) {
                _ if end == 0 || end == passed.statement => return true,
                _ if end == passed.operand => return false,
                b';' => return !matches!(self.frames.last(), Some(Frame::Paren(_))),
                b'{' => return self.in_statements(),
                b'}' => return passed.follows_block(end),
                b')' => return !passed.ends_operand(text, end),
                b':' if !self.in_statements() => return false,
                b':' if end == passed.case => return true,
                b':' => {
                    let label = passed.token_end(text, end - 1);
                    let is_escaped = label == passed.escaped.end;
                    at = if is_escaped { passed.escaped.start } else { name_start(text, label) };
                    if at == label || passed.keyword(text, label) == Some(b"default") {
                        return at < label;
                    }
                    if !passed.expects_operand(text, at) {
                        // `let a: {…}` has a type; else a line ends before the label.
                        return !matches!(passed.word_before(text, at), Some(b"const" | b"let" | b"var"));
                    }
                }
                _ => {
                    let word = passed.keyword(text, end);
                    let ends = || passed.is_target(text, end);
                    return matches!(word, Some(b"else" | b"do" | b"break" | b"continue" | b"debugger")) || ends();
                }
            }
        }
        true
    }

    /// Returns whether statements stand directly within the innermost brackets.
    fn in_statements(&self) -> bool {
        match self.frames.last() {
            None => true,
            Some(Frame::Brace(brace)) => matches!(brace.holds, Holds::Statements | Holds::Cases),
            Some(_) => false,
        }
    }

    /// Reads a `?` directly within a `switch`; returns where to continue.
    pub(super) fn question(&mut self, at: usize) -> usize {
        let (next, after) = (byte(self.text, at + 1), byte(self.text, at + 2));
        if next == b'?' || (next == b'.' && !after.is_ascii_digit()) {
            return at + 2;
        }
        if let Some(Frame::Brace(brace)) = self.frames.last_mut() {
            brace.questions += 1;
        }
        at + 1
    }

    /// Reads a `:` directly within a `switch`; returns where to continue.
    pub(super) fn colon(&mut self, at: usize) -> usize {
        match self.frames.last_mut() {
            Some(Frame::Brace(brace)) if brace.questions > 0 => brace.questions -= 1,
            _ => self.passed.case = at + 1,
        }
        at + 1
    }
}

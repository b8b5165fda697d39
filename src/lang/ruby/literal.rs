//! Literals: the ends of strings, regular expressions, `%` literals and heredocs.
//!
//! Source: Ruby's `doc/syntax/literals.rdoc`. An interpolation `#{…}` is code: its literal waits on the scanner's
//! stack.

use std::ops::Range;

use memchr::{memchr, memchr2, memchr3, memmem};

use crate::lang::lex::{byte, is_word, rest, starts, word_end};

use super::keywords::reserved;
use super::scanner::{Heredoc, Literal, Scanner};

/// Maximum nesting of literals; deeper, `#{` is text.
const MAX_DEPTH: usize = 400;

impl Literal {
    /// Returns the literal that opens at `start`; `sign` is the delimiter before `content`.
    pub(super) fn quoted(scanner: &Scanner<'_>, start: usize, content: usize, sign: u8, interpolates: bool) -> Self {
        let (close, opens) = match sign {
            b'(' => (b')', Some(sign)),
            b'[' => (b']', Some(sign)),
            b'{' => (b'}', Some(sign)),
            b'<' => (b'>', Some(sign)),
            _ => (sign, None),
        };
        Self {
            start,
            content,
            close,
            opens,
            depth: 0,
            interpolates,
            heredoc: None,
            braces: scanner.braces,
            rows: scanner.rows.len(),
            quiet: scanner.quiet.len(),
        }
    }
}

impl Scanner<'_> {
    /// Reads the content of a literal from `at` on. Returns the offset past its end, or the start of an interpolation.
    pub(super) fn literal(&mut self, mut literal: Literal, mut at: usize) -> usize {
        if literal.heredoc.is_some() {
            return self.heredoc_content(literal, at);
        }
        loop {
            // The bodies of heredocs opened on this line interrupt a literal that ends on a later line.
            let jump = self.jump.filter(|&(line_end, _)| line_end >= at);
            let limit = jump.map_or(self.text.len(), |(line_end, _)| line_end);
            let within = self.text.get(at..limit).unwrap_or_default();
            let found = match literal.opens {
                Some(opens) => {
                    let close = literal.close;
                    within.iter().position(|&byte| byte == close || byte == opens || matches!(byte, b'\\' | b'#'))
                }
                None if literal.interpolates => memchr3(literal.close, b'\\', b'#', within),
                None => memchr2(literal.close, b'\\', within),
            };
            let Some(length) = found else {
                self.quiet.add(literal.content..limit);
                match jump {
                    Some((_, resume)) => (at, literal.content) = (resume, resume),
                    None => return self.lost_at_end(&literal),
                }
                continue;
            };
            at += length;
            let sign = byte(self.text, at);
            if sign == literal.close && literal.depth == 0 {
                return self.closed(&literal, at);
            }
            if sign == b'\\' && literal.close != b'\\' {
                // The bodies of heredocs may follow the line end after the backslash.
                at += if self.jump.is_some_and(|(line_end, _)| line_end == at + 1) { 1 } else { 2 };
                if at > self.text.len() {
                    return self.lost_at_end(&literal);
                }
            } else if sign == b'#' && literal.close != b'#' {
                if literal.interpolates && byte(self.text, at + 1) == b'{' && self.open.len() < MAX_DEPTH {
                    return self.interpolation(literal, at);
                }
                at += 1;
            } else {
                literal.depth = if sign == literal.close { literal.depth - 1 } else { literal.depth + 1 };
                at += 1;
            }
        }
    }

    fn interpolation(&mut self, literal: Literal, at: usize) -> usize {
        self.quiet.add(literal.content..at);
        self.braces = 0;
        self.open.push(literal);
        self.code_from = at + 2;
        self.value_end = None;
        at + 2
    }

    fn closed(&mut self, literal: &Literal, at: usize) -> usize {
        let mut end = at + 1;
        let regex =
            literal.close == b'/' && byte(self.text, literal.start) == b'/' || starts(self.text, literal.start, b"%r");
        if regex {
            end += rest(self.text, end).iter().take_while(|byte| b"imxounse".contains(byte)).count();
        }
        let lines = || memchr(b'\n', self.text.get(literal.start..at).unwrap_or_default()).is_some();
        if self.cannot_follow(end)
            && lines()
            && let Some(back) = self.lost(literal, at)
        {
            return back;
        }
        self.quiet.add(literal.content..at);
        self.code_from = end;
        self.value_end = Some(end);
        end
    }

    /// Returns whether the token at `at` cannot follow a literal: a name that is not reserved, a number, a variable.
    fn cannot_follow(&self, at: usize) -> bool {
        let next = super::bytes::skip_blanks(self.text, at);
        let sign = byte(self.text, next);
        if matches!(sign, b'@' | b'$') || sign.is_ascii_digit() {
            return true;
        }
        is_word(sign) && reserved(self.text.get(next..word_end(self.text, next)).unwrap_or_default()).is_none()
    }

    /// Gives up on a sign that opened no literal, or one whose end is missing: a string ends with its line, any other
    /// sign is skipped. `at` is the end of the bytes read so far; `None` if the budget is spent.
    pub(super) fn lost(&mut self, literal: &Literal, at: usize) -> Option<usize> {
        if !self.budget.affords(at.saturating_sub(literal.start)) {
            return None;
        }
        let quoted = matches!(byte(self.text, literal.start), b'"' | b'\'' | b'`');
        self.rows.truncate(literal.rows);
        self.quiet.truncate(literal.quiet);
        self.braces = literal.braces;
        let end = if quoted { self.end_of_line(literal.start) } else { literal.start + 1 };
        if quoted {
            self.quiet.add(literal.start + 1..end);
        }
        self.code_from = end;
        self.value_end = quoted.then_some(end);
        Some(end)
    }

    /// As [`Self::lost`], at the end of the text. Returns where to go on.
    fn lost_at_end(&mut self, literal: &Literal) -> usize {
        self.lost(literal, self.text.len()).unwrap_or(self.text.len())
    }

    /// Reads the heredoc that opens at `at` and has its name or quote at `id`; `None` if it is never closed.
    pub(super) fn heredoc(&mut self, at: usize, id: usize) -> Option<usize> {
        let quote = byte(self.text, id);
        let (id, back) = if is_word(quote) {
            let end = word_end(self.text, id);
            (id..end, end)
        } else {
            let line = self.text.get(id + 1..(id + 1 + 256).min(self.text.len()))?;
            let end = id + 1 + memchr2(quote, b'\n', line).filter(|&end| line.get(end) == Some(&quote))?;
            (id + 1..end, end + 1)
        };
        let indented = matches!(byte(self.text, at + 2), b'-' | b'~');
        let line_end = self.end_of_line(back);
        // Several heredocs on one line.
        let from = match self.jump {
            Some((known, resume)) if known == line_end => resume,
            _ => line_end + 1,
        };
        let last = self.last_line(self.text.get(id.clone())?, indented, from)?;
        let heredoc = Heredoc { id, indented, back, line_end, last };
        let mut literal = Literal::quoted(self, at, from, b'\n', quote != b'\'');
        literal.heredoc = Some(heredoc);
        Some(self.heredoc_content(literal, from))
    }

    /// Returns the first line from `from` on that consists of `id`, including its line end.
    fn last_line(&mut self, id: &[u8], indented: bool, from: usize) -> Option<Range<usize>> {
        if self.budget.is_spent() {
            return None;
        }
        let text = rest(self.text, from);
        let lines = if id.is_empty() { b"\n" } else { id };
        let mut found = None;
        for place in memmem::find_iter(text, lines) {
            let end = place + id.len();
            let after = match rest(text, end) {
                [] => end,
                [b'\n', ..] => end + 1,
                [b'\r', b'\n', ..] => end + 2,
                _ => continue,
            };
            let blanks = text.get(..place)?.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let start = place - if indented { blanks } else { 0 };
            if start == 0 || byte(text, start - 1) == b'\n' {
                found = Some(start..after);
                break;
            }
        }
        let read = found.as_ref().map_or(text.len(), |found| found.end);
        let affords = self.budget.affords(read);
        found.filter(|_| affords).map(|found| from + found.start..from + found.end)
    }

    fn heredoc_content(&mut self, mut literal: Literal, mut at: usize) -> usize {
        loop {
            let Some(heredoc) = &mut literal.heredoc else { return at };
            if at > heredoc.last.start {
                // The supposed last line is within an interpolation, or within another heredoc.
                let (id, indented) = (heredoc.id.clone(), heredoc.indented);
                let from = if byte(self.text, at - 1) == b'\n' { at } else { self.end_of_line(at) + 1 };
                let id = self.text.get(id).unwrap_or_default();
                match (self.last_line(id, indented, from), &mut literal.heredoc) {
                    (Some(last), Some(heredoc)) => heredoc.last = last,
                    _ => return self.lost_at_end(&literal),
                }
                continue;
            }
            let last = heredoc.last.clone();
            let jump = self.jump.filter(|&(line_end, _)| at <= line_end && line_end < last.start);
            let limit = jump.map_or(last.start, |(line_end, _)| line_end);
            let reads = literal.interpolates && self.open.len() < MAX_DEPTH;
            let within = self.text.get(at..limit).filter(|_| reads).unwrap_or_default();
            match (memchr2(b'\\', b'#', within), jump) {
                (Some(length), _) => {
                    let (sign, next) = (byte(within, length), byte(within, length + 1));
                    if sign == b'#' && next == b'{' {
                        return self.interpolation(literal, at + length);
                    }
                    at = (at + length + if sign == b'#' { 1 } else { 2 }).min(limit);
                }
                (None, Some((_, resume))) => {
                    self.quiet.add(literal.content..limit);
                    (at, literal.content) = (resume, resume);
                }
                (None, None) => {
                    let Some(heredoc) = literal.heredoc else { return at };
                    self.quiet.add(literal.content..last.start);
                    self.jump = Some((heredoc.line_end, last.end));
                    self.code_from = heredoc.back;
                    self.value_end = Some(heredoc.back);
                    return heredoc.back;
                }
            }
        }
    }
}

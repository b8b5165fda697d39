//! String literals: single-line or multi-line, raw or not, with code within `\(…)`.
//!
//! Source: The Swift Programming Language, "Lexical Structure: String Literals".

use memchr::{memchr2, memchr3};

use crate::lang::lex::{byte, is_line_end, line_end, rest, skip_blanks, starts};

use super::scanner::{Literal, Scanner};

/// Maximum nesting of literals; deeper, `\(` is text.
const MAX_DEPTH: usize = 400;

impl Scanner<'_> {
    /// Reads the literal that opens at `at` and has its quote at `quote`.
    pub(super) fn literal_at(&mut self, at: usize, quote: usize, raw: usize) -> usize {
        let triple = starts(self.text, quote, b"\"\"\"");
        // The content starts on the next line.
        let lines = triple && is_line_end(byte(self.text, skip_blanks(self.text, quote + 3)));
        let quiet = self.quiet.len();
        let literal = Literal { start: at, raw, lines, brackets: self.brackets, quiet };
        self.content(literal, if lines { quote + 3 } else { quote + 1 })
    }

    /// Goes on in a literal after an interpolation.
    pub(super) fn resume(&mut self, literal: Literal, at: usize) -> usize {
        self.brackets = literal.brackets;
        self.content(literal, at)
    }

    fn content(&mut self, literal: Literal, from: usize) -> usize {
        let mut at = from;
        loop {
            let found = if literal.lines {
                memchr2(b'"', b'\\', rest(self.text, at))
            } else {
                memchr3(b'"', b'\\', b'\n', rest(self.text, at))
            };
            let Some(length) = found else {
                let end = if literal.lines { self.text.len() } else { line_end(self.text, from) };
                self.quiet.add(from..end);
                let back = if literal.lines { self.lost(&literal, end) } else { None };
                return back.unwrap_or(end);
            };
            at += length;
            match byte(self.text, at) {
                b'\\' => {
                    let escape = at + 1 + literal.raw;
                    let is_escape = self.hashes(at + 1, literal.raw);
                    if is_escape && byte(self.text, escape) == b'(' && self.open.len() < MAX_DEPTH {
                        self.quiet.add(from..at);
                        self.brackets = 0;
                        self.open.push(literal);
                        return escape + 1;
                    }
                    at = if is_escape && !is_line_end(byte(self.text, escape)) { escape + 1 } else { at + 1 };
                    at = at.min(self.text.len());
                }
                b'"' if literal.lines => {
                    if !starts(self.text, at, b"\"\"\"") || !self.hashes(at + 3, literal.raw) {
                        at += 1;
                        continue;
                    }
                    // Closing quotes must be the first token of their line; other quotes belong to the next literal.
                    if self.is_first(at) {
                        self.quiet.add(from..at);
                        return at + 3 + literal.raw;
                    }
                    if let Some(back) = self.lost(&literal, at) {
                        return back;
                    }
                    at += 3;
                }
                b'"' if self.hashes(at + 1, literal.raw) => {
                    self.quiet.add(from..at);
                    return at + 1 + literal.raw;
                }
                b'"' => at += 1,
                // A line end closes an unclosed literal.
                _ => {
                    self.quiet.add(from..at);
                    return at;
                }
            }
        }
    }

    /// Returns whether there are `count` `#` signs at `at`.
    fn hashes(&self, at: usize, count: usize) -> bool {
        count == 0 || self.text.get(at..at + count).is_some_and(|signs| signs.iter().all(|&sign| sign == b'#'))
    }

    /// Returns whether only whitespace precedes `at` on its line.
    fn is_first(&mut self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        at == blanks || is_line_end(byte(self.text, at - blanks - 1))
    }

    /// Ends an unclosed literal at the end of its line. `at` is the end of the bytes read so far; `None` if the budget
    /// is spent.
    pub(super) fn lost(&mut self, literal: &Literal, at: usize) -> Option<usize> {
        if !self.budget.affords(at.saturating_sub(literal.start)) {
            return None;
        }
        self.quiet.truncate(literal.quiet);
        self.brackets = literal.brackets;
        let end = line_end(self.text, literal.start);
        self.quiet.add(literal.start + literal.raw + 1..end);
        Some(end)
    }
}

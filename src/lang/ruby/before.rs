//! The token before a sign that may open a literal or be an operator. Ruby decides by it how to read `/`, `%`, `<<` and
//! `?`.
//!
//! Source: Ruby's lexer states (`EXPR_BEG`, `EXPR_ARG`, `EXPR_END`, `EXPR_FNAME`), `doc/contributing` and `parse.y`.

use memchr::memmem;

use crate::lang::lex::{byte, is_word};

use super::bytes::{back_blanks, word_start};
use super::keywords::{Reserved, reserved};
use super::scanner::Scanner;

/// The kind of the preceding token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// The start of an expression: the sign opens a literal.
    Begin,
    /// The end of a value: the sign is an operator.
    End,
    /// A method name (or an unknown variable) and whitespace: what follows the sign decides.
    Argument,
    /// A method name without whitespace after it.
    Method,
    /// `def`, a dot or a colon: the sign is itself a name.
    Name,
}

/// Maximum number of bytes that are searched backwards for the assignment of a variable.
const MAX_LOOK_BACK_BYTES: usize = 16 << 10;

impl Scanner<'_> {
    /// Returns the kind of the token before `at`.
    pub(super) fn before(&mut self, at: usize) -> Before {
        let floor = self.code_from;
        let end = back_blanks(self.text, at, floor);
        if end <= floor {
            return if self.value_end == Some(floor) { Before::End } else { Before::Begin };
        }
        let (sign, earlier) = (byte(self.text, end - 1), self.earlier(end, 2));
        if earlier == b'$' && !is_word(sign) {
            return Before::End;
        }
        match sign {
            b')' | b']' | b'}' => Before::End,
            b'?' | b'!' if is_word(earlier) => argument(end < at),
            b'.' if earlier != b'.' => Before::Name,
            b':' if end < at || (is_word(earlier) || matches!(earlier, b'?' | b'!' | b'"' | b'\'')) => Before::Begin,
            b':' => Before::Name,
            sign if is_word(sign) => self.before_word(end, end < at),
            _ => Before::Begin,
        }
    }

    /// Returns the byte `count` before `at`, or 0 if it is not part of the current code.
    fn earlier(&self, at: usize, count: usize) -> u8 {
        if at < self.code_from + count { 0 } else { byte(self.text, at - count) }
    }

    fn before_word(&mut self, end: usize, blanks: bool) -> Before {
        let start = word_start(self.text, end, self.code_from);
        let word = self.text.get(start..end).unwrap_or_default();
        if word.first().is_some_and(u8::is_ascii_digit) {
            return Before::End;
        }
        let (sign, earlier) = (self.earlier(start, 1), self.earlier(start, 2));
        match (earlier, sign) {
            (_, b'@' | b'$') => return Before::End,
            (b'.', b'.') => {}
            (_, b'.') | (b':', b':') => return argument(blanks),
            (_, b':') => return Before::End,
            _ => {}
        }
        match reserved(word) {
            Some(Reserved::Begins) => Before::Begin,
            Some(Reserved::Ends) => Before::End,
            Some(Reserved::Names) => Before::Name,
            Some(Reserved::Calls) => argument(blanks),
            None if blanks && self.is_variable(start, end) => Before::End,
            None => argument(blanks),
        }
    }

    /// Returns whether the word is a variable: assigned earlier, or a parameter, as far as the preceding text shows.
    fn is_variable(&mut self, start: usize, end: usize) -> bool {
        let text = self.text;
        let word = text.get(start..end).unwrap_or_default();
        if !word.first().is_some_and(|&first| first.is_ascii_lowercase() || first == b'_' || first >= 0x80) {
            return false;
        }
        let from = start.saturating_sub(MAX_LOOK_BACK_BYTES);
        if !self.budget.affords(start - from) {
            return false;
        }
        let near = text.get(from..start).unwrap_or_default();
        memmem::rfind_iter(near, word).any(|place| {
            let (at, after) = (from + place, from + place + word.len());
            let earlier = if at == 0 { 0 } else { byte(text, at - 1) };
            if is_word(earlier) || is_word(byte(text, after)) || matches!(earlier, b'@' | b'$' | b'.' | b':') {
                return false;
            }
            let next = super::bytes::skip_blanks(text, after);
            let opens =
                matches!(byte(text, back_blanks(text, at, from).wrapping_sub(1)), b'(' | b',' | b'|' | b'*' | b'&');
            match (byte(text, next), byte(text, next + 1)) {
                (b'=', b'=' | b'~' | b'>') => false,
                (b'=', _) | (b'+' | b'-' | b'*' | b'/' | b'%', b'=') => true,
                (b'|', b'|') => byte(text, next + 2) == b'=',
                (b',' | b')' | b'|', _) => opens,
                (b'i', b'n') => text.get(from..at).unwrap_or_default().trim_ascii_end().ends_with(b"for"),
                _ => text.get(from..at).unwrap_or_default().trim_ascii_end().ends_with(b"=>"),
            }
        })
    }
}

fn argument(blanks: bool) -> Before {
    if blanks { Before::Argument } else { Before::Method }
}

//! Comments, character literals and string literals, and where they end.
//!
//! Format: C# language specification, 6.3.2, 6.3.3, 6.4.5.5, 6.4.5.6 and 12.8.3; C# 11, "Raw string literals".

use std::ops::Range;

use memchr::{memchr, memchr2_iter, memchr3, memmem};

use crate::lang::lex::{Quiet, byte, past, rest, skip_spaces, unicode_space_end};

/// Returns the length in bytes of the line end at `at`, 0 if there is none. Three of them are beyond ASCII.
pub(super) fn line_end_length(text: &[u8], at: usize) -> usize {
    match rest(text, at) {
        [b'\r', b'\n', ..] | [0xc2, 0x85, ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    }
}

/// Returns the end of the line that contains `at`, excluding its line end.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    before_wide_end(text, at..crate::lang::lex::line_end(text, at))
}

/// Returns the offset of the first line end beyond ASCII in a range, or the end of the range.
fn before_wide_end(text: &[u8], range: Range<usize>) -> usize {
    let firsts = memchr2_iter(0xc2, 0xe2, text.get(range.clone()).unwrap_or_default());
    firsts.map(|length| range.start + length).find(|&at| line_end_length(text, at) > 0).unwrap_or(range.end)
}

/// Returns the end of the comment whose slash is at `at`; `None` if no comment starts there.
pub(super) fn comment(text: &[u8], at: usize, quiet: &mut Quiet) -> Option<usize> {
    let end = match byte(text, at + 1) {
        b'/' => line_end(text, at),
        b'*' => past(text, at + 2, b"*/"),
        _ => return None,
    };
    quiet.add(at..end);
    Some(end)
}

/// Returns the offset past whitespace, line ends and comments.
pub(super) fn gap(text: &[u8], mut at: usize, quiet: &mut Quiet) -> usize {
    loop {
        at = skip_spaces(text, at);
        if byte(text, at) != b'/' {
            let end = unicode_space_end(text, at);
            if end == at {
                return at;
            }
            at = end;
            continue;
        }
        match comment(text, at, quiet) {
            Some(end) => at = end,
            None => return at,
        }
    }
}

/// The form of a string literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Number of `$` before it.
    pub(super) dollars: usize,
    /// Number of quotes around it: one, or at least three.
    pub(super) quotes: usize,
    /// Whether backslashes are literal and line ends are allowed.
    pub(super) verbatim: bool,
}

impl Form {
    /// Returns the form of the string whose first quote is at `at`.
    pub(super) fn of(text: &[u8], at: usize) -> Self {
        let before = text.get(..at).unwrap_or_default();
        let signs = before.iter().rev().take_while(|&&byte| matches!(byte, b'$' | b'@'));
        let (mut dollars, mut verbatim) = (0, false);
        for &sign in signs {
            dollars += usize::from(sign == b'$');
            verbatim |= sign == b'@';
        }
        let quotes = if verbatim { 1 } else { run(text, at, b'"') };
        Self { dollars, quotes: if quotes < 3 { 1 } else { quotes }, verbatim }
    }

    pub(super) const fn is_raw(self) -> bool {
        self.quotes > 1
    }
}

/// Returns the number of consecutive `sign` bytes from `at` on.
pub(super) fn run(text: &[u8], at: usize, sign: u8) -> usize {
    rest(text, at).iter().take_while(|&&byte| byte == sign).count()
}

/// Returns the end of a single-line literal whose content starts at `at`: the offset of its closing quote, or of the
/// line end.
pub(super) fn line_quoted_end(text: &[u8], mut at: usize, quote: u8) -> usize {
    loop {
        let found = memchr3(quote, b'\\', b'\n', rest(text, at)).map_or(text.len(), |length| at + length);
        let found = memchr(b'\r', text.get(at..found).unwrap_or_default()).map_or(found, |length| at + length);
        let found = before_wide_end(text, at..found);
        if byte(text, found) != b'\\' {
            return found;
        }
        at = found + 1;
        if at < text.len() && line_end_length(text, at) == 0 {
            at += 1;
        }
    }
}

/// Returns the offset of the quote that closes a verbatim string whose content starts at `at`; `None` if it is never
/// closed.
pub(super) fn verbatim_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr(b'"', rest(text, at))?;
        if byte(text, at + 1) != b'"' {
            return Some(at);
        }
        at += 2;
    }
}

/// Returns the offset of the quotes that close a raw string whose content starts at `at`; `None` if it is never closed.
pub(super) fn raw_end(text: &[u8], at: usize, quotes: usize) -> Option<usize> {
    let length = match quotes {
        3 => memmem::find(rest(text, at), b"\"\"\""),
        _ => memmem::find(rest(text, at), &b"\"".repeat(quotes)),
    };
    length.map(|length| at + length)
}

//! Comments, and everything else that a compiler treats as whitespace.
//!
//! Format: C++23, [lex.comment].

use memchr::memchr;

use crate::lang::lex::{
    Quiet, byte, is_line_end, is_space, line_end, past_line_end, rest, skip_blanks, unicode_space_end,
};

use super::bytes::{before, joined, splice};

/// Returns the end of the comment whose slash is at `at`; `None` if no comment starts there.
pub(super) fn comment(text: &[u8], at: usize, quiet: &mut Quiet) -> Option<usize> {
    let sign = joined(text, at + 1);
    let end = match byte(text, sign) {
        b'/' => of_line(text, sign + 1),
        b'*' => of_block(text, sign + 1),
        _ => return None,
    };
    quiet.add(at..end);
    Some(end)
}

/// Returns the end of the line, following line splices.
fn of_line(text: &[u8], mut at: usize) -> usize {
    loop {
        let end = line_end(text, at);
        let line = text.get(at..end).unwrap_or_default();
        let blanks = line.iter().rev().take_while(|&&byte| is_space(byte)).count();
        if end == text.len() || line.get(..line.len() - blanks).is_none_or(|line| !line.ends_with(b"\\")) {
            return end;
        }
        at = past_line_end(text, end);
    }
}

fn of_block(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(length) = memchr(b'/', rest(text, at)) {
        at += length;
        let star = before(text, at);
        if star > start && byte(text, star - 1) == b'*' {
            return at + 1;
        }
        at += 1;
    }
    text.len()
}

/// Returns the offset past whitespace, line splices and block comments within a line.
pub(super) fn gap(text: &[u8], mut at: usize, quiet: &mut Quiet) -> usize {
    loop {
        at = skip_blanks(text, at);
        match byte(text, at) {
            b'\\' => match splice(text, at) {
                Some(next) => at = next,
                None => return at,
            },
            b'/' if byte(text, joined(text, at + 1)) == b'*' => match comment(text, at, quiet) {
                Some(end) => at = end,
                None => return at,
            },
            // Clang treats these as whitespace.
            0x80.. if unicode_space_end(text, at) > at => at = unicode_space_end(text, at),
            _ => return at,
        }
    }
}

/// Returns the word at `at` without line splices, and its end. Only the first 16 bytes are kept: no keyword is longer.
pub(super) fn word(text: &[u8], mut at: usize) -> ([u8; 16], usize) {
    let mut word = [0; 16];
    let mut length = 0;
    loop {
        at = joined(text, at);
        let next = byte(text, at);
        if !(next.is_ascii_alphanumeric() || next == b'_') {
            return (word, at);
        }
        if let Some(place) = word.get_mut(length) {
            *place = next;
        }
        length += 1;
        at += 1;
    }
}

/// Returns whether the word equals `name`.
pub(super) fn is(word: &[u8; 16], name: &[u8]) -> bool {
    word.get(..name.len()) == Some(name) && word.get(name.len()).is_none_or(|&next| next == 0)
}

/// Returns the end of the header name at `at`, including its closing delimiter; `None` if the line ends first.
pub(super) fn header_end(text: &[u8], at: usize) -> Option<usize> {
    let close = match byte(text, at) {
        b'<' => b'>',
        b'"' => b'"',
        _ => return None,
    };
    let mut at = at + 1;
    loop {
        let &next = text.get(at)?;
        at = match splice(text, at) {
            Some(joined) => joined,
            None if next == close => return Some(at + 1),
            None if is_line_end(next) => return None,
            None => at + 1,
        };
    }
}

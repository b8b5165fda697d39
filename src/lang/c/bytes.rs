//! Steps over the bytes of C that see what a compiler sees: a backslash at the end of a line joins it with the next.
//!
//! Format: C++23, [lex.phases] 2. As GCC and Clang have it, blanks may stand between the backslash and the line end.

use std::borrow::Cow;
use std::ops::Range;

use crate::lang::lex::{byte, is_line_end, is_space, past_line_end, skip_blanks};

/// Where the line goes on, if the byte at `at` is a backslash that joins it with the next one.
pub(super) fn splice(text: &[u8], at: usize) -> Option<usize> {
    if byte(text, at) != b'\\' {
        return None;
    }
    let end = skip_blanks(text, at + 1);
    text.get(end).is_some_and(|&end| is_line_end(end)).then(|| past_line_end(text, end))
}

/// Past the joints of lines at `at`, however many.
pub(super) fn joined(text: &[u8], mut at: usize) -> usize {
    while let Some(next) = splice(text, at) {
        at = next;
    }
    at
}

/// Where the byte before `at` ends, joints of lines left out.
pub(super) fn before(text: &[u8], mut at: usize) -> usize {
    while at > 0 && is_line_end(byte(text, at - 1)) {
        let line = text.get(..at).unwrap_or_default();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let blanks = line.iter().rev().take_while(|&&byte| is_space(byte) && !is_line_end(byte)).count();
        match line.get(..line.len() - blanks) {
            Some([rest @ .., b'\\']) => at = rest.len(),
            _ => return at,
        }
    }
    at
}

/// A part of the text as the compiler reads it: without the joints of lines.
pub(super) fn unjoined(text: &[u8], range: Range<usize>) -> Cow<'_, str> {
    let part = text.get(range).unwrap_or_default();
    if !part.contains(&b'\\') || !part.iter().any(|&byte| is_line_end(byte)) {
        return String::from_utf8_lossy(part);
    }
    let (mut bytes, mut at) = (Vec::with_capacity(part.len()), 0);
    while let Some(&next) = part.get(at) {
        match splice(part, at) {
            Some(end) => at = end,
            None => {
                bytes.push(next);
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined() {
        assert_eq!(joined(b"\\\n\\ \t\r\nx", 0), 7);
        assert_eq!(joined(b"\\n", 0), 0);
        assert_eq!(joined(b"\\", 0), 0);
        assert_eq!(before(b"x\\\n\\ \r\ny", 7), 1);
        assert_eq!(before(b"x\ny", 2), 2);
        assert_eq!(before(b"\\\n", 2), 0);
        assert_eq!(unjoined(b"a\\\nb\\c", 0..6), "ab\\c");
    }
}

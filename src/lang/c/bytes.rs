//! Line splices: a backslash at the end of a line joins it with the next.
//!
//! Format: C++23, [lex.phases] 2. GCC and Clang also accept whitespace between the backslash and the line end.

use std::borrow::Cow;
use std::ops::Range;

use crate::lang::lex::{byte, is_line_end, is_space, past_line_end, skip_blanks};

/// Returns the offset of the next line if a line splice starts at `at`.
pub(super) fn splice(text: &[u8], at: usize) -> Option<usize> {
    if byte(text, at) != b'\\' {
        return None;
    }
    let end = skip_blanks(text, at + 1);
    text.get(end).is_some_and(|&end| is_line_end(end)).then(|| past_line_end(text, end))
}

/// Returns the offset past all line splices at `at`.
pub(super) fn joined(text: &[u8], mut at: usize) -> usize {
    while let Some(next) = splice(text, at) {
        at = next;
    }
    at
}

/// Returns the end of the byte before `at`, ignoring line splices.
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

/// Returns a part of the text with line splices removed, as the compiler reads it.
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

//! String and character literals, and where they end.
//!
//! Format: C++23, [lex.ccon], [lex.string] and [lex.ppnumber].

use memchr::{memchr, memmem};

use crate::lang::lex::{byte, is_line_end, is_word, rest};

use super::bytes::{before, joined, splice};

/// Maximum length of the delimiter between the quote and the parenthesis of a raw string.
const MAX_DELIMITER_BYTES: usize = 16;

/// Returns the end of a literal whose content starts at `at`: the offset of its closing quote, or of the line end.
pub(super) fn quoted_end(text: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(&next) = text.get(at) {
        if next == quote || is_line_end(next) {
            return at;
        }
        at += 1;
        if next == b'\\' {
            at = match splice(text, at - 1) {
                Some(joined) => joined,
                None => escaped(text, joined(text, at)),
            };
        }
    }
    text.len()
}

/// Returns the offset past the byte that a backslash escapes.
fn escaped(text: &[u8], at: usize) -> usize {
    if text.get(at).is_none_or(|&next| is_line_end(next)) { at } else { at + 1 }
}

/// Returns whether the quote at `at` opens a raw string, judged by its prefix: `R`, `LR`, `uR`, `UR`, `u8R`.
fn is_raw(text: &[u8], at: usize) -> bool {
    let mut at = before(text, at);
    if at == 0 || byte(text, at - 1) != b'R' {
        return false;
    }
    let mut prefix = [0; 3];
    for place in prefix.iter_mut().rev() {
        at = before(text, at - 1);
        if at == 0 || !is_word(byte(text, at - 1)) {
            break;
        }
        *place = byte(text, at - 1);
    }
    matches!(prefix, [0, 0, 0 | b'L' | b'u' | b'U'] | [0, b'u', b'8'])
}

/// Returns the content and the end of the raw string whose quote is at `at`; `None` if it is not a raw string or is
/// never closed. `budget` is the number of bytes that failed searches may still cost.
pub(super) fn raw(text: &[u8], at: usize, budget: &mut usize) -> Option<(std::ops::Range<usize>, usize)> {
    if !is_raw(text, at) {
        return None;
    }
    let near = rest(text, at + 1);
    let length = memchr(b'(', near.get(..near.len().min(MAX_DELIMITER_BYTES + 1))?)?;
    let delimiter = near.get(..length)?;
    if delimiter.iter().any(|byte| matches!(byte, b' ' | b')' | b'\\' | b'"' | b'\t'..=b'\r')) {
        return None;
    }
    let start = at + 1 + length + 1;
    let content = rest(text, start);
    if content.len() > *budget {
        return None;
    }
    let close = [b")", delimiter, b"\""].concat();
    let Some(length) = memmem::find(content, &close) else {
        *budget -= content.len();
        return None;
    };
    Some((start..start + length, start + length + close.len()))
}

/// Returns the end of the number that the quote at `at` belongs to (`1'000`); `None` if it belongs to none.
pub(super) fn number_end(text: &[u8], at: usize) -> Option<usize> {
    if !is_word(byte(text, at + 1)) {
        return None;
    }
    let word = text.get(..at)?.iter().rev().take_while(|&&byte| is_word(byte)).count();
    if word == 0 || !byte(text, at - word).is_ascii_digit() {
        return None;
    }
    let mut end = at + 1;
    while is_word(byte(text, end)) || (byte(text, end) == b'\'' && is_word(byte(text, end + 1))) {
        end += 1;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_end_where_they_do() {
        let end = |text: &str| quoted_end(text.as_bytes(), 1, b'"');
        assert_eq!(end("\"a\\\"b\"c"), 5);
        assert_eq!(end("\"a\nb\""), 2);
        assert_eq!(end("\"a\\\nb\"c"), 5);
        assert_eq!(end("\"a\\ \r\nb\"c"), 7);
        assert_eq!(end("\"a\\\\\n\"b\"c"), 7, "the second backslash joins the lines, and the first takes the quote");
        assert_eq!(end("\"a\\"), 3);
    }

    #[test]
    fn raw_strings_end_where_they_do() {
        let end = |text: &str| raw(text.as_bytes(), text.find('"').unwrap(), &mut 1000).map(|(_, end)| end);
        assert_eq!(end("R\"(a\"\n)\"b"), Some(8));
        assert_eq!(end("u8R\"x(a)\")x\"b"), Some(12));
        assert_eq!(end("L\\\nR\\\n\"()\""), Some(10));
        assert_eq!(end("fooR\"(a)\""), None);
        assert_eq!(end("8R\"(a)\""), None);
        assert_eq!(end("R\"a b(a)a b\""), None);
        assert_eq!(end("R\"(a)"), None);
        assert_eq!(end("\"(a)\""), None);
    }

    #[test]
    fn quotes_stand_in_numbers() {
        let end = |text: &str| number_end(text.as_bytes(), text.find('\'').unwrap());
        assert_eq!(end("1'000'000;"), Some(9));
        assert_eq!(end("0xff'ff"), Some(7));
        assert_eq!(end("u8'a'"), None);
        assert_eq!(end("x1'a'"), None);
        assert_eq!(end("1'"), None);
        assert_eq!(end("'1'"), None);
    }
}

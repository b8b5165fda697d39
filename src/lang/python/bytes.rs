//! Classes of the bytes of Python source, and steps over them that all parts of the scanner share.
//!
//! Format: Python language reference, chapter 2 "Lexical analysis".

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

pub(super) use crate::lang::lex::{byte, byte_classes};

/// A line end that only decoding produces (`+AAo-` in UTF-7). It ends a line for the scanner, but
/// does not count as a line of the file. Valid UTF-8 never contains this byte, so no source text
/// can mean anything else by it.
pub(super) const HIDDEN_LINE_END: u8 = 0xff;

/// Class of a byte in the main loop of the scanner.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum ByteClass {
    Plain,
    LineEnd,
    Comment,
    Quote,
    Open,
    Close,
    Semicolon,
    Colon,
    Backslash,
}

/// Class of every byte. The scanner's speed rests on one table look-up per byte.
pub(super) static CLASS: [ByteClass; 256] = byte_classes(
    ByteClass::Plain,
    [
        (b'\n', ByteClass::LineEnd),
        (b'\r', ByteClass::LineEnd),
        (HIDDEN_LINE_END, ByteClass::LineEnd),
        (b'#', ByteClass::Comment),
        (b'"', ByteClass::Quote),
        (b'\'', ByteClass::Quote),
        (b'(', ByteClass::Open),
        (b'[', ByteClass::Open),
        (b'{', ByteClass::Open),
        (b')', ByteClass::Close),
        (b']', ByteClass::Close),
        (b'}', ByteClass::Close),
        (b';', ByteClass::Semicolon),
        (b':', ByteClass::Colon),
        (b'\\', ByteClass::Backslash),
    ],
);

/// Returns whether a byte may occur in an identifier; all bytes of UTF-8 beyond ASCII may.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || (byte >= 0x80 && byte != HIDDEN_LINE_END)
}

/// Returns whether a byte ends a line.
pub(super) fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | HIDDEN_LINE_END)
}

/// Returns whether a byte separates tokens within a line (reference, 2.1.9).
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\x0c')
}

/// Returns the offset past the line end at `at`.
pub(super) fn past_line_end(text: &[u8], at: usize) -> usize {
    if byte(text, at) == b'\r' && byte(text, at + 1) == b'\n' { at + 2 } else { at + 1 }
}

/// Returns the end of the line that holds `at`.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    memchr::memchr3(b'\n', b'\r', HIDDEN_LINE_END, rest).map_or(text.len(), |length| at + length)
}

/// Returns the offset past the indentation at `at`, eight bytes at a time, as it is usually spaces.
pub(super) fn skip_indentation(text: &[u8], mut at: usize) -> usize {
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    while let Some(eight) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let others = u64::from_le_bytes(*eight) ^ SPACES;
        if others != 0 {
            at += others.trailing_zeros() as usize / 8;
            break;
        }
        at += 8;
    }
    while is_space(byte(text, at)) {
        at += 1;
    }
    at
}

/// Returns the offset past spaces and joined lines (reference, 2.1.6).
pub(super) fn skip_spaces(text: &[u8], mut at: usize) -> usize {
    loop {
        match byte(text, at) {
            b' ' | b'\t' | b'\x0c' => at += 1,
            b'\\' if at + 1 < text.len() && is_line_end(text[at + 1]) => at = past_line_end(text, at + 1),
            _ => return at,
        }
    }
}

/// Returns the offset past spaces, line ends and comments, which separate tokens in brackets.
pub(super) fn skip_lines(text: &[u8], mut at: usize) -> usize {
    loop {
        at = skip_spaces(text, at);
        match byte(text, at) {
            b'#' => at = line_end(text, at),
            end if is_line_end(end) => at = past_line_end(text, at),
            _ => return at,
        }
    }
}

/// Returns the end of the word that starts at `at`; `at` itself if there is none.
pub(super) fn word_end(text: &[u8], at: usize) -> usize {
    if byte(text, at).is_ascii_digit() {
        return at;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len())
}

/// Returns whether exactly this word is at `at`.
pub(super) fn word_is(text: &[u8], at: usize, word: &[u8]) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with(word)) && !is_word(byte(text, at + word.len()))
}

/// Returns an identifier as Python compares it: in NFKC (reference, 2.3; PEP 3131).
pub(super) fn identifier(word: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(word) {
        Cow::Borrowed(word) if word.is_ascii() => Cow::Borrowed(word),
        word => Cow::Owned(word.nfkc().collect()),
    }
}

/// Returns whether Python accepts a text as an identifier, approximately: Unicode's letters and
/// digits stand in for `XID_Start` and `XID_Continue`, which differ in a few marks.
pub(super) fn is_identifier(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && characters.all(|next| {
            next == '_' || next.is_alphanumeric() || (!next.is_ascii() && !next.is_whitespace() && !next.is_control())
        })
}

/// Returns the dotted name at `at`, and its range. `skip` skips what may separate its tokens.
pub(super) fn dotted(text: &[u8], at: usize, skip: fn(&[u8], usize) -> usize) -> Option<(Cow<'_, str>, Range<usize>)> {
    let mut end = word_end(text, at);
    if end == at {
        return None;
    }
    let mut spaced = false;
    loop {
        let dot = skip(text, end);
        if byte(text, dot) != b'.' {
            break;
        }
        let next = skip(text, dot + 1);
        let next_end = word_end(text, next);
        if next_end == next {
            break;
        }
        spaced |= next != end + 1;
        end = next_end;
    }
    let written = &text[at..end];
    if spaced {
        return Some((Cow::Owned(normalized(text, at..end, skip)), at..end));
    }
    Some((identifier(written), at..end))
}

/// Returns a dotted name without what separates its tokens.
pub(super) fn normalized(text: &[u8], range: Range<usize>, skip: fn(&[u8], usize) -> usize) -> String {
    let mut name = String::new();
    let mut at = range.start;
    while at < range.end {
        let end = word_end(text, at);
        if end == at {
            name.push('.');
            at = skip(text, at + 1);
        } else {
            name.push_str(&identifier(&text[at..end]));
            at = skip(text, end);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_names_lose_their_spaces() {
        let (name, range) = dotted(b"a . b\\\n.c as", 0, skip_spaces).unwrap();
        assert_eq!((&*name, range), ("a.b.c", 0..9));
        let (name, range) = dotted(b"a.b.", 0, skip_spaces).unwrap();
        assert_eq!((&*name, range), ("a.b", 0..3));
        assert!(dotted(b"1a", 0, skip_spaces).is_none());
    }

    #[test]
    fn identifiers_are_in_normal_form() {
        assert_eq!(identifier("ｏｓ".as_bytes()), "os");
        assert!(is_identifier("é1") && !is_identifier("1e") && !is_identifier("") && !is_identifier("a-b"));
    }
}

//! Shared parts of the scanners: steps over bytes, spaces, comments and quoted texts, and a record
//! of what is not code.
//!
//! Every step moves forward, looks at each byte once, and ends at the end of the text at the
//! latest.

use std::ops::Range;

use memchr::{memchr, memchr2, memchr3, memmem};

/// Returns the byte at `at`; beyond the end NUL, which no scanner expects.
pub(super) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// Returns the text from `at` on.
pub(super) fn rest(text: &[u8], at: usize) -> &[u8] {
    text.get(at..).unwrap_or_default()
}

/// Returns whether exactly these bytes start at `at`.
pub(super) fn starts(text: &[u8], at: usize, with: &[u8]) -> bool {
    rest(text, at).starts_with(with)
}

/// Returns whether a byte may occur in a name of most languages; all of UTF-8 beyond ASCII may.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Returns whether a byte ends a line.
pub(super) const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Returns whether a byte is white space: space, tab, line end, vertical tab or form feed.
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Returns the end of the word that starts at `at`; `at` itself if none does.
pub(super) fn word_end(text: &[u8], at: usize) -> usize {
    if byte(text, at).is_ascii_digit() {
        return at;
    }
    at + rest(text, at).iter().take_while(|&&byte| is_word(byte)).count()
}

/// Returns whether exactly this word is at `at`, not as part of a longer one.
pub(super) fn word_is(text: &[u8], at: usize, word: &[u8]) -> bool {
    starts(text, at, word) && !is_word(byte(text, at + word.len())) && (at == 0 || !is_word(byte(text, at - 1)))
}

/// Returns the offset past blanks within the line.
pub(super) fn skip_blanks(text: &[u8], at: usize) -> usize {
    at + rest(text, at).iter().take_while(|&&byte| is_space(byte) && !is_line_end(byte)).count()
}

/// Returns the end of the white space at `at` that is beyond ASCII (Unicode's class Zs, its line
/// ends, a byte order mark); `at` itself if there is none.
pub(super) fn unicode_space_end(text: &[u8], at: usize) -> usize {
    match *rest(text, at) {
        [0xc2, 0x85 | 0xa0, ..] => at + 2,
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..]
        | [0xef, 0xbb, 0xbf, ..] => at + 3,
        _ => at,
    }
}

/// Returns the offset past blanks and line ends.
pub(super) fn skip_spaces(text: &[u8], at: usize) -> usize {
    at + rest(text, at).iter().take_while(|&&byte| is_space(byte)).count()
}

/// Returns the end of the line that contains `at`, excluding its line end.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    memchr2(b'\n', b'\r', rest(text, at)).map_or(text.len(), |length| at + length)
}

/// Returns the offset past the line end at `at`.
pub(super) fn past_line_end(text: &[u8], at: usize) -> usize {
    (if byte(text, at) == b'\r' && byte(text, at + 1) == b'\n' { at + 2 } else { at + 1 }).min(text.len())
}

/// Returns the offset past the bytes of the class `plain`. They are most of a text, so each turn
/// looks at four.
pub(super) fn past_plain<C: Copy + PartialEq>(text: &[u8], mut at: usize, classes: &[C; 256], plain: C) -> usize {
    let plain = |byte: u8| classes[usize::from(byte)] == plain;
    while let Some(&[a, b, c, d]) = rest(text, at).first_chunk() {
        if !plain(a) {
            return at;
        }
        if !plain(b) {
            return at + 1;
        }
        if !plain(c) {
            return at + 2;
        }
        if !plain(d) {
            return at + 3;
        }
        at += 4;
    }
    at + rest(text, at).iter().take_while(|&&byte| plain(byte)).count()
}

/// Returns the offset past the next `end` from `at` on; the end of the text if there is none.
pub(super) fn past(text: &[u8], at: usize, end: &[u8]) -> usize {
    memmem::find(rest(text, at), end).map_or(text.len(), |length| at + length + end.len())
}

/// Returns the offset past a comment that opened right before `at` and may nest others of its kind.
pub(super) fn past_nested(text: &[u8], mut at: usize, open: [u8; 2], close: [u8; 2]) -> usize {
    let mut depth = 1_usize;
    while let Some(length) = memchr2(open[0], close[0], rest(text, at)) {
        at += length;
        if starts(text, at, &close) {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else if starts(text, at, &open) {
            depth += 1;
            at += 2;
        } else {
            at += 1;
        }
    }
    text.len()
}

/// Returns the end of a quoted text whose content starts at `at`, where a backslash escapes the
/// next byte: the offset of the closing quote, or else the end of the line if `within_line`, and of
/// the text at the latest.
pub(super) fn quoted_end(text: &[u8], mut at: usize, quote: u8, within_line: bool) -> usize {
    loop {
        let next = if within_line {
            let end = memchr3(quote, b'\\', b'\n', rest(text, at));
            // A lone carriage return is rare, so it is searched for only in the bytes found.
            let found = end.map_or(text.len(), |length| at + length);
            memchr(b'\r', &text[at.min(text.len())..found]).map_or(found, |length| at + length)
        } else {
            memchr2(quote, b'\\', rest(text, at)).map_or(text.len(), |length| at + length)
        };
        if byte(text, next) != b'\\' {
            return next;
        }
        // A line end after the backslash belongs to the text, both bytes of it.
        at = if is_line_end(byte(text, next + 1)) { past_line_end(text, next + 1) } else { next + 2 };
        if at >= text.len() {
            return text.len();
        }
    }
}

/// Record of what is not code: comments, and the contents of quoted texts.
#[derive(Debug, Default)]
pub(super) struct Quiet {
    blanked: Option<Vec<u8>>,
}

impl Quiet {
    /// Returns a record that discards its ranges.
    pub(super) const fn ignored() -> Self {
        Self { blanked: None }
    }

    /// Returns a record that keeps the text and blanks each range in it.
    pub(super) fn blanking(text: &[u8]) -> Self {
        Self { blanked: Some(text.to_vec()) }
    }

    /// Records that these bytes are not code.
    pub(super) fn add(&mut self, range: Range<usize>) {
        let Some(blanked) = &mut self.blanked else { return };
        for byte in blanked.get_mut(range).unwrap_or_default() {
            if !is_line_end(*byte) {
                *byte = b' ';
            }
        }
    }

    /// Returns the text with all that is not code as spaces; empty if the ranges were discarded.
    pub(super) fn into_code(self) -> Vec<u8> {
        self.blanked.unwrap_or_default()
    }
}

/// Returns the class of each byte: `plain`, unless `marks` has another. One look-up per byte keeps
/// scanners fast.
pub(super) const fn byte_classes<C: Copy, const N: usize>(plain: C, marks: [(u8, C); N]) -> [C; 256] {
    let mut classes = [plain; 256];
    let mut at = 0;
    while at < N {
        let (byte, class) = marks[at];
        classes[byte as usize] = class;
        at += 1;
    }
    classes
}

/// Returns whether the line at `at` is a conflict marker of a merge: seven equal bytes, then a
/// space or nothing.
pub(super) fn is_marker(text: &[u8], at: usize) -> bool {
    let sign = byte(text, at);
    (at..at + 7).all(|at| byte(text, at) == sign) && matches!(byte(text, at + 7), b' ' | b'\n' | b'\r' | 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_end_where_they_do() {
        assert_eq!(past(b"/* a */b", 2, b"*/"), 7);
        assert_eq!(past(b"/* a", 2, b"*/"), 4);
        let nested = |text: &[u8]| past_nested(text, 2, *b"/*", *b"*/");
        assert_eq!(nested(b"/* /* */ */b"), 11);
        assert_eq!(nested(b"/* * / /* */"), 12);
        assert_eq!(nested(b"/*/*/"), 5);
    }

    #[test]
    fn quoted_texts_end_where_they_do() {
        let end = |text: &str, within_line| quoted_end(text.as_bytes(), 1, b'"', within_line);
        assert_eq!(end("\"a\\\"b\"c", true), 5);
        assert_eq!(end("\"a\nb\"", true), 2);
        assert_eq!(end("\"a\rb\"", true), 2);
        assert_eq!(end("\"a\nb\"", false), 4);
        assert_eq!(end("\"a\\\r\nb\"", true), 6);
        assert_eq!(end("\"a\\", true), 3);
        assert_eq!(end("\"", false), 1);
        assert_eq!(quoted_end(b"", 1, b'"', true), 0);
    }

    #[test]
    fn blanked_text_keeps_its_lines() {
        let mut quiet = Quiet::blanking(b"a \"b\r\nc\"");
        quiet.add(3..7);
        assert_eq!(quiet.into_code(), b"a \" \r\n \"");
    }

    #[test]
    fn words_are_whole() {
        assert!(word_is(b"import a", 0, b"import") && word_is(b"(import)", 1, b"import"));
        assert!(!word_is(b"imports", 0, b"import") && !word_is(b"reimport", 2, b"import"));
        assert_eq!(word_end(b"a1 b", 0), 2);
        assert_eq!(word_end(b"1a", 0), 0);
    }
}

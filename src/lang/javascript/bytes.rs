//! Bytes of ECMAScript source, and the steps over them that all parts of the scanner share.
//!
//! Format: ECMA-262, chapter 12 "Lexical Grammar".

use memchr::memchr3;

use crate::lang::lex::{byte, byte_classes, rest, starts};

/// What a byte means to the main loop of the scanner.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum ByteClass {
    Plain,
    Quote,
    Backtick,
    Slash,
    Less,
    Open,
    Close,
    OpenBrace,
    CloseBrace,
    /// The third letter of `import` and `export`: rarer than their first ones.
    P,
    /// The third letter of `require`.
    Q,
    /// The first letter of `jest`.
    J,
    /// The first letter of `vi`.
    V,
    /// The second letter of `extends`.
    X,
    /// The last letter of `mock`.
    K,
    /// The fourth letter of `getBuiltinModule`.
    B,
    /// The first letter of `URL`.
    U,
    Backslash,
    Question,
    Colon,
}

const MARKS: [(u8, ByteClass); 18] = [
    (b'"', ByteClass::Quote),
    (b'\'', ByteClass::Quote),
    (b'`', ByteClass::Backtick),
    (b'/', ByteClass::Slash),
    (b'<', ByteClass::Less),
    (b'(', ByteClass::Open),
    (b')', ByteClass::Close),
    (b'{', ByteClass::OpenBrace),
    (b'}', ByteClass::CloseBrace),
    (b'p', ByteClass::P),
    (b'q', ByteClass::Q),
    (b'j', ByteClass::J),
    (b'v', ByteClass::V),
    (b'x', ByteClass::X),
    (b'k', ByteClass::K),
    (b'B', ByteClass::B),
    (b'U', ByteClass::U),
    (b'\\', ByteClass::Backslash),
];

/// The class of every byte: the scanner's speed rests on one lookup per byte.
pub(super) static CLASS: [ByteClass; 256] = byte_classes(ByteClass::Plain, MARKS);

/// The same directly within the braces of a `switch`, where colons end cases.
pub(super) static CLASS_IN_SWITCH: [ByteClass; 256] = {
    let mut classes = byte_classes(ByteClass::Plain, MARKS);
    classes[b'?' as usize] = ByteClass::Question;
    classes[b':' as usize] = ByteClass::Colon;
    classes
};

/// Returns whether a byte may be part of an identifier; beyond ASCII, all but [`wide_space`] may.
pub(super) const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// Returns the length of the non-ASCII whitespace at `at` (ECMA-262, 12.2 and 12.3), or 0.
pub(super) fn wide_space(text: &[u8], at: usize) -> usize {
    match *rest(text, at) {
        [0xc2, 0xa0, ..] => 2,
        [0xef, 0xbb, 0xbf, ..] | [0xe1, 0x9a, 0x80, ..] | [0xe2, 0x81, 0x9f, ..] | [0xe3, 0x80, 0x80, ..] => 3,
        [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..] => 3,
        _ => 0,
    }
}

/// Returns the length of the whitespace character at `at`; 0 if there is none.
fn space(text: &[u8], at: usize) -> usize {
    match byte(text, at) {
        b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => 1,
        0x80.. => wide_space(text, at),
        _ => 0,
    }
}

/// Returns the length of the whitespace character that ends at `at`; 0 if there is none.
fn space_before(text: &[u8], at: usize) -> usize {
    let Some(&last) = at.checked_sub(1).and_then(|last| text.get(last)) else { return 0 };
    match last {
        b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => 1,
        0x80.. => (2..=3).find(|&length| at >= length && wide_space(text, at - length) == length).unwrap_or(0),
        _ => 0,
    }
}

/// Returns the offset past whitespace, line ends included.
pub(super) fn skip_spaces(text: &[u8], mut at: usize) -> usize {
    loop {
        match space(text, at) {
            0 => return at,
            length => at += length,
        }
    }
}

/// Returns the start of the whitespace that ends at `at`, line ends included.
pub(super) fn back_over_spaces(text: &[u8], mut at: usize) -> usize {
    loop {
        match space_before(text, at) {
            0 => return at,
            length => at -= length,
        }
    }
}

/// Returns the end of the line that contains `at`; U+2028 and U+2029 end a line too (12.3).
pub(super) fn line_end(text: &[u8], mut at: usize) -> usize {
    loop {
        let Some(length) = memchr3(b'\n', b'\r', 0xe2, rest(text, at)) else { return text.len() };
        at += length;
        if byte(text, at) != 0xe2 || matches!(*rest(text, at), [_, 0x80, 0xa8 | 0xa9, ..]) {
            return at;
        }
        at += 1;
    }
}

/// Returns the offset past the comment at `at`; `at` itself if there is none.
pub(super) fn past_comment(text: &[u8], at: usize) -> usize {
    match *rest(text, at) {
        [b'/', b'/', ..] => line_end(text, at + 2),
        [b'/', b'*', ..] => crate::lang::lex::past(text, at + 2, b"*/"),
        _ => at,
    }
}

/// Returns the offset past whitespace and comments.
pub(super) fn skip(text: &[u8], mut at: usize) -> usize {
    loop {
        at = skip_spaces(text, at);
        match past_comment(text, at) {
            end if end == at => return at,
            end => at = end,
        }
    }
}

/// Returns the end of the identifier at `at`, escapes included; `at` itself if there is none.
pub(super) fn name_end(text: &[u8], at: usize) -> usize {
    if byte(text, at).is_ascii_digit() {
        return at;
    }
    let mut end = at;
    loop {
        match byte(text, end) {
            b'\\' if starts(text, end, b"\\u{") => {
                let digits = rest(text, end + 3).iter().take_while(|digit| digit.is_ascii_hexdigit()).count();
                if byte(text, end + 3 + digits) != b'}' {
                    return end;
                }
                end += digits + 4;
            }
            b'\\' if starts(text, end, b"\\u") => {
                if rest(text, end + 2).iter().take(4).filter(|digit| digit.is_ascii_hexdigit()).count() < 4 {
                    return end;
                }
                end += 6;
            }
            0x80.. if wide_space(text, end) > 0 => return end,
            next if is_name(next) => end += 1,
            _ => return end,
        }
    }
}

/// Returns the start of the identifier or number that ends at `end`; `end` itself if there is none.
pub(super) fn name_start(text: &[u8], end: usize) -> usize {
    let mut start = end;
    while start > 0 && is_name(byte(text, start - 1)) {
        if byte(text, start - 1) >= 0x80 && space_before(text, start) > 0 {
            break;
        }
        start -= 1;
    }
    start
}

/// Returns whether `word` is at `at` and ends there; the byte before is not checked.
pub(super) fn word_at(text: &[u8], at: usize, word: &[u8]) -> bool {
    starts(text, at, word) && ends_word(text, at + word.len())
}

/// Returns whether no identifier continues at `at`.
pub(super) fn ends_word(text: &[u8], at: usize) -> bool {
    let next = byte(text, at);
    (!is_name(next) && next != b'\\') || wide_space(text, at) > 0
}

/// Returns whether no identifier continues before `at`.
pub(super) fn starts_word(text: &[u8], at: usize) -> bool {
    let Some(&last) = at.checked_sub(1).and_then(|last| text.get(last)) else { return true };
    (!is_name(last) && last != b'#') || (last >= 0x80 && space_before(text, at) > 0)
}

//! The class of each byte, and functions that skip words and whitespace.

use crate::lang::lex::{byte, byte_classes, is_line_end, is_word, line_end, skip_spaces};

/// The construct that a byte may start in code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteClass {
    /// No meaning to the scanner.
    Plain,
    LineEnd,
    Comment,
    Quote,
    Backtick,
    Slash,
    Percent,
    Less,
    Question,
    Dollar,
    Open,
    Close,
}

/// Class of each byte.
pub(super) static CLASS: [ByteClass; 256] = byte_classes(
    ByteClass::Plain,
    [
        (b'\n', ByteClass::LineEnd),
        (b'#', ByteClass::Comment),
        (b'"', ByteClass::Quote),
        (b'\'', ByteClass::Quote),
        (b'`', ByteClass::Backtick),
        (b'/', ByteClass::Slash),
        (b'%', ByteClass::Percent),
        (b'<', ByteClass::Less),
        (b'?', ByteClass::Question),
        (b'$', ByteClass::Dollar),
        (b'{', ByteClass::Open),
        (b'}', ByteClass::Close),
    ],
);

/// Returns the start of the word that ends at `end`, no further back than `floor`.
pub(super) fn word_start(text: &[u8], end: usize, floor: usize) -> usize {
    let before = text.get(floor..end).unwrap_or_default();
    end - before.iter().rev().take_while(|&&byte| is_word(byte)).count()
}

/// Goes back over whitespace within the line, and over escaped line ends, no further than `floor`.
pub(super) fn back_blanks(text: &[u8], mut at: usize, floor: usize) -> usize {
    while at > floor {
        match byte(text, at - 1) {
            b' ' | b'\t' | 0x0b | 0x0c => at -= 1,
            b'\n' if at >= floor + 2 && byte(text, at - 2) == b'\\' => at -= 2,
            b'\n' if at >= floor + 3 && byte(text, at - 2) == b'\r' && byte(text, at - 3) == b'\\' => at -= 3,
            _ => return at,
        }
    }
    at
}

/// Returns the offset past whitespace within the line, and past escaped line ends.
pub(super) fn skip_blanks(text: &[u8], mut at: usize) -> usize {
    loop {
        match byte(text, at) {
            b' ' | b'\t' | 0x0b | 0x0c => at += 1,
            b'\r' if byte(text, at + 1) == b'\n' => return at,
            b'\r' => at += 1,
            b'\\' if byte(text, at + 1) == b'\n' => at += 2,
            b'\\' if byte(text, at + 1) == b'\r' && byte(text, at + 2) == b'\n' => at += 3,
            _ => return at,
        }
    }
}

/// Returns the offset past white space, line ends and comments.
pub(super) fn skip_lines(text: &[u8], mut at: usize) -> usize {
    loop {
        at = skip_blanks(text, skip_spaces(text, at));
        match byte(text, at) {
            b'#' => at = line_end(text, at),
            sign if is_line_end(sign) => {}
            _ => return at,
        }
    }
}

//! Byte classes: the meaning of each byte to the scanner.

use crate::lang::lex::is_word;

/// The meaning of a byte to the main loop.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum ByteClass {
    Plain,
    Word,
    Variable,
    Single,
    Double,
    Hash,
    Slash,
    Less,
    Question,
    Open,
    Close,
    Semicolon,
    Parenthesis,
}

/// Class of each byte.
pub(super) static CLASS: [ByteClass; 256] = {
    let mut table = [ByteClass::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        if is_word(byte as u8) {
            table[byte] = ByteClass::Word;
        }
        byte += 1;
    }
    table[b'$' as usize] = ByteClass::Variable;
    table[b'\'' as usize] = ByteClass::Single;
    table[b'"' as usize] = ByteClass::Double;
    table[b'`' as usize] = ByteClass::Double;
    table[b'#' as usize] = ByteClass::Hash;
    table[b'/' as usize] = ByteClass::Slash;
    table[b'<' as usize] = ByteClass::Less;
    table[b'?' as usize] = ByteClass::Question;
    table[b'{' as usize] = ByteClass::Open;
    table[b'}' as usize] = ByteClass::Close;
    table[b';' as usize] = ByteClass::Semicolon;
    table[b'(' as usize] = ByteClass::Parenthesis;
    table[b')' as usize] = ByteClass::Parenthesis;
    table
};

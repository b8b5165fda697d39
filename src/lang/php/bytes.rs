//! What each byte of PHP means to the scanner.

use crate::lang::lex::is_word;

/// What a byte means to the main loop.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Class {
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

/// The class of every byte.
pub(super) static CLASS: [Class; 256] = {
    let mut table = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        if is_word(byte as u8) {
            table[byte] = Class::Word;
        }
        byte += 1;
    }
    table[b'$' as usize] = Class::Variable;
    table[b'\'' as usize] = Class::Single;
    table[b'"' as usize] = Class::Double;
    table[b'`' as usize] = Class::Double;
    table[b'#' as usize] = Class::Hash;
    table[b'/' as usize] = Class::Slash;
    table[b'<' as usize] = Class::Less;
    table[b'?' as usize] = Class::Question;
    table[b'{' as usize] = Class::Open;
    table[b'}' as usize] = Class::Close;
    table[b';' as usize] = Class::Semicolon;
    table[b'(' as usize] = Class::Parenthesis;
    table[b')' as usize] = Class::Parenthesis;
    table
};

//! The reserved words, and which bytes a scanner stops at.

use crate::lang::lex::{byte, is_word};

/// What a byte may start in code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing that matters here.
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

/// The class of each byte.
pub(super) static CLASS: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    classes[b'\n' as usize] = Class::LineEnd;
    classes[b'#' as usize] = Class::Comment;
    classes[b'"' as usize] = Class::Quote;
    classes[b'\'' as usize] = Class::Quote;
    classes[b'`' as usize] = Class::Backtick;
    classes[b'/' as usize] = Class::Slash;
    classes[b'%' as usize] = Class::Percent;
    classes[b'<' as usize] = Class::Less;
    classes[b'?' as usize] = Class::Question;
    classes[b'$' as usize] = Class::Dollar;
    classes[b'{' as usize] = Class::Open;
    classes[b'}' as usize] = Class::Close;
    classes
};

/// What a reserved word leaves behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reserved {
    /// An expression begins.
    Begins,
    /// A value has ended.
    Ends,
    /// Arguments may follow, as behind a method's name.
    Calls,
    /// A name follows.
    Names,
}

/// What the reserved word leaves behind it; `None` of all other words.
pub(super) fn reserved(word: &[u8]) -> Option<Reserved> {
    Some(match word {
        b"if" | b"elsif" | b"else" | b"unless" | b"while" | b"until" | b"and" | b"or" | b"not" | b"return"
        | b"when" | b"in" | b"case" | b"then" | b"do" | b"ensure" | b"rescue" | b"begin" | b"break" | b"next"
        | b"BEGIN" | b"END" | b"for" | b"module" => Reserved::Begins,
        b"end" | b"self" | b"nil" | b"true" | b"false" | b"__FILE__" | b"__LINE__" | b"__ENCODING__" | b"redo"
        | b"retry" => Reserved::Ends,
        b"yield" | b"super" | b"defined?" => Reserved::Calls,
        b"class" | b"def" | b"alias" | b"undef" => Reserved::Names,
        _ => return None,
    })
}

/// Where the word that ends at `end` starts, no further back than `floor`.
pub(super) fn word_start(text: &[u8], end: usize, floor: usize) -> usize {
    let before = text.get(floor..end).unwrap_or_default();
    end - before.iter().rev().take_while(|&&byte| is_word(byte)).count()
}

/// Back over blanks within the line, and over line ends that a backslash hides, no further than `floor`.
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

/// Past blanks within the line, and line ends that a backslash hides.
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

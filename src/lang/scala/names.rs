//! Names, keywords and reserved operators.
//!
//! Source: Scala 2.13 specification 1.1.

use crate::lang::jvm::dotted::Segment;
use crate::lang::jvm::walk::past_backtick;
use crate::lang::lex::{byte, is_word, rest};

/// Returns the end of the wildcard at `at`, if there is one.
pub(super) fn star_end(text: &[u8], at: usize) -> Option<usize> {
    let alone = operator_end(text, at + 1) == at + 1 && !is_word(byte(text, at + 1));
    (matches!(byte(text, at), b'_' | b'*') && alone).then_some(at + 1)
}

const fn is_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'#'
            | b'%'
            | b'&'
            | b'*'
            | b'+'
            | b'-'
            | b'/'
            | b':'
            | b'<'
            | b'='
            | b'>'
            | b'?'
            | b'@'
            | b'\\'
            | b'^'
            | b'|'
            | b'~'
    )
}

/// Returns the end of the operator characters at `at`, before a comment that they may seem to include.
fn operator_end(text: &[u8], mut at: usize) -> usize {
    while is_operator(byte(text, at)) && !(byte(text, at) == b'/' && matches!(byte(text, at + 1), b'/' | b'*')) {
        at += 1;
    }
    at
}

/// Returns the name at `at`, and its end.
pub(super) fn segment(text: &[u8], at: usize) -> Option<Segment> {
    let first = byte(text, at);
    if first == b'`' {
        let end = past_backtick(text, at).filter(|end| end - at > 2)?;
        return Some((at + 1..end - 1, end));
    }
    if is_operator(first) {
        let end = operator_end(text, at);
        let name = text.get(at..end)?;
        return (!RESERVED.contains(&name) && name != b"*").then_some((at..end, end));
    }
    let mut end = at + rest(text, at).iter().take_while(|&&byte| is_word(byte) || byte == b'$').count();
    if end > at && byte(text, end - 1) == b'_' {
        end = operator_end(text, end);
    }
    let name = text.get(at..end)?;
    (!name.is_empty() && !first.is_ascii_digit() && !KEYWORDS.contains(&name)).then_some((at..end, end))
}

/// Words that cannot be names.
const KEYWORDS: &[&[u8]] = &[
    b"_",
    b"abstract",
    b"case",
    b"catch",
    b"class",
    b"def",
    b"do",
    b"else",
    b"extends",
    b"false",
    b"final",
    b"finally",
    b"for",
    b"forSome",
    b"if",
    b"implicit",
    b"import",
    b"lazy",
    b"match",
    b"new",
    b"null",
    b"object",
    b"override",
    b"package",
    b"private",
    b"protected",
    b"return",
    b"sealed",
    b"throw",
    b"trait",
    b"true",
    b"try",
    b"type",
    b"val",
    b"var",
    b"while",
    b"with",
    b"yield",
];

/// Operators that cannot be names; the empty entry rejects a name without characters.
const RESERVED: &[&[u8]] = &[b"", b"=>", b"=", b":", b"<-", b"@", b"#"];

/// Returns whether a name is a reserved word or operator.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name.as_bytes()) || RESERVED.contains(&name.as_bytes())
}

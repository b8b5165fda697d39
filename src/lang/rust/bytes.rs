//! Byte classes of Rust source, and short steps over its tokens.
//!
//! Format: the Rust reference, chapters "Whitespace", "Identifiers", "Keywords", "Comments".

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::lang::lex::{byte, past_nested, rest, starts};

/// Returns the length in bytes of the white space character at `at`, 0 if there is none:
/// `Pattern_White_Space`, which is more than ASCII.
pub(super) fn space_length(text: &[u8], at: usize) -> usize {
    match rest(text, at) {
        [b'\t'..=b'\r' | b' ', ..] => 1,
        [0xc2, 0x85, ..] => 2,
        [0xe2, 0x80, 0x8e | 0x8f | 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    }
}

/// Returns the offset past white space of any kind.
pub(super) fn skip_space(text: &[u8], mut at: usize) -> usize {
    loop {
        match space_length(text, at) {
            0 => return at,
            length => at += length,
        }
    }
}

/// Returns the offset past white space and comments; one that is never closed is none.
fn skip_trivia(text: &[u8], mut at: usize) -> usize {
    loop {
        at = skip_space(text, at);
        if starts(text, at, b"//") {
            at = memchr::memchr(b'\n', rest(text, at)).map_or(text.len(), |length| at + length);
        } else if starts(text, at, b"/*") {
            let end = past_nested(text, at + 2, *b"/*", *b"*/");
            if end == text.len() && !text.ends_with(b"*/") {
                return at;
            }
            at = end;
        } else {
            return at;
        }
    }
}

/// Returns the end of the word that starts at `at`; `at` itself if none does.
pub(super) fn word_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(&byte) = text.get(at) {
        let word = byte.is_ascii_alphanumeric() || byte == b'_' || (byte >= 0x80 && space_length(text, at) == 0);
        if !word {
            break;
        }
        at += 1;
    }
    at
}

/// Returns whether the byte before `at` belongs to a word, which a word at `at` would continue.
pub(super) fn goes_on(text: &[u8], at: usize) -> bool {
    match at.checked_sub(1).and_then(|before| text.get(before)) {
        Some(&byte) if byte < 0x80 => byte.is_ascii_alphanumeric() || byte == b'_',
        Some(_) => {
            let ends = |length: usize| at >= length && space_length(text, at - length) == length;
            !ends(2) && !ends(3)
        }
        None => false,
    }
}

/// Returns whether exactly this word starts at `at`.
pub(super) fn word_is(text: &[u8], at: usize, word: &[u8]) -> bool {
    starts(text, at, word) && word_end(text, at) == at + word.len()
}

/// Returns whether this keyword is at `at` as such: not as a part of a word, a raw identifier, a
/// lifetime, a macro variable or a field.
pub(super) fn keyword_is(text: &[u8], at: usize, word: &[u8]) -> bool {
    if !word_is(text, at, word) || goes_on(text, at) {
        return false;
    }
    let before = |distance: usize| at.checked_sub(distance).map_or(0, |before| byte(text, before));
    match before(1) {
        b'\'' | b'$' => false,
        b'#' => before(2) != b'r' || goes_on(text, at - 2),
        b'.' => before(2) == b'.',
        _ => true,
    }
}

/// Returns the end of the identifier that starts at `at`, `r#` included; `at` itself if none does.
pub(super) fn identifier_end(text: &[u8], at: usize) -> usize {
    if byte(text, at).is_ascii_digit() {
        return at;
    }
    if starts(text, at, b"r#") && !byte(text, at + 2).is_ascii_digit() {
        let end = word_end(text, at + 2);
        if end > at + 2 {
            return end;
        }
    }
    word_end(text, at)
}

/// Returns an identifier as the compiler compares it: in NFC, without `r#`.
pub(super) fn identifier(written: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(written.strip_prefix(b"r#").unwrap_or(written)) {
        Cow::Borrowed(text) if text.is_ascii() => Cow::Borrowed(text),
        text => Cow::Owned(text.nfc().collect()),
    }
}

/// Returns the path segment that starts at `at`, as the compiler compares it, and its end: an
/// identifier or `$crate`, in which a macro written by a macro may have a space.
pub(super) fn segment(text: &[u8], at: usize) -> Option<(Cow<'_, str>, usize)> {
    if byte(text, at) == b'$' {
        let word = skip_trivia(text, at + 1);
        return word_is(text, word, b"crate").then_some((Cow::Borrowed("$crate"), word + 5));
    }
    let end = identifier_end(text, at);
    let word = text.get(at..end).filter(|word| !word.is_empty() && !is_keyword(word))?;
    Some((identifier(word), end))
}

/// Returns whether a word is a keyword of every edition that cannot be a path segment.
pub(super) fn is_keyword(word: &[u8]) -> bool {
    matches!(
        word,
        b"as"
            | b"break"
            | b"const"
            | b"continue"
            | b"else"
            | b"enum"
            | b"extern"
            | b"false"
            | b"fn"
            | b"for"
            | b"if"
            | b"impl"
            | b"in"
            | b"let"
            | b"loop"
            | b"match"
            | b"mod"
            | b"move"
            | b"mut"
            | b"pub"
            | b"ref"
            | b"return"
            | b"static"
            | b"struct"
            | b"trait"
            | b"true"
            | b"type"
            | b"unsafe"
            | b"use"
            | b"where"
            | b"while"
            | b"_"
    )
}

/// Returns the start of the code: past a first line `#!`, unless it is an attribute, and past a
/// manifest between dashes.
pub(super) fn start(text: &[u8]) -> usize {
    let line_end = |at: usize| memchr::memchr(b'\n', rest(text, at)).map_or(text.len(), |length| at + length);
    let mut at = 0;
    if starts(text, 0, b"#!") && byte(text, skip_space(text, 2)) != b'[' {
        at = line_end(0);
    }
    let fence = skip_space(text, at);
    let dashes = rest(text, fence).iter().take_while(|&&byte| byte == b'-').count();
    if dashes < 3 {
        return at;
    }
    let mut close = b"\n".to_vec();
    close.resize(dashes + 1, b'-');
    memchr::memmem::find(rest(text, fence), &close).map_or(at, |length| line_end(fence + length + close.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_starts_behind_what_is_for_others() {
        for (text, code) in [
            ("use a;", "use a;"),
            ("#!/bin/x it's\nuse a;", "\nuse a;"),
            ("#![allow(x)] use a;", "#![allow(x)] use a;"),
            ("#! /* a */ [allow(x)]", ""),
            ("#!/bin/x\n---cargo\nuse = '\n---\nuse a;", "\nuse a;"),
            ("---\nuse a;", "---\nuse a;"),
        ] {
            assert_eq!(&text[start(text.as_bytes())..], code, "{text}");
        }
    }

    #[test]
    fn keywords_stand_alone() {
        let is = |text: &str| keyword_is(text.as_bytes(), text.find("use").unwrap(), b"use");
        for text in ["use", " use a", "..use", "#use", "}use{", "\u{2028}use\u{85}"] {
            assert!(is(text), "{text}");
        }
        for text in ["user", "reuse", "r#use", "'use", "$use", ".use", "\u{e9}use", "use\u{e9}", "use_"] {
            assert!(!is(text), "{text}");
        }
    }
}

//! String literals and identifiers: where they end, and their values.
//!
//! Format: ECMA-262, 12.7 "Names and Keywords", 12.9.4 "String Literals", 12.9.6 "Template Literal Lexical Components".

use std::borrow::Cow;
use std::ops::Range;

use crate::lang::lex::{byte, is_line_end, past_line_end};

/// Bytes that may end a string or start an escape.
static IN_STRING: [bool; 256] = {
    let mut table = [false; 256];
    table[b'"' as usize] = true;
    table[b'\'' as usize] = true;
    table[b'\\' as usize] = true;
    table[b'\n' as usize] = true;
    table[b'\r' as usize] = true;
    table
};

/// Returns the end of the content at `at`, and whether `quote` ends it (else the line or text
/// does).
pub(super) fn content_end(text: &[u8], mut at: usize, quote: u8) -> (usize, bool) {
    while let Some(&next) = text.get(at) {
        if !IN_STRING[usize::from(next)] {
            at += 1;
        } else if next == quote {
            return (at, true);
        } else if next == b'\\' {
            at = past_escape(text, at);
        } else if is_line_end(next) {
            return (at, false);
        } else {
            at += 1;
        }
    }
    (text.len(), false)
}

/// Returns the offset past a backslash and what it escapes: one byte, or one line end.
pub(super) fn past_escape(text: &[u8], at: usize) -> usize {
    let guarded = if is_line_end(byte(text, at + 1)) { past_line_end(text, at + 1) } else { at + 2 };
    guarded.min(text.len())
}

/// A string literal.
pub(super) struct Literal<'a> {
    pub(super) text: Cow<'a, str>,
    /// Range with the quotes.
    pub(super) span: Range<usize>,
}

/// Returns the string literal at `at`.
pub(super) fn string(text: &[u8], at: usize) -> Option<Literal<'_>> {
    let quote = byte(text, at);
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let (end, closed) = content_end(text, at + 1, quote);
    closed.then(|| literal(text, at..end + 1)).flatten()
}

/// Returns the string literal at `at`, or the template literal without substitutions.
pub(super) fn text_literal(text: &[u8], at: usize) -> Option<Literal<'_>> {
    /// Maximum length of a template that names a module, in bytes.
    const MAX_TEMPLATE_BYTES: usize = 4096;
    if byte(text, at) != b'`' {
        return string(text, at);
    }
    let content = text.get(at + 1..)?;
    let mut length = 0;
    loop {
        match content.get(length).filter(|_| length < MAX_TEMPLATE_BYTES)? {
            b'`' => return literal(text, at..at + length + 2),
            b'$' if content.get(length + 1) == Some(&b'{') => return None,
            b'\\' => length += 2,
            _ => length += 1,
        }
    }
}

fn literal(text: &[u8], span: Range<usize>) -> Option<Literal<'_>> {
    let content = String::from_utf8_lossy(text.get(span.start + 1..span.end - 1)?);
    let text = if content.contains('\\') { Cow::Owned(unescaped(&content)) } else { content };
    Some(Literal { text, span })
}

/// Returns the identifier in `span`, with its escapes decoded.
pub(super) fn name(text: &[u8], span: Range<usize>) -> Cow<'_, str> {
    let written = String::from_utf8_lossy(text.get(span).unwrap_or_default());
    if written.contains('\\') { Cow::Owned(unescaped(&written)) } else { written }
}

/// Decodes escape sequences.
fn unescaped(content: &str) -> String {
    let mut units = Units { value: String::with_capacity(content.len()), high: None };
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        units.push_text(&rest[..at]);
        rest = one_escape(&rest[at + 1..], &mut units);
    }
    units.push_text(rest);
    units.end();
    units.value
}

/// A text built from UTF-16 code units: `\ud83d\ude00` is one character.
struct Units {
    value: String,
    high: Option<u16>,
}

impl Units {
    fn push_text(&mut self, text: &str) {
        if !text.is_empty() {
            self.end();
            self.value.push_str(text);
        }
    }

    fn push(&mut self, number: u32) {
        match (u16::try_from(number), self.high.take()) {
            (Ok(high @ 0xd800..=0xdbff), before) => {
                self.high = before;
                self.end();
                self.high = Some(high);
            }
            (Ok(low), Some(high)) => {
                let decoded = char::decode_utf16([high, low]);
                self.value.extend(decoded.map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
            (_, before) => {
                self.high = before;
                self.end();
                self.value.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
    }

    fn end(&mut self) {
        if self.high.take().is_some() {
            self.value.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// Decodes the escape after a backslash; returns the rest.
fn one_escape<'a>(rest: &'a str, units: &mut Units) -> &'a str {
    let mut characters = rest.chars();
    let Some(first) = characters.next() else { return rest };
    let after = characters.as_str();
    let plain = match first {
        '\n' | '\u{2028}' | '\u{2029}' => return after,
        '\r' => return after.strip_prefix('\n').unwrap_or(after),
        'b' => 0x08,
        'f' => 0x0c,
        'n' => 0x0a,
        'r' => 0x0d,
        't' => 0x09,
        'v' => 0x0b,
        '0'..='7' => {
            // Annex B: up to three digits, at most `\377`.
            let most = if first <= '3' { 3 } else { 2 };
            let length = rest.bytes().take(most).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
            units.push(u32::from_str_radix(&rest[..length], 8).unwrap_or(0));
            return &rest[length..];
        }
        'x' => return numbered(after, 2, first, units),
        'u' => match after.strip_prefix('{').and_then(|braced| braced.split_once('}')) {
            Some((digits, after)) if digits.len() <= 16 => {
                units.push(u32::from_str_radix(digits, 16).unwrap_or(0xfffd));
                return after;
            }
            _ => return numbered(after, 4, first, units),
        },
        _ => u32::from(first),
    };
    units.push(plain);
    after
}

/// Decodes a character of `digits` hexadecimal digits; a malformed one yields its `letter`.
fn numbered<'a>(rest: &'a str, digits: usize, letter: char, units: &mut Units) -> &'a str {
    match rest.get(..digits).and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
        Some(number) => {
            units.push(number);
            &rest[digits..]
        }
        None => {
            units.push(u32::from(letter));
            rest
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_say_what_the_language_says() {
        for (source, text) in [
            (r#""a/b""#, "a/b"),
            (r"'\x61\u0062\u{63}\u{1f600}\ud83d\ude00\142'", "abc😀😀b"),
            ("'a\\\r\nb\\\nc\\\u{2028}d'", "abcd"),
            (r"'\q\'\\\0\u12\xg'", "q'\\\0u12xg"),
            (r"'\ud83dx\ud83d\ud83d\ude00'", "\u{fffd}x\u{fffd}😀"),
            ("`a\\`b`", "a`b"),
            ("`a${b}`", "-"),
            ("`a", "-"),
            ("'a\nb'", "-"),
            ("x", "-"),
        ] {
            let found = text_literal(source.as_bytes(), 0);
            assert_eq!(found.as_ref().map_or("-", |literal| &literal.text), text, "{source}");
            assert!(found.is_none_or(|literal| literal.span == (0..source.len())), "{source}");
        }
        assert!(string(b"`a`", 0).is_none());
        assert_eq!(name(br"\u0061\u{62}c", 0..13), "abc");
    }
}

//! Arguments of a call, as far as they are plain texts, names, numbers and lists.

use std::borrow::Cow;

use super::bytes::{byte, dotted, identifier, skip_lines, word_end};
use super::literal::{Literal, literal};

/// An argument: its name, if it is a keyword argument, and its value.
pub(super) type Argument<'a> = (Option<Cow<'a, str>>, Value<'a>);

/// Returns the name of the argument at `at`, if it is a keyword argument, and its value's start.
pub(super) fn keyword(text: &[u8], at: usize) -> (Option<Cow<'_, str>>, usize) {
    let at = skip_lines(text, at);
    let end = word_end(text, at);
    let equals = skip_lines(text, end);
    if end > at && byte(text, equals) == b'=' && byte(text, equals + 1) != b'=' {
        return (Some(identifier(&text[at..end])), skip_lines(text, equals + 1));
    }
    (None, at)
}

/// Returns the text that is the whole argument at `at`, possibly in brackets, and the end of the
/// argument: its `,` or `)`.
pub(super) fn whole_literal(text: &[u8], at: usize) -> Option<(Literal<'_>, usize)> {
    let (mut at, mut open) = (at, 0_usize);
    while byte(text, at) == b'(' {
        open += 1;
        at = skip_lines(text, at + 1);
    }
    let literal = literal(text, at)?;
    let mut next = skip_lines(text, literal.span.end);
    while open > 0 && byte(text, next) == b')' {
        open -= 1;
        next = skip_lines(text, next + 1);
    }
    (open == 0 && matches!(byte(text, next), b',' | b')')).then_some((literal, next))
}

/// Returns the start of the argument after the comma at `at`, if there is one without `*`.
pub(super) fn next_argument(text: &[u8], at: usize) -> Option<usize> {
    let next = skip_lines(text, at + 1);
    (byte(text, at) == b',' && !matches!(byte(text, next), b')' | b'*')).then_some(next)
}

/// A value, as far as it is understood. A call with arguments never is, so no byte is read twice.
pub(super) enum Value<'a> {
    Text(Literal<'a>),
    Name(&'a [u8]),
    Number(u32),
    Names(Vec<Literal<'a>>),
    /// A call without arguments, or an empty mapping.
    Plain,
    Other,
}

/// Reads a simple value up to the `,` or `)` after it.
pub(super) fn value(text: &[u8], at: usize) -> (Value<'_>, usize) {
    if let Some((literal, next)) = whole_literal(text, at) {
        return (Value::Text(literal), next);
    }
    let (value, end) = match byte(text, at) {
        b'0'..=b'9' => number(text, at),
        open @ (b'[' | b'(' | b'{') => list(text, at + 1, open),
        _ => name(text, at),
    };
    let next = skip_lines(text, end);
    if matches!(byte(text, next), b',' | b')') { (value, next) } else { (Value::Other, next) }
}

fn number(text: &[u8], at: usize) -> (Value<'_>, usize) {
    let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = std::str::from_utf8(&text[at..at + digits]).ok().and_then(|digits| digits.parse().ok());
    (number.map_or(Value::Other, Value::Number), at + digits)
}

fn name(text: &[u8], at: usize) -> (Value<'_>, usize) {
    let Some((_, range)) = dotted(text, at, skip_lines) else { return (Value::Other, at) };
    let open = skip_lines(text, range.end);
    let close = skip_lines(text, open + 1);
    if byte(text, open) == b'(' && byte(text, close) == b')' {
        return (Value::Plain, close + 1);
    }
    (Value::Name(&text[range.clone()]), range.end)
}

/// Returns the offset past a number, name or text, and past what separates it from the next token.
fn simple_end(text: &[u8], at: usize) -> usize {
    let end = match literal(text, at) {
        Some(literal) => literal.span.end,
        None if byte(text, at).is_ascii_digit() => number(text, at).1,
        None => name(text, at).1,
    };
    skip_lines(text, end)
}

/// Reads a list, tuple or set of texts, or a mapping from texts to simple values, whose bracket
/// `open` directly precedes `at`.
fn list(text: &[u8], at: usize, open: u8) -> (Value<'_>, usize) {
    let close = match open {
        b'[' => b']',
        b'(' => b')',
        _ => b'}',
    };
    let (mut at, mut names) = (skip_lines(text, at), Vec::new());
    while byte(text, at) != close {
        let Some(name) = literal(text, at) else { return (Value::Other, at) };
        at = skip_lines(text, name.span.end);
        names.push(name);
        if open == b'{' && byte(text, at) == b':' {
            at = simple_end(text, skip_lines(text, at + 1));
        }
        match byte(text, at) {
            b',' => at = skip_lines(text, at + 1),
            next if next == close && (open != b'(' || names.len() > 1) => {}
            _ => return (Value::Other, at),
        }
    }
    let empty_mapping = open == b'{' && names.is_empty();
    (if empty_mapping { Value::Plain } else { Value::Names(names) }, at + 1)
}

//! Strings without interpolation, as directives have them: where they end, and how their escapes decode.
//!
//! Source: Dart language specification, "Strings".

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use crate::lang::backtrack::Budget;
use crate::lang::lex::{byte, is_word, line_end, past_nested, rest, skip_spaces, starts};

/// Maximum length of a URI; longer ones do not name files.
const MAX_URI_BYTES: usize = 4096;

/// Returns whether the string whose quote is at `at` is raw: preceded by an `r` that is not part of a name.
pub(super) fn is_raw(text: &[u8], at: usize) -> bool {
    let before = |count: usize| at.checked_sub(count).and_then(|at| text.get(at)).copied().unwrap_or(0);
    before(1) == b'r' && !is_word(before(2)) && before(2) != b'$'
}

/// Returns the offset past white space, line ends and comments. A comment that is never closed is none, and costs
/// `budget`; once that is spent, none has an end of its own.
pub(super) fn skip_trivia(text: &[u8], mut at: usize, budget: &mut Budget) -> usize {
    loop {
        at = skip_spaces(text, at);
        if starts(text, at, b"//") {
            at = line_end(text, at);
        } else if starts(text, at, b"/*") && !budget.is_spent() {
            let end = past_nested(text, at + 2, *b"/*", *b"*/");
            if end == text.len() && !text.ends_with(b"*/") {
                budget.affords(end - at);
                return at;
            }
            at = end;
        } else {
            return at;
        }
    }
}

/// Returns the text of the adjacent strings at `at`, and their span.
pub(super) fn strings<'a>(text: &'a [u8], at: usize, budget: &mut Budget) -> Option<(Cow<'a, str>, Range<usize>)> {
    let (mut whole, mut end) = one(text, at)?;
    loop {
        let next = skip_trivia(text, end, budget);
        if !matches!(byte(text, next), b'\'' | b'"' | b'r') {
            break;
        }
        let Some((more, after)) = one(text, next) else { break };
        if whole.len() + more.len() > MAX_URI_BYTES {
            return None;
        }
        whole.to_mut().push_str(&more);
        end = after;
    }
    Some((whole, at..end))
}

fn one(text: &[u8], at: usize) -> Option<(Cow<'_, str>, usize)> {
    let raw = byte(text, at) == b'r';
    let start = if raw { at + 1 } else { at };
    let quote = byte(text, start);
    if !matches!(quote, b'\'' | b'"') {
        return None;
    }
    let triple = starts(text, start, &[quote; 3]);
    let start = start + if triple { 3 } else { 1 };
    let near = rest(text, start);
    let near = near.get(..MAX_URI_BYTES).unwrap_or(near);
    let mut length = 0;
    loop {
        match *near.get(length)? {
            b'\\' if !raw => length += 1,
            b'$' if !raw => return None,
            b'\n' | b'\r' => return None,
            sign if sign == quote && (!triple || starts(near, length, &[quote; 3])) => break,
            _ => {}
        }
        length += 1;
    }
    let content = near.get(..length)?;
    let end = start + length + if triple { 3 } else { 1 };
    if raw || memchr(b'\\', content).is_none() {
        return Some((String::from_utf8_lossy(content), end));
    }
    Some((Cow::Owned(decoded(content)), end))
}

fn decoded(content: &[u8]) -> String {
    let mut text = Vec::with_capacity(content.len());
    let mut at = 0;
    while at < content.len() {
        if byte(content, at) != b'\\' {
            text.push(byte(content, at));
            at += 1;
            continue;
        }
        let sign = byte(content, at + 1);
        let braced = sign == b'u' && byte(content, at + 2) == b'{';
        let (from, most) = match sign {
            b'x' => (at + 2, 2),
            b'u' if braced => (at + 3, 6),
            b'u' => (at + 2, 4),
            _ => {
                text.push(match sign {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    b'v' => 11,
                    other => other,
                });
                at += 2;
                continue;
            }
        };
        let digits = rest(content, from).iter().take(most).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let number = std::str::from_utf8(content.get(from..from + digits).unwrap_or_default()).unwrap_or_default();
        let value = u32::from_str_radix(number, 16).ok().and_then(char::from_u32);
        let value = value.unwrap_or(char::REPLACEMENT_CHARACTER);
        text.extend_from_slice(value.encode_utf8(&mut [0; 4]).as_bytes());
        at = from + digits + usize::from(braced && byte(content, from + digits) == b'}');
    }
    String::from_utf8_lossy(&text).into_owned()
}

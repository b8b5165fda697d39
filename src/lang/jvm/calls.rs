//! Calls that load a class by a string: `Class.forName("a.b.C")`, `loader.loadClass("a.b.C")`.
//!
//! Strings joined by `+` are one constant (Java Language Specification 15.29); a string with interpolated code is not a
//! constant.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::{self, Finder};

use crate::kind::Kind;
use crate::lang::lex::{byte, is_word, quoted_end, rest, starts};
use crate::lang::{Form, Import};

use super::Style;
use super::walk::Walk;

/// The method of `Class`.
const FOR_NAME: &[u8] = b"forName";
/// The method of any class loader.
const LOAD_CLASS: &[u8] = b"loadClass";
/// Finders for the names of the two methods.
pub(super) static METHODS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| [FOR_NAME, LOAD_CLASS].map(Finder::new));
/// Maximum length of the arguments in which the end of a call is looked for.
const MAX_ARGUMENT_BYTES: usize = 200;

/// Returns the import made by the call whose method name is at `at`, if it is such a call and names a class.
pub(in crate::lang) fn read<'a>(walk: &mut Walk<'a>, at: usize) -> Option<Import<'a>> {
    let text = walk.text;
    let method = if starts(text, at, FOR_NAME) { FOR_NAME } else { LOAD_CLASS };
    if is_part(byte(text, at + method.len())) || at.checked_sub(1).is_some_and(|before| is_part(byte(text, before))) {
        return None;
    }
    let start = if method == FOR_NAME { of_class(walk, at)? } else { at };
    let open = walk.skip(at + method.len());
    if byte(text, open) != b'(' {
        return None;
    }
    let first = walk.skip(open + 1);
    let (mut name, mut end) = literal(text, first, walk.style)?;
    let mut next = walk.skip(end);
    while byte(text, next) == b'+' {
        let more = walk.skip(next + 1);
        let (part, part_end) = literal(text, more, walk.style)?;
        name = Cow::Owned(name.into_owned() + &part);
        end = part_end;
        next = walk.skip(end);
    }
    let close = match byte(text, next) {
        b')' => next + 1,
        b',' => call_end(text, next).unwrap_or(end),
        _ => return None,
    };
    let module = class_name(name)?;
    Some(Import {
        kind: Kind::Dynamic,
        form: Form::Plain,
        module: Some(module.into()),
        name: None,
        alias: None,
        level: 0,
        statement: start..close,
        span: first..end,
    })
}

fn is_part(byte: u8) -> bool {
    is_word(byte) || byte == b'$'
}

/// Returns the start of `Class.` or `java.lang.Class.` before the method name: other classes have a `forName`, too.
fn of_class(walk: &Walk<'_>, at: usize) -> Option<usize> {
    let mut start = preceded(walk, at, b".")?;
    start = preceded(walk, start, b"Class")?;
    let alone = |at: usize| !is_part(byte(walk.text, at.wrapping_sub(1))) && preceded(walk, at, b".").is_none();
    if alone(start) {
        return Some(start);
    }
    for part in [&b"."[..], b"lang", b".", b"java"] {
        start = preceded(walk, start, part)?;
    }
    alone(start).then_some(start)
}

/// Returns the start of the word or sign `what` if it directly precedes `at`, ignoring whitespace and comments.
fn preceded(walk: &Walk<'_>, at: usize, what: &[u8]) -> Option<usize> {
    let end = walk.before(at);
    let start = end.checked_sub(what.len())?;
    starts(walk.text, start, what).then_some(start)
}

/// Returns the offset past the parenthesis that closes the call, if it is near.
fn call_end(text: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (length, sign) in rest(text, at).iter().take(MAX_ARGUMENT_BYTES).enumerate() {
        match sign {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at + length + 1),
            b')' => depth -= 1,
            b'"' | b'\'' | b'/' | b';' | b'{' => return None,
            _ => {}
        }
    }
    None
}

/// Returns the text of the string at `at`, and its end.
fn literal(text: &[u8], at: usize, style: Style) -> Option<(Cow<'_, str>, usize)> {
    if byte(text, at) != b'"' {
        return None;
    }
    let (content, end) = if starts(text, at, b"\"\"\"") {
        let end = memmem::find(rest(text, at + 3), b"\"\"\"")? + at + 3;
        (at + 3..end, end + 3)
    } else {
        let end = quoted_end(text, at + 1, b'"', true);
        if byte(text, end) != b'"' {
            return None;
        }
        (at + 1..end, end + 1)
    };
    let triple = end - content.end == 3;
    let mut content = std::str::from_utf8(text.get::<Range<usize>>(content)?).ok()?;
    if style == Style::Kotlin && has_template(content, triple) {
        return None;
    }
    if triple && style == Style::Java {
        // The first line is empty, and indentation is not part of the content.
        content = content.trim();
    }
    let plain = !content.contains('\\') || (triple && style != Style::Java);
    Some((if plain { Cow::Borrowed(content) } else { Cow::Owned(unescaped(content)?) }, end))
}

fn has_template(content: &str, raw: bool) -> bool {
    let bytes = content.as_bytes();
    let begins = |at: usize| {
        matches!(byte(bytes, at + 1), b'{' | b'`')
            || is_word(byte(bytes, at + 1)) && !byte(bytes, at + 1).is_ascii_digit()
    };
    let escaped = |at: usize| !raw && bytes[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1;
    memchr::memchr_iter(b'$', bytes).any(|at| begins(at) && !escaped(at))
}

/// Returns a text with its escapes decoded, as far as class names need it; `None` for a broken escape.
fn unescaped(content: &str) -> Option<String> {
    let mut decoded = String::with_capacity(content.len());
    let mut signs = content.chars();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            decoded.push(sign);
            continue;
        }
        match signs.next()? {
            'u' => {
                let digits = signs.as_str().trim_start_matches('u');
                let code = u32::from_str_radix(digits.get(..4)?, 16).ok()?;
                decoded.push(char::from_u32(code)?);
                signs = digits.get(4..)?.chars();
            }
            digit @ '0'..='7' => {
                let mut code = digit.to_digit(8)?;
                let longest = if digit <= '3' { 2 } else { 1 };
                for _ in 0..longest {
                    let Some(next) = signs.as_str().chars().next().and_then(|next| next.to_digit(8)) else { break };
                    code = code * 8 + next;
                    signs.next();
                }
                decoded.push(char::from_u32(code)?);
            }
            sign @ ('$' | '"' | '\'' | '\\') => decoded.push(sign),
            '\n' => {}
            // Whitespace, which no name contains.
            _ => decoded.push(' '),
        }
    }
    Some(decoded)
}

/// Returns the name of a class in the loader's notation: `a.b.Outer$Inner`, or an array of it: `[La.b.C;`.
fn class_name(name: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let element = name.trim_start_matches('[');
    let element = match element.strip_prefix('L').and_then(|class| class.strip_suffix(';')) {
        Some(class) if element.len() < name.len() => class.to_owned(),
        _ => return is_dotted(&name).then_some(name),
    };
    is_dotted(&element).then_some(Cow::Owned(element))
}

fn is_dotted(name: &str) -> bool {
    name.split('.').all(|segment| {
        let mut bytes = segment.bytes();
        bytes.next().is_some_and(|first| is_part(first) && !first.is_ascii_digit()) && bytes.all(is_part)
    })
}

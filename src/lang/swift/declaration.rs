//! An import declaration: attributes, access level, kind, path.
//!
//! Source: The Swift Programming Language, "Declarations: Import Declaration".

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr2;

use crate::kind::Kind;
use crate::lang::lex::{byte, is_space, is_word, skip_blanks, skip_spaces, starts, word_end};
use crate::lang::{Form, Import};

/// Maximum number of attributes before an import.
const MAX_ATTRIBUTES: usize = 16;
/// Maximum length of the arguments of an attribute.
const MAX_ATTRIBUTE_BYTES: usize = 256;

/// Reads the import that starts at `at`, if there is one.
pub(super) fn read(text: &[u8], at: usize) -> Option<Import<'_>> {
    let (mut next, mut form) = (at, Form::Plain);
    for _ in 0..MAX_ATTRIBUTES {
        if byte(text, next) == b'@' {
            let end = attribute_name(text, next + 1);
            if text.get(next..end) == Some(b"@_exported") {
                form = Form::Export;
            }
            next = skip_spaces(text, past_arguments(text, end)?);
            continue;
        }
        let end = word_end(text, next);
        match text.get(next..end)? {
            b"import" => return path(text, at, end, form),
            b"public" | b"package" | b"internal" | b"fileprivate" | b"private" | b"open" => {
                next = skip_spaces(text, end);
            }
            _ => return None,
        }
    }
    None
}

fn attribute_name(text: &[u8], mut at: usize) -> usize {
    at = word_end(text, at);
    while byte(text, at) == b'.' && is_word(byte(text, at + 1)) {
        at = word_end(text, at + 1);
    }
    at
}

/// Returns the offset past `(…)` at `at`, if it is there.
fn past_arguments(text: &[u8], at: usize) -> Option<usize> {
    if byte(text, at) != b'(' {
        return Some(at);
    }
    let near = text.get(at..(at + MAX_ATTRIBUTE_BYTES).min(text.len()))?;
    let mut depth = 0_usize;
    for (length, byte) in near.iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at + length + 1),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Reads the path after the keyword that ends at `at`.
fn path(text: &[u8], start: usize, at: usize, form: Form) -> Option<Import<'_>> {
    let mut first = skip_spaces(text, at);
    if first == at && byte(text, at) != b'`' {
        return None;
    }
    let word = text.get(first..word_end(text, first))?;
    let kind = matches!(
        word,
        b"typealias" | b"struct" | b"class" | b"enum" | b"protocol" | b"let" | b"var" | b"func" | b"actor" | b"macro"
    );
    let after = skip_spaces(text, first + word.len());
    let scoped = kind && after > first + word.len() && part(text, after).is_some();
    if scoped {
        first = after;
    }
    let mut parts = vec![part(text, first)?];
    let mut end = parts.first()?.end;
    loop {
        let dot = skip_blanks(text, end);
        if byte(text, dot) != b'.' {
            break;
        }
        let next = skip_blanks(text, dot + 1);
        let Some(range) = part(text, next).or_else(|| operator(text, next)) else { break };
        end = range.end;
        parts.push(range);
    }
    if !ends(text, end) {
        return None;
    }
    let name = if scoped && parts.len() > 1 { parts.pop() } else { None };
    let module = match parts.as_slice() {
        [one] => written(text, one)?,
        [from, .., to] if text.get(from.start..to.end)?.iter().all(|&byte| byte != b'`' && !is_space(byte)) => {
            written(text, &(from.start..to.end))?
        }
        _ => {
            let names: Option<Vec<_>> = parts.iter().map(|part| written(text, part)).collect();
            Cow::Owned(names?.join("."))
        }
    };
    let name = match name {
        Some(range) => Some(written(text, &range)?),
        None => None,
    };
    let (statement, span) = (start..end, first..end);
    Some(Import { kind: Kind::Import, form, module: Some(module.into()), name, alias: None, level: 0, statement, span })
}

/// Returns the span of a name, with or without backticks.
fn part(text: &[u8], at: usize) -> Option<Range<usize>> {
    if byte(text, at) != b'`' {
        let end = word_end(text, at);
        return (end > at).then_some(at..end);
    }
    let near = text.get(at + 1..(at + MAX_ATTRIBUTE_BYTES).min(text.len()))?;
    let length = memchr2(b'`', b'\n', near).filter(|&length| length > 0 && near.get(length) == Some(&b'`'))?;
    Some(at..at + length + 2)
}

/// Returns the span of an operator, as in `import func Foo.==`.
fn operator(text: &[u8], at: usize) -> Option<Range<usize>> {
    let near = text.get(at..)?.iter();
    let length = near.take_while(|byte| b"/=-+!*%<>&|^~?.".contains(byte)).count();
    (length > 0).then_some(at..at + length)
}

fn written<'a>(text: &'a [u8], range: &Range<usize>) -> Option<Cow<'a, str>> {
    let bytes = text.get(range.clone())?;
    let bytes = bytes.strip_prefix(b"`").and_then(|bytes| bytes.strip_suffix(b"`")).unwrap_or(bytes);
    Some(String::from_utf8_lossy(bytes))
}

/// Returns whether a declaration may end at `at`.
fn ends(text: &[u8], at: usize) -> bool {
    let next = skip_blanks(text, at);
    matches!(byte(text, next), b'\n' | b'\r' | b';' | b'}' | b'#')
        || next >= text.len()
        || starts(text, next, b"//")
        || starts(text, next, b"/*")
}

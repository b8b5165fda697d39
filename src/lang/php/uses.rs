//! `use`: of namespaced names at the top level, of traits within a class.
//!
//! Format: PHP manual, "Using namespaces: Aliasing/Importing" and "Traits".

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::lex::{byte, word_end};
use crate::lang::{Form, Import, MAX_IMPORTS, SharedText};

use super::text::gap;

/// A qualified name.
struct Name<'a> {
    path: Cow<'a, str>,
    span: Range<usize>,
    /// Whether it starts with a backslash, and so does not depend on the namespace.
    full: bool,
    /// Offset of the group that follows a trailing separator.
    group: Option<usize>,
}

/// Reads the name at `at`. PHP 7 allowed whitespace and comments between the segments.
fn name(text: &[u8], at: usize) -> Option<Name<'_>> {
    let full = byte(text, at) == b'\\';
    let start = if full { gap(text, at + 1) } else { at };
    let mut end = word_end(text, start);
    if end == start {
        return None;
    }
    let mut pieces: Vec<_> = std::iter::once(start..end).collect();
    let mut group = None;
    loop {
        let sign = gap(text, end);
        if byte(text, sign) != b'\\' {
            break;
        }
        let next = gap(text, sign + 1);
        let last = word_end(text, next);
        if last == next {
            group = Some(next).filter(|_| byte(text, next) == b'{');
            break;
        }
        pieces.push(next..last);
        end = last;
    }
    let tight = pieces.iter().map(ExactSizeIterator::len).sum::<usize>() + pieces.len() - 1 == end - start;
    let path = if tight {
        String::from_utf8_lossy(text.get(start..end)?)
    } else {
        let pieces = pieces.into_iter().filter_map(|piece| text.get(piece)).map(String::from_utf8_lossy);
        Cow::Owned(pieces.collect::<Vec<_>>().join("\\"))
    };
    Some(Name { path, span: start..end, full, group })
}

/// Returns the offset past `function` or `const` if a name follows.
fn modifier(text: &[u8], at: usize) -> usize {
    let end = word_end(text, at);
    let word = text.get(at..end).unwrap_or_default();
    if ![&b"function"[..], b"const"].iter().any(|name| word.eq_ignore_ascii_case(name)) {
        return at;
    }
    let next = gap(text, end);
    if byte(text, next) == b'\\' || word_end(text, next) > next { next } else { at }
}

/// Returns the local name that `as` gives, and its end.
fn alias(text: &[u8], at: usize) -> Option<(Cow<'_, str>, usize)> {
    let word = gap(text, at);
    let end = word_end(text, word);
    if !text.get(word..end)?.eq_ignore_ascii_case(b"as") {
        return None;
    }
    let start = gap(text, end);
    let end = word_end(text, start);
    (end > start).then(|| (String::from_utf8_lossy(text.get(start..end).unwrap_or_default()), end))
}

/// Adds the imports of the statement whose `use` is at `start..at`. Returns where the scanner goes on. A broken
/// statement ends after its last name.
pub(super) fn import<'a>(text: &'a [u8], start: usize, at: usize, rows: &mut Vec<Import<'a>>) -> usize {
    let first = rows.len();
    let mut next = modifier(text, gap(text, at));
    let mut end = at;
    while let Some(found) = name(text, next) {
        match found.group {
            Some(open) => {
                end = group(text, &found, open, rows);
                if byte(text, end.saturating_sub(1)) != b'}' {
                    break;
                }
            }
            None => {
                end = found.span.end;
                let local = alias(text, end);
                end = local.as_ref().map_or(end, |(_, end)| *end);
                rows.push(row(found.path.into(), None, local.map(|(local, _)| local), found.span));
            }
        }
        next = gap(text, end);
        if byte(text, next) != b',' || rows.len() > MAX_IMPORTS {
            end = if byte(text, next) == b';' { next + 1 } else { end };
            break;
        }
        next = gap(text, next + 1);
    }
    for row in rows.get_mut(first..).unwrap_or_default() {
        row.statement = start..end;
    }
    end
}

/// Adds the names in the braces that open at `open`. Returns the end of the group.
fn group<'a>(text: &'a [u8], of: &Name<'a>, open: usize, rows: &mut Vec<Import<'a>>) -> usize {
    let module: SharedText<'a> = of.path.clone().into();
    let mut end = open + 1;
    loop {
        let at = gap(text, end);
        if byte(text, at) == b'}' {
            return at + 1;
        }
        let Some(found) = name(text, modifier(text, at)) else { return end };
        end = found.span.end;
        let local = alias(text, end);
        end = local.as_ref().map_or(end, |(_, end)| *end);
        rows.push(row(module.clone(), Some(found.path), local.map(|(local, _)| local), found.span));
        let sign = gap(text, end);
        match byte(text, sign) {
            b',' if rows.len() <= MAX_IMPORTS => end = sign + 1,
            b'}' => return sign + 1,
            _ => return end,
        }
    }
}

/// Adds the traits of a class; only fully qualified names tell where they are.
pub(super) fn traits<'a>(text: &'a [u8], start: usize, at: usize, rows: &mut Vec<Import<'a>>) -> usize {
    let first = rows.len();
    let mut end = at;
    let mut next = gap(text, at);
    while let Some(found) = name(text, next) {
        end = found.span.end;
        if found.full {
            rows.push(row(found.path.into(), None, None, found.span));
        }
        next = gap(text, end);
        if byte(text, next) != b',' || rows.len() > MAX_IMPORTS {
            end = match byte(text, next) {
                b';' => next + 1,
                b'{' => adaptations_end(text, next).unwrap_or(end),
                _ => end,
            };
            break;
        }
        next = gap(text, next + 1);
    }
    for row in rows.get_mut(first..).unwrap_or_default() {
        (row.form, row.statement) = (Form::Trait, start..end);
    }
    end
}

/// Returns the end of the braces at `open`, if they hold `A::b insteadof C; b as protected d;` and the like.
fn adaptations_end(text: &[u8], open: usize) -> Option<usize> {
    let mut at = gap(text, open + 1);
    loop {
        let end = word_end(text, at);
        at = match byte(text, end) {
            b'}' => return Some(end + 1),
            b';' | b',' | b':' | b'\\' => gap(text, end + 1),
            _ if end > at => gap(text, end),
            _ => return None,
        };
    }
}

fn row<'a>(
    module: SharedText<'a>,
    name: Option<Cow<'a, str>>,
    alias: Option<Cow<'a, str>>,
    span: Range<usize>,
) -> Import<'a> {
    let module = Some(module);
    Import { kind: Kind::Import, form: Form::Plain, module, name, alias, level: 0, statement: span.clone(), span }
}

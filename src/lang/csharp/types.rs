//! Types named by an alias or a static using.
//!
//! Format: C# language specification, 7.8 and 8.2 to 8.3; C# 9, "Function pointers"; C# 12, "Allow using alias directive
//! to reference any kind of Type".

use std::borrow::Cow;
use std::ops::Range;

use crate::lang::lex::{Quiet, byte, starts};

use super::identifiers;
use super::literals::gap;

/// Maximum nesting of type arguments.
const MAX_DEPTH: usize = 64;

/// A type name that occurs in a type.
pub(super) struct Name {
    pieces: Vec<Range<usize>>,
}

impl Name {
    /// Returns the span from the first identifier to the last.
    pub(super) fn span(&self) -> Option<Range<usize>> {
        Some(self.pieces.first()?.start..self.pieces.last()?.end)
    }

    /// Returns the dotted name, without type arguments.
    pub(super) fn path<'a>(&self, text: &'a [u8]) -> Option<Cow<'a, str>> {
        let span = self.span()?;
        let dots = self.pieces.len() - 1;
        let tight = self.pieces.iter().map(ExactSizeIterator::len).sum::<usize>() + dots == span.len();
        let whole = text.get(span)?;
        let plain = |&byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
        if tight && whole.iter().all(plain) {
            return std::str::from_utf8(whole).ok().map(Cow::Borrowed);
        }
        let pieces = self.pieces.iter().map(|piece| identifiers::read(text.get(piece.clone()).unwrap_or_default()));
        Some(Cow::Owned(pieces.collect::<Vec<_>>().join(".")))
    }
}

/// The kind of the previous token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Start of the text, or a token that a type follows.
    Start,
    /// A dot, after which the name continues.
    Dot,
    /// A type; an identifier after it is the name of a tuple element.
    Type,
}

fn is_predefined(word: &[u8]) -> bool {
    matches!(
        word,
        b"bool"
            | b"byte"
            | b"char"
            | b"decimal"
            | b"double"
            | b"dynamic"
            | b"float"
            | b"int"
            | b"long"
            | b"nint"
            | b"nuint"
            | b"object"
            | b"sbyte"
            | b"short"
            | b"string"
            | b"uint"
            | b"ulong"
            | b"ushort"
            | b"void"
    )
}

/// Returns the names in the type at `at`, whether the first name is the type itself, and the offset of the semicolon
/// that ends the type.
pub(super) fn read(text: &[u8], mut at: usize, quiet: &mut Quiet) -> Option<(Vec<Name>, bool, usize)> {
    let (mut names, mut outer): (Vec<Name>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    let (mut current, mut before) = (None, Before::Start);
    let (mut parentheses, mut brackets) = (0_usize, 0_usize);
    // Start of the type, without the alias of an assembly.
    let mut start = at;
    loop {
        match byte(text, at) {
            b';' => {
                let whole = before == Before::Type && outer.is_empty() && parentheses == 0 && brackets == 0;
                let named = names.first().and_then(Name::span).is_some_and(|span| span.start == start);
                return whole.then_some((names, named, at));
            }
            b'.' if before == Before::Type => before = Before::Dot,
            b':' if before == Before::Type && starts(text, at, b"::") => {
                // An extern alias, or `global`.
                let next = gap(text, at + 2, quiet);
                if let Some(name) = current.take() {
                    if names.get(name).and_then(Name::span).is_some_and(|span| span.start == start) {
                        start = next;
                    }
                    names.truncate(name);
                }
                (at, before) = (next, Before::Start);
                continue;
            }
            b'<' if outer.len() < MAX_DEPTH => {
                outer.push(current.take());
                before = Before::Start;
            }
            b'>' => {
                current = outer.pop()?;
                before = Before::Type;
            }
            b'(' => {
                parentheses += 1;
                before = Before::Start;
            }
            b')' => {
                parentheses = parentheses.checked_sub(1)?;
                before = Before::Type;
            }
            b'[' => brackets += 1,
            b']' => {
                brackets = brackets.checked_sub(1)?;
                before = Before::Type;
            }
            b',' if brackets > 0 => {}
            b',' => {
                current = None;
                before = Before::Start;
            }
            b'?' | b'*' => before = Before::Type,
            _ => {
                let end = identifiers::end(text, at);
                if end == at {
                    return None;
                }
                let word = text.get(at..end)?;
                match (before, current) {
                    _ if brackets > 0 => {}
                    (Before::Dot, Some(name)) => {
                        names.get_mut(name)?.pieces.push(at..end);
                        before = Before::Type;
                    }
                    (Before::Start, _) if is_predefined(word) => (current, before) = (None, Before::Type),
                    (Before::Start, _) if matches!(word, b"ref" | b"in" | b"out" | b"readonly" | b"delegate") => {}
                    (Before::Start, _) => {
                        current = Some(names.len());
                        names.push(Name { pieces: std::iter::once(at..end).collect() });
                        before = Before::Type;
                    }
                    // The name of a tuple element, at most one.
                    (Before::Type, _) if parentheses > 0 || starts(word, 0, b"unmanaged") || word == b"managed" => {
                        current = None;
                    }
                    _ => return None,
                }
                at = gap(text, end, quiet);
                continue;
            }
        }
        at = gap(text, at + 1, quiet);
    }
}

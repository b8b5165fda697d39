//! Names taken from a module: its member, or a pattern that it is assigned to.

use std::borrow::Cow;
use std::ops::Range;

use super::finder::Finder;
use crate::lang::MAX_IMPORTS;
use crate::lang::javascript::bytes::{back_over_spaces, name_end, skip, skip_spaces, word_at};
use crate::lang::javascript::literal::{name, string, text_literal};
use crate::lang::javascript::pattern::{Entry, past_value};
use crate::lang::lex::byte;

/// A member of a module.
pub(super) struct Member<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) span: Range<usize>,
    /// End of the expression.
    pub(super) end: usize,
}

/// Returns the member of a name that ends at `end`: `.X`, `?.X`, `!.X`, `["X"]`.
pub(super) fn member<'a>(text: &'a [u8], code: &[u8], end: usize) -> Option<Member<'a>> {
    let mut at = skip_spaces(code, end);
    let sign = byte(code, at);
    let next = if sign == b'!' { skip_spaces(code, at + 1) } else { at + 1 };
    if matches!((sign, byte(code, next)), (b'?' | b'!', b'.') | (b'!', b'[')) {
        at = next;
    }
    if byte(code, at) == b'.' {
        let start = skip_spaces(code, at + 1);
        if byte(code, start) != b'[' || sign != b'?' {
            let span = start..name_end(code, start);
            let end = span.end;
            return (!span.is_empty()).then(|| Member { name: name(text, span.clone()), span, end });
        }
        at = start;
    }
    if byte(code, at) != b'[' {
        return None;
    }
    let literal = text_literal(text, skip_spaces(code, at + 1))?;
    let close = skip_spaces(code, literal.span.end);
    (byte(code, close) == b']').then(|| Member { name: literal.text, span: literal.span, end: close + 1 })
}

/// Returns the names that the pattern between `braces` takes, and their places. What cannot be read is left out.
pub(super) fn entries(text: &[u8], braces: Range<usize>) -> Vec<(Cow<'_, str>, Range<usize>)> {
    let mut names = Vec::new();
    let end = braces.end.saturating_sub(1);
    let mut at = skip(text, braces.start + 1);
    while at < end && names.len() <= MAX_IMPORTS {
        let Some(entry) = Entry::read(text, at, end) else {
            at = skip(text, past_value(text, at, end, false) + 1);
            continue;
        };
        if !entry.rest {
            let taken = match string(text, entry.name.start) {
                Some(literal) => literal.text,
                None => name(text, entry.name.clone()),
            };
            names.push((taken, entry.name));
        }
        at = skip(text, entry.end);
    }
    names
}

impl<'a> Finder<'_, '_, 'a> {
    /// Returns the braces of the pattern that the value after `before` is assigned to.
    pub(super) fn pattern_before(&self, before: usize) -> Option<Range<usize>> {
        let sign = before.checked_sub(1).filter(|&sign| byte(self.code, sign) == b'=')?;
        let end = back_over_spaces(self.code, sign);
        let (open, close) = self.braces;
        let last = byte(self.code, back_over_spaces(self.code, open).wrapping_sub(1));
        // A type: `const x: { X: string } = ns`.
        let typed = self.types && matches!(last, b':' | b'|' | b'&' | b'<' | b'>');
        (end == close + 1 && close > open && !typed).then_some(open..end)
    }

    /// Returns whether a value ends at `end`: no operator continues it.
    pub(super) fn ends_value(&self, end: usize) -> bool {
        let next = skip_spaces(self.code, end);
        let sign = byte(self.code, next);
        match sign {
            b'+' | b'-' => byte(self.code, next + 1) == sign,
            b'!' => byte(self.code, next + 1) != b'=',
            b'i' => !word_at(self.code, next, b"in") && !word_at(self.code, next, b"instanceof"),
            _ => !b".([`?*/%<>=&|^".contains(&sign),
        }
    }

    /// Returns the names that a pattern takes.
    pub(super) fn pattern(&mut self, braces: Range<usize>) -> Vec<(Cow<'a, str>, Range<usize>)> {
        match self.budget.checked_sub(braces.len()) {
            Some(left) => self.budget = left,
            None => return Vec::new(),
        }
        entries(self.text, braces)
    }
}

//! Binding of a call: `const x = require("m")`, `const {a: b} = require("m")`.

use std::ops::Range;

use crate::lang::lex::byte;
use crate::lang::{Import, MAX_IMPORTS, SharedText};

use super::bytes::{name_end, name_start, skip, word_at};
use super::literal::{content_end, name, past_escape, string};
use super::scanner::{RowKind, Scanner, Watch};

/// The target of an assignment.
pub(super) enum Target {
    /// The braces of an object pattern.
    Pattern(Range<usize>),
    Name(Range<usize>),
}

impl<'a, W: Watch> Scanner<'a, W> {
    /// Returns the target that the expression starting at `head` is assigned to.
    pub(super) fn target(&self, head: usize) -> Option<Target> {
        let text = self.text;
        let sign = self.passed.token_end(text, head);
        if byte(text, sign.wrapping_sub(1)) != b'=' {
            return None;
        }
        let end = self.passed.token_end(text, sign - 1);
        if end == sign - 1 && b"=!<>+-*/%&|^?".contains(&byte(text, end.wrapping_sub(1))) {
            return None;
        }
        let last = byte(text, end.wrapping_sub(1));
        if last == b'}' && self.passed.braces.end == end {
            let braces = self.passed.braces.clone();
            return (!self.typed(braces.start)).then_some(Target::Pattern(braces));
        }
        let start = name_start(text, end);
        let plain = start < end && !self.passed.member(text, start) && byte(text, start.wrapping_sub(1)) != b'#';
        (plain && !self.typed(start)).then_some(Target::Name(start..end))
    }

    /// Returns whether a value ends at `end`: no operator continues it.
    pub(super) fn ends_value(&self, end: usize) -> bool {
        let next = skip(self.text, end);
        let sign = byte(self.text, next);
        match sign {
            b'+' | b'-' => byte(self.text, next + 1) == sign,
            b'i' => !word_at(self.text, next, b"in") && !word_at(self.text, next, b"instanceof"),
            _ => !b".([`?!*/%<>=&|^".contains(&sign),
        }
    }

    /// Returns whether the token at `start` is part of the target's type: `const x: A = …`.
    fn typed(&self, start: usize) -> bool {
        let end = self.passed.token_end(self.text, start);
        let last = byte(self.text, end.wrapping_sub(1));
        let word = || self.passed.word_before(self.text, start);
        self.dialect.types
            && (matches!(last, b':' | b'|' | b'&' | b'<' | b'>')
                || matches!(word(), Some(b"typeof" | b"keyof" | b"readonly")))
    }

    /// Returns the start of the declaration whose pattern starts at `start`.
    pub(super) fn declaration(&self, start: usize) -> usize {
        let end = self.passed.token_end(self.text, start);
        match self.passed.word_before(self.text, start) {
            Some(word @ (b"const" | b"let" | b"var")) => end - word.len(),
            _ => start,
        }
    }

    /// Adds a row per name of a pattern; returns `false` if it is empty or cannot be read.
    pub(super) fn pattern(
        &mut self,
        sort: RowKind,
        statement: Range<usize>,
        module: &SharedText<'a>,
        braces: Range<usize>,
    ) -> bool {
        let (text, first) = (self.text, self.rows.len());
        if !self.pay(braces.len()) {
            return false;
        }
        let end = braces.end - 1;
        let mut at = skip(text, braces.start + 1);
        while at < end {
            let Some(entry) = Entry::read(text, at, end).filter(|_| self.rows.len() <= MAX_IMPORTS) else {
                self.rows.truncate(first);
                return false;
            };
            let RowKind { kind, form } = sort;
            let alias = entry.alias.map(|alias| name(text, alias));
            let (module, statement) = (Some(module.clone()), statement.clone());
            let taken = (!entry.rest).then(|| match string(text, entry.name.start) {
                Some(literal) => literal.text,
                None => name(text, entry.name.clone()),
            });
            self.rows.push(Import { kind, form, module, name: taken, alias, level: 0, statement, span: entry.name });
            at = skip(text, entry.end);
        }
        self.rows.len() > first
    }
}

/// An entry of a pattern.
pub(super) struct Entry {
    pub(super) name: Range<usize>,
    alias: Option<Range<usize>>,
    /// Rest element (`...others`): taken for the module itself.
    pub(super) rest: bool,
    /// Offset past its comma.
    pub(super) end: usize,
}

impl Entry {
    /// Reads the entry at `at` of a pattern that ends at `end`.
    pub(super) fn read(text: &[u8], mut at: usize, end: usize) -> Option<Self> {
        let rest = text.get(at..)?.starts_with(b"...");
        if rest {
            at = skip(text, at + 3);
        }
        // `{ ["a"]: b }`
        let computed = byte(text, at) == b'[';
        if computed {
            at = skip(text, at + 1);
        }
        let name_ends = string(text, at).map_or_else(|| name_end(text, at), |literal| literal.span.end);
        let name = at..name_ends;
        if name.is_empty() || name.end > end {
            return None;
        }
        let mut alias = rest.then(|| name.clone());
        at = skip(text, name.end);
        if computed {
            if byte(text, at) != b']' || string(text, name.start).is_none() {
                return None;
            }
            at = skip(text, at + 1);
        }
        if byte(text, at) == b':' && !rest {
            let value = skip(text, at + 1);
            let target = value..name_end(text, value);
            at = skip(text, target.end);
            let whole = matches!(byte(text, at), b',' | b'=' | b'}');
            alias = Some(target).filter(|target| whole && !target.is_empty());
        } else if !matches!(byte(text, at), b',' | b'=' | b'}') {
            return None;
        }
        let next = past_value(text, at, end, false);
        Some(Self { name, alias, rest, end: if byte(text, next) == b',' { next + 1 } else { next } })
    }
}

/// Returns the end of the value that continues at `at`: the next comma (skipped with `all`), the
/// closing bracket around it, or `end`.
pub(super) fn past_value(text: &[u8], mut at: usize, end: usize, all: bool) -> usize {
    let mut depth = 0_usize;
    while at < end {
        match byte(text, at) {
            quote @ (b'"' | b'\'') => at = content_end(text, at + 1, quote).0,
            b'\\' => at = past_escape(text, at) - 1,
            b'/' => at = super::bytes::past_comment(text, at).max(at + 1) - 1,
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return at,
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 && !all => return at,
            _ => {}
        }
        at += 1;
    }
    end
}

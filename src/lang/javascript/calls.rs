//! Calls that name a module by a string: `import(…)`, `require(…)` and the mocks of tests.
//!
//! Format: ECMA-262, 13.3.10 "Import Calls"; CommonJS as Node.js has it; TypeScript 5.9 for import types; Jest 30 and
//! Vitest 3 for their mocks.

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::lex::{byte, starts};
use crate::lang::{Form, Import, MAX_IMPORTS, SharedText};

use super::bytes::{name_end, skip, word_at};
use super::literal::{Literal, name, text_literal};
use super::pattern::Target;
use super::scanner::{RowKind, Scanner, Watch};

/// Methods of `jest` and `vi` whose first argument is a module's name.
const MOCKS: &[&[u8]] = &[
    b"mock",
    b"doMock",
    b"unmock",
    b"doUnmock",
    b"dontMock",
    b"deepUnmock",
    b"setMock",
    b"unstable_mockModule",
    b"requireActual",
    b"requireMock",
    b"createMockFromModule",
    b"genMockFromModule",
    b"importActual",
    b"importMock",
];

/// A call whose first argument is a string.
pub(super) struct Call<'a> {
    pub(super) literal: Literal<'a>,
    /// Offset past its closing bracket; past the string if more arguments follow.
    pub(super) end: usize,
    /// Whether the string is its only argument.
    pub(super) closed: bool,
}

impl<'a, W: Watch> Scanner<'a, W> {
    /// Returns the call whose bracket opens at `open`, if its first argument is a string.
    pub(super) fn call(&self, open: usize) -> Option<Call<'a>> {
        if byte(self.text, open) != b'(' {
            return None;
        }
        let literal = text_literal(self.text, skip(self.text, open + 1))?;
        let next = skip(self.text, literal.span.end);
        match byte(self.text, next) {
            b')' => Some(Call { literal, end: next + 1, closed: true }),
            b',' => {
                let after = skip(self.text, next + 1);
                let closed = byte(self.text, after) == b')';
                let end = if closed { after + 1 } else { literal.span.end };
                Some(Call { literal, end, closed })
            }
            _ => None,
        }
    }

    /// Reads the `require` that ends at `end`; returns where to continue.
    pub(super) fn require(&mut self, start: usize, end: usize) -> usize {
        if self.passed.member(self.text, start) {
            return end;
        }
        let sort = RowKind { kind: Kind::Import, form: Form::Require };
        let mut open = self.past_callee(end);
        if byte(self.text, open) == b'.' {
            let member = skip(self.text, open + 1);
            if !word_at(self.text, member, b"resolve") {
                self.required_member(start, member);
                return end;
            }
            open = self.past_callee(member + b"resolve".len());
            if let Some(call) = self.call(open) {
                self.push_row(sort, start..call.end, &call, None, None);
            }
            return end;
        }
        let Some(call) = self.call(open) else {
            self.wrapped_require(start, end);
            return end;
        };
        let named = self.member_of(&call);
        self.bound(sort, start, start, &call, named);
        end
    }

    /// Returns the range of the name taken from a call with one argument.
    pub(super) fn member_of(&self, call: &Call<'_>) -> Option<Range<usize>> {
        call.closed.then(|| self.member_after(call.end)).flatten()
    }

    /// Returns the offset past `?.` and type arguments between a callee and its bracket.
    pub(super) fn past_callee(&mut self, end: usize) -> usize {
        let mut open = skip(self.text, end);
        if starts(self.text, open, b"?.") {
            open = skip(self.text, open + 2);
        }
        if self.dialect.types && byte(self.text, open) == b'<' {
            open = self.past_types(open).map_or(open, |end| skip(self.text, end));
        }
        open
    }

    /// Returns the range of the member's name after a value that ends at `end`: `.a` or `?.a`.
    fn member_after(&self, end: usize) -> Option<Range<usize>> {
        let at = skip(self.text, end);
        let name = match byte(self.text, at) {
            b'.' => skip(self.text, at + 1),
            b'?' if byte(self.text, at + 1) == b'.' => skip(self.text, at + 2),
            _ => return None,
        };
        Some(name..name_end(self.text, name)).filter(|name| !name.is_empty())
    }

    /// Reads the `import` that ends at `end`, before a `(` or `.`; returns where to continue.
    pub(super) fn import_call(&mut self, start: usize, end: usize) -> usize {
        let mut open = skip(self.text, end);
        if byte(self.text, open) == b'.' {
            let member = skip(self.text, open + 1);
            if word_at(self.text, member, b"meta") {
                self.meta_resolve(start, member + b"meta".len());
                return end;
            }
            let phase = [&b"defer"[..], b"source"].into_iter().find(|phase| word_at(self.text, member, phase));
            let Some(phase) = phase else { return end };
            open = skip(self.text, member + phase.len());
        }
        if start == self.claimed {
            return end;
        }
        let Some(call) = self.call(open) else { return end };
        let dynamic = RowKind { kind: Kind::Dynamic, form: Form::Plain };
        let past = self.past_call(&call);
        let named = past.and_then(|past| self.member_after(past));
        if self.dialect.types && self.is_type(start, named.as_ref()) {
            let sort = RowKind { kind: Kind::TypeOnly, form: Form::Plain };
            let past = named.as_ref().map_or(call.end, |name| name.end);
            self.push_row(sort, start..past, &call, named, None);
            return end;
        }
        if self.passed.word_before(self.text, start) != Some(b"await") {
            self.push_row(dynamic, start..call.end, &call, None, None);
            return end;
        }
        let head = self.passed.token_end(self.text, start) - b"await".len();
        let before = self.passed.token_end(self.text, head);
        let after = past.map_or(0, |past| skip(self.text, past));
        if byte(self.text, before.wrapping_sub(1)) == b'(' && byte(self.text, after) == b')' {
            // `(await import("m")).a`
            let named = self.member_after(after + 1);
            if named.is_some() {
                self.bound(dynamic, before - 1, before - 1, &call, named);
                return end;
            }
        }
        self.bound(dynamic, start, head, &call, None);
        end
    }

    /// Returns whether the import call at `start` is a type, by its member and the word before.
    fn is_type(&self, start: usize, named: Option<&Range<usize>>) -> bool {
        if self.dialect.declarations {
            return true;
        }
        if let Some(named) = named {
            return !matches!(self.text.get(named.clone()), Some(b"then" | b"catch" | b"finally"));
        }
        matches!(self.passed.word_before(self.text, start), Some(b"typeof" | b"keyof"))
    }

    /// Returns the offset past the closing bracket of a call.
    fn past_call(&mut self, call: &Call<'_>) -> Option<usize> {
        if call.closed {
            return Some(call.end);
        }
        let at = call.literal.span.end;
        let end = super::pattern::past_value(self.text, at, self.text.len().min(at + 1024), true);
        self.pay(end - at);
        (byte(self.text, end) == b')').then_some(end + 1)
    }

    /// Reads `import.meta.resolve("m")`, whose `meta` ends at `end`.
    fn meta_resolve(&mut self, start: usize, end: usize) {
        let dot = skip(self.text, end);
        let member = skip(self.text, dot + 1);
        if byte(self.text, dot) != b'.' || !word_at(self.text, member, b"resolve") {
            if byte(self.text, dot) == b'.' {
                self.glob(start, member);
            }
            return;
        }
        let open = self.past_callee(member + b"resolve".len());
        if let Some(call) = self.call(open) {
            let sort = RowKind { kind: Kind::Dynamic, form: Form::Plain };
            self.push_row(sort, start..call.end, &call, None, None);
        }
    }

    /// Reads the `jest` or `vi` that ends at `end`; returns where to continue.
    pub(super) fn mock(&mut self, start: usize, end: usize) -> usize {
        if self.passed.member(self.text, start) { end } else { self.mock_by(start, end, MOCKS) }
    }

    /// Reads a mock by one of the `methods` of an object that ends at `end`.
    pub(super) fn mock_by(&mut self, start: usize, end: usize, methods: &[&[u8]]) -> usize {
        let dot = skip(self.text, end);
        if byte(self.text, dot) != b'.' {
            return end;
        }
        let member = skip(self.text, dot + 1);
        let callee = name_end(self.text, member);
        if !self.text.get(member..callee).is_some_and(|name| methods.contains(&name)) {
            return end;
        }
        let open = self.past_callee(callee);
        let sort = RowKind { kind: Kind::String, form: Form::Mock };
        if let Some(call) = self.call(open) {
            self.push_row(sort, start..call.end, &call, None, None);
            return end;
        }
        let argument = skip(self.text, open + 1);
        if byte(self.text, open) == b'(' && word_at(self.text, argument, b"import") {
            let inner = skip(self.text, argument + b"import".len());
            if let Some(call) = self.call(inner) {
                let close = skip(self.text, call.end);
                let end = if byte(self.text, close) == b')' { close + 1 } else { call.end };
                self.push_row(sort, start..end, &call, None, None);
                self.claimed = argument;
            }
        }
        end
    }

    /// Adds the rows of a call whose expression starts at `head`: one per name taken, or one.
    pub(super) fn bound(
        &mut self,
        sort: RowKind,
        start: usize,
        head: usize,
        call: &Call<'a>,
        named: Option<Range<usize>>,
    ) {
        let whole = start..named.as_ref().map_or(call.end, |name| name.end);
        let value = named.as_ref().map_or_else(|| self.past_call(call), |name| Some(name.end));
        let bound = value.is_some_and(|end| self.ends_value(end));
        match self.target(head).filter(|_| bound) {
            Some(Target::Pattern(braces)) if named.is_none() => {
                let start = self.declaration(braces.start);
                if !self.pattern(sort, start..call.end, &SharedText::from(call.literal.text.clone()), braces) {
                    self.push_row(sort, whole, call, None, None);
                }
            }
            Some(Target::Name(alias)) => {
                let alias = name(self.text, alias);
                self.push_row(sort, whole, call, named, Some(alias));
            }
            _ => self.push_row(sort, whole, call, named, None),
        }
    }

    pub(super) fn push_row(
        &mut self,
        sort: RowKind,
        statement: Range<usize>,
        call: &Call<'a>,
        named: Option<Range<usize>>,
        alias: Option<Cow<'a, str>>,
    ) {
        if self.rows.len() > MAX_IMPORTS {
            return;
        }
        let span = named.clone().unwrap_or(call.literal.span.clone());
        let name = named.map(|span| name(self.text, span));
        let module = Some(SharedText::from(call.literal.text.clone()));
        let RowKind { kind, form } = sort;
        self.rows.push(Import { kind, form, module, name, alias, level: 0, statement, span });
    }
}

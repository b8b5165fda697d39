//! Other calls that name a module by a string: Node.js's, those of bundlers, and addresses beside the file.
//!
//! Format: Node.js documentation, "Modules: `node:module` API" and "Test runner"; webpack documentation, "Module Methods";
//! Vite documentation, "Glob Import"; the WHATWG URL standard, for `new URL("./x", import.meta.url)`.

use std::borrow::Cow;

use crate::kind::Kind;
use crate::lang::lex::byte;
use crate::lang::{Form, MAX_IMPORTS};

use super::bytes::{name_start, skip, word_at};
use super::calls::Call;
use super::literal::text_literal;
use super::pattern::past_value;
use super::resolve::specifier::scheme;
use super::scanner::{RowKind, Scanner, Watch};

const REQUIRED: RowKind = RowKind { kind: Kind::Import, form: Form::Require };
const DYNAMIC: RowKind = RowKind { kind: Kind::Dynamic, form: Form::Plain };

/// Maximum length of the argument of `createRequire`, in bytes.
const MAX_ARGUMENT_BYTES: usize = 1024;

impl<W: Watch> Scanner<'_, W> {
    /// Reads `new URL("x", import.meta.url)`, whose `URL` is at `start`; returns where to continue.
    pub(super) fn url(&mut self, start: usize) -> usize {
        let (text, end) = (self.text, start + b"URL".len());
        if self.passed.word_before(text, start) != Some(b"new") {
            return end;
        }
        let whole = self.passed.token_end(text, start) - b"new".len();
        let Some(mut call) = self.call(skip(text, end)).filter(|call| !call.closed) else { return end };
        let mut at = skip(text, call.literal.span.end) + 1;
        for token in [&b"import"[..], b".", b"meta", b".", b"url", b")"] {
            at = skip(text, at);
            if token == b")" && byte(text, at) == b',' {
                at = skip(text, at + 1);
            }
            let found = if token.len() > 1 { word_at(text, at, token) } else { text.get(at..at + 1) == Some(token) };
            if !found {
                return end;
            }
            at += token.len();
        }
        call.end = at;
        let module = &call.literal.text;
        // A folder is no module: `new URL(".", import.meta.url)` stands for `__dirname`.
        if matches!(module.rsplit('/').next(), Some("" | "." | "..")) {
            return end;
        }
        if !module.starts_with(['.', '/', '#', '?']) && scheme(module).is_none() {
            call.literal.text = Cow::Owned(format!("./{module}"));
        }
        self.push_row(DYNAMIC, whole..at, &call, None, None);
        end
    }

    /// Reads `createRequire(…)("m")`, whose name is between `start` and `end`; returns where to continue.
    pub(super) fn create_require(&mut self, start: usize, end: usize) -> usize {
        let open = skip(self.text, end);
        if byte(self.text, open) != b'(' {
            return end;
        }
        let close = past_value(self.text, open + 1, self.text.len().min(open + MAX_ARGUMENT_BYTES), true);
        if !self.pay(close - open) || byte(self.text, close) != b')' {
            return end;
        }
        if let Some(call) = self.call(skip(self.text, close + 1)) {
            let (head, named) = (self.object(start), self.member_of(&call));
            self.bound(REQUIRED, start, head, &call, named);
        }
        end
    }

    /// Returns the start of the names that lead to the member at `at`: `a.b` of `a.b.c`.
    fn object(&self, mut at: usize) -> usize {
        while self.passed.member(self.text, at) {
            let dot = self.passed.token_end(self.text, at) - 1;
            let object = dot - usize::from(byte(self.text, dot.wrapping_sub(1)) == b'?');
            let end = self.passed.token_end(self.text, object);
            let start = name_start(self.text, end);
            if start == end {
                return at;
            }
            at = start;
        }
        at
    }

    /// Reads `process.getBuiltinModule("m")`, whose name is between `start` and `end`; returns where to continue.
    pub(super) fn builtin(&mut self, start: usize, end: usize) -> usize {
        let open = self.past_callee(end);
        if let Some(call) = self.call(open) {
            let (head, named) = (self.object(start), self.member_of(&call));
            self.bound(REQUIRED, head, head, &call, named);
        }
        end
    }

    /// Reads `(require)("m")`, whose `require` is between `start` and `end`.
    pub(super) fn wrapped_require(&mut self, start: usize, end: usize) {
        let open = self.passed.token_end(self.text, start).wrapping_sub(1);
        let close = skip(self.text, end);
        let wrapped = byte(self.text, open) == b'(' && byte(self.text, close) == b')';
        if !wrapped || !self.passed.expects_operand(self.text, open) {
            return;
        }
        if let Some(call) = self.call(skip(self.text, close + 1)) {
            let named = self.member_of(&call);
            self.bound(REQUIRED, open, open, &call, named);
        }
    }

    /// Reads `require.context("m")` or `require.ensure(["m"])`, whose method is at `member`.
    pub(super) fn required_member(&mut self, start: usize, member: usize) {
        if let Some(method) = [&b"context"[..], b"ensure"].into_iter().find(|name| word_at(self.text, member, name)) {
            self.listed(REQUIRED, start, member + method.len());
        }
    }

    /// Reads `import.meta.glob("m")`, whose method is at `member`.
    pub(super) fn glob(&mut self, start: usize, member: usize) {
        if let Some(method) = [&b"glob"[..], b"globEager"].into_iter().find(|name| word_at(self.text, member, name)) {
            self.listed(DYNAMIC, start, member + method.len());
        }
    }

    /// Adds the strings of a call whose first argument is one, or a list of them; its callee ends at `end`.
    fn listed(&mut self, sort: RowKind, start: usize, end: usize) {
        let open = self.past_callee(end);
        if let Some(call) = self.call(open) {
            return self.push_row(sort, start..call.end, &call, None, None);
        }
        let mut at = skip(self.text, open + 1);
        if byte(self.text, open) != b'(' || byte(self.text, at) != b'[' {
            return;
        }
        let first = self.rows.len();
        while matches!(byte(self.text, at), b'[' | b',') && self.rows.len() <= MAX_IMPORTS {
            at = skip(self.text, at + 1);
            let Some(literal) = text_literal(self.text, at) else { break };
            at = skip(self.text, literal.span.end);
            // `!` leaves out what another glob brings.
            if !literal.text.starts_with('!') {
                let end = literal.span.end;
                self.push_row(sort, start..end, &Call { literal, end, closed: false }, None, None);
            }
        }
        if byte(self.text, at) == b']' {
            let close = skip(self.text, at + 1);
            let end = if byte(self.text, close) == b')' { close + 1 } else { at + 1 };
            for row in self.rows.iter_mut().skip(first) {
                row.statement.end = end;
            }
        }
    }
}

//! Import and export statements, read from the keyword to the module, or not at all.
//!
//! Format: ECMA-262, 16.2.2 "Imports" and 16.2.3 "Exports"; the proposals "Import Attributes", "Deferring Module
//! Evaluation" and "Source Phase Imports"; TypeScript 5.9 for `type` and `import … = require(…)`; Flow for `typeof`.

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::lex::byte;
use crate::lang::{Form, Import, MAX_IMPORTS, SharedText};

use super::attributes::{attributes, skip_markers};
use super::bytes::{name_end, skip, word_at};
use super::literal::{name, string};

/// Reads the import statement at `at`; returns its end, or `None` if it is none.
pub(super) fn import<'a>(text: &'a [u8], at: usize, rows: &mut Vec<Import<'a>>) -> Option<usize> {
    let mut reader = Reader::new(text, at, Form::Plain, rows);
    let read = reader.import(skip(text, at + b"import".len()));
    reader.done(read)
}

/// Reads the export statement at `at`; returns its end, or `None` if it names no module.
pub(super) fn export<'a>(text: &'a [u8], at: usize, rows: &mut Vec<Import<'a>>) -> Option<usize> {
    let mut reader = Reader::new(text, at, Form::Export, rows);
    let read = reader.export(skip(text, at + b"export".len()));
    reader.done(read)
}

/// A name as written: an identifier, or a string (`"a b" as c`).
struct Word<'a> {
    text: Cow<'a, str>,
    span: Range<usize>,
}

struct Reader<'a, 'r> {
    text: &'a [u8],
    start: usize,
    kind: Kind,
    form: Form,
    rows: &'r mut Vec<Import<'a>>,
    first: usize,
}

impl<'a, 'r> Reader<'a, 'r> {
    fn new(text: &'a [u8], start: usize, form: Form, rows: &'r mut Vec<Import<'a>>) -> Self {
        let first = rows.len();
        Self { text, start, kind: Kind::Import, form, rows, first }
    }

    fn done(self, read: Option<usize>) -> Option<usize> {
        if read.is_none() {
            self.rows.truncate(self.first);
        }
        read
    }

    fn import(&mut self, mut at: usize) -> Option<usize> {
        let text = self.text;
        match byte(text, at) {
            b'"' | b'\'' => return self.module(at, None),
            b'{' | b'*' => return self.rest_of_clause(at),
            _ => {}
        }
        let mut word = self.word(at)?;
        if matches!(&*word.text, "type" | "typeof" | "defer" | "source") && self.modifies(word.span.end) {
            if word.text.starts_with("type") {
                self.kind = Kind::TypeOnly;
            }
            at = skip(text, word.span.end);
            if matches!(byte(text, at), b'{' | b'*') {
                return self.rest_of_clause(at);
            }
            word = self.word(at)?;
        }
        at = skip(text, word.span.end);
        match byte(text, at) {
            b'=' => self.required(at, word),
            b',' => {
                self.push(Some("default".into()), Some(word.text), word.span);
                self.rest_of_clause(skip(text, at + 1))
            }
            _ => {
                self.push(Some("default".into()), Some(word.text), word.span);
                self.from(at)
            }
        }
    }

    fn export(&mut self, mut at: usize) -> Option<usize> {
        let text = self.text;
        if word_at(text, at, b"type") {
            at = skip(text, at + 4);
            self.kind = Kind::TypeOnly;
        }
        match byte(text, at) {
            b'*' => {
                let next = skip(text, at + 1);
                if !word_at(text, next, b"as") {
                    self.push(Some("*".into()), None, at..at + 1);
                    return self.from(next);
                }
                let alias = self.word(skip(text, next + 2))?;
                let end = alias.span.end;
                self.namespace(skip(text, end), alias)
            }
            b'{' => {
                let end = self.list(at + 1)?;
                let next = skip(text, end);
                if word_at(text, next, b"from") {
                    return self.from(next);
                }
                // Without `from`, the names are the file's own.
                self.rows.truncate(self.first);
                Some(end)
            }
            _ if self.kind == Kind::TypeOnly => None,
            _ => {
                // The proposal "export default from".
                let word = self.word(at)?;
                let next = skip(text, word.span.end);
                if !word_at(text, next, b"from") {
                    return None;
                }
                let alias = (word.text != "default").then_some(word.text);
                self.push(Some("default".into()), alias, word.span);
                self.from(next)
            }
        }
    }

    /// Returns whether the word that ends at `end` modifies the import, and is not itself the name.
    fn modifies(&self, end: usize) -> bool {
        let next = skip(self.text, end);
        if matches!(byte(self.text, next), b'{' | b'*') {
            return true;
        }
        if !word_at(self.text, next, b"from") {
            return name_end(self.text, next) > next;
        }
        let after = skip(self.text, next + 4);
        byte(self.text, after) == b'=' || word_at(self.text, after, b"from")
    }

    /// Reads `{…} from …` or `* as … from …`.
    fn rest_of_clause(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        match byte(text, at) {
            b'{' => {
                let end = self.list(at + 1)?;
                self.from(skip(text, end))
            }
            b'*' => {
                let next = skip(text, at + 1);
                if !word_at(text, next, b"as") {
                    return None;
                }
                let alias = self.word(skip(text, next + 2))?;
                let end = alias.span.end;
                self.namespace(skip(text, end), alias)
            }
            _ => None,
        }
    }

    /// Reads the clause after `* as name`; the row's span is the string.
    fn namespace(&mut self, at: usize, alias: Word<'a>) -> Option<usize> {
        if !word_at(self.text, at, b"from") {
            return None;
        }
        self.module(skip(self.text, at + 4), Some(alias.text))
    }

    fn from(&mut self, at: usize) -> Option<usize> {
        if !word_at(self.text, at, b"from") {
            return None;
        }
        self.module(skip(self.text, at + 4), None)
    }

    /// Reads the module's string and its attributes.
    fn module(&mut self, at: usize, alias: Option<Cow<'a, str>>) -> Option<usize> {
        let literal = string(self.text, at)?;
        if self.rows.len() == self.first || alias.is_some() {
            self.push(None, alias, literal.span.clone());
        }
        let end = attributes(self.text, literal.span.end);
        self.finish(literal.text, end)
    }

    /// Sets the module and the statement's end of all rows.
    fn finish(&mut self, module: Cow<'a, str>, end: usize) -> Option<usize> {
        let module = SharedText::from(module);
        for row in self.rows.get_mut(self.first..)? {
            row.module = Some(module.clone());
            row.statement.end = end;
        }
        Some(end)
    }

    /// Reads `import x = require("m")`; `import x = a.b` is no import.
    fn required(&mut self, at: usize, word: Word<'a>) -> Option<usize> {
        let callee = skip(self.text, at + 1);
        if !word_at(self.text, callee, b"require") {
            return None;
        }
        let open = skip(self.text, callee + b"require".len());
        if byte(self.text, open) != b'(' {
            return None;
        }
        let literal = string(self.text, skip(self.text, open + 1))?;
        let close = skip(self.text, literal.span.end);
        if byte(self.text, close) != b')' {
            return None;
        }
        self.form = Form::Require;
        self.push(None, Some(word.text), literal.span);
        self.finish(literal.text, close + 1)
    }

    /// Reads the names between braces, from past `{` to past `}`.
    fn list(&mut self, mut at: usize) -> Option<usize> {
        loop {
            at = skip_markers(self.text, at);
            if byte(self.text, at) == b'}' {
                return Some(at + 1);
            }
            at = self.specifier(at)?;
            match byte(self.text, at) {
                b',' => at += 1,
                b'}' => {}
                _ => return None,
            }
        }
    }

    /// Reads one specifier of up to four words (`type a as b`); their number tells their roles.
    fn specifier(&mut self, mut at: usize) -> Option<usize> {
        let mut words: [Option<Word<'a>>; 4] = [const { None }; 4];
        for place in &mut words {
            *place = Some(self.word(at)?);
            at = skip_markers(self.text, place.as_ref().map_or(at, |word| word.span.end));
            if matches!(byte(self.text, at), b',' | b'}') {
                break;
            }
        }
        let is_as = |word: &Word<'a>| self.text.get(word.span.clone()) == Some(b"as");
        let types = |word: &Word<'a>| matches!(self.text.get(word.span.clone()), Some(b"type" | b"typeof"));
        let (name, alias, only) = match words {
            [Some(name), None, ..] => (name, None, false),
            [Some(only), Some(name), None, _] if types(&only) => (name, None, true),
            [Some(name), Some(r#as), Some(alias), None] if is_as(&r#as) => (name, Some(alias.text), false),
            [Some(only), Some(name), Some(r#as), alias @ Some(_)] if types(&only) && is_as(&r#as) => {
                (name, alias.map(|alias| alias.text), true)
            }
            _ => return None,
        };
        let kind = self.kind;
        if only {
            self.kind = Kind::TypeOnly;
        }
        self.push(Some(name.text), alias, name.span);
        self.kind = kind;
        Some(at)
    }

    fn word(&self, at: usize) -> Option<Word<'a>> {
        if let Some(literal) = string(self.text, at) {
            return Some(Word { text: literal.text, span: literal.span });
        }
        let span = at..name_end(self.text, at);
        (!span.is_empty()).then(|| Word { text: name(self.text, span.clone()), span })
    }

    fn push(&mut self, name: Option<Cow<'a, str>>, alias: Option<Cow<'a, str>>, span: Range<usize>) {
        if self.rows.len() <= MAX_IMPORTS {
            let (kind, form, statement) = (self.kind, self.form, self.start..span.end);
            self.rows.push(Import { kind, form, module: None, name, alias, level: 0, statement, span });
        }
    }
}

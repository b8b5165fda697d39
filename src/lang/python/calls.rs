//! Calls that import by a string, and strings that name what a test replaces.
//!
//! Format: `importlib.import_module` and `__import__` in the standard library; `pytest.importorskip` and
//! `monkeypatch`; `unittest.mock.patch` and its namesakes.

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::Import;

use super::bytes::{byte, dotted, identifier, is_identifier, is_line_end, skip_lines, word_end};
use super::literal::{Literal, literal};
use super::rows::Rows;
use super::trivia::Trivia;

/// The functions that take a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Callee {
    ImportModule,
    DunderImport,
    ImportOrSkip,
    Patch,
    PatchDict,
    PatchMultiple,
    Attribute,
}

impl Callee {
    /// The parameter that the path is given to, by its name.
    fn parameter(self) -> &'static [u8] {
        match self {
            Self::ImportModule | Self::DunderImport => b"name",
            Self::ImportOrSkip => b"modname",
            Self::Patch | Self::PatchMultiple | Self::Attribute => b"target",
            Self::PatchDict => b"in_dict",
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::ImportModule | Self::DunderImport | Self::ImportOrSkip => Kind::Dynamic,
            Self::Patch | Self::PatchDict | Self::PatchMultiple | Self::Attribute => Kind::String,
        }
    }

    /// Whether a path without a dot is one at all: a single name patches nothing.
    fn takes_single_names(self) -> bool {
        !matches!(self, Self::Patch | Self::Attribute)
    }
}

/// Whether the bracket at `at` may open a call that matters: a look at the two bytes before it spares most brackets
/// the rest.
pub(super) fn may_open(text: &[u8], at: usize) -> bool {
    let mut end = at;
    while end > 0 && text[end - 1] == b' ' {
        end -= 1;
    }
    let Some(&[before, last]) = text.get(..end).and_then(<[u8]>::last_chunk) else { return false };
    match last {
        b'e' => before == b'l',
        b'_' => before == b'_',
        b'p' => before == b'i',
        b'h' => before == b'c',
        b'r' => before == b't',
        b't' => before == b'c',
        b'\t' | b'\x0c' => true,
        _ => last >= 0x80 || is_line_end(last),
    }
}

/// Reads the call whose bracket opens at `at`: adds its rows, and says whether there are any.
pub(super) fn read<'a>(text: &'a [u8], at: usize, trivia: &Trivia, rows: &mut Rows<'a>) -> bool {
    let first = rows.list.len();
    if let Some((callee, start)) = callee(text, at, trivia) {
        Call { text, callee, start, rows }.argument(at + 1);
    }
    rows.list.len() > first
}

/// The callee whose bracket is at `at`, and where its chain of names starts.
fn callee(text: &[u8], at: usize, trivia: &Trivia) -> Option<(Callee, usize)> {
    let last = trivia.word_before(text, at)?;
    let mut start = last.start;
    let (mut parent, mut member) = (None, false);
    let callee = match known(&text[last])? {
        Name::Function(callee) => callee,
        Name::OfPatch(callee) => {
            let before = trivia.dot_before(text, start).and_then(|dot| trivia.word_before(text, dot))?;
            if identifier(&text[before.clone()]) != "patch" {
                return None;
            }
            parent = Some(before);
            callee
        }
    };
    if let Some(parent) = parent {
        start = parent.start;
    }
    while let Some(dot) = trivia.dot_before(text, start) {
        member = true;
        let Some(word) = trivia.word_before(text, dot) else { break };
        start = word.start;
    }
    let defined = trivia
        .word_before(text, start)
        .is_some_and(|word| !member && matches!(&text[word], b"class" | b"def" | b"case"));
    let plain_setattr = callee == Callee::Attribute && !member;
    (!defined && !plain_setattr).then_some((callee, start))
}

/// What the last name of a callee says.
enum Name {
    Function(Callee),
    /// `dict` and `multiple` matter as members of `patch` alone.
    OfPatch(Callee),
}

fn known(word: &[u8]) -> Option<Name> {
    let name = if word.is_ascii() { Cow::Borrowed(word) } else { Cow::Owned(identifier(word).as_bytes().to_vec()) };
    Some(match &*name {
        b"import_module" => Name::Function(Callee::ImportModule),
        b"__import__" => Name::Function(Callee::DunderImport),
        b"importorskip" => Name::Function(Callee::ImportOrSkip),
        b"patch" => Name::Function(Callee::Patch),
        b"setattr" | b"delattr" => Name::Function(Callee::Attribute),
        b"dict" => Name::OfPatch(Callee::PatchDict),
        b"multiple" => Name::OfPatch(Callee::PatchMultiple),
        _ => return None,
    })
}

struct Call<'a, 'r> {
    text: &'a [u8],
    callee: Callee,
    /// Where the callee starts.
    start: usize,
    rows: &'r mut Rows<'a>,
}

impl<'a> Call<'a, '_> {
    /// Reads the first argument, if it is a path from end to end, and the others as far as they matter.
    fn argument(&mut self, at: usize) {
        let (name, at) = keyword(self.text, at);
        if name.is_some_and(|name| name != self.callee.parameter()) {
            return;
        }
        let Some((path, next)) = whole_literal(self.text, at) else { return };
        match self.callee {
            Callee::ImportModule => self.module(path, next),
            Callee::DunderImport => self.dunder(&path, next),
            _ if self.callee.takes_single_names() || path.text.contains('.') => self.row(path.text, None, 0, path.span),
            _ => {}
        }
    }

    /// `import_module(".m", package)`: the dots go up from the package.
    fn module(&mut self, path: Literal<'a>, next: usize) {
        let level = path.text.bytes().take_while(|&byte| byte == b'.').count();
        if level == 0 {
            return self.row(path.text, None, 0, path.span);
        }
        let module = path.text[level..].to_owned();
        let Some(at) = next_argument(self.text, next) else { return };
        let (name, at) = keyword(self.text, at);
        if name.is_some_and(|name| name != b"package") {
            return;
        }
        if let Some((package, _)) = whole_literal(self.text, at) {
            if let Some(module) = absolute(&package.text, level, &module) {
                self.row(Cow::Owned(module), None, 0, path.span);
            }
        } else if let Value::Name(b"__package__" | b"__name__") = value(self.text, at).0 {
            self.row(Cow::Owned(module), None, u32::try_from(level).unwrap_or(u32::MAX), path.span);
        }
    }

    /// `__import__("a.b", globals(), locals(), ["m"], 0)`, the last two also by name.
    fn dunder(&mut self, path: &Literal<'a>, mut next: usize) {
        let (mut names, mut level, mut position) = (Vec::new(), 0, 0);
        while let Some(at) = next_argument(self.text, next) {
            position += 1;
            let (name, at) = keyword(self.text, at);
            let (value, end) = value(self.text, at);
            match (name, position, value) {
                (Some(b"fromlist"), _, Value::Names(list)) | (None, 3, Value::Names(list)) => names = list,
                (Some(b"level"), _, Value::Number(number)) | (None, 4, Value::Number(number)) => level = number,
                (_, _, Value::Other) => break,
                _ => {}
            }
            next = end;
        }
        names.retain(|name| name.text == "*" || is_identifier(&name.text));
        if names.is_empty() {
            self.row(path.text.clone(), None, level, path.span.clone());
        }
        for name in names {
            let Some(module) = self.rows.again(&path.text) else { return };
            self.row(module, Some(name.text), level, name.span);
        }
    }

    fn row(&mut self, path: Cow<'a, str>, name: Option<Cow<'a, str>>, level: u32, span: Range<usize>) {
        if !path.split('.').all(is_identifier) && (level == 0 || !path.is_empty()) {
            return;
        }
        let module = (!path.is_empty()).then_some(path);
        let statement = self.start..span.end;
        self.rows.list.push(Import { kind: self.callee.kind(), module, name, alias: None, level, statement, span });
    }
}

/// The name of a keyword argument at `at`, if it is one, and where its value starts.
fn keyword(text: &[u8], at: usize) -> (Option<&[u8]>, usize) {
    let at = skip_lines(text, at);
    let end = word_end(text, at);
    let equals = skip_lines(text, end);
    if end > at && byte(text, equals) == b'=' && byte(text, equals + 1) != b'=' {
        return (Some(&text[at..end]), skip_lines(text, equals + 1));
    }
    (None, at)
}

/// The text that is the whole argument at `at`, brackets around it allowed, and where the argument ends: at `,` or `)`.
fn whole_literal(text: &[u8], at: usize) -> Option<(Literal<'_>, usize)> {
    let (mut at, mut open) = (at, 0_usize);
    while byte(text, at) == b'(' {
        open += 1;
        at = skip_lines(text, at + 1);
    }
    let literal = literal(text, at)?;
    let mut next = skip_lines(text, literal.span.end);
    while open > 0 && byte(text, next) == b')' {
        open -= 1;
        next = skip_lines(text, next + 1);
    }
    (open == 0 && matches!(byte(text, next), b',' | b')')).then_some((literal, next))
}

/// Past the comma at `at`, where another argument starts.
fn next_argument(text: &[u8], at: usize) -> Option<usize> {
    let next = skip_lines(text, at + 1);
    (byte(text, at) == b',' && !matches!(byte(text, next), b')' | b'*')).then_some(next)
}

/// An argument, as far as `__import__` is understood. Nothing with a call inside is, so no byte is read twice.
enum Value<'a> {
    Name(&'a [u8]),
    Number(u32),
    Names(Vec<Literal<'a>>),
    /// A call without arguments, an empty mapping.
    Plain,
    Other,
}

/// Reads a simple value up to the `,` or `)` after it.
fn value(text: &[u8], at: usize) -> (Value<'_>, usize) {
    let (value, end) = match byte(text, at) {
        b'0'..=b'9' => number(text, at),
        open @ (b'[' | b'(' | b'{') => list(text, at + 1, open),
        _ => name(text, at),
    };
    let next = skip_lines(text, end);
    if matches!(byte(text, next), b',' | b')') { (value, next) } else { (Value::Other, next) }
}

fn number(text: &[u8], at: usize) -> (Value<'_>, usize) {
    let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = std::str::from_utf8(&text[at..at + digits]).ok().and_then(|digits| digits.parse().ok());
    (number.map_or(Value::Other, Value::Number), at + digits)
}

fn name(text: &[u8], at: usize) -> (Value<'_>, usize) {
    let Some((_, range)) = dotted(text, at, skip_lines) else { return (Value::Other, at) };
    let open = skip_lines(text, range.end);
    let close = skip_lines(text, open + 1);
    if byte(text, open) == b'(' && byte(text, close) == b')' {
        return (Value::Plain, close + 1);
    }
    (Value::Name(&text[range.clone()]), range.end)
}

/// A list or tuple of texts, whose bracket `open` stands right before `at`.
fn list(text: &[u8], at: usize, open: u8) -> (Value<'_>, usize) {
    let close = match open {
        b'[' => b']',
        b'(' => b')',
        _ => b'}',
    };
    let (mut at, mut names) = (skip_lines(text, at), Vec::new());
    while byte(text, at) != close {
        let Some(name) = literal(text, at) else { return (Value::Other, at) };
        at = skip_lines(text, name.span.end);
        names.push(name);
        match byte(text, at) {
            b',' => at = skip_lines(text, at + 1),
            next if next == close && (open != b'(' || names.len() > 1) => {}
            _ => return (Value::Other, at),
        }
    }
    (if open == b'{' { Value::Plain } else { Value::Names(names) }, at + 1)
}

/// A path of `level` dots and `module`, from the package (`importlib._bootstrap._resolve_name`).
fn absolute(package: &str, level: usize, module: &str) -> Option<String> {
    let mut base = package;
    for _ in 1..level {
        base = base.rsplit_once('.')?.0;
    }
    Some(if module.is_empty() { base.to_owned() } else { format!("{base}.{module}") })
}

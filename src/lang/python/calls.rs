//! Calls that import by a string, and strings that name what a test replaces.
//!
//! Format: `importlib.import_module` and `__import__` in the standard library; `pytest.importorskip` and
//! `monkeypatch`; `unittest.mock.patch` and its namesakes.

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::{Form, Import, MOST_IMPORTS, Shared};

use super::arguments::{Argument, Value, keyword, next_argument, value};
use super::bytes::{identifier, is_identifier, is_line_end};
use super::literal::Literal;
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
    fn parameter(self) -> &'static str {
        match self {
            Self::ImportModule | Self::DunderImport => "name",
            Self::ImportOrSkip => "modname",
            Self::Patch | Self::PatchMultiple | Self::Attribute => "target",
            Self::PatchDict => "in_dict",
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
pub(super) fn read<'a>(text: &'a [u8], at: usize, trivia: &Trivia, rows: &mut Vec<Import<'a>>) -> bool {
    let first = rows.len();
    if let Some((callee, start)) = callee(text, at, trivia) {
        Call { text, callee, start, rows }.arguments(at + 1);
    }
    rows.len() > first
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
    rows: &'r mut Vec<Import<'a>>,
}

impl<'a> Call<'a, '_> {
    /// Reads the path, if it is a text from end to end, and the other arguments as far as they matter. Those that are
    /// named may stand in any order.
    fn arguments(&mut self, at: usize) {
        let (mut path, mut others) = (None, Vec::new());
        let mut next = Some(at);
        while let Some(at) = next {
            let (name, at) = keyword(self.text, at);
            let (value, end) = value(self.text, at);
            let is_path = match &name {
                Some(name) => name == self.callee.parameter(),
                None => path.is_none() && others.is_empty(),
            };
            match value {
                Value::Other => break,
                Value::Text(text) if is_path => path = Some(text),
                value => others.push((name, value)),
            }
            let more = path.is_none() || matches!(self.callee, Callee::ImportModule | Callee::DunderImport);
            next = next_argument(self.text, end).filter(|_| more);
        }
        let Some(path) = path else { return };
        match self.callee {
            Callee::ImportModule => self.module(path, others),
            Callee::DunderImport => self.dunder(&path, others),
            _ if self.callee.takes_single_names() || path.text.contains('.') => {
                self.row(path.text.into(), None, 0, path.span);
            }
            _ => {}
        }
    }

    /// `import_module(".m", package)`: the dots go up from the package.
    fn module(&mut self, path: Literal<'a>, others: Vec<Argument<'a>>) {
        let level = path.text.bytes().take_while(|&byte| byte == b'.').count();
        if level == 0 {
            return self.row(path.text.into(), None, 0, path.span);
        }
        let module = path.text[level..].to_owned();
        let package = others.into_iter().find(|(name, _)| name.as_deref().is_none_or(|name| name == "package"));
        match package {
            Some((_, Value::Text(package))) => {
                if let Some(module) = absolute(&package.text, level, &module) {
                    self.row(Shared::Respelt(module.into()), None, 0, path.span);
                }
            }
            Some((_, Value::Name(b"__package__" | b"__name__" | b"__spec__.parent"))) => {
                self.row(Shared::Respelt(module.into()), None, u32::try_from(level).unwrap_or(u32::MAX), path.span);
            }
            _ => {}
        }
    }

    /// `__import__("a.b", globals(), locals(), ["m"], 0)`, each also by name.
    fn dunder(&mut self, path: &Literal<'a>, others: Vec<Argument<'a>>) {
        let (mut names, mut level) = (Vec::new(), 0);
        for (position, (name, value)) in (1..).zip(others) {
            match (name.as_deref(), position, value) {
                (Some("fromlist"), _, Value::Names(list)) | (None, 3, Value::Names(list)) => names = list,
                (Some("level"), _, Value::Number(number)) | (None, 4, Value::Number(number)) => level = number,
                _ => {}
            }
        }
        names.retain(|name| name.text == "*" || is_identifier(&name.text));
        if names.is_empty() {
            self.row(path.text.clone().into(), None, level, path.span.clone());
        }
        let path = Shared::from(path.text.clone());
        for name in names {
            self.row(path.clone(), Some(name.text), level, name.span);
        }
    }

    fn row(&mut self, path: Shared<'a>, name: Option<Cow<'a, str>>, level: u32, span: Range<usize>) {
        let is_path = path.split('.').all(is_identifier) || (level > 0 && path.is_empty());
        if !is_path || self.rows.len() > MOST_IMPORTS {
            return;
        }
        let module = (!path.is_empty()).then_some(path);
        let statement = self.start..span.end;
        self.rows.push(Import {
            kind: self.callee.kind(),
            form: Form::Plain,
            module,
            name,
            alias: None,
            level,
            statement,
            span,
        });
    }
}

/// A path of `level` dots and `module`, from the package (`importlib._bootstrap._resolve_name`).
fn absolute(package: &str, level: usize, module: &str) -> Option<String> {
    let mut base = package;
    for _ in 1..level {
        base = base.rsplit_once('.')?.0;
    }
    Some(if module.is_empty() { base.to_owned() } else { format!("{base}.{module}") })
}

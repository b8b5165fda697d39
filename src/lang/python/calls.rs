//! Calls that import by a string, or name by a string what a test replaces.

use std::borrow::Cow;
use std::ops::Range;

use crate::lang::{Form, Import, MAX_IMPORTS, SharedText};

use super::arguments::{Argument, Value, keyword, next_argument, value};
use super::bytes::is_identifier;
use super::called::{Called, called};
use super::callees::Callee;
use super::literal::Literal;
use super::renamed::Renamed;
use super::trivia::Trivia;

/// Reads the call whose bracket opens at `at`, and adds its rows. Returns its callee if there are any.
pub(super) fn read<'a>(
    text: &'a [u8],
    at: usize,
    trivia: &Trivia,
    renamed: &Renamed,
    rows: &mut Vec<Import<'a>>,
) -> Option<Called> {
    let first = rows.len();
    let called = called(text, at, trivia, renamed)?;
    Call { text, callee: called.callee, start: called.start, rows }.arguments(at + 1);
    (rows.len() > first).then_some(called)
}

struct Call<'a, 'r> {
    text: &'a [u8],
    callee: Callee,
    /// Offset of the callee.
    start: usize,
    rows: &'r mut Vec<Import<'a>>,
}

impl<'a> Call<'a, '_> {
    /// Reads the path, if the argument is a single text, and the other arguments as far as they
    /// matter. Keyword arguments may come in any order.
    fn arguments(&mut self, at: usize) {
        let (mut path, mut others) = (None, Vec::new());
        let mut next = Some(at);
        while let Some(at) = next {
            let (name, at) = keyword(self.text, at);
            let (value, end) = value(self.text, at);
            let is_path = match &name {
                Some(name) => self.callee.parameters().contains(&&**name),
                None => path.is_none() && others.is_empty(),
            };
            match value {
                Value::Other => break,
                Value::Text(text) if is_path => path = Some(text),
                value => others.push((name, value)),
            }
            let more = path.is_none() || self.callee.takes_more();
            next = next_argument(self.text, end).filter(|_| more);
        }
        let Some(path) = path else { return };
        match self.callee {
            Callee::ImportModule | Callee::FindSpec => self.module(path, others),
            Callee::DunderImport => self.dunder(&path, others),
            _ if self.callee.takes_colons() && path.text.contains(':') => {
                let dotted = path.text.replacen(':', ".", 1);
                self.row(SharedText::Respelt(dotted.into()), None, 0, path.span);
            }
            _ if self.callee.takes_single_names() || path.text.contains('.') => {
                self.row(path.text.into(), None, 0, path.span);
            }
            _ => {}
        }
    }

    /// Adds the row of `import_module(".m", package)`; the dots go up from the package.
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
                    self.row(SharedText::Respelt(module.into()), None, 0, path.span);
                }
            }
            Some((_, Value::Name(b"__package__" | b"__name__" | b"__spec__.parent"))) => {
                self.row(SharedText::Respelt(module.into()), None, u32::try_from(level).unwrap_or(u32::MAX), path.span);
            }
            _ => {}
        }
    }

    /// Adds the rows of `__import__("a.b", globals(), locals(), ["m"], 0)`, also with keywords.
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
        let path = SharedText::from(path.text.clone());
        for name in names {
            self.row(path.clone(), Some(name.text), level, name.span);
        }
    }

    fn row(&mut self, path: SharedText<'a>, name: Option<Cow<'a, str>>, level: u32, span: Range<usize>) {
        let is_path = path.split('.').all(is_identifier) || (level > 0 && path.is_empty());
        if !is_path || self.rows.len() > MAX_IMPORTS {
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

/// Returns the absolute path of `level` dots and `module` in a package
/// (`importlib._bootstrap._resolve_name`).
fn absolute(package: &str, level: usize, module: &str) -> Option<String> {
    let mut base = package;
    for _ in 1..level {
        base = base.rsplit_once('.')?.0;
    }
    Some(if module.is_empty() { base.to_owned() } else { format!("{base}.{module}") })
}

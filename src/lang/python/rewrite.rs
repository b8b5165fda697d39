//! The statement that replaces a forbidden one.
//!
//! The matched segments give way to the recommended ones; what follows them stays, and so does the
//! local name, so that nothing but the statement has to change. Only `import a.b.m`, which binds
//! `a`, requires more changes, and then the note lists them.

pub mod attribute;
mod call;
mod uses;

use std::collections::{HashMap, HashSet};

use unicode_width::UnicodeWidthStr;

use crate::kind::Kind;
use crate::lang::{Change, Import, Rewrite};

use super::bytes::word_is;
use uses::{Loaded, Moved};

/// Maximum width of a line in columns; longer ones are put in parentheses, one name per line.
const MAX_LINE_COLUMNS: usize = 100;

/// Rewrites a statement: `imports` are all its rows, `changes` those to change. `code` is the text
/// with comments and the contents of strings blanked, to find what else must change, or is empty.
#[must_use]
pub fn rewrite(text: &[u8], code: &[u8], imports: &[Import<'_>], changes: &[Change<'_>]) -> Rewrite {
    let changed = Changed::of_each(imports, changes);
    let mut rows = changed.iter().flatten().peekable();
    let Some(first) = rows.peek() else { return Rewrite::default() };
    if !matches!(first.import.kind, Kind::Import | Kind::TypeOnly) {
        return call::rewrite(text, rows);
    }

    let mut statements = Statements::default();
    for row in rows {
        row.write(&mut statements);
    }
    let left = Statement::of_untouched(imports, &changed);

    let span = imports.first().map_or(0..0, |import| import.statement.clone());
    let place = StatementPosition::of(text, span.start);
    let first_word = if word_is(text, span.start, b"lazy") { "lazy " } else { "" };
    let render = |statement: &Statement| first_word.to_owned() + &statement.render(place.column + first_word.len());
    let lines: Vec<_> = statements.list.iter().chain(&left).map(render).collect();
    let note = notes(text, code, imports, &changed);
    Rewrite { text: lines.join(if place.alone { "\n" } else { "; " }), note }
}

/// A row whose path changes.
struct Changed<'a> {
    import: &'a Import<'a>,
    old: &'a [String],
    new: Vec<&'a str>,
}

impl<'a> Changed<'a> {
    /// Returns the change of each row; `None` if it stays.
    fn of_each(imports: &'a [Import<'_>], changes: &'a [Change<'_>]) -> Vec<Option<Self>> {
        let mut rows: Vec<_> = imports.iter().map(|_| None).collect();
        for change in changes {
            let (Some(import), Some(row)) = (imports.get(change.import), rows.get_mut(change.import)) else { continue };
            let kept = change.resolved.get(change.matched..).unwrap_or_default();
            let new: Vec<_> = change.instead.iter().chain(kept).map(String::as_str).collect();
            if row.is_none() && !new.is_empty() {
                *row = Some(Self { import, old: &change.resolved, new });
            }
        }
        rows
    }

    fn path(&self) -> String {
        self.new.join(".")
    }

    /// Returns the bound name, if it can be kept; only `import a.b.m` can bind its `a`.
    fn local(&self) -> Option<&str> {
        let import = self.import;
        let own = match (&import.name, self.old) {
            (Some(name), _) => Some(&**name),
            (None, [only]) => Some(only.as_str()),
            (None, _) => None,
        };
        import.alias.as_deref().or(own)
    }

    fn write(&self, statements: &mut Statements) {
        let star = self.import.name.as_deref() == Some("*");
        match (self.local(), self.new.as_slice()) {
            (Some(_), _) if star => statements.add(Some(self.path()), "*".to_owned()),
            (Some(local), [module @ .., last]) if self.import.name.is_some() && !module.is_empty() => {
                statements.add(Some(module.join(".")), bound(last, local));
            }
            // A path of one segment has no module to import from.
            (Some(local), _) => statements.add(None, bound(&self.path(), local)),
            (None, _) => statements.add(None, self.path()),
        }
    }
}

/// Returns a path with its alias: `import x as x` is just `import x`, but after `import a.b as b`,
/// `b` is the only name.
fn bound(path: &str, local: &str) -> String {
    if path == local { path.to_owned() } else { format!("{path} as {local}") }
}

fn untouched<'a>(
    imports: &'a [Import<'a>],
    changed: &'a [Option<Changed<'_>>],
) -> impl Iterator<Item = &'a Import<'a>> {
    imports.iter().zip(changed).filter(|(_, row)| row.is_none()).map(|(import, _)| import)
}

/// Returns the module of a `from` as its author wrote it, with its dots.
fn as_written(import: &Import<'_>) -> String {
    let dots = usize::try_from(import.level).unwrap_or_default();
    ".".repeat(dots) + import.module.as_deref().unwrap_or_default()
}

/// Returns a name as its author wrote it; `x as x`, for type checkers a re-export, stays.
fn as_written_name(import: &Import<'_>) -> String {
    let name = import.name.as_deref().or(import.module.as_deref()).unwrap_or_default();
    match &import.alias {
        Some(alias) => format!("{name} as {alias}"),
        None => name.to_owned(),
    }
}

/// New statements, in source order.
#[derive(Default)]
struct Statements {
    list: Vec<Statement>,
    of_module: HashMap<Option<String>, usize>,
    seen: HashSet<(usize, String)>,
}

impl Statements {
    /// Adds a name to the `from` statement of its module, or a module as its own `import`: PEP 8
    /// wants one per line.
    fn add(&mut self, from: Option<String>, name: String) {
        let end = self.list.len();
        let index = *self.of_module.entry(from.clone()).or_insert(end);
        if !self.seen.insert((index, name.clone())) {
            return;
        }
        match self.list.get_mut(index) {
            Some(statement) if from.is_some() => statement.names.push(name),
            _ => self.list.push(Statement { from, names: vec![name] }),
        }
    }
}

struct Statement {
    from: Option<String>,
    names: Vec<String>,
}

impl Statement {
    /// Returns what remains of a statement without its changed rows.
    fn of_untouched(imports: &[Import<'_>], changed: &[Option<Changed<'_>>]) -> Option<Self> {
        let left: Vec<_> = untouched(imports, changed).collect();
        let first = left.first()?;
        let from = first.name.is_some().then(|| as_written(first));
        Some(Self { from, names: left.into_iter().map(as_written_name).collect() })
    }

    fn render(&self, column: usize) -> String {
        let names = self.names.join(", ");
        let Some(module) = &self.from else { return format!("import {names}") };
        let line = format!("from {module} import {names}");
        if names == "*" || column + line.width() <= MAX_LINE_COLUMNS {
            return line;
        }
        let lines: String = self.names.iter().map(|name| format!("    {name},\n")).collect();
        format!("from {module} import (\n{lines})")
    }
}

/// Position of a statement in its line.
struct StatementPosition {
    /// Whether only spaces precede it, so that another statement can follow on a line of its own.
    /// Otherwise (`if x: import a`) only a semicolon keeps two of them together.
    alone: bool,
    /// Number of columns before it, as far as they matter for its width; one byte counts as one.
    column: usize,
}

impl StatementPosition {
    fn of(text: &[u8], start: usize) -> Self {
        let before = text.get(..start).unwrap_or_default();
        let indent = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
        match &before[..before.len() - indent] {
            [.., b'\\', b'\n' | b'\r'] | [.., b'\\', b'\r', b'\n'] => Self { alone: false, column: indent },
            [] | [.., b'\n' | b'\r'] => Self { alone: true, column: indent },
            _ => {
                let near = before.iter().rev().take(MAX_LINE_COLUMNS);
                Self { alone: false, column: near.take_while(|byte| !matches!(byte, b'\n' | b'\r')).count() }
            }
        }
    }
}

/// Returns what pasting the statement would break.
fn notes(text: &[u8], code: &[u8], imports: &[Import<'_>], changed: &[Option<Changed<'_>>]) -> Option<String> {
    let span = imports.first()?.statement.clone();
    let moved: Vec<_> = changed
        .iter()
        .flatten()
        .filter(|row| row.local().is_none() && row.new != row.old)
        .map(|row| Moved { old: row.old, new: &row.new })
        .collect();
    let uses = if moved.is_empty() {
        None
    } else {
        let stays = untouched(imports, changed).map(|row| Loaded {
            module: row.module.as_deref().unwrap_or_default().split('.').collect(),
            local: row.alias.as_deref(),
        });
        let comes = changed.iter().flatten().map(|row| Loaded { module: row.new.clone(), local: row.local() });
        uses::note(code, &span, &moved, stays.chain(comes))
    };
    // A statement contains no strings, so every `#` begins a comment.
    let commented = text.get(span).is_some_and(|statement| statement.contains(&b'#'));
    let comments = commented.then(|| "the comments within the statement are left out".to_owned());
    let notes: Vec<_> = uses.into_iter().chain(comments).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

#[cfg(test)]
mod tests;

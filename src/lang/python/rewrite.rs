//! The statement to write instead of a forbidden one.
//!
//! The matched segments give way to the recommended ones, what follows them stays, and so does the local name: nothing
//! but the statement has to change. Only `import a.b.m`, which binds `a`, asks for more, and then the note says so.

pub mod attribute;
mod uses;

use std::collections::{HashMap, HashSet};

use unicode_width::UnicodeWidthStr;

use crate::kind::Kind;
use crate::lang::{Change, Import, Rewrite};

use uses::{Loaded, Moved};

/// Longer lines are put in parentheses, a name a line.
const MAX_LINE_COLUMNS: usize = 100;

/// Writes a statement anew: `imports` are all its rows, `changes` those to be changed. `code` is the text with
/// comments and the contents of strings blanked, for what must change beside the statement; empty where nobody asks.
#[must_use]
pub fn rewrite(text: &[u8], code: &[u8], imports: &[Import<'_>], changes: &[Change<'_>]) -> Rewrite {
    let changed = Changed::of_each(imports, changes);
    let mut rows = changed.iter().flatten().peekable();
    let Some(first) = rows.peek() else { return Rewrite::default() };
    if !matches!(first.import.kind, Kind::Import | Kind::TypeOnly) {
        // a string holds the path, whatever stands around it
        return Rewrite { text: rows.map(Changed::path).collect::<Vec<_>>().join("\n"), note: None };
    }

    let mut statements = Statements::default();
    for row in rows {
        row.write(&mut statements);
    }
    let left = Statement::of_untouched(imports, &changed);

    let span = imports.first().map_or(0..0, |import| import.statement.clone());
    let place = StatementPosition::of(text, span.start);
    let lines: Vec<_> = statements.list.iter().chain(&left).map(|statement| statement.render(place.column)).collect();
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
    /// For each row, what becomes of it; `None` where it stays.
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

    /// The name that the statement binds and that can be kept: `import a.b.m` binds `a`, which only that form does.
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
            // a path of one segment has nothing to be taken from
            (Some(local), _) => statements.add(None, bound(&self.path(), local)),
            (None, _) => statements.add(None, self.path()),
        }
    }
}

/// `import x as x` says nothing more than `import x`; after `import a.b as b`, though, `b` is the only name.
fn bound(path: &str, local: &str) -> String {
    if path == local { path.to_owned() } else { format!("{path} as {local}") }
}

fn untouched<'a>(
    imports: &'a [Import<'a>],
    changed: &'a [Option<Changed<'_>>],
) -> impl Iterator<Item = &'a Import<'a>> {
    imports.iter().zip(changed).filter(|(_, row)| row.is_none()).map(|(import, _)| import)
}

/// The module of a `from` as its author wrote it, dots and all.
fn as_written(import: &Import<'_>) -> String {
    let dots = usize::try_from(import.level).unwrap_or_default();
    ".".repeat(dots) + import.module.as_deref().unwrap_or_default()
}

/// A name as its author wrote it: `x as x` tells type checkers that it is meant for others, and stays.
fn as_written_name(import: &Import<'_>) -> String {
    let name = import.name.as_deref().or(import.module.as_deref()).unwrap_or_default();
    match &import.alias {
        Some(alias) => format!("{name} as {alias}"),
        None => name.to_owned(),
    }
}

/// The new statements, in the order of the source.
#[derive(Default)]
struct Statements {
    list: Vec<Statement>,
    of_module: HashMap<Option<String>, usize>,
    seen: HashSet<(usize, String)>,
}

impl Statements {
    /// Adds a name to the `from` statement of its module, or a module as an `import` of its own: PEP 8 wants one a line.
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
    /// What is left of a statement when its changed rows are gone.
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

/// Where a statement stands.
struct StatementPosition {
    /// Nothing but space is before it, so that another statement can follow on a line of its own. Elsewhere
    /// (`if x: import a`) only a semicolon keeps two of them together.
    alone: bool,
    /// The columns before it, as far as they matter for its width.
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

/// What pasting the statement would break.
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
    // a statement holds no strings, so every such sign begins a comment
    let commented = text.get(span).is_some_and(|statement| statement.contains(&b'#'));
    let comments = commented.then(|| "the comments within the statement are left out".to_owned());
    let notes: Vec<_> = uses.into_iter().chain(comments).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

#[cfg(test)]
mod tests;

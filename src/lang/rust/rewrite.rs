//! Replacement of a forbidden statement.
//!
//! The recommended segments replace the matched ones. The segments after them, the local name and
//! the visibility stay, so that only the statement has to change.

use crate::kind::Kind;
use crate::lang::lex::{Quiet, starts};
use crate::lang::paths::changed_path;
use crate::lang::{Change, Import, Rewrite, Statement};

use super::bytes::{is_keyword, keyword_is};
use super::lexer::Lexer;
use super::statement::past_visibility;
use super::tree::{MAX_DEPTH, Tree};

/// Words that are keywords in some edition, or may become one.
const RESERVED: [&str; 17] = [
    "abstract", "async", "await", "become", "box", "do", "dyn", "final", "gen", "macro", "override", "priv", "try",
    "typeof", "unsized", "virtual", "yield",
];

/// Rewrites a statement, in a file of the crate `own`.
pub(super) fn rewrite(statement: &Statement<'_>, changes: &[Change<'_>], own: Option<&str>) -> Rewrite {
    let mut changed: Vec<Option<Vec<String>>> = statement.imports.iter().map(|_| None).collect();
    for change in changes {
        let (Some(import), Some(row)) = (statement.imports.get(change.import), changed.get_mut(change.import)) else {
            continue;
        };
        let mut path = changed_path(change);
        let named = crate_as_written(import, &change.resolved);
        if let (Some(named), Some(first)) = (&named, path.first_mut())
            && change.resolved.first().is_some_and(|old| old == first)
        {
            *first = named;
        }
        let path = written(import, &path, own);
        if row.is_none() && !path.is_empty() {
            *row = Some(path);
        }
    }
    let rows = || statement.imports.iter().zip(&changed);
    let Some((first, _)) = rows().find(|(_, path)| path.is_some()) else { return Rewrite::default() };
    if !matches!(first.kind, Kind::Import) {
        let paths: Vec<_> = changed.iter().flatten().map(|path| path.join("::").replacen("::::", "::", 1)).collect();
        return Rewrite { text: paths.join("\n"), note: None };
    }

    let place = StatementPosition::of(statement);
    let mut statements = place.moved(rows().filter_map(|(import, path)| Some((import, path.as_deref()?))));
    statements.extend(place.left(rows().filter(|(_, path)| path.is_none()).map(|(import, _)| import)));
    let note = place.note(statements.len());
    Rewrite { text: statements.join(if place.alone { "\n" } else { " " }), note }
}

/// Returns the name that the code has for the crate that a path begins with, if the path is otherwise as written.
fn crate_as_written(import: &Import<'_>, resolved: &[String]) -> Option<String> {
    let module = import.module.as_deref()?;
    let module = module.strip_prefix("::").unwrap_or(module);
    let name = import.name.as_deref().filter(|name| *name != "*");
    let mut segments = module.split("::").chain(name);
    let first = segments.next().filter(|first| !matches!(*first, "crate" | "$crate" | "self" | "super"))?;
    segments.eq(resolved.iter().skip(1)).then(|| first.to_owned())
}

/// Returns the new path as written in the place of `import`.
fn written(import: &Import<'_>, path: &[&str], own: Option<&str>) -> Vec<String> {
    let before = import.module.as_deref().unwrap_or_default();
    let mut segments: Vec<_> = path.iter().map(|segment| raw(segment)).collect();
    let Some(first) = segments.first_mut() else { return segments };
    // A crate does not know itself by its name.
    if own.is_some_and(|own| own == first) {
        "crate".clone_into(first);
    }
    if first == "crate" && before.split("::").next() == Some("$crate") {
        "$crate".clone_into(first);
    } else if before.starts_with("::") && first != "crate" {
        segments.insert(0, String::new());
    }
    segments
}

/// Returns a segment as written in code, with `r#` if it is a keyword or reserved.
fn raw(segment: &str) -> String {
    let plain = matches!(segment, "crate" | "self" | "super" | "Self" | "$crate" | "_" | "*");
    if !plain && (is_keyword(segment.as_bytes()) || RESERVED.contains(&segment)) {
        format!("r#{segment}")
    } else {
        segment.to_owned()
    }
}

/// Position and beginning of a statement.
struct StatementPosition<'a> {
    text: &'a [u8],
    start: usize,
    end: usize,
    /// `pub(crate) `, or nothing.
    visibility: String,
    is_extern: bool,
    /// Whether only white space precedes it on its line.
    alone: bool,
    column: usize,
}

impl<'a> StatementPosition<'a> {
    fn of(statement: &Statement<'a>) -> Self {
        let text = statement.file.text;
        let span = statement.imports.first().map_or(0..0, |import| import.statement.clone());
        let mut lexer = Lexer::new(text, Quiet::ignored());
        let mut keyword = span.start;
        let mut visibility = String::new();
        if keyword_is(text, span.start, b"pub") {
            keyword = past_visibility(&mut lexer, span.start + 3);
            let written = String::from_utf8_lossy(text.get(span.start..keyword).unwrap_or_default());
            let words: Vec<_> = written.split_whitespace().collect();
            visibility = format!("{} ", words.join(" ").replace("pub (", "pub(").replace("( ", "(").replace(" )", ")"));
        }
        let before = text.get(..span.start).unwrap_or_default();
        let line = before.iter().rev().take(MAX_LINE_BYTES).take_while(|&&byte| byte != b'\n');
        let alone = line.clone().all(u8::is_ascii_whitespace);
        let (start, end, is_extern) = (span.start, span.end, starts(text, keyword, b"extern"));
        Self { text, start, end, visibility, is_extern, alone, column: line.count() }
    }

    /// Returns the statements of the changed rows: one for each module.
    fn moved<'i>(&self, rows: impl Iterator<Item = (&'i Import<'i>, &'i [String])>) -> Vec<String> {
        let mut trees: Vec<(&[String], Tree)> = Vec::new();
        let mut statements = Vec::new();
        for (import, path) in rows {
            let star = import.name.as_deref() == Some("*");
            let (module, leaf) = match path {
                _ if star => (path, "*".to_owned()),
                [module @ .., last] => (module, bound(last, import)),
                [] => continue,
            };
            if self.is_extern && module.is_empty() {
                statements.push(format!("{}extern crate {leaf};", self.visibility));
                continue;
            }
            let known = trees.iter().position(|(known, _)| *known == module);
            let index = known.unwrap_or_else(|| {
                trees.push((module, Tree::default()));
                trees.len() - 1
            });
            if let Some((_, tree)) = trees.get_mut(index) {
                tree.add(&[module, &[leaf]].concat());
            }
        }
        statements.extend(trees.iter().map(|(_, tree)| self.render(tree)));
        statements
    }

    /// Returns the statements of the rows that stay.
    fn left<'i>(&self, rows: impl Iterator<Item = &'i Import<'i>>) -> Vec<String> {
        let mut tree = Tree::default();
        let mut statements = Vec::new();
        for import in rows {
            let module = import.module.as_deref().unwrap_or_default();
            let mut path: Vec<_> = if module.is_empty() { Vec::new() } else { module.split("::").map(raw).collect() };
            let own = match import.name.as_deref() {
                Some(name) => raw(name),
                None if path.len() > 1 && self.is_group(import) => "self".to_owned(),
                None => path.pop().unwrap_or_default(),
            };
            path.push(import.alias.as_deref().map_or(own.clone(), |alias| format!("{own} as {}", raw(alias))));
            if path.len() <= MAX_DEPTH {
                tree.add(&path);
            } else {
                statements.push(format!("{}use {};", self.visibility, path.join("::")));
            }
        }
        if !tree.is_empty() {
            statements.push(self.render(&tree));
        }
        statements
    }

    /// Returns whether the row is `self` in a group.
    fn is_group(&self, import: &Import<'_>) -> bool {
        self.text.get(import.span.clone()) == Some(b"self")
    }

    fn render(&self, tree: &Tree) -> String {
        tree.render(&format!("{}use ", self.visibility), self.column)
    }

    /// Returns what pasting the statements would break, in words.
    fn note(&self, count: usize) -> Option<String> {
        let mut notes = Vec::new();
        let before = self.text.get(..self.start).unwrap_or_default().trim_ascii_end();
        if count > 1 && before.ends_with(b"]") {
            notes.push("the attribute before it is for each of them");
        }
        let statement = self.text.get(self.start..self.end).unwrap_or_default();
        if memchr::memchr(b'/', statement).is_some() {
            notes.push("the comments within the statement are left out");
        }
        (!notes.is_empty()).then(|| notes.join("; "))
    }
}

/// Maximum number of bytes of a line before a statement that are examined.
const MAX_LINE_BYTES: usize = 200;

/// Returns the last segment of a path, under the name that the import gave it.
fn bound(last: &str, import: &Import<'_>) -> String {
    let own = import.name.as_deref().or_else(|| import.module.as_deref()?.rsplit("::").next());
    match import.alias.as_deref().or(own).map(raw) {
        Some(local) if local != last => format!("{last} as {local}"),
        _ => last.to_owned(),
    }
}

#[cfg(test)]
mod tests;

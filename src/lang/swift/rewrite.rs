//! Replacement of an import declaration: the new path in the place of the old one.

use std::ops::Range;

use crate::lang::paths::{changed_path, in_place};
use crate::lang::{Change, Rewrite, Statement};

use super::notation::NOTATION;

/// Keywords that cannot be names without backticks.
///
/// Source: The Swift Programming Language, "Lexical Structure: Keywords and Punctuation".
const KEYWORDS: [&str; 48] = [
    "Any",
    "Self",
    "as",
    "associatedtype",
    "break",
    "case",
    "catch",
    "class",
    "continue",
    "default",
    "defer",
    "deinit",
    "do",
    "else",
    "enum",
    "extension",
    "fallthrough",
    "false",
    "fileprivate",
    "for",
    "func",
    "guard",
    "if",
    "import",
    "in",
    "init",
    "inout",
    "internal",
    "is",
    "let",
    "nil",
    "operator",
    "private",
    "protocol",
    "public",
    "repeat",
    "rethrows",
    "return",
    "self",
    "static",
    "struct",
    "subscript",
    "super",
    "switch",
    "throw",
    "throws",
    "true",
    "var",
];

/// Rewrites a declaration.
pub(super) fn rewrite(statement: &Statement<'_>, changes: &[Change<'_>]) -> Rewrite {
    let text = statement.file.text;
    let whole = in_place(statement, changes, NOTATION.join, |_, path| Some(written(path)));
    let scoped = statement.imports.first().filter(|import| import.name.is_some());
    let (Some(import), Some(change)) = (scoped, changes.first()) else { return whole };
    let path = changed_path(change);
    if path.len() > 1 {
        return whole;
    }
    // Only a name within a module has a kind.
    let slice = |range: Range<usize>| String::from_utf8_lossy(text.get(range).unwrap_or_default()).into_owned();
    let before = slice(import.statement.start..import.span.start);
    let keyword = before.rfind("import").filter(|_| !before.contains('/'));
    let Some(beginning) = keyword.and_then(|at| before.get(..at + "import".len())) else { return Rewrite::default() };
    Rewrite { text: format!("{beginning} {}", written(&path)), note: whole.note }
}

fn written(path: &[&str]) -> String {
    let names = path.iter().map(|name| if KEYWORDS.contains(name) { format!("`{name}`") } else { (*name).to_owned() });
    names.collect::<Vec<_>>().join(".")
}

//! Suggested statements: the new name, with the old local name as its alias.

use std::collections::HashMap;
use std::ops::Range;

use crate::lang::lex::{byte, is_word, word_end};
use crate::lang::paths::{self, changed_path};
use crate::lang::{Change, Form, Import, Rewrite, Statement};

use super::literals;
use super::notation::join;
use super::resolve::{folder, names_file};
use super::text::gap;

/// Rewrites a statement.
pub(super) fn rewrite(statement: &Statement<'_>, changes: &[Change<'_>]) -> Rewrite {
    let import_of = |change: &Change<'_>| statement.imports.get(change.import);
    // A name cannot replace a file, nor a file a name.
    let apart = |change: &Change<'_>| {
        let is_file = import_of(change).is_some_and(names_file);
        is_file != (changed_path(change).first() == Some(&"."))
    };
    if changes.iter().any(apart) {
        return Rewrite::default();
    }
    if changes.iter().filter_map(import_of).any(|import| import.name.is_some()) {
        return group(statement, changes);
    }
    let old = |import: &Import<'_>| {
        let change = changes.iter().find(|change| import_of(change).is_some_and(|changed| changed.span == import.span));
        change.map(|change| change.resolved.as_slice()).unwrap_or_default()
    };
    let mut rewrite = paths::in_place(statement, changes, join, |import, path| match import.form {
        Form::Plain => Some(named(import, path)),
        Form::Trait => Some(join(path)),
        _ => file(statement, import, old(import), path),
    });
    let traits = changes.iter().filter_map(|change| {
        let import = import_of(change).filter(|import| import.form == Form::Trait)?;
        let old = std::str::from_utf8(statement.file.text.get(import.span.clone())?).ok()?;
        Some((old, join(&changed_path(change))))
    });
    let traits: HashMap<_, _> = traits.collect();
    if !traits.is_empty() {
        rewrite.text = adapted(&rewrite.text, &traits);
    }
    rewrite
}

/// Returns a `use` of traits with the names that its braces repeat changed too: `{ \A::f insteadof \B; }`. What stands
/// before the braces is changed already.
fn adapted(text: &str, traits: &HashMap<&str, String>) -> String {
    let (before, mut rest) = text.split_at(text.find('{').unwrap_or(text.len()));
    let mut adapted = before.to_owned();
    while let Some(at) = rest.find('\\') {
        let (before, name) = rest.split_at(at);
        let length = 1 + name[1..].bytes().take_while(|&byte| is_word(byte) || byte == b'\\').count();
        let (name, behind) = name.split_at(length);
        adapted += before;
        match traits.get(&name[1..]) {
            Some(new) => adapted.extend(["\\", new]),
            None => adapted += name,
        }
        rest = behind;
    }
    adapted + rest
}

/// Returns a name, with the old local name as its alias if it differs.
fn named(import: &Import<'_>, path: &[&str]) -> String {
    let name = import.name.as_deref().or(import.module.as_deref()).unwrap_or_default();
    let local = name.rsplit('\\').next().unwrap_or(name);
    let new = join(path);
    if import.alias.is_some() || path.last().is_some_and(|last| *last == local) {
        new
    } else {
        format!("{new} as {local}")
    }
}

/// Returns `function ` or `const ` if it precedes the names of the statement, or this name within a group.
fn modifier(text: &[u8], statement: usize, name: usize) -> &'static str {
    let first = gap(text, statement + b"use".len());
    let of_all = text.get(first..word_end(text, first)).unwrap_or_default();
    let before = text.get(..name).unwrap_or_default().trim_ascii_end();
    let is = |word: &[u8]| {
        of_all.eq_ignore_ascii_case(word)
            || before.get(before.len().saturating_sub(word.len())..).is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    if is(b"function") {
        "function "
    } else if is(b"const") {
        "const "
    } else {
        ""
    }
}

/// Rewrites a group: each changed name in a statement of its own, then the unchanged names.
fn group(statement: &Statement<'_>, changes: &[Change<'_>]) -> Rewrite {
    let text = statement.file.text;
    let Some(first) = statement.imports.first() else { return Rewrite::default() };
    let mut lines = Vec::new();
    let mut left = Vec::new();
    for (number, import) in statement.imports.iter().enumerate() {
        let kind = modifier(text, first.statement.start, import.span.start);
        let alias = import.alias.as_deref().map(|alias| format!(" as {alias}")).unwrap_or_default();
        match changes.iter().find(|change| change.import == number) {
            Some(change) => lines.push(format!("use {kind}{}{alias};", named(import, &changed_path(change)))),
            None => left.push((kind, format!("{}{alias}", import.name.as_deref().unwrap_or_default()))),
        }
    }
    let prefix = first.module.as_deref().unwrap_or_default();
    let names: Vec<String> = left.iter().map(|(kind, name)| format!("{kind}{name}")).collect();
    match names.as_slice() {
        [] => {}
        [_] => lines.extend(left.iter().map(|(kind, name)| format!("use {kind}{prefix}\\{name};"))),
        names => lines.push(format!("use {prefix}\\{{{}}};", names.join(", "))),
    }
    Rewrite { text: lines.join("\n"), note: None }
}

/// Returns a path as the statement names it: relative to the folder at which it starts.
fn file(statement: &Statement<'_>, import: &Import<'_>, old: &[String], new: &[&str]) -> Option<String> {
    let new = new.get(1..)?;
    let path = statement.file.path;
    let own: Vec<String> =
        folder(path, import.level.max(1))?.iter().map(|part| String::from_utf8_lossy(part).into_owned()).collect();
    let written = import.module.as_deref().unwrap_or_default();
    let from_top =
        written.split('/').filter(|part| !matches!(*part, "" | ".")).eq(old.iter().skip(1).map(String::as_str));
    let base = if import.level == 0 && from_top { &[][..] } else { own.as_slice() };
    let shared = base.iter().zip(new).take_while(|(one, two)| *one == *two).count().min(new.len().saturating_sub(1));
    let up = "../".repeat(base.len() - shared);
    let slash = if import.level > 0 { "/" } else { "" };
    // The last of several terms that are joined is nearly always a literal.
    let last = statement.file.text.get(import.span.end.checked_sub(1)?);
    let quote = char::from(*last.filter(|&&sign| sign == b'"').unwrap_or(&b'\''));
    let path = format!("{slash}{up}{}", new.get(shared..)?.join("/"));
    let literal = format!("{quote}{}{quote}", paths::escaped(&path, if quote == '"' { "\\\"$" } else { "\\'" }));
    // What is replaced goes from the first literal to the last, and a bracket around some of them may open or close
    // within it.
    let (opened, closed) = brackets(statement.file.text, &import.span);
    let open = "(".repeat(opened.saturating_sub(closed));
    Some(format!("{open}{literal}{}", ")".repeat(closed.saturating_sub(opened))))
}

/// Returns the number of brackets that open and close among literals.
fn brackets(text: &[u8], span: &Range<usize>) -> (usize, usize) {
    let (mut opened, mut closed) = (0, 0);
    let mut at = span.start;
    while at < span.end {
        match byte(text, at) {
            b'(' => opened += 1,
            b')' => closed += 1,
            _ => {}
        }
        let end = literals::read(text, at).map_or(at + 1, |(_, literal)| literal.end);
        at = gap(text, end);
    }
    (opened, closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_in_the_braces_changes_once() {
        let traits = [("A\\One", "A\\Two".to_owned()), ("A\\Two", "A\\Three".to_owned())];
        assert_eq!(
            adapted("use \\A\\Two, \\A\\Three { \\A\\One::f insteadof \\A\\Two, \\A\\One\\x; }", &traits.into()),
            "use \\A\\Two, \\A\\Three { \\A\\Two::f insteadof \\A\\Three, \\A\\One\\x; }"
        );
        assert_eq!(adapted("use \\A;", &HashMap::new()), "use \\A;");
    }
}

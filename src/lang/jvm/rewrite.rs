//! Suggested statements for forbidden ones.
//!
//! Kotlin and Scala can keep the local name by an alias; Java cannot, so the note says what else must change.

use std::borrow::Cow;

use crate::kind::Kind;
use crate::lang::lex::{byte, is_space, is_word};
use crate::lang::paths::changed_path;
use crate::lang::{Change, Import, Rewrite, Statement};
use crate::listing;
use crate::text::Text;

use super::Style;
use super::walk::Walk;

/// Maximum length of a call that is shown as a whole.
const MAX_CALL_BYTES: usize = 400;

/// A statement with the parts of its text that its imports do not record.
struct Statements<'a> {
    text: Cow<'a, [u8]>,
    import: &'a Import<'a>,
    path: Vec<&'a str>,
}

/// Rewrites a Java import; `decoded` returns a text as the compiler reads it.
pub(in crate::lang) fn java(
    statement: &Statement<'_>,
    changes: &[Change<'_>],
    decoded: fn(&[u8]) -> Cow<'_, [u8]>,
) -> Rewrite {
    let Some(mut row) = Statements::of(statement, changes) else { return paths(statement, changes, Style::Java) };
    if let Cow::Borrowed(text) = row.text {
        row.text = decoded(text);
    }
    let named = row.import.name.is_some() && !row.is_star();
    let words = if named || row.has_word(b"static") {
        "import static "
    } else if row.has_word(b"module") {
        "import module "
    } else {
        "import "
    };
    let end = if row.text.ends_with(b";") { ";" } else { "" };
    let star = if row.is_star() { ".*" } else { "" };
    let text = format!("{words}{}{star}{end}", row.path.join("."));
    let mut notes = Vec::new();
    if let (Some(old), Some(new)) = (row.local(), row.path.last())
        && old != *new
    {
        let lines = lines_of(statement, old);
        let path = row.path.join(".");
        if imports(statement, row.import, &path) {
            let lines = lines.map(|lines| format!(", then change {old} to {new}, {lines}")).unwrap_or_default();
            let note = format!("this file imports {path} already: drop this import{lines}");
            return Rewrite { text: String::new(), note: Some(note) };
        }
        if is_taken(statement, row.import, new) {
            let lines = lines.map(|lines| format!(", {lines}")).unwrap_or_default();
            let note = format!("the name {new} is taken in this file: write {path} in place of {old}{lines}");
            return Rewrite { text: String::new(), note: Some(note) };
        }
        notes.extend(lines.map(|lines| format!("then change {old} to {new}, {lines}")));
    }
    row.finish(text, notes)
}

/// Rewrites a Kotlin import.
pub(in crate::lang) fn kotlin(statement: &Statement<'_>, changes: &[Change<'_>]) -> Rewrite {
    let Some(row) = Statements::of(statement, changes) else { return paths(statement, changes, Style::Kotlin) };
    let path: Vec<_> = row.path.iter().map(|segment| quoted(segment)).collect();
    let mut text = format!("import {}", path.join("."));
    if row.is_star() {
        text += ".*";
    } else if let Some(local) =
        row.import.alias.as_deref().or(row.local()).filter(|local| row.path.last() != Some(local))
    {
        text = format!("{text} as {}", quoted(local));
    }
    if row.text.ends_with(b";") {
        text.push(';');
    }
    row.finish(text, Vec::new())
}

/// Returns a name of Kotlin or Scala, in backticks if it has special characters or is a keyword.
fn quoted(name: &str) -> String {
    const WORDS: &[&str] = &[
        "as",
        "break",
        "class",
        "continue",
        "do",
        "else",
        "false",
        "for",
        "fun",
        "if",
        "in",
        "interface",
        "is",
        "null",
        "object",
        "package",
        "return",
        "super",
        "this",
        "throw",
        "true",
        "try",
        "typealias",
        "typeof",
        "val",
        "var",
        "when",
        "while",
    ];
    if is_plain(name) && !WORDS.contains(&name) { name.to_owned() } else { format!("`{name}`") }
}

/// Returns whether a name consists of letters that every compiler accepts; other names are put in backticks.
pub(in crate::lang) fn is_plain(name: &str) -> bool {
    let letter = |sign: char| sign == '_' || sign.is_ascii_alphanumeric() || (sign < '\u{300}' && sign.is_alphabetic());
    !name.starts_with(|first: char| first.is_ascii_digit()) && name.chars().all(letter)
}

impl<'a> Statements<'a> {
    /// Reads a statement; `None` if it is not an import statement, and only the path can be suggested.
    fn of(statement: &Statement<'a>, changes: &'a [Change<'_>]) -> Option<Self> {
        let change = changes.first()?;
        let import = statement.imports.get(change.import)?;
        let text = statement.file.text.get(import.statement.clone())?;
        let text = Cow::Borrowed(text);
        matches!(import.kind, Kind::Import | Kind::TypeOnly).then(|| Self { text, import, path: changed_path(change) })
    }

    fn is_star(&self) -> bool {
        self.import.name.as_deref() == Some("*")
    }

    /// Returns the local name that the statement binds if it has no alias.
    fn local(&self) -> Option<&'a str> {
        let module = self.import.module.as_deref().and_then(|module| module.rsplit('.').next());
        if self.is_star() { None } else { self.import.name.as_deref().or(module) }
    }

    /// Returns whether `word` precedes the path.
    fn has_word(&self, word: &[u8]) -> bool {
        let code = Walk::blanking(&self.text, Style::Java).blanked();
        let mut words = code.split(|&byte| is_space(byte)).filter(|text| !text.is_empty()).skip(1);
        // In `import module .a.B`, `module` is part of the path.
        words.next() == Some(word) && !words.next().is_none_or(|next| next.starts_with(b"."))
    }

    fn finish(self, text: String, mut notes: Vec<String>) -> Rewrite {
        if has_comment(&self.text) {
            notes.push("the comments within the statement are left out".to_owned());
        }
        Rewrite { text, note: (!notes.is_empty()).then(|| notes.join("; ")) }
    }
}

/// Suggests the path for a use, and the call for one that loads a class by a string, where a dollar precedes the name
/// of a nested class.
pub(in crate::lang) fn paths(statement: &Statement<'_>, changes: &[Change<'_>], style: Style) -> Rewrite {
    let (mut lines, mut note) = (Vec::new(), None);
    for change in changes {
        let path = changed_path(change);
        let import = statement.imports.get(change.import);
        let written = import.and_then(|import| import.module.as_deref()).unwrap_or_default();
        let dotted = written.split('.').count();
        let nested = if dotted < change.resolved.len() { written.matches('$').count() } else { 0 };
        let is_reference = style != Style::Scala && import.is_some_and(|import| is_reference(statement, import));
        let mut text = String::new();
        for (at, segment) in path.iter().enumerate() {
            text += match at {
                0 => "",
                _ if at + nested >= path.len() => "$",
                _ if is_reference && at + 1 == path.len() => "::",
                _ => ".",
            };
            text += segment;
        }
        if let [.., holder, name] = path.as_slice()
            && is_reference
            && style == Style::Kotlin
            && holder.starts_with(char::is_lowercase)
        {
            // A function of a package is referred to by its name alone.
            note = Some(format!("needs `import {}`", path.join(".")));
            text = format!("::{name}");
        }
        if let Some((call, lost)) = import.and_then(|import| call(statement.file.text, import, &text, style)) {
            text = call;
            note = note.or(lost);
        }
        if !lines.contains(&text) {
            lines.push(text);
        }
    }
    Rewrite { text: lines.join("\n"), note }
}

/// Returns whether a use is a reference to a method: `Tools::stop`.
fn is_reference(statement: &Statement<'_>, import: &Import<'_>) -> bool {
    let code = statement.code.get(import.span.clone()).unwrap_or_default();
    import.kind != Kind::Dynamic && memchr::memmem::find(code, b"::").is_some()
}

/// Returns a call with another class in its string, and a note on what is lost; `None` if it is broken or long, or if
/// the string names an array.
fn call(text: &[u8], import: &Import<'_>, class: &str, style: Style) -> Option<(String, Option<String>)> {
    let (call, string) = (&import.statement, &import.span);
    let is_whole = import.kind == Kind::Dynamic && call.end > string.end && call.len() <= MAX_CALL_BYTES;
    let old = text.get(string.clone()).filter(|old| is_whole && !old.contains(&b'['))?;
    let part = |from: usize, to: usize| Some(String::from_utf8_lossy(text.get(from..to)?));
    let (before, behind) = (part(call.start, string.start)?, part(string.end, call.end)?);
    if !behind.ends_with(')') {
        return None;
    }
    let class = if style == Style::Kotlin { class.replace('$', "\\$") } else { class.to_owned() };
    let note = has_comment(old).then(|| "the comments within the string are left out".to_owned());
    Some((format!("{before}\"{class}\"{behind}"), note))
}

/// Returns whether a Java file binds a name by another import than `own`, or declares a type of this name.
fn is_taken(statement: &Statement<'_>, own: &Import<'_>, name: &str) -> bool {
    let local = |import: &Import<'_>| match import.name.as_deref() {
        Some(name) => Some(name.to_owned()),
        None => import.module.as_deref()?.rsplit('.').next().map(str::to_owned),
    };
    others(statement, own).any(|import| local(import).as_deref() == Some(name)) || declares(statement.code, name)
}

/// Returns whether a Java file imports a path by another statement than `own`.
fn imports(statement: &Statement<'_>, own: &Import<'_>, path: &str) -> bool {
    others(statement, own).any(|import| match (import.module.as_deref(), import.name.as_deref()) {
        (Some(module), None) => module == path,
        (Some(module), name) => path.strip_prefix(module).and_then(|rest| rest.strip_prefix('.')) == name,
        _ => false,
    })
}

/// Returns the other import statements of a file.
fn others<'s>(statement: &'s Statement<'_>, own: &Import<'_>) -> impl Iterator<Item = &'s Import<'s>> {
    let start = own.statement.start;
    let is_other = move |import: &&Import<'_>| import.statement.start != start;
    statement.of_file.iter().filter(is_other).filter(|import| matches!(import.kind, Kind::Import | Kind::TypeOnly))
}

/// Returns whether code declares a type of a name.
fn declares(code: &[u8], name: &str) -> bool {
    let part = |byte: u8| is_word(byte) || byte == b'$';
    memchr::memmem::find_iter(code, name.as_bytes())
        .any(|at| !part(byte(code, at + name.len())) && is_behind_keyword(code.get(..at).unwrap_or_default()))
}

/// Returns whether a keyword that declares a type, and whitespace, end a text. Looks no further back than these, as a name
/// may be repeated a hundred thousand times in one word.
fn is_behind_keyword(text: &[u8]) -> bool {
    let before = text.trim_ascii_end();
    let ends = |keyword: &[u8]| {
        let rest = before.strip_suffix(keyword);
        rest.is_some_and(|rest| !rest.last().is_some_and(|&byte| is_word(byte) || byte == b'$'))
    };
    before.len() < text.len() && [&b"class"[..], b"interface", b"enum", b"record"].into_iter().any(ends)
}

fn has_comment(text: &[u8]) -> bool {
    [&b"//"[..], b"/*"].iter().any(|sign| memchr::memmem::find(text, sign).is_some())
}

/// Returns the lines of the code that use a name, except imports and members of other expressions.
fn lines_of(statement: &Statement<'_>, name: &str) -> Option<String> {
    let own = statement.imports.first()?.statement.clone();
    let code = Text::new(statement.code);
    let (mut lines, mut seen) = (Vec::new(), 0);
    for at in memchr::memmem::find_iter(statement.code, name.as_bytes()) {
        let part = |byte: u8| is_word(byte) || byte == b'$';
        let before = statement.code.get(..at).unwrap_or_default();
        let whole = !before.last().is_some_and(|&byte| part(byte)) && !part(byte(statement.code, at + name.len()));
        if !whole || own.contains(&at) || before.last() == Some(&b'.') {
            continue;
        }
        let line = code.line_of(at);
        if seen != line {
            seen = line;
            if !code.line(line).trim_ascii_start().starts_with(b"import ") {
                lines.push(line);
            }
        }
    }
    listing::lines(&lines)
}

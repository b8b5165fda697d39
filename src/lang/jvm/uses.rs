//! Uses without an import of their own: fully qualified names, and members of imported names.
//!
//! A single file does not tell which names are packages. A qualified name counts if the file uses its first segment for
//! nothing else: a name on its own is a variable or a type, and obscures a package (Java Language Specification 6.4.2).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::lex::byte;
use crate::lang::{Asked, Form, Import, MAX_IMPORTS, SharedText, shortened};

use super::Style;
use super::chains::{Chain, Reader};
use super::enums;
use super::walk::Walk;

/// Returns the uses in a text that has the `imports`.
pub(in crate::lang) fn uses<'a>(
    text: &[u8],
    style: Style,
    imports: &[Import<'_>],
    asked: Asked<'_>,
) -> Vec<Import<'a>> {
    let code = Walk::blanking(text, style).blanked();
    let locals = Locals::of(imports, style, asked);
    let mut reader = Reader::new(&code, style);
    let mut statements = imports.iter().filter(|row| row.kind != Kind::Dynamic).map(|row| &row.statement).peekable();
    let mut found: Vec<(&str, Import<'a>)> = Vec::new();
    let mut bound: HashSet<&str> = HashSet::new();
    let mut in_clause = false;
    while let Some(chain) = reader.next() {
        // A clause that only hides names has no row.
        in_clause = style == Style::Scala && chain.is_in_clause(in_clause);
        while statements.next_if(|range| range.end <= chain.start).is_some() {}
        let is_statement = statements.peek().is_some_and(|range| range.start <= chain.start);
        if is_statement || in_clause || chain.after.word == b"package" {
            continue;
        }
        let (Some(&first), false) = (chain.segments.first(), chain.is_member(style)) else { continue };
        if matches!(first, "this" | "super" | "package") && byte(&code, chain.start) != b'`' {
            continue;
        }
        let import = locals.0.get(first);
        let asked_for =
            import.is_some_and(Option::is_some) || (import.is_none() && begins(&chain, &code, style, asked));
        if !asked_for {
            continue;
        }
        let binds = if import.is_some() { chain.declares(&code, style) } else { chain.stands_alone(&code) };
        if binds {
            bound.insert(first);
        } else if chain.segments.len() > 1 && found.len() <= MAX_IMPORTS {
            let module = import.copied().flatten().map_or_else(String::new, path_of);
            let rest = if module.is_empty() { chain.segments.as_slice() } else { &chain.segments[1..] };
            let path =
                rest.iter().fold(
                    module,
                    |path, segment| if path.is_empty() { (*segment).to_owned() } else { path + "." + segment },
                );
            found.push((first, row(path, chain.start..chain.end)));
        }
    }
    if !found.is_empty() {
        bound.extend(enums::constants(&code, style));
    }
    found.into_iter().filter(|(first, _)| !bound.contains(first)).map(|(_, row)| row).collect()
}

/// Returns whether a forbidden path could begin with a chain.
fn begins(chain: &Chain<'_>, code: &[u8], style: Style, asked: Asked<'_>) -> bool {
    let path = chain.segments.as_slice();
    match path {
        // The top of all packages.
        ["_root_", path @ ..] if style == Style::Scala => (asked.begins)(path),
        // A method's name tells nothing of the path.
        [path @ .., _] if !path.is_empty() && chain.calls_method(code, style) => {
            (asked.begins)(&path.iter().copied().chain([""]).collect::<Vec<_>>())
        }
        _ => (asked.begins)(path),
    }
}

fn row<'a>(path: String, span: Range<usize>) -> Import<'a> {
    Import {
        kind: Kind::Attribute,
        form: Form::Plain,
        module: Some(SharedText::from(Cow::Owned(path))),
        name: None,
        alias: None,
        level: 0,
        statement: span.clone(),
        span,
    }
}

/// Returns the path that an import binds to a local name.
fn path_of(import: &Import<'_>) -> String {
    let mut path = shortened(import.module.as_deref().unwrap_or_default()).to_owned();
    if let Some(name) = &import.name {
        path.push('.');
        path += shortened(name);
    }
    path
}

/// The import of each local name; `None` if no rule asks for its members.
struct Locals<'i>(HashMap<&'i str, Option<&'i Import<'i>>>);

impl<'i> Locals<'i> {
    fn of(imports: &'i [Import<'i>], style: Style, asked: Asked<'_>) -> Self {
        let mut locals: HashMap<&str, Option<&Import<'_>>> = HashMap::new();
        for (at, import) in imports.iter().enumerate() {
            let binds = matches!(import.kind, Kind::Import | Kind::TypeOnly) && import.name.as_deref() != Some("*");
            let last = || import.module.as_deref().and_then(|module| module.rsplit('.').next());
            let local = import.alias.as_deref().or(import.name.as_deref()).or_else(last);
            let Some(local) = local.filter(|_| binds) else { continue };
            let known = locals.entry(local).or_default();
            let holds = match style {
                Style::Scala => true,
                // All that an import without `static` names is a type.
                Style::Java if import.name.is_none() => true,
                Style::Java | Style::Kotlin => holds_names(local, import.name.is_some()),
            };
            if holds && asked.through.get(at) == Some(&true) {
                known.get_or_insert(import);
            }
        }
        Self(locals)
    }
}

/// Returns whether a name looks like that of a type: members of functions, properties and constants are not paths.
fn holds_names(name: &str, may_be_member: bool) -> bool {
    let constant = name.len() > 1 && may_be_member && !name.contains(char::is_lowercase);
    !name.starts_with(char::is_lowercase) && !constant
}

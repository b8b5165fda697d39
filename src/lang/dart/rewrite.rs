//! Suggested directives: with the quotes of the old one, relative where it was relative.

use crate::lang::backtrack::Budget;
use crate::lang::files::{folder, joined, relative};
use crate::lang::paths::{changed_path, escaped};
use crate::lang::{Change, Rewrite, Statement, Surroundings};
use crate::tree::TreeError;

use super::directive::{Directive, read};
use super::files::{Package, package};

/// The replacement of one name.
struct New {
    /// Index of the URI in the directive.
    uri: usize,
    /// The new URI, with its quotes.
    written: String,
    /// The shown name, old and new.
    name: Option<(String, String)>,
}

/// Rewrites a directive: its URI in place, or one directive for each new library and one for the names that stay.
pub(super) fn rewrite(
    statement: &Statement<'_>,
    changes: &[Change<'_>],
    around: &Surroundings<'_>,
) -> Result<Rewrite, TreeError> {
    let text = statement.file.text;
    let start = statement.imports.first().map_or(0, |import| import.statement.start);
    let Some(directive) = read(text, start, None, &mut Budget::of(text)) else { return Ok(Rewrite::default()) };
    let path = String::from_utf8_lossy(statement.file.path);
    let own = package(&path, around.tree)?;
    let mut replacements = Vec::new();
    for change in changes {
        let Some(import) = statement.imports.get(change.import) else { continue };
        let segments = changed_path(change);
        let Some(uri) = directive.uris.iter().position(|(uri, _)| import.module.as_deref() == Some(uri)) else {
            continue;
        };
        let Some((old, place)) = directive.uris.get(uri) else { continue };
        let quote = if text.get(place.end - 1) == Some(&b'"') { '"' } else { '\'' };
        let (library, name) = match segments.split_last() {
            Some((last, library)) if last.starts_with('#') => (library, last.strip_prefix('#')),
            _ => (segments.as_slice(), None),
        };
        let new = to_write(&path, old, library, own.as_ref());
        let written = format!("{quote}{}{quote}", escaped(&new, if quote == '"' { "\\\"$" } else { "\\'$" }));
        let shown = import.name.as_deref().filter(|&shown| shown != "*");
        let name = shown.map(|shown| (shown.to_owned(), name.unwrap_or(shown).to_owned()));
        replacements.push(New { uri, written, name });
    }
    if replacements.is_empty() {
        return Ok(Rewrite::default());
    }
    let note = renamed(&replacements);
    let text = if moves_whole(&directive, &replacements) {
        in_place(text, &directive, &replacements)
    } else {
        apart(text, &directive, &replacements)
    };
    Ok(Rewrite { text, note })
}

fn renamed(replacements: &[New]) -> Option<String> {
    let names = replacements.iter().filter_map(|new| new.name.as_ref()).filter(|(old, new)| old != new);
    let changes: Vec<_> = names.map(|(old, new)| format!("`{old}` to `{new}`")).collect();
    (!changes.is_empty()).then(|| format!("then change {}", changes.join(", ")))
}

/// Returns whether the URIs can change in place: all shown names move to the same library and keep their names.
fn moves_whole(directive: &Directive<'_>, replacements: &[New]) -> bool {
    let goes_along = |new: &New| {
        let same = replacements.iter().filter(|other| other.uri == new.uri && other.written == new.written);
        same.count() == directive.shown.len() && new.name.as_ref().is_none_or(|(old, name)| old == name)
    };
    directive.shown.is_empty() || replacements.iter().all(goes_along)
}

fn in_place(text: &[u8], directive: &Directive<'_>, replacements: &[New]) -> String {
    let (mut written, mut at) = (Vec::new(), directive.place.start);
    for (number, (_, place)) in directive.uris.iter().enumerate() {
        let Some(new) = replacements.iter().find(|new| new.uri == number) else { continue };
        written.extend_from_slice(text.get(at..place.start).unwrap_or_default());
        written.extend_from_slice(new.written.as_bytes());
        at = place.end;
    }
    written.extend_from_slice(text.get(at..directive.place.end).unwrap_or_default());
    String::from_utf8_lossy(&written).into_owned()
}

fn apart(text: &[u8], directive: &Directive<'_>, replacements: &[New]) -> String {
    let slice =
        |range: std::ops::Range<usize>| String::from_utf8_lossy(text.get(range).unwrap_or_default()).into_owned();
    let first = directive.uris.first().map_or(0..0, |(_, place)| place.clone());
    let keyword = slice(directive.place.start..first.start);
    let prefix = match (&directive.prefix, directive.deferred) {
        (Some(name), true) => format!(" deferred as {}", slice(name.clone())),
        (Some(name), false) => format!(" as {}", slice(name.clone())),
        (None, _) => String::new(),
    };
    let mut lines: Vec<(&str, Vec<&str>)> = Vec::new();
    for new in replacements {
        let Some((_, name)) = &new.name else { continue };
        match lines.iter_mut().find(|(written, _)| *written == new.written) {
            Some((_, names)) if names.contains(&name.as_str()) => {}
            Some((_, names)) => names.push(name),
            None => lines.push((&new.written, vec![name])),
        }
    }
    let mut written: Vec<String> = Vec::new();
    let mut line =
        |uri: &str, names: &[&str]| written.push(format!("{keyword}{uri}{prefix} show {};", names.join(", ")));
    for (uri, names) in &lines {
        line(uri, names);
    }
    let moved = |name: &String| replacements.iter().any(|new| new.name.as_ref().is_some_and(|(old, _)| old == name));
    let stay: Vec<String> =
        directive.shown.iter().map(|name| slice(name.clone())).filter(|name| !moved(name)).collect();
    if !stay.is_empty() {
        let uris = slice(first.start..directive.uris.last().map_or(first.end, |(_, place)| place.end));
        line(&uris, &stay.iter().map(String::as_str).collect::<Vec<_>>());
    }
    written.join("\n")
}

/// Returns the URI of a library: relative if the old one is relative and the file is known.
fn to_write(path: &str, old: &str, new: &[&str], own: Option<&Package>) -> String {
    let written = new.join("/");
    let file = match new.split_first() {
        Some((&".", inner)) => Some(inner.join("/")),
        Some((first, inner)) => own
            .filter(|own| first.strip_prefix("package:") == Some(&own.name))
            .and_then(|own| own.file(&inner.join("/"))),
        None => None,
    };
    let Some(file) = file else { return written };
    let was_relative = !old.contains(':');
    let uri = own.and_then(|own| own.uri(&file));
    match uri {
        Some(uri) if !was_relative => uri,
        // Files outside `lib` refer to files inside it by the package name.
        Some(uri) if own.is_some_and(|own| own.uri(path).is_none()) && joined(folder(path), old).is_none() => uri,
        _ => relative(folder(path), &file.split('/').collect::<Vec<_>>()),
    }
}

//! Shared parts of the languages' notations and rewrites: cutting paths, and changing them in
//! place.

use std::borrow::Cow;

use crate::kind::Kind;
use crate::notation::Names;
use crate::tree::{Tree, TreeError};

use super::{Change, Import, Rewrite, Statement};

/// Cuts a policy's path at `separator`. In every language `#` may precede the last segment, for a
/// name that is taken from a module.
///
/// # Errors
/// Says what is wrong with the path, in words.
pub(super) fn cut(path: &str, separator: &str, names: Names) -> Result<Vec<String>, String> {
    if path.is_empty() {
        return Err("a path is needed".to_owned());
    }
    let (module, name) = match path.split_once('#') {
        Some((module, name)) => (module, Some(name)),
        None => (path, None),
    };
    let mut segments: Vec<String> = module.split(separator).map(str::to_owned).collect();
    match (name, names) {
        (Some(name), Names::Alike) => segments.push(name.to_owned()),
        (Some(name), _) => segments.push(format!("#{name}")),
        (None, _) => {}
    }
    for segment in &segments {
        if segment.is_empty() || segment == "#" {
            return Err(format!("`{path}` has an empty segment: a `{separator}` or `#` too many"));
        }
    }
    if name.is_some_and(|name| name.contains('#') || name.contains(separator)) {
        return Err(format!("`{path}` continues after the name: `#` stands before the last segment"));
    }
    Ok(segments)
}

/// Returns a segment with each star replaced by a letter, to check that the rest can stand in a name.
pub(super) fn starless(segment: &str) -> Cow<'_, str> {
    if segment.contains('*') { Cow::Owned(segment.replace('*', "x")) } else { Cow::Borrowed(segment) }
}

/// Respells a path that was written as one of a file: with `/` or a backslash, and maybe an ending of files. `None` if
/// nothing of it is left.
pub(super) fn respelled(path: &str, endings: &[&str], separator: &str) -> Option<String> {
    let stem = endings.iter().find_map(|ending| path.strip_suffix(ending)?.strip_suffix('.')).unwrap_or(path);
    let segments: Vec<&str> = stem.split(['/', '\\']).filter(|segment| !matches!(*segment, "" | "." | "..")).collect();
    (!segments.is_empty()).then(|| segments.join(separator))
}

/// Joins the segments of a path, as [`cut`] reads them.
pub(super) fn joined(segments: &[&str], separator: &str) -> String {
    let mut path = String::new();
    for segment in segments {
        if !path.is_empty() && !segment.starts_with('#') {
            path += separator;
        }
        path += segment;
    }
    path
}

/// Returns the path that a change writes: the recommended segments, then those after the matched
/// ones.
pub(super) fn changed_path<'c>(change: &'c Change<'_>) -> Vec<&'c str> {
    let kept = change.resolved.get(change.matched..).unwrap_or_default();
    change.instead.iter().chain(kept).map(String::as_str).collect()
}

/// Returns the number of segments by which a use is counted, where types have capitals and modules have none: up to the
/// type behind the `matched` ones, or one more where these end in a type. A path without a type is a function's.
pub(super) fn counted_by_case(path: &[Cow<'_, str>], matched: usize) -> usize {
    let is_type = |segment: &Cow<'_, str>| segment.starts_with(char::is_uppercase);
    let (above, behind) = path.split_at(matched.min(path.len()));
    let more = if above.iter().any(is_type) { Some(0) } else { behind.iter().position(is_type) };
    more.map_or(path.len(), |more| path.len().min(matched + more + 1))
}

/// Returns a text with a backslash before each of these signs.
pub(super) fn escaped(text: &str, signs: &str) -> String {
    text.chars().flat_map(|sign| Some('\\').filter(|_| signs.contains(sign)).into_iter().chain([sign])).collect()
}

/// Rewrites a statement by changing the bytes of each name in place, for languages whose spans are
/// the path itself. `write` returns the new bytes, or `None` if the path cannot be written there.
/// For uses, calls and strings, the rewrite is the path.
pub(super) fn in_place(
    statement: &Statement<'_>,
    changes: &[Change<'_>],
    join: fn(&[&str]) -> String,
    write: impl Fn(&Import<'_>, &[&str]) -> Option<String>,
) -> Rewrite {
    let rows = changes.iter().filter_map(|change| Some((statement.imports.get(change.import)?, changed_path(change))));
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|(import, _)| import.span.start);
    let Some((first, _)) = rows.first() else { return Rewrite::default() };
    if !matches!(first.kind, Kind::Import | Kind::TypeOnly) {
        let paths: Vec<_> = rows.iter().map(|(_, path)| join(path)).collect();
        return Rewrite { text: paths.join("\n"), note: None };
    }
    let whole = first.statement.clone();
    let (mut text, mut at) = (Vec::new(), whole.start);
    for (import, path) in &rows {
        let (Some(before), Some(new)) = (statement.file.text.get(at..import.span.start), write(import, path)) else {
            continue;
        };
        text.extend_from_slice(before);
        text.extend_from_slice(new.as_bytes());
        at = import.span.end;
    }
    text.extend_from_slice(statement.file.text.get(at..whole.end).unwrap_or_default());
    Rewrite { text: String::from_utf8_lossy(&text).into_owned(), note: None }
}

/// Returns the reason why a file of the repository (the first segment of `instead` is `.`) cannot
/// be recommended to the file at `path`. Other paths cannot be looked up.
///
/// # Errors
/// When the tree cannot be read.
pub(super) fn why_file_unavailable(
    path: &[u8],
    instead: &[String],
    tree: &dyn Tree,
) -> Result<Option<String>, TreeError> {
    let [top, segments @ ..] = instead else { return Ok(None) };
    if top != "." {
        return Ok(None);
    }
    let file = segments.join("/");
    Ok(if file.as_bytes() == path {
        Some(format!("this file is `./{file}` itself"))
    } else if tree.is_file(file.as_bytes())? {
        None
    } else {
        Some(format!("`./{file}` does not exist in this tree"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        assert_eq!(cut("@a/b/c", "/", Names::Apart).unwrap(), ["@a", "b", "c"]);
        assert_eq!(cut("lodash#merge", "/", Names::Apart).unwrap(), ["lodash", "#merge"]);
        assert_eq!(cut("a.b#C", ".", Names::Alike).unwrap(), ["a", "b", "C"]);
        assert_eq!(cut("a::*::**", "::", Names::Alike).unwrap(), ["a", "*", "**"]);
        assert_eq!(cut("a#*", ".", Names::Alike).unwrap(), ["a", "*"]);
        assert_eq!(cut("lodash#*", "/", Names::Apart).unwrap(), ["lodash", "#*"]);
        assert_eq!(cut("a/b*/*#_*", "/", Names::Apart).unwrap(), ["a", "b*", "*", "#_*"]);
        assert_eq!(joined(&["lodash", "fp", "#merge"], "/"), "lodash/fp#merge");
    }

    #[test]
    fn uses_are_counted_up_to_a_type() {
        for (path, matched, expected) in [
            ("com.acme.old.io.File.create", 3, "com.acme.old.io.File"),
            ("com.acme.old.io.read", 3, "com.acme.old.io.read"),
            ("com.acme.Old.Inner.go", 3, "com.acme.Old.Inner"),
            ("com.acme.Old", 3, "com.acme.Old"),
            ("com.acme.Old.go.x", 4, "com.acme.Old.go.x"),
            ("com.acme.Old.go.x.y", 4, "com.acme.Old.go.x"),
            ("com.acme.Old.go", 0, "com.acme.Old"),
            ("com.acme", 3, "com.acme"),
        ] {
            let segments: Vec<_> = path.split('.').map(Cow::Borrowed).collect();
            assert_eq!(segments[..counted_by_case(&segments, matched)].join("."), expected, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("a//b", "empty segment"),
            ("a#", "empty segment"),
            ("a#b/c", "continues after the name"),
            ("a#b#c", "continues after the name"),
        ] {
            let error = cut(path, "/", Names::Apart).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}

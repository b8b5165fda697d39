//! Notation of C# paths in a policy: `A.B.C`, a namespace or a type.

use crate::lang::paths;
use crate::notation::{Names, Notation};

use super::identifiers;

/// Notation of dotted names.
pub(super) static NOTATION: Notation =
    Notation { language: "csharp", aliases: &["c#", "cs"], names: Names::Alike, split, join };

fn split(path: &str) -> Result<Vec<String>, String> {
    if path.contains("::") {
        return Err(format!("`{path}` names an assembly; write what follows `::`"));
    }
    if path.contains(['/', '\\']) || path.ends_with(".cs") {
        let name = paths::respelled(path, &["cs"], ".").unwrap_or_else(|| "Acme.Thing".to_owned());
        return Err(format!("`{path}` is a file; write its namespace or a type of it: `{name}`"));
    }
    if path.contains('<') {
        return Err(format!("`{path}` has type arguments; write the name alone"));
    }
    let segments = paths::cut(path, ".", Names::Alike)?;
    segments.into_iter().map(|segment| checked(&segment)).collect()
}

fn checked(segment: &str) -> Result<String, String> {
    if matches!(segment, "*" | "**") {
        return Ok(segment.to_owned());
    }
    let plain = paths::starless(segment);
    if identifiers::end(plain.as_bytes(), 0) != plain.len() {
        return Err(format!("`{segment}` is no C# name"));
    }
    Ok(identifiers::read(segment.as_bytes()).into_owned())
}

pub(super) fn join(segments: &[&str]) -> String {
    segments.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        assert_eq!(split("A.B.C").unwrap(), ["A", "B", "C"]);
        assert_eq!(split("A.*.@class#D").unwrap(), ["A", "*", "class", "D"]);
        assert_eq!(join(&["A", "B"]), "A.B");
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("A..B", "empty segment"),
            ("global::A", "what follows `::`"),
            ("A.B<C>", "type arguments"),
            ("A/B", "`A.B`"),
            ("A\\B.cs", "`A.B`"),
            ("A.1", "no C# name"),
        ] {
            let error = split(path).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}

//! Notation of Swift paths in a policy: `Module`, `Module.Submodule`, `Module.Name`.

use crate::lang::paths::{cut, joined, respelled};
use crate::notation::{Names, Notation};

/// Notation of Swift's dotted names.
pub(super) static NOTATION: Notation = Notation { language: "swift", aliases: &[], names: Names::Alike, split, join };

fn split(path: &str) -> Result<Vec<String>, String> {
    if path.contains('/') || path.ends_with(".swift") {
        let module = respelled(path, &["swift"], ".").unwrap_or_else(|| "Module.Name".to_owned());
        return Err(format!("`{path}` is a file; write its module or a name of it: `{module}`"));
    }
    let segments = cut(path, ".", Names::Alike)?;
    Ok(segments.iter().map(|segment| segment.trim_matches('`').to_owned()).collect())
}

fn join(segments: &[&str]) -> String {
    joined(segments, ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        assert_eq!(split("Foo.Bar").unwrap(), ["Foo", "Bar"]);
        assert_eq!(split("Foo#Bar").unwrap(), ["Foo", "Bar"]);
        assert_eq!(split("Foo.`class`").unwrap(), ["Foo", "class"]);
        assert_eq!(split("Foo.**").unwrap(), ["Foo", "**"]);
        assert_eq!(join(&["Foo", "Bar"]), "Foo.Bar");
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("Sources/Foo", "`Sources.Foo`"),
            ("Foo.swift", "is a file"),
            ("Foo..Bar", "empty segment"),
        ] {
            let error = split(path).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}

//! Notation of Dart paths in a policy: a URI, `package:acme/src/old.dart` or `dart:io`, or a path from the top of the
//! repository, `./lib/src/old.dart`; with `#Name` for a name that the library shows.

use crate::lang::paths::{cut, joined};
use crate::notation::{Names, Notation};

/// Notation of Dart's URIs.
pub(super) static NOTATION: Notation = Notation { language: "dart", aliases: &[], names: Names::Apart, split, join };

fn split(path: &str) -> Result<Vec<String>, String> {
    let segments = cut(path, "/", Names::Apart)?;
    match segments.first().map(String::as_str) {
        Some("." | "*" | "**") => Ok(segments),
        Some(first) if first.contains(':') => Ok(segments),
        _ => Err(format!(
            "`{path}` starts nowhere; write `package:…`, `dart:…`, or from the top of the repository on `./…`"
        )),
    }
}

fn join(segments: &[&str]) -> String {
    joined(segments, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        assert_eq!(split("package:acme/src/old.dart#Old").unwrap(), ["package:acme", "src", "old.dart", "#Old"]);
        assert_eq!(split("package:acme").unwrap(), ["package:acme"]);
        assert_eq!(split("dart:io").unwrap(), ["dart:io"]);
        assert_eq!(split("./lib/**").unwrap(), [".", "lib", "**"]);
        assert_eq!(join(&["package:acme", "old.dart", "#Old"]), "package:acme/old.dart#Old");
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("lib/a.dart", "write `package:…`"),
            ("../a.dart", "starts nowhere"),
            ("./a//b", "empty segment"),
        ] {
            let error = split(path).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}

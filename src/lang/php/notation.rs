//! Notation of PHP paths in a policy: `A\B\C`, or `./lib/x.php` for a file.

use crate::lang::lex::is_word;
use crate::lang::paths;
use crate::notation::{Names, Notation};

/// Notation of names and files.
pub(super) static NOTATION: Notation =
    Notation { language: "php", aliases: &[], names: Names::ApartInFiles, split, join };

fn split(path: &str) -> Result<Vec<String>, String> {
    if let Some(file) = path.strip_prefix("./") {
        let segments = paths::cut(file, "/", Names::Apart)?;
        if segments.iter().any(|segment| segment == "." || segment == "..") {
            return Err(format!("`{path}` is relative; write it from the top of the repository on"));
        }
        return Ok(std::iter::once(".".to_owned()).chain(segments).collect());
    }
    if path.contains('/') {
        let name = paths::respelled(path, &["php"], "\\").unwrap_or_else(|| "Acme\\Thing".to_owned());
        return Err(format!(
            "`{path}` has slashes; write the name `{name}`, or the file `./{}`",
            path.trim_start_matches('/')
        ));
    }
    if path.contains('.') {
        let name = path.strip_suffix(".php").unwrap_or(path).replace('.', "\\");
        return Err(format!("`{path}` is no PHP name; write `{name}`, or the file `./{path}`"));
    }
    if path.contains("::") {
        return Err(format!("`{path}` is a member; write its class"));
    }
    let segments = paths::cut(path.strip_prefix('\\').unwrap_or(path), "\\", Names::Alike)?;
    for segment in &segments {
        let plain = paths::starless(segment);
        let named = plain.bytes().all(is_word) && !plain.starts_with(|first: char| first.is_ascii_digit());
        if !named && !matches!(segment.as_str(), "*" | "**") {
            return Err(format!("`{segment}` is no PHP name"));
        }
    }
    Ok(segments)
}

pub(super) fn join(segments: &[&str]) -> String {
    paths::joined(segments, if segments.first() == Some(&".") { "/" } else { "\\" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        assert_eq!(split("A\\B\\C").unwrap(), ["A", "B", "C"]);
        assert_eq!(split("\\A\\*#f").unwrap(), ["A", "*", "f"]);
        assert_eq!(split("./lib/x.php").unwrap(), [".", "lib", "x.php"]);
        assert_eq!(join(&["A", "B"]), "A\\B");
        assert_eq!(join(&[".", "lib", "x.php"]), "./lib/x.php");
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("A\\\\B", "empty segment"),
            ("lib/x.php", "`./lib/x.php`"),
            ("/lib/x.php", "`./lib/x.php`"),
            ("Acme/Old", "write the name `Acme\\Old`"),
            ("./lib/../x.php", "is relative"),
            ("A\\B::c", "write its class"),
            ("A.B", "write `A\\B`"),
            ("A\\1", "no PHP name"),
        ] {
            let error = split(path).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}

//! Notation of Rust paths in a policy: `crate::a::B`, `std::process`, with `*` and `**` for
//! segments.

use crate::lang::paths;
use crate::notation::{Names, Notation};

use super::bytes::{identifier, word_end};

/// Notation of Rust's paths.
pub(super) static NOTATION: Notation = Notation { language: "rust", aliases: &[], names: Names::Alike, split, join };

fn split(path: &str) -> Result<Vec<String>, String> {
    if path.is_empty() {
        return Err("a path is needed, such as `crate::module` or `serde::Deserialize`".to_owned());
    }
    if path.contains('/') || path.ends_with(".rs") {
        let module = paths::respelled(path, &["rs"], "::").unwrap_or_else(|| "crate::a::b".to_owned());
        let module = module.strip_suffix("::mod").unwrap_or(&module);
        let module = match module.strip_prefix("src::") {
            Some(own) => format!("crate::{own}"),
            None => module.to_owned(),
        };
        return Err(format!("`{path}` is a file; write its module: `{module}`"));
    }
    if path.contains('.') {
        return Err(format!("`{path}` is no Rust path: write `{}`", path.replace('.', "::")));
    }
    // `r#` belongs to a name, but makes no other name of it.
    let plain = path.trim_start_matches("::").replace("::r#", "::").replace("#r#", "#");
    let segments = paths::cut(plain.strip_prefix("r#").unwrap_or(&plain), "::", Names::Alike)?;
    let checked: Vec<_> = segments.into_iter().map(|segment| checked(path, segment)).collect::<Result<_, _>>()?;
    match checked.first().map(String::as_str) {
        Some("self" | "super") => Err(format!("`{path}` is relative; write it from `crate` on")),
        _ => Ok(checked),
    }
}

fn checked(path: &str, segment: String) -> Result<String, String> {
    if matches!(segment.as_str(), "*" | "**") {
        return Ok(segment);
    }
    let plain = paths::starless(&segment);
    let bytes = plain.as_bytes();
    if word_end(bytes, 0) == bytes.len() && !bytes.first().is_some_and(u8::is_ascii_digit) {
        return Ok(identifier(segment.as_bytes()).into_owned());
    }
    Err(if segment == "$crate" {
        format!("`{path}` is for macros; write `crate`")
    } else if segment.contains(':') {
        format!("`{segment}` is no Rust name: two colons stand between segments")
    } else if segment.contains('-') {
        format!("`{segment}` is no Rust name: a crate is written `{}` in code", segment.replace('-', "_"))
    } else {
        format!("`{segment}` is no Rust name")
    })
}

fn join(segments: &[&str]) -> String {
    paths::joined(segments, "::")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        assert_eq!(split("crate::a::B").unwrap(), ["crate", "a", "B"]);
        assert_eq!(split("::std::process#exit").unwrap(), ["std", "process", "exit"]);
        assert_eq!(split("r#type::r#fn#r#use").unwrap(), ["type", "fn", "use"]);
        assert_eq!(split("a::*::**").unwrap(), ["a", "*", "**"]);
        assert_eq!(split("caf\u{65}\u{301}").unwrap(), ["caf\u{e9}"]);
        assert_eq!(join(&["crate", "a"]), "crate::a");
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("src/git/mod.rs", "`crate::git`"),
            ("serde/de", "`serde::de`"),
            ("git.rs", "is a file"),
            ("a.b", "write `a::b`"),
            ("a::", "empty segment"),
            ("a::::b", "empty segment"),
            ("a:b", "two colons"),
            ("a#b::c", "continues after the name"),
            ("self::a", "from `crate` on"),
            ("super::a", "from `crate` on"),
            ("$crate::a", "write `crate`"),
            ("my-crate::a", "written `my_crate`"),
            ("a b", "no Rust name"),
            ("1a", "no Rust name"),
        ] {
            let error = split(path).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}

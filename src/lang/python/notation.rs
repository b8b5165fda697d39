//! Notation of Python paths in a policy: `a.b.C` or `a.b#C`, with `*` and `**` for segments.

use crate::lang::paths::{respelled, starless};
use crate::notation::{Names, Notation};

use super::bytes::{identifier, is_identifier};

/// The notation of Python's dotted names.
pub(super) static NOTATION: Notation = Notation { language: "python", aliases: &[], names: Names::Alike, split, join };

fn split(path: &str) -> Result<Vec<String>, String> {
    if path.is_empty() {
        return Err("a path is needed, such as `package.module`".to_owned());
    }
    if path.contains(['/', '\\']) || path.ends_with(".py") || path.ends_with(".pyi") {
        let module = respelled(path, &["py", "pyi"], ".").map(|module| match module.strip_suffix(".__init__") {
            Some(package) => package.to_owned(),
            None => module,
        });
        let module = module.unwrap_or_else(|| "package.module".to_owned());
        return Err(format!("`{path}` is a file; write its module: `{module}`"));
    }
    if path.contains("::") {
        return Err(format!("`{path}` is no Python path: write `{}`", path.replace("::", ".")));
    }
    if path.starts_with('.') {
        return Err(format!("`{path}` is relative; write it from the top package on"));
    }
    let (module, name) = path.split_once('#').map_or((path, None), |(module, name)| (module, Some(name)));
    if name.is_some_and(|name| name.contains(['#', '.'])) {
        return Err(format!("`{path}` continues after the name: `#` stands before the last segment"));
    }
    module.split('.').chain(name).map(|segment| checked(path, segment)).collect()
}

fn checked(path: &str, segment: &str) -> Result<String, String> {
    let is_plain = segment.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphabetic()) && !segment.is_empty();
    if is_plain || matches!(segment, "*" | "**") {
        return Ok(segment.to_owned());
    }
    let name = identifier(segment.as_bytes());
    if is_identifier(&starless(&name)) {
        return Ok(name.into_owned());
    }
    Err(if segment.is_empty() {
        format!("`{path}` has an empty segment: a dot too many")
    } else if segment.contains(':') {
        format!("`{segment}` is no Python name: write `{}`", path.replace(':', "."))
    } else {
        format!("`{segment}` is no Python name")
    })
}

fn join(segments: &[&str]) -> String {
    segments.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        assert_eq!(split("a.b_1.C").unwrap(), ["a", "b_1", "C"]);
        assert_eq!(split("a.*.**").unwrap(), ["a", "*", "**"]);
        assert_eq!(split("ｏｓ.path").unwrap(), ["os", "path"]);
        assert_eq!(split("a.b#C").unwrap(), ["a", "b", "C"]);
        assert_eq!(join(&["a", "b"]), "a.b");
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("a/b.py", "write its module: `a.b`"),
            ("./app/core/manager", "`app.core.manager`"),
            ("app\\core\\__init__.py", "`app.core`"),
            ("app::core", "write `app.core`"),
            (".a", "is relative"),
            ("a..b", "empty segment"),
            ("a.", "empty segment"),
            ("a.b:C", "write `a.b.C`"),
            ("a.b-c", "no Python name"),
            ("a. b", "no Python name"),
            ("1a", "no Python name"),
            ("a#b.c", "continues after the name"),
            ("a#b#c", "continues after the name"),
            ("a#", "empty segment"),
        ] {
            let error = split(path).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}

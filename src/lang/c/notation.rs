//! Notation of C paths in a policy: `legacy/old.h`, `./src/legacy/old.h`, or a module name.

use crate::lang::paths;
use crate::notation::{Names, Notation};

/// Notation of headers and modules.
pub(super) static NOTATION: Notation =
    Notation { language: "c", aliases: &["c++", "cpp", "objective-c"], names: Names::Apart, split, join };

fn split(path: &str) -> Result<Vec<String>, String> {
    if path.contains(['<', '>', '"']) {
        return Err(format!("`{path}` has the signs of an include; write what stands between them"));
    }
    if path.contains('\\') {
        return Err(format!("`{path}` has backslashes; write `{}`", path.replace('\\', "/")));
    }
    if path.starts_with('/') {
        return Err(format!("`{path}` starts at no folder that all share; a path of the repository starts with `./`"));
    }
    let segments = paths::cut(path, "/", Names::Apart)?;
    if segments.len() == 1 && segments.first().is_some_and(|only| only == ".") {
        return Err("`.` is the whole repository; write what is in it".to_owned());
    }
    let climbs = |segment: &String| matches!(segment.as_str(), "." | "..");
    if segments.iter().skip(1).any(climbs) || segments.first().is_some_and(|first| first == "..") {
        return Err(format!("`{path}` is relative; write it from the top of the repository on, such as `./src/old.h`"));
    }
    Ok(segments)
}

/// Joins segments. The parts of a module name after the first keep their separator: `a`, `.b`, `:c`.
pub(super) fn join(segments: &[&str]) -> String {
    match segments {
        [first, rest @ ..]
            if *first != "." && !rest.is_empty() && rest.iter().all(|part| part.starts_with(['.', ':'])) =>
        {
            segments.concat()
        }
        _ => paths::joined(segments, "/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        assert_eq!(split("legacy/old.h").unwrap(), ["legacy", "old.h"]);
        assert_eq!(split("./src/*/old.h").unwrap(), [".", "src", "*", "old.h"]);
        assert_eq!(split("foo.bar:part").unwrap(), ["foo.bar:part"]);
        assert_eq!(split("a.h#B").unwrap(), ["a.h", "#B"]);
        assert_eq!(join(&[".", "src", "old.h"]), "./src/old.h");
        assert_eq!(join(&["foo", ".bar", ":part"]), "foo.bar:part");
        assert_eq!(join(&["a", ".config", "x.h"]), "a/.config/x.h");
        assert_eq!(join(&[".", ".config"]), "./.config");
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("<a.h>", "between them"),
            ("a\\b.h", "write `a/b.h`"),
            ("/usr/include", "starts with `./`"),
            ("../a.h", "is relative"),
            ("./a/../b.h", "is relative"),
            (".", "the whole repository"),
            ("a//b", "empty segment"),
        ] {
            let error = split(path).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}

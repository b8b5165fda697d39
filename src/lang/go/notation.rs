//! Notation of Go paths in a policy: `github.com/acme/old`, `./internal/old` from the top of the
//! repository, and `path#Name` for a name of the package.

use crate::lang::paths::{cut, joined};
use crate::notation::{Names, Notation};

/// Notation of Go's import paths.
pub(super) static NOTATION: Notation =
    Notation { language: "go", aliases: &["golang"], names: Names::Apart, split, join };

fn split(path: &str) -> Result<Vec<String>, String> {
    if path.is_empty() {
        return Err("a path is needed, such as `github.com/acme/old` or `./internal/old`".to_owned());
    }
    if let Some(package) = path.strip_suffix("/...") {
        return Err(format!("write `{package}`: a path means everything beneath, too"));
    }
    let file = path.strip_suffix(".go").filter(|_| path.contains('/') && !path.contains('#'));
    if let Some((folder, _)) = file.and_then(|file| file.rsplit_once('/')).filter(|_| path.starts_with("./")) {
        return Err(format!("`{path}` is a file; write the folder of its package, such as `{folder}`"));
    }
    if path.starts_with("../") || path == ".." {
        return Err(format!("`{path}` leads out of the repository; `./` starts at its top"));
    }
    if let Some((module, _)) = path.split_once('@') {
        return Err(format!("`{path}` names a version; imports do not: write `{module}`"));
    }
    if let Some(sign) = path.chars().find(|&sign| sign.is_whitespace() || "!\"$%&'(),:;<=>?[]\\^`{|}".contains(sign)) {
        return Err(format!("`{path}` is no import path: `{sign}` cannot stand in one"));
    }
    cut(path, "/", Names::Apart)
}

fn join(segments: &[&str]) -> String {
    joined(segments, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        assert_eq!(split("x.org/a/v2").unwrap(), ["x.org", "a", "v2"]);
        assert_eq!(split("./internal/old").unwrap(), [".", "internal", "old"]);
        assert_eq!(split("x.org/a#Func").unwrap(), ["x.org", "a", "#Func"]);
        assert_eq!(split("x.org/**/old#*").unwrap(), ["x.org", "**", "old", "#*"]);
        assert_eq!(split("github.com/nats-io/nats.go").unwrap(), ["github.com", "nats-io", "nats.go"]);
        assert_eq!(join(&[".", "a", "#F"]), "./a#F");
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("x.org/...", "write `x.org`"),
            ("./a/b.go", "such as `./a`"),
            ("../a", "leads out"),
            ("x.org/a@v1.2.3", "write `x.org/a`"),
            ("x.org\\a", "cannot stand"),
            ("/a", "empty segment"),
            ("./", "empty segment"),
            ("a#b#c", "continues after the name"),
        ] {
            let error = split(path).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}

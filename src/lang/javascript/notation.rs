//! Notation of JavaScript paths in a policy: `lodash/fp`, `@acme/**`, `./src/legacy/x`, and
//! `lodash#merge` for a name.

use crate::lang::paths;
use crate::notation::{Names, Notation};

use super::resolve::builtins::is_builtin;
use super::resolve::specifier::{in_package, in_repository, of_scheme, package_length, scheme, stem};

/// Notation of packages, repository paths and names taken from them.
pub(super) static NOTATION: Notation = Notation {
    language: "javascript",
    aliases: &["typescript"],
    names: Names::Apart,
    split,
    join: |segments| paths::joined(segments, "/"),
};

fn split(path: &str) -> Result<Vec<String>, String> {
    if path.is_empty() {
        return Err("a path is needed, such as `lodash`, `@acme/core` or `./src/legacy`".to_owned());
    }
    if path.contains('\\') {
        return Err(format!("`{path}` has a backslash; write `/`"));
    }
    if path.contains("::") {
        return Err(format!("`{path}` is no module; write `{}`", path.replace("::", "/")));
    }
    if path.starts_with("..") {
        return Err(format!("`{path}` is relative; write it from the top of the repository on: `./src/legacy`"));
    }
    if path.starts_with('/') {
        return Err(format!("`{path}` starts at no folder of the repository; write `.{path}`"));
    }
    if path.starts_with('#') {
        return Err(format!(
            "`{path}` has no module; write the file that it means in package.json, such as `./src/x`, or `lodash#merge`"
        ));
    }
    let (module, _) = path.split_once('#').unwrap_or((path, ""));
    if module == "." || module == "./" {
        return Err("`.` is every file of the repository; write `./**`, or `./index` for the file".to_owned());
    }
    if let Some(end) = module.strip_suffix('/') {
        return Err(format!("`{path}` ends in `/`; `{end}` means it and everything beneath"));
    }
    if let Some(segments) = of_url(path)? {
        return Ok(segments);
    }
    if path.strip_prefix("node:").is_some_and(|rest| first(rest).contains('*')) {
        return Err(
            "the modules of Node.js are named without `node:`; name each that is meant, such as `fs`".to_owned()
        );
    }
    let path = path.strip_prefix("node:").filter(|rest| is_builtin(first(rest))).unwrap_or(path);
    let segments = paths::cut(path, "/", Names::Apart)?;
    checked(path, segments)
}

fn first(path: &str) -> &str {
    path.split(['/', '#']).next().unwrap_or(path)
}

/// Splits a URL (`https://host/x`), whose two slashes separate nothing; `None` if it is none.
fn of_url(path: &str) -> Result<Option<Vec<String>>, String> {
    let Some((host, _)) =
        path.split_once("://").filter(|(scheme_part, _)| scheme(&format!("{scheme_part}:")).is_some())
    else {
        return Ok(None);
    };
    let (_, rest) = path.split_at(host.len() + 3);
    let mut segments = paths::cut(rest, "/", Names::Apart)?;
    if let Some(first) = segments.first_mut() {
        *first = of_scheme(&format!("{host}://{first}")).concat();
    }
    Ok(Some(segments))
}

/// Rejects a path that no import resolves to; the error names the one it would resolve to.
fn checked(path: &str, segments: Vec<String>) -> Result<Vec<String>, String> {
    let inner = segments.get(1..).unwrap_or_default();
    if inner.iter().any(|segment| matches!(segment.as_str(), "." | "..")) {
        return Err(format!("`{path}` has a `.` within; write the path that it leads to"));
    }
    let end = segments.iter().rposition(|segment| !segment.starts_with('#')).map_or(0, |at| at + 1);
    let module = segments.get(..end).unwrap_or_default();
    let named = if module.first().is_some_and(|first| first == ".") { 1 } else { package_length(module) };
    let Some(last) = module.get(named..).and_then(|rest| rest.last()) else { return Ok(segments) };
    let short = || {
        let is_top = module.first().is_some_and(|first| first == ".");
        let mut short = if is_top {
            in_repository(module.get(1..).unwrap_or_default().to_vec())
        } else {
            in_package(module.to_vec())
        };
        short.extend(segments.get(end..).unwrap_or_default().iter().cloned());
        paths::joined(&short.iter().map(String::as_str).collect::<Vec<_>>(), "/")
    };
    let is_top = module.first().is_some_and(|first| first == ".") && module.len() == 2;
    if stem(last) == "index" && !is_top {
        let folder = short();
        return Err(format!(
            "an index is named by its folder: `{folder}` is the index and all beneath it, `{folder}/*` what is beneath \
             it alone, so that a rule that forbids this leaves the index free"
        ));
    }
    if stem(last) != last {
        return Err(format!("`{path}` has the ending of a file; write `{}`", short()));
    }
    Ok(segments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        for (path, expected) in [
            ("lodash", &["lodash"][..]),
            ("lodash/fp", &["lodash", "fp"]),
            ("@acme/**", &["@acme", "**"]),
            ("@acme/core/x", &["@acme", "core", "x"]),
            ("@/core/*", &["@", "core", "*"]),
            ("./src/legacy/**", &[".", "src", "legacy", "**"]),
            ("./**", &[".", "**"]),
            ("./index", &[".", "index"]),
            ("./src/Old.vue", &[".", "src", "Old.vue"]),
            ("lodash#merge", &["lodash", "#merge"]),
            ("./src/a#X", &[".", "src", "a", "#X"]),
            ("lodash#default", &["lodash", "#default"]),
            ("lodash#*", &["lodash", "#*"]),
            ("highlight.js", &["highlight.js"]),
            ("@a/b.js", &["@a", "b.js"]),
            ("index", &["index"]),
            ("node:fs", &["fs"]),
            ("node:fs#readFile", &["fs", "#readFile"]),
            ("node:fs/promises", &["fs", "promises"]),
            ("node:test", &["node:test"]),
            ("https://deno.land/std/**", &["https://deno.land", "std", "**"]),
            ("npm:lodash", &["npm:lodash"]),
        ] {
            let segments = split(path).unwrap();
            assert_eq!(segments, expected, "{path}");
            let again = (NOTATION.join)(expected);
            assert_eq!(split(&again).unwrap(), expected, "{path} as {again}");
        }
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("../x", "from the top of the repository"),
            ("..", "from the top of the repository"),
            ("/src/x", "write `./src/x`"),
            ("#internal/x", "package.json"),
            ("#default", "has no module"),
            (".", "write `./**`"),
            ("./", "write `./**`"),
            ("./src/", "`./src` means it"),
            ("src\\x", "write `/`"),
            ("acme::old", "write `acme/old`"),
            ("./src/x.ts", "write `./src/x`"),
            ("./src/x.d.ts", "write `./src/x`"),
            ("./src/x.js#Y", "write `./src/x#Y`"),
            ("./index.ts", "write `./index`"),
            ("lodash/fp.js", "write `lodash/fp`"),
            ("./src/index", "named by its folder: `./src` is the index"),
            ("./src/index.js", "`./src/*` what is beneath"),
            ("lodash/index", "named by its folder: `lodash` is"),
            ("./src/../x", "a `.` within"),
            ("./src//x", "empty segment"),
            ("./src/*.ts", "write `./src/*`"),
            ("lodash#", "empty segment"),
            ("lodash#a/b", "continues after the name"),
            ("node:*", "name each"),
            ("node:child_*#exec", "name each"),
        ] {
            let error = split(path).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}

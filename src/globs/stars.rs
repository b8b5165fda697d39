//! Globs of `*`, `?` and `**` alone. They are matched as they are written: of a policy's thousand globs a hook asks most
//! for one path, and compiling one takes as long as matching it a hundred times.
//!
//! The meaning is globset's: `?` is one byte, `**` between two slashes any number of folders, at the end at least one name,
//! and next to other characters the same as `*`.

/// Returns whether a glob has no sign that only an engine knows.
pub(super) fn is_simple(glob: &str) -> bool {
    !glob.contains(['[', ']', '{', '}', '\\'])
}

/// Returns whether the glob matches the path; where `beneath`, also whether it matches a folder above.
pub(super) fn matches(glob: &str, path: &[u8], beneath: bool) -> bool {
    let (mut glob, mut path) = (Some(glob.as_bytes()), Some(path));
    // What follows the last `**`, and where it was tried: after a mismatch, the `**` takes one folder more. Those before it
    // took as few as they could, which leaves the most.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        let next = match (glob, path) {
            (None, rest) if beneath || rest.is_none() => return true,
            (None, _) => None,
            (Some(rest), path) => match component(rest) {
                (b"**", after) => {
                    let (Some(after), Some(from)) = (after, path) else { return path.is_some() };
                    retry = Some((after, from));
                    glob = Some(after);
                    continue;
                }
                (part, after) => {
                    let name = path.map(component).filter(|(name, _)| matches_name(part, name));
                    name.map(|(_, path)| (after, path))
                }
            },
        };
        (glob, path) = match next {
            Some(next) => next,
            None => {
                let Some((after, Some(from))) = retry.map(|(after, from)| (after, component(from).1)) else {
                    return false;
                };
                retry = Some((after, from));
                (Some(after), Some(from))
            }
        };
    }
}

/// Splits off the first component; `None` is the rest behind the last.
fn component(path: &[u8]) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(b'/', path) {
        Some(at) => (&path[..at], path.get(at + 1..)),
        None => (path, None),
    }
}

/// Matches one component, where `**` is `*`.
fn matches_name(part: &[u8], name: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    // Behind the last star, and what it has taken.
    let mut retry = None;
    loop {
        match (part.get(at), name.get(from)) {
            (Some(b'*'), _) => {
                at += 1;
                retry = Some((at, from));
            }
            (Some(b'?'), Some(_)) => (at, from) = (at + 1, from + 1),
            (Some(one), Some(other)) if one == other => (at, from) = (at + 1, from + 1),
            (None, None) => return true,
            _ => {
                let Some((after, start)) = retry.filter(|&(_, start)| start < name.len()) else { return false };
                retry = Some((after, start + 1));
                (at, from) = (after, start + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use globset::GlobMatcher;
    use proptest::prelude::*;

    use super::super::{built, folders};
    use super::*;

    fn engine(glob: &str) -> GlobMatcher {
        built(glob).unwrap_or_else(|bad| panic!("{glob}: {}", bad.message)).compile_matcher()
    }

    fn is_match(engine: &GlobMatcher, path: &[u8]) -> bool {
        engine.is_match_candidate(&globset::Candidate::from_bytes(path))
    }

    /// The engine's word on a path, and on the path and the folders above it.
    fn expected(glob: &str, path: &[u8]) -> (bool, bool) {
        let engine = engine(glob);
        let beneath = folders(path).skip(1).chain([path]).any(|prefix| is_match(&engine, prefix));
        (is_match(&engine, path), beneath)
    }

    #[test]
    fn stars_mean_what_the_engine_makes_of_them() {
        let globs = [
            "*",
            "**",
            "**/**",
            "**/*",
            "*/**",
            "a/**",
            "a/**/**",
            "a/**/**/b",
            "**/a",
            "**/a/**",
            "**/a/**/b",
            "a*",
            "*a",
            "a**",
            "**a",
            "***",
            "a/***",
            "a/**b/c",
            "?",
            "a?",
            "??/?",
            "**/*.py",
            "**/a*b*c",
            "a/*/b",
            "*/a/**/b/*",
            "**/*/a",
            "**/?/**/b",
            "a/**/a/**/a",
            "**/ab/**/*b*/a",
            "é*",
            "**/??",
            "a b/*",
            "a,b/*",
            "!/*",
            "a/**/",
            "*/*/*",
            "**/b/a/b",
            "a-*/^$.()+|",
        ];
        let paths = [
            "",
            "a",
            "b",
            "ab",
            "a/b",
            "a/a",
            "b/a",
            "a/b/a",
            "a/b/a/b",
            "a/b/c/a/b/c",
            "a/x/b",
            "a.py",
            "a/b.py",
            "aXbYc",
            "x/abc",
            "a/aab/c",
            "é",
            "aé",
            "a/é/b",
            "a b/c",
            "a,b/c",
            "!/x",
            "a\n/b",
            "a/b\n",
            "a/ab/x/abba/a",
            "b/a/b/a/b",
            "a-x/^$.()+|",
            "a/.b",
            ".a/b",
            "**",
            "a/**/b",
        ];
        for glob in globs {
            let glob = glob.strip_suffix('/').unwrap_or(glob);
            for path in paths.iter().map(|path| path.as_bytes()).chain([&b"a/\xff/b"[..], b"\xe9"]) {
                let found = (matches(glob, path, false), matches(glob, path, true));
                assert_eq!(found, expected(glob, path), "{glob} on {}", String::from_utf8_lossy(path));
            }
        }
    }

    #[test]
    fn long_paths_take_linear_steps() {
        let path = "a/".repeat(50_000) + "x.ts";
        assert!(!matches("**/a/**/b*/c", path.as_bytes(), true));
        assert!(!matches("*a*a*b", "a".repeat(100_000).as_bytes(), true));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn a_simple_glob_is_the_engines(
            glob in prop::collection::vec("\\*\\*|\\*|[ab*?]{1,4}|a|b", 1..6),
            path in prop::collection::vec("[ab]{1,3}|é", 0..6),
        ) {
            let (glob, path) = (glob.join("/"), path.join("/"));
            let found = (matches(&glob, path.as_bytes(), false), matches(&glob, path.as_bytes(), true));
            prop_assert_eq!(found, expected(&glob, path.as_bytes()), "{} on {}", glob, path);
        }
    }
}

//! Globs with classes, choices or escapes, which globset compiles: on demand, and only for a path that has the characters
//! that they write out.

use std::ops::Range;
use std::sync::OnceLock;

use globset::{Candidate, Glob, GlobMatcher};
use memchr::memmem;

/// A glob and its engine.
#[derive(Clone, Debug)]
pub(super) struct Engine {
    glob: Glob,
    /// Length of the part before the first special sign, with which each matched path begins.
    prefix_bytes: usize,
    /// Place in the glob of the longest text that each matched path contains.
    needle: Range<usize>,
    matcher: OnceLock<GlobMatcher>,
}

impl Engine {
    pub(super) fn new(glob: Glob) -> Self {
        let text = glob.glob();
        let prefix_bytes = text.find(SPECIAL).unwrap_or(text.len());
        let needle = needle(text);
        Self { prefix_bytes, needle, glob, matcher: OnceLock::new() }
    }

    pub(super) fn text(&self) -> &str {
        self.glob.glob()
    }

    /// Returns whether the glob could match the path or a folder above it.
    pub(super) fn may_match(&self, path: &[u8]) -> bool {
        let text = self.text().as_bytes();
        let needle = text.get(self.needle.clone()).unwrap_or_default();
        path.starts_with(text.get(..self.prefix_bytes).unwrap_or_default()) && memmem::find(path, needle).is_some()
    }

    /// Returns whether the glob matches the path itself.
    pub(super) fn is_match(&self, path: &[u8]) -> bool {
        let matcher = self.matcher.get_or_init(|| self.glob.compile_matcher());
        matcher.is_match_candidate(&Candidate::from_bytes(path))
    }
}

/// Signs that do not stand for themselves, or may not.
const SPECIAL: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

/// Returns the place of the longest text that each match contains: before the first class, choice or escape, or behind the
/// last, where nothing is open. A slash at its ends does not count, because a `**` beside it may stand for it.
fn needle(glob: &str) -> Range<usize> {
    let first = glob.find(['[', ']', '{', '}', '\\']).unwrap_or(glob.len());
    let last = glob.rfind([']', '}']).filter(|_| !glob.contains('\\')).map_or(glob.len(), |at| at + 1);
    let mut longest = 0..0;
    for part in [0..first, last.max(first)..glob.len()] {
        let mut start = part.start;
        for piece in glob.get(part).unwrap_or_default().split(['*', '?']) {
            let trimmed = piece.trim_matches('/');
            if trimmed.len() > longest.len() {
                let at = start + piece.len() - piece.trim_start_matches('/').len();
                longest = at..at + trimmed.len();
            }
            start += piece.len() + 1;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{built, folders};
    use super::*;

    fn engine(glob: &str) -> Option<Engine> {
        built(glob).ok().map(Engine::new)
    }

    #[test]
    fn what_a_glob_writes_out_is_looked_for() {
        for (glob, expected) in [
            ("src/team_1/**/*.{ts,tsx}", "src/team_1"),
            ("**/team_1/*.{ts,tsx}", "team_1"),
            ("**/{a,b}/team_1/*", "team_1"),
            ("{a,b}/**/x", "x"),
            ("[ab]/lib/[cd]/generated", "generated"),
            (r"app/\[slug\]/generated", "app"),
            (r"\[slug\]", ""),
            ("{a,b}", ""),
            ("{a,{b,c}d}e", "e"),
            ("[]a]b", "b"),
            ("[!]a}]b", "b"),
            ("a[{]bcd", "bcd"),
        ] {
            assert_eq!(&glob[needle(glob)], expected, "{glob}");
        }
    }

    #[test]
    fn the_largest_globs_do_compile() {
        for part in ["[!a]?*{b,c}", "[à-ü]", "[a-z0-9A-Z_]", "{,é}", "**/[é-一]", "{**/[!a-y],b*}"] {
            let glob = part.repeat(super::super::MAX_GLOB_BYTES / part.len());
            if let Some(engine) = engine(&glob) {
                assert!(!engine.is_match(b"x/y"), "{part}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn whatever_is_accepted_compiles(glob in prop::collection::vec(r"[\[\]{}\\,!*?/-]|[a-é]|.", 1..40), times in 1..25_usize) {
            let glob = glob.concat().repeat(times);
            if let Some(engine) = engine(&glob).filter(|_| glob.len() <= super::super::MAX_GLOB_BYTES) {
                engine.is_match(b"x/y");
            }
        }

        #[test]
        fn no_match_is_ruled_out(
            glob in prop::collection::vec(r"\*\*|[ab]{1,3}|\*|\?|/|/|/|\[[!]?[\]]?[ab}{]{1,2}\]|\{[ab/*]{0,2},[ab*]{0,3}(\{a,b\})?\}|\\[a{\[*]", 1..9),
            path in prop::collection::vec("[ab]{1,3}|[{}*\\]\\[]", 1..6),
        ) {
            let (glob, path) = (glob.concat(), path.join("/"));
            if let Some(engine) = engine(&glob) {
                let path = path.as_bytes();
                let matches = folders(path).skip(1).chain([path]).any(|prefix| engine.is_match(prefix));
                prop_assert!(engine.may_match(path) || !matches, "{} on {}", glob, String::from_utf8_lossy(path));
            }
        }
    }
}

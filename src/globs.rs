//! Globs of files: `*` never crosses `/`, and a path means everything beneath it.
//!
//! Most globs are plain folders, which a string comparison decides. The others are compiled into one set on first use,
//! because every hook is a new process.

mod captures;

use std::collections::HashMap;
use std::sync::OnceLock;

use globset::{Candidate, Glob, GlobBuilder, GlobSet};

pub(crate) use captures::{CAPTURE_NAME, CaptureGlob, captures, no_capture, whole_capture};

/// Total size of globs up to which the set is known to compile. Above it, the set is compiled while the policy is read,
/// so that an error is reported there.
const UNCHECKED_BYTES: usize = 16 << 10;
const MAX_GLOB_BYTES: usize = 1000;
/// Maximum total size of all globs that are not literal; room for a few thousand.
const MAX_TOTAL_BYTES: usize = 128 << 10;

/// Index of a glob in [`Globs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GlobId(usize);

/// All globs of a file, deduplicated by text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Globs {
    texts: Vec<String>,
    /// Position of each glob in the compiled set; `None` for a literal one.
    places: Vec<Option<usize>>,
    known: HashMap<String, GlobId>,
    compiled: Vec<Glob>,
    bytes: usize,
    set: OnceLock<GlobSet>,
}

/// Error in a glob, with a hint.
pub(crate) struct BadGlob {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Globs {
    /// Adds a glob as written in the file.
    pub(crate) fn add(&mut self, written: &str) -> Result<GlobId, BadGlob> {
        check(written)?;
        let text = written.strip_suffix('/').unwrap_or(written);
        if let Some(&id) = self.known.get(text) {
            return Ok(id);
        }
        let mut place = None;
        if !is_literal(text) {
            let glob = built(text)?;
            self.bytes += text.len();
            if self.bytes > MAX_TOTAL_BYTES {
                return Err(BadGlob { message: "the globs are too large together".to_owned(), hint: None });
            }
            place = Some(self.compiled.len());
            self.compiled.push(glob);
        }
        let id = GlobId(self.texts.len());
        self.texts.push(text.to_owned());
        self.places.push(place);
        self.known.insert(text.to_owned(), id);
        Ok(id)
    }

    /// Checks that all globs compile together.
    pub(crate) fn check_size(&self) -> Result<(), BadGlob> {
        if self.bytes <= UNCHECKED_BYTES {
            return Ok(());
        }
        match GlobSet::new(&self.compiled) {
            Ok(set) => {
                self.set.get_or_init(|| set);
                Ok(())
            }
            Err(error) => Err(BadGlob { message: format!("the globs are too large together: {error}"), hint: None }),
        }
    }

    pub(crate) fn text(&self, id: GlobId) -> &str {
        self.texts.get(id.0).map_or("", String::as_str)
    }

    pub(crate) fn is_literal(&self, id: GlobId) -> bool {
        self.place(id).is_none()
    }

    /// Returns whether the glob matches this path itself, not only a folder above it.
    pub(crate) fn is_exactly(&self, id: GlobId, path: &[u8]) -> bool {
        match self.place(id) {
            None => self.text(id).as_bytes() == path,
            Some(place) => self.set().matches_candidate(&Candidate::from_bytes(path)).contains(&place),
        }
    }

    fn place(&self, id: GlobId) -> Option<usize> {
        self.places.get(id.0).copied().flatten()
    }

    fn set(&self) -> &GlobSet {
        // `check_size` has ruled out an error.
        self.set.get_or_init(|| GlobSet::new(&self.compiled).unwrap_or_default())
    }
}

/// Globs matched against one path.
#[derive(Debug)]
pub(crate) struct PathGlobs<'p> {
    globs: &'p Globs,
    path: &'p [u8],
    hits: OnceLock<Vec<bool>>,
}

impl<'p> PathGlobs<'p> {
    pub(crate) fn new(globs: &'p Globs, path: &'p [u8]) -> Self {
        Self { globs, path, hits: OnceLock::new() }
    }

    /// Returns whether one of the globs matches the path or a folder above it.
    pub(crate) fn any(&self, ids: &[GlobId]) -> bool {
        ids.iter().any(|&id| self.holds(id))
    }

    fn holds(&self, id: GlobId) -> bool {
        match self.globs.place(id) {
            None => is_beneath(self.path, self.globs.text(id).as_bytes()),
            Some(place) => self.hits().get(place).copied().unwrap_or(false),
        }
    }

    /// Matches the set against the path and each folder above it, so that `x` needs no second glob `x/**`.
    fn hits(&self) -> &[bool] {
        self.hits.get_or_init(|| {
            let mut hits = vec![false; self.globs.compiled.len()];
            let mut found = Vec::new();
            for prefix in folders(self.path).skip(1).chain([self.path]) {
                self.globs.set().matches_candidate_into(&Candidate::from_bytes(prefix), &mut found);
                for &place in &found {
                    if let Some(hit) = hits.get_mut(place) {
                        *hit = true;
                    }
                }
            }
            hits
        })
    }
}

/// Returns the folders above the path, starting with the top (the empty path).
pub(crate) fn folders(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let inner = path.iter().enumerate().filter(|&(_, &byte)| byte == b'/').map(|(at, _)| &path[..at]);
    std::iter::once(&path[..0]).chain(inner)
}

fn is_beneath(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.first() == Some(&b'/'))
}

fn is_literal(glob: &str) -> bool {
    !glob.contains(['*', '?', '[', ']', '{', '}', '\\'])
}

fn built(text: &str) -> Result<Glob, BadGlob> {
    let mut builder = GlobBuilder::new(text);
    let built = builder.literal_separator(true).backslash_escape(true).empty_alternates(true).build();
    built.map_err(|error| BadGlob { message: format!("bad glob: {}", error.kind()), hint: None })
}

fn check(glob: &str) -> Result<(), BadGlob> {
    let bad = |message: &str, hint: Option<String>| Err(BadGlob { message: message.to_owned(), hint });
    if glob.len() > MAX_GLOB_BYTES {
        return bad(&format!("a glob of more than {MAX_GLOB_BYTES} bytes"), None);
    }
    for start in ["./", "/"] {
        if let Some(rest) = glob.strip_prefix(start) {
            let rest = rest.trim_start_matches(['.', '/']);
            let hint = if rest.is_empty() { None } else { Some(format!("write `{rest}`")) };
            return bad(&format!("a glob starts at the top: leave out `{start}`"), hint);
        }
    }
    if glob.starts_with('!') {
        return bad("a glob cannot be negated", Some("list what is meant instead".to_owned()));
    }
    if glob.split('/').any(|part| part == "..") {
        return bad("`..` means nothing in a glob: globs never lead upwards", None);
    }
    let inner = glob.strip_suffix('/').unwrap_or(glob);
    if inner == "." || (!inner.is_empty() && inner.split('/').any(|part| part.is_empty() || part == ".")) {
        return bad("a glob with an empty or `.` part matches nothing", None);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_mean_a_path_and_everything_beneath() {
        let cases: [(&str, &[u8], bool); 21] = [
            ("tests", b"tests/a.py", true),
            ("tests/", b"tests/x/a.py", true),
            ("tests", b"tests", true),
            ("tests", b"tests2/a.py", false),
            ("tests", b"src/tests/a.py", false),
            ("**/tests", b"src/tests/a.py", true),
            ("**/tests", b"tests/deep/a.py", true),
            ("*/tests", b"a/b/tests/x.py", false),
            ("*/tests", b"a/tests/x/y.py", true),
            ("*.py", b"a.py", true),
            ("*.py", b"a/b.py", false),
            ("**/*.py", b"b.py", true),
            ("**/*.py", b"a/\xff/b.py", true),
            ("a\u{fffd}", b"a\xff", false),
            ("src/**", b"src/a/b", true),
            ("src/**/b", b"src/b", true),
            ("{a,b}/c", b"b/c/d", true),
            ("app/[slug]", b"app/s/page.tsx", true),
            (r"app/\[slug\]", b"app/[slug]/page.tsx", true),
            (r"app/\[slug\]", b"app/s/page.tsx", false),
            ("", b"anything", true),
        ];
        for (glob, path, expected) in cases {
            let mut globs = Globs::default();
            let id = globs.add(glob).unwrap_or_else(|bad| panic!("{glob}: {}", bad.message));
            let shown = String::from_utf8_lossy(path);
            assert_eq!(PathGlobs::new(&globs, path).any(&[id]), expected, "{glob} on {shown}");
        }
    }

    #[test]
    fn a_glob_that_can_never_match_is_refused() {
        for glob in ["./a", "/a", "!a", "a/../b", "../a", "a//b", "a/./b", "[", "{a", "a\\", &"x".repeat(1001)] {
            assert!(Globs::default().add(glob).is_err(), "{glob}");
        }
        assert_eq!(Globs::default().add("./a/b").err().and_then(|bad| bad.hint).as_deref(), Some("write `a/b`"));
    }

    #[test]
    fn a_text_is_kept_once() {
        let mut globs = Globs::default();
        assert!(globs.add("a/*").ok() == globs.add("a/*/").ok());
        assert_eq!(globs.texts.len(), 1);
    }

    #[test]
    fn globs_as_large_as_go_unchecked_do_compile() {
        let mut globs = Globs::default();
        for number in 0.. {
            let glob = format!("{number}{}", "[!a]?*{b,c}".repeat(18));
            if globs.bytes + glob.len() > UNCHECKED_BYTES {
                break;
            }
            assert!(globs.add(&glob).is_ok());
        }
        assert!(GlobSet::new(&globs.compiled).is_ok());
    }
}

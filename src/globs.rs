//! Globs of files: `*` never crosses `/`, and a path means everything beneath it.
//!
//! Most globs are plain folders or have only stars, which need no engine. The others are compiled when a path is asked for
//! that has what they write out, because every hook is a new process.

mod captures;
mod engine;
mod stars;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use globset::{Glob, GlobBuilder, GlobSet};

pub(crate) use captures::{CAPTURE_NAME, CaptureGlob, captures, no_capture, whole_capture};
use engine::Engine;

const MAX_GLOB_BYTES: usize = 1000;
/// Maximum total size of all globs that need an engine, each of which may take some 10 KiB; room for a few thousand.
const MAX_ENGINE_BYTES: usize = 128 << 10;

/// Number of choices up to which a glob is known to compile, however they are nested.
const MAX_UNCHECKED_CHOICES: usize = 30;

/// Index of a glob in [`Globs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GlobId(usize);

/// All globs of a file, deduplicated by text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Globs {
    globs: Vec<(Arc<str>, Form)>,
    known: HashMap<Arc<str>, GlobId>,
    engines: Vec<Engine>,
    /// Total size of those that need an engine.
    engine_bytes: usize,
}

/// How a glob is matched.
#[derive(Clone, Copy, Debug)]
enum Form {
    Literal,
    Stars,
    /// By the engine of this index.
    Engine(usize),
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
        let form = match text {
            _ if is_literal(text) => Form::Literal,
            _ if stars::is_simple(text) => Form::Stars,
            _ => {
                let engine = Engine::new(built(text)?);
                self.count(text.len())?;
                self.engines.push(engine);
                Form::Engine(self.engines.len() - 1)
            }
        };
        let (id, text) = (GlobId(self.globs.len()), Arc::<str>::from(text));
        self.globs.push((Arc::clone(&text), form));
        self.known.insert(text, id);
        Ok(id)
    }

    /// Parses a glob with captures; `None` if it has none.
    pub(crate) fn capturing(&mut self, written: &str) -> Result<Option<CaptureGlob>, BadGlob> {
        let glob = CaptureGlob::new(written)?;
        self.count(glob.as_ref().map_or(0, CaptureGlob::engine_bytes))?;
        Ok(glob)
    }

    /// Counts what needs an engine.
    fn count(&mut self, engine_bytes: usize) -> Result<(), BadGlob> {
        self.engine_bytes += engine_bytes;
        if engine_bytes > 0 && self.engine_bytes > MAX_ENGINE_BYTES {
            let most = MAX_ENGINE_BYTES >> 10;
            let message = format!("the globs with `{{}}`, `[]` or `\\` are larger than {most} KiB together");
            return Err(BadGlob { message, hint: None });
        }
        Ok(())
    }

    pub(crate) fn text(&self, id: GlobId) -> &str {
        self.glob(id).0
    }

    pub(crate) fn is_literal(&self, id: GlobId) -> bool {
        matches!(self.glob(id).1, Form::Literal)
    }

    /// Returns whether the glob matches this path itself, not only a folder above it.
    pub(crate) fn is_exactly(&self, id: GlobId, path: &[u8]) -> bool {
        match self.glob(id) {
            (text, Form::Literal) => text.as_bytes() == path,
            (text, Form::Stars) => stars::matches(text, path, false),
            (_, Form::Engine(at)) => self.engines.get(at).is_some_and(|engine| engine.is_match(path)),
        }
    }

    fn glob(&self, id: GlobId) -> (&str, Form) {
        self.globs.get(id.0).map_or(("", Form::Literal), |(text, form)| (text, *form))
    }
}

/// Globs matched against one path.
#[derive(Debug)]
pub(crate) struct PathGlobs<'p> {
    globs: &'p Globs,
    path: &'p [u8],
    /// What each engine said; a file's findings ask for it one by one.
    said: OnceLock<Vec<OnceLock<bool>>>,
}

impl<'p> PathGlobs<'p> {
    pub(crate) fn new(globs: &'p Globs, path: &'p [u8]) -> Self {
        Self { globs, path, said: OnceLock::new() }
    }

    /// Returns whether one of the globs matches the path or a folder above it.
    pub(crate) fn any(&self, ids: &[GlobId]) -> bool {
        ids.iter().any(|&id| self.holds(id))
    }

    fn holds(&self, id: GlobId) -> bool {
        match self.globs.glob(id) {
            (text, Form::Literal) => is_beneath(self.path, text.as_bytes()),
            (text, Form::Stars) => stars::matches(text, self.path, true),
            (_, Form::Engine(at)) => self.engine_says(at),
        }
    }

    fn engine_says(&self, at: usize) -> bool {
        let Some(engine) = self.globs.engines.get(at).filter(|engine| engine.may_match(self.path)) else {
            return false;
        };
        let said = self.said.get_or_init(|| vec![OnceLock::new(); self.globs.engines.len()]);
        // Each folder above is asked for, so that `x` needs no second glob `x/**`.
        let says = || folders(self.path).skip(1).chain([self.path]).any(|prefix| engine.is_match(prefix));
        said.get(at).map_or_else(says, |said| *said.get_or_init(says))
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
    let bad = |error: globset::Error| BadGlob { message: format!("bad glob: {}", error.kind()), hint: None };
    let mut builder = GlobBuilder::new(text);
    let glob = builder.literal_separator(true).backslash_escape(true).empty_alternates(true).build().map_err(bad)?;
    // The compiler's limit of nesting is the only one that a glob of this length can reach.
    if text.matches('{').count() > MAX_UNCHECKED_CHOICES {
        GlobSet::new([&glob]).map_err(bad)?;
    }
    Ok(glob)
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

    /// A glob of choices within each other.
    fn nested(depth: usize) -> String {
        "{a,".repeat(depth) + &"}".repeat(depth)
    }

    #[test]
    fn choices_nested_as_deep_as_goes_unchecked_do_compile() {
        for (depth, path) in [(1, "a"), (MAX_UNCHECKED_CHOICES, "a"), (MAX_UNCHECKED_CHOICES, "x")] {
            let mut globs = Globs::default();
            let id = globs.add(&format!("{}x", nested(depth))).unwrap_or_else(|bad| panic!("{}", bad.message));
            assert_eq!(PathGlobs::new(&globs, path.as_bytes()).any(&[id]), path == "x", "{depth}");
        }
    }

    #[test]
    fn a_glob_that_can_never_match_is_refused() {
        for glob in
            ["./a", "/a", "!a", "a/../b", "../a", "a//b", "a/./b", "[", "{a", "a\\", &"x".repeat(1001), &nested(332)]
        {
            assert!(Globs::default().add(glob).is_err(), "{glob}");
        }
        assert_eq!(Globs::default().add("./a/b").err().and_then(|bad| bad.hint).as_deref(), Some("write `a/b`"));
    }

    #[test]
    fn globs_that_need_an_engine_are_limited_together() {
        let glob = |number: usize, sign: &str| format!("{number}/{sign}{}", "x".repeat(900));
        let mut globs = Globs::default();
        let fitting = MAX_ENGINE_BYTES / glob(1000, "{}").len();
        for number in 1000..1000 + fitting {
            assert!(globs.add(&glob(number, "{}")).is_ok(), "{number}");
            assert!(globs.add(&glob(number, "*")).is_ok() && globs.add(&glob(number, "")).is_ok(), "{number}");
        }
        let told = "the globs with `{}`, `[]` or `\\` are larger than 128 KiB together";
        let message = |bad: Option<BadGlob>| bad.map(|bad| bad.message);
        assert_eq!(message(globs.capturing(&format!("<a>/{}", glob(1, "[x]"))).err()).as_deref(), Some(told));
        assert_eq!(message(globs.add(&glob(1, "{}")).err()).as_deref(), Some(told));
        assert!(
            globs.add(&glob(1, "*")).is_ok() && globs.add(&glob(1000, "{}")).is_ok(),
            "one without, and a known one"
        );
        assert!(globs.capturing(&format!("<a>/{}", glob(1, "*"))).is_ok_and(|glob| glob.is_some()));
    }

    #[test]
    fn a_text_is_kept_once() {
        let mut globs = Globs::default();
        assert!(globs.add("a/*").ok() == globs.add("a/*/").ok());
        assert_eq!(globs.globs.len(), 1);
    }
}

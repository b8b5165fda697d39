//! Languages: what an import is in each, and what it means. One file or folder a language, one row in [`LANGUAGES`].
//!
//! Nothing here knows git or policies. Scanners run in linear time, use no recursion on input, never panic and never
//! fail on a file: broken code is normal in a commit, and they go on at the next statement.

mod python;

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::rc::Rc;

use crate::kind::Kind;
use crate::notation::Notation;
use crate::tree::{Tree, TreeError};

/// Every language that importgate knows.
pub static LANGUAGES: [&dyn Language; 1] = [&python::Python];

/// Files with more imports are not judged: no hand wrote them, and a row each would take many times the file's size.
pub const MOST_IMPORTS: usize = 20_000;

/// One imported name. Texts are as the language compares them (escapes decoded, identifiers in normal form).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import<'a> {
    /// [`Kind::Import`], [`Kind::TypeOnly`], [`Kind::Dynamic`] or [`Kind::String`] from a scanner.
    pub kind: Kind,
    /// The module; `None` for `from . import x`.
    pub module: Option<Shared<'a>>,
    /// The name taken from the module, `*` for all of them; `None` where the module itself is imported.
    pub name: Option<Cow<'a, str>>,
    /// The local name, where it differs in writing (`as`).
    pub alias: Option<Cow<'a, str>>,
    /// How many dots a relative import begins with.
    pub level: u32,
    /// The bytes of the whole statement (for a dynamic or string use: of the call, from its callee).
    pub statement: Range<usize>,
    /// The bytes of the name within it (for `import a.b`: of `a.b`; for a dynamic or string use: of the string).
    pub span: Range<usize>,
}

/// A text as it is written, or one that had to be respelt: copies cost nothing, as a million names may share a module.
#[derive(Clone, Debug)]
pub enum Shared<'a> {
    /// As it is written.
    Written(&'a str),
    /// Respelt.
    Respelt(Rc<str>),
}

impl Deref for Shared<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Written(text) => text,
            Self::Respelt(text) => text,
        }
    }
}

impl PartialEq for Shared<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Shared<'_> {}

impl<'a> From<Cow<'a, str>> for Shared<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::Written(text),
            Cow::Owned(text) => Self::Respelt(text.into()),
        }
    }
}

/// Longer paths, in segments, name no module that anybody has.
const MOST_SEGMENTS: usize = 64;
/// The same in bytes.
const LONGEST_PATH: usize = 1024;

/// A dotted path as far as it is looked at: each name of a statement has the whole path of its module, so a long one
/// would cost its square.
#[must_use]
pub fn shortened(path: &str) -> &str {
    let end = path.match_indices('.').nth(MOST_SEGMENTS - 1).map_or(path.len(), |(at, _)| at);
    &path[..path.floor_char_boundary(end.min(LONGEST_PATH))]
}

/// A path that an import may mean, in segments.
pub type Candidate<'a> = Vec<Cow<'a, str>>;

/// What surrounds a file: the tree that it stands in, and where packages start.
pub struct Surroundings<'a> {
    /// The side of the change that the file belongs to.
    pub tree: &'a dyn Tree,
    /// For a file's path, the lengths in bytes of the root folders that hold it (0 for the top of the repository).
    pub roots: &'a dyn Fn(&[u8]) -> Vec<usize>,
}

/// Resolves the imports of one file; made once a file, so that what it looks up is looked up once.
pub trait Resolver {
    /// The absolute paths that the import may mean, most likely first; none where it can mean nothing.
    /// A star adds no segment: the path is that of the module.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError>;
}

/// A name of a statement whose path is forbidden, and the path to write instead.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// Index into the statement's imports.
    pub import: usize,
    /// The resolved path, in segments.
    pub resolved: Vec<String>,
    /// How many of its first segments the entry matched.
    pub matched: usize,
    /// The segments that replace the matched ones.
    pub instead: &'a [String],
}

/// What to write instead of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rewrite {
    /// The statement or statements, without indentation; for a dynamic or string use, the path.
    pub text: String,
    /// What pasting it would break, in words.
    pub note: Option<String>,
}

/// A language: how its imports are found, what they mean, and how another one is written.
pub trait Language: Sync {
    /// The paths of this language, and its name in a policy.
    fn notation(&self) -> Notation;

    /// The file name endings, without the dot.
    fn extensions(&self) -> &'static [&'static str];

    /// Decodes a text that names its own encoding; `None` where it is fine as it is.
    fn decode(&self, _text: &[u8]) -> Option<Vec<u8>> {
        None
    }

    /// Every import of the text, in the order of the file; of more than [`MOST_IMPORTS`] the first ones and one more.
    fn imports<'a>(&self, text: &'a [u8]) -> Vec<Import<'a>>;

    /// The text with comments and the contents of strings turned into spaces, byte for byte: all offsets and line ends stay.
    fn blank(&self, text: &[u8]) -> Vec<u8>;

    /// What the imports of the file at `path` mean.
    fn resolver<'a>(&self, path: &'a [u8], around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a>;

    /// Writes a statement anew: `imports` are all its names, `changes` those to be changed. `code` is the text as
    /// [`Language::blank`] gives it, for what must change beside the statement; empty where nobody asks.
    fn rewrite(&self, text: &[u8], code: &[u8], imports: &[Import<'_>], changes: &[Change<'_>]) -> Rewrite;

    /// Why the path `instead` cannot be recommended to the file at `path`, as far as the tree shows it: its module is
    /// missing, does not mention the name, or is the file itself. `None` where nothing speaks against it.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn objection(
        &self,
        path: &[u8],
        instead: &[String],
        around: &Surroundings<'_>,
    ) -> Result<Option<String>, TreeError>;
}

/// The language of the file at `path`, by its ending.
#[must_use]
pub fn of_path(path: &[u8]) -> Option<&'static dyn Language> {
    let name = path.rsplit(|&byte| byte == b'/').next()?;
    let dot = name.iter().rposition(|&byte| byte == b'.')?;
    let ending = std::str::from_utf8(&name[dot + 1..]).ok()?;
    LANGUAGES.into_iter().find(|language| language.extensions().contains(&ending))
}

/// The notations of all languages, for a policy to read its paths with.
#[must_use]
pub fn notations() -> Vec<Notation> {
    LANGUAGES.iter().map(|language| language.notation()).collect()
}

//! Languages: what an import is in each, and what it means. One file or folder a language, one row in [`LANGUAGES`].
//!
//! Nothing here knows git or policies. Scanners run in linear time, use no recursion on input, never panic and never
//! fail on a file: broken code is normal in a commit, and they go on at the next statement.

mod backtrack;
mod c;
mod csharp;
mod dart;
mod detect;
mod files;
mod go;
mod import;
mod java;
mod javascript;
mod jvm;
mod kotlin;
mod lex;
mod paths;
mod php;
mod python;
mod ruby;
mod rust;
mod scala;
mod swift;
#[cfg(test)]
mod testing;

use std::borrow::Cow;

use crate::notation::Notation;
use crate::tree::{Tree, TreeError};

pub use detect::{may_be_script, of_path, of_script};
pub(crate) use import::own_imports;
pub use import::{Form, Import, SharedText, shortened};

/// Every language that importgate knows, one row each.
pub static LANGUAGES: &[&dyn Language] = &[
    &c::C,
    &csharp::CSharp,
    &dart::Dart,
    &go::Go,
    &java::Java,
    &javascript::JavaScript,
    &kotlin::Kotlin,
    &php::Php,
    &python::Python,
    &ruby::Ruby,
    &rust::Rust,
    &scala::Scala,
    &swift::Swift,
];

/// A file as its scanner sees it.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// From the top of the repository, as git has it: its ending and its folder may count.
    pub path: &'a [u8],
    /// The decoded text.
    pub text: &'a [u8],
}

/// Files with more imports are not judged: no hand wrote them, and a row each would take many times the file's size.
pub const MAX_IMPORTS: usize = 20_000;

/// A path that an import may mean, in segments.
pub type Candidate<'a> = Vec<Cow<'a, str>>;

/// What surrounds a file: the tree that it stands in, and where packages start.
pub struct Surroundings<'a> {
    /// The side of the change that the file belongs to.
    pub tree: &'a dyn Tree,
    /// For a file's path, the lengths in bytes of the root folders that hold it (0 for the top of the repository).
    pub roots: &'a dyn Fn(&[u8]) -> Vec<usize>,
}

/// Which uses are asked for: only those that a rule might forbid, as any name of a file could be one.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// For each import, whether something beneath what it means is forbidden, and not the import itself.
    pub through: &'a [bool],
    /// Whether a forbidden path could begin with this segment: for paths that are written out in full.
    pub begins: &'a dyn Fn(&str) -> bool,
}

/// Resolves the imports of one file; made once a file, so that what it looks up is looked up once.
pub trait Resolver {
    /// The absolute paths that the import may mean, most likely first; none where it can mean nothing.
    /// A star adds no segment: the path is that of the module.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError>;

    /// The paths beneath which the import's local name leads to others, where they are not what it means: a default import
    /// stands for its module too.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn leads<'i>(&self, _import: &'i Import<'_>) -> Result<Option<Vec<Candidate<'i>>>, TreeError> {
        Ok(None)
    }

    /// Whether a star import may bring the name that a policy writes as this segment beneath the module's path: not where
    /// segments without `#` are modules of their own, nor a name that the import leaves out.
    fn star_brings(&self, _import: &Import<'_>, _segment: &str) -> bool {
        true
    }
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

/// A statement that is to be written anew.
#[derive(Clone, Copy)]
pub struct Statement<'a> {
    /// The file that it stands in.
    pub file: File<'a>,
    /// The text as [`Language::blank`] gives it, for what must change beside the statement; empty where nobody asks.
    pub code: &'a [u8],
    /// All its names.
    pub imports: &'a [Import<'a>],
}

/// A language by its names.
pub struct About {
    /// The paths of this language, and its name in a policy.
    pub notation: Notation,
    /// The file name endings, without the dot. One may have a dot within (`d.ts`); the longest that fits decides.
    pub extensions: &'static [&'static str],
    /// Whole names of files that have no ending of the language (`Rakefile`).
    pub file_names: &'static [&'static str],
    /// The programs that a first line `#!` calls for a file of this language, without versions (`python`).
    pub interpreters: &'static [&'static str],
}

/// A language: how its imports are found, what they mean, and how another one is written.
pub trait Language: Sync {
    /// The name of the language, its paths, and the files that it has.
    fn about(&self) -> &'static About;

    /// The paths of this language, and its name in a policy.
    fn notation(&self) -> Notation {
        self.about().notation
    }

    /// Decodes a text that names its own encoding or wraps its code; `None` where it is fine as it is. Lines stay lines.
    fn decode(&self, _file: File<'_>) -> Option<Vec<u8>> {
        None
    }

    /// Every import of the text, in the order of the file; of more than [`MAX_IMPORTS`] the first ones and one more.
    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>>;

    /// What says of a file that it is plain: whoever looks for a path can look for its words first; `None` where the
    /// language has no such thing.
    ///
    /// Of a plain file every segment of what an import or a use means stands in the text or in the file's path, as it is
    /// and as a word; no import has a star; and there are no more than [`MAX_IMPORTS`].
    fn plainness(&self) -> Option<fn(File<'_>) -> bool> {
        None
    }

    /// What the text uses of what its `imports` bind, and by paths written out in full, as far as it is asked for: rows
    /// of kind `attribute` in the order of the file, as if each were imported where it stands. A name that anything but
    /// an import binds in the file is no use. Of more than [`MAX_IMPORTS`] the first ones and one more.
    fn uses<'a>(&self, _file: File<'a>, _imports: &[Import<'a>], _asked: Asked<'_>) -> Vec<Import<'a>> {
        Vec::new()
    }

    /// The paths that the file itself has, for whoever imports it; none where that is unknown.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn own_paths(&self, _file: File<'_>, _around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        Ok(Vec::new())
    }

    /// The text with comments and the contents of strings turned into spaces, byte for byte: all offsets and line ends stay.
    fn blank(&self, file: File<'_>) -> Vec<u8>;

    /// What the imports of the file mean.
    fn resolver<'a>(&self, file: File<'a>, around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a>;

    /// Writes a statement anew, with its `changes`.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn rewrite(
        &self,
        statement: &Statement<'_>,
        changes: &[Change<'_>],
        around: &Surroundings<'_>,
    ) -> Result<Rewrite, TreeError>;

    /// Why the path `instead` cannot be recommended to the file at `path`, as far as the tree shows it: its module is
    /// missing, does not mention the name, or is the file itself. `None` where nothing speaks against it.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn why_unavailable(
        &self,
        _path: &[u8],
        _instead: &[String],
        _around: &Surroundings<'_>,
    ) -> Result<Option<String>, TreeError> {
        Ok(None)
    }
}

/// The notations of all languages, for a policy to read its paths with.
#[must_use]
pub fn notations() -> Vec<Notation> {
    LANGUAGES.iter().map(|language| language.notation()).collect()
}

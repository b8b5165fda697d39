//! Languages: what an import is in each, and what it means. Each has a folder, and a row in
//! [`LANGUAGES`].
//!
//! Nothing here knows git or policies. Scanners run in linear time, use no recursion on input,
//! never panic and never fail on a file: broken code is normal in a commit, so they go on at the
//! next statement.

mod backtrack;
mod c;
mod csharp;
mod dart;
mod detect;
mod files;
mod functions;
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
mod resolver;
mod ruby;
mod rust;
mod scala;
mod swift;
mod test_habits;
#[cfg(test)]
mod testing;

use std::borrow::Cow;

use crate::notation::Notation;
use crate::tree::{Tree, TreeError};
use crate::words::WholeWords;

pub use detect::{may_be_script, named, of_path, of_script};
pub(crate) use import::own_imports;
pub use import::{Form, Import, SharedText, shortened};
pub use resolver::Resolver;
pub use test_habits::{TestHabits, is_test};

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
    /// Path from the top of the repository, as git stores it; its ending and its folder may matter.
    pub path: &'a [u8],
    /// The decoded text.
    pub text: &'a [u8],
}

/// Maximum number of imports of a file. A file with more is not judged: it was not written by hand,
/// and one row each would take many times the file's size.
pub const MAX_IMPORTS: usize = 20_000;

/// A path that an import may mean, in segments.
pub type Candidate<'a> = Vec<Cow<'a, str>>;

/// Surroundings of a file: its tree, and where packages start.
pub struct Surroundings<'a> {
    /// The side of the change that the file belongs to.
    pub tree: &'a dyn Tree,
    /// Returns the path lengths, in bytes, of the root folders that contain a file (0 for the top
    /// of the repository).
    pub roots: &'a dyn Fn(&[u8]) -> Vec<usize>,
}

/// Uses that are asked for: only those that a rule might forbid, as any name of a file could be
/// one.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// For each import, whether a path beneath its own could be forbidden, and the import itself is
    /// not.
    pub through: &'a [bool],
    /// Returns whether these segments could begin a forbidden path; for paths written out in full.
    pub begins: &'a dyn Fn(&[&str]) -> bool,
}

/// The test whether a file is plain: a search for a path in a plain file can first search for the path's words.
///
/// In a plain file, every segment of what an import or a use means that is a word of ASCII letters, digits and `_` occurs
/// in the text or in the file's path, literally and as a word; no import has a star; and there are at most
/// [`MAX_IMPORTS`].
#[derive(Clone, Copy)]
pub struct Plainness {
    /// Returns whether a file is plain.
    pub is_plain: fn(File<'_>) -> bool,
    /// Number of bytes of a run's texts, below which scanning them costs less than making the searcher for words.
    pub min_bytes: usize,
}

/// A look through a text, before its uses are read, for paths that are written out in full.
#[derive(Clone, Copy)]
pub struct Skim {
    /// Returns whether the text, which has the imports, may have such a use that is sought. None has a star, nor does the
    /// language know [other names](Resolver::other_names).
    pub may_use: fn(File<'_>, &[Import<'_>], Sought<'_>) -> bool,
    /// Whether a use may mean a path that begins with segments that it does not write.
    pub is_relative: bool,
}

/// What a text is looked through for.
#[derive(Clone, Copy)]
pub struct Sought<'a> {
    /// Searches for the first words of all paths that are sought.
    pub words: &'a WholeWords,
    /// Returns whether a path that begins with these segments, as it is meant, could be forbidden.
    pub reaches: &'a dyn Fn(&[Cow<'_, str>]) -> bool,
}

/// A name of a statement whose path is forbidden, and the path to write instead.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// Index into the statement's imports.
    pub import: usize,
    /// The resolved path, in segments.
    pub resolved: Vec<String>,
    /// Number of its first segments that the entry matched.
    pub matched: usize,
    /// The segments that replace the matched ones.
    pub instead: &'a [String],
}

/// Replacement for a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rewrite {
    /// The statement or statements, without indentation; for a dynamic or string use, the call or the
    /// path.
    pub text: String,
    /// A note, in words, on what pasting it would break.
    pub note: Option<String>,
}

/// A statement to rewrite.
#[derive(Clone, Copy)]
pub struct Statement<'a> {
    /// The file that contains it.
    pub file: File<'a>,
    /// The text as [`Language::blank`] returns it, for changes beside the statement; empty if not
    /// needed.
    pub code: &'a [u8],
    /// All imports of the statement.
    pub imports: &'a [Import<'a>],
    /// All imports and uses of the file, which tell the names that are taken; empty where `code` is.
    pub of_file: &'a [Import<'a>],
}

/// Names of a language: in a policy, of its files, and of its interpreters.
pub struct About {
    /// Notation of its paths, and its name in a policy.
    pub notation: Notation,
    /// File name endings, without the first dot. One may contain a dot (`d.ts`); the longest match
    /// decides.
    pub extensions: &'static [&'static str],
    /// Whole names of files without such an ending (`Rakefile`).
    pub file_names: &'static [&'static str],
    /// Programs that a first line `#!` calls for a file of this language, without versions
    /// (`python`).
    pub interpreters: &'static [&'static str],
    /// Which of its files are tests.
    pub tests: TestHabits,
}

/// A language: how its imports are found, resolved and rewritten.
pub trait Language: Sync {
    /// Returns the names of the language, of its files and of its interpreters.
    fn about(&self) -> &'static About;

    /// Returns the notation of its paths, and its name in a policy.
    fn notation(&self) -> Notation {
        self.about().notation
    }

    /// Decodes a text that names its own encoding or wraps its code; `None` if it needs no
    /// decoding. Lines stay lines.
    fn decode(&self, _file: File<'_>) -> Option<Vec<u8>> {
        None
    }

    /// Returns every import of the text, in the order of the file; of more than [`MAX_IMPORTS`] the
    /// first ones and one more.
    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>>;

    /// Returns the test whether a file is plain, if the language has one.
    fn plainness(&self) -> Option<Plainness> {
        None
    }

    /// Returns what the text uses of the names that its `imports` bind, and by paths written out in
    /// full, as far as it is asked for: rows in the order of the file, as if each were imported where
    /// it is used, of kind `attribute`, or of kind `type-only` where only such an import binds the
    /// name. A name that anything but an import binds in the file is not a use. Of more than
    /// [`MAX_IMPORTS`] the first ones and one more.
    fn uses<'a>(&self, _file: File<'a>, _imports: &[Import<'a>], _asked: Asked<'_>) -> Vec<Import<'a>> {
        Vec::new()
    }

    /// Returns the look through a text that tells faster than [`uses`](Self::uses) whether there may be any, if the
    /// language has one.
    fn skim(&self) -> Option<Skim> {
        None
    }

    /// Returns whether [`uses`](Self::uses) reads any.
    fn reads_uses(&self) -> bool {
        false
    }

    /// Returns whether a star is written where an import has the name `*`: not where every import brings all names.
    fn writes_stars(&self) -> bool {
        true
    }

    /// Returns, in words, how names are imported without a star.
    fn instead_of_star(&self) -> &'static str {
        "import names instead"
    }

    /// Returns for each of the imports whether it is inside a function; a class body is none, and inside a function stays
    /// so. Empty if the language does not tell.
    fn in_functions(&self, _file: File<'_>, _imports: &[Import<'_>]) -> Vec<bool> {
        Vec::new()
    }

    /// Returns the paths by which others import the file; none if they are unknown.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn own_paths(&self, _file: File<'_>, _around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        Ok(Vec::new())
    }

    /// Returns whether this last segment of a path stands for all of what is above it: the default
    /// export of a module.
    fn is_whole(&self, _segment: &str) -> bool {
        false
    }

    /// Returns the text with comments and the contents of strings replaced by spaces, byte for
    /// byte: all offsets and line ends stay.
    fn blank(&self, file: File<'_>) -> Vec<u8>;

    /// Returns the resolver of the file's imports.
    fn resolver<'a>(&self, file: File<'a>, around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a>;

    /// Rewrites a statement with its `changes`.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn rewrite(
        &self,
        statement: &Statement<'_>,
        changes: &[Change<'_>],
        around: &Surroundings<'_>,
    ) -> Result<Rewrite, TreeError>;

    /// Returns the reason why the path `instead` cannot be recommended to the file at `path`, as
    /// far as the tree shows it: its module is missing, does not mention the name, or is the file
    /// itself. `None` if there is none.
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

/// Returns the notations of all languages, by which a policy reads its paths.
#[must_use]
pub fn notations() -> Vec<Notation> {
    LANGUAGES.iter().map(|language| language.notation()).collect()
}

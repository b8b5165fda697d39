//! Policies: which imports are forbidden where, from which date, and what to write instead.
//!
//! A TOML file is parsed into a [`Policy`] or all its errors. On a given date it becomes an [`EffectivePolicy`], and for
//! one importing file a [`Scope`], which decides. Nothing here knows git or the syntax of any language.

mod decision;
mod effective;
mod kinds;
mod lines;
mod lookup;
mod loosened;
mod only;
mod parse;
mod part;
mod path;
mod prefilter;
mod severity;
#[cfg(test)]
mod test_reference;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod warnings;

use std::sync::{Arc, OnceLock};

pub use jiff::civil::Date;

pub use self::decision::{Decision, LineMatch};
pub use self::effective::{EffectivePolicy, IsModule, Scope};
use self::kinds::KindWord;
use self::lines::LinePattern;
pub use self::lines::MAX_MATCHES;
use self::lookup::{Bindings, EntryAt, Index};
pub use self::only::UnknownRule;
use self::path::PathPattern;
use self::severity::Cap;
pub use self::severity::Severity;
use crate::globs::{CaptureGlob, GlobId, Globs, PathGlobs, folders};
use crate::notation::Notation;
pub use crate::toml_file::{Invalid, Mistake};

/// Rules of a codebase.
#[derive(Debug)]
pub struct Policy {
    origin: String,
    rules: Vec<Rule>,
    ignore: Vec<GlobId>,
    /// Further files of languages.
    files: Vec<(&'static str, Vec<GlobId>)>,
    too_large: Severity,
    /// Files that count as tests; `None` for each language's habits.
    tests: Option<Vec<GlobId>>,
    globs: Globs,
    /// Globs of roots. They are kept separately because a root matches only the folder itself, nothing beneath it.
    roots: Globs,
    root_ids: Vec<GlobId>,
    index: OnceLock<Index>,
}

/// Rule: paths that must not be imported, or a pattern that no line may match.
#[derive(Debug)]
pub struct Rule {
    /// Name in reports; unique in a policy.
    pub id: String,
    /// Why the rule exists.
    pub reason: Option<String>,
    /// Link to further reading.
    pub see: Option<String>,
    /// Person or team to ask.
    pub owner: Option<String>,
    /// What to do instead, in prose.
    pub advice: Option<String>,
    /// Severity before any of the dates.
    pub severity: Severity,
    /// Date from which it is at least a warning.
    pub warn_from: Option<Date>,
    /// Date from which it blocks.
    pub block_from: Option<Date>,
    /// First line of the rule in the policy file.
    pub line: usize,
    counts: CountBy,
    languages: Vec<&'static str>,
    paths: Vec<GlobId>,
    /// The globs of `paths`, if they have captures.
    relative: Vec<CaptureGlob>,
    /// Written forms that it judges; empty for all.
    kinds: Vec<KindWord>,
    allow_in: Vec<Allow>,
    caps: Vec<Cap>,
    body: Body,
}

/// What of a rule can only fall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CountBy {
    /// The number of imports of each path.
    #[default]
    Names,
    /// The number of files that import anything of an entry.
    Files,
}

impl CountBy {
    /// Both, with their names in a policy.
    pub(crate) const ALL: [(&'static str, Self); 2] = [("names", Self::Names), ("files", Self::Files)];

    /// Name in policies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Files => "files",
        }
    }
}

#[derive(Debug)]
enum Body {
    Forbid(Vec<Entry>),
    Pattern(LinePattern),
}

/// Path that a rule forbids or excepts. A rule of several languages has one entry per path and language.
#[derive(Debug)]
pub struct Entry {
    /// The path as written; an exception includes its `!`.
    pub path: String,
    /// Language of the path.
    pub language: &'static str,
    /// Replacement for the matched segments: the entry's own, else the rule's.
    pub use_instead: Option<Arc<Instead>>,
    /// Words of its own, which precede the rule's.
    pub own: Option<Arc<Own>>,
    exception: bool,
    pattern: PathPattern,
}

/// What an entry says for itself, in place of its rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Own {
    /// Why it is forbidden.
    pub reason: Option<String>,
    /// What to do instead, in prose.
    pub advice: Option<String>,
    /// Link to further reading.
    pub see: Option<String>,
    /// Person or team to ask.
    pub owner: Option<String>,
}

/// Recommended path.
#[derive(Debug)]
pub struct Instead {
    /// The path as written.
    pub path: String,
    /// Its segments.
    pub segments: Vec<String>,
}

/// Files that may import everything, or some of what the rule forbids.
#[derive(Debug)]
struct Allow {
    files: Vec<GlobId>,
    /// Paths that they may import, by language; empty for everything.
    import: Vec<(&'static str, PathPattern)>,
}

impl Policy {
    /// Parses a policy file. `origin` names it in messages; `notations` are the languages that rules can name. `None` if
    /// the file lacks the key `importgate` and has no rule of ours, so it belongs to another tool.
    ///
    /// # Errors
    /// All errors of the policy, in file order.
    pub fn parse(source: &str, origin: &str, notations: &[Notation]) -> Result<Option<Self>, Invalid> {
        parse::policy(source, origin, notations)
    }

    fn empty(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            rules: Vec::new(),
            ignore: Vec::new(),
            files: Vec::new(),
            too_large: Severity::Warn,
            tests: None,
            globs: Globs::default(),
            roots: Globs::default(),
            root_ids: Vec::new(),
            index: OnceLock::new(),
        }
    }

    /// Name of the policy in messages.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The rules in file order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns whether any rule forbids imports, in any language.
    #[must_use]
    pub fn forbids(&self) -> bool {
        self.rules.iter().any(|rule| !rule.entries().is_empty())
    }

    /// Severity for a file that is too large to be parsed: [`Severity::Off`] (pass), `Warn` or `Block`.
    #[must_use]
    pub fn too_large(&self) -> Severity {
        self.too_large
    }

    /// Returns the language that the policy gives to a file; it counts where neither name nor content tells another.
    #[must_use]
    pub fn language_of(&self, path: &[u8]) -> Option<&'static str> {
        let file = PathGlobs::new(&self.globs, path);
        self.files.iter().find(|(_, globs)| file.any(globs)).map(|(language, _)| *language)
    }

    /// Returns the byte lengths of the paths of all roots that contain the file, the innermost first; 0 is the top.
    #[must_use]
    pub fn roots_of(&self, path: &[u8]) -> Vec<usize> {
        let is_root = |folder: &[u8]| self.root_ids.iter().any(|&root| self.roots.is_exactly(root, folder));
        let mut lengths: Vec<_> = folders(path).filter(|folder| is_root(folder)).map(<[u8]>::len).collect();
        lengths.reverse();
        lengths
    }

    /// Returns the roots without glob characters, in file order.
    #[must_use]
    pub fn literal_roots(&self) -> Vec<&str> {
        let literal = self.root_ids.iter().filter(|&&root| self.roots.is_literal(root));
        literal.map(|&root| self.roots.text(root)).collect()
    }

    /// Returns the policy with its severities on a date.
    #[must_use]
    pub fn at(&self, today: Date) -> EffectivePolicy<'_> {
        EffectivePolicy::new(self, today)
    }

    /// Returns a warning for each path that the policy both recommends and forbids. Not an error, because such a policy
    /// still decides unambiguously, but nobody can follow it.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        warnings::of(self)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            for (rule, own) in self.rules.iter().enumerate() {
                for (entry, own) in own.entries().iter().enumerate() {
                    index.add(own.language, &own.pattern, EntryAt { rule, entry }, own.exception);
                }
            }
            index
        })
    }

    fn entry(&self, at: EntryAt) -> Option<(&Rule, &Entry)> {
        let rule = self.rules.get(at.rule)?;
        Some((rule, rule.entries().get(at.entry)?))
    }
}

impl Rule {
    /// Forbidden and excepted paths; empty for a line rule.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.body {
            Body::Forbid(entries) => entries,
            Body::Pattern(_) => &[],
        }
    }

    /// The pattern of a line rule, as written.
    #[must_use]
    pub fn pattern(&self) -> Option<&str> {
        match &self.body {
            Body::Forbid(_) => None,
            Body::Pattern(own) => Some(&own.pattern),
        }
    }

    /// Returns whether it is a line rule on code, without comments and the contents of strings.
    #[must_use]
    pub fn is_on_code(&self) -> bool {
        matches!(&self.body, Body::Pattern(own) if !own.on_text)
    }

    /// Returns what of it can only fall.
    #[must_use]
    pub fn counts(&self) -> CountBy {
        self.counts
    }

    /// Languages that the rule names; empty for a line rule on any language.
    #[must_use]
    pub fn languages(&self) -> &[&'static str] {
        &self.languages
    }
}

impl Entry {
    /// The recommended path, as written.
    #[must_use]
    pub fn use_instead_path(&self) -> Option<&str> {
        self.use_instead.as_ref().map(|instead| instead.path.as_str())
    }

    /// Returns whether the entry is of stars alone and names no module (`**`).
    #[must_use]
    pub fn names_nothing(&self) -> bool {
        self.pattern.names_nothing()
    }

    /// Returns whether the entry is an exception to the rule.
    #[must_use]
    pub fn is_exception(&self) -> bool {
        self.exception
    }
}

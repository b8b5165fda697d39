//! Policies: what is forbidden where, from when, and what to write instead.
//!
//! A file of TOML becomes a [`Policy`] or all of its errors; on a day it is a [`EffectivePolicy`]; for one importing file it is a
//! [`Scope`], which decides. Nothing here knows git or how a language looks.

mod effective;
mod lines;
mod lookup;
mod loosened;
mod parse;
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
use thiserror::Error;

pub use self::effective::{Decision, EffectivePolicy, LineMatch, Scope};
use self::lines::LinePattern;
pub use self::lines::MAX_MATCHES;
use self::lookup::{EntryAt, Index};
use self::path::PathPattern;
use self::severity::Cap;
pub use self::severity::Severity;
use crate::globs::{GlobId, Globs, folders};
use crate::notation::Notation;
use crate::toml_file;
pub use crate::toml_file::{Invalid, Mistake};

/// What a codebase forbids.
#[derive(Debug)]
pub struct Policy {
    origin: String,
    rules: Vec<Rule>,
    ignore: Vec<GlobId>,
    too_large: Severity,
    globs: Globs,
    /// Apart from the other globs, as a root means a folder and nothing beneath.
    roots: Globs,
    root_ids: Vec<GlobId>,
    index: OnceLock<Index>,
}

/// A rule: paths that must not be imported, or a pattern that no line may match.
#[derive(Debug)]
pub struct Rule {
    /// What reports and suppressions name; unique in a policy.
    pub id: String,
    /// Why the rule exists.
    pub reason: Option<String>,
    /// Where to read on.
    pub see: Option<String>,
    /// Whom to ask.
    pub owner: Option<String>,
    /// What to do instead, in words; of line rules.
    pub advice: Option<String>,
    /// The severity before any date.
    pub severity: Severity,
    /// The day from which it is at least a warning.
    pub warn_from: Option<Date>,
    /// The day from which it blocks.
    pub block_from: Option<Date>,
    /// The line of the policy file at which it begins.
    pub line: usize,
    languages: Vec<&'static str>,
    paths: Vec<GlobId>,
    allow_in: Vec<Allow>,
    caps: Vec<Cap>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Forbid(Vec<Entry>),
    Pattern(LinePattern),
}

/// A path that a rule forbids, or excepts. A rule of several languages has each once for each language.
#[derive(Debug)]
pub struct Entry {
    /// As it is written, an exception with its `!`.
    pub path: String,
    /// The language whose paths it means.
    pub language: &'static str,
    /// What to write instead of the matched segments: the entry's own, else the rule's.
    pub use_instead: Option<Arc<Instead>>,
    exception: bool,
    pattern: PathPattern,
}

/// A path to recommend.
#[derive(Debug)]
pub struct Instead {
    /// As it is written.
    pub path: String,
    /// Its segments.
    pub segments: Vec<String>,
}

/// Importing files that may, all that the rule forbids or some of it.
#[derive(Debug)]
struct Allow {
    files: Vec<GlobId>,
    /// What they may import, in each language; empty means everything.
    import: Vec<(&'static str, PathPattern)>,
}

/// A rule that was asked for and is not in the policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the policy has no rule `{id}`{}", .nearest.as_ref().map(|near| format!(", did you mean `{near}`?")).unwrap_or_default())]
pub struct UnknownRule {
    /// What was asked for.
    pub id: String,
    /// The rule that was probably meant.
    pub nearest: Option<String>,
}

impl Policy {
    /// Reads a policy file. `origin` is what messages call it, `notations` are the languages that rules can name.
    /// `None` where the file lacks the key `importgate`: it is another tool's.
    ///
    /// # Errors
    /// Everything that is wrong with the policy, in the order of the file.
    pub fn parse(source: &str, origin: &str, notations: &[Notation]) -> Result<Option<Self>, Invalid> {
        parse::policy(source, origin, notations)
    }

    fn empty(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            rules: Vec::new(),
            ignore: Vec::new(),
            too_large: Severity::Warn,
            globs: Globs::default(),
            roots: Globs::default(),
            root_ids: Vec::new(),
            index: OnceLock::new(),
        }
    }

    /// Where the policy comes from.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The rules in the order of the file.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether any rule forbids imports, in any language.
    #[must_use]
    pub fn forbids(&self) -> bool {
        self.rules.iter().any(|rule| !rule.entries().is_empty())
    }

    /// What a file does that is too large to be read: [`Severity::Off`] (pass), `Warn` or `Block`.
    #[must_use]
    pub fn too_large(&self) -> Severity {
        self.too_large
    }

    /// The lengths in bytes of the root folders that hold the file, the innermost first; 0 is the top.
    #[must_use]
    pub fn roots_of(&self, path: &[u8]) -> Vec<usize> {
        let is_root = |folder: &[u8]| self.root_ids.iter().any(|&root| self.roots.is_exactly(root, folder));
        let mut lengths: Vec<_> = folders(path).filter(|folder| is_root(folder)).map(<[u8]>::len).collect();
        lengths.reverse();
        lengths
    }

    /// The root folders that are written without glob characters, in the order of the file.
    #[must_use]
    pub fn literal_roots(&self) -> Vec<&str> {
        let literal = self.root_ids.iter().filter(|&&root| self.roots.is_literal(root));
        literal.map(|&root| self.roots.text(root)).collect()
    }

    /// The policy with this rule alone: no other rule is asked, nor takes precedence.
    ///
    /// # Errors
    /// When there is no such rule.
    pub fn only(mut self, rule_id: &str) -> Result<Self, UnknownRule> {
        let Some(at) = self.rules.iter().position(|rule| rule.id == rule_id) else {
            let nearest =
                toml_file::nearest(rule_id, self.rules.iter().map(|rule| rule.id.as_str())).map(str::to_owned);
            return Err(UnknownRule { id: rule_id.to_owned(), nearest });
        };
        self.rules = vec![self.rules.swap_remove(at)];
        self.index = OnceLock::new();
        Ok(self)
    }

    /// The policy as it stands on a day.
    #[must_use]
    pub fn at(&self, today: Date) -> EffectivePolicy<'_> {
        EffectivePolicy::new(self, today)
    }

    /// Where the policy contradicts itself: what it recommends and forbids at once. Not an error, as such a policy still
    /// decides clearly; but nobody can follow it.
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
    /// What the rule forbids and excepts; empty for a line rule.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.body {
            Body::Forbid(entries) => entries,
            Body::Pattern(_) => &[],
        }
    }

    /// The pattern of a line rule, as it is written.
    #[must_use]
    pub fn pattern(&self) -> Option<&str> {
        match &self.body {
            Body::Forbid(_) => None,
            Body::Pattern(own) => Some(&own.pattern),
        }
    }

    /// Whether it is a line rule on code, without comments and the contents of strings.
    #[must_use]
    pub fn is_on_code(&self) -> bool {
        matches!(&self.body, Body::Pattern(own) if !own.on_text)
    }

    /// The languages that the rule names; empty for a line rule on files of any.
    #[must_use]
    pub fn languages(&self) -> &[&'static str] {
        &self.languages
    }
}

impl Entry {
    /// The path to write instead, as it is written.
    #[must_use]
    pub fn use_instead_path(&self) -> Option<&str> {
        self.use_instead.as_ref().map(|instead| instead.path.as_str())
    }

    /// Whether the entry excepts its path from the rule.
    #[must_use]
    pub fn is_exception(&self) -> bool {
        self.exception
    }
}

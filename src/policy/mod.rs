//! Policies: which imports are forbidden where, from which date, and what to write instead.
//!
//! A TOML file is parsed into a [`Policy`] or all its errors. On a given date it becomes an [`EffectivePolicy`], and for
//! one importing file a [`Scope`], which decides. Nothing here knows git or the syntax of any language.

mod branches;
mod decision;
mod effective;
mod excuse;
mod kinds;
mod lines;
mod lookup;
mod loosened;
mod only;
mod parse;
mod part;
mod path;
mod prefilter;
mod rule;
mod rule_name;
mod severity;
#[cfg(test)]
mod test_reference;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod warnings;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

pub use jiff::civil::Date;

pub use self::branches::Branches;
pub use self::decision::{Decision, LineMatch};
pub use self::effective::{EffectivePolicy, IsModule, Scope};
pub use self::excuse::Excuse;
pub use self::lines::MAX_MATCHES;
use self::lookup::{Bindings, EntryAt, Index};
pub use self::only::UnknownRule;
use self::rule::{Allow, Body};
pub use self::rule::{CountBy, Entry, Instead, Own, Rule};
pub use self::rule_name::RuleName;
pub use self::severity::Severity;
use crate::globs::{GlobId, Globs, PathGlobs, folders};
use crate::notation::Notation;
pub use crate::toml_file::{Invalid, Mistake};

/// Rules of a codebase.
#[derive(Debug)]
pub struct Policy {
    origin: String,
    /// Name that its rules are told with; `None` where their ids are enough.
    name: Option<String>,
    rules: Vec<Rule>,
    /// Excuses of rules, by ids that it may have.
    excuses: BTreeMap<String, Excuse>,
    ignore: Vec<GlobId>,
    /// Further files of languages.
    files: Vec<(&'static str, Vec<GlobId>)>,
    too_large: Severity,
    /// Files that count as tests; `None` for each language's habits.
    tests: Option<Vec<GlobId>>,
    /// Branches that are judged by the policy of their own tip.
    own_policy: Arc<Branches>,
    globs: Globs,
    /// Globs of roots. They are kept separately because a root matches only the folder itself, nothing beneath it.
    roots: Globs,
    root_ids: Vec<GlobId>,
    index: OnceLock<Index>,
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
            name: None,
            rules: Vec::new(),
            excuses: BTreeMap::new(),
            ignore: Vec::new(),
            files: Vec::new(),
            too_large: Severity::Warn,
            tests: None,
            own_policy: Arc::default(),
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

    /// Tells its rules by this name and their ids.
    pub fn tell_as(&mut self, name: String) {
        self.name = Some(name);
    }

    /// Returns the name by which a rule is told, logged and excused.
    #[must_use]
    pub fn name_of(&self, rule: &Rule) -> RuleName {
        RuleName::new(self.name.as_deref(), &rule.id)
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

    /// The branches that are to be judged by the policy of their own tip.
    #[must_use]
    pub fn own_policy(&self) -> &Arc<Branches> {
        &self.own_policy
    }

    /// Forgets the branches that are to be judged by the policy of their own tip: only the repository's policy names any.
    pub fn name_no_branches(&mut self) {
        self.own_policy = Arc::default();
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
            let stars_alone = |rule: &Rule| kinds::judge_stars_alone(&rule.kinds);
            let entries = || {
                self.rules.iter().enumerate().flat_map(|(at, rule)| {
                    let entries = rule.entries().iter().enumerate();
                    entries.map(move |(entry, own)| (rule, own, EntryAt { rule: at, entry }))
                })
            };
            for (rule, own, at) in entries() {
                index.add(own.language, &own.pattern, at, !own.exception && !stars_alone(rule));
            }
            if self.rules.iter().any(stars_alone) {
                let starless = entries().filter(|(rule, ..)| !stars_alone(rule));
                index.part_stars(starless.map(|(_, own, at)| (own.language, &own.pattern, at)));
            }
            index
        })
    }

    fn entry(&self, at: EntryAt) -> Option<(&Rule, &Entry)> {
        let rule = self.rules.get(at.rule)?;
        Some((rule, rule.entries().get(at.entry)?))
    }
}

//! A forbidden import or line: what it is counted by, what the policy says of it, and whether it is new.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use crate::kind::Kind;
use crate::lang::{Candidate, Import, Language};
use crate::notation::Names;
use crate::policy::{CountBy, Date, Decision, Severity};

/// What occurrences are counted by: the rule, and the resolved path in the language's notation, or the trimmed line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Index of the rule in the policy.
    rule: usize,
    /// A digest, as a file may hold millions of names with long paths.
    what: [u64; 2],
}

impl Key {
    /// The key of what rule number `rule` forbids.
    pub(super) fn new(rule: usize, what: &[u8]) -> Self {
        // Random for each run, so that nobody can make two texts meet.
        static DIGESTS: LazyLock<[RandomState; 2]> = LazyLock::new(<[RandomState; 2]>::default);
        Self { rule, what: DIGESTS.each_ref().map(|digest| digest.hash_one(what)) }
    }

    /// Index of the rule in the policy.
    pub(super) fn rule(&self) -> usize {
        self.rule
    }

    /// The same in fewer bytes.
    pub(super) fn family(&self) -> Family {
        static DIGEST: LazyLock<RandomState> = LazyLock::new(RandomState::default);
        DIGEST.hash_one(self)
    }
}

/// A forbidden occurrence in a file, old or new.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// What it is counted by.
    pub key: Key,
    /// The line of the name, from 1.
    pub line: usize,
    /// The effective severity.
    pub severity: Severity,
    /// Where the scan found it.
    pub at: At,
    /// Whether its key is counted once a file.
    pub is_of_file: bool,
    /// What else it may be counted as.
    pub kin: Kin,
}

/// What an import may be counted as besides its path. All of it is of the same rule.
#[derive(Clone, Debug, Default)]
pub struct Kin {
    /// The module or name that is imported as a whole, without the `*` or `default` that the path may end with.
    pub whole: Option<Family>,
    /// What that lies beneath, by one segment.
    pub within: Option<Family>,
    /// Whether it brings all names that lie beneath.
    pub is_star: bool,
    /// Whether it is a star that is forbidden for a name that it may bring, so at most a warning by its kind.
    pub is_wildcard: bool,
    /// Whether it is a use of what an import binds.
    pub is_use: bool,
    /// Whether it is an import that may bind something.
    pub is_import: bool,
    /// Whether it is a module beneath another, where names are told from modules: no star brings it.
    pub is_module: bool,
    /// The other paths that the import may mean and that are forbidden too.
    pub others: Arc<[Key]>,
}

/// A digest of a rule and a path, by which imports of the path, of all that lies beneath and of single names meet.
pub type Family = u64;

/// Where an occurrence was found.
#[derive(Clone, Debug)]
pub enum At {
    /// The import of this number; those after the file's imports are its uses.
    Import(usize),
    /// The path of the file itself.
    OwnPath,
    /// Bytes of a line that a rule matches, and the day from which it blocks.
    Line(Range<u32>, Option<Date>),
}

/// All that a scan of a file in a snapshot found.
#[derive(Debug, Default)]
pub struct Scan {
    /// Every forbidden occurrence: of imports and uses, of the file's own path, of lines.
    pub occurrences: Vec<Occurrence>,
    /// Uses of what imports bind, as if each were imported; kept where anything is forbidden.
    pub uses: Vec<Import<'static>>,
    /// The number of imports; `None` where no rule could forbid any of them, so that none was looked for.
    pub imports: Option<usize>,
    /// Whether there are so many uses that none of them is judged.
    pub used_too_often: bool,
    /// Whether a rule matches more than [`MAX_MATCHES`](crate::policy::MAX_MATCHES) lines.
    pub too_many_matches: bool,
}

impl Scan {
    /// The import or use of a number, after the file's `imports`.
    pub(super) fn import<'a>(&'a self, imports: &'a [Import<'static>], number: usize) -> Option<&'a Import<'static>> {
        imports.get(number).or_else(|| self.uses.get(number.checked_sub(imports.len())?))
    }

    /// The same without uses, to be kept of a file that is not held.
    pub(super) fn without_uses(&self) -> Self {
        let Self { ref occurrences, imports, used_too_often, too_many_matches, .. } = *self;
        Self { occurrences: occurrences.clone(), uses: Vec::new(), imports, used_too_often, too_many_matches }
    }

    /// The bytes of memory that it takes, nearly.
    pub(super) fn size(&self) -> usize {
        let uses: usize = self.uses.iter().map(Import::size).sum();
        size_of::<Self>() + self.occurrences.len() * size_of::<Occurrence>() + uses
    }
}

/// What the policy says of an import, and what the import resolves to.
pub struct Judged<'s, 'i> {
    /// The rule and entry that decide.
    pub decision: Decision<'s>,
    /// The kind, [`Kind::Wildcard`] included.
    pub kind: Kind,
    /// The resolved path that the entry matched; its last segment is a star where the entry is about what a star brings.
    pub resolved: Candidate<'i>,
    /// The number of its segments that counts and reports have: what a use does with them is no path.
    pub counted: usize,
    /// Whether the entry is about what a star brings, not about the module.
    pub by_star: bool,
    /// The other paths that the import may mean.
    pub others: Vec<Candidate<'i>>,
}

impl Judged<'_, '_> {
    /// What the import is counted by.
    #[must_use]
    pub fn key(&self, language: &dyn Language) -> Key {
        match self.entry() {
            Some(entry) => Key::new(self.decision.rule_index, entry.as_bytes()),
            None => Key::new(self.decision.rule_index, self.path(language).as_bytes()),
        }
    }

    /// The entry, where the rule counts the files that import anything of one.
    #[must_use]
    pub fn entry(&self) -> Option<String> {
        let Decision { rule, entry, .. } = self.decision;
        (rule.counts() == CountBy::Files).then(|| format!("{}: {}", entry.language, entry.path))
    }

    /// The resolved path as reports and counts write it.
    #[must_use]
    pub fn path(&self, language: &dyn Language) -> String {
        joined(language, self.counted())
    }

    /// The part of the resolved path that is counted.
    pub(super) fn counted(&self) -> &[Cow<'_, str>] {
        self.resolved.get(..self.counted).unwrap_or(&self.resolved)
    }

    /// The resolved path of what is imported as a whole.
    #[must_use]
    pub fn whole(&self, language: &dyn Language) -> &[Cow<'_, str>] {
        match self.counted().split_last() {
            Some((last, above)) if !above.is_empty() && (self.by_star || language.is_whole(last)) => above,
            _ => self.counted(),
        }
    }

    /// What `import`, which may bring all names of its module, may be counted as besides its path; `others` are the keys
    /// of its other paths.
    #[must_use]
    pub fn kin(&self, language: &dyn Language, import: &Import<'_>, brings_all: bool, others: Vec<Key>) -> Kin {
        // Of an entry, all that lies beneath is one.
        if self.entry().is_some() {
            return Kin::default();
        }
        let family = |path: &[Cow<'_, str>]| {
            Some(Key::new(self.decision.rule_index, joined(language, path).as_bytes()).family())
                .filter(|_| !path.is_empty())
        };
        let whole = self.whole(language);
        let within = whole.split_last().and_then(|(_, above)| family(above));
        let is_star = brings_all && import.alias.is_none();
        let names = language.notation().names;
        let is_module = names == Names::Apart && whole.last().is_some_and(|last| !last.starts_with('#'));
        Kin {
            whole: family(whole),
            within,
            is_star,
            is_wildcard: self.kind == Kind::Wildcard,
            is_use: import.is_use(),
            is_import: !import.is_use() && matches!(import.kind, Kind::Import | Kind::TypeOnly | Kind::Dynamic),
            is_module,
            others: others.into(),
        }
    }
}

/// A path in the notation of its language.
pub(super) fn joined(language: &dyn Language, path: &[Cow<'_, str>]) -> String {
    let segments: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
    (language.notation().join)(&segments)
}

/// An occurrence that is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fresh {
    /// Index into [`Changes::files`](crate::git::Changes::files).
    pub file: usize,
    /// Index into the file's occurrences.
    pub ordinal: usize,
    /// Whether its line is added against every old side. If not, something around it made it code.
    pub on_added_line: bool,
    /// Why it is at most a warning.
    pub eased: Option<Eased>,
}

/// Why a new occurrence is at most a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Eased {
    /// Neither its line nor the import that binds its first name is new.
    OldUse,
    /// A star import that only warned brought the name before.
    Star,
}

impl Fresh {
    /// The severity that an occurrence of this one has.
    #[must_use]
    pub fn at_most(&self, severity: Severity) -> Severity {
        if self.eased.is_some() { severity.min(Severity::Warn) } else { severity }
    }
}

impl Eased {
    /// A note on it.
    #[must_use]
    pub fn note(self) -> &'static str {
        match self {
            Self::OldUse => {
                "a warning, as neither this line nor the import that it uses is new: what stands between them has changed"
            }
            Self::Star => "a star import, which was a warning, may have brought it before",
        }
    }
}

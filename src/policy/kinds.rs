//! Words for kinds: `kinds` of a rule asks for the written form, `kind` of a cap for what reports say.

use crate::kind::{Kind, Written};

/// Word for a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KindWord {
    Of(Kind),
    /// An import statement inside a function. `import` covers it too, but a cap that names `local` wins.
    Local,
}

/// An occurrence as it is reported.
#[derive(Clone, Copy)]
pub(super) struct Reported {
    pub(super) kind: Kind,
    /// Whether it is an import statement inside a function.
    pub(super) local: bool,
}

impl KindWord {
    /// All words, in the order of the documentation.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Kind::ALL.into_iter().map(Self::Of).chain([Self::Local])
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Of(kind) => kind.name(),
            Self::Local => "local",
        }
    }

    /// Returns whether the word names an import in its written form.
    fn is_form_of(self, written: Written) -> bool {
        let starred = written.star && written.kind == Kind::Import;
        match self {
            Self::Local => written.local && written.kind == Kind::Import,
            Self::Of(Kind::Wildcard) => written.star,
            Self::Of(kind) => written.kind == kind && !starred,
        }
    }

    /// Returns whether some import has the written form of both words.
    pub(super) fn overlaps(self, other: Self) -> bool {
        let is_starred = |one, two| {
            one == Self::Of(Kind::Wildcard) && matches!(two, Self::Of(Kind::TypeOnly | Kind::Dynamic | Kind::Wildcard))
        };
        let is_local = |one, two| one == Self::Local && matches!(two, Self::Of(Kind::Import | Kind::Wildcard));
        self == other
            || is_starred(self, other)
            || is_starred(other, self)
            || is_local(self, other)
            || is_local(other, self)
    }
}

/// Returns whether a rule with these `kinds` judges an import; without any it judges all.
pub(super) fn judges(kinds: &[KindWord], written: Written) -> bool {
    kinds.is_empty() || kinds.iter().any(|word| word.is_form_of(written))
}

/// Returns whether a rule with these `kinds` judges nothing but what is written with a star.
pub(super) fn judge_stars_alone(kinds: &[KindWord]) -> bool {
    !kinds.is_empty() && kinds.iter().all(|word| *word == KindWord::Of(Kind::Wildcard))
}

impl Reported {
    pub(super) fn new(kind: Kind, written: Written) -> Self {
        Self { kind, local: written.local && kind == Kind::Import }
    }
}

impl From<Kind> for Reported {
    fn from(kind: Kind) -> Self {
        Self { kind, local: false }
    }
}

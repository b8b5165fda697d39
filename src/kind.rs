//! The kinds of occurrence: one list for scanners, policies and reports.

/// What an occurrence is. Each language has those that it can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A statement that imports when it runs.
    Import,
    /// An import for the type checker alone (`if TYPE_CHECKING:`).
    TypeOnly,
    /// A call that imports a module named by a string.
    Dynamic,
    /// A star import of the direct parent of a forbidden path.
    Wildcard,
    /// A string that names what a test replaces (`mock.patch`).
    String,
    /// A use through a parent that was imported.
    Attribute,
    /// A file that would be the forbidden module.
    Module,
    /// A line of code that a pattern matches.
    Line,
}

impl Kind {
    /// Every kind, in the order in which documents list them.
    pub const ALL: [Self; 8] = [
        Self::Import,
        Self::TypeOnly,
        Self::Dynamic,
        Self::Wildcard,
        Self::String,
        Self::Attribute,
        Self::Module,
        Self::Line,
    ];

    /// The word that policies and reports use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::TypeOnly => "type-only",
            Self::Dynamic => "dynamic",
            Self::Wildcard => "wildcard",
            Self::String => "string",
            Self::Attribute => "attribute",
            Self::Module => "module",
            Self::Line => "line",
        }
    }

    /// The kind that a word names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Kinds that are at most a warning unless a `cap` of that kind says otherwise:
    /// they are guesses, or dictated by code elsewhere.
    #[must_use]
    pub const fn warns_at_most(self) -> bool {
        matches!(self, Self::Wildcard | Self::String | Self::Module)
    }
}

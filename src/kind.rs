//! Kinds of occurrences: one list for scanners, policies and reports.

/// Kind of an occurrence. A language produces only the kinds it has constructs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Import statement that takes effect at run time.
    Import,
    /// Import for the type checker only (`if TYPE_CHECKING:`).
    TypeOnly,
    /// Call that imports a module named by a string.
    Dynamic,
    /// Star import of the direct parent of a forbidden path.
    Wildcard,
    /// String that names the target of a test double (`mock.patch`).
    String,
    /// Use through an imported parent.
    Attribute,
    /// File that would itself be the forbidden module.
    Module,
    /// Line of code that a pattern matches.
    Line,
}

/// An import as it is written, which `kinds` of a rule asks for. A report may tell another kind: a star is an
/// [`Kind::Import`] of its own module, and a [`Kind::Wildcard`] of what it may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The scanner's kind.
    pub kind: Kind,
    /// Whether a star is written.
    pub star: bool,
    /// Whether it is an import statement inside a function; a class body is none.
    pub local: bool,
}

impl From<Kind> for Written {
    fn from(kind: Kind) -> Self {
        Self { kind, star: false, local: false }
    }
}

impl Kind {
    /// All kinds, in the order of the documentation.
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

    /// Name in policies and reports.
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

    /// Returns the kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns whether the kind is at most a warning unless a `cap` for it says otherwise:
    /// such occurrences are guesses, or dictated by code elsewhere.
    #[must_use]
    pub const fn warns_at_most(self) -> bool {
        matches!(self, Self::Wildcard | Self::String | Self::Module)
    }
}

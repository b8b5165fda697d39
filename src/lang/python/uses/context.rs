//! Words and signs beside a name that decide what it is.

/// What follows a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A dot or a bracket: the name is a part of something else.
    Trailer,
    Walrus,
    Equals,
    Other,
}

/// A word that is a keyword only at the start of a statement, and there only if something follows that can.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Soft {
    Match,
    Case,
    Type,
}

/// What a statement that defines is about to say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Definition {
    Nothing,
    /// The next word is bound: by `def`, or else by `class` or `type`.
    Name {
        def: bool,
    },
    /// Brackets with parameters may follow.
    Parameters {
        def: bool,
    },
}

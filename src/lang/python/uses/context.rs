//! Words and signs beside a name that decide its role.

/// Token after a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A dot or a bracket: the name is a part of something else.
    Trailer,
    Walrus,
    Equals,
    Other,
}

/// Soft keyword: a keyword only at the start of a statement, if what follows can follow one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Soft {
    Match,
    Case,
    Type,
}

/// Next part of a statement that defines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Definition {
    Nothing,
    /// The next word is bound, by `def`, or else by `class` or `type`.
    Name {
        def: bool,
    },
    /// Brackets with parameters may follow.
    Parameters {
        def: bool,
    },
}

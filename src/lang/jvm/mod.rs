//! What Java, Kotlin and Scala share: dotted paths, packages, and the way from word to word past what is no code.

pub(super) mod availability;
pub(super) mod calls;
mod chains;
pub(super) mod dotted;
pub(super) mod imports;
pub(super) mod notation;
pub(super) mod own_path;
pub(super) mod resolve;
pub(super) mod rewrite;
pub(super) mod uses;
pub(super) mod walk;
mod xml;

/// The language that a text is in, as far as the shared pieces differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    /// Java.
    Java,
    /// Kotlin.
    Kotlin,
    /// Scala.
    Scala,
}

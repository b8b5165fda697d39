//! Code shared by Java, Kotlin and Scala: dotted paths, packages, and the walk from keyword to keyword past comments
//! and strings.

pub(super) mod availability;
pub(super) mod calls;
mod chains;
pub(super) mod dotted;
mod enums;
pub(super) mod imports;
pub(super) mod notation;
pub(super) mod own_path;
pub(super) mod plain;
pub(super) mod resolve;
pub(super) mod rewrite;
pub(super) mod skim;
#[cfg(test)]
mod tests;
pub(super) mod uses;
pub(super) mod walk;
mod xml;

/// The language of a text, as far as the shared code must know it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    Java,
    Kotlin,
    Scala,
}

//! Names whose uses are looked for.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::kind::Kind;
use crate::lang::{Asked, Import};

use super::super::bytes::identifier;

/// Names that are looked for, by number.
#[derive(Default)]
pub(in crate::lang::python) struct Names<'i> {
    by_text: HashMap<Cow<'i, str>, usize>,
    /// For each first byte, the lengths in bytes of the ASCII names as a bit set, which rules out
    /// most words of a text.
    lengths: Vec<u64>,
}

/// Returns the local name of an import, and whether it is the module's own first segment. The names
/// that a star binds are unknown.
pub(super) fn bound<'i>(import: &'i Import<'_>) -> Option<(&'i str, bool)> {
    if !matches!(import.kind, Kind::Import | Kind::TypeOnly) {
        return None;
    }
    match (&import.alias, &import.name) {
        (Some(alias), _) => Some((alias, false)),
        (None, Some(name)) => (name != "*").then_some((name, false)),
        (None, None) => Some((import.module.as_deref()?.split('.').next()?, true)),
    }
}

impl<'i> Names<'i> {
    /// Collects these names.
    pub(in crate::lang::python) fn of(list: impl Iterator<Item = &'i str>) -> Self {
        let mut names = Self::default();
        list.for_each(|name| names.add(name));
        names
    }

    /// Collects the names that imports bind and whose uses are asked for.
    pub(super) fn asked(imports: &'i [Import<'_>], asked: Asked<'_>) -> Self {
        let mut names = Self::default();
        for (index, import) in imports.iter().enumerate() {
            let Some((local, plain)) = bound(import) else { continue };
            // `import a.c` makes `a.b` reachable, too.
            if asked.through.get(index) == Some(&true) || (plain && (asked.begins)(&[local])) {
                names.add(local);
            }
        }
        names
    }

    fn add(&mut self, local: &'i str) {
        let end = self.by_text.len();
        self.by_text.entry(Cow::Borrowed(local)).or_insert(end);
        self.lengths.resize(128, 0);
        let first = local.bytes().next().and_then(|first| self.lengths.get_mut(usize::from(first)));
        if let Some(lengths) = first {
            *lengths |= 1 << local.len().min(63);
        }
    }

    pub(in crate::lang::python) fn len(&self) -> usize {
        self.by_text.len()
    }

    /// Returns the number of the name that equals a word.
    pub(in crate::lang::python) fn number(&self, word: &[u8]) -> Option<usize> {
        if !word.is_ascii() {
            return self.by_text.get(&*identifier(word)).copied();
        }
        let lengths = self.lengths.get(usize::from(*word.first()?))?;
        if lengths & (1 << word.len().min(63)) == 0 {
            return None;
        }
        self.by_text.get(std::str::from_utf8(word).ok()?).copied()
    }
}

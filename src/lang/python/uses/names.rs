//! Names that imports bind, and which of their uses are asked for.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::kind::Kind;
use crate::lang::{Asked, Import};

use super::super::bytes::identifier;

/// Names whose uses are asked for.
pub(super) struct Names<'i, 'a> {
    list: Vec<Name<'i, 'a>>,
    by_text: HashMap<Cow<'i, str>, usize>,
    /// For each first byte, the lengths in bytes of the ASCII names as a bit set, which rules out
    /// most words of a text.
    lengths: [u64; 128],
}

/// Imports that bind one name.
#[derive(Default)]
pub(super) struct Name<'i, 'a> {
    /// The first import asked for that gives it another path than its own, and its index.
    pub(super) renamed: Option<(usize, &'i Import<'a>)>,
    /// Index of the first `import a.b`, which binds `a` as itself.
    pub(super) plain: Option<usize>,
    /// Modules of those imports, and whether uses beneath each are asked for.
    loaded: HashMap<&'i str, bool>,
    /// Whether all of them are asked for.
    all: bool,
}

impl Name<'_, '_> {
    /// Returns whether a path that begins with the name itself is asked for. If modules on the path
    /// are imported as a whole, the import of the longest decides.
    pub(super) fn is_asked(&self, path: &str) -> bool {
        if self.all {
            return true;
        }
        let ends = path.match_indices('.').map(|(dot, _)| dot).chain([path.len()]);
        let longest = ends.rev().find_map(|end| self.loaded.get(path.get(..end)?));
        *longest.unwrap_or(&true)
    }
}

/// Returns the local name of an import, and whether it is the module's own first segment. The names
/// that a star binds are unknown.
fn bound<'i>(import: &'i Import<'_>) -> Option<(&'i str, bool)> {
    if !matches!(import.kind, Kind::Import | Kind::TypeOnly) {
        return None;
    }
    match (&import.alias, &import.name) {
        (Some(alias), _) => Some((alias, false)),
        (None, Some(name)) => (name != "*").then_some((name, false)),
        (None, None) => Some((import.module.as_deref()?.split('.').next()?, true)),
    }
}

impl<'i, 'a> Names<'i, 'a> {
    /// Collects the names; `None` if no use of any is asked for.
    pub(super) fn new(imports: &'i [Import<'a>], asked: Asked<'_>) -> Option<Self> {
        let mut names = Self { list: Vec::new(), by_text: HashMap::new(), lengths: [0; 128] };
        let is_through = |index: usize| asked.through.get(index).is_some_and(|&through| through);
        for (index, import) in imports.iter().enumerate() {
            let Some((local, plain)) = bound(import) else { continue };
            // `import a.c` makes `a.b` reachable, too.
            if is_through(index) || (plain && (asked.begins)(local)) {
                names.add(local);
            }
        }
        if names.list.is_empty() {
            return None;
        }
        for (index, import) in imports.iter().enumerate() {
            let Some((local, plain)) = bound(import) else { continue };
            let known = names.by_text.get(local).and_then(|&at| names.list.get_mut(at));
            let (Some(name), through) = (known, is_through(index)) else { continue };
            if plain {
                name.plain.get_or_insert(index);
                *name.loaded.entry(import.module.as_deref().unwrap_or_default()).or_default() |= through;
                name.all &= through;
            } else if through {
                name.renamed.get_or_insert((index, import));
            }
        }
        Some(names)
    }

    fn add(&mut self, local: &'i str) {
        let end = self.list.len();
        if *self.by_text.entry(Cow::Borrowed(local)).or_insert(end) < end {
            return;
        }
        self.list.push(Name { all: true, ..Name::default() });
        let first = local.bytes().next().and_then(|first| self.lengths.get_mut(usize::from(first)));
        if let Some(lengths) = first {
            *lengths |= 1 << local.len().min(63);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, number: usize) -> Option<&Name<'i, 'a>> {
        self.list.get(number)
    }

    /// Returns the number of the name that equals a word.
    pub(super) fn number(&self, word: &[u8]) -> Option<usize> {
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

//! What a name means: the imports that bind it, by scope.

use std::collections::HashMap;

use crate::kind::Kind;
use crate::lang::{Asked, Import};

use super::names::{Names, bound};
use super::scopes::Scopes;

/// Imports that bind one name.
#[derive(Default)]
pub(super) struct Bindings<'i, 'a> {
    /// Those asked for that give it another path than its own, without repetitions.
    pub(super) renamed: Vec<Binding<'i, 'a>>,
    /// All `import a.b`, which bind `a` as itself.
    pub(super) plain: Option<Plain<'i>>,
}

/// An import that gives its name another path than its own.
pub(super) struct Binding<'i, 'a> {
    pub(super) import: &'i Import<'a>,
    /// [`Kind::TypeOnly`] unless such an import also runs.
    pub(super) kind: Kind,
}

/// Imports of modules beneath the name itself.
pub(super) struct Plain<'i> {
    /// Their modules, and whether uses beneath each are asked for.
    loaded: HashMap<&'i str, bool>,
    /// Whether all of them are asked for.
    all: bool,
    /// [`Kind::TypeOnly`] unless one of them runs.
    pub(super) kind: Kind,
}

impl Plain<'_> {
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

impl<'i, 'a> Bindings<'i, 'a> {
    fn add(&mut self, import: &'i Import<'a>, is_plain: bool, is_through: bool, known: &mut Known<'i>) {
        let runs = import.kind != Kind::TypeOnly;
        if is_plain {
            let nothing = || Plain { loaded: HashMap::new(), all: true, kind: Kind::TypeOnly };
            let plain = self.plain.get_or_insert_with(nothing);
            *plain.loaded.entry(import.module.as_deref().unwrap_or_default()).or_default() |= is_through;
            plain.all &= is_through;
            if runs {
                plain.kind = Kind::Attribute;
            }
        } else if is_through {
            let kind = if runs { Kind::Attribute } else { Kind::TypeOnly };
            let path = (import.level, import.module.as_deref(), import.name.as_deref());
            let number = *known.entry(path).or_insert(self.renamed.len());
            match self.renamed.get_mut(number) {
                Some(same) if runs => same.kind = kind,
                Some(_) => {}
                None => self.renamed.push(Binding { import, kind }),
            }
        }
    }
}

/// Numbers of the bindings, by what they import.
type Known<'i> = HashMap<(u32, Option<&'i str>, Option<&'i str>), usize>;

/// The bindings of all names.
pub(super) struct AllBindings<'i, 'a> {
    /// For each name, all imports that bind it.
    everywhere: Vec<Bindings<'i, 'a>>,
    /// Those of one scope, for names and scopes by number; only for names that several scopes bind.
    by_scope: HashMap<(usize, usize), Bindings<'i, 'a>>,
}

impl<'i, 'a> AllBindings<'i, 'a> {
    pub(super) fn new(names: &Names<'_>, imports: &'i [Import<'a>], asked: Asked<'_>, scopes: &Scopes) -> Self {
        let mut of_name: Vec<Vec<usize>> = vec![Vec::new(); names.len()];
        for (index, import) in imports.iter().enumerate() {
            let name = bound(import).and_then(|(local, _)| names.number(local.as_bytes()));
            if let Some(list) = name.and_then(|name| of_name.get_mut(name)) {
                list.push(index);
            }
        }
        let collected = |list: &mut dyn Iterator<Item = usize>| {
            let (mut bindings, mut known) = (Bindings::default(), Known::new());
            for index in list {
                let Some(import) = imports.get(index) else { continue };
                let is_plain = bound(import).is_some_and(|(_, plain)| plain);
                bindings.add(import, is_plain, asked.through.get(index) == Some(&true), &mut known);
            }
            bindings
        };
        let scope_of = |index: usize| imports.get(index).map(|import| scopes.of_import(import.statement.start));
        let mut by_scope = HashMap::new();
        for (name, list) in of_name.iter().enumerate() {
            let mut of_scope: HashMap<usize, Vec<usize>> = HashMap::new();
            for &index in list {
                of_scope.entry(scope_of(index).unwrap_or_default()).or_default().push(index);
            }
            if of_scope.len() > 1 {
                let bindings = of_scope.into_iter();
                by_scope.extend(bindings.map(|(scope, list)| ((name, scope), collected(&mut list.into_iter()))));
            }
        }
        let everywhere = of_name.into_iter().map(|list| collected(&mut list.into_iter())).collect();
        Self { everywhere, by_scope }
    }

    /// Returns what a name means in a scope: what the innermost scope around it that binds the name
    /// imports, or else whatever the file does.
    pub(super) fn of(&self, name: usize, scope: usize, scopes: &Scopes) -> Option<&Bindings<'i, 'a>> {
        let seen = || scopes.seen_from(scope).find_map(|scope| self.by_scope.get(&(name, scope)));
        if self.by_scope.is_empty() || scopes.is_shared(name) { None } else { seen() }.or(self.everywhere.get(name))
    }
}

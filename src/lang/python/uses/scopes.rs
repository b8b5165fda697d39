//! Scopes: the bodies of functions and classes, in which an import binds a name for itself.
//!
//! Format: Python language reference, 4.2.2 "Resolution of names". A body lasts until a statement
//! at the column of its header, or left of it.

use std::collections::{HashMap, HashSet};

/// Number of the module's own scope.
pub(super) const MODULE: usize = 0;
/// Maximum nesting; no parser accepts more levels of indentation than CPython's hundred.
const MAX_DEPTH: usize = 100;

struct Scope {
    around: usize,
    /// Whether functions within do not see its names.
    is_class: bool,
}

/// An open scope.
struct Open {
    scope: usize,
    /// Column of the line that its header is in.
    column: usize,
}

/// The scopes of a text, and where it imports.
pub(super) struct Scopes {
    list: Vec<Scope>,
    open: Vec<Open>,
    /// Column of the current line.
    column: usize,
    /// Scopes of import statements, by their offsets.
    imports: HashMap<usize, usize>,
    /// Names that `global` or `nonlocal` takes from another scope.
    shared: HashSet<usize>,
}

impl Default for Scopes {
    fn default() -> Self {
        let module = Scope { around: MODULE, is_class: false };
        Self { list: vec![module], open: Vec::new(), column: 0, imports: HashMap::new(), shared: HashSet::new() }
    }
}

impl Scopes {
    /// Starts a line with a statement at `column`.
    pub(super) fn line(&mut self, column: usize) {
        while self.open.pop_if(|open| open.column >= column).is_some() {}
        self.column = column;
    }

    /// Starts the body of a function or class.
    pub(super) fn enter(&mut self, is_class: bool) {
        if self.open.len() < MAX_DEPTH {
            let scope = self.list.len();
            self.list.push(Scope { around: self.current(), is_class });
            self.open.push(Open { scope, column: self.column });
        }
    }

    /// Takes an import statement at `at`.
    pub(super) fn import(&mut self, at: usize) {
        self.imports.insert(at, self.current());
    }

    pub(super) fn current(&self) -> usize {
        self.open.last().map_or(MODULE, |open| open.scope)
    }

    /// Takes a name of `global` or `nonlocal`: an import of it binds it in another scope.
    pub(super) fn share(&mut self, name: usize) {
        self.shared.insert(name);
    }

    pub(super) fn is_shared(&self, name: usize) -> bool {
        self.shared.contains(&name)
    }

    /// Returns the scope of the import statement at `at`.
    pub(super) fn of_import(&self, at: usize) -> usize {
        self.imports.get(&at).copied().unwrap_or(MODULE)
    }

    /// Returns the scopes whose names code in `scope` sees, innermost first.
    pub(super) fn seen_from(&self, scope: usize) -> impl Iterator<Item = usize> {
        let around = |scope: &usize| {
            let mut next = *scope;
            while next != MODULE {
                next = self.list.get(next)?.around;
                if !self.list.get(next)?.is_class {
                    return Some(next);
                }
            }
            None
        };
        std::iter::successors(Some(scope), around)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_do_not_see_the_class_around_them() {
        let mut scopes = Scopes::default();
        scopes.line(0);
        scopes.enter(true);
        scopes.line(4);
        scopes.import(9);
        scopes.enter(false);
        scopes.line(8);
        let function = scopes.current();
        assert_eq!(scopes.seen_from(function).collect::<Vec<_>>(), [function, MODULE]);
        let class = scopes.of_import(9);
        assert_eq!(scopes.seen_from(class).collect::<Vec<_>>(), [class, MODULE]);
        scopes.line(4);
        assert_eq!(scopes.current(), class);
        scopes.line(0);
        assert_eq!(scopes.current(), MODULE);
    }
}

//! Parts of a text that are inside functions, so that an import there runs only when the function does.
//!
//! Each language finds them in its blanked text, whose braces and words are all code. Broken code may put the rest of its
//! file on the wrong side; no more depends on it than rules that name `local`.

use super::Import;

/// Offsets from which a text is inside a function, or no longer is.
#[derive(Debug, Default)]
pub(super) struct Functions {
    changes: Vec<(usize, bool)>,
}

impl Functions {
    /// Records on which side the text is from `at` on; offsets do not fall.
    pub(super) fn mark(&mut self, at: usize, inside: bool) {
        if self.changes.last().map_or(inside, |(_, last)| *last != inside) {
            self.changes.push((at, inside));
        }
    }

    pub(super) fn holds(&self, at: usize) -> bool {
        let before = self.changes.partition_point(|(from, _)| *from <= at);
        before.checked_sub(1).and_then(|last| self.changes.get(last)).is_some_and(|(_, inside)| *inside)
    }

    /// Returns for each import whether its statement is inside a function.
    pub(super) fn hold(&self, imports: &[Import<'_>]) -> Vec<bool> {
        imports.iter().map(|import| self.holds(import.statement.start)).collect()
    }

    /// Returns the same by the imports' names, for statements that may begin before the function.
    pub(super) fn hold_names(&self, imports: &[Import<'_>]) -> Vec<bool> {
        imports.iter().map(|import| self.holds(import.span.start)).collect()
    }
}

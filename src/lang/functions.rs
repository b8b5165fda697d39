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

/// Open brackets, each with what is known of the code in it. In broken code some are never closed.
#[derive(Debug)]
pub(super) struct Brackets<T> {
    /// What is known of the code in no bracket.
    whole: T,
    open: Vec<(u8, T)>,
    /// Number of open braces.
    braces: usize,
}

impl<T> Brackets<T> {
    pub(super) const fn new(whole: T) -> Self {
        Self { whole, open: Vec::new(), braces: 0 }
    }

    /// Returns what is known of the code in the innermost bracket.
    pub(super) fn top(&mut self) -> &mut T {
        self.open.last_mut().map_or(&mut self.whole, |(_, known)| known)
    }

    pub(super) fn open(&mut self, bracket: u8, known: T) {
        self.braces += usize::from(bracket == b'{');
        self.open.push((bracket, known));
    }

    /// Closes the bracket that a sign belongs to and returns what was known of its code. A `)` or `]` closes the innermost
    /// alone; a `}` closes those within its braces too, which were left open by accident.
    pub(super) fn close(&mut self, sign: u8) -> Option<T> {
        let open = match sign {
            b')' => b'(',
            b']' => b'[',
            _ if self.braces == 0 => return None,
            _ => b'{',
        };
        if open != b'{' {
            return self.open.pop_if(|(bracket, _)| *bracket == open).map(|(_, known)| known);
        }
        self.braces -= 1;
        while self.open.pop_if(|(bracket, _)| *bracket != b'{').is_some() {}
        self.open.pop().map(|(_, known)| known)
    }

    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Drops all open brackets.
    pub(super) fn clear(&mut self) {
        self.open.clear();
        self.braces = 0;
    }
}

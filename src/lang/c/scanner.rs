//! The scanner's state, and the steps shared by its parts.

use crate::kind::Kind;
use crate::lang::lex::{Quiet, byte};
use crate::lang::{Form, Import, MAX_IMPORTS};

use super::bytes::unjoined;
use super::comments;

/// A scan of one text.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a [u8],
    /// Whether `import` at the start of a line imports a module.
    pub(super) modules: bool,
    pub(super) quiet: Quiet,
    pub(super) rows: Vec<Import<'a>>,
    /// Number of bytes that failed lookaheads may still cost.
    pub(super) budget: usize,
}

impl<'a> Scanner<'a> {
    /// Returns the offset past everything that separates tokens.
    pub(super) fn gap(&mut self, at: usize) -> usize {
        comments::gap(self.text, at, &mut self.quiet)
    }

    /// Adds an import of the header whose name, delimiters included, is at `open..close`.
    pub(super) fn header(&mut self, start: usize, open: usize, close: usize, end: usize) -> usize {
        let module = unjoined(self.text, open + 1..close - 1);
        if module.is_empty() {
            return end;
        }
        // Quoted headers are looked for in the file's own folder first, the others only in the folders that the build
        // names.
        let level = u32::from(byte(self.text, open) == b'"');
        self.add(Import {
            kind: Kind::Import,
            form: Form::Include,
            module: Some(module.into()),
            name: None,
            alias: None,
            level,
            statement: start..end,
            span: open..close,
        })
    }

    /// Adds an import. Returns where the scanner goes on.
    pub(super) fn add(&mut self, row: Import<'a>) -> usize {
        let end = row.statement.end;
        self.rows.push(row);
        if self.rows.len() > MAX_IMPORTS { self.text.len() } else { end }
    }
}

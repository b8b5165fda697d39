//! Files that are counted once, by however many policies they are judged.

use std::cell::RefCell;
use std::collections::HashSet;

/// What is counted of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The file itself.
    File,
    /// Its imports.
    Imports,
    /// Its added lines.
    Lines,
}

/// The parts of files that were counted for a policy before.
#[derive(Debug, Default)]
pub struct Once(RefCell<HashSet<(Part, Box<[u8]>)>>);

impl Once {
    /// Returns whether a part of the file at `path` is to be counted: it was not before.
    #[must_use]
    pub fn is_first(&self, part: Part, path: &[u8]) -> bool {
        self.0.borrow_mut().insert((part, path.into()))
    }
}

//! The rows that the scanner gathers.

use std::borrow::Cow;

use crate::lang::Import;

/// How many bytes the copies of respelt modules may take in one file. A module that is written as it is compared is
/// borrowed and costs nothing; one with spaces or unusual characters in it is copied for each name that is taken from
/// it, and a file may take a million names.
const COPIES: usize = 16 << 20;

/// The rows found so far.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    pub(super) list: Vec<Import<'a>>,
    left_for_copies: usize,
}

impl Default for Rows<'_> {
    fn default() -> Self {
        Self { list: Vec::new(), left_for_copies: COPIES }
    }
}

impl<'a> Rows<'a> {
    /// The text once more, for another row; `None` where the copies have taken all that they may.
    pub(super) fn again(&mut self, text: &Cow<'a, str>) -> Option<Cow<'a, str>> {
        if let Cow::Owned(text) = text {
            self.left_for_copies = self.left_for_copies.checked_sub(text.len())?;
        }
        Some(text.clone())
    }
}

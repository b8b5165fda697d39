//! Blanking: the code of a text, without comments and without text between quotes or tags.

use std::ops::Range;

use crate::lang::File;

use super::markup;
use super::scan::scan;
use super::scanner::Watch;

/// Returns the text with everything but code replaced by spaces; line ends stay.
pub(super) fn blank(file: File<'_>) -> Vec<u8> {
    blanked(file, false)
}

/// Returns the same with regular expressions blanked too: they are code, but hold no names.
pub(super) fn bare(file: File<'_>) -> Vec<u8> {
    blanked(file, true)
}

fn blanked(file: File<'_>, patterns: bool) -> Vec<u8> {
    let mut blanks = Blanks { code: file.text.to_vec(), patterns };
    for part in markup::parts(file, |range| blanks.quiet(file.text, range)) {
        let text = file.text.get(..part.end).unwrap_or_default();
        blanks = scan(text, part.start, part.dialect, blanks).1;
    }
    blanks.code
}

struct Blanks {
    code: Vec<u8>,
    patterns: bool,
}

impl Watch for Blanks {
    const ROWS: bool = false;

    fn quiet(&mut self, _text: &[u8], range: Range<usize>) {
        for byte in self.code.get_mut(range).unwrap_or_default() {
            if !matches!(*byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }

    fn pattern(&mut self, text: &[u8], range: Range<usize>) {
        if self.patterns {
            self.quiet(text, range);
        }
    }

    fn back(&mut self, text: &[u8], to: usize) {
        if let (Some(blanked), Some(text)) = (self.code.get_mut(to..text.len()), text.get(to..)) {
            blanked.copy_from_slice(text);
        }
    }
}

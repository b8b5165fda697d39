//! Blanking: a text reduced to its code.

use std::ops::Range;

use super::bytes::is_line_end;
use super::scan::scan;
use super::watch::Watch;

/// Returns the text with everything that is not code replaced by spaces; line ends stay.
pub(super) fn blank(text: &[u8], stray: Option<usize>) -> Vec<u8> {
    scan(text, Blanks(text.to_vec()), stray).watch.0
}

struct Blanks(Vec<u8>);

impl Watch for Blanks {
    fn quiet(&mut self, _text: &[u8], range: Range<usize>) {
        for byte in self.0.get_mut(range).unwrap_or_default() {
            if !is_line_end(*byte) {
                *byte = b' ';
            }
        }
    }

    fn back(&mut self, text: &[u8], to: usize) {
        self.0[to..].copy_from_slice(&text[to..]);
    }
}

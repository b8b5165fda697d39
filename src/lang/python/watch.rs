//! What else is wanted of a scan than its rows: the scanner tells what it passes.

use std::ops::Range;

/// What else is wanted of a scan than its rows.
pub(super) trait Watch {
    /// A comment, or what stands between quotes: text that is not code.
    fn quiet(&mut self, _text: &[u8], _range: Range<usize>) {}
    /// What was told of the text from here on was told too early; it is scanned anew.
    fn back(&mut self, _text: &[u8], _to: usize) {}
    /// A string in triple quotes, of this content.
    fn triple(&mut self, _text: &[u8], _content: Range<usize>) {}
    /// A statement starts, outside all brackets; the first one after a block's colon is not told.
    fn statement(&mut self) {}
    /// Names, numbers, operators and spaces: code without any of the signs below.
    fn code(&mut self, _text: &[u8], _range: Range<usize>) {}
    /// A string.
    fn string(&mut self) {}
    /// A replacement field opens.
    fn field(&mut self) {}
    /// The format specification of a replacement field starts.
    fn specification(&mut self) {}
    /// A bracket opens.
    fn open(&mut self, _bracket: u8) {}
    /// A bracket closes, or a replacement field.
    fn close(&mut self) {}
    /// A colon that starts no specification.
    fn colon(&mut self, _text: &[u8], _at: usize) {}
}

/// Nothing else is wanted.
pub(super) struct Nothing;

impl Watch for Nothing {}

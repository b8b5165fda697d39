//! Observer of a scan: the scanner reports the constructs that it passes.

use std::ops::Range;

/// Receiver of a scan's events, for whatever is needed besides its rows.
pub(super) trait Watch {
    /// A comment, or the content of a string: text that is not code.
    fn quiet(&mut self, _text: &[u8], _range: Range<usize>) {}
    /// Events from this offset on are void; the text is scanned again from there.
    fn back(&mut self, _text: &[u8], _to: usize) {}
    /// A triple-quoted string with this content.
    fn triple(&mut self, _text: &[u8], _content: Range<usize>) {}
    /// A statement starts, outside all brackets. Not reported: the first one after a block's colon.
    fn statement(&mut self) {}
    /// A line with a statement starts at `at`, outside all brackets.
    fn line(&mut self, _text: &[u8], _at: usize) {}
    /// An import statement starts at `at`; nothing else of it is reported but its comments.
    fn import(&mut self, _at: usize) {}
    /// Names, numbers, operators and spaces: code without the delimiters reported below.
    fn code(&mut self, _text: &[u8], _range: Range<usize>) {}
    /// A string.
    fn string(&mut self) {}
    /// A replacement field opens.
    fn field(&mut self) {}
    /// The format specification of a replacement field starts.
    fn specification(&mut self) {}
    /// A bracket opens.
    fn open(&mut self, _bracket: u8) {}
    /// A bracket or a replacement field closes.
    fn close(&mut self) {}
    /// A colon that does not start a format specification.
    fn colon(&mut self, _text: &[u8], _at: usize) {}
}

/// Ignores all events.
pub(super) struct Nothing;

impl Watch for Nothing {}

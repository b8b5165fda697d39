//! The text that a finding shows: a statement whole, or a part of it where it is long.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use crate::finding::Place;
use crate::text::Text;

/// Bytes of a text that is shown whole; of a longer one, a part of the line around the name.
const MAX_SHOWN_BYTES: usize = 4096;
/// Parts begin at multiples of this, so that names beside one another share one.
const STEP_BYTES: usize = 1024;

/// A part of a line: where it was asked for, its bytes, and where it begins.
type Part = (usize, Arc<[u8]>, Place);

/// A statement or line that several findings show.
pub(super) struct Snippet<'a> {
    text: &'a Text<'a>,
    whole: Option<(Arc<[u8]>, Place)>,
    /// The last part that was asked for, and where it begins.
    last: RefCell<Option<Part>>,
}

impl<'a> Snippet<'a> {
    pub(super) fn of(text: &'a Text<'a>, range: &Range<usize>) -> Self {
        let bytes = text.bytes().get(range.clone()).unwrap_or_default();
        let whole = (bytes.len() <= MAX_SHOWN_BYTES).then(|| (bytes.into(), place(text, range.start)));
        Self { text, whole, last: RefCell::new(None) }
    }

    /// The text to show for the name at `offset`, and where that begins.
    pub(super) fn around(&self, offset: usize) -> (Arc<[u8]>, Place) {
        if let Some((bytes, place)) = &self.whole {
            return (Arc::clone(bytes), *place);
        }
        let number = self.text.line_of(offset);
        let line = self.text.line(number);
        let start = self.text.start_of(number);
        let steps = if line.len() <= MAX_SHOWN_BYTES { 0 } else { ((offset - start) / STEP_BYTES).saturating_sub(1) };
        let from = steps * STEP_BYTES;
        let mut last = self.last.borrow_mut();
        if let Some((at, bytes, place)) = last.as_ref().filter(|(at, ..)| *at == start + from) {
            debug_assert!(*at <= offset);
            return (Arc::clone(bytes), *place);
        }
        let from = boundary(line, from);
        let bytes: Arc<[u8]> = line[from..boundary(line, from + MAX_SHOWN_BYTES)].trim_ascii_end().into();
        let place = place(self.text, start + from);
        *last = Some((start + steps * STEP_BYTES, Arc::clone(&bytes), place));
        (bytes, place)
    }
}

/// The line and column of an offset.
pub(super) fn place(text: &Text<'_>, offset: usize) -> Place {
    Place { line: text.line_of(offset), column: text.column_of(offset) }
}

/// The next place that is within no character.
fn boundary(line: &[u8], at: usize) -> usize {
    (at..line.len()).find(|&at| line[at] & 0xc0 != 0x80).unwrap_or(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_shown_by_parts_that_names_share() {
        let source = format!("x = 1\n{}here, there{}\n", "é".repeat(5000), "é".repeat(5000));
        let text = Text::new(source.as_bytes());
        let snippet = Snippet::of(&text, &(6..source.len()));
        let here = source.find("here").unwrap_or_default();
        let (one, from) = snippet.around(here);
        let (two, _) = snippet.around(here + 6);
        assert!(Arc::ptr_eq(&one, &two) && one.len() <= MAX_SHOWN_BYTES + 1);
        let shown = String::from_utf8(one.to_vec()).unwrap_or_default();
        let column = text.column_of(here) - from.column;
        assert_eq!((from.line, shown.chars().skip(column).take(4).collect::<String>()), (2, "here".to_owned()));
    }

    #[test]
    fn short_ones_are_shown_whole() {
        let text = Text::new(&b"from a import (\n    b,\n)\n"[..]);
        let (shown, from) = Snippet::of(&text, &(0..24)).around(20);
        assert_eq!((&shown[..], from.line, from.column), (&b"from a import (\n    b,\n)"[..], 1, 1));
    }
}

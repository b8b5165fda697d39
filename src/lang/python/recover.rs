//! Recovery from unbalanced quotes: the best guess at which quotes are stray.
//!
//! One missing or superfluous quote turns all code after it into strings, and all strings into
//! code. Some quotes then never close (an apostrophe in a text, or the last ones of the file),
//! which shows that it happened, but not where. A string whose content has an import at the margin
//! is suspected to be code, and its opening quotes to be the end of a string. A reading that finds
//! more imports and fewer unclosed quotes is preferred. Valid programs never get here.

use std::ops::Range;

use super::blocks::indentation;
use super::bytes::{is_line_end, is_space, line_end, past_line_end};
use super::scan::{Scan, scan};
use super::statement;
use super::watch::{Nothing, Watch};

/// Maximum number of strings suspected in turn; each costs a scan.
const MAX_SUSPECTS: usize = 4;

/// Returns the best scan of a text, and the offset of the triple quotes that it ignores.
pub(super) fn scanned(text: &[u8]) -> (Scan<'_, Nothing>, Option<usize>) {
    let first = scan(text, Nothing, None);
    let (mut best, mut stray) = (first, None);
    if best.unclosed_quotes > 0 {
        for suspect in scan(text, Suspects::default(), None).watch.found {
            let other = scan(text, Nothing, Some(suspect));
            if other.rows.len() > best.rows.len() && other.unclosed_quotes < best.unclosed_quotes {
                (best, stray) = (other, Some(suspect));
            }
        }
    }
    (best, stray)
}

/// Triple-quoted strings that look like code, by the offsets of their quotes.
#[derive(Default)]
struct Suspects {
    found: Vec<usize>,
    /// Offset up to which line starts are known; `line` is the last of them.
    seen: usize,
    line: usize,
}

impl Watch for Suspects {
    fn triple(&mut self, text: &[u8], content: Range<usize>) {
        let open = content.start - 3;
        let between = text.get(self.seen..open).unwrap_or_default();
        if let Some(end) = between.iter().rposition(|&byte| is_line_end(byte)) {
            self.line = self.seen + end + 1;
        }
        self.seen = open;
        if self.found.len() < MAX_SUSPECTS
            && has_import(&text[..content.end], content.start, indentation(text, self.line).0)
        {
            self.found.push(open);
        }
    }
}

/// Returns whether a line after the one at `at` is an import, indented to column `margin` at most.
fn has_import(text: &[u8], at: usize, margin: usize) -> bool {
    let mut at = line_end(text, at);
    while at < text.len() {
        let line = past_line_end(text, at);
        let first = text.get(line..).unwrap_or_default().iter().find(|&&byte| !is_space(byte));
        if matches!(first, Some(b'i' | b'f' | b'l')) {
            let (column, start) = indentation(text, line);
            if column <= margin && statement::is_import_statement(text, start) {
                return true;
            }
        }
        at = line_end(text, line);
    }
    false
}

//! Statements that never run, which only type checkers read: the body of `if TYPE_CHECKING:`, and
//! the branches after that of `if not TYPE_CHECKING:`.
//!
//! Source: blocks by indentation, reference 2.1.8.

use super::bytes::{byte, is_line_end, past_line_end, word_end};
use super::conditions;
use super::renamed::Renamed;

/// Returns the column to which the statement at or after `at` is indented, and its start
/// (reference, 2.1.8: a tab goes to the next multiple of eight, a form feed back to column 0). Of
/// joined lines, the first indented one counts.
pub(super) fn indentation(text: &[u8], mut at: usize) -> (usize, usize) {
    let (mut column, mut given) = (0, 0);
    loop {
        column = match byte(text, at) {
            b' ' => column + 1,
            b'\t' => (column / 8 + 1) * 8,
            b'\x0c' => 0,
            b'\\' if is_line_end(byte(text, at + 1)) => {
                given = if given == 0 { column } else { given };
                at = past_line_end(text, at + 1);
                continue;
            }
            _ => return (if given == 0 { column } else { given }, at),
        };
        at += 1;
    }
}

/// Open blocks around the scanner's position, as far as they belong to a test.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    open: Vec<Block>,
}

#[derive(Debug)]
struct Block {
    column: usize,
    /// Whether the block is for the type checker alone.
    checked: bool,
    /// Whether the `elif` and `else` blocks after it are.
    lasting: bool,
}

impl Blocks {
    /// Returns whether a statement here is for the type checker alone.
    pub(super) fn checked(&self) -> bool {
        self.open.last().is_some_and(|block| block.checked)
    }

    /// Returns whether no block of a test is open.
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Takes the statement at `at`, the first of its line: leaves the blocks that it is not in, and
    /// enters the one that it opens.
    pub(super) fn statement(&mut self, text: &[u8], at: usize, column: usize, renamed: &Renamed) {
        while self.open.pop_if(|block| block.column > column).is_some() {}
        let word = &text[at..word_end(text, at)];
        if let Some(block) = self.open.last_mut().filter(|block| block.column == column) {
            match word {
                b"elif" | b"else" if block.lasting => block.checked = true,
                _ => _ = self.open.pop(),
            }
        }
        if matches!(word, b"if" | b"elif")
            && !self.checked()
            && let Some(runs) = conditions::value(text, at + word.len(), renamed)
        {
            // An `elif` after a test that is true is already checked; one test per chain is enough.
            self.open.push(Block { column, checked: !runs, lasting: runs });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indentation_is_counted_as_python_does() {
        assert_eq!(indentation(b"  x", 0), (2, 2));
        assert_eq!(indentation(b"  \tx", 0), (8, 3));
        assert_eq!(indentation(b"   \x0c x", 0), (1, 5));
        assert_eq!(indentation(b"\\\n  x", 0), (2, 4));
        assert_eq!(indentation(b"\\\n\x0cx", 0), (0, 3));
        assert_eq!(indentation(b" \\\n\\\n  x", 0), (1, 7));
    }
}

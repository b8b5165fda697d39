//! Statements that only a type checker runs: the body of `if TYPE_CHECKING:`, and the branches
//! after that of `if not TYPE_CHECKING:`.
//!
//! Source: `typing.TYPE_CHECKING` in the standard library; blocks by indentation, reference 2.1.8.

use super::bytes::{byte, dotted, is_line_end, past_line_end, skip_lines, skip_spaces, word_end, word_is};

/// A test of `TYPE_CHECKING` in an `if` or `elif`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// `TYPE_CHECKING`
    Checking,
    /// `not TYPE_CHECKING`
    Running,
}

/// Reads the condition that starts at `at`, up to its colon; `None` unless it is the flag alone.
pub(super) fn test(text: &[u8], mut at: usize) -> Option<Test> {
    let mut negated = false;
    let mut open = 0_usize;
    loop {
        at = if open == 0 { skip_spaces(text, at) } else { skip_lines(text, at) };
        if byte(text, at) == b'(' {
            open += 1;
            at += 1;
        } else if word_is(text, at, b"not") {
            negated = !negated;
            at += 3;
        } else {
            break;
        }
    }
    let skip = if open == 0 { skip_spaces } else { skip_lines };
    let (name, range) = dotted(text, at, skip)?;
    if name != "TYPE_CHECKING" && !name.ends_with(".TYPE_CHECKING") {
        return None;
    }
    at = range.end;
    while open > 0 {
        at = skip_lines(text, at);
        if byte(text, at) != b')' {
            return None;
        }
        open -= 1;
        at += 1;
    }
    at = skip_spaces(text, at);
    // `:=` assigns the flag instead.
    let ends = byte(text, at) == b':' && byte(text, at + 1) != b'=';
    ends.then_some(if negated { Test::Running } else { Test::Checking })
}

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
    pub(super) fn statement(&mut self, text: &[u8], at: usize, column: usize) {
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
            && let Some(test) = test(text, at + word.len())
        {
            // An `elif` of a negated test is already checked; one test per chain is enough.
            self.open.push(Block { column, checked: test == Test::Checking, lasting: test == Test::Running });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bare_flag_is_a_test() {
        for (source, expected) in [
            (" TYPE_CHECKING:", Some(Test::Checking)),
            ("(t.TYPE_CHECKING) :", Some(Test::Checking)),
            (" not TYPE_CHECKING:", Some(Test::Running)),
            ("(\n not ( # why\n typing\n .TYPE_CHECKING)):", Some(Test::Running)),
            (" TYPE_CHECKING or x:", None),
            (" TYPE_CHECKING", None),
            (" TYPE_CHECKING_:", None),
            (" X_TYPE_CHECKING:", None),
            (" (TYPE_CHECKING:", None),
            (" TYPE_CHECKING is True:", None),
            (" TYPE_CHECKING := 1:", None),
        ] {
            assert_eq!(test(source.as_bytes(), 0), expected, "{source}");
        }
    }

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

//! Look-behind: the token before an offset, and whether an operand or an operator follows it.
//!
//! `/` divides or starts a regular expression, `<` compares or starts an element: the token before
//! decides (ECMA-262, 12.1). For this, the scan only records where the latest comments, brackets
//! and operands were.

use std::collections::VecDeque;
use std::ops::Range;

use crate::lang::lex::byte;

use super::bytes::{back_over_spaces, is_name, line_end, name_start};

/// Maximum number of comment runs that are remembered.
const MAX_REMEMBERED_RUNS: usize = 1024;

/// Constructs that a scan has passed, recorded for look-behind.
#[derive(Debug, Default)]
pub(super) struct Passed {
    /// Runs of comments, in the order of the text.
    comments: VecDeque<Range<usize>>,
    /// Ranges of the latest `(…)` and `{…}` that closed.
    pub(super) parentheses: Range<usize>,
    pub(super) braces: Range<usize>,
    /// Whether an operand ends with those braces.
    pub(super) is_operand: bool,
    /// End of the latest regular expression, element or identifier with an escape.
    pub(super) operand: usize,
    /// Range of the latest identifier with an escape.
    pub(super) escaped: Range<usize>,
    /// End of the latest import or export statement.
    pub(super) statement: usize,
    /// End of the latest colon of a case in a `switch`.
    pub(super) case: usize,
}

/// Keywords that an operand follows.
const BEFORE_OPERAND: &[&[u8]] = &[
    b"return",
    b"typeof",
    b"instanceof",
    b"in",
    b"of",
    b"new",
    b"delete",
    b"void",
    b"throw",
    b"case",
    b"do",
    b"else",
    b"yield",
    b"await",
    b"default",
    b"extends",
    b"break",
    b"continue",
    b"debugger",
];

impl Passed {
    /// Records a comment, the latest one so far.
    pub(super) fn comment(&mut self, text: &[u8], comment: Range<usize>) {
        while self.comments.back().is_some_and(|last| last.end > comment.start) {
            self.comments.pop_back();
        }
        let start = back_over_spaces(text, comment.start);
        if let Some(last) = self.comments.back_mut().filter(|last| last.end == start) {
            last.end = comment.end;
            return;
        }
        if self.comments.len() == MAX_REMEMBERED_RUNS {
            self.comments.pop_front();
        }
        self.comments.push_back(comment);
    }

    /// Returns the end of the token before `at`.
    pub(super) fn token_end(&self, text: &[u8], mut at: usize) -> usize {
        loop {
            at = back_over_spaces(text, at);
            if self.comments.back().is_none_or(|last| last.end < at) {
                return at;
            }
            let next = self.comments.partition_point(|comment| comment.end < at);
            match self.comments.get(next).filter(|comment| comment.end == at && comment.start < at) {
                Some(comment) => at = comment.start,
                None => return at,
            }
        }
    }

    /// Returns whether the token before `at` is the dot of a member (`a.b`, `a?.b`), not of a
    /// spread (`...a`).
    pub(super) fn member(&self, text: &[u8], at: usize) -> bool {
        let end = self.token_end(text, at);
        text.get(..end).is_some_and(|before| before.ends_with(b".") && !before.ends_with(b"..."))
    }

    /// Returns the word that ends at `end`, unless it is a member's name.
    pub(super) fn keyword<'t>(&self, text: &'t [u8], end: usize) -> Option<&'t [u8]> {
        let start = name_start(text, end);
        let word = text.get(start..end).filter(|word| !word.is_empty() && word.len() <= 10)?;
        (byte(text, start.wrapping_sub(1)) != b'#' && !self.member(text, start)).then_some(word)
    }

    /// Returns the word that is the token before `at`, unless it is a member's name.
    pub(super) fn word_before<'t>(&self, text: &'t [u8], at: usize) -> Option<&'t [u8]> {
        self.keyword(text, self.token_end(text, at))
    }

    /// Returns whether an operand is expected at `at`.
    pub(super) fn expects_operand(&self, text: &[u8], mut at: usize) -> bool {
        loop {
            let end = self.token_end(text, at);
            let Some(&last) = end.checked_sub(1).and_then(|last| text.get(last)) else { return true };
            let before = byte(text, end.wrapping_sub(2));
            return match last {
                _ if end == self.operand => false,
                _ if end == self.statement => true,
                b']' | b'"' | b'\'' | b'`' => false,
                b')' => !self.ends_operand(text, end),
                b'}' => self.follows_block(end),
                b'+' | b'-' => {
                    let signs = text.iter().take(end).rev().take_while(|&&sign| sign == last).count();
                    let sign = end.saturating_sub(signs);
                    if signs % 2 == 1 || has_line_end(text, self.token_end(text, sign)..sign) {
                        true
                    } else {
                        // `++` is a prefix where an operand is expected, and else ends one.
                        at = sign;
                        continue;
                    }
                }
                b'.' => !before.is_ascii_digit(),
                // Non-null assertion of TypeScript: `a! / b`.
                b'!' => !(is_name(before) || matches!(before, b')' | b']')) || !self.ends_operand(text, end - 1),
                _ if is_name(last) => !self.ends_operand(text, end),
                _ => true,
            };
        }
    }

    /// Returns whether a name or closing bracket that ends at `end` ends an operand.
    pub(super) fn ends_operand(&self, text: &[u8], end: usize) -> bool {
        if byte(text, end - 1) != b')' {
            return match self.keyword(text, end) {
                Some(b"of") => !self.follows_name(text, end - b"of".len()),
                Some(word) if BEFORE_OPERAND.contains(&word) => false,
                _ => !self.is_target(text, end),
            };
        }
        if self.parentheses.end != end {
            return true;
        }
        !matches!(self.head(text), Some(b"if" | b"while" | b"for" | b"with"))
    }

    /// Returns the word before the latest parentheses: `for await (…)` is a `for`.
    pub(super) fn head<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let head = self.token_end(text, self.parentheses.start);
        match self.keyword(text, head) {
            Some(b"await") => self.word_before(text, head - b"await".len()),
            word => word,
        }
    }

    /// Returns whether an operand ends before `at`, in its line: then `of` is an operator.
    fn follows_name(&self, text: &[u8], at: usize) -> bool {
        let end = self.token_end(text, at);
        let last = byte(text, end.wrapping_sub(1));
        let name = is_name(last) && !self.keyword(text, end).is_some_and(|word| BEFORE_OPERAND.contains(&word));
        (name || matches!(last, b']' | b'}' | b')')) && !has_line_end(text, end..at)
    }

    /// Returns whether a statement ends with the name at `end` where no operator can continue it: the label of `break` or
    /// `continue`, or a variable without a value.
    pub(super) fn is_target(&self, text: &[u8], end: usize) -> bool {
        let start = name_start(text, end);
        let before = self.token_end(text, start);
        match self.keyword(text, before) {
            _ if start == end => false,
            Some(b"break" | b"continue") => !has_line_end(text, before..start),
            word => matches!(word, Some(b"var" | b"let")),
        }
    }

    /// Returns whether the brace that ends at `end` closes a block, not an operand.
    pub(super) fn follows_block(&self, end: usize) -> bool {
        self.braces.end != end || !self.is_operand
    }
}

/// Returns whether a line ends in the range (ECMA-262, 12.3).
pub(super) fn has_line_end(text: &[u8], range: Range<usize>) -> bool {
    let end = range.end;
    line_end(text.get(..end).unwrap_or_default(), range.start.min(end)) < end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_tells_what_comes() {
        let passed = Passed::default();
        for (before, operand) in [
            ("", true),
            ("a ", false),
            ("a = ", true),
            ("return", true),
            ("x.return", false),
            ("#in ", false),
            ("1", false),
            ("1.", false),
            ("...", true),
            ("a++", false),
            ("a\n++", true),
            ("a + ++", true),
            ("a++ +", true),
            ("break", true),
            ("break a", true),
            ("break\na", false),
            ("a of", true),
            ("of", false),
            ("var a", true),
            ("a +", true),
            ("a!", false),
            ("return!", true),
            ("a[0]", false),
            ("a => ", true),
            ("a\u{a0}", false),
            ("returned", false),
        ] {
            assert_eq!(passed.expects_operand(before.as_bytes(), before.len()), operand, "{before}");
        }
    }

    #[test]
    fn comments_are_passed_over() {
        let text = b"a. /* b */ // c\n d /* e */";
        let mut passed = Passed::default();
        passed.comment(text, 3..10);
        passed.comment(text, 11..15);
        passed.comment(text, 19..26);
        assert!(passed.member(text, 17));
        assert_eq!(passed.token_end(text, 26), 18);
        assert_eq!(passed.word_before(text, 18), None);
    }
}

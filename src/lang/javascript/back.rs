//! Look-behind: the token before an offset, and whether an operand or an operator follows it.
//!
//! `/` divides or starts a regular expression, `<` compares or starts an element: the token before
//! decides (ECMA-262, 12.1). For this, the scan only records where the latest comments, brackets
//! and operands were.

use std::ops::Range;

use crate::lang::lex::byte;

use super::bytes::{back_over_spaces, is_name, name_start};

/// Maximum number of comment runs that are remembered.
const MAX_REMEMBERED_RUNS: usize = 8;

/// Constructs that a scan has passed, recorded for look-behind.
#[derive(Debug, Default)]
pub(super) struct Passed {
    comments: [Range<usize>; MAX_REMEMBERED_RUNS],
    last: usize,
    /// Ranges of the latest `(…)` and `{…}` that closed.
    pub(super) parentheses: Range<usize>,
    pub(super) braces: Range<usize>,
    /// End of the latest regular expression or element.
    pub(super) operand: usize,
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
];

impl Passed {
    /// Records a comment, the latest one so far.
    pub(super) fn comment(&mut self, text: &[u8], comment: Range<usize>) {
        let start = back_over_spaces(text, comment.start);
        let last = &mut self.comments[self.last];
        if last.end == start && start > 0 {
            last.end = comment.end;
        } else {
            self.last = (self.last + 1) % MAX_REMEMBERED_RUNS;
            self.comments[self.last] = comment;
        }
    }

    /// Returns the end of the token before `at`.
    pub(super) fn token_end(&self, text: &[u8], mut at: usize) -> usize {
        loop {
            at = back_over_spaces(text, at);
            match self.comments.iter().find(|comment| comment.end == at && comment.start < at) {
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
    fn keyword<'t>(&self, text: &'t [u8], end: usize) -> Option<&'t [u8]> {
        let start = name_start(text, end);
        let word = text.get(start..end).filter(|word| !word.is_empty() && word.len() <= 10)?;
        (byte(text, start.wrapping_sub(1)) != b'#' && !self.member(text, start)).then_some(word)
    }

    /// Returns the word that is the token before `at`, unless it is a member's name.
    pub(super) fn word_before<'t>(&self, text: &'t [u8], at: usize) -> Option<&'t [u8]> {
        self.keyword(text, self.token_end(text, at))
    }

    /// Returns whether an operand is expected at `at`.
    pub(super) fn expects_operand(&self, text: &[u8], at: usize) -> bool {
        let end = self.token_end(text, at);
        let Some(&last) = end.checked_sub(1).and_then(|last| text.get(last)) else { return true };
        let before = byte(text, end.wrapping_sub(2));
        match last {
            _ if end == self.operand => false,
            b']' | b'"' | b'\'' | b'`' => false,
            b')' => !self.ends_operand(text, end),
            b'}' => self.follows_block(text, end),
            b'+' | b'-' => before != last,
            b'.' => !before.is_ascii_digit(),
            // Non-null assertion of TypeScript: `a! / b`.
            b'!' => !(is_name(before) || matches!(before, b')' | b']')) || !self.ends_operand(text, end - 1),
            _ if is_name(last) => !self.ends_operand(text, end),
            _ => true,
        }
    }

    /// Returns whether a name or closing bracket that ends at `end` ends an operand.
    fn ends_operand(&self, text: &[u8], end: usize) -> bool {
        if byte(text, end - 1) != b')' {
            return !self.keyword(text, end).is_some_and(|word| BEFORE_OPERAND.contains(&word));
        }
        if self.parentheses.end != end {
            return true;
        }
        let head = self.token_end(text, self.parentheses.start);
        let mut word = self.keyword(text, head);
        if word == Some(b"await") {
            word = self.word_before(text, head - 5); // for await (…)
        }
        !matches!(word, Some(b"if" | b"while" | b"for" | b"with"))
    }

    /// Returns whether the brace that ends at `end` closes a block, not an object.
    fn follows_block(&self, text: &[u8], end: usize) -> bool {
        if self.braces.end != end {
            return true;
        }
        let head = self.token_end(text, self.braces.start);
        let Some(&last) = head.checked_sub(1).and_then(|last| text.get(last)) else { return true };
        match last {
            b')' | b';' | b'{' | b'}' => true,
            b'>' => byte(text, head.wrapping_sub(2)) == b'=',
            _ if is_name(last) => match self.keyword(text, head) {
                Some(b"else" | b"do") | None => true,
                Some(word) => !BEFORE_OPERAND.contains(&word),
            },
            _ => false,
        }
    }
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

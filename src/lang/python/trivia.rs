//! Looking back over trivia: the spaces, line ends and comments that separate tokens.

use std::ops::Range;

use super::bytes::{byte, is_line_end, is_space, is_word};

/// Maximum number of stretches remembered, hence of line breaks in a callee's chain of names.
const MAX_REMEMBERED_STRETCHES: usize = 16;

/// The last stretches of line ends and comments. Spaces can be skipped backwards, but only a
/// forward scan tells whether a `#` before a line end starts a comment.
#[derive(Debug, Default)]
pub(super) struct Trivia {
    stretches: [Range<usize>; MAX_REMEMBERED_STRETCHES],
    last: usize,
}

impl Trivia {
    /// Remembers a stretch without tokens, the latest one so far.
    pub(super) fn add(&mut self, stretch: Range<usize>, text: &[u8]) {
        let last = &mut self.stretches[self.last];
        let joined = last.end <= stretch.start && text[last.end..stretch.start].iter().all(|&byte| is_space(byte));
        if joined && last.end > 0 {
            last.end = stretch.end;
        } else {
            self.last = (self.last + 1) % MAX_REMEMBERED_STRETCHES;
            self.stretches[self.last] = stretch;
        }
    }

    /// Returns the end of the token before `at`.
    fn token_end(&self, text: &[u8], mut at: usize) -> usize {
        loop {
            while at > 0 && is_space(text[at - 1]) {
                at -= 1;
            }
            if at == 0 || !is_line_end(text[at - 1]) {
                return at; // every stretch ends with a line
            }
            match self.stretches.iter().find(|stretch| stretch.end == at && stretch.start < at) {
                Some(stretch) => at = stretch.start,
                None => return at,
            }
        }
    }

    /// Returns the token before `at`, if it is a word.
    pub(super) fn word_before(&self, text: &[u8], at: usize) -> Option<Range<usize>> {
        let end = self.token_end(text, at);
        let start = end - text[..end].iter().rev().take_while(|&&byte| is_word(byte)).count();
        (start < end && !byte(text, start).is_ascii_digit()).then_some(start..end)
    }

    /// Returns the offset of the token before `at`, if it is this sign.
    pub(super) fn sign_before(&self, text: &[u8], at: usize, sign: u8) -> Option<usize> {
        self.token_end(text, at).checked_sub(1).filter(|&before| text[before] == sign)
    }

    /// Returns whether a bracket at `at` follows a value that does not end with a name.
    pub(super) fn is_after_value(&self, text: &[u8], at: usize) -> bool {
        let before = self.token_end(text, at).checked_sub(1).and_then(|before| text.get(before));
        before.is_some_and(|before| matches!(before, b')' | b']' | b'}' | b'"' | b'\'') || before.is_ascii_digit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_skips_comments() {
        let text = b"a # b.\n  # c\n .d";
        let mut trivia = Trivia::default();
        trivia.add(2..6, text);
        trivia.add(6..7, text);
        trivia.add(9..12, text);
        trivia.add(12..13, text);
        assert_eq!(trivia.sign_before(text, 15, b'.'), Some(14));
        assert_eq!(trivia.word_before(text, 14), Some(0..1));
        assert_eq!(trivia.word_before(text, 0), None);
    }
}

//! The lexer: skips comments, strings and characters. One left open by accident costs only its
//! line.
//!
//! Format: the Rust reference, chapters "Comments" and "Tokens".

use memchr::{memchr, memmem};

use crate::lang::lex::{Quiet, byte, past_nested, quoted_end, rest};

use super::bytes::{goes_on, skip_space, space_length, start, word_end};

/// Maximum number of `#` around a raw string.
const MAX_HASHES: usize = 255;
/// Closing delimiter of the raw string with the most `#`.
static CLOSE: [u8; MAX_HASHES + 1] = {
    let mut close = [b'#'; MAX_HASHES + 1];
    close[0] = b'"';
    close
};

/// Lexer over a text.
pub(super) struct Lexer<'a> {
    pub(super) text: &'a [u8],
    pub(super) quiet: Quiet,
    /// Bytes that may still be rescanned after failed guesses.
    budget: usize,
    /// Whether the text is broken, once that was asked: only then may a quote be an accident.
    broken: Option<bool>,
    /// Whether a string or a comment was never closed.
    lost: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8], quiet: Quiet) -> Self {
        let budget = text.len().saturating_mul(4).saturating_add(1 << 16);
        Self { text, quiet, budget, broken: None, lost: false }
    }

    /// Returns the offset past the string, character, lifetime or comment at `at`, or past the byte
    /// if it opens none.
    pub(super) fn past(&mut self, at: usize) -> usize {
        match byte(self.text, at) {
            b'/' => self.comment(at).unwrap_or(at + 1),
            b'"' => self.string(at),
            b'\'' => self.character(at),
            _ => at + 1,
        }
    }

    /// Returns the offset past white space and comments.
    pub(super) fn trivia(&mut self, mut at: usize) -> usize {
        loop {
            at = skip_space(self.text, at);
            if byte(self.text, at) != b'/' {
                return at;
            }
            match self.comment(at) {
                Some(end) => at = end,
                None => return at,
            }
        }
    }

    fn comment(&mut self, at: usize) -> Option<usize> {
        let end = match byte(self.text, at + 1) {
            b'/' => self.line_end(at),
            b'*' => {
                let end = past_nested(self.text, at + 2, *b"/*", *b"*/");
                let closed = end < self.text.len() || self.text.ends_with(b"*/");
                self.lost |= !closed;
                if closed || !self.may_fail(end - at) { end } else { self.line_end(at) }
            }
            _ => return None,
        };
        self.quiet.add(at..end);
        Some(end)
    }

    /// Takes `bytes` from the budget for rescans. Returns whether it was large enough: without a
    /// limit, hostile texts would be read again and again.
    fn may_fail(&mut self, bytes: usize) -> bool {
        match self.budget.checked_sub(bytes) {
            Some(left) => {
                self.budget = left;
                true
            }
            None => false,
        }
    }

    fn line_end(&self, at: usize) -> usize {
        memchr(b'\n', rest(self.text, at)).map_or(self.text.len(), |length| at + length)
    }

    /// Returns the offset past the string that opens at `at`.
    fn string(&mut self, at: usize) -> usize {
        let (end, close) = match self.raw(at) {
            Some(hashes) => {
                let close = CLOSE.get(..=hashes).unwrap_or(&CLOSE);
                let length = memmem::find(rest(self.text, at + 1), close);
                (length.map(|length| at + 1 + length), close.len())
            }
            None => {
                let end = quoted_end(self.text, at + 1, b'"', false);
                if end < self.text.len() && self.is_accident(at, end) && self.is_broken() {
                    // A quote right after a word closes a string that nothing opened.
                    return if self.may_fail(end - at) { self.given_up(at) } else { end + 1 };
                }
                ((end < self.text.len()).then_some(end), 1)
            }
        };
        self.lost |= end.is_none();
        match end {
            Some(end) => {
                self.quiet.add(at + 1..end);
                end + close
            }
            None if self.may_fail(self.text.len() - at) => self.given_up(at),
            None => {
                self.quiet.add(at + 1..self.text.len());
                self.text.len()
            }
        }
    }

    /// Returns whether the text is broken: read without guesses, it leaves a string, a comment or a bracket open.
    fn is_broken(&mut self) -> bool {
        *self.broken.get_or_insert_with(|| {
            let mut lexer = Lexer { broken: Some(false), ..Lexer::new(self.text, Quiet::ignored()) };
            let (mut at, mut open) = (start(self.text), [0_usize; 3]);
            while !lexer.lost {
                let Some(&next) = self.text.get(at) else { break };
                let (kind, opens) = match next {
                    b'(' | b')' => (0, next == b'('),
                    b'[' | b']' => (1, next == b'['),
                    b'{' | b'}' => (2, next == b'{'),
                    _ => {
                        at = lexer.past(at);
                        continue;
                    }
                };
                at += 1;
                let Some(depth) = open.get_mut(kind) else { continue };
                match depth.checked_add_signed(if opens { 1 } else { -1 }) {
                    Some(now) => *depth = now,
                    None => return true,
                }
            }
            lexer.lost || open != [0; 3]
        })
    }

    /// Returns the offset past a quote that opens nothing, or past its line, which may be text.
    fn given_up(&mut self, at: usize) -> usize {
        if self.follows_word(at) {
            return at + 1;
        }
        let end = self.line_end(at);
        self.quiet.add(at + 1..end);
        end
    }

    /// Returns the number of `#` between `r` and the quote at `at`, if it opens a raw string.
    fn raw(&self, at: usize) -> Option<usize> {
        let hashes = self.text.get(..at)?.iter().rev().take(MAX_HASHES + 1).take_while(|&&byte| byte == b'#').count();
        let prefix = (at - hashes).checked_sub(1).filter(|_| hashes <= MAX_HASHES)?;
        (byte(self.text, prefix) == b'r' && self.begins(prefix)).then_some(hashes)
    }

    /// Returns whether the prefix of a string starts at `at`, or at the `b` or `c` before it.
    fn begins(&self, at: usize) -> bool {
        let marked = at.checked_sub(1).filter(|&before| matches!(byte(self.text, before), b'b' | b'c'));
        !goes_on(self.text, at) || marked.is_some_and(|before| !goes_on(self.text, before))
    }

    /// Returns whether a word that is not a prefix ends at the quote.
    fn follows_word(&self, at: usize) -> bool {
        goes_on(self.text, at) && !self.begins(at)
    }

    /// Returns whether the multi-line string from `at` to `end` is the text between two strings,
    /// one of which lost or gained a quote. Then a word or token of the next string follows it, or
    /// a word of the last one precedes it.
    fn is_accident(&self, at: usize, end: usize) -> bool {
        if memchr(b'\n', self.text.get(at..end).unwrap_or_default()).is_none() {
            return false;
        }
        let next = byte(self.text, end + 1);
        let word = word_end(self.text, end + 1) > end + 1;
        word || matches!(next, b'"' | b'{' | b'\\' | b'%' | b'@' | b'~' | b'`' | b'\'') || self.follows_word(at)
    }

    /// Returns the offset past the character or lifetime at `at`.
    fn character(&mut self, at: usize) -> usize {
        /// Maximum length of a character escape, in bytes: `'\u{1_0_F_F_F_F}'`, with room for more
        /// `_`.
        const MAX_CHARACTER_BYTES: usize = 40;
        let end = match byte(self.text, at + 1) {
            b'\\' => {
                let near = rest(self.text, at + 3);
                let near = near.get(..MAX_CHARACTER_BYTES).unwrap_or(near);
                let length = near.iter().position(|&byte| matches!(byte, b'\'' | b'\n'));
                length.map(|length| at + 3 + length).filter(|&end| byte(self.text, end) == b'\'')
            }
            b'\'' | b'\n' | b'\r' => None,
            first => Some(at + 1 + utf8_length(first)).filter(|&end| byte(self.text, end) == b'\''),
        };
        match end {
            Some(end) => {
                self.quiet.add(at + 1..end);
                end + 1
            }
            None if space_length(self.text, at + 1) > 0 => at + 1,
            None => word_end(self.text, at + 1).max(at + 1),
        }
    }
}

/// Returns the length in bytes of the character that starts with this byte.
const fn utf8_length(first: u8) -> usize {
    match first {
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
        _ => 1,
    }
}

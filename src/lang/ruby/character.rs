//! Character literals, `?a`. Only those matter whose character would otherwise open something.
//!
//! Source: Ruby's `doc/syntax/literals.rdoc`, "String Literals".

use crate::lang::lex::{byte, is_word};

use super::before::Before;
use super::scanner::Scanner;

impl Scanner<'_> {
    /// Reads the `?` at `at`: it opens a character literal, ends a method name, or belongs to a conditional.
    pub(super) fn question(&mut self, at: usize) -> usize {
        let next = byte(self.text, at + 1);
        let matters =
            matches!(next, b'"' | b'\'' | b'`' | b'#' | b'/' | b'%' | b'<' | b'{' | b'}' | b'$' | b'\\' | b'?');
        // The end of a method name, or a conditional.
        let name = at > self.code_from && is_word(byte(self.text, at - 1));
        if !matters || name || self.before(at) == Before::End {
            return at + 1;
        }
        let end = if next == b'\\' { self.past_escape(at + 1) } else { at + 2 };
        self.value_end = Some(end);
        self.code_from = end;
        end
    }

    /// Returns the offset past the escape at `at`, as far as it contains signs that matter: `\C-"`, `\M-\C-'`.
    fn past_escape(&self, mut at: usize) -> usize {
        for _ in 0..3 {
            if byte(self.text, at) != b'\\' {
                break;
            }
            match (byte(self.text, at + 1), byte(self.text, at + 2)) {
                (b'C' | b'M', b'-') => at += 3,
                (b'c', _) => at += 2,
                _ => return (at + 2).min(self.text.len()),
            }
        }
        (at + 1).min(self.text.len())
    }
}

//! Characters, `?a`: of those the ones that hold a sign which would open something else.
//!
//! Source: Ruby's `doc/syntax/literals.rdoc`, "String Literals".

use crate::lang::lex::{byte, is_word};

use super::before::Before;
use super::scanner::Scanner;

impl Scanner<'_> {
    /// What the sign at `at` is: it opens a character, ends a name, or is that of a condition.
    pub(super) fn question(&mut self, at: usize) -> usize {
        let next = byte(self.text, at + 1);
        let matters =
            matches!(next, b'"' | b'\'' | b'`' | b'#' | b'/' | b'%' | b'<' | b'{' | b'}' | b'$' | b'\\' | b'?');
        // the end of a method's name, or the sign of a condition
        let name = at > self.code_from && is_word(byte(self.text, at - 1));
        if !matters || name || self.before(at) == Before::End {
            return at + 1;
        }
        let end = if next == b'\\' { self.past_escape(at + 1) } else { at + 2 };
        self.value_end = Some(end);
        self.code_from = end;
        end
    }

    /// Past the escape at `at`, as far as it holds signs that matter: `\C-"`, `\M-\C-'`.
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

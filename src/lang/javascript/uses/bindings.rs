//! Bindings: whether an occurrence of a name binds it, judged by the tokens around it.

use super::finder::Finder;
use crate::lang::javascript::bytes::{back_over_spaces, name_start, skip_spaces, word_at};
use crate::lang::lex::{byte, rest};

impl Finder<'_, '_, '_> {
    /// Returns the word that ends at `end`.
    pub(super) fn word_before(&self, end: usize) -> &[u8] {
        self.code.get(name_start(self.code, end)..end).unwrap_or_default()
    }

    /// Returns whether the name between the offsets `before` and `end` is surely bound here.
    pub(super) fn binds(&self, before: usize, end: usize) -> bool {
        let (next, last) = (skip_spaces(self.code, end), byte(self.code, before.wrapping_sub(1)));
        let mut word = self.word_before(before);
        if last == b'*' {
            word = self.word_before(back_over_spaces(self.code, before - 1));
        }
        if matches!(word, b"const" | b"let" | b"var" | b"function" | b"class" | b"enum" | b"namespace" | b"interface") {
            return true;
        }
        if word == b"type" {
            // Otherwise it modifies a name in an export list.
            return matches!(byte(self.code, next), b'=' | b'<');
        }
        if matches!(word, b"static" | b"accessor" | b"declare" | b"typeof") {
            return false;
        }
        if matches!(word, b"readonly" | b"public" | b"private" | b"protected" | b"override") {
            // Class members, unless they are parameter properties.
            return self.within(b'(');
        }
        let counted = self.code.get(..before).is_some_and(|code| code.ends_with(b"++") || code.ends_with(b"--"));
        let listed = last == b',' && self.open.last().is_none_or(|open| self.is_block(open.at));
        let signs = rest(self.code, next);
        let operator = signs.iter().take(3).take_while(|sign| b"+-*/%<>&|^?".contains(sign)).count();
        let assigns = match (operator, signs) {
            (0, [b'=', b'=', ..]) => false,
            (0, [b'=', b'>', ..]) => !(last == b':' && self.returns(before - 1)),
            (0, [b'=', ..]) => true,
            (_, [b'+', b'+', ..] | [b'-', b'-', ..]) => true,
            (1, [b'<' | b'>', ..]) => false,
            (1.., _) => signs.get(operator) == Some(&b'='),
            _ => false,
        };
        let looped = word_at(self.code, next, b"of") || (word_at(self.code, next, b"in") && self.in_for(before));
        let typed = match signs {
            [b':', ..] => true,
            [b'?', after, ..] => matches!(after, b':' | b',' | b')'),
            _ => false,
        };
        let parameter = typed && matches!(last, b'(' | b',') && self.within(b'(');
        counted || assigns || looped || parameter || (listed && matches!(byte(self.code, next), b',' | b';'))
    }

    /// Returns whether the colon at `at` precedes an arrow function's return type, not a
    /// conditional's branch.
    fn returns(&self, at: usize) -> bool {
        let (open, close) = self.round;
        let before = back_over_spaces(self.code, open);
        self.types
            && back_over_spaces(self.code, at) == close + 1
            && (matches!(byte(self.code, before.wrapping_sub(1)), b'=' | b'(' | b',' | b'>' | b'{' | b';')
                || matches!(self.word_before(before), b"async" | b"return" | b"default"))
    }

    /// Returns whether the innermost open bracket is `bracket`.
    fn within(&self, bracket: u8) -> bool {
        self.open.last().is_some_and(|open| byte(self.code, open.at) == bracket)
    }

    fn in_for(&self, before: usize) -> bool {
        let open = before.wrapping_sub(1);
        byte(self.code, open) == b'(' && self.word_before(back_over_spaces(self.code, open)) == b"for"
    }

    /// Returns whether the name is bound if its bracket is a pattern or a list of parameters.
    pub(super) fn may_bind(&self, before: usize, end: usize) -> bool {
        let next = byte(self.code, skip_spaces(self.code, end));
        let key = next == b':' && self.within(b'{');
        let stands = self.may_stand_after(byte(self.code, before.wrapping_sub(1)));
        !key && stands && matches!(next, b',' | b')' | b']' | b'}' | b':' | b'?')
    }

    /// Returns whether a pattern's part may follow `sign`; a colon among parameters starts a type.
    pub(super) fn may_stand_after(&self, sign: u8) -> bool {
        matches!(sign, b'(' | b',' | b'[' | b'{' | b'.') || (sign == b':' && !self.within(b'('))
    }

    fn is_block(&self, open: usize) -> bool {
        let before = back_over_spaces(self.code, open);
        let last = byte(self.code, before.wrapping_sub(1));
        let arrow = self.code.get(..before).is_some_and(|code| code.ends_with(b"=>"));
        byte(self.code, open) == b'{'
            && (before == 0
                || arrow
                || matches!(last, b')' | b';' | b'{' | b'}')
                || matches!(self.word_before(before), b"else" | b"do" | b"try" | b"finally"))
    }
}

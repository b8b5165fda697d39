//! Lists of types in angle brackets: what is named there has nothing to do with the modules that values stand for.
//!
//! Format: TypeScript's "Generics"; as its parser does, a list is what closes before anything that no type has.

use std::ops::Range;

use crate::lang::lex::rest;

/// Longer lists are none that a hand wrote.
const MAX_LIST_BYTES: usize = 4096;

/// The last such list.
pub(super) struct Angles {
    list: Range<usize>,
    /// How many other brackets were open before it.
    depth: usize,
    /// How many bytes may still be looked at for the ends of lists.
    budget: usize,
}

impl Angles {
    /// None yet. In all, each byte of the code is looked at a few times at most.
    pub(super) fn of(code: &[u8]) -> Self {
        Self { list: 0..0, depth: 0, budget: code.len().saturating_mul(4) }
    }

    /// An angle bracket opens at `at`, within so many other brackets.
    pub(super) fn open(&mut self, code: &[u8], at: usize, depth: usize) {
        // people write spaces around the sign for "less"
        let spaced = at.checked_sub(1).and_then(|before| code.get(before)) == Some(&b' ');
        if at < self.list.end || (spaced && rest(code, at + 1).first().is_none_or(|&after| after == b' ')) {
            return;
        }
        let (mut angles, mut brackets) = (0_usize, 0_usize);
        let most = self.budget.min(MAX_LIST_BYTES);
        self.list = at..at;
        let mut last = 0;
        for (place, &sign) in rest(code, at).iter().enumerate().take(most) {
            self.budget -= 1;
            match sign {
                b'(' | b'[' | b'{' => brackets += 1,
                b')' | b']' | b'}' if brackets > 0 => brackets -= 1,
                b'<' if brackets == 0 => angles += 1,
                b'>' if brackets == 0 && last != b'=' => angles -= 1,
                b')' | b']' | b'}' => return,
                b';' | b'+' | b'*' | b'/' | b'%' | b'^' if brackets == 0 => return,
                _ => {}
            }
            last = sign;
            if angles == 0 {
                (self.list, self.depth) = (at..at + place + 1, depth);
                return;
            }
        }
    }

    /// Whether `at`, within so many other brackets, is in a list of types itself, not in brackets within it.
    pub(super) fn hold(&self, at: usize, depth: usize) -> bool {
        self.list.contains(&at) && self.depth == depth
    }
}

//! Type lists in angle brackets: a name in one is a type, and does not shadow a module's binding.
//!
//! Format: TypeScript's "Generics"; as in its parser, a list must close before any token that no
//! type contains.

use std::ops::Range;

use crate::lang::lex::rest;

/// Maximum length of a list, in bytes; nobody writes longer ones by hand.
const MAX_LIST_BYTES: usize = 4096;

/// The latest type list.
pub(super) struct Angles {
    list: Range<usize>,
    /// Number of other brackets open around the list.
    depth: usize,
    /// Remaining budget for finding the ends of lists, in bytes.
    budget: usize,
}

impl Angles {
    /// Starts without a list. The budget lets each byte be looked at a few times at most.
    pub(super) fn of(code: &[u8]) -> Self {
        Self { list: 0..0, depth: 0, budget: code.len().saturating_mul(4) }
    }

    /// Reads the list that may open at `at`, within `depth` other brackets.
    pub(super) fn open(&mut self, code: &[u8], at: usize, depth: usize) {
        // A less-than sign is written with spaces around it.
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

    /// Returns whether `at`, within `depth` other brackets, is in the list, but in no brackets
    /// inside it.
    pub(super) fn hold(&self, at: usize, depth: usize) -> bool {
        self.list.contains(&at) && self.depth == depth
    }
}

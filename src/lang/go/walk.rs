//! A walk through the code of a file, from word to word.

use std::ops::Range;

use crate::lang::Import;
use crate::lang::lex::{byte, skip_spaces, starts, word_end};

/// Token that a walk through the code reports.
pub(super) enum Seen<'c> {
    /// A word without a selector.
    Alone(&'c [u8]),
    /// A word; the byte range of the word with the selected name; the byte range of that name.
    Use(&'c [u8], Range<usize>, Range<usize>),
}

/// Token before a word, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Other,
    /// A selector's dot.
    Dot,
    /// `func`.
    Func,
    /// The closing bracket of what may be a receiver.
    Receiver,
    /// `package`, `goto`, `break` or `continue`.
    Label,
    /// `struct` or `interface`.
    Type,
}

/// Walk over the code without strings and comments, which leaves import statements out.
pub(super) struct Walk<'w> {
    pub(super) code: &'w [u8],
    pub(super) imports: &'w [Import<'w>],
}

impl<'w> Walk<'w> {
    /// Reports each word to `tell` until that returns false.
    pub(super) fn run(&self, tell: &mut impl FnMut(Seen<'w>) -> bool) {
        let mut imports = self.imports.iter().map(|import| &import.statement).peekable();
        let (mut at, mut before) = (0, Before::Other);
        // Number of open braces, and that number where the outermost struct or interface type
        // opened.
        let (mut braces, mut inside) = (0_usize, None);
        // Number of parentheses open since the one that may contain a receiver.
        let mut receiver: Option<usize> = None;
        loop {
            at = skip_spaces(self.code, at);
            while imports.next_if(|statement| statement.end <= at).is_some() {}
            if let Some(statement) = imports.next_if(|statement| statement.start <= at) {
                at = statement.end;
                continue;
            }
            let Some(&first) = self.code.get(at) else { return };
            let end = word_end(self.code, at);
            if end > at {
                let word = self.code.get(at..end).unwrap_or_default();
                let was = std::mem::replace(&mut before, Before::Other);
                match word {
                    b"func" => before = Before::Func,
                    b"struct" | b"interface" => before = Before::Type,
                    b"package" | b"goto" | b"break" | b"continue" => before = Before::Label,
                    _ => {
                        if let Some(seen) = self.word(at..end, was, inside.is_some())
                            && !tell(seen)
                        {
                            return;
                        }
                    }
                }
                at = end;
                continue;
            }
            let was = std::mem::replace(&mut before, Before::Other);
            match first {
                b'(' => match &mut receiver {
                    Some(open) => *open += 1,
                    None if was == Before::Func => receiver = Some(1),
                    None => {}
                },
                b')' => {
                    if let Some(open) = receiver.as_mut() {
                        *open -= 1;
                        if *open == 0 {
                            (receiver, before) = (None, Before::Receiver);
                        }
                    }
                }
                b'{' => {
                    if was == Before::Type && inside.is_none() {
                        inside = Some(braces);
                    }
                    braces += 1;
                }
                b'}' => {
                    braces = braces.saturating_sub(1);
                    inside = inside.filter(|&open| open < braces);
                }
                b'.' if starts(self.code, at, b"...") => at += 2,
                b'.' => before = Before::Dot,
                b'0'..=b'9' => {
                    at += self
                        .code
                        .iter()
                        .skip(at)
                        .take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'_')
                        .count();
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn word(&self, word: Range<usize>, before: Before, inside_type: bool) -> Option<Seen<'w>> {
        let text = self.code.get(word.clone())?;
        let next = skip_spaces(self.code, word.end);
        match byte(self.code, next) {
            _ if matches!(before, Before::Dot | Before::Label) => None,
            b'.' if !starts(self.code, next, b"...") => {
                let name = skip_spaces(self.code, next + 1);
                let end = word_end(self.code, name);
                if end == name {
                    // A type assertion, or broken code.
                    return Some(Seen::Alone(text));
                }
                Some(Seen::Use(text, word.start..end, name..end))
            }
            b':' if byte(self.code, next + 1) != b'=' => None,
            b'(' | b'[' if before == Before::Receiver => None,
            _ if inside_type => None,
            _ => Some(Seen::Alone(text)),
        }
    }
}

//! XML literals in Scala: elements whose text is not code, except in braces.
//!
//! Source: Scala 2.13 specification, 10: an element begins at a `<` that follows whitespace, a parenthesis or a brace,
//! and precedes a name.

use memchr::{memchr2, memmem};

use crate::lang::lex::{byte, is_space, is_word, rest, skip_spaces, starts};

/// Maximum length of a start tag whose end is looked for.
const MAX_TAG_BYTES: usize = 4096;

/// The reader's position in nested elements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Open {
    /// Number of open elements.
    depth: usize,
    /// Whether the position is among the attributes of a tag.
    tag: bool,
}

/// The result of one step.
pub(super) struct Step {
    /// Offset after the step.
    pub(super) at: usize,
    /// State in which the element goes on after the code that begins there; `None` at the end of the element.
    pub(super) code: Option<Open>,
}

impl Open {
    /// Returns the state at the start of an element; `None` if none begins at `at`, or if nothing closes it. `guesses`
    /// is the number of bytes that failed searches for the end may still cost.
    pub(super) fn at(text: &[u8], at: usize, guesses: &mut usize) -> Option<Self> {
        let before = at.checked_sub(1).map_or(b' ', |before| byte(text, before));
        if !is_space(before) && !matches!(before, b'(' | b'{' | b'>') {
            return None;
        }
        let begins = Self { depth: 0, tag: false };
        if [&b"<!--"[..], b"<![CDATA[", b"<?"].iter().any(|sign| starts(text, at, sign)) {
            return Some(begins);
        }
        let name = rest(text, at + 1).iter().take_while(|&&byte| is_name(byte)).count();
        let first = byte(text, at + 1);
        if name == 0 || first.is_ascii_digit() || matches!(first, b'-' | b'.' | b':') {
            return None;
        }
        let after = skip_spaces(text, at + 1 + name);
        let attribute = rest(text, after).iter().take_while(|&&byte| is_name(byte)).count();
        let equals = attribute > 0 && byte(text, skip_spaces(text, after + attribute)) == b'=';
        if starts(text, after, b"/>") {
            return Some(begins);
        }
        if byte(text, after) != b'>' && !equals {
            return None;
        }
        // Closed by its own end tag, or by a `/>` nearby.
        let longest = rest(text, after).len().min(*guesses);
        let near = rest(text, after).get(..longest).unwrap_or_default();
        let end_tag = [b"</", text.get(at + 1..at + 1 + name).unwrap_or_default()].concat();
        let found = memmem::find(near, &end_tag);
        let slash =
            || equals && memmem::find(near.get(..near.len().min(MAX_TAG_BYTES)).unwrap_or_default(), b"/>").is_some();
        if found.is_none() {
            *guesses -= longest;
        }
        (found.is_some() || slash()).then_some(begins)
    }
}

fn is_name(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'-' | b'.' | b':')
}

/// Goes on at `at` within an element, to its end or to the code in it.
pub(super) fn step(text: &[u8], mut at: usize, mut open: Open) -> Step {
    while at < text.len() {
        if open.tag {
            let length = rest(text, at).iter().position(|byte| matches!(byte, b'>' | b'"' | b'\'' | b'{'));
            let Some(length) = length else { break };
            let sign = at + length;
            at = sign + 1;
            match byte(text, sign) {
                b'{' => return Step { at, code: Some(open) },
                b'>' => {
                    open.tag = false;
                    if byte(text, sign - 1) == b'/' {
                        open.depth = open.depth.saturating_sub(1);
                    }
                }
                quote => at += memchr::memchr(quote, rest(text, at)).map_or(0, |length| length + 1),
            }
        } else {
            let Some(length) = memchr2(b'<', b'{', rest(text, at)) else { break };
            at += length;
            if starts(text, at, b"{{") {
                at += 2;
                continue;
            }
            if byte(text, at) == b'{' {
                return Step { at: at + 1, code: Some(open) };
            }
            let special = [(&b"<!--"[..], &b"-->"[..]), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"</", b">")];
            if let Some((sign, end)) = special.iter().find(|(sign, _)| starts(text, at, sign)) {
                if *sign == b"</" {
                    open.depth = open.depth.saturating_sub(1);
                }
                at = crate::lang::lex::past(text, at, end);
            } else {
                open.depth += 1;
                open.tag = true;
                at += 1;
                continue;
            }
        }
        if open.depth == 0 && !open.tag {
            return Step { at, code: None };
        }
    }
    Step { at: text.len(), code: None }
}

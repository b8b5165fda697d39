//! Files named by a literal in `require` and `include`.
//!
//! Format: PHP manual, "include", "Magic constants" and "dirname".

use crate::kind::Kind;
use crate::lang::lex::{byte, starts, word_end};
use crate::lang::{Form, Import};

use super::literals;
use super::text::gap;

/// Maximum number of parentheses around a path, and of nested `dirname` calls.
const MAX_DEPTH: usize = 16;

/// Returns the form of `require`, `include` and their `_once` variants; `None` for other words.
pub(super) fn form(word: &[u8]) -> Option<Form> {
    let is = |name: &[u8]| word.eq_ignore_ascii_case(name);
    if is(b"require") || is(b"require_once") {
        Some(Form::Require)
    } else if is(b"include") || is(b"include_once") {
        Some(Form::Include)
    } else {
        None
    }
}

/// Reads the operand of the word at `start..end`; `None` unless it is a literal path as a whole.
pub(super) fn read(text: &[u8], start: usize, end: usize, form: Form) -> Option<Import<'_>> {
    let mut at = gap(text, end);
    let mut brackets = 0;
    while byte(text, at) == b'(' && brackets < MAX_DEPTH {
        brackets += 1;
        at = gap(text, at + 1);
    }
    let level = match folder(text, at) {
        Some((level, after)) => {
            at = gap(text, after);
            if byte(text, at) != b'.' {
                return None;
            }
            at = gap(text, at + 1);
            level
        }
        None => 0,
    };
    let (module, span) = literals::read(text, at)?;
    let mut last = span.end;
    at = gap(text, last);
    for _ in 0..brackets {
        if byte(text, at) != b')' {
            return None;
        }
        last = at + 1;
        at = gap(text, last);
    }
    if !ends(text, at) || module.is_empty() {
        return None;
    }
    Some(Import {
        kind: Kind::Import,
        form,
        module: Some(module.into()),
        name: None,
        alias: None,
        level,
        statement: start..last,
        span,
    })
}

/// Returns whether the expression ends at `at`.
fn ends(text: &[u8], at: usize) -> bool {
    match byte(text, at) {
        b';' | b')' | b',' | b']' | b'}' | b':' => true,
        b'?' => byte(text, at + 1) == b'>',
        0 => at >= text.len(),
        _ => {
            let word = text.get(at..word_end(text, at)).unwrap_or_default();
            [&b"or"[..], b"and", b"xor"].iter().any(|name| word.eq_ignore_ascii_case(name))
        }
    }
}

/// Returns the folder that the expression at `at` refers to, as the number of steps up from the file, and the end of
/// the expression. `__DIR__` is one step, each `dirname` one more.
fn folder(text: &[u8], mut at: usize) -> Option<(u32, usize)> {
    let mut calls = 0;
    loop {
        let name = at + usize::from(byte(text, at) == b'\\');
        let end = word_end(text, name);
        let word = text.get(name..end)?;
        if word.eq_ignore_ascii_case(b"dirname") && calls < MAX_DEPTH {
            at = gap(text, end);
            if byte(text, at) != b'(' {
                return None;
            }
            calls += 1;
            at = gap(text, at + 1);
            continue;
        }
        let mut level = if word.eq_ignore_ascii_case(b"__DIR__") {
            1
        } else if word.eq_ignore_ascii_case(b"__FILE__") && calls > 0 {
            0
        } else {
            return None;
        };
        let mut at = end;
        for _ in 0..calls {
            at = gap(text, at);
            let mut steps = 1;
            if byte(text, at) == b',' {
                at = gap(text, at + 1);
                steps = u32::from(byte(text, at).wrapping_sub(b'0'));
                if !(1..=9).contains(&steps) {
                    return None;
                }
                at = gap(text, at + 1);
            }
            if !starts(text, at, b")") {
                return None;
            }
            level += steps;
            at += 1;
        }
        return Some((level, at));
    }
}

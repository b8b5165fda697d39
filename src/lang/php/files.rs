//! Files named by literals in `require` and `include`.
//!
//! Format: PHP manual, "include", "Magic constants", "dirname" and "realpath".

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::lex::{byte, starts, word_end};
use crate::lang::{Form, Import};

use super::literals;
use super::text::gap;

/// Maximum number of parentheses around a path, and of nested `dirname` calls.
const MAX_DEPTH: usize = 16;
/// Maximum number of terms that are joined.
const MAX_TERMS: usize = 16;

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

/// Reads the operand of the word at `start..end`; `None` unless all of it says what file it is: literals and a folder,
/// joined by dots, perhaps within parentheses or `realpath(…)`.
pub(super) fn read(text: &[u8], start: usize, end: usize, form: Form) -> Option<Import<'_>> {
    let mut operand = Operand { level: None, module: Cow::Borrowed(""), span: None, terms: 0 };
    let mut at = gap(text, end);
    let mut brackets = 0;
    loop {
        while let Some(inner) = opened(text, at) {
            brackets += 1;
            if brackets > MAX_DEPTH {
                return None;
            }
            at = gap(text, inner);
        }
        let mut last = operand.term(text, at)?;
        at = gap(text, last);
        while brackets > 0 && byte(text, at) == b')' {
            brackets -= 1;
            last = at + 1;
            at = gap(text, last);
        }
        if byte(text, at) == b'.' {
            at = gap(text, at + 1);
            continue;
        }
        if brackets > 0 || !ends(text, at) || operand.module.is_empty() {
            return None;
        }
        return Some(Import {
            kind: Kind::Import,
            form,
            module: Some(operand.module.into()),
            name: None,
            alias: None,
            level: operand.level.unwrap_or(0),
            statement: start..last,
            span: operand.span?,
        });
    }
}

/// An operand, as far as it is read.
struct Operand<'a> {
    /// Number of steps up to the folder that it begins with.
    level: Option<u32>,
    module: Cow<'a, str>,
    /// From the first literal to the last.
    span: Option<Range<usize>>,
    terms: usize,
}

impl<'a> Operand<'a> {
    /// Reads the term at `at`. Returns its end.
    fn term(&mut self, text: &'a [u8], at: usize) -> Option<usize> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return None;
        }
        if self.terms == 1
            && let Some((level, end)) = folder(text, at)
        {
            self.level = Some(level);
            return Some(end);
        }
        let (said, span) = separator(text, at).or_else(|| literals::read(text, at))?;
        if self.module.is_empty() {
            self.module = said;
        } else {
            self.module.to_mut().push_str(&said);
        }
        let end = span.end;
        self.span = Some(self.span.as_ref().map_or(span.start, |first| first.start)..end);
        Some(end)
    }
}

/// Returns the offset past the parenthesis, or the beginning of the call `realpath(`, at `at`.
fn opened(text: &[u8], at: usize) -> Option<usize> {
    let (word, end) = function(text, at);
    let open = if word.eq_ignore_ascii_case(b"realpath") { gap(text, end) } else { at };
    (byte(text, open) == b'(').then_some(open + 1)
}

/// Returns the slash that `DIRECTORY_SEPARATOR` stands for, and its span.
fn separator(text: &[u8], at: usize) -> Option<(Cow<'_, str>, Range<usize>)> {
    let (word, end) = function(text, at);
    (word == b"DIRECTORY_SEPARATOR").then_some((Cow::Borrowed("/"), at..end))
}

/// Returns the name of PHP's own at `at`, without the backslash of the global namespace, and its end.
fn function(text: &[u8], at: usize) -> (&[u8], usize) {
    // PHP 7 allowed white space and comments behind the backslash.
    let start = if byte(text, at) == b'\\' { gap(text, at + 1) } else { at };
    let end = word_end(text, start);
    (text.get(start..end).unwrap_or_default(), end)
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
        let (word, end) = function(text, at);
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

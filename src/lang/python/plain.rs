//! Texts in which every name that an import means is written as it is: whoever looks for a path can look for its words
//! first.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use crate::lang::{File, MAX_IMPORTS};
use crate::words::WholeWords;

use super::arguments::whole_literal;
use super::bytes::{byte, is_space, skip_lines, word_end};
use super::callees::{self, Callee};

/// Bytes around the name of a function that are looked at: with all of them, many names would cost their square.
const NEAR_BYTES: usize = 512;

/// Finds functions that import by a string, and behind them import statements.
static WORDS: LazyLock<Option<(WholeWords, Vec<Callee>)>> = LazyLock::new(|| {
    let (words, callees): (Vec<_>, Vec<_>) = callees::words().unzip();
    Some((WholeWords::new(words.into_iter().chain([&b"import"[..]]))?, callees))
});

/// Whether the text has no import by a string that may be put together of pieces or written with escapes, no star, no
/// identifier that the language compares in another form (reference, 2.3), and no more than [`MAX_IMPORTS`] imports;
/// and the path no such identifier.
pub(super) fn is_plain(file: File<'_>) -> bool {
    let File { path, text } = file;
    let Some((words, callees)) = WORDS.as_ref().filter(|_| path.is_ascii() && text.is_ascii()) else { return false };
    let mut statements = 0;
    for (word, at) in words.find(text) {
        let is_clear = match callees.get(word) {
            Some(callee) => is_clear(*callee, text, at),
            None => !may_have_star(text, at.end),
        };
        if !is_clear {
            return false;
        }
        statements += 1;
    }
    // names of one statement stand behind a comma each, or on lines of their own
    let is_short = text.len() <= MAX_IMPORTS;
    is_short || statements + memchr::memchr3_iter(b',', b'\n', b'\r', text).count() <= MAX_IMPORTS
}

/// Whether a star may follow at `at`: behind a backslash stands the next line.
fn may_have_star(text: &[u8], at: usize) -> bool {
    let after = text.get(at..).unwrap_or_default();
    matches!(after.iter().find(|&&byte| !is_space(byte)), Some(b'*' | b'\\'))
}

/// Whether the name of a function calls none, or with a path that stands in the text as it is.
fn is_clear(callee: Callee, text: &[u8], Range { start, end }: Range<usize>) -> bool {
    if callee == Callee::Attribute && !may_be_member(text, start) {
        return true;
    }
    let text = text.get(..text.len().min(end + NEAR_BYTES)).unwrap_or_default();
    let next = skip_lines(text, end);
    match byte(text, next) {
        _ if callee.takes_more() || next == end + NEAR_BYTES => false,
        b'(' => {
            let path = whole_literal(text, skip_lines(text, next + 1));
            path.is_some_and(|(literal, _)| matches!(literal.text, Cow::Borrowed(_)))
        }
        b'.' => {
            let member = skip_lines(text, next + 1);
            let member_end = word_end(text, member);
            member_end < end + NEAR_BYTES && !text.get(member..member_end).is_some_and(callees::is_of_patch)
        }
        // brackets around a callee change nothing
        b')' => false,
        _ => true,
    }
}

/// Whether a dot may stand before the name at `at`, before spaces, line ends and comments.
fn may_be_member(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_ascii_end();
    let near = before.get(before.len().saturating_sub(NEAR_BYTES)..).unwrap_or_default();
    let line = near.rsplit(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    matches!(line.last(), Some(b'.' | b'\\')) || line.contains(&b'#') || line.len() == NEAR_BYTES
}

//! Plain texts: every name that an import means is written literally, so that a search for a path
//! may search for its words first.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use crate::lang::{File, MAX_IMPORTS};
use crate::words::WholeWords;

use super::arguments::whole_literal;
use super::bytes::{byte, is_space, skip_lines, word_end, word_is};
use super::callees::{self, Callee};

/// Maximum number of bytes examined before and after the name of a function: without a limit, many
/// names would cost quadratic time.
const NEAR_BYTES: usize = 512;

/// See [`Plainness::min_bytes`](crate::lang::Plainness::min_bytes).
pub(super) const MIN_BYTES: usize = 4096;

/// Words to find (names of functions that import by a string, then `import`), and the functions.
static WORDS: LazyLock<Option<(WholeWords, Vec<Callee>)>> = LazyLock::new(|| {
    let (words, callees): (Vec<_>, Vec<_>) = callees::words().unzip();
    Some((WholeWords::new(words.into_iter().chain([&b"import"[..]]))?, callees))
});

/// Returns whether all imports are written literally: the text has no import by a string that may
/// be concatenated or escaped, no star, no identifier that the language compares in another form
/// (reference, 2.3), and at most [`MAX_IMPORTS`] imports; and the path has no such identifier.
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
    // Each further name of a statement follows a comma or a line end.
    let is_short = text.len() <= MAX_IMPORTS;
    is_short || statements + memchr::memchr3_iter(b',', b'\n', b'\r', text).count() <= MAX_IMPORTS
}

/// Returns whether a star may follow at `at`; a backslash may hide one on the next line.
fn may_have_star(text: &[u8], at: usize) -> bool {
    let after = text.get(at..).unwrap_or_default();
    matches!(after.iter().find(|&&byte| !is_space(byte)), Some(b'*' | b'\\'))
}

/// Returns whether the name of a function does not call it, or only with a literal path.
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
        // A callee in brackets may still be called, and so may one with another name.
        b')' => false,
        b'a' => !word_is(text, next, b"as"),
        _ => true,
    }
}

/// Returns whether a dot may precede the name at `at`, before spaces, line ends and comments.
fn may_be_member(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_ascii_end();
    let near = before.get(before.len().saturating_sub(NEAR_BYTES)..).unwrap_or_default();
    let line = near.rsplit(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    matches!(line.last(), Some(b'.' | b'\\')) || line.contains(&b'#') || line.len() == NEAR_BYTES
}

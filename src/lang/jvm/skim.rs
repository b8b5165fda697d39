//! A quick look whether a text can have a use that matters, so that most texts need not be taken apart for their uses.
//!
//! A use extends what an import binds, or is a path written out in full. The latter begins with the first segment of
//! some forbidden path, a plain word, and goes on with another segment. Nothing hides such a word in the text as the
//! compiler reads it:
//! - Comments and line ends may stand between the segments, and in Kotlin and Scala backticks around each. What follows
//!   the word then is no letter of a segment, and the text is taken apart.
//! - Unicode escapes (Java) are not looked through, but [translated](crate::lang::java) before.
//! - Words in comments and strings count as if they were code, because a string may contain some.
//! - A package that a clause of Scala opens lets a path begin beneath it. Such a path counts only if its first written
//!   segment is one of the words, too; its further ones tell nothing.

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::lex::{byte, is_word, rest, skip_spaces};
use crate::lang::{Import, MAX_IMPORTS, Sought};

use super::Style;

/// Maximum number of segments of a path that are looked up.
const MAX_SEGMENTS: usize = 32;

/// Returns whether the text, which has the `imports`, may use what is `sought`; also true if there may be more than
/// [`MAX_IMPORTS`] uses.
pub(in crate::lang) fn may_use(text: &[u8], style: Style, imports: &[Import<'_>], sought: Sought<'_>) -> bool {
    if may_have_many(text) {
        return true;
    }
    // `uses` leaves out the same ranges.
    let mut statements = imports.iter().filter(|row| row.kind != Kind::Dynamic).map(|row| &row.statement).peekable();
    let may_begin = |word: Range<usize>| {
        while statements.next_if(|range| range.end <= word.start).is_some() {}
        let is_statement = statements.peek().is_some_and(|range| range.start <= word.start);
        !is_statement
            && !is_package(text, word.start)
            && goes_on(text, word.end)
            && (style == Style::Scala || (sought.reaches)(&path_at(text, word.start)))
    };
    sought.words.find(text).map(|(_, word)| word).any(may_begin)
}

/// Returns whether there may be more than [`MAX_IMPORTS`] uses: each has a dot or a colon.
fn may_have_many(text: &[u8]) -> bool {
    text.len() > MAX_IMPORTS && memchr::memchr2_iter(b'.', b':', text).count() > MAX_IMPORTS
}

/// Returns whether the word `package` and a space precede the name at `at`: both are code, or neither is.
fn is_package(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let word = before.strip_suffix(b" ").and_then(|before| before.strip_suffix(b"package"));
    word.is_some_and(|before| !before.last().is_some_and(|&byte| is_word(byte) || matches!(byte, b'$' | b'`')))
}

/// Returns whether another segment may follow the name that ends at `at`; a slash may begin a comment, and an angle an
/// element of XML, which count as spaces.
fn goes_on(text: &[u8], at: usize) -> bool {
    let next = skip_spaces(text, at);
    match byte(text, next) {
        b'/' => matches!(byte(text, next + 1), b'/' | b'*'),
        next => matches!(next, b'.' | b':' | b'`' | b'<'),
    }
}

/// Returns the segments at `at` that only dots separate: the first ones of the path there.
fn path_at(text: &[u8], mut at: usize) -> Vec<Cow<'_, str>> {
    let mut segments = Vec::new();
    while segments.len() < MAX_SEGMENTS {
        let length = rest(text, at).iter().take_while(|&&byte| is_word(byte) || byte == b'$').count();
        let name = rest(text, at).get(..length).and_then(|name| std::str::from_utf8(name).ok());
        let Some(name) = name.filter(|name| !name.is_empty()) else { break };
        segments.push(Cow::Borrowed(name));
        at += length;
        if byte(text, at) != b'.' {
            break;
        }
        at += 1;
    }
    segments
}

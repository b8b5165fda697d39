//! Texts in which every name that an import means is written as it is: whoever looks for a path can look for its words
//! first.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::lang::{File, MOST_IMPORTS};

use super::bytes::{byte, is_space, is_word};
use super::callees;

const IMPORT: &[u8] = b"import";

/// Finds functions that import by a string, and import statements. Of words that overlap in a text only one can be whole:
/// it is the first to begin, and the longest of those.
static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = callees::words().chain([IMPORT]);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()
});

/// Whether the text has no import by a string (which may be put together of pieces, or written with escapes), no star,
/// no identifier that the language compares in another form (reference, 2.3), and no more than [`MOST_IMPORTS`] imports;
/// and the path no such identifier.
pub(super) fn is_plain(file: File<'_>) -> bool {
    let File { path, text } = file;
    let Some(words) = WORDS.as_ref().filter(|_| path.is_ascii() && text.is_ascii()) else { return false };
    let mut statements = 0;
    for found in words.find_iter(text) {
        let (start, end) = (found.start(), found.end());
        let is_import = text.get(start..end) == Some(IMPORT);
        let is_whole = !is_word(byte(text, end)) && (start == 0 || !is_word(byte(text, start - 1)));
        let is_unclear = if is_import { may_have_star(text, end) } else { is_whole };
        if is_unclear {
            return false;
        }
        statements += usize::from(is_import);
    }
    // names of one statement stand behind a comma each, or on lines of their own
    let is_short = text.len() <= MOST_IMPORTS;
    is_short || statements + memchr::memchr3_iter(b',', b'\n', b'\r', text).count() <= MOST_IMPORTS
}

/// Whether a star may follow at `at`: behind a backslash stands the next line.
fn may_have_star(text: &[u8], at: usize) -> bool {
    let after = text.get(at..).unwrap_or_default();
    matches!(after.iter().find(|&&byte| !is_space(byte)), Some(b'*' | b'\\'))
}

//! The words without which no import can follow, so that a scan for imports ends where the last of them stands: most files
//! import at their top, and searching for words takes a small part of what scanning takes.

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

use crate::lang::lex::byte;

/// Every row has one of these, at what it begins with or further on: keywords, names of functions and of mocks' methods,
/// the `from` of an export, an escape that hides a name.
const WORDS: &[&str] = &["import", "require", "Require", "from", "mock", "Mock", "getBuiltinModule", r"\u"];
/// Length of the longest.
const MAX_WORD_BYTES: usize = 16;

/// `None` where the processor lacks the instructions.
static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(WORDS));

/// Returns where the next word ends that ends after `at`; the end of the text where none is searched for.
pub(super) fn next_word_end(text: &[u8], at: usize) -> Option<usize> {
    let Some(searcher) = &*SEARCHER else { return Some(text.len()) };
    let start = at.saturating_sub(MAX_WORD_BYTES);
    let found = searcher.find_iter(text.get(start..).unwrap_or_default());
    let ends = found.map(|found| (WORDS.get(found.pattern().as_usize()), start + found.end()));
    ends.filter(|(word, end)| *end > at && may_begin(word.copied().unwrap_or_default(), text, *end))
        .map(|(_, end)| end)
        .next()
}

/// Returns whether a word that ends at `end` may be part of an import, by what follows: prose has `imported` and `from`.
fn may_begin(word: &str, text: &[u8], end: usize) -> bool {
    let next = byte(text, end);
    match word {
        r"\u" => true,
        "from" => {
            let space = text.get(end..).unwrap_or_default().iter().take_while(|&&byte| byte <= b' ').count();
            let next = byte(text, end + space);
            matches!(next, b'"' | b'\'' | b'/' | b'\\') || !next.is_ascii()
        }
        _ => !next.is_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_longer() {
        assert_eq!(WORDS.iter().map(|word| word.len()).max(), Some(MAX_WORD_BYTES));
    }
}

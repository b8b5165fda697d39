//! Words looked for in a text, whole.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

/// Finds words of ASCII letters, digits and `_` where none of those stands around them.
#[derive(Debug)]
pub struct WholeWords(AhoCorasick);

impl WholeWords {
    /// What finds these words; `None` where they are too many, or together too long.
    #[must_use]
    pub fn new(words: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Option<Self> {
        // Of words that overlap in a text only one can be whole: it is the first to begin, and the longest of those.
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok().map(Self)
    }

    /// Each word in the order of the text: its number, and its bytes.
    pub fn find<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (usize, Range<usize>)> + 't {
        let continues = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|&byte| continues_word(byte));
        let is_whole = move |at: &Range<usize>| !continues(at.start.checked_sub(1)) && !continues(Some(at.end));
        let found = self.0.find_iter(text).map(|found| (found.pattern().as_usize(), found.range()));
        found.filter(move |(_, at)| is_whole(at))
    }
}

/// Whether a word that such a byte stands before or behind goes on there.
#[must_use]
pub const fn continues_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

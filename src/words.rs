//! Search for words and literals in a text.

mod word_set;

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use memchr::memmem;

pub use word_set::WordSet;

/// Searches for words of ASCII letters, digits and `_` that have none of those around them.
#[derive(Debug)]
pub struct WholeWords(AhoCorasick);

impl WholeWords {
    /// Builds the searcher; `None` if the words are too many or too long in total.
    #[must_use]
    pub fn new(words: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Option<Self> {
        // Of overlapping matches only one can be a whole word: the leftmost, and the longest of those.
        // Vector instructions skip most of a text, so the smallest automaton is enough, and is built in half the time.
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::LeftmostLongest).kind(Some(AhoCorasickKind::NoncontiguousNFA));
        builder.build(words).ok().map(Self)
    }

    /// Returns the matches in text order: index of the word, and byte range.
    pub fn find<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (usize, Range<usize>)> + 't {
        let continues = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|&byte| continues_word(byte));
        let is_whole = move |at: &Range<usize>| !continues(at.start.checked_sub(1)) && !continues(Some(at.end));
        let found = self.0.find_iter(text).map(|found| (found.pattern().as_usize(), found.range()));
        found.filter(move |(_, at)| is_whole(at))
    }
}

/// Searches for literals anywhere in a text.
#[derive(Debug)]
pub enum Literals {
    /// One literal. Building an automaton for it would take 6 % of the instructions of a hook that judges one file.
    One(Box<memmem::Finder<'static>>),
    /// Several literals.
    Many(AhoCorasick),
}

impl Literals {
    /// Builds the searcher; `None` if the literals are too many or too long in total.
    #[must_use]
    pub fn new(literals: &[&[u8]]) -> Option<Self> {
        match literals {
            [one] => Some(Self::One(Box::new(memmem::Finder::new(one).into_owned()))),
            many => AhoCorasick::new(many).ok().map(Self::Many),
        }
    }

    /// Returns whether the text contains one of them.
    #[must_use]
    pub fn stand_in(&self, text: &[u8]) -> bool {
        match self {
            Self::One(finder) => finder.find(text).is_some(),
            Self::Many(finder) => finder.is_match(text),
        }
    }

    /// Calls `found` with the index and byte offset of each match. A single literal that overlaps itself is not found at
    /// every offset.
    pub fn each(&self, text: &[u8], mut found: impl FnMut(usize, usize)) {
        match self {
            Self::One(finder) => finder.find_iter(text).for_each(|start| found(0, start)),
            Self::Many(finder) => {
                finder.find_overlapping_iter(text).for_each(|word| found(word.pattern().as_usize(), word.start()));
            }
        }
    }
}

/// Returns whether the byte can be part of a word.
#[must_use]
pub const fn continues_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

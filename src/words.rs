//! Words looked for in a text.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;

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

/// Finds literals wherever they stand.
#[derive(Debug)]
pub enum Literals {
    /// An automaton for one takes 6 % of the instructions of a hook that judges one file.
    One(Box<memmem::Finder<'static>>),
    /// Several.
    Many(AhoCorasick),
}

impl Literals {
    /// What finds these literals; `None` where they are too many, or together too long.
    #[must_use]
    pub fn new(literals: &[&[u8]]) -> Option<Self> {
        match literals {
            [one] => Some(Self::One(Box::new(memmem::Finder::new(one).into_owned()))),
            many => AhoCorasick::new(many).ok().map(Self::Many),
        }
    }

    /// Whether one of them stands in the text.
    #[must_use]
    pub fn stand_in(&self, text: &[u8]) -> bool {
        match self {
            Self::One(finder) => finder.find(text).is_some(),
            Self::Many(finder) => finder.is_match(text),
        }
    }

    /// Hands out the number of each, and where it starts; not all of those that overlap themselves.
    pub fn each(&self, text: &[u8], mut found: impl FnMut(usize, usize)) {
        match self {
            Self::One(finder) => finder.find_iter(text).for_each(|start| found(0, start)),
            Self::Many(finder) => {
                finder.find_overlapping_iter(text).for_each(|word| found(word.pattern().as_usize(), word.start()));
            }
        }
    }
}

/// Whether a word that such a byte stands before or behind goes on there.
#[must_use]
pub const fn continues_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

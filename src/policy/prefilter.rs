//! Word filters: a text that names a forbidden path contains one of these words. Most texts contain none and need no
//! scan, if their language can rule out that a word is hidden by escapes.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::path::{PathPattern, Segment};
use crate::words::{WholeWords, WordSet, continues_word};

/// Maximum number of words that an automaton skips through a text for; with more, it stops so often that looking up each
/// word of the text costs less.
const MAX_AUTOMATON_WORDS: usize = 64;

/// Number of bytes of a run's texts, below which reading their uses costs less than making the searcher for first words.
const MIN_SKIMMED_BYTES: usize = 4096;

/// Words of every entry of a language that a text is searched for.
#[derive(Debug, Default)]
pub(super) struct Prefilter {
    /// Last literal segments; any path that the entry matches contains its own.
    last: Words,
    /// First segments, with which a path begins that is written out in full; those of exceptions, too.
    first: Words,
}

/// A word of each entry.
#[derive(Debug, Default)]
struct Words {
    words: BTreeSet<String>,
    /// Whether an entry has no such word.
    unknown: bool,
    finder: OnceLock<Finder>,
    /// Number of bytes that were asked about before the searcher was made. Whatever threads read of it, they only scan a
    /// file more or less.
    asked_bytes: AtomicUsize,
}

#[derive(Debug)]
enum Finder {
    Automaton(WholeWords),
    Set(Box<WordSet>),
}

impl Prefilter {
    /// Adds an entry. Only one that is `sought` makes a text matter that has its last word.
    pub(super) fn add(&mut self, pattern: &PathPattern, sought: bool) {
        fn literal(segment: &Segment) -> Option<&str> {
            match segment {
                Segment::Literal(text) => Some(text),
                _ => None,
            }
        }
        self.first.add(pattern.segments.first().and_then(literal));
        if sought {
            self.last.add(pattern.segments.iter().rev().find_map(literal));
        }
    }

    /// Returns whether the text contains the last word of an entry; also true until texts of `min_bytes` were asked about.
    pub(super) fn may_stand_in(&self, text: &[u8], min_bytes: usize) -> bool {
        self.last.finder(text.len(), min_bytes).is_none_or(|finder| match finder {
            Finder::Automaton(words) => words.find(text).next().is_some(),
            Finder::Set(words) => words.stands_in(text),
        })
    }

    /// Returns a searcher for the first words of all entries in a text of this length; `None` if an entry may begin with any
    /// word, if they are too many, or if scanning all texts so far costs less than making it.
    pub(super) fn first_words(&self, text_bytes: usize) -> Option<&WholeWords> {
        if self.first.words.len() > MAX_AUTOMATON_WORDS {
            return None;
        }
        match self.first.finder(text_bytes, MIN_SKIMMED_BYTES)? {
            Finder::Automaton(words) => Some(words),
            Finder::Set(_) => None,
        }
    }
}

impl Words {
    fn add(&mut self, word: Option<&str>) {
        match word.filter(|word| !word.is_empty() && word.bytes().all(continues_word)) {
            Some(word) if self.words.contains(word) => {}
            Some(word) => _ = self.words.insert(word.to_owned()),
            None => self.unknown = true,
        }
    }

    /// Returns the searcher for a text of this length; `None` until texts of `min_bytes` were asked about.
    fn finder(&self, text_bytes: usize, min_bytes: usize) -> Option<&Finder> {
        let asked_before = || self.asked_bytes.fetch_add(text_bytes, Ordering::Relaxed);
        let is_worthwhile = || self.finder.get().is_some() || asked_before().saturating_add(text_bytes) >= min_bytes;
        if self.unknown || !is_worthwhile() {
            return None;
        }
        Some(self.finder.get_or_init(|| Finder::new(&self.words)))
    }
}

impl Finder {
    fn new(words: &BTreeSet<String>) -> Self {
        let automaton = if words.len() > MAX_AUTOMATON_WORDS { None } else { WholeWords::new(words) };
        automaton.map_or_else(|| Self::Set(Box::new(WordSet::new(words))), Self::Automaton)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::notation::Names;

    fn prefilter(paths: &[&str]) -> Prefilter {
        let mut words = Prefilter::default();
        for path in paths {
            let segments = path.split('.').map(str::to_owned).collect();
            words.add(&PathPattern::new(segments, Names::Alike, false).unwrap(), true);
        }
        words
    }

    fn stands_in(own: &Prefilter, text: &str) -> bool {
        own.may_stand_in(text.as_bytes(), 0)
    }

    #[test]
    fn a_word_counts_whole() {
        let own = prefilter(&["a.b.old", "a.*.oldest.**", "a._x"]);
        for text in ["import old", "old", "a.b.old.c", "(oldest)", "ä.old.ä", "äold", "_x", "older oldest"] {
            assert!(stands_in(&own, text), "{text}");
        }
        for text in ["", "older", "bold", "old_", "a.b", "x_x _xx", "OLD", "oldestold"] {
            assert!(!stands_in(&own, text), "{text}");
        }
    }

    #[test]
    fn what_has_no_word_is_not_ruled_out() {
        for paths in [&["**"][..], &["a.b", "*"], &["a.é"], &["a.b-c"], &[""]] {
            assert!(stands_in(&prefilter(paths), "nothing"), "{paths:?}");
        }
        let own = prefilter(&["a.b"]);
        let may_stand_in: Vec<bool> = (0..4).map(|_| own.may_stand_in(b"nothing", 15)).collect();
        assert_eq!(may_stand_in, [true, true, false, false], "few bytes are not worth it");
        assert!(!stands_in(&prefilter(&["a.**"]), "b"));
    }

    proptest! {
        #[test]
        fn whole_words_are_found_among_parts_of_others(
            own in prop::collection::btree_set("[ab_]{1,3}", 1..5),
            // A few words are searched for by an automaton, many by a set.
            more in prop::sample::select(vec![0, MAX_AUTOMATON_WORDS]),
            text in "[ab_ .]{0,30}",
        ) {
            let own: Vec<String> = own.into_iter().chain((0..more).map(|number| format!("x{number}"))).collect();
            let paths: Vec<&str> = own.iter().map(String::as_str).collect();
            let naive = text.split([' ', '.']).any(|word| own.iter().any(|own| own == word));
            prop_assert_eq!(stands_in(&prefilter(&paths), &text), naive);
        }
    }
}

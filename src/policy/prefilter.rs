//! Word filter: a text that names a forbidden path contains one of these words. Most texts contain none and need no
//! scan, if their language can rule out that a word is hidden by escapes.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::path::{PathPattern, Segment};
use crate::words::{WholeWords, WordSet, continues_word};

/// Maximum number of words that an automaton skips through a text for; with more, it stops so often that looking up each
/// word of the text costs less.
const MAX_AUTOMATON_WORDS: usize = 64;

/// Minimum text length; for a shorter text, building the searcher costs about as much as scanning.
const MIN_TEXT_BYTES: usize = 4096;

/// Last literal segment of every entry of a language; any path that the entry matches contains it.
#[derive(Debug, Default)]
pub(super) struct Prefilter {
    words: BTreeSet<String>,
    /// Whether an entry has no literal segment, or one that is not a plain word.
    unknown: bool,
    finder: OnceLock<Finder>,
}

#[derive(Debug)]
enum Finder {
    Automaton(WholeWords),
    Set(Box<WordSet>),
}

impl Prefilter {
    pub(super) fn add(&mut self, pattern: &PathPattern) {
        let last = pattern.segments.iter().rev().find_map(|segment| match segment {
            Segment::Literal(text) => Some(text.as_str()),
            _ => None,
        });
        match last.filter(|word| !word.is_empty() && word.bytes().all(continues_word)) {
            Some(word) => _ = self.words.insert(word.to_owned()),
            None => self.unknown = true,
        }
    }

    /// Returns whether the text contains one of the words; also true if finding out is not worthwhile.
    pub(super) fn may_stand_in(&self, text: &[u8]) -> bool {
        if self.unknown || (self.finder.get().is_none() && text.len() < MIN_TEXT_BYTES) {
            return true;
        }
        match self.finder.get_or_init(|| Finder::new(&self.words)) {
            Finder::Automaton(words) => words.find(text).next().is_some(),
            Finder::Set(words) => words.stands_in(text),
        }
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
            words.add(&PathPattern::new(path.split('.').map(str::to_owned).collect(), Names::Alike, false).unwrap());
        }
        words
    }

    fn stands_in(own: &Prefilter, text: &str) -> bool {
        own.may_stand_in(format!("{text}\n{}", "=\n".repeat(MIN_TEXT_BYTES)).as_bytes())
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
        assert!(prefilter(&["a.b"]).may_stand_in(b"nothing"), "a short text is not worth it");
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

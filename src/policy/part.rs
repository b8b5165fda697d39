//! Parts of segments: patterns such as `_*` and `*-icons`, and their index.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

/// Pattern of a segment with one `*` in it, which stands for any characters, none included.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Part {
    pub(super) prefix: String,
    pub(super) suffix: String,
}

impl Part {
    /// Returns whether a whole segment matches. A name (`#name`) matches only if the pattern is one of names.
    pub(super) fn matches(&self, segment: &str, names_apart: bool) -> bool {
        let rest = segment.strip_prefix(self.prefix.as_str());
        rest.is_some_and(|rest| rest.ends_with(self.suffix.as_str()))
            && (self.may_match_names(names_apart) || !is_name(segment))
    }

    /// Number of characters that a segment must have: of two patterns, the one with more is the more specific.
    pub(super) fn letters(&self) -> usize {
        self.prefix.chars().count() + self.suffix.chars().count()
    }

    fn may_match_names(&self, names_apart: bool) -> bool {
        !names_apart || is_name(&self.prefix)
    }
}

/// Returns whether a segment is a name, in a language that tells names from modules.
pub(super) fn is_name(segment: &str) -> bool {
    segment.starts_with('#')
}

/// Index of parts: those that match a segment are found without asking the others.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// By prefix, then by the suffix read backwards.
    by_prefix: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Parts {
    /// Returns the value of a part; inserts `value` if it has none.
    pub(super) fn get_or_insert(&mut self, part: &Part, value: usize) -> usize {
        let suffixes = self.by_prefix.entry(part.prefix.clone()).or_default();
        *suffixes.entry(part.suffix.chars().rev().collect()).or_insert(value)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_prefix.is_empty()
    }

    /// Calls `found` with the value of every part that matches the segment.
    pub(super) fn matching(&self, segment: &str, names_apart: bool, found: &mut dyn FnMut(usize)) {
        if self.is_empty() {
            return;
        }
        each_start(&self.by_prefix, segment, &mut |prefix, suffixes| {
            if names_apart && is_name(segment) && prefix.is_empty() {
                return;
            }
            let rest: String = segment.get(prefix.len()..).unwrap_or_default().chars().rev().collect();
            each_start(suffixes, &rest, &mut |_, &value| found(value));
        });
    }
}

/// Calls `found` with each key that the text begins with. Keys that it does not begin with are not visited one by one:
/// after each, the search goes on at what it has in common with the text. Returns the number of keys visited.
fn each_start<'m, V>(map: &'m BTreeMap<String, V>, text: &str, found: &mut dyn FnMut(&'m str, &'m V)) -> usize {
    let (mut most, mut inclusive) = (text, true);
    for visited in 0.. {
        let bound = if inclusive { Included(most) } else { Excluded(most) };
        let Some((key, value)) = map.range::<str, _>((Unbounded, bound)).next_back() else { return visited };
        let common = most.bytes().zip(key.bytes()).take_while(|(one, two)| one == two).count();
        if common == key.len() {
            found(key, value);
            most = most.get(..common).unwrap_or_default();
            inclusive = false;
        } else {
            most = &most[..most.floor_char_boundary(common)];
            inclusive = true;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(text: &str) -> Part {
        let (prefix, suffix) = text.split_once('*').unwrap();
        Part { prefix: prefix.to_owned(), suffix: suffix.to_owned() }
    }

    #[test]
    fn a_part_matches_around_its_star() {
        for (text, segment, expected) in [
            ("_*", "_x", true),
            ("_*", "_", true),
            ("_*", "x_", false),
            ("*-icons", "svg-icons", true),
            ("*-icons", "icons", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("#use*", "#useState", true),
            ("#*", "#x", true),
            ("use*", "#useState", false),
            ("*State", "#useState", false),
            ("é*é", "éxé", true),
        ] {
            assert_eq!(part(text).matches(segment, true), expected, "{text} on {segment}");
        }
        assert!(part("*:").matches("#::", false), "an operator of Scala");
    }

    #[test]
    fn parts_that_do_not_match_are_not_visited() {
        let map: BTreeMap<String, ()> = (0..5000).map(|number| (format!("a{number:04}"), ())).collect();
        for text in ["a2345", "a23", "b", "a", "", "aaa"] {
            assert!(each_start(&map, text, &mut |_, ()| {}) <= text.len(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_index_is_a_scan_over_the_parts(
            parts in prop::collection::btree_set("[#ab]{0,2}[é]?\\*[ab]{0,3}", 0..12),
            segment in "[#ab]{0,1}[abé]{0,5}",
            names_apart in any::<bool>(),
        ) {
            let parts: Vec<_> = parts.iter().map(|text| part(text)).collect();
            let mut index = Parts::default();
            for (at, part) in parts.iter().enumerate() {
                index.get_or_insert(part, at);
            }
            let mut found = Vec::new();
            index.matching(&segment, names_apart, &mut |at| found.push(at));
            found.sort_unstable();
            let matches = |(at, part): (usize, &Part)| part.matches(&segment, names_apart).then_some(at);
            prop_assert_eq!(found, parts.iter().enumerate().filter_map(matches).collect::<Vec<_>>());
        }
    }
}

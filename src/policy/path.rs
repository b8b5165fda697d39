//! Path patterns of a policy: matching and specificity.

use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

use super::part::{Part, is_name};
use crate::notation::Names;

/// Path pattern. It matches the path itself and everything beneath it, or only names beneath it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PathPattern {
    pub(super) segments: Vec<Segment>,
    /// Whether names are segments of their own sort (`#name`), which `*` does not match.
    pub(super) names_apart: bool,
    /// Whether modules beneath the path are meant, too; else only the path and one name taken from it, with its members.
    pub(super) beneath: bool,
}

/// Segment of a pattern, from the most to the least specific.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Segment {
    Literal(String),
    /// `<feature>`: the name of the importing file's own folder, which a capture in `paths` binds.
    Capture(String),
    /// One `*` within the segment.
    Part(Part),
    /// `*`: any one segment.
    One,
    /// `**` at the end of an exception, in a language that tells names from modules: one module segment or more.
    Modules,
    /// `**`: any number of segments, none included.
    Any,
}

/// How specific a segment is; the least comes first.
pub(super) type Rank = (u8, Reverse<usize>);

impl Segment {
    pub(super) fn rank(&self) -> Rank {
        match self {
            Self::Literal(_) | Self::Capture(_) => (0, Reverse(0)),
            Self::Part(part) => (1, Reverse(part.letters())),
            Self::One => (2, Reverse(0)),
            Self::Modules | Self::Any => (3, Reverse(0)),
        }
    }
}

impl PathPattern {
    /// Builds a pattern from the segments that a notation splits a path into.
    ///
    /// # Errors
    /// The segment that has two stars.
    pub(super) fn new(segments: Vec<String>, names: Names, exception: bool) -> Result<Self, String> {
        let told_apart = names.are_apart(&segments);
        let read = segments.into_iter().map(|segment| match (segment.as_str(), segment.split_once('*')) {
            ("*", _) => Ok(Segment::One),
            ("**", _) => Ok(Segment::Any),
            (_, Some((_, suffix))) if suffix.contains('*') => Err(segment),
            (_, Some((prefix, suffix))) => {
                Ok(Segment::Part(Part { prefix: prefix.to_owned(), suffix: suffix.to_owned() }))
            }
            (_, None) => Ok(Segment::Literal(segment)),
        });
        let mut segments = read.collect::<Result<Vec<_>, _>>()?;
        if let Some(last) = segments.last_mut().filter(|last| told_apart && exception && **last == Segment::Any) {
            *last = Segment::Modules;
        }
        Ok(Self { segments, names_apart: names != Names::Alike, beneath: true })
    }

    /// Returns the segments of a path without globs; `None` if it has one.
    pub(super) fn literal(&self) -> Option<Vec<&str>> {
        let literal = self.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => Some(text.as_str()),
            _ => None,
        });
        literal.collect()
    }

    /// Returns whether the last segment is one name, written out or bound by a capture, and what is above it is no `**`.
    pub(super) fn names_beneath_a_path(&self) -> bool {
        let (Some(last), above) = (self.segments.last(), self.segments.iter().rev().nth(1)) else { return false };
        matches!(last, Segment::Literal(_) | Segment::Capture(_)) && above != Some(&Segment::Any)
    }

    /// Returns whether the pattern is of stars alone, which name nothing. `.` is only the top of the repository.
    pub(super) fn names_nothing(&self) -> bool {
        self.segments.iter().all(|segment| match segment {
            Segment::Literal(text) => text == ".",
            Segment::Part(_) | Segment::Capture(_) => false,
            Segment::One | Segment::Modules | Segment::Any => true,
        })
    }

    /// Returns whether the pattern matches the path.
    pub(super) fn matches(&self, path: &[Cow<'_, str>]) -> bool {
        // What a capture stands for, only the index knows.
        self.matches_if(path, false)
    }

    /// Returns whether the pattern could match the path, because a capture may stand for any folder.
    pub(super) fn may_match(&self, path: &[Cow<'_, str>]) -> bool {
        self.matches_if(path, true)
    }

    fn matches_if(&self, path: &[Cow<'_, str>], any_folder: bool) -> bool {
        let (mut at, mut from) = (0, 0);
        // Position to resume at after a mismatch: behind the last `**`, which then takes one segment more.
        let mut retry = None;
        loop {
            let segment = path.get(from);
            let stuck = match self.segments.get(at) {
                None => return true,
                Some(Segment::Any) => {
                    retry = Some((at + 1, from));
                    at += 1;
                    continue;
                }
                Some(Segment::One | Segment::Modules) => segment.is_none_or(|text| self.names_apart && is_name(text)),
                Some(Segment::Part(part)) => segment.is_none_or(|text| !part.matches(text, self.names_apart)),
                Some(Segment::Literal(text)) => segment.is_none_or(|segment| segment != text),
                Some(Segment::Capture(_)) => {
                    !any_folder || segment.is_none_or(|text| self.names_apart && is_name(text))
                }
            };
            if !stuck {
                (at, from) = (at + 1, from + 1);
            } else if let Some((after, start)) = retry.filter(|&(_, start)| start < path.len()) {
                retry = Some((after, start + 1));
                (at, from) = (after, start + 1);
            } else {
                return false;
            }
        }
    }

    /// Compares specificity; `Less` if `self` is more specific: segment by segment from the left, literal before part of a
    /// segment (more letters first) before `*` before `**`; then the longer.
    pub(super) fn specificity(&self, other: &Self) -> Ordering {
        let pairs = self.segments.iter().zip(&other.segments);
        pairs
            .map(|(one, two)| one.rank().cmp(&two.rank()))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| other.segments.len().cmp(&self.segments.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> PathPattern {
        PathPattern::new(text.split('.').map(str::to_owned).collect(), Names::Alike, false).unwrap()
    }

    /// Reads `!a/*/#name`, where names are told from modules.
    fn apart(text: &str) -> PathPattern {
        let path = text.trim_start_matches('!');
        PathPattern::new(path.split('/').map(str::to_owned).collect(), Names::Apart, path != text).unwrap()
    }

    #[test]
    fn a_pattern_means_a_path_and_what_lies_beneath() {
        let cases = [
            ("a.b", "a.b", true),
            ("a.b", "a.b.c", true),
            ("a.b", "a", false),
            ("a.b", "a.bc", false),
            ("a.*", "a", false),
            ("a.*", "a.b", true),
            ("a.*.c", "a.b.c.d", true),
            ("a.*.c", "a.b.b.c", false),
            ("a.**.c", "a.c", true),
            ("a.**.c", "a.b.b.c.d", true),
            ("a.**.c", "a.b", false),
            ("a.**", "a", true),
            ("**", "", true),
            ("**.b.c", "b.b.c", true),
            ("**.b.*.d", "b.b.b.d", true),
            ("**.b.*.d", "b.c.b.d", false),
            ("a._*", "a._b.c", true),
            ("a._*", "a.b", false),
            ("**.*Old.x", "a.b.VeryOld.x", true),
            ("a.*", "a.#::", true),
        ];
        for (text, path, expected) in cases {
            let path: Vec<_> = path.split('.').map(Cow::from).collect();
            assert_eq!(pattern(text).matches(&path), expected, "{text} on {path:?}");
        }
    }

    #[test]
    fn names_are_told_from_modules() {
        let cases = [
            ("m/*", "m", false),
            ("m/*", "m/#x", false),
            ("m/*", "m/a", true),
            ("m/*", "m/a/#x", true),
            ("m/#*", "m", false),
            ("m/#*", "m/#x", true),
            ("m/#*", "m/a/#x", false),
            ("m/a*", "m/ab/#x", true),
            ("m/*a", "m/#a", false),
            ("m/**", "m", true),
            ("m/**", "m/#x", true),
            ("m/**", "m/a/b/#x", true),
            ("!m/**", "m", false),
            ("!m/**", "m/#x", false),
            ("!m/**", "m/a", true),
            ("!m/**", "m/a/b/#x", true),
            ("!m/**/b", "m/b", true),
            ("m/**/#x", "m/a/b/#x", true),
            ("**/*", "#x", false),
        ];
        for (text, path, expected) in cases {
            let path: Vec<_> = path.split('/').map(Cow::from).collect();
            assert_eq!(apart(text).matches(&path), expected, "{text} on {path:?}");
        }
    }

    #[test]
    fn the_more_specific_comes_first() {
        let falling = [
            "a.b.c", "a.b", "a.bcd*.c", "a.b*d.c", "a.*b", "a.*.c", "a.*", "a.**.c", "a.**", "a", "*.b", "**.b.c", "**",
        ];
        for (at, one) in falling.iter().enumerate() {
            for two in &falling[at + 1..] {
                // `a` against `a.**`: equal as far as both go, so the longer one.
                assert_eq!(pattern(one).specificity(&pattern(two)), Ordering::Less, "{one} before {two}");
                assert_eq!(pattern(two).specificity(&pattern(one)), Ordering::Greater, "{two} after {one}");
            }
        }
        assert_eq!(pattern("a.*").specificity(&pattern("b.*")), Ordering::Equal);
    }

    #[test]
    fn a_segment_has_one_star() {
        for segment in ["*b*", "b**", "***", "#**"] {
            let segments = vec!["a".into(), segment.into()];
            assert_eq!(PathPattern::new(segments, Names::Apart, false), Err(segment.into()));
        }
    }
}

//! Path patterns of a policy: matching and specificity.

use std::borrow::Cow;
use std::cmp::Ordering;

/// Path pattern, where `*` stands for one segment and `**` for any number. It matches the path itself and everything
/// beneath it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PathPattern {
    pub(super) segments: Vec<Segment>,
}

/// Segment of a pattern, from the most to the least specific.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Segment {
    Literal(String),
    One,
    Any,
}

impl Segment {
    pub(super) const fn rank(&self) -> u8 {
        match self {
            Self::Literal(_) => 0,
            Self::One => 1,
            Self::Any => 2,
        }
    }
}

impl PathPattern {
    /// Builds a pattern from the segments that a notation splits a path into.
    ///
    /// # Errors
    /// The segment in which a `*` is not alone.
    pub(super) fn new(segments: Vec<String>) -> Result<Self, String> {
        let segments = segments.into_iter().map(|segment| match segment.as_str() {
            "*" => Ok(Segment::One),
            "**" => Ok(Segment::Any),
            _ if segment.contains('*') => Err(segment),
            _ => Ok(Segment::Literal(segment)),
        });
        Ok(Self { segments: segments.collect::<Result<_, _>>()? })
    }

    /// Returns the segments of a path without globs; `None` if it has one.
    pub(super) fn literal(&self) -> Option<Vec<&str>> {
        let literal = self.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => Some(text.as_str()),
            Segment::One | Segment::Any => None,
        });
        literal.collect()
    }

    /// Returns whether the pattern matches the path.
    pub(super) fn matches(&self, path: &[Cow<'_, str>]) -> bool {
        let (mut at, mut from) = (0, 0);
        // Position to resume at after a mismatch: behind the last `**`, which then takes one segment more.
        let mut retry = None;
        loop {
            let stuck = match self.segments.get(at) {
                None => return true,
                Some(Segment::Any) => {
                    retry = Some((at + 1, from));
                    at += 1;
                    continue;
                }
                Some(Segment::One) => from >= path.len(),
                Some(Segment::Literal(text)) => path.get(from).is_none_or(|segment| segment != text),
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

    /// Compares specificity; `Less` if `self` is more specific: segment by segment from the left, literal before `*` before
    /// `**`; then the longer.
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
        PathPattern::new(text.split('.').map(str::to_owned).collect()).unwrap()
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
        ];
        for (text, path, expected) in cases {
            let path: Vec<_> = path.split('.').map(Cow::from).collect();
            assert_eq!(pattern(text).matches(&path), expected, "{text} on {path:?}");
        }
    }

    #[test]
    fn the_more_specific_comes_first() {
        let falling = ["a.b.c", "a.b", "a.*.c", "a.*", "a.**.c", "a.**", "a", "*.b", "**.b.c", "**"];
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
    fn a_star_stands_alone() {
        assert_eq!(PathPattern::new(vec!["a".into(), "b*".into()]), Err("b*".into()));
    }
}

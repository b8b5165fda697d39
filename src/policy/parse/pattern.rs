//! Check of a line rule's regular expression without compiling it, which would take longer than reading a hundred rules;
//! and extraction of words that every match contains.

use std::ops::Range;

use regex_syntax::ParserBuilder;
use regex_syntax::ast::Span;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Maximum estimated size of a compiled pattern; well below the compiler's limit.
const MAX_COMPILED_BYTES: usize = 4 << 20;
const MAX_PATTERN_BYTES: usize = 10_000;

/// Error in a pattern, with its byte range.
pub(super) struct BadPattern {
    pub(super) message: String,
    pub(super) at: Range<usize>,
}

/// What is known of a pattern without compiling it.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Words of which every match contains one; empty if there are none.
    pub(super) needs: Vec<Vec<u8>>,
    /// Upper bound of its compiled size.
    pub(super) size_bytes: usize,
}

/// Returns what is known of a pattern.
///
/// # Errors
/// When the pattern cannot be compiled.
pub(super) fn check(pattern: &str) -> Result<Known, BadPattern> {
    let whole = 0..pattern.len();
    if pattern.len() > MAX_PATTERN_BYTES {
        return Err(BadPattern { message: format!("a pattern of more than {MAX_PATTERN_BYTES} bytes"), at: whole });
    }
    let parsed = match ParserBuilder::new().utf8(false).build().parse(pattern) {
        Ok(parsed) => parsed,
        Err(error) => return Err(bad_syntax(&error, whole)),
    };
    let size_bytes = estimated_size(&parsed);
    if size_bytes > MAX_COMPILED_BYTES {
        return Err(BadPattern { message: "the regular expression becomes too large".to_owned(), at: whole });
    }
    Ok(Known { needs: needs(&parsed), size_bytes })
}

fn bad_syntax(error: &regex_syntax::Error, whole: Range<usize>) -> BadPattern {
    let (what, at) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), bytes(error.span())),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), bytes(error.span())),
        other => (other.to_string(), whole),
    };
    BadPattern { message: format!("bad regular expression: {what}"), at }
}

/// Returns an upper bound of the compiled size in bytes, from measurements of single parts.
fn estimated_size(pattern: &Hir) -> usize {
    const PART_BYTES: usize = 256;
    let mut size: usize = 0;
    let mut open = vec![(pattern, 1_usize)];
    while let Some((part, times)) = open.pop() {
        let own = match part.kind() {
            HirKind::Literal(text) => 64 * text.0.len(),
            // The ranges of a large class share most of their compiled bytes.
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.ranges().len();
                1200 + 170 * ranges.min(100) + 65 * ranges.saturating_sub(100)
            }
            HirKind::Class(Class::Bytes(class)) => 32 * class.ranges().len(),
            _ => 0,
        };
        size = size.saturating_add(times.saturating_mul(PART_BYTES + own));
        match part.kind() {
            HirKind::Capture(inner) => open.push((&inner.sub, times)),
            HirKind::Repetition(inner) => {
                let copies = usize::try_from(inner.max.unwrap_or(inner.min.saturating_add(1))).unwrap_or(usize::MAX);
                open.push((&inner.sub, times.saturating_mul(copies.max(1))));
            }
            HirKind::Concat(parts) | HirKind::Alternation(parts) => {
                open.extend(parts.iter().map(|part| (part, times)));
            }
            _ => {}
        }
    }
    size
}

/// Returns the longest literal that every match contains; if that is short, one literal from each branch of an
/// alternation.
fn needs(pattern: &Hir) -> Vec<Vec<u8>> {
    const MIN_NEED_BYTES: usize = 2;
    let (longest, alternations) = required(pattern);
    if longest.is_some_and(|text| text.len() > MIN_NEED_BYTES) {
        return longest.into_iter().map(<[u8]>::to_vec).collect();
    }
    let of_branches = |branches: &[Hir]| {
        let texts = branches.iter().map(|branch| required(branch).0.map(<[u8]>::to_vec));
        texts.collect::<Option<Vec<_>>>()
    };
    let shortest = |texts: &Vec<Vec<u8>>| texts.iter().map(Vec::len).min();
    let one = longest.map(|text| vec![text.to_vec()]);
    alternations.into_iter().filter_map(of_branches).chain(one).max_by_key(shortest).unwrap_or_default()
}

/// Returns the parts that every match goes through: the longest literal, and every alternation.
fn required(pattern: &Hir) -> (Option<&[u8]>, Vec<&[Hir]>) {
    let mut longest: Option<&[u8]> = None;
    let mut alternations = Vec::new();
    let mut open = vec![pattern];
    while let Some(part) = open.pop() {
        match part.kind() {
            HirKind::Literal(text) if longest.is_none_or(|known| known.len() < text.0.len()) => longest = Some(&text.0),
            HirKind::Capture(inner) => open.push(&inner.sub),
            HirKind::Repetition(inner) if inner.min > 0 => open.push(&inner.sub),
            HirKind::Concat(parts) => open.extend(parts),
            HirKind::Alternation(branches) => alternations.push(branches.as_slice()),
            _ => {}
        }
    }
    (longest, alternations)
}

const fn bytes(span: &Span) -> Range<usize> {
    span.start.offset..span.end.offset
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::lines;

    #[test]
    fn a_bad_pattern_is_told_with_its_place() {
        let cases = [("a(b", 1..2), ("a[z-a]", 2..5), (r"\p{Nope}", 0..8), ("a**)", 3..4), (r"(?=a)", 0..3)];
        for (pattern, expected) in cases {
            let bad = check(pattern).err().unwrap_or_else(|| panic!("{pattern}"));
            assert_eq!(bad.at, expected, "{pattern}: {}", bad.message);
        }
        assert!(check(r"\w{500}{500}").err().is_some_and(|bad| bad.message.contains("too large")));
        assert!(check(&"a".repeat(MAX_PATTERN_BYTES + 1)).is_err());
        assert!(check(r"^\s*(?-u:\xff)*WebSocketManager\s*=").is_ok());
    }

    #[test]
    fn the_words_that_a_pattern_needs() {
        let cases: [(&str, &[&str]); 9] = [
            (r"^\s*WebSocketManager\s*(:[^=]+)?=\s*\W*(\w+\.)*Unified", &["WebSocketManager"]),
            ("(Foo|Barbaz)=", &["Foo", "Barbaz"]),
            ("(abc)+x?", &["abc"]),
            ("(abc)*x", &["x"]),
            ("(Foo|B|[xy])", &[]),
            ("(?i)foo", &[]),
            ("a|", &[]),
            ("x*", &[]),
            (r"\bold_name\b.*\bnew\b", &["old_name"]),
        ];
        for (pattern, expected) in cases {
            let found = check(pattern).ok().unwrap().needs;
            assert_eq!(found, expected.iter().map(|word| word.as_bytes()).collect::<Vec<_>>(), "{pattern}");
        }
    }

    const PARTS: [&str; 12] =
        [r"\w", r"\W", r"\D", r"\PL", r"\pN", ".", "(?i:k)", r"\s", r"\p{Han}", "(?-u:.)", "word", "(a|é|bc)"];

    #[test]
    fn the_largest_patterns_do_compile() {
        for part in PARTS {
            let repeated = |times: usize| format!("(?:{part}){{{times}}}");
            let (mut fits, mut too_large) = (1, 100_000);
            while fits + 1 < too_large {
                let times = usize::midpoint(fits, too_large);
                *if check(&repeated(times)).is_ok() { &mut fits } else { &mut too_large } = times;
            }
            assert!(lines::regex(&repeated(fits)).is_ok(), "{part} {fits} times");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_accepted_does_compile(
            parts in prop::collection::vec((0..PARTS.len(), prop::sample::select(vec!["", "*", "+?", "{2,9}", "{40}", "|"])), 1..30),
            outer in 1..9,
        ) {
            let inner: String = parts.iter().map(|(part, times)| format!("(?:{}){times}", PARTS[*part])).collect();
            let pattern = format!("({inner}){{{outer}}}");
            if check(&pattern).is_ok() {
                prop_assert!(lines::regex(&pattern).is_ok(), "{}", pattern);
            }
        }
    }
}

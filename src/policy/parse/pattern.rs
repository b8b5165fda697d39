//! Checks the regular expression of a line rule without compiling it where that can be, since compiling one takes longer
//! than reading a hundred rules; and finds the words that every match holds.

use std::ops::Range;

use regex_syntax::ParserBuilder;
use regex_syntax::ast::Span;
use regex_syntax::hir::{Hir, HirKind};

use crate::policy::lines;

/// A shorter pattern without counted repetitions stays within the limit whatever it holds.
const SURELY_COMPILES: usize = 120;
const LONGEST_PATTERN: usize = 10_000;

/// What is wrong with a pattern, and where in it.
pub(super) struct BadPattern {
    pub(super) message: String,
    pub(super) at: Range<usize>,
}

/// The words of which every match of the pattern holds one, if there are any.
///
/// # Errors
/// When the pattern cannot be compiled.
pub(super) fn check(pattern: &str) -> Result<Vec<Vec<u8>>, BadPattern> {
    let whole = 0..pattern.len();
    if pattern.len() > LONGEST_PATTERN {
        return Err(BadPattern { message: format!("a pattern of more than {LONGEST_PATTERN} bytes"), at: whole });
    }
    let parsed = match ParserBuilder::new().utf8(false).build().parse(pattern) {
        Ok(parsed) => parsed,
        Err(error) => return Err(bad_syntax(&error, whole)),
    };
    let sure = pattern.len() <= SURELY_COMPILES && !pattern.contains('{');
    if !sure && let Err(error) = lines::regex(pattern) {
        let message = match error {
            regex::Error::CompiledTooBig(_) => "the regular expression becomes too large".to_owned(),
            other => format!("bad regular expression: {other}"),
        };
        return Err(BadPattern { message, at: whole });
    }
    Ok(needs(&parsed))
}

fn bad_syntax(error: &regex_syntax::Error, whole: Range<usize>) -> BadPattern {
    let (what, at) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), bytes(error.span())),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), bytes(error.span())),
        other => (other.to_string(), whole),
    };
    BadPattern { message: format!("bad regular expression: {what}"), at }
}

/// The longest text that each match holds; else a text from each branch of an alternation.
fn needs(pattern: &Hir) -> Vec<Vec<u8>> {
    const SHORT: usize = 2;
    let (longest, alternations) = required(pattern);
    if longest.is_some_and(|text| text.len() > SHORT) {
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

/// What every match must go through: the longest text, and every alternation.
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
    use super::*;

    #[test]
    fn a_bad_pattern_is_told_with_its_place() {
        let cases = [("a(b", 1..2), ("a[z-a]", 2..5), (r"\p{Nope}", 0..8), ("a**)", 3..4), (r"(?=a)", 0..3)];
        for (pattern, expected) in cases {
            let bad = check(pattern).err().unwrap_or_else(|| panic!("{pattern}"));
            assert_eq!(bad.at, expected, "{pattern}: {}", bad.message);
        }
        assert!(check(r"\w{500}{500}").err().is_some_and(|bad| bad.message.contains("too large")));
        assert!(check(&"a".repeat(LONGEST_PATTERN + 1)).is_err());
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
            let found = check(pattern).ok().unwrap();
            assert_eq!(found, expected.iter().map(|word| word.as_bytes()).collect::<Vec<_>>(), "{pattern}");
        }
    }

    #[test]
    fn patterns_as_large_as_go_unchecked_do_compile() {
        for class in [r"\W", r"\D", r"\S", r"\PL", r"\pN"] {
            let pattern = class.repeat(SURELY_COMPILES / class.len());
            assert!(lines::regex(&pattern).is_ok(), "{class}");
            assert!(lines::regex(&format!("(?i){}", &pattern[..SURELY_COMPILES - 6])).is_ok(), "{class}");
        }
    }
}

//! Checks the regular expression of a line rule, at the least cost: compiling one takes longer than reading the rule.

use std::ops::Range;

use regex_syntax::ParserBuilder;
use regex_syntax::ast::Span;

use crate::policy::lines;

/// A shorter pattern without counted repetitions stays within the limit whatever it holds.
const SURELY_COMPILES: usize = 120;
const LONGEST_PATTERN: usize = 10_000;

/// What is wrong with a pattern, and where in it.
pub(super) struct BadPattern {
    pub(super) message: String,
    pub(super) at: Range<usize>,
}

/// Whether the pattern can be compiled.
pub(super) fn check(pattern: &str) -> Result<(), BadPattern> {
    let whole = 0..pattern.len();
    if pattern.len() > LONGEST_PATTERN {
        return Err(BadPattern { message: format!("a pattern of more than {LONGEST_PATTERN} bytes"), at: whole });
    }
    let parsed = ParserBuilder::new().utf8(false).build().parse(pattern);
    if let Err(error) = parsed {
        let (what, span) = match &error {
            regex_syntax::Error::Parse(error) => (error.kind().to_string(), *error.span()),
            regex_syntax::Error::Translate(error) => (error.kind().to_string(), *error.span()),
            other => return Err(BadPattern { message: format!("bad regular expression: {other}"), at: whole }),
        };
        return Err(BadPattern { message: format!("bad regular expression: {what}"), at: bytes(&span) });
    }
    let sure = pattern.len() <= SURELY_COMPILES && !pattern.contains('{');
    if !sure && let Err(error) = lines::regex(pattern) {
        let message = match error {
            regex::Error::CompiledTooBig(_) => "the regular expression becomes too large".to_owned(),
            other => format!("bad regular expression: {other}"),
        };
        return Err(BadPattern { message, at: whole });
    }
    Ok(())
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
    fn patterns_as_large_as_go_unchecked_do_compile() {
        for class in [r"\W", r"\D", r"\S", r"\PL", r"\pN"] {
            let pattern = class.repeat(SURELY_COMPILES / class.len());
            assert!(lines::regex(&pattern).is_ok(), "{class}");
            assert!(lines::regex(&format!("(?i){}", &pattern[..SURELY_COMPILES - 6])).is_ok(), "{class}");
        }
    }
}

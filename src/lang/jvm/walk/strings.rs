//! Strings, and the code that they may contain.

use crate::lang::jvm::Style;
use crate::lang::lex::{byte, is_line_end, is_word, rest, starts};

use super::{MAX_TEMPLATE_DEPTH, Template, Walk, Within};

/// The form of a string.
#[derive(Clone, Copy)]
pub(super) struct Quotes {
    triple: bool,
    /// Number of dollars that begin code; zero if the string has no interpolation.
    dollars: usize,
    /// Whether a backslash escapes the next byte.
    escapes: bool,
}

impl Walk<'_> {
    /// Returns the offset past the string at `at`, or of the code in it.
    pub(super) fn string(&mut self, at: usize) -> usize {
        let triple = starts(self.text, at, b"\"\"\"");
        let before = self.text.get(..at).unwrap_or_default();
        let quotes = match self.style {
            Style::Java => Quotes { triple, dollars: 0, escapes: true },
            Style::Kotlin => {
                let dollars = before.iter().rev().take_while(|&&byte| byte == b'$').count();
                Quotes { triple, dollars: dollars.max(1), escapes: !triple }
            }
            Style::Scala => {
                // A prefix makes the string interpolated; in `raw` and in triple quotes, backslashes are literal.
                let word = before.iter().rev().take_while(|&&byte| is_word(byte) || byte == b'$').count();
                let prefix = before.get(before.len() - word..).unwrap_or_default();
                let prefixed = prefix.first().is_some_and(|first| !first.is_ascii_digit());
                Quotes { triple, dollars: usize::from(prefixed), escapes: !triple }
            }
        };
        self.content(at + if triple { 3 } else { 1 }, quotes)
    }

    /// Returns the offset past the content of a string, or of the code in it.
    pub(super) fn content(&mut self, start: usize, quotes: Quotes) -> usize {
        let mut at = start;
        let end = loop {
            let Some(found) = self.content_end(at, quotes) else { break self.text.len() };
            match byte(self.text, found) {
                b'"' if !quotes.triple => break found,
                b'"' => {
                    // Quotes beyond three belong to the content, except in Java, where the first three end it.
                    let most = if self.style == Style::Java { 3 } else { usize::MAX };
                    let run = rest(self.text, found).iter().take(most).take_while(|&&byte| byte == b'"').count();
                    if run >= 3 {
                        break found + run - 3;
                    }
                    at = found + run;
                }
                b'$' if quotes.dollars == 0 => at = found + 1,
                b'$' => {
                    let run = rest(self.text, found).iter().take_while(|&&byte| byte == b'$').count();
                    at = found + run;
                    let escaped = self.style == Style::Scala && run.is_multiple_of(2);
                    // A quote that Scala escapes with a dollar does not end the string either.
                    if self.style == Style::Scala && !escaped && byte(self.text, at) == b'"' {
                        at += 1;
                    } else if run >= quotes.dollars
                        && !escaped
                        && byte(self.text, at) == b'{'
                        && self.templates.len() < MAX_TEMPLATE_DEPTH
                    {
                        self.quiet.add(start..found);
                        self.templates.push(Template { within: Within::String(quotes), depth: self.depth });
                        self.depth = 0;
                        return at + 1;
                    }
                }
                b'\\' => at = found + 2,
                _ => break found,
            }
        };
        let end = end.min(self.text.len());
        self.quiet.add(start..end);
        let closing = if byte(self.text, end) != b'"' {
            0
        } else if quotes.triple {
            3
        } else {
            1
        };
        (end + closing).min(self.text.len())
    }

    /// Returns the offset of the next byte that has a meaning within a string.
    fn content_end(&self, at: usize, quotes: Quotes) -> Option<usize> {
        let text = rest(self.text, at);
        let found = match (quotes.triple, quotes.escapes, quotes.dollars > 0) {
            (true, true, _) => memchr::memchr2(b'"', b'\\', text),
            (true, false, _) => memchr::memchr2(b'"', b'$', text),
            (false, _, dollars) => text
                .iter()
                .position(|&byte| matches!(byte, b'"' | b'\\') || is_line_end(byte) || (dollars && byte == b'$')),
        };
        found.map(|length| at + length)
    }
}

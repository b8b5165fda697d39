//! The walk over a text from one keyword to the next, skipping comments, strings and characters.
//!
//! Between keywords, only tokens that can hide them are read, and nothing after the last keyword. Code within strings
//! (`"${…}"`) is code: open strings are kept on a stack of limited depth; deeper ones are plain text.
//!
//! Sources: Java Language Specification 3.7, 3.10; Kotlin specification, 1.2 "Lexical grammar"; Scala 2.13 and 3
//! specifications, 1.3 and 1.4.

mod strings;

use std::ops::Range;

use memchr::{memchr3, memmem::Finder};

use crate::lang::lex::{
    Quiet, byte, is_line_end, is_space, line_end, past, past_nested, quoted_end, rest, skip_spaces,
};

use super::Style;
use super::xml;

use strings::Quotes;

/// Maximum nesting of templates.
const MAX_TEMPLATE_DEPTH: usize = 150;
/// Number of comments that are remembered: `java.lang.Class.forName` has a place for each of seven before it ends.
const MAX_REMEMBERED_GAPS: usize = 7;

/// The state of a walk over a text.
pub(in crate::lang) struct Walk<'a> {
    pub(in crate::lang) text: &'a [u8],
    pub(in crate::lang) style: Style,
    quiet: Quiet,
    whole: bool,
    needles: Vec<(&'static Finder<'static>, Option<usize>)>,
    templates: Vec<Template>,
    /// Number of open braces since the last template began.
    depth: usize,
    /// Number of bytes that failed searches for the ends of XML elements may still cost.
    guesses: usize,
    /// The last comments; those separated only by whitespace are merged.
    gaps: [Range<usize>; MAX_REMEMBERED_GAPS],
}

/// A string or element that contains the current code.
#[derive(Clone, Copy)]
struct Template {
    within: Within,
    /// Number of open braces around it.
    depth: usize,
}

/// The construct that continues after that code.
#[derive(Clone, Copy)]
enum Within {
    String(Quotes),
    Xml(xml::Open),
}

impl<'a> Walk<'a> {
    /// Walks from one of the `needles` to the next, and ends after the last.
    pub(in crate::lang) fn to(text: &'a [u8], style: Style, needles: &[&'static Finder<'static>]) -> Self {
        Self::new(text, style, needles, Quiet::ignored(), false)
    }

    /// Walks over the whole text, and keeps only its code.
    pub(in crate::lang) fn blanking(text: &'a [u8], style: Style) -> Self {
        Self::new(text, style, &[], Quiet::blanking(text), true)
    }

    fn new(text: &'a [u8], style: Style, needles: &[&'static Finder<'static>], quiet: Quiet, whole: bool) -> Self {
        let needles = needles.iter().map(|&finder| (finder, Some(0))).collect();
        let gaps = std::array::from_fn(|_| 0..0);
        let guesses = text.len().saturating_mul(4);
        Self { text, style, quiet, whole, needles, templates: Vec::new(), depth: 0, guesses, gaps }
    }

    /// Returns the text with everything blanked that is not code.
    pub(in crate::lang) fn blanked(mut self) -> Vec<u8> {
        self.next(0);
        self.quiet.into_code()
    }

    /// Returns the offset of the next needle in code.
    pub(in crate::lang) fn next(&mut self, mut at: usize) -> Option<usize> {
        if at == 0 && self.text.starts_with(b"#!") {
            at = line_end(self.text, 0);
            self.quiet.add(0..at);
        }
        loop {
            let target = self.needle(at);
            if target == self.text.len() && !self.whole {
                return None;
            }
            match self.special(at, target) {
                Some(special) => at = self.pass(special),
                None => return (target < self.text.len()).then_some(target),
            }
        }
    }

    /// Returns the offset of the next needle at or after `at`, even if it is not in code.
    fn needle(&mut self, at: usize) -> usize {
        let mut nearest = self.text.len();
        for (finder, next) in &mut self.needles {
            if next.is_some_and(|next| next < at) {
                *next = Some(at);
            }
            let Some(from) = *next else { continue };
            // If it was found already, this only compares the needle.
            *next = finder.find(rest(self.text, from)).map(|length| from + length);
            nearest = next.unwrap_or(nearest).min(nearest);
        }
        nearest
    }

    /// Returns the first byte before `end` that may begin or end something that is not code.
    fn special(&self, at: usize, end: usize) -> Option<usize> {
        let text = self.text.get(at..end)?;
        let found = if self.style == Style::Java {
            memchr3(b'"', b'\'', b'/', text)
        } else {
            let braces = !self.templates.is_empty();
            let scala = self.style == Style::Scala;
            let special = |byte: u8| match byte {
                b'"' | b'\'' | b'/' | b'`' => true,
                b'{' | b'}' => braces,
                b'<' => scala,
                _ => false,
            };
            text.iter().position(|&byte| special(byte))
        };
        found.map(|length| at + length)
    }

    /// Returns the offset past the token that begins at `at`.
    fn pass(&mut self, at: usize) -> usize {
        match byte(self.text, at) {
            b'/' => self.comment(at).unwrap_or(at + 1),
            b'"' => self.string(at),
            b'\'' => self.character(at),
            b'`' => past_backtick(self.text, at).unwrap_or(at + 1),
            b'<' => match xml::Open::at(self.text, at, &mut self.guesses) {
                Some(open) => self.element(at, open),
                None => at + 1,
            },
            b'{' => {
                self.depth += 1;
                at + 1
            }
            _ if self.depth > 0 => {
                self.depth -= 1;
                at + 1
            }
            _ => match self.templates.pop() {
                Some(Template { within, depth }) => {
                    self.depth = depth;
                    match within {
                        Within::String(quotes) => self.content(at + 1, quotes),
                        Within::Xml(open) => self.element(at + 1, open),
                    }
                }
                None => at + 1,
            },
        }
    }

    /// Forgets all templates: the walk cannot be within one here.
    pub(in crate::lang) fn reset(&mut self) {
        self.templates.clear();
        self.depth = 0;
    }

    /// Skips the comment at `at`. Returns its end; `None` if there is no comment.
    fn comment(&mut self, at: usize) -> Option<usize> {
        let end = comment_end(self.text, at, self.style)?;
        self.quiet.add(at..end);
        let blank =
            |range: Range<usize>| self.text.get(range).is_some_and(|text| text.iter().all(|&byte| is_space(byte)));
        let last = &mut self.gaps[MAX_REMEMBERED_GAPS - 1];
        if last.end > 0 && last.end <= at && blank(last.end..at) {
            last.end = end;
        } else if last.end <= at {
            self.gaps.rotate_left(1);
            self.gaps[MAX_REMEMBERED_GAPS - 1] = at..end;
        }
        Some(end)
    }

    /// Returns the offset past whitespace, line ends and comments.
    pub(in crate::lang) fn skip(&mut self, mut at: usize) -> usize {
        loop {
            at = skip_spaces(self.text, at);
            match self.comment(at) {
                Some(end) => at = end,
                None => return at,
            }
        }
    }

    /// Returns the end of the code before `at`, ignoring whitespace and comments.
    pub(in crate::lang) fn before(&self, mut at: usize) -> usize {
        loop {
            at -= self.text.get(..at).unwrap_or_default().iter().rev().take_while(|&&byte| is_space(byte)).count();
            match self.gaps.iter().find(|gap| gap.end == at && at > 0) {
                Some(gap) => at = gap.start,
                None => return at,
            }
        }
    }

    /// Goes on within an element: past its end, or to the code in it.
    fn element(&mut self, at: usize, open: xml::Open) -> usize {
        let step = xml::step(self.text, at, open);
        if let Some(open) = step.code
            && self.templates.len() < MAX_TEMPLATE_DEPTH
        {
            self.quiet.add(at..step.at - 1);
            self.templates.push(Template { within: Within::Xml(open), depth: self.depth });
            self.depth = 0;
            return step.at;
        }
        self.quiet.add(at..step.at);
        step.at
    }

    fn character(&mut self, at: usize) -> usize {
        let end = match self.style {
            Style::Scala => scala_character_end(self.text, at + 1),
            Style::Java | Style::Kotlin => Some(quoted_end(self.text, at + 1, b'\'', true)),
        };
        let Some(end) = end else { return at + 1 };
        self.quiet.add(at + 1..end);
        if byte(self.text, end) == b'\'' { end + 1 } else { end }
    }
}

/// Returns the end of a character literal; other apostrophes begin a symbol or a quotation of code.
fn scala_character_end(text: &[u8], at: usize) -> Option<usize> {
    let length = match byte(text, at) {
        b'\\' if byte(text, at + 1) == b'u' => {
            1 + rest(text, at + 1).iter().take_while(|byte| byte.is_ascii_hexdigit() || **byte == b'u').count()
        }
        b'\\' if byte(text, at + 1).is_ascii_digit() => {
            1 + rest(text, at + 1).iter().take(3).take_while(|byte| byte.is_ascii_digit()).count()
        }
        b'\\' => 2,
        first if is_line_end(first) => return None,
        first if first < 0x80 => 1,
        _ => 1 + rest(text, at + 1).iter().take(3).take_while(|&&byte| byte & 0xc0 == 0x80).count(),
    };
    (byte(text, at + length) == b'\'').then_some(at + length)
}

/// Returns the end of the comment at `at`, if there is one.
pub(super) fn comment_end(text: &[u8], at: usize, style: Style) -> Option<usize> {
    match rest(text, at) {
        [b'/', b'/', ..] => Some(line_end(text, at)),
        [b'/', b'*', ..] if style == Style::Java => Some(past(text, at + 2, b"*/")),
        [b'/', b'*', ..] => Some(past_nested(text, at + 2, *b"/*", *b"*/")),
        _ => None,
    }
}

/// Returns the offset past the name in backticks at `at`; it cannot span lines.
pub(in crate::lang) fn past_backtick(text: &[u8], at: usize) -> Option<usize> {
    let end = memchr3(b'`', b'\n', b'\r', rest(text, at + 1))? + at + 1;
    (byte(text, end) == b'`').then_some(end + 1)
}

//! Dotted names in code. The tokens before and after a name tell whether it is a path, a member or a declaration.

use std::collections::VecDeque;
use std::ops::Range;

use crate::lang::lex::{byte, is_space, is_word, rest, skip_spaces, starts, word_end};

use super::Style;
use super::dotted::has_line_end;
use super::walk::past_backtick;

/// Maximum length of what may stand between a dot and a name, and of the parameters of a lambda.
const MAX_EXTRA_BYTES: usize = 400;

/// The tokens before a name.
#[derive(Clone, Copy, Default)]
pub(super) struct Before<'c> {
    /// The preceding word, if only whitespace is between.
    pub(super) word: &'c [u8],
    /// Whether a `@` precedes that word.
    annotation: bool,
    /// The preceding signs, if there is no such word.
    signs: &'c [u8],
}

/// A dotted name, and the name of a method or property after `::`.
pub(super) struct Chain<'c> {
    pub(super) segments: Vec<&'c str>,
    /// Number of the segments that dots join.
    dotted: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) after: Before<'c>,
}

impl Chain<'_> {
    /// Returns whether the name is a member of the expression before it.
    pub(super) fn is_member(&self, style: Style) -> bool {
        let signs = self.after.signs;
        // In Scala, `::` is an operator.
        (signs.ends_with(b"::") && style != Style::Scala) || (signs.ends_with(b".") && !signs.ends_with(b".."))
    }

    /// Returns whether the name is in an import clause of Scala, of which the name before it is if `before` says so.
    pub(super) fn is_in_clause(&self, before: bool) -> bool {
        match self.after.word {
            b"import" | b"export" => true,
            b"as" => before,
            _ if self.segments == ["as"] => before,
            b"" => before && matches!(self.after.signs.last(), Some(b',' | b'{' | b'>')),
            _ => false,
        }
    }

    /// Returns whether this is a single name that is not a method: a variable or a type, declared here or elsewhere.
    pub(super) fn stands_alone(&self, code: &[u8]) -> bool {
        let typed = matches!(self.after.word, b"new" | b"record") || self.after.signs.ends_with(b"@");
        self.dotted == 1 && (typed || byte(code, skip_spaces(code, self.end)) != b'(')
    }

    /// Returns whether the last name is a method's, whatever its letters: Java creates nothing without `new`, and patterns
    /// of records have their own words.
    pub(super) fn calls_method(&self, code: &[u8], style: Style) -> bool {
        let Before { word, signs, .. } = self.after;
        let is_call = || byte(code, skip_spaces(code, self.end)) == b'(';
        style == Style::Java && !matches!(word, b"new" | b"instanceof" | b"case") && !signs.ends_with(b"@") && is_call()
    }

    /// Returns whether this looks like a declaration of the name.
    pub(super) fn declares(&self, code: &[u8], style: Style) -> bool {
        if self.segments.len() > 1 {
            return false;
        }
        let next = skip_spaces(code, self.end);
        if DECLARING.contains(&self.after.word) {
            // `val List<T>.name` is an extension of the type.
            let extends = matches!(self.after.word, b"val" | b"var") && matches!(byte(code, next), b'<' | b'?');
            return !extends;
        }
        match style {
            Style::Java => {
                let Before { word, annotation, signs } = self.after;
                let typed = !word.is_empty() && !annotation && !NO_TYPES.contains(&word);
                let ended = matches!(byte(code, next), b'=' | b';' | b',' | b')' | b':')
                    || [&b"&&"[..], b"||", b"? ", b"when "].iter().any(|sign| starts(code, next, sign));
                (typed && (ended || byte(code, next) == b'['))
                    || (ended && ends_type(signs))
                    || (word != b"case" && is_parameter(code, next))
            }
            Style::Scala if self.after.word == b"case" => {
                // A constant of an enum; a pattern goes on to its arrow.
                let goes_on = [&b"=>"[..], b"|", b"if ", b"(", b"@", b":"].iter().any(|sign| starts(code, next, sign));
                byte(code, next) == b',' || (has_line_end(code, self.end, next) && !goes_on)
            }
            Style::Kotlin | Style::Scala => byte(code, next) == b':' && byte(code, next + 1) != b':',
        }
    }
}

/// Returns whether the signs before a name end a type: its type arguments, an array, or `...`.
fn ends_type(signs: &[u8]) -> bool {
    let ends = |sign: &[u8]| signs.ends_with(sign);
    (ends(b">") && !ends(b"->")) || ends(b"]") || ends(b"...")
}

/// Returns whether a lambda's arrow follows at `at`, or the rest of its parameters and the arrow.
fn is_parameter(code: &[u8], mut at: usize) -> bool {
    let end = at.saturating_add(MAX_EXTRA_BYTES);
    while byte(code, at) == b',' && at < end {
        at = skip_spaces(code, at + 1);
        at += rest(code, at).iter().take_while(|&&byte| is_word(byte) || byte == b'$').count();
        at = skip_spaces(code, at);
    }
    if byte(code, at) == b')' {
        at = skip_spaces(code, at + 1);
    }
    starts(code, at, b"->")
}

/// Keywords that precede a declared name.
const DECLARING: &[&[u8]] =
    &[b"class", b"interface", b"enum", b"record", b"object", b"trait", b"val", b"var", b"def", b"typealias", b"type"];

/// Keywords that cannot be the type of a variable.
const NO_TYPES: &[&[u8]] = &[
    b"return",
    b"new",
    b"throw",
    b"extends",
    b"super",
    b"implements",
    b"throws",
    b"permits",
    b"case",
    b"instanceof",
    b"final",
    b"static",
    b"public",
    b"private",
    b"protected",
    b"abstract",
    b"default",
    b"else",
    b"do",
    b"assert",
    b"yield",
    b"transient",
    b"volatile",
    b"synchronized",
    b"native",
    b"strictfp",
    b"sealed",
];

/// Reads the dotted names of a text.
pub(super) struct Reader<'c> {
    code: &'c [u8],
    style: Style,
    at: usize,
    before: Before<'c>,
    /// Names already read as part of a chain, whose preceding type arguments are still to be read.
    behind: VecDeque<Range<usize>>,
}

impl<'c> Reader<'c> {
    pub(super) fn new(code: &'c [u8], style: Style) -> Self {
        Self { code, style, at: 0, before: Before::default(), behind: VecDeque::new() }
    }

    pub(super) fn next(&mut self) -> Option<Chain<'c>> {
        let code = self.code;
        let mut at = self.name_start()?;
        while self.behind.front().is_some_and(|name| name.start <= at) {
            if let Some(name) = self.behind.pop_front()
                && name.start == at
            {
                self.at = name.end;
                self.before = Before { word: code.get(name).unwrap_or_default(), ..Before::default() };
                at = self.name_start()?;
            }
        }
        let mut chain = Chain { segments: Vec::new(), dotted: 0, start: at, end: at, after: self.before };
        let (mut last, mut resume, mut is_reference) = (at, None, false);
        while let Some((name, end)) = self.name(at) {
            if !chain.segments.is_empty() && matches!(name, "class" | "this" | "super" | "new") {
                break;
            }
            if resume.is_some() {
                self.behind.push_back(at..end);
            }
            chain.segments.push(name);
            (chain.end, last) = (end, at);
            if is_reference {
                break;
            }
            chain.dotted += 1;
            let dot = skip_spaces(code, end);
            is_reference = self.style != Style::Scala && starts(code, dot, b"::");
            // `..` is a range operator.
            if !is_reference && (byte(code, dot) != b'.' || byte(code, dot + 1) == b'.') {
                break;
            }
            let next = skip_spaces(code, dot + if is_reference { 2 } else { 1 });
            at = self.past_extras(next);
            if at > next {
                resume = resume.or(Some(next));
            }
        }
        self.at = resume.unwrap_or(chain.end).max(chain.start + 1);
        let lone = chain.segments.len() == 1;
        let word = code.get(last..chain.end).filter(|_| resume.is_none()).unwrap_or_default();
        self.before = Before { word, annotation: lone && self.before.signs.ends_with(b"@"), signs: b"" };
        Some(chain)
    }

    /// Returns the start of the next name, and records the tokens before it.
    fn name_start(&mut self) -> Option<usize> {
        let (code, signs) = (self.code, self.at);
        let mut at = signs;
        loop {
            let sign = *code.get(at)?;
            if self.starts_name(at) {
                break;
            }
            // A number, including its letters.
            at = if sign.is_ascii_digit() { word_end(code, at + 1) } else { at + 1 };
        }
        let between = code.get(signs..at).unwrap_or_default().trim_ascii();
        if !between.is_empty() {
            self.before = Before { word: b"", annotation: between.ends_with(b"@"), signs: between };
        }
        Some(at)
    }

    fn starts_name(&self, at: usize) -> bool {
        let sign = byte(self.code, at);
        (is_word(sign) && !sign.is_ascii_digit()) || sign == b'$' || (sign == b'`' && self.style != Style::Java)
    }

    /// Returns the name or keyword at `at`, and its end.
    fn name(&self, at: usize) -> Option<(&'c str, usize)> {
        let code = self.code;
        if byte(code, at) == b'`' && self.style != Style::Java {
            let end = past_backtick(code, at)?;
            return Some((std::str::from_utf8(code.get(at + 1..end - 1)?).ok()?, end));
        }
        let length = rest(code, at).iter().take_while(|&&byte| is_word(byte) || byte == b'$').count();
        let name = std::str::from_utf8(code.get(at..at + length)?).ok()?;
        (length > 0).then_some((name, at + length))
    }

    /// Returns the offset past the type arguments of a call or the annotations of a type, which may follow a dot; names
    /// in them are read later.
    fn past_extras(&self, at: usize) -> usize {
        let code = self.code;
        if self.style != Style::Java {
            return at;
        }
        let mut end = at;
        if byte(code, at) == b'<' {
            let mut depth = 0_usize;
            for (length, &sign) in rest(code, at).iter().take(MAX_EXTRA_BYTES).enumerate() {
                match sign {
                    b'<' => depth += 1,
                    b'>' if depth == 1 => return skip_spaces(code, at + length + 1),
                    b'>' => depth -= 1,
                    b'.' | b',' | b'?' | b'&' | b'[' | b']' | b'@' => {}
                    _ if is_word(sign) || is_space(sign) => {}
                    _ => return at,
                }
            }
            return at;
        }
        while byte(code, end) == b'@' {
            let start = skip_spaces(code, end + 1);
            let is_of_name = |sign: &&u8| is_word(**sign) || matches!(**sign, b'$' | b'.');
            let length = rest(code, start).iter().take(MAX_EXTRA_BYTES).take_while(is_of_name).count();
            end = skip_spaces(code, start + length);
            // Each name of a long chain of annotations would be followed to its end.
            if end - at > MAX_EXTRA_BYTES {
                return at;
            }
            if byte(code, end) == b'(' {
                let Some(close) = closing(code, end) else { return at };
                end = skip_spaces(code, close + 1);
            }
        }
        end
    }
}

/// Returns the offset of the parenthesis that closes the one at `at`, if it is near.
fn closing(code: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (length, sign) in rest(code, at).iter().take(MAX_EXTRA_BYTES).enumerate() {
        match sign {
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at + length),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

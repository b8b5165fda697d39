//! Dotted names in code. The tokens before and after a name tell whether it is a path, a member or a declaration.

use std::collections::VecDeque;
use std::ops::Range;

use crate::lang::lex::{byte, is_space, is_word, rest, skip_spaces, starts};

use super::Style;
use super::walk::past_backtick;

/// Maximum length of type arguments between a dot and a name.
const MAX_TYPE_ARGUMENT_BYTES: usize = 400;

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

/// A dotted name.
pub(super) struct Chain<'c> {
    pub(super) segments: Vec<&'c str>,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) after: Before<'c>,
}

impl Chain<'_> {
    /// Returns whether the name is a member of the expression before it.
    pub(super) fn is_member(&self) -> bool {
        let signs = self.after.signs;
        signs.ends_with(b"::") || (signs.ends_with(b".") && !signs.ends_with(b".."))
    }

    /// Returns whether this is a single name that is not a method: a variable or a type, declared here or elsewhere.
    pub(super) fn stands_alone(&self, code: &[u8]) -> bool {
        let typed = matches!(self.after.word, b"new" | b"record") || self.after.signs.ends_with(b"@");
        self.segments.len() == 1 && (typed || byte(code, skip_spaces(code, self.end)) != b'(')
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
                let typed =
                    !self.after.word.is_empty() && !self.after.annotation && !NO_TYPES.contains(&self.after.word);
                let ended =
                    starts(code, next, b"->") || matches!(byte(code, next), b'=' | b';' | b',' | b')' | b':' | b'[');
                starts(code, next, b"->") || (typed && ended)
            }
            _ => byte(code, next) == b':' && byte(code, next + 1) != b':',
        }
    }
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
        let mut chain = Chain { segments: Vec::new(), start: at, end: at, after: self.before };
        let (mut last, mut resume) = (at, None);
        while let Some((name, end)) = self.name(at) {
            if !chain.segments.is_empty() && matches!(name, "class" | "this" | "super" | "new") {
                break;
            }
            if resume.is_some() {
                self.behind.push_back(at..end);
            }
            chain.segments.push(name);
            (chain.end, last) = (end, at);
            let dot = skip_spaces(code, end);
            // `..` is a range operator.
            if byte(code, dot) != b'.' || byte(code, dot + 1) == b'.' {
                break;
            }
            let next = skip_spaces(code, dot + 1);
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
            at += if sign.is_ascii_digit() { number_length(rest(code, at)) } else { 1 };
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

    /// Returns the offset past the type arguments of a call or the annotations of a type, which may follow a dot.
    fn past_extras(&self, at: usize) -> usize {
        let code = self.code;
        if self.style != Style::Java {
            return at;
        }
        let mut end = at;
        if byte(code, at) == b'<' {
            let mut depth = 0_usize;
            for (length, &sign) in rest(code, at).iter().take(MAX_TYPE_ARGUMENT_BYTES).enumerate() {
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
            let length =
                rest(code, start).iter().take_while(|&&byte| is_word(byte) || byte == b'$' || byte == b'.').count();
            end = skip_spaces(code, start + length);
        }
        end
    }
}

fn number_length(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| is_word(byte)).count()
}

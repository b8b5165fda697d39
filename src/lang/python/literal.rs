//! String literals: their prefixes, ends and values.
//!
//! Format: Python language reference, 2.4.1 "String and Bytes literals"; PEP 701 (f-strings), PEP 750 (t-strings).

use std::borrow::Cow;
use std::ops::Range;

use super::bytes::{HIDDEN_LINE_END, byte, is_line_end, is_word, past_line_end, skip_lines};
use super::unescape::unescaped;

/// Meaning of the letters before a quote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefix {
    /// `r`: a backslash is literal, though it still protects the quote after it.
    pub(super) raw: bool,
    /// `f` or `t`: the literal has replacement fields.
    pub(super) fields: bool,
    /// `b` or `t`: the value is not a `str`.
    pub(super) no_text: bool,
}

impl Prefix {
    /// Reads a prefix; `None` if the letters are not one.
    fn read(letters: &[u8]) -> Option<Self> {
        let mut prefix = Self::default();
        let mut kind = 0;
        for letter in letters.iter().map(u8::to_ascii_lowercase) {
            match letter {
                b'r' if !prefix.raw => prefix.raw = true,
                b'b' | b'f' | b't' | b'u' if kind == 0 => kind = letter,
                _ => return None,
            }
        }
        prefix.fields = matches!(kind, b'f' | b't');
        prefix.no_text = matches!(kind, b'b' | b't');
        (kind != b'u' || !prefix.raw).then_some(prefix)
    }

    /// Returns the prefix that ends at the quote `at`.
    pub(super) fn before(text: &[u8], at: usize) -> Self {
        if at == 0 || !is_word(text[at - 1]) {
            return Self::default();
        }
        let length = text[..at].iter().rev().take(3).take_while(|&&byte| is_word(byte)).count();
        Self::read(&text[at - length..at]).unwrap_or_default()
    }
}

/// Quotes of a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quotes {
    pub(super) quote: u8,
    pub(super) triple: bool,
}

impl Quotes {
    /// Returns the quotes that open at `at`.
    pub(super) fn at(text: &[u8], at: usize) -> Self {
        let quote = byte(text, at);
        Self { quote, triple: byte(text, at + 1) == quote && byte(text, at + 2) == quote }
    }

    /// Returns the length of the opening quotes, and of the closing ones, in bytes.
    pub(super) fn length(self) -> usize {
        if self.triple { 3 } else { 1 }
    }

    /// Returns whether the quotes close at `at`.
    pub(super) fn close_at(self, text: &[u8], at: usize) -> bool {
        let quoted = |at| byte(text, at) == self.quote;
        quoted(at) && (!self.triple || (quoted(at + 1) && quoted(at + 2)))
    }

    /// Returns the end of the content that starts at `at`, and whether quotes end it: otherwise the
    /// line or the text does.
    pub(super) fn content_end(self, text: &[u8], at: usize) -> (usize, bool) {
        if self.triple { self.triple_end(text, at) } else { self.single_end(text, at) }
    }

    fn triple_end(self, text: &[u8], mut at: usize) -> (usize, bool) {
        while let Some(length) = memchr::memchr2(self.quote, b'\\', text.get(at..).unwrap_or_default()) {
            at += length;
            if text[at] == b'\\' {
                at += 2;
            } else if self.close_at(text, at) {
                return (at, true);
            } else {
                at += 1;
            }
        }
        (text.len(), false)
    }

    fn single_end(self, text: &[u8], mut at: usize) -> (usize, bool) {
        while let Some(&next) = text.get(at) {
            if !IN_STRING[usize::from(next)] {
                at += 1;
            } else if next == self.quote {
                return (at, true);
            } else if next == b'\\' {
                at = past_escape(text, at);
            } else if is_line_end(next) {
                return (at, false);
            } else {
                at += 1;
            }
        }
        (text.len(), false)
    }
}

/// Bytes that may matter in a string that is not triple-quoted.
static IN_STRING: [bool; 256] = {
    let mut table = [false; 256];
    table[b'"' as usize] = true;
    table[b'\'' as usize] = true;
    table[b'\\' as usize] = true;
    table[b'\n' as usize] = true;
    table[b'\r' as usize] = true;
    table[HIDDEN_LINE_END as usize] = true;
    table
};

/// Returns the offset past a backslash and what it escapes: one byte, or one line end.
pub(super) fn past_escape(text: &[u8], at: usize) -> usize {
    let guarded = if is_line_end(byte(text, at + 1)) { past_line_end(text, at + 1) } else { at + 2 };
    guarded.min(text.len())
}

/// A text written as one or more adjacent literals.
pub(super) struct Literal<'a> {
    pub(super) text: Cow<'a, str>,
    /// From the first prefix to the last quote.
    pub(super) span: Range<usize>,
}

/// Returns the text written at `at` inside brackets; adjacent literals are one (reference, 2.4.2).
/// `None` if there is no literal, if its value is not a `str`, or if only running the program gives
/// it (replacement fields).
pub(super) fn literal(text: &[u8], at: usize) -> Option<Literal<'_>> {
    let (mut value, mut end) = single(text, at)?;
    loop {
        let next = skip_lines(text, end);
        if !starts_literal(text, next) {
            return Some(Literal { text: value, span: at..end });
        }
        let (more, more_end) = single(text, next)?;
        value.to_mut().push_str(&more);
        end = more_end;
    }
}

fn prefix_length(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.iter().take(3).take_while(|byte| byte.is_ascii_alphabetic()).count()
}

fn starts_literal(text: &[u8], at: usize) -> bool {
    matches!(byte(text, at + prefix_length(text, at)), b'"' | b'\'')
}

fn single(text: &[u8], at: usize) -> Option<(Cow<'_, str>, usize)> {
    let open = at + prefix_length(text, at);
    if !matches!(byte(text, open), b'"' | b'\'') {
        return None;
    }
    let prefix = Prefix::read(&text[at..open])?;
    let quotes = Quotes::at(text, open);
    let start = open + quotes.length();
    let (end, closed) = quotes.content_end(text, start);
    let content = text.get(start..end)?;
    if prefix.no_text || !closed || (prefix.fields && memchr::memchr2(b'{', b'}', content).is_some()) {
        return None;
    }
    let content = String::from_utf8_lossy(content);
    let value = if prefix.raw || !content.contains('\\') { content } else { Cow::Owned(unescaped(&content)) };
    Some((value, end + quotes.length()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(source: &str) -> Option<String> {
        literal(source.as_bytes(), 0).map(|literal| literal.text.into_owned())
    }

    #[test]
    fn literals_say_what_python_says() {
        for (source, text) in [
            (r#""a.b""#, "a.b"),
            (r#"'a' "b" # c"#, "ab"),
            ("'''a\nb'''", "a\nb"),
            (r#"r"\x61""#, r"\x61"),
            (r#"Rf"\x61""#, r"\x61"),
            (r"'\N{latin small letter e}v\N{LOW LINE}\N{FULL STOP}\N{DIGIT TWO}\N{DASH}'", r"ev_.2\N{DASH}"),
            (r#"u"\x61\141\u0061\U00000061""#, "aaaa"),
            ("'a\\\r\nb\\\nc'", "abc"),
            (r"'\'\q\0'", "'\\q\0"),
            ("f'a' 'b'", "ab"),
            ("('x'", ""),
        ] {
            let expected = (!text.is_empty()).then(|| text.to_owned());
            assert_eq!(text_of(source), expected, "{source}");
        }
    }

    #[test]
    fn what_is_no_text_is_no_literal() {
        for source in ["b'a'", "t'a'", "f'{a}'", "'a", "'a' f'{b}'", "'a' b'b'", "ur'a'", "bu'a'", "x", "fbr'a'"] {
            assert_eq!(text_of(source), None, "{source}");
        }
    }

    #[test]
    fn prefixes_are_read_backwards_too() {
        assert_eq!(Prefix::before(b"x = rf'", 6), Prefix { raw: true, fields: true, no_text: false });
        assert_eq!(Prefix::before(b"orf'", 3), Prefix::default());
        assert_eq!(Prefix::before(b"'", 0), Prefix::default());
    }
}

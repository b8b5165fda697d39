//! One pass over the code for dotted names. Import statements are no uses, but may still bind or
//! load a name that the changed statement gives up.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::text::Text;

use super::{NOTHING, Names};

/// Reports to `names` where the code uses and imports them, except in the `statement` itself.
pub(super) fn scan(code: &[u8], statement: &Range<usize>, names: &mut Names<'_>) {
    Scan { code, text: &Text::new(code), names }.run(statement);
}

struct Scan<'c, 'n, 'a> {
    code: &'c [u8],
    text: &'c Text<'c>,
    names: &'n mut Names<'a>,
}

impl<'c> Scan<'c, '_, '_> {
    fn run(&mut self, statement: &Range<usize>) {
        let mut at = 0;
        let mut after_dot = false;
        while let Some(&byte) = self.code.get(at) {
            if statement.contains(&at) {
                at = statement.end;
                continue;
            }
            if begins_name(byte) {
                at = if after_dot { self.word_end(at) } else { self.name(at) };
                after_dot = false;
            } else if byte.is_ascii_digit() {
                // `1.` is a number, not a value with attributes.
                at += self.count(at, |byte| byte == b'.' || in_name(byte));
            } else {
                after_dot = byte == b'.' || after_dot && (byte == b'\\' || is_blank(byte, true));
                at += 1;
            }
        }
    }

    /// Reads the name or the import at `at`; returns its end.
    fn name(&mut self, at: usize) -> usize {
        let end = self.word_end(at);
        match &self.code[at..end] {
            b"import" => self.imported(end, None),
            b"from" => self.from(end),
            _ if self.names.step(NOTHING, &self.word(at..end)).is_none() => end,
            _ => {
                let (path, end) = self.dotted(at, true);
                self.names.used(&path, || self.text.line_of(at));
                end
            }
        }
    }

    /// Reads a module and `import` after `from`; or else it ends a `yield from` or `raise … from`.
    fn from(&mut self, after: usize) -> usize {
        let (mut at, mut relative) = (self.skip(after, false), false);
        while self.code.get(at) == Some(&b'.') {
            relative = true;
            at = self.skip(at + 1, false);
        }
        let mut module = Vec::new();
        if self.take(at, b"import").is_none() {
            (module, at) = self.dotted(at, false);
            at = self.skip(at, false);
        }
        let Some(end) = self.take(at, b"import") else { return after };
        let module = if relative { None } else { self.names.keep(&module, false) };
        self.imported(end, Some(module))
    }

    /// Reads the names after `import`. `from` is set after `from`, and holds the node of its
    /// module, if that matters.
    fn imported(&mut self, at: usize, from: Option<Option<usize>>) -> usize {
        let mut at = self.skip(at, false);
        let bracket = self.code.get(at) == Some(&b'(');
        at += usize::from(bracket);
        loop {
            let (path, end) = self.dotted(self.skip(at, bracket), false);
            at = self.skip(end, bracket);
            let Some(first) = path.first() else { return at };
            let mut alias = None;
            if let Some(after) = self.take(at, b"as") {
                let start = self.skip(after, bracket);
                let end = self.word_end(start);
                alias = Some(self.word(start..end));
                at = self.skip(end, bracket);
            }
            match from {
                None => _ = self.names.keep(&path, alias.is_none()),
                Some(module) => {
                    if let Some(name) = module.and_then(|module| self.names.step(module, first)) {
                        self.names.list[name].kept = true;
                    }
                }
            }
            if let Some(local) = alias.as_ref().or(from.and(Some(first))) {
                self.names.keep(&[local], true);
            }
            if self.code.get(at) != Some(&b',') {
                return at;
            }
            at += 1;
        }
    }

    /// Returns the dotted name at `at`, which may have spaces around its dots, and its end.
    fn dotted(&self, at: usize, lines: bool) -> (Vec<Cow<'c, str>>, usize) {
        let (mut path, mut start, mut end) = (Vec::new(), at, at);
        while self.code.get(start).copied().is_some_and(begins_name) {
            end = self.word_end(start);
            path.push(self.word(start..end));
            let dot = self.skip(end, lines);
            if self.code.get(dot) != Some(&b'.') {
                break;
            }
            start = self.skip(dot + 1, lines);
        }
        (path, end)
    }

    /// Returns the word as Python compares it: in normal form.
    fn word(&self, span: Range<usize>) -> Cow<'c, str> {
        let word = String::from_utf8_lossy(self.code.get(span).unwrap_or_default());
        if word.is_ascii() { word } else { Cow::Owned(word.nfkc().collect()) }
    }

    fn word_end(&self, at: usize) -> usize {
        at + self.count(at, in_name)
    }

    /// Returns the end of the word at `at`, if it is this one.
    fn take(&self, at: usize, word: &[u8]) -> Option<usize> {
        let end = self.word_end(at);
        (self.code.get(at..end) == Some(word)).then_some(end)
    }

    /// Returns the offset past spaces, continued lines, and, if `lines` allows it, line ends.
    fn skip(&self, at: usize, lines: bool) -> usize {
        let mut at = at;
        loop {
            at += self.count(at, |byte| is_blank(byte, lines));
            match self.code.get(at..).unwrap_or_default() {
                [b'\\', b'\r', b'\n', ..] => at += 3,
                [b'\\', b'\r' | b'\n', ..] => at += 2,
                _ => return at,
            }
        }
    }

    fn count(&self, at: usize, is: impl Fn(u8) -> bool) -> usize {
        self.code.get(at..).unwrap_or_default().iter().take_while(|&&byte| is(byte)).count()
    }
}

fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn in_name(byte: u8) -> bool {
    begins_name(byte) || byte.is_ascii_digit()
}

fn is_blank(byte: u8, lines: bool) -> bool {
    matches!(byte, b' ' | b'\t' | b'\x0c') || lines && matches!(byte, b'\n' | b'\r')
}

//! The scanner: one pass over a text, skipping strings and comments.
//!
//! Imports precede all other declarations, so a file has a head, where nothing but imports is
//! expected, and a body. In the head a string is a path, whatever brackets or keywords around it a
//! commit broke. In the body only the keyword `import`, which does not occur there in valid code,
//! starts a head again.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use crate::kind::Kind;
use crate::lang::lex::{
    Quiet, byte, byte_classes, is_word, past_plain, rest, skip_blanks, skip_spaces, starts, word_end, word_is,
};
use crate::lang::{Form, Import, MAX_IMPORTS};

use super::literal;

/// The construct that a byte may start in the body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ByteClass {
    Plain,
    Quote,
    Raw,
    Slash,
    /// The rarest letter of `import`.
    Keyword,
}

static CLASS: [ByteClass; 256] = byte_classes(
    ByteClass::Plain,
    [
        (b'"', ByteClass::Quote),
        (b'\'', ByteClass::Quote),
        (b'`', ByteClass::Raw),
        (b'/', ByteClass::Slash),
        (b'm', ByteClass::Keyword),
    ],
);

/// Returns the imports of a text, and the record of what is not code.
pub(super) fn scan(text: &[u8], quiet: Quiet) -> (Vec<Import<'_>>, Quiet) {
    let mut scanner = Scanner { text, quiet, rows: Vec::new(), open_comment: false };
    let mut at = 0;
    while at < text.len() {
        at = scanner.head(at);
        at = scanner.body(at);
    }
    (scanner.rows, scanner.quiet)
}

struct Scanner<'a> {
    text: &'a [u8],
    quiet: Quiet,
    rows: Vec<Import<'a>>,
    /// Whether a comment is never closed: then no later one is closed either.
    open_comment: bool,
}

impl<'a> Scanner<'a> {
    /// Reads imports up to the first other declaration.
    fn head(&mut self, mut at: usize) -> usize {
        // Before the first `import`, strings are not paths.
        let mut imported = false;
        loop {
            at = self.skip(at);
            let Some(&first) = self.text.get(at) else { return at };
            let end = word_end(self.text, at);
            match self.text.get(at..end).unwrap_or_default() {
                b"import" => {
                    imported = true;
                    let next = self.skip(end);
                    at = self.specification(at, next, false).unwrap_or(next);
                    continue;
                }
                b"func" | b"var" | b"const" | b"type" => return end,
                _ => {}
            }
            let path = if imported { self.specification(at, at, true) } else { None };
            at = match path {
                Some(end) => end,
                None if end > at => end,
                None if matches!(first, b'"' | b'\'') => self.quoted(at, first),
                None => at + 1,
            };
        }
    }

    /// Reads an import specification at `at`, an optional name and a path, of a statement that
    /// starts at `start`. With `alone`, as in a block, the statement must end after the path: as
    /// brackets may be lost, nothing else distinguishes it from other strings.
    fn specification(&mut self, start: usize, at: usize, alone: bool) -> Option<usize> {
        let dot = byte(self.text, at) == b'.';
        let named = if dot { at + 1 } else { word_end(self.text, at) };
        let path = self.skip(named);
        // A line end after a name ends the statement, after a dot it does not (specification,
        // "Semicolons").
        if !matches!(byte(self.text, path), b'"' | b'`')
            || (!dot && memchr(b'\n', self.text.get(named..path)?).is_some())
            || is_keyword(self.text.get(at..named)?)
        {
            return None;
        }
        let (end, module) = literal::read(self.text, path)?;
        if module.is_empty() || (alone && !self.is_alone(end, &module)) {
            return None;
        }
        self.quiet.add(path + 1..end - 1);
        let name = self.text.get(at..named).filter(|name| !name.is_empty()).map(String::from_utf8_lossy);
        let (name, alias) = if name.as_deref() == Some(".") { (Some(Cow::Borrowed("*")), None) } else { (None, name) };
        let (module, statement, span) = (Some(module.into()), start..end, path..end);
        if self.rows.len() <= MAX_IMPORTS {
            let (kind, form, level) = (Kind::Import, Form::Plain, 0);
            self.rows.push(Import { kind, form, module, name, alias, level, statement, span });
        }
        Some(end)
    }

    /// Returns the offset past blanks and comments.
    fn skip(&mut self, mut at: usize) -> usize {
        loop {
            at = skip_spaces(self.text, at);
            match self.comment(at) {
                Some(end) => at = end,
                None => return at,
            }
        }
    }

    /// Returns whether the statement ends at `end`, and the string before it may be a path.
    fn is_alone(&self, end: usize, path: &str) -> bool {
        let refused =
            |sign: char| sign.is_whitespace() || sign.is_control() || "!\"#$%&'()*,:;<=>?[]\\^`{|}".contains(sign);
        let next = skip_blanks(self.text, end);
        matches!(byte(self.text, next), b'\n' | b'\r' | b';' | b')' | b'/' | 0) && !path.contains(refused)
    }

    /// Returns the offset past the comment at `at`, if there is one.
    fn comment(&mut self, at: usize) -> Option<usize> {
        if byte(self.text, at) != b'/' {
            return None;
        }
        let end = match byte(self.text, at + 1) {
            // A lone carriage return does not end a line in Go.
            b'/' => memchr(b'\n', rest(self.text, at)).map_or(self.text.len(), |length| at + length),
            b'*' if !self.open_comment => match memmem::find(rest(self.text, at + 2), b"*/") {
                Some(length) => at + 2 + length + 2,
                None => {
                    self.open_comment = true;
                    return None;
                }
            },
            _ => return None,
        };
        self.quiet.add(at..end);
        Some(end)
    }

    fn quoted(&mut self, at: usize, quote: u8) -> usize {
        let end = literal::past_quoted(self.text, at, quote);
        let closed = end > at + 1 && byte(self.text, end - 1) == quote;
        self.quiet.add(at + 1..end - usize::from(closed));
        end
    }

    /// Skips code up to a stray `import`, and returns its start.
    fn body(&mut self, mut at: usize) -> usize {
        loop {
            at = past_plain(self.text, at, &CLASS, ByteClass::Plain);
            let Some(&next) = self.text.get(at) else { return at };
            at = match CLASS[usize::from(next)] {
                ByteClass::Plain => at + 1,
                ByteClass::Quote => self.quoted(at, next),
                ByteClass::Raw => match memchr(b'`', rest(self.text, at + 1)) {
                    Some(length) => {
                        self.quiet.add(at + 1..at + 1 + length);
                        at + length + 2
                    }
                    // No quote closes it: an accident, and the last back quote of the text.
                    None => at + 1,
                },
                ByteClass::Slash => self.comment(at).unwrap_or(at + 1),
                ByteClass::Keyword if starts(self.text, at, b"mport") && self.imports_at(at) => return at - 1,
                ByteClass::Keyword => at + 1,
            };
        }
    }

    /// Returns whether the `m` at `at` is that of an `import` before something that may be
    /// imported.
    fn imports_at(&self, at: usize) -> bool {
        let Some(start) = at.checked_sub(1).filter(|&start| word_is(self.text, start, b"import")) else { return false };
        if start > 0 && byte(self.text, start - 1) == b'.' {
            return false;
        }
        let next = skip_spaces(self.text, start + b"import".len());
        let next = byte(self.text, next);
        is_word(next) || matches!(next, b'(' | b'"' | b'`' | b'.' | b'/')
    }
}

fn is_keyword(word: &[u8]) -> bool {
    const KEYWORDS: [&[u8]; 25] = [
        b"break",
        b"case",
        b"chan",
        b"const",
        b"continue",
        b"default",
        b"defer",
        b"else",
        b"fallthrough",
        b"for",
        b"func",
        b"go",
        b"goto",
        b"if",
        b"import",
        b"interface",
        b"map",
        b"package",
        b"range",
        b"return",
        b"select",
        b"struct",
        b"switch",
        b"type",
        b"var",
    ];
    KEYWORDS.contains(&word)
}

//! Jupyter notebooks: their code cells as a Python text in which every line keeps its number.
//!
//! Format: nbformat 4 and 3 (`cells` or `worksheets`, `source` or `input`, a text or a list of texts); JSON, RFC 8259.
//! Cells are recognized by their keys alone, so that broken JSON still yields the intact ones.

mod reader;

use std::borrow::Cow;
use std::ops::Range;

use super::bytes::{HIDDEN_LINE_END, byte, word_end};
use reader::{Source, sources};

/// Cell magics whose cell is Python of the same notebook.
const PYTHON_MAGICS: [&[u8]; 10] =
    [b"time", b"timeit", b"capture", b"prun", b"memit", b"px", b"debug", b"python", b"python3", b"pypy"];

/// Returns the code of the cells. Everything else is dropped except line ends; a line end of the
/// code within a line of the file becomes a hidden one.
pub(super) fn decode(text: &[u8]) -> Vec<u8> {
    let mut writer = Writer::default();
    let mut at = 0;
    let mut last = (usize::MAX, 0);
    for Source { content, cell, side, .. } in sources(text) {
        if last != (cell, side) {
            writer.leave(last.0 == cell);
            last = (cell, side);
        }
        writer.between(text, at..content.start);
        writer.source(text, content.clone());
        at = content.end;
    }
    writer.leave(false);
    writer.between(text, at..text.len());
    writer.code
}

#[derive(Default)]
struct Writer {
    code: Vec<u8>,
    /// Whether the cell's current line is unfinished.
    open: bool,
    /// Whether it ended within the file's line: unless that ends too, a hidden line end follows.
    ended: bool,
    /// Line ends of the file within a line of the cell; they are written after it.
    owed: Vec<u8>,
    /// Whether the cell is Python, once its first line is known.
    is_python: Option<bool>,
}

impl Writer {
    /// Ends the open line; what follows does not continue it, but may be of the same cell.
    fn leave(&mut self, for_the_same: bool) {
        if self.open {
            self.end_line();
        }
        self.is_python = self.is_python.filter(|_| for_the_same);
    }

    /// Ends the cell's line, with the line ends that are owed, or else within the file's line.
    fn end_line(&mut self) {
        self.open = false;
        if self.owed.is_empty() {
            self.ended = true;
        } else {
            self.pay();
        }
    }

    fn pay(&mut self) {
        // Two line ends must not become one.
        if self.code.last() == Some(&b'\r') && self.owed.first() == Some(&b'\n') {
            self.code.push(b' ');
        }
        self.code.append(&mut self.owed);
    }

    fn settle(&mut self) {
        if std::mem::take(&mut self.ended) {
            self.code.push(HIDDEN_LINE_END);
        }
    }

    /// Writes the line ends between two sources.
    fn between(&mut self, text: &[u8], range: Range<usize>) {
        let mut last = usize::MAX;
        for at in memchr::memchr2_iter(b'\n', b'\r', text.get(range.clone()).unwrap_or_default()) {
            let at = range.start + at;
            let ends = if self.open { &mut self.owed } else { &mut self.code };
            if ends.last() == Some(&b'\r') && last != at.wrapping_sub(1) {
                ends.push(b' ');
            }
            ends.push(byte(text, at));
            self.ended = false;
            last = at;
        }
    }

    fn source(&mut self, text: &[u8], content: Range<usize>) {
        let content = text.get(content).unwrap_or_default();
        if self.is_python.is_none() {
            self.is_python = first_line_says(content);
        }
        if self.is_python == Some(false) {
            self.ended = false;
        } else {
            self.unescape(content);
        }
    }

    fn unescape(&mut self, mut content: &[u8]) {
        while let Some(at) = memchr::memchr(b'\\', content) {
            let (plain, rest) = content.split_at(at);
            self.plain(plain);
            let Some(&sign) = rest.get(1) else { return };
            content = rest.get(2..).unwrap_or_default();
            match sign {
                b'n' => self.line_end(),
                b'r' => {
                    content = content.strip_prefix(b"\\n").unwrap_or(content);
                    self.line_end();
                }
                b't' => self.plain(b"\t"),
                b'f' => self.plain(b"\x0c"),
                b'b' => self.plain(b"\x08"),
                b'u' => content = self.numbered(content),
                _ => self.plain(&[sign]),
            }
        }
        self.plain(content);
    }

    fn plain(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.settle();
            self.open = true;
            self.code.extend_from_slice(bytes);
        }
    }

    fn line_end(&mut self) {
        self.settle();
        self.end_line();
    }

    /// Writes the character of a `\u` escape, which may be a surrogate pair; returns the rest.
    fn numbered<'t>(&mut self, content: &'t [u8]) -> &'t [u8] {
        let Some((first, rest)) = unit(content) else {
            self.plain("\u{fffd}".as_bytes());
            return content;
        };
        let second = rest.strip_prefix(b"\\u").and_then(unit).filter(|_| (0xd800..0xdc00).contains(&first));
        let (units, rest) = match second {
            Some((second, rest)) if (0xdc00..0xe000).contains(&second) => (vec![first, second], rest),
            _ => (vec![first], rest),
        };
        for character in String::from_utf16_lossy(&units).chars() {
            if matches!(character, '\n' | '\r') {
                self.line_end();
            } else {
                self.plain(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        rest
    }
}

/// Returns a key or a short value as JSON means it. Escapes other than of ASCII characters are in
/// no word that matters.
fn decoded(written: &[u8]) -> Cow<'_, [u8]> {
    /// Maximum length of what is decoded; every word that matters is shorter when written so.
    const MAX_WRITTEN_BYTES: usize = 200;
    if written.len() > MAX_WRITTEN_BYTES || memchr::memchr(b'\\', written).is_none() {
        return Cow::Borrowed(written);
    }
    let mut writer = Writer::default();
    writer.unescape(written);
    Cow::Owned(writer.code)
}

fn unit(content: &[u8]) -> Option<(u16, &[u8])> {
    let (digits, rest) = content.split_at_checked(4)?;
    let digits =
        std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some((u16::from_str_radix(digits, 16).ok()?, rest))
}

/// Returns whether a cell that begins like this is Python; `None` before its first line.
fn first_line_says(mut content: &[u8]) -> Option<bool> {
    loop {
        content = match content {
            [] => return None,
            [b' ' | b'\t', rest @ ..] | [b'\\', b'n' | b'r' | b't', rest @ ..] => rest,
            [b'%', b'%', magic @ ..] => {
                return Some(PYTHON_MAGICS.contains(&magic.get(..word_end(magic, 0)).unwrap_or_default()));
            }
            _ => return Some(true),
        };
    }
}

#[cfg(test)]
mod tests;

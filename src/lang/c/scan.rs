//! The scanner: one pass over a text, line by line, skipping comments and literals.
//!
//! A directive takes a whole logical line, so only the start of a line matters. Code between `#if 0` and `#endif` is
//! read as well, because another build may compile it. Broken code costs only its own line.

use crate::lang::lex::{Quiet, byte, byte_classes, is_line_end, past_line_end, past_plain, starts};
use crate::lang::{File, Import};

use super::bytes::{joined, splice};
use super::scanner::Scanner;
use super::{comments, literals, modules};

/// Maximum number of failed full-text searches for the ends of raw strings.
const MAX_SEARCHES: usize = 8;

/// The meaning of a byte to the main loop.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum ByteClass {
    Plain,
    LineEnd,
    Quote,
    Apostrophe,
    Slash,
    Backslash,
    At,
}

static CLASS: [ByteClass; 256] = byte_classes(
    ByteClass::Plain,
    [
        (b'\n', ByteClass::LineEnd),
        (b'\r', ByteClass::LineEnd),
        (b'"', ByteClass::Quote),
        (b'\'', ByteClass::Apostrophe),
        (b'/', ByteClass::Slash),
        (b'\\', ByteClass::Backslash),
        (b'@', ByteClass::At),
    ],
);

/// Returns the imports of a file, and its code if `quiet` keeps it.
pub(super) fn scan<'a>(file: File<'a>, quiet: Quiet) -> (Vec<Import<'a>>, Vec<u8>) {
    // Neither C nor Objective-C has modules without an `@`.
    let modules = ![&b".c"[..], b".m"].iter().any(|ending| file.path.ends_with(ending));
    let budget = file.text.len().saturating_mul(MAX_SEARCHES);
    let mut scanner = Scanner { text: file.text, modules, quiet, rows: Vec::new(), budget };
    scanner.run();
    (scanner.rows, scanner.quiet.into_code())
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut at = self.line(0);
        loop {
            at = past_plain(self.text, at, &CLASS, ByteClass::Plain);
            let Some(&next) = self.text.get(at) else { return };
            at = match CLASS[usize::from(next)] {
                ByteClass::Plain => at + 1,
                ByteClass::LineEnd => self.line(past_line_end(self.text, at)),
                ByteClass::Quote => self.string(at),
                ByteClass::Apostrophe => self.character(at),
                ByteClass::Slash => comments::comment(self.text, at, &mut self.quiet).unwrap_or(at + 1),
                ByteClass::Backslash => splice(self.text, at).unwrap_or(at + 1),
                ByteClass::At => modules::framework(self, at).unwrap_or(at + 1),
            };
        }
    }

    /// Reads the start of a logical line at `at`.
    fn line(&mut self, at: usize) -> usize {
        let start = self.gap(at);
        let sign = match byte(self.text, start) {
            b'#' => start + 1,
            // The digraph, and the trigraph that only some compilers still read.
            b'%' => {
                let colon = joined(self.text, start + 1);
                if byte(self.text, colon) != b':' {
                    return start;
                }
                colon + 1
            }
            b'?' if starts(self.text, start, b"??=") => start + 3,
            b'i' | b'e' if self.modules => return modules::import(self, start).unwrap_or(start),
            _ => return start,
        };
        self.directive(start, sign)
    }

    /// Reads a directive whose `#` starts at `start` and ends at `at`.
    fn directive(&mut self, start: usize, at: usize) -> usize {
        let at = self.gap(at);
        let (word, end) = comments::word(self.text, at);
        if ![&b"include"[..], b"include_next", b"import"].iter().any(|name| comments::is(&word, name)) {
            return end;
        }
        let open = self.gap(end);
        let Some(close) = comments::header_end(self.text, open) else { return open };
        self.header(start, open, close, close)
    }

    fn string(&mut self, at: usize) -> usize {
        if let Some((content, end)) = literals::raw(self.text, at, &mut self.budget) {
            self.quiet.add(content);
            return end;
        }
        self.quoted(at, b'"')
    }

    fn character(&mut self, at: usize) -> usize {
        literals::number_end(self.text, at).unwrap_or_else(|| self.quoted(at, b'\''))
    }

    fn quoted(&mut self, at: usize, quote: u8) -> usize {
        let end = literals::quoted_end(self.text, at + 1, quote);
        self.quiet.add(at + 1..end);
        if self.text.get(end).is_none_or(|&end| is_line_end(end)) { end } else { end + 1 }
    }
}

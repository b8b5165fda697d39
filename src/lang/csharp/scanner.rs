//! The scanner: one pass over a text, skipping comments, strings and preprocessor lines.
//!
//! Code between `#if` and `#endif` is read as well, because another build may compile it.

use crate::lang::lex::{Quiet, byte, byte_classes, past_plain, skip_blanks};
use crate::lang::{Import, MAX_IMPORTS};

use super::interpolation::past_sign;
use super::literals::{self, Form};
use super::{directive, interpolation};

/// The meaning of a byte to the main loop.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum ByteClass {
    Plain,
    LineEnd,
    Quote,
    Apostrophe,
    Slash,
    Using,
}

static CLASS: [ByteClass; 256] = byte_classes(
    ByteClass::Plain,
    [
        (b'\n', ByteClass::LineEnd),
        (b'\r', ByteClass::LineEnd),
        // First bytes of those beyond ASCII.
        (0xc2, ByteClass::LineEnd),
        (0xe2, ByteClass::LineEnd),
        (b'"', ByteClass::Quote),
        (b'\'', ByteClass::Apostrophe),
        (b'/', ByteClass::Slash),
        (b'u', ByteClass::Using),
    ],
);

/// Returns the imports of a text, and its code if `quiet` keeps it.
pub(super) fn scan(text: &[u8], quiet: Quiet) -> (Vec<Import<'_>>, Vec<u8>) {
    let mut scanner = Scanner { text, quiet, rows: Vec::new(), unclosed: usize::MAX, open: false };
    scanner.run();
    (scanner.rows, scanner.quiet.into_code())
}

struct Scanner<'a> {
    text: &'a [u8],
    quiet: Quiet,
    rows: Vec<Import<'a>>,
    /// Shortest run of quotes that is known to have no closing run.
    unclosed: usize,
    /// Whether verbatim strings are known not to close any more.
    open: bool,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut at = self.line(0);
        loop {
            at = past_plain(self.text, at, &CLASS, ByteClass::Plain);
            let Some(&next) = self.text.get(at) else { return };
            at = match CLASS[usize::from(next)] {
                ByteClass::Plain => at + 1,
                ByteClass::LineEnd => match literals::line_end_length(self.text, at) {
                    0 => at + 1,
                    length => self.line(at + length),
                },
                ByteClass::Quote => self.string(at),
                ByteClass::Apostrophe => self.quoted(at + 1, b'\''),
                ByteClass::Slash => literals::comment(self.text, at, &mut self.quiet).unwrap_or(at + 1),
                ByteClass::Using => self.using(at),
            };
            if self.rows.len() > MAX_IMPORTS {
                return;
            }
        }
    }

    /// Reads the start of a line at `at`; a preprocessor line contains neither strings nor comments.
    fn line(&self, at: usize) -> usize {
        let start = skip_blanks(self.text, at);
        if byte(self.text, start) == b'#' { literals::line_end(self.text, start) } else { start }
    }

    fn using(&mut self, at: usize) -> usize {
        directive::read(self.text, at, &mut self.rows, &mut self.quiet).unwrap_or(at + 1)
    }

    fn quoted(&mut self, start: usize, quote: u8) -> usize {
        let end = literals::line_quoted_end(self.text, start, quote);
        self.quiet.add(start..end);
        past_sign(self.text, end)
    }

    fn string(&mut self, at: usize) -> usize {
        let form = Form::of(self.text, at);
        let start = at + form.quotes;
        let closing = if form.is_raw() {
            let end = if form.quotes < self.unclosed { literals::raw_end(self.text, start, form.quotes) } else { None };
            if end.is_none() {
                // The intended end is unknown; the code that follows must not be lost.
                self.unclosed = self.unclosed.min(form.quotes);
                return self.quoted(start, b'"');
            }
            end
        } else if form.verbatim && form.dollars == 0 {
            let end = if self.open { None } else { literals::verbatim_end(self.text, start) };
            self.open |= end.is_none();
            end
        } else {
            None
        };
        if form.dollars > 0 {
            return interpolation::end(self.text, start, form, &mut self.quiet);
        }
        match closing {
            Some(end) => {
                self.quiet.add(start..end);
                end + form.quotes
            }
            None => self.quoted(start, b'"'),
        }
    }
}

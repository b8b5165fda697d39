//! Strings in the scanned text: plain ones are skipped, replacement fields are scanned as code.

use super::bytes::{byte, is_line_end, line_end, past_line_end, skip_indentation};
use super::literal::{Prefix, Quotes, past_escape};
use super::scanner::{Format, Scanner};
use super::watch::Watch;

/// Maximum nesting of f-strings, as in CPython; deeper ones are plain strings.
const MAX_FORMAT_DEPTH: usize = 150;

impl<W: Watch> Scanner<'_, W> {
    pub(super) fn string(&mut self, at: usize) -> usize {
        self.watch.string();
        let quotes = Quotes::at(self.text, at);
        let prefix = Prefix::before(self.text, at);
        let start = at + quotes.length();
        if quotes.triple && self.stray == Some(at) {
            return start;
        }
        if quotes.triple && self.unclosed[usize::from(quotes.quote == b'"')] {
            return self.unclosed_line(at);
        }
        if prefix.fields && self.formats.len() < MAX_FORMAT_DEPTH {
            let (depth, rows) = (self.depth, self.rows.len());
            self.formats.push(Format { quotes, raw: prefix.raw, specifications: 0, depth, start: at, rows });
            self.depth = 0;
            return self.format_text(start);
        }
        let (end, closed) = quotes.content_end(self.text, start);
        if quotes.triple && !closed {
            self.unclosed[usize::from(quotes.quote == b'"')] = true;
            return self.unclosed_line(at);
        }
        self.unclosed_quotes += usize::from(!closed);
        self.watch.quiet(self.text, start..end);
        if quotes.triple {
            self.watch.triple(self.text, start..end);
        }
        if closed { end + quotes.length() } else { end }
    }

    /// Skips triple quotes at `at` that never close, with the rest of their line, and no more.
    fn unclosed_line(&mut self, at: usize) -> usize {
        self.unclosed_quotes += 1;
        let end = line_end(self.text, at);
        self.watch.quiet(self.text, (at + 3).min(end)..end);
        end
    }

    /// Skips the text of the innermost f-string from `start` to its end or a replacement field.
    pub(super) fn format_text(&mut self, mut start: usize) -> usize {
        let mut at = start;
        while let (Some(&next), Some(format)) = (self.text.get(at), self.formats.last_mut()) {
            match next {
                b'{' if format.specifications == 0 && byte(self.text, at + 1) == b'{' => at += 2,
                b'{' => {
                    self.watch.quiet(self.text, start..at);
                    self.watch.field();
                    self.depth = 0;
                    return at + 1;
                }
                b'}' if format.specifications > 0 => {
                    self.watch.quiet(self.text, start..at);
                    self.watch.close();
                    format.specifications -= 1;
                    at += 1;
                    start = at;
                }
                b'\\' => at = past_backslash(self.text, at, format.raw),
                b'"' | b'\'' if format.quotes.close_at(self.text, at) => {
                    let end = at + format.quotes.length();
                    self.watch.quiet(self.text, start..at);
                    self.leave_format();
                    return end;
                }
                _ if is_line_end(next) && !format.quotes.triple && format.specifications > 0 => {
                    // A specification may go on in the next line (3.13); a sure statement ends it.
                    self.watch.quiet(self.text, start..at);
                    start = past_line_end(self.text, at);
                    if self.begins_statement(skip_indentation(self.text, start)) {
                        self.unclosed_quotes += 1;
                        self.reset();
                        return self.line(start);
                    }
                    at = start;
                }
                _ if is_line_end(next) && !format.quotes.triple => {
                    self.unclosed_quotes += 1;
                    self.watch.quiet(self.text, start..at);
                    self.leave_format();
                    return at;
                }
                _ => at += 1,
            }
        }
        self.watch.quiet(self.text, start..self.text.len());
        self.text.len()
    }

    fn leave_format(&mut self) {
        if let Some(format) = self.formats.pop() {
            self.depth = format.depth;
        }
        let formats = self.formats.len();
        while self.calls.pop_if(|call| call.formats > formats).is_some() {}
    }

    /// Handles the end of the text: triple quotes of an f-string still open were an accident.
    /// Returns their offset, to rewind to; once per kind of quote, so the time stays linear.
    pub(super) fn rewind(&mut self) -> Option<usize> {
        let first = self.formats.iter().position(|format| format.quotes.triple)?;
        let format = self.formats.drain(first..).next()?;
        self.unclosed[usize::from(format.quotes.quote == b'"')] = true;
        self.depth = format.depth;
        self.rows.truncate(format.rows);
        while self.by_local.pop_if(|call| call.rows.end > format.rows).is_some() {}
        self.calls.clear();
        self.watch.back(self.text, format.start);
        Some(format.start)
    }
}

/// Returns the offset past a backslash in the text of an f-string. It does not escape a brace, but
/// the braces of a named character (`\N{DASH}`) are part of its name.
fn past_backslash(text: &[u8], at: usize, raw: bool) -> usize {
    match byte(text, at + 1) {
        b'{' | b'}' => at + 1,
        b'N' if !raw && byte(text, at + 2) == b'{' => {
            let name = text.get(at + 3..).unwrap_or_default();
            let length =
                name.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-')).count();
            if byte(text, at + 3 + length) == b'}' { at + 4 + length } else { at + 2 }
        }
        _ => past_escape(text, at),
    }
}

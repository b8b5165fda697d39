//! The scanner: one pass over a text, skipping comments and literals, to the places where a declaration may start.

use memchr::{memchr2, memmem};

use crate::lang::backtrack::QuietRanges;
use crate::lang::lex::{
    byte, byte_classes, is_marker, is_word, line_end, past_line_end, past_nested, past_plain, rest, skip_blanks, starts,
};
use crate::lang::{Import, MAX_IMPORTS};

use super::declaration;
use super::scanner::Scanner;

/// The construct that a byte may start in code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ByteClass {
    Plain,
    LineEnd,
    Semicolon,
    Quote,
    Hash,
    Slash,
    Backtick,
    Open,
    Close,
}

static CLASS: [ByteClass; 256] = byte_classes(
    ByteClass::Plain,
    [
        (b'\n', ByteClass::LineEnd),
        (b'\r', ByteClass::LineEnd),
        (b';', ByteClass::Semicolon),
        (b'"', ByteClass::Quote),
        (b'#', ByteClass::Hash),
        (b'/', ByteClass::Slash),
        (b'`', ByteClass::Backtick),
        (b'(', ByteClass::Open),
        (b')', ByteClass::Close),
    ],
);

/// Returns every import of the text.
pub(super) fn imports(text: &[u8]) -> Vec<Import<'_>> {
    let mut scanner = Scanner::new(text, QuietRanges::ignored());
    scanner.run();
    scanner.rows
}

/// Returns the text with comments and the contents of literals blanked.
pub(super) fn blank(text: &[u8]) -> Vec<u8> {
    let mut scanner = Scanner::new(text, QuietRanges::kept());
    scanner.run();
    scanner.quiet.blank(text)
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut at = if starts(self.text, 0, b"#!") { self.comment(0) } else { self.statement(0) };
        while self.rows.len() <= MAX_IMPORTS {
            at = past_plain(self.text, at, &CLASS, ByteClass::Plain);
            let Some(&next) = self.text.get(at) else {
                // A literal still open at the end of the text was not a literal.
                let outermost = self.open.drain(..).next();
                let Some(back) = outermost.and_then(|literal| self.lost(&literal, self.text.len())) else { return };
                at = back;
                continue;
            };
            at = match CLASS[usize::from(next)] {
                ByteClass::Plain => at + 1,
                ByteClass::LineEnd => self.statement(past_line_end(self.text, at)),
                ByteClass::Semicolon => self.statement(at + 1),
                ByteClass::Quote => self.literal_at(at, at, 0),
                ByteClass::Hash => self.hash(at),
                ByteClass::Slash => self.slash(at),
                ByteClass::Backtick => self.backtick(at),
                ByteClass::Open => {
                    self.brackets += 1;
                    at + 1
                }
                ByteClass::Close => self.close(at),
            };
        }
    }

    /// Reads the import that may start after the whitespace and comments at `at`. Returns where to go on.
    fn statement(&mut self, mut at: usize) -> usize {
        loop {
            at = skip_blanks(self.text, at);
            if !starts(self.text, at, b"/*") {
                break;
            }
            at = self.block_comment(at);
        }
        let first = byte(self.text, at);
        if matches!(first, b'<' | b'>' | b'=') && is_marker(self.text, at) {
            return self.comment(at);
        }
        if !matches!(first, b'i' | b'@' | b'p' | b'f' | b'o') {
            return at;
        }
        let Some(found) = declaration::read(self.text, at, &mut self.budget) else { return at };
        // No literal extends over an import, so the open ones were not literals.
        self.open.clear();
        self.brackets = 0;
        found.comments.into_iter().for_each(|comment| self.quiet.add(comment));
        let end = found.import.statement.end;
        self.rows.push(found.import);
        end
    }

    fn comment(&mut self, at: usize) -> usize {
        let end = line_end(self.text, at);
        self.quiet.add(at + 2..end);
        end
    }

    fn block_comment(&mut self, at: usize) -> usize {
        let end = past_nested(self.text, at + 2, *b"/*", *b"*/");
        if end < self.text.len() || self.text.ends_with(b"*/") {
            self.quiet.add(at + 2..end.saturating_sub(2).max(at + 2));
            return end;
        }
        if self.budget.affords(end - at) { self.comment(at) } else { end }
    }

    fn slash(&mut self, at: usize) -> usize {
        match byte(self.text, at + 1) {
            b'/' => self.comment(at),
            b'*' => self.block_comment(at),
            b' ' | b'\t' | b'\n' | b'\r' | b')' | b',' | b']' | b':' | b';' | 0 => at + 1,
            _ if self.value_before(at) => at + 1,
            _ => self.regex(at),
        }
    }

    /// Returns whether a value ends directly before `at`, or an operator continues there.
    fn value_before(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        let blanks = before.iter().rev().take(64).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let end = at - blanks;
        let Some(&sign) = end.checked_sub(1).and_then(|last| self.text.get(last)) else { return false };
        if is_word(sign) {
            let word = before.get(..end).unwrap_or_default().rsplit(|&byte| !is_word(byte)).next().unwrap_or_default();
            return !matches!(
                word,
                b"return"
                    | b"in"
                    | b"case"
                    | b"where"
                    | b"try"
                    | b"await"
                    | b"throw"
                    | b"yield"
                    | b"is"
                    | b"as"
                    | b"else"
                    | b"if"
            );
        }
        matches!(sign, b')' | b']' | b'}' | b'"' | b'`' | b'.' | b'\'')
            || (blanks == 0 && !matches!(sign, b'(' | b'[' | b'{' | b',' | b';' | b':' | b'\n' | b'\r'))
    }

    /// Skips a regular expression if it closes on its line; otherwise only the slash.
    fn regex(&mut self, at: usize) -> usize {
        let (mut next, mut class, mut depth) = (at + 1, false, 0_usize);
        loop {
            match byte(self.text, next) {
                b'\\' => next += 1,
                b'\n' | b'\r' | 0 => break,
                b'[' => class = true,
                b']' => class = false,
                b'(' if !class => depth += 1,
                b')' if !class && depth == 0 => break,
                b')' if !class => depth -= 1,
                b'/' if matches!(byte(self.text, next - 1), b' ' | b'\t') => break,
                b'/' => {
                    self.quiet.add(at + 1..next);
                    return next + 1;
                }
                _ => {}
            }
            next += 1;
        }
        // The bytes are scanned again as code.
        if self.budget.affords(next.saturating_sub(at)) { at + 1 } else { next.min(self.text.len()) }
    }

    fn hash(&mut self, at: usize) -> usize {
        let count = rest(self.text, at).iter().take_while(|&&byte| byte == b'#').count();
        let sign = at + count;
        match byte(self.text, sign) {
            b'"' => self.literal_at(at, sign, count),
            b'/' => self.extended_regex(at, sign, count),
            _ => sign,
        }
    }

    /// Returns the end of the line that contains `at`; many ask for that of one line.
    fn line_end(&mut self, at: usize) -> usize {
        if !self.line.contains(&at) {
            self.line = at..line_end(self.text, at);
        }
        self.line.end
    }

    /// Skips `#/…/#`, which spans several lines if a line ends directly after its opening.
    fn extended_regex(&mut self, at: usize, slash: usize, count: usize) -> usize {
        let end = [b"/", b"#".repeat(count.min(64)).as_slice()].concat();
        let lines = matches!(byte(self.text, skip_blanks(self.text, slash + 1)), b'\n' | b'\r');
        let limit = if lines { self.text.len() } else { self.line_end(slash) };
        let within = self.text.get(slash + 1..limit).unwrap_or_default();
        match memmem::find(within, &end) {
            Some(length) => {
                self.quiet.add(slash + 1..slash + 1 + length);
                slash + 1 + length + end.len()
            }
            None if self.budget.affords(limit - at) => slash + 1,
            None => limit,
        }
    }

    fn backtick(&mut self, at: usize) -> usize {
        let near = self.text.get(at + 1..(at + 256).min(self.text.len())).unwrap_or_default();
        match memchr2(b'`', b'\n', near) {
            Some(length) if near.get(length) == Some(&b'`') => at + length + 2,
            _ => at + 1,
        }
    }

    fn close(&mut self, at: usize) -> usize {
        if self.brackets > 0 {
            self.brackets -= 1;
            return at + 1;
        }
        match self.open.pop() {
            Some(literal) => self.resume(literal, at + 1),
            None => at + 1,
        }
    }
}

//! The scanner: one pass over a text, skipping literals and comments, to the strings that name loaded files.
//!
//! It does not parse statements: it stops where a string opens, and looks back for `require` and similar calls. If a
//! quote closes on a later line, directly before a token that cannot follow a string, the opening quote was stray, and
//! its string ends with its line.

use memchr::{memchr2, memmem};

use crate::lang::backtrack::QuietRanges;
use crate::lang::lex::{byte, is_marker, is_word, past_plain, rest, skip_blanks, starts};
use crate::lang::{Import, MAX_IMPORTS, import};

use super::before::Before;
use super::bytes::{ByteClass, CLASS};
use super::scanner::{Literal, Scanner};

/// Returns every import of the text.
pub(super) fn imports(text: &[u8]) -> Vec<Import<'_>> {
    let mut scanner = Scanner::new(text, QuietRanges::ignored());
    scanner.run();
    let mut rows = scanner.rows;
    // Heredocs are read before the rest of the line that opens them.
    import::sort(&mut rows);
    rows
}

/// Returns the text with comments and the contents of strings blanked.
pub(super) fn blank(text: &[u8]) -> Vec<u8> {
    let mut scanner = Scanner::new(text, QuietRanges::kept());
    scanner.run();
    scanner.quiet.blank(text)
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut at = self.line(0);
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
                ByteClass::LineEnd => {
                    let next = self.past_line_end(at);
                    self.line(next)
                }
                ByteClass::Comment => self.comment(at),
                ByteClass::Quote => self.quote(at),
                ByteClass::Backtick => match byte(self.text, at.wrapping_sub(1)) {
                    b'.' | b':' => at + 1,
                    b' ' if self.before(at) == Before::Name => at + 1,
                    _ => self.quote(at),
                },
                ByteClass::Slash => self.slash(at),
                ByteClass::Percent => self.percent(at),
                ByteClass::Less => self.less(at),
                ByteClass::Question => self.question(at),
                // `$"`, `$'`, `$/` and similar are variables.
                ByteClass::Dollar if is_word(byte(self.text, at + 1)) || byte(self.text, at + 1) == b'\n' => at + 1,
                ByteClass::Dollar => at + 2,
                ByteClass::Open => {
                    self.braces += 1;
                    at + 1
                }
                ByteClass::Close => self.close(at),
            };
        }
    }

    fn comment(&mut self, at: usize) -> usize {
        let end = self.end_of_line(at);
        self.quiet.add(at + 1..end);
        self.past_comment(at, end);
        end
    }

    /// Reads the start of a line at `at`.
    fn line(&mut self, at: usize) -> usize {
        match byte(self.text, at) {
            b'=' if starts(self.text, at, b"=begin") && !is_word(byte(self.text, at + 6)) => self.block_comment(at),
            b'_' if starts(self.text, at, b"__END__")
                && matches!(rest(self.text, at + 7), [] | [b'\n', ..] | [b'\r', b'\n', ..]) =>
            {
                self.open.clear();
                let end = self.text.len();
                self.quiet.add(at + 7..end);
                end
            }
            b'<' | b'>' | b'=' if is_marker(self.text, at) => self.comment(at),
            _ if self.open.is_empty() => at,
            _ => {
                if begins_surely(self.text, skip_blanks(self.text, at)) {
                    self.open.clear();
                    self.braces = 0;
                }
                at
            }
        }
    }

    fn block_comment(&mut self, at: usize) -> usize {
        let mut from = at;
        while let Some(length) = memmem::find(rest(self.text, from), b"\n=end") {
            let end = from + length + 5;
            if matches!(byte(self.text, end), b' ' | b'\t' | b'\n' | b'\r' | 0) {
                let line_end = self.end_of_line(end);
                self.quiet.add(at + 6..line_end);
                self.past_comment(at, line_end);
                return line_end;
            }
            from = end;
        }
        if self.budget.affords(self.text.len() - at) { self.comment(at) } else { self.text.len() }
    }

    fn close(&mut self, at: usize) -> usize {
        if self.braces > 0 {
            self.braces -= 1;
            return at + 1;
        }
        match self.open.pop() {
            Some(mut literal) => {
                self.braces = literal.braces;
                literal.content = at + 1;
                self.literal(literal, at + 1)
            }
            None => at + 1,
        }
    }

    fn quote(&mut self, at: usize) -> usize {
        let quote = byte(self.text, at);
        if quote != b'`' {
            self.asked(at);
        }
        let literal = Literal::quoted(self, at, at + 1, quote, quote != b'\'');
        self.literal(literal, at + 1)
    }

    fn slash(&mut self, at: usize) -> usize {
        let next = byte(self.text, at + 1);
        let within_line = match self.before(at) {
            Before::Begin => false,
            Before::Argument if !matches!(next, b' ' | b'\t' | b'\n' | b'\r' | b'=') => true,
            _ => return at + 1,
        };
        let end = || memchr2(b'/', b'\n', rest(self.text, at + 1)).map(|length| byte(self.text, at + 1 + length));
        if within_line && end() != Some(b'/') {
            return at + 1;
        }
        let literal = Literal::quoted(self, at, at + 1, b'/', true);
        self.literal(literal, at + 1)
    }

    fn percent(&mut self, at: usize) -> usize {
        let next = byte(self.text, at + 1);
        match self.before(at) {
            Before::Begin => {}
            Before::Argument if next != b'=' => {}
            _ => return at + 1,
        }
        let (sign, interpolates) = match next {
            b'q' | b'w' | b'i' | b's' => (at + 2, false),
            b'Q' | b'W' | b'I' | b'r' | b'x' => (at + 2, true),
            _ => (at + 1, true),
        };
        let quote = byte(self.text, sign);
        if !quote.is_ascii_punctuation() {
            return at + 1;
        }
        if matches!(next, b'q' | b'Q') || sign == at + 1 {
            self.asked(at);
        }
        let literal = Literal::quoted(self, at, sign + 1, quote, interpolates);
        self.literal(literal, sign + 1)
    }

    fn less(&mut self, at: usize) -> usize {
        if byte(self.text, at + 1) != b'<' {
            return at + 1;
        }
        let id = if matches!(byte(self.text, at + 2), b'-' | b'~') { at + 3 } else { at + 2 };
        let first = byte(self.text, id);
        let opens = matches!(first, b'"' | b'\'' | b'`') || (is_word(first) && !first.is_ascii_digit());
        if !opens || !matches!(self.before(at), Before::Begin | Before::Argument) {
            return at + 2;
        }
        self.heredoc(at, id).unwrap_or(at + 2)
    }
}

/// Returns whether a line certainly begins a statement, so that a literal around it cannot be one.
fn begins_surely(text: &[u8], at: usize) -> bool {
    let string = |word: &[u8]| matches!(byte(text, skip_blanks(text, at + word.len())), b'"' | b'\'');
    let name = |word: &[u8]| byte(text, at + word.len()) == b' ' && is_word(byte(text, at + word.len() + 1));
    [&b"require"[..], b"require_relative", b"require_dependency"]
        .iter()
        .any(|word| starts(text, at, word) && string(word))
        || [&b"def"[..], b"class", b"module"].iter().any(|word| starts(text, at, word) && name(word))
}

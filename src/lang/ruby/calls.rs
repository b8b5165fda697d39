//! Calls that load a file: `require`, `require_relative`, `require_dependency` of Rails, `load` and `autoload`, if their
//! argument is a literal string.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use crate::kind::Kind;
use crate::lang::lex::{byte, is_word, skip_spaces, word_end};
use crate::lang::{Form, Import};

use super::bytes::{back_blanks, skip_blanks, skip_lines, word_start};
use super::keywords::reserved;
use super::scanner::Scanner;

/// Maximum length of a string; longer ones do not name files.
const MAX_STRING_BYTES: usize = 4096;

/// A call, up to its first string.
struct Call {
    /// Start of its receiver, or of its name if it has none.
    start: usize,
    /// `None` without parentheses; otherwise, whether whitespace precedes them.
    bracket: Option<bool>,
    /// Where looking back from its name stops.
    floor: usize,
}

impl<'a> Scanner<'a> {
    /// Adds an import if the string that opens at `at` is the path that a call loads.
    pub(super) fn asked(&mut self, at: usize) {
        let (before, floor) = self.back(at, self.code_from);
        let row = match byte(self.text, before.wrapping_sub(1)) {
            _ if before <= floor => None,
            // `autoload :Name, "path"`
            b',' => self.after_symbol(before - 1, at, floor),
            // `autoload :"Name", "path"`
            b':' if before == at => self.autoload(before - 1, at),
            b'e' | b'd' | b'y' | b'(' => self.required(at).or_else(|| self.autoload(at, at)),
            _ => None,
        };
        self.rows.extend(row);
    }

    /// Goes back over whitespace, and over line ends and comments after a comma or a parenthesis. Returns where the code
    /// before ends, and where looking back stops there.
    fn back(&self, at: usize, floor: usize) -> (usize, usize) {
        let near = back_blanks(self.text, at, floor);
        if near > floor && byte(self.text, near - 1) != b'\n' {
            return (near, floor);
        }
        let (far, below) = self.back_over_lines(near, floor);
        if far > below && matches!(byte(self.text, far - 1), b',' | b'(') { (far, below) } else { (near, floor) }
    }

    /// Returns the call whose arguments start at `at`, if it has one of these names: the index of the name, its span,
    /// the call.
    fn call(&self, at: usize, floor: usize, names: &[&[u8]]) -> Option<(usize, Range<usize>, Call)> {
        let (mut end, floor) = self.back(at, floor);
        let mut bracket = None;
        if end > floor && byte(self.text, end - 1) == b'(' {
            let name = back_blanks(self.text, end - 1, floor);
            bracket = Some(name < end - 1);
            end = name;
        }
        let start = word_start(self.text, end, floor);
        let word = self.text.get(start..end)?;
        let which = names.iter().position(|&name| name == word)?;
        if bracket.is_none() && end == at && !matches!(byte(self.text, at), b'"' | b'\'' | b':') {
            return None;
        }
        Some((which, start..end, Call { start, bracket, floor }))
    }

    /// Returns the receiver before `start`: `Some(None)` without one, its span if it consists of names, `None`
    /// otherwise.
    fn receiver(&self, start: usize, floor: usize) -> Option<Option<Range<usize>>> {
        let (near, floor) = self.back_over_lines(start, floor);
        let sign = |at: usize| if at <= floor { 0 } else { byte(self.text, at - 1) };
        match (sign(near.wrapping_sub(1).max(floor)), sign(near)) {
            (b'.', b'.') => return Some(None),
            (b'&', b'.') => return None,
            (_, b'.') => {}
            (b':', b':') if near == start => {}
            (_, b':') if near == start => return None,
            (_, b'@' | b'$') if near == start => return None,
            _ => {
                let word = self.text.get(word_start(self.text, near, floor)..near)?;
                return if matches!(word, b"def" | b"alias" | b"undef") && near < start { None } else { Some(None) };
            }
        }
        let (end, floor) = if sign(near) == b'.' { self.back_over_lines(near - 1, floor) } else { (near - 2, floor) };
        let most = floor.max(end.saturating_sub(256));
        let chain = self.text.get(most..end)?.iter().rev();
        let length = chain.take_while(|&&byte| is_word(byte) || matches!(byte, b':' | b'.')).count();
        Some(Some(end - length..end))
    }

    fn required(&self, at: usize) -> Option<Import<'a>> {
        let names: [&[u8]; 4] = [b"require", b"require_relative", b"load", b"require_dependency"];
        let (which, name, mut call) = self.call(at, self.code_from, &names)?;
        if let Some(receiver) = self.receiver(name.start, call.floor)? {
            if !matches!(self.text.get(receiver.clone())?, b"Kernel" | b"::Kernel" | b"self") {
                return None;
            }
            call.start = receiver.start;
        }
        let (path, end) = self.string(at)?;
        let statement = call.start..self.end_of_call(&call, end)?;
        let form = if which == 2 { Form::Include } else { Form::Require };
        let level = u32::from(which == 1);
        let module = Some(path.into());
        Some(Import { kind: Kind::Import, form, module, name: None, alias: None, level, statement, span: at..end })
    }

    /// Returns the import of the call that has a symbol before the comma at `comma`, and the path at `at`.
    fn after_symbol(&self, comma: usize, at: usize, floor: usize) -> Option<Import<'a>> {
        let end = back_blanks(self.text, comma, floor);
        let start = word_start(self.text, end, floor);
        if start == end || start <= floor || byte(self.text, start - 1) != b':' {
            return None;
        }
        let name = Cow::Borrowed(std::str::from_utf8(self.text.get(start..end)?).ok()?);
        self.path_of(start - 1, floor, name, at)
    }

    /// Returns the import of the call whose arguments start at `start`, and whose constant name has its quote at
    /// `quote`.
    fn autoload(&self, start: usize, quote: usize) -> Option<Import<'a>> {
        self.call(start, self.code_from, &[b"autoload"])?;
        let (name, end) = self.string(quote)?;
        let comma = skip_blanks(self.text, end);
        if byte(self.text, comma) != b',' {
            return None;
        }
        let path = skip_lines(self.text, comma + 1);
        let is_string = matches!(byte(self.text, path), b'"' | b'\'' | b'%');
        if is_string { self.path_of(start, self.code_from, name, path) } else { None }
    }

    fn path_of(&self, arguments: usize, floor: usize, name: Cow<'a, str>, at: usize) -> Option<Import<'a>> {
        let (_, word, mut call) = self.call(arguments, floor, &[b"autoload"])?;
        if let Some(receiver) = self.receiver(word.start, call.floor)? {
            call.start = receiver.start;
        }
        let (path, end) = self.string(at)?;
        let statement = call.start..self.end_of_call(&call, end)?;
        let (kind, module, name) = (Kind::Import, Some(path.into()), Some(name));
        Some(Import { kind, form: Form::Plain, module, name, alias: None, level: 0, statement, span: at..end })
    }

    /// Returns the end of the call whose string ends at `end`; `None` if the string is only part of the argument.
    fn end_of_call(&self, call: &Call, end: usize) -> Option<usize> {
        let Some(blanks) = call.bracket else { return self.is_whole(end).then_some(end) };
        let next = skip_lines(self.text, end);
        match byte(self.text, next) {
            b',' => Some(end),
            b')' => (!blanks || self.is_whole(next + 1)).then_some(next + 1),
            _ => None,
        }
    }

    /// Returns whether an argument ends at `end`.
    fn is_whole(&self, end: usize) -> bool {
        let next = skip_blanks(self.text, end);
        match byte(self.text, next) {
            b'\n' | b'\r' => {
                let line = skip_spaces(self.text, next);
                let two = [byte(self.text, line), byte(self.text, line + 1)];
                !matches!(two, [b'&', b'.' | b'&'] | [b'|', b'|']) && (two[0] != b'.' || two[1] == b'.')
            }
            b';' | b'#' | b')' | b']' | b'}' | b',' | b'{' => true,
            0 => next >= self.text.len() || byte(self.text, next) == 0,
            sign if is_word(sign) => {
                reserved(self.text.get(next..word_end(self.text, next)).unwrap_or_default()).is_some()
            }
            _ => false,
        }
    }

    /// Returns the text of the adjacent literals at `at`, and their end.
    fn string(&self, at: usize) -> Option<(Cow<'a, str>, usize)> {
        let (first, mut end) = self.one(at)?;
        let mut whole: Cow<'a, [u8]> = first;
        loop {
            let next = skip_blanks(self.text, end);
            if !matches!(byte(self.text, next), b'"' | b'\'') || byte(self.text, at) == b'%' {
                break;
            }
            let (more, after) = self.one(next)?;
            if whole.len() + more.len() > MAX_STRING_BYTES {
                return None;
            }
            whole.to_mut().extend_from_slice(&more);
            end = after;
        }
        let text = match whole {
            Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        };
        Some((text, end))
    }

    /// Returns the text of one literal without interpolation, and its end.
    fn one(&self, at: usize) -> Option<(Cow<'a, [u8]>, usize)> {
        let sign = byte(self.text, at);
        let (start, escapes) = match (sign, byte(self.text, at + 1)) {
            (b'"' | b'\'', _) => (at, sign == b'"'),
            (b'%', b'q' | b'Q') => (at + 2, byte(self.text, at + 1) == b'Q'),
            (b'%', _) => (at + 1, true),
            _ => return None,
        };
        let open = byte(self.text, start);
        let (close, nests) = match open {
            b'(' => (b')', true),
            b'[' => (b']', true),
            b'{' => (b'}', true),
            b'<' => (b'>', true),
            sign if sign.is_ascii_punctuation() => (sign, false),
            _ => return None,
        };
        let near = self.text.get(start + 1..(start + 1 + MAX_STRING_BYTES).min(self.text.len()))?;
        let (mut depth, mut length) = (0_usize, 0);
        loop {
            let next = *near.get(length)?;
            match next {
                b'\\' => length += 1,
                b'\n' => return None,
                b'#' if escapes && matches!(byte(near, length + 1), b'{' | b'@' | b'$') => return None,
                _ if next == close && depth == 0 => break,
                _ if next == close => depth -= 1,
                _ if nests && next == open => depth += 1,
                _ => {}
            }
            length += 1;
        }
        let content = near.get(..length)?;
        let end = start + 1 + length + 1;
        if memchr(b'\\', content).is_none() {
            return Some((Cow::Borrowed(content), end));
        }
        let decoded =
            if escapes { super::escapes::double(content) } else { super::escapes::single(content, open, close) };
        Some((Cow::Owned(decoded), end))
    }
}

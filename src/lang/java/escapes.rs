//! Unicode escapes, which may occur anywhere in a text, and characters that are ignored in names.
//!
//! Source: Java Language Specification 3.3 and 3.8; `java.lang.Character.isIdentifierIgnorable`.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use crate::lang::lex::{byte, rest};
use crate::lang::{Import, SharedText};

/// A text as the compiler reads it, and the offset in the file of each of its parts.
pub(super) struct Translated {
    pub(super) text: Vec<u8>,
    /// Pairs of offsets in the text and in the file; from one pair to the next, both advance together.
    places: Vec<(usize, usize)>,
}

impl Translated {
    /// Translates a file; `None` if the compiler reads it unchanged, as is usual.
    pub(super) fn of(file: &[u8]) -> Option<Self> {
        if memmem::find(file, b"\\u").is_none() && (has_no_ignored(file) || next_ignored(file, 0).is_none()) {
            return None;
        }
        let mut translated = Self { text: Vec::with_capacity(file.len()), places: Vec::new() };
        let mut at = 0;
        let mut ignored = next_ignored(file, 0);
        let mut escape = memchr::memchr(b'\\', file);
        while let Some(next) = [ignored.as_ref().map(|range| range.start), escape].into_iter().flatten().min() {
            translated.text.extend_from_slice(file.get(at..next).unwrap_or_default());
            at = match ignored.clone().filter(|range| range.start == next) {
                Some(range) => range.end,
                None => translated.backslashes(file, next),
            };
            translated.places.push((translated.text.len(), at));
            if escape.is_some_and(|escape| escape < at) {
                escape = memchr::memchr(b'\\', rest(file, at)).map(|length| at + length);
            }
            if ignored.as_ref().is_some_and(|range| range.start < at) {
                ignored = next_ignored(file, at);
            }
        }
        translated.text.extend_from_slice(rest(file, at));
        Some(translated)
    }

    /// Translates the backslash at `at`: an escape, or a backslash that makes the next one literal. Returns where to go
    /// on.
    fn backslashes(&mut self, file: &[u8], at: usize) -> usize {
        let Some((unit, mut end)) = escape(file, at) else {
            self.text.push(b'\\');
            let next = at + 1;
            if byte(file, next) == b'\\' {
                self.text.push(b'\\');
                return next + 1;
            }
            return next;
        };
        let mut sign = char::from_u32(unit.into());
        if (0xd800..0xdc00).contains(&unit)
            && let Some((low @ 0xdc00..0xe000, low_end)) = escape(file, end)
        {
            sign = char::decode_utf16([unit, low]).next().and_then(Result::ok);
            end = low_end;
        }
        let sign = sign.unwrap_or(char::REPLACEMENT_CHARACTER);
        if !is_ignored(sign) {
            self.text.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
        }
        end
    }

    /// Converts an offset in the text to one in the file.
    fn place(&self, at: usize) -> usize {
        let index = self.places.partition_point(|&(text, _)| text <= at);
        match index.checked_sub(1).and_then(|index| self.places.get(index)) {
            Some(&(text, file)) => file + (at - text),
            None => at,
        }
    }

    fn range(&self, range: &Range<usize>) -> Range<usize> {
        self.place(range.start)..self.place(range.end)
    }

    /// Converts the spans of an import of the text to spans of the file.
    pub(super) fn placed(&self, import: Import<'_>) -> Import<'static> {
        let owned = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        let Import { kind, form, module, name, alias, level, statement, span } = import;
        Import {
            kind,
            form,
            module: module.map(|module| SharedText::Respelt((*module).into())),
            name: owned(name),
            alias: owned(alias),
            level,
            statement: self.range(&statement),
            span: self.range(&span),
        }
    }

    /// Returns the file with the bytes blanked that are blanked in the text.
    pub(super) fn blanked(&self, file: &[u8], blanked: &[u8]) -> Vec<u8> {
        let mut code = file.to_vec();
        let mut place = 0;
        let changes = std::iter::zip(&self.text, blanked).enumerate();
        let mut places = self.places.iter().peekable();
        let mut shift = (0, 0);
        for (at, (before, after)) in changes {
            while let Some(next) = places.next_if(|&&(text, _)| text <= at) {
                shift = *next;
            }
            place = place.max(shift.1 + (at - shift.0));
            if before != after {
                let end = match places.peek() {
                    Some(&&(text, file)) if text == at + 1 => file,
                    _ => place + 1,
                };
                for byte in code.get_mut(place..end).unwrap_or_default() {
                    if !crate::lang::lex::is_line_end(*byte) {
                        *byte = b' ';
                    }
                }
            }
        }
        code
    }
}

/// Returns the UTF-16 unit of the escape at `at`, and the end of the escape.
fn escape(file: &[u8], at: usize) -> Option<(u16, usize)> {
    let letters = rest(file, at + 1).iter().take_while(|&&byte| byte == b'u').count();
    let start = at + 1 + letters;
    let digits = file.get(start..start + 4)?;
    if byte(file, at) != b'\\' || letters == 0 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let unit = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    Some((unit, start + 4))
}

/// Number of bytes that are examined at once.
const CHUNK_BYTES: usize = size_of::<u64>();

/// Returns whether a text has neither control characters other than whitespace nor characters beyond ASCII, as nearly all
/// have: looking up each byte in a table takes four times as many instructions.
fn has_no_ignored(file: &[u8]) -> bool {
    let each = |byte: u8| u64::from_ne_bytes([byte; CHUNK_BYTES]);
    let may_have_ignored = |chunk: &[u8; CHUNK_BYTES]| {
        let chunk = u64::from_ne_bytes(*chunk);
        // The highest bit of each byte tells whether it is at least `least`, as long as all are ASCII.
        let at_least = |least: u8| chunk.wrapping_add(each(0x80 - least));
        let control = !at_least(b' ') & (!at_least(b'\t') | at_least(b'\r' + 1));
        (chunk | control | at_least(0x7f)) & each(0x80) != 0
    };
    let (chunks, rest) = file.as_chunks();
    let mut last = [b' '; CHUNK_BYTES];
    last[..rest.len()].copy_from_slice(rest);
    !chunks.iter().any(may_have_ignored) && !may_have_ignored(&last)
}

/// Returns the next character that the compiler ignores in names.
fn next_ignored(file: &[u8], mut at: usize) -> Option<Range<usize>> {
    loop {
        at += rest(file, at).iter().position(|&byte| MAY_BE_IGNORED[usize::from(byte)])?;
        let length = match byte(file, at) {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        let sign = file.get(at..at + length).and_then(|bytes| std::str::from_utf8(bytes).ok());
        match sign.and_then(|sign| sign.chars().next()) {
            Some(sign) if is_ignored(sign) => return Some(at..at + length),
            _ => at += 1,
        }
    }
}

/// First bytes of ignored characters.
const MAY_BE_IGNORED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] =
            matches!(byte, 0..=8 | 0x0e..=0x1b | 0x7f | 0xc2 | 0xd8 | 0xdb | 0xdc | 0xe0..=0xe2 | 0xef | 0xf0 | 0xf3);
        byte += 1;
    }
    table
};

/// Returns whether a character is ignored in names: control characters other than whitespace, and the category Cf.
fn is_ignored(sign: char) -> bool {
    matches!(sign,
        '\0'..='\u{8}' | '\u{e}'..='\u{1b}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}'
        | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{13438}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_ignored_character_is_told_by_its_bytes() {
        for byte in 0..=u8::MAX {
            for (before, after) in (0..20).flat_map(|before| [0, 1, 7, 8].map(|after| (before, after))) {
                for around in [b" \t\r\na~", &[0x7e; 6], &[b'\t'; 6]] {
                    let text: Vec<u8> = around
                        .iter()
                        .copied()
                        .cycle()
                        .take(before)
                        .chain([byte])
                        .chain(around.iter().copied().cycle().take(after))
                        .collect();
                    let is_usual = matches!(byte, b'\t'..=b'\r' | b' '..=b'~');
                    assert_eq!(has_no_ignored(&text), is_usual, "{text:?}");
                    assert!(!is_usual || next_ignored(&text, 0).is_none());
                }
            }
        }
        assert!(has_no_ignored(b""));
    }
}

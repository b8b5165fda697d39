//! Encodings that switch between character sets, or use ASCII bytes as parts of other characters.
//!
//! Format: ISO/IEC 2022; RFC 1468, 1554, 1557 (`iso-2022-…`); RFC 1843 (HZ); KS X 1001 annex 3
//! (Johab); JIS X 0213. Decoded as Python does, as far as the characters can occur in names.

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS};

const ESCAPE: u8 = 0x1b;

/// Character set that the bytes are in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Set {
    #[default]
    Ascii,
    /// ASCII, except for the yen sign and the overline.
    Roman,
    /// Another set of single bytes; no name needs its characters.
    Single,
    /// Two bytes per character; in the encoding, both have the highest bit set.
    Double(&'static Encoding),
}

/// The sets that a text in an ISO 2022 encoding has switched to; they persist past line ends.
#[derive(Debug, Default)]
pub(super) struct Iso2022 {
    plain: Set,
    shifted: Option<Set>,
}

impl Iso2022 {
    /// Decodes one line.
    pub(super) fn line(&mut self, line: &[u8], decoded: &mut Vec<u8>) {
        let mut is_shifted = false;
        let mut at = 0;
        while let Some(&byte) = line.get(at) {
            match byte {
                ESCAPE => at += self.escape(&line[at..], decoded),
                0x0e | 0x0f => {
                    is_shifted = byte == 0x0e;
                    at += 1;
                }
                _ => {
                    let set = if is_shifted { self.shifted.unwrap_or_default() } else { self.plain };
                    at += character(set, &line[at..], decoded);
                }
            }
        }
    }

    /// Applies an escape sequence and returns its length in bytes.
    fn escape(&mut self, rest: &[u8], decoded: &mut Vec<u8>) -> usize {
        let double = |last: u8| match last {
            b'A' => Set::Double(GBK),
            b'C' => Set::Double(EUC_KR),
            _ => Set::Double(EUC_JP),
        };
        match rest {
            [_, b'(', last, ..] => {
                self.plain = match last {
                    b'B' => Set::Ascii,
                    b'J' => Set::Roman,
                    _ => Set::Single,
                };
                3
            }
            [_, b'$', b'(', last, ..] => {
                self.plain = double(*last);
                4
            }
            [_, b'$', b')', last, ..] => {
                self.shifted = Some(double(*last));
                4
            }
            [_, b'$', last, ..] => {
                self.plain = double(*last);
                3
            }
            [_, b'.', _, ..] => 3,
            // one character of the upper half of Latin-1, or of Greek
            [_, b'N', byte, ..] => {
                push(char::from(byte | 0x80), decoded);
                3
            }
            _ => 1,
        }
    }
}

/// Whether a text in HZ is between `~{` and `~}`.
#[derive(Debug, Default)]
pub(super) struct Hz {
    is_double: bool,
}

impl Hz {
    /// Decodes one line.
    pub(super) fn line(&mut self, line: &[u8], decoded: &mut Vec<u8>) {
        let mut rest = line;
        while !rest.is_empty() {
            let length = match rest {
                [b'~', b'~', ..] => {
                    decoded.push(b'~');
                    2
                }
                [b'~', sign @ (b'{' | b'}'), ..] => {
                    self.is_double = *sign == b'{';
                    2
                }
                _ => character(if self.is_double { Set::Double(GBK) } else { Set::Ascii }, rest, decoded),
            };
            rest = rest.get(length..).unwrap_or_default();
        }
    }
}

/// Decodes one character of a set with seven bits per byte and returns its length in bytes.
fn character(set: Set, rest: &[u8], decoded: &mut Vec<u8>) -> usize {
    match (set, rest) {
        (Set::Double(encoding), [first, second, ..]) => {
            decoded
                .extend_from_slice(encoding.decode_without_bom_handling(&[first | 0x80, second | 0x80]).0.as_bytes());
            2
        }
        (Set::Roman, [b'\\', ..]) => push('¥', decoded),
        (Set::Roman, [b'~', ..]) => push('‾', decoded),
        (Set::Ascii | Set::Roman, [byte, ..]) => push(char::from(*byte), decoded),
        _ => push(char::REPLACEMENT_CHARACTER, decoded),
    }
}

/// Decodes one line of Shift JIS with the yen sign in place of the backslash.
pub(super) fn shift_jis_of_yen(line: &[u8], decoded: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        let length = if matches!(byte, 0x81..=0x9f | 0xe0..=0xfc) { 2 } else { 1 };
        let bytes = line.get(at..at + length).unwrap_or(&line[at..]);
        match bytes {
            [b'\\'] => _ = push('¥', decoded),
            [b'~'] => _ = push('‾', decoded),
            _ => decoded.extend_from_slice(SHIFT_JIS.decode_without_bom_handling(bytes).0.as_bytes()),
        }
        at += length;
    }
}

/// Decodes one line of Johab: ASCII, and full-width ASCII of KS X 1001. Syllables and other
/// characters are not told apart.
pub(super) fn johab(line: &[u8], decoded: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        if byte < 0x80 {
            decoded.push(byte);
            at += 1;
            continue;
        }
        let trail = line.get(at + 1).copied().unwrap_or_default();
        let column = trail.wrapping_sub(if trail < 0x91 { 0x31 } else { 0x43 });
        match (byte, column) {
            // The row of full-width ASCII.
            (0xda, 0..=0x5d) => _ = push(char::from_u32(0xff01 + u32::from(column)).unwrap_or('_'), decoded),
            _ => _ = push(char::REPLACEMENT_CHARACTER, decoded),
        }
        at += 2;
    }
}

fn push(character: char, decoded: &mut Vec<u8>) -> usize {
    let mut buffer = [0; 4];
    decoded.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_switched() {
        let mut state = Iso2022::default();
        for (line, text) in [
            (&b"im\x1b(Bport \x1b$B#e\x1b(Bvil"[..], "import ｅvil"),
            (b"a\x1b(J", "a"),
            (b"\"\\\"~", "\"¥\"‾"),
            (b"\x1b(B\x1b$)C\x0e#e\x0fv\x0e#", "ｅv\u{fffd}"),
            (b"x\x1b.A\x1bN*\x1b", "xª"),
        ] {
            let mut decoded = Vec::new();
            state.line(line, &mut decoded);
            assert_eq!(String::from_utf8(decoded).unwrap(), text);
        }
    }

    #[test]
    fn quotes_and_backslashes_are_those_of_the_codec() {
        type Decode = fn(&[u8], &mut Vec<u8>);
        let cases: [(Decode, &[u8], &str); 4] = [
            (johab, b"\x84\\\"\xdau\xff", "\u{fffd}\"ｅ\u{fffd}"),
            (shift_jis_of_yen, b"\"\\\"\x83\x5c", "\"¥\"ソ"),
            (|line, decoded| Hz::default().line(line, decoded), b"~~~{#e~}v~x", "~ｅv~x"),
            (|line, decoded| Hz::default().line(line, decoded), b"~{#", "\u{fffd}"),
        ];
        for (decode, line, text) in cases {
            let mut decoded = Vec::new();
            decode(line, &mut decoded);
            assert_eq!(String::from_utf8(decoded).unwrap(), text);
        }
    }
}

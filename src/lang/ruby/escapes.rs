//! Values of the escapes in strings.
//!
//! Source: Ruby's `doc/syntax/literals.rdoc`, "Double-Quoted String Literals" and "Single-Quoted String Literals".

use crate::lang::lex::{byte, rest};

/// Decodes a string that interpolates.
pub(super) fn double(content: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(content.len());
    let mut at = 0;
    while at < content.len() {
        if byte(content, at) == b'\\' {
            at = one(content, at, &mut text);
        } else {
            text.push(byte(content, at));
            at += 1;
        }
    }
    text
}

/// Decodes a string that does not interpolate: a backslash is literal unless it precedes a backslash or a delimiter.
pub(super) fn single(content: &[u8], open: u8, close: u8) -> Vec<u8> {
    let mut text = Vec::with_capacity(content.len());
    let mut bytes = content.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let escaped = |next: &u8| *next == b'\\' || *next == open || *next == close;
        text.push(if byte == b'\\' { bytes.next_if(escaped).unwrap_or(byte) } else { byte });
    }
    text
}

/// Decodes the escape whose backslash is at `at`. Returns its end.
fn one(content: &[u8], at: usize, text: &mut Vec<u8>) -> usize {
    let digits = |from: usize, most: usize, base: u32| {
        let valid = rest(content, from).iter().take(most).take_while(|&&byte| char::from(byte).is_digit(base)).count();
        let number = std::str::from_utf8(content.get(from..from + valid).unwrap_or_default()).unwrap_or_default();
        (u32::from_str_radix(number, base).unwrap_or(0), from + valid)
    };
    let sign = byte(content, at + 1);
    match sign {
        b'0'..=b'7' => {
            let (value, end) = digits(at + 1, 3, 8);
            text.push((value & 0xff).to_le_bytes()[0]);
            end
        }
        b'x' => {
            let (value, end) = digits(at + 2, 2, 16);
            text.push((value & 0xff).to_le_bytes()[0]);
            end
        }
        b'u' if byte(content, at + 2) == b'{' => {
            let mut from = at + 3;
            loop {
                from += rest(content, from).iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                let (value, end) = digits(from, 6, 16);
                if end == from {
                    return if byte(content, end) == b'}' { end + 1 } else { end };
                }
                push(value, text);
                from = end;
            }
        }
        b'u' => {
            let (value, end) = digits(at + 2, 4, 16);
            push(value, text);
            end
        }
        b'c' | b'C' | b'M' => {
            // Control and meta characters do not occur in paths: any character will do.
            text.push(0x7f);
            (at + if sign == b'c' { 3 } else { 4 }).min(content.len())
        }
        b'\r' if byte(content, at + 2) == b'\n' => at + 3,
        b'\n' => at + 2,
        _ => {
            text.push(match sign {
                b'a' => 7,
                b'b' => 8,
                b't' => b'\t',
                b'n' => b'\n',
                b'v' => 11,
                b'f' => 12,
                b'r' => b'\r',
                b'e' => 27,
                b's' => b' ',
                other => other,
            });
            at + 2
        }
    }
}

fn push(value: u32, text: &mut Vec<u8>) {
    let sign = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
    text.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
}

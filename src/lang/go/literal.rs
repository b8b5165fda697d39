//! String literals as import paths.
//!
//! Format: Go specification, "String literals".

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3};

use crate::lang::lex::{byte, rest};

/// Returns the offset past the text in `quote`s that opens at `at`: past the closing quote, or the
/// end of the line if none closes it there.
pub(super) fn past_quoted(text: &[u8], at: usize, quote: u8) -> usize {
    closing(text, at, quote).map_or_else(|end| end, |quote| quote + 1)
}

/// Returns the offset of the quote that closes the one at `at`, or else of the end of the line.
fn closing(text: &[u8], at: usize, quote: u8) -> Result<usize, usize> {
    let mut at = at + 1;
    loop {
        let Some(length) = memchr3(quote, b'\\', b'\n', rest(text, at)) else { return Err(text.len()) };
        at += length;
        match byte(text, at) {
            b'\\' if byte(text, at + 1) != b'\n' => at += 2,
            b'\\' => return Err(at + 1),
            b'\n' => return Err(at),
            _ => return Ok(at),
        }
    }
}

/// Reads a string literal within one line that starts at `at`. Returns its end and its value.
pub(super) fn read(text: &[u8], at: usize) -> Option<(usize, Cow<'_, str>)> {
    let raw = byte(text, at) == b'`';
    let end = if raw {
        // A path has no line end, so quotes that contain one are an accident.
        let length = memchr2(b'`', b'\n', rest(text, at + 1))?;
        Some(at + 1 + length).filter(|&end| byte(text, end) == b'`')?
    } else {
        closing(text, at, b'"').ok()?
    };
    let content = text.get(at + 1..end)?;
    let content = match memchr2(b'\\', b'\r', content) {
        None => Cow::Borrowed(content),
        Some(_) if raw => Cow::Owned(content.iter().copied().filter(|&byte| byte != b'\r').collect()),
        Some(_) => Cow::Owned(unescaped(content)),
    };
    let said = match content {
        Cow::Borrowed(content) => String::from_utf8_lossy(content),
        Cow::Owned(content) => Cow::Owned(String::from_utf8_lossy(&content).into_owned()),
    };
    Some((end + 1, said))
}

/// Returns the bytes that an interpreted literal denotes; invalid escapes stay as written.
fn unescaped(content: &[u8]) -> Vec<u8> {
    let (mut bytes, mut at) = (Vec::with_capacity(content.len()), 0);
    while let Some(length) = memchr(b'\\', rest(content, at)) {
        bytes.extend_from_slice(content.get(at..at + length).unwrap_or_default());
        at += length;
        let number = |digits: usize, base: u32, skip: usize| {
            let digits = content.get(at + skip..at + skip + digits)?;
            let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
            u32::from_str_radix(digits, base).ok()
        };
        let sign = byte(content, at + 1);
        let (value, length) = match sign {
            b'x' => (number(2, 16, 2), 4),
            b'u' => (number(4, 16, 2), 6),
            b'U' => (number(8, 16, 2), 10),
            b'0'..=b'7' => (number(3, 8, 1), 4),
            _ => (b"abfnrtv\\'\"".iter().position(|&known| known == sign).map(|_| u32::from(simple(sign))), 2),
        };
        match value {
            Some(value) if matches!(sign, b'u' | b'U') => {
                let sign = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
                bytes.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
                at += length;
            }
            Some(value) => {
                bytes.push(u8::try_from(value).unwrap_or(b'?'));
                at += length;
            }
            None => {
                bytes.push(b'\\');
                at += 1;
            }
        }
    }
    bytes.extend_from_slice(rest(content, at));
    bytes
}

const fn simple(sign: u8) -> u8 {
    match sign {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        other => other,
    }
}

/// Returns a path as a literal.
pub(super) fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_say_what_they_say() {
        for (text, said) in [
            (r#""a/b""#, "a/b"),
            ("`a/b`", "a/b"),
            ("`a\\x62`", "a\\x62"),
            ("`a\r/b`", "a/b"),
            (r#""\x61\142\u0063\U00000064""#, "abcd"),
            (r#""\xc3\xa9\\\"""#, "é\\\""),
            (r#""\u+061\x6\q\400""#, "\\u+061\\x6\\q?"),
            (r#""\ud800""#, "\u{fffd}"),
        ] {
            let (end, found) = read(text.as_bytes(), 0).unwrap();
            assert_eq!((end, &*found), (text.len(), said), "{text}");
        }
        for text in ["\"a", "\"a\n\"", "`a\nb`", "\"a\\", "\"a\\\n\"", "`", "\""] {
            assert_eq!(read(text.as_bytes(), 0), None, "{text}");
        }
    }
}

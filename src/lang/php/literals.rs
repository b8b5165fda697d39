//! Literal strings and their values.
//!
//! Format: PHP manual, "Strings".

use std::borrow::Cow;
use std::ops::Range;

use crate::lang::lex::{byte, is_word};

use super::text::{double_end, single_end};

/// Returns the text of the string at `at`, and its span including the quotes; `None` if it is not a string, or contains
/// code.
pub(super) fn read(text: &[u8], at: usize) -> Option<(Cow<'_, str>, Range<usize>)> {
    let quote = byte(text, at);
    let end = match quote {
        b'\'' => single_end(text, at + 1)?,
        b'"' => double_end(text, at + 1, b'"')?,
        _ => return None,
    };
    let content = text.get(at + 1..end)?;
    let said = if !content.contains(&b'\\') && (quote == b'\'' || !content.contains(&b'$')) {
        String::from_utf8_lossy(content)
    } else if quote == b'\'' {
        Cow::Owned(String::from_utf8_lossy(&single(content)).into_owned())
    } else {
        Cow::Owned(String::from_utf8_lossy(&double(content)?).into_owned())
    };
    Some((said, at..end + 1))
}

fn single(content: &[u8]) -> Vec<u8> {
    let (mut said, mut at) = (Vec::with_capacity(content.len()), 0);
    while let Some(&next) = content.get(at) {
        let escaped = next == b'\\' && matches!(byte(content, at + 1), b'\\' | b'\'');
        said.push(if escaped { byte(content, at + 1) } else { next });
        at += 1 + usize::from(escaped);
    }
    said
}

fn double(content: &[u8]) -> Option<Vec<u8>> {
    let (mut said, mut at) = (Vec::with_capacity(content.len()), 0);
    while let Some(&next) = content.get(at) {
        let follows = byte(content, at + 1);
        match next {
            b'$' if follows == b'{' || (is_word(follows) && !follows.is_ascii_digit()) => return None,
            b'{' if follows == b'$' => return None,
            b'\\' => at = escape(content, at, &mut said),
            _ => {
                said.push(next);
                at += 1;
            }
        }
    }
    Some(said)
}

/// Decodes the escape at `at`. Returns its end.
fn escape(content: &[u8], at: usize, said: &mut Vec<u8>) -> usize {
    let digits = |from: usize, most: usize, radix: u32| {
        let digits = content.get(from..).unwrap_or_default().iter().take(most);
        let digits = digits.map_while(|&digit| char::from(digit).to_digit(radix));
        digits.fold((0_u32, 0), |(number, count), digit| (number * radix + digit, count + 1))
    };
    let sign = byte(content, at + 1);
    let plain = match sign {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'v' => 0x0b,
        b'e' => 0x1b,
        b'f' => 0x0c,
        b'\\' | b'$' | b'"' => sign,
        b'0'..=b'7' => {
            let (number, count) = digits(at + 1, 3, 8);
            said.push(number as u8);
            return at + 1 + count;
        }
        b'x' if digits(at + 2, 2, 16).1 > 0 => {
            let (number, count) = digits(at + 2, 2, 16);
            said.push(number as u8);
            return at + 2 + count;
        }
        b'u' if byte(content, at + 2) == b'{' => {
            let (number, count) = digits(at + 3, 6, 16);
            if let Some(sign) = char::from_u32(number).filter(|_| byte(content, at + 3 + count) == b'}') {
                said.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
                return at + 3 + count + 1;
            }
            b'\\'
        }
        _ => b'\\',
    };
    said.push(plain);
    if plain == b'\\' && sign != b'\\' { at + 1 } else { at + 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_say_what_php_reads() {
        for (text, said) in [
            ("'a\\\\b\\'c\\n'", Some("a\\b'c\\n")),
            ("\"a\\\\b\\\"c\\x41\\101\\u{42}\"", Some("a\\b\"cAAB")),
            ("\"a\\q\\$b\"", Some("a\\q$b")),
            ("\"a$\"", Some("a$")),
            ("\"a$1\"", Some("a$1")),
            ("\"a$b\"", None),
            ("\"a{$b}\"", None),
            ("\"a${b}\"", None),
            ("'a", None),
            ("a", None),
        ] {
            assert_eq!(read(text.as_bytes(), 0).map(|(said, _)| said).as_deref(), said, "{text}");
        }
    }
}

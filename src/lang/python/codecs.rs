//! Codecs in which ASCII characters have other spellings.

use super::unescape::unescaped;

/// Decodes one line of UTF-7 (RFC 2152): `+`, base64 of UTF-16, then `-` or another byte.
pub(super) fn utf7(line: &[u8], decoded: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        at += 1;
        if byte != b'+' {
            let mut buffer = [0; 4];
            // Bytes beyond ASCII are invalid here; they are kept, so that they are seen.
            decoded.extend_from_slice(char::from(byte).encode_utf8(&mut buffer).as_bytes());
            continue;
        }
        if line.get(at) == Some(&b'-') {
            decoded.push(b'+');
            at += 1;
            continue;
        }
        let length = line[at..].iter().take_while(|&&byte| base64(byte).is_some()).count();
        decoded.extend_from_slice(shifted(&line[at..at + length]).as_bytes());
        at += length;
        at += usize::from(line.get(at) == Some(&b'-'));
    }
}

/// Decodes base64 digits to UTF-16, and that to a string. Bits left over at the end are padding.
fn shifted(digits: &[u8]) -> String {
    let (mut bits, mut held) = (0_u32, 0);
    let mut units = Vec::with_capacity(digits.len() * 6 / 16);
    for value in digits.iter().filter_map(|&digit| base64(digit)) {
        bits = (bits << 6 | value) & 0x3f_ffff;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push((bits >> held) as u16);
        }
    }
    String::from_utf16_lossy(&units)
}

fn base64(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// Decodes one line of Python's `unicode_escape`, or, unless `all`, of `raw_unicode_escape`, in
/// which only `\u` and `\U` are escapes. All other bytes are Latin-1.
pub(super) fn unicode(line: &[u8], all: bool, decoded: &mut Vec<u8>) {
    let text: String = line.iter().map(|&byte| char::from(byte)).collect();
    if all {
        decoded.extend_from_slice(unescaped(&text).as_bytes());
        return;
    }
    let mut rest = &*text;
    while let Some(at) = rest.find('\\') {
        let run = rest[at..].bytes().take_while(|&byte| byte == b'\\').count();
        let (before, after) = rest.split_at(at + run);
        let escaped = run % 2 == 1 && after.starts_with(['u', 'U']);
        let digits = if after.starts_with('u') { 5 } else { 9 };
        if let Some(escape) = after.get(..digits).filter(|_| escaped) {
            decoded.extend_from_slice(&before.as_bytes()[..at + run - 1]);
            decoded.extend_from_slice(unescaped(&format!("\\{escape}")).as_bytes());
            rest = &after[digits..];
        } else {
            decoded.extend_from_slice(before.as_bytes());
            rest = after;
        }
    }
    decoded.extend_from_slice(rest.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf7_is_decoded() {
        for (line, text) in [
            ("a +- b", "a + b"),
            ("+AOk-x", "éx"),
            ("+2D3eAA.", "😀."),
            ("Hi Mom +Jjo--!", "Hi Mom ☺-!"),
            ("+", ""),
            ("+AA", ""),
        ] {
            let mut decoded = Vec::new();
            utf7(line.as_bytes(), &mut decoded);
            assert_eq!(String::from_utf8(decoded).unwrap(), text, "{line}");
        }
    }

    #[test]
    fn raw_escapes_are_those_of_unicode_alone() {
        for (line, text) in
            [(r"\u0061\x61", r"a\x61"), (r"\\u0061", r"\\u0061"), (r"\\\U00000061", r"\\a"), (r"\u6", r"\u6")]
        {
            let mut decoded = Vec::new();
            unicode(line.as_bytes(), false, &mut decoded);
            assert_eq!(String::from_utf8(decoded).unwrap(), text, "{line}");
        }
    }
}

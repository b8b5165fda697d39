//! JSON with comments and commas too many, as `tsconfig.json` may have them.

use serde_json::Value;

use crate::text::Text;

/// Longer files are nobody's configuration.
pub(super) const MAX_FILE_BYTES: usize = 256 << 10;

/// The value that a file holds; `None` where it is broken, too deep or too long.
pub(super) fn parse(blob: &[u8]) -> Option<Value> {
    if blob.len() > MAX_FILE_BYTES {
        return None;
    }
    let text = Text::decode(blob);
    // of this depth on, serde_json gives up by itself
    serde_json::from_slice(&plain(text.bytes())).ok()
}

/// Turns comments and the commas before closing brackets into spaces.
fn plain(text: &[u8]) -> Vec<u8> {
    let mut plain = text.to_vec();
    let mut comma = None;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let end = match byte {
            b'"' => at + string(rest),
            b'/' if rest.starts_with(b"//") => at + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len()),
            b'/' if rest.starts_with(b"/*") => {
                let inner = rest.get(2..).unwrap_or_default();
                at + memchr::memmem::find(inner, b"*/").map_or(rest.len(), |end| end + 4)
            }
            _ => at + 1,
        };
        match byte {
            b'/' if end > at + 1 => plain.get_mut(at..end).unwrap_or_default().fill(b' '),
            b',' => comma = Some(at),
            b']' | b'}' => {
                if let Some(comma) = comma.take().and_then(|comma: usize| plain.get_mut(comma)) {
                    *comma = b' ';
                }
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at = end;
    }
    plain
}

/// The length of the string at the start.
fn string(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        let escapes = text.get(at + found) == Some(&b'\\');
        at += found + 1 + usize::from(escapes);
        if !escapes {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_are_fine() {
        let text = b"\xef\xbb\xbf{ // one\n \"a\": [1, 2, /* ] */ ], /**/ \"b//\": \"\\\"/*\", // two\n}";
        assert_eq!(parse(text).unwrap(), serde_json::json!({ "a": [1, 2], "b//": "\"/*" }));
        assert_eq!(parse(b"{\"a\": 1,}\n//").unwrap(), serde_json::json!({ "a": 1 }));
    }

    #[test]
    fn what_is_broken_or_hostile_is_nothing() {
        let deep = "[".repeat(100_000);
        let long = format!("\"{}\"", "x".repeat(MAX_FILE_BYTES));
        for text in ["", "{", "\"", "\"\\", "/*", "/", "//", ",", "{,}x", "[1,,]", &deep, &long, "{\"a\" \"b\"}"] {
            assert_eq!(parse(text.as_bytes()), None, "{}", &text[..text.len().min(20)]);
        }
    }
}

//! JSON with comments and trailing commas, as `tsconfig.json` may have them.

use serde_json::Value;

use crate::text::Text;

/// Maximum size of a configuration, in bytes.
pub(super) const MAX_FILE_BYTES: usize = 256 << 10;

/// Returns the value of a file; `None` if it is malformed, too deep or too long.
pub(super) fn parse(blob: &[u8]) -> Option<Value> {
    if blob.len() > MAX_FILE_BYTES {
        return None;
    }
    let mut text = Text::decode(blob).bytes().to_vec();
    // A lone carriage return ends a comment in TypeScript, but not in `json_strip_comments`.
    text.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
    // Without a final line end, a `/` as the last byte would be dropped.
    text.push(b'\n');
    json_strip_comments::strip_slice(&mut text).ok()?;
    // serde_json itself rejects values that are nested too deep.
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_are_fine() {
        let text = b"\xef\xbb\xbf{ // one\n \"a\": [1, 2, /* ] */ ], /**/ \"b//\": \"\\\"/*\", // two\n}";
        assert_eq!(parse(text).unwrap(), serde_json::json!({ "a": [1, 2], "b//": "\"/*" }));
        for text in ["{\"a\": 1,}\n//", "// one\r{\"a\": 1}", "{\"a\": 1 /*,*/, //\r\n}", "{\"a\": 1} /* open"] {
            assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::json!({ "a": 1 }), "{text}");
        }
    }

    #[test]
    fn what_is_broken_or_hostile_is_nothing() {
        let deep = "[".repeat(100_000);
        let long = format!("\"{}\"", "x".repeat(MAX_FILE_BYTES));
        for text in [
            "",
            "{",
            "\"",
            "\"\\",
            "/*",
            "/",
            "//",
            ",",
            "{,}x",
            "[1,,]",
            &deep,
            &long,
            "{\"a\" \"b\"}",
            "1/",
            "1/2",
            "[1,/",
            "[1,/*",
            "\"\\\"]",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{}", &text[..text.len().min(20)]);
        }
    }
}

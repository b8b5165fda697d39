//! Parts of an import statement besides its names and module: attributes, conflict markers.

use crate::lang::lex::{byte, line_end, rest};

use super::bytes::{name_end, skip, word_at};
use super::literal::content_end;

/// Returns the end of the attributes (`with { type: "json" }`) after a string that ends at `end`.
pub(super) fn attributes(text: &[u8], end: usize) -> usize {
    let at = skip(text, end);
    let word = match byte(text, at) {
        b'w' if word_at(text, at, b"with") => 4,
        // The older keyword, which is a name after a line break.
        b'a' if word_at(text, at, b"assert") && line_end(text, end) > at => 6,
        _ => return end,
    };
    let mut at = skip(text, at + word);
    if byte(text, at) != b'{' {
        return end;
    }
    loop {
        at = skip(text, at + 1);
        match byte(text, at) {
            quote @ (b'"' | b'\'') => at = content_end(text, at + 1, quote).0,
            b'}' => return at + 1,
            b',' | b':' => {}
            _ => match name_end(text, at) {
                next if next == at => return end,
                next => at = next - 1,
            },
        }
    }
}

/// Returns the offset past whitespace, comments and conflict marker lines.
pub(super) fn skip_markers(text: &[u8], mut at: usize) -> usize {
    loop {
        at = skip(text, at);
        let sign = byte(text, at);
        let marks = matches!(sign, b'<' | b'=' | b'>' | b'|') && rest(text, at).starts_with(&[sign; 7]);
        if !marks {
            return at;
        }
        at = line_end(text, at);
    }
}

//! Escaping of untrusted text for output; nothing else escapes.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns whether a character changes how a terminal shows its surroundings: C0 and C1 controls, bidirectional
/// controls (UAX #9), invisible joiners and line separators.
fn is_unsafe(character: char) -> bool {
    matches!(character,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns bytes from a repository as one line of text, with unsafe characters and invalid UTF-8 escaped.
#[must_use]
pub fn bytes(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return self::text(text);
    }
    let mut safe = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        safe.push_str(&text(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(safe, "\\x{byte:02x}");
        }
    }
    Cow::Owned(safe)
}

/// Returns text from a repository as one line, with unsafe characters escaped.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\t' => safe.push_str("\\t"),
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            character if is_unsafe(character) => {
                let _ = match u32::from(character) {
                    code @ ..=0xff => write!(safe, "\\x{code:02x}"),
                    code => write!(safe, "\\u{{{code:x}}}"),
                };
            }
            character => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

/// Escapes importgate's own multi-line text that quotes a repository (an error with its source), keeping line breaks.
#[must_use]
pub fn lines(rendered: &str) -> String {
    rendered.lines().map(text).collect::<Vec<_>>().join("\n")
}

/// Cuts a line to about `width` characters around the character at `focus`, marking each cut with `…`.
#[must_use]
pub fn cut(line: &str, focus: usize, width: usize) -> Cow<'_, str> {
    let length = line.chars().count();
    if length <= width {
        return Cow::Borrowed(line);
    }
    let start = focus.saturating_sub(width / 3).min(length - width);
    let mut cut = String::new();
    if start > 0 {
        cut.push('…');
    }
    cut.extend(line.chars().skip(start).take(width));
    if start + width < length {
        cut.push('…');
    }
    Cow::Owned(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_a_terminal_is_shown() {
        assert_eq!(bytes(b"a\x1b[31m\n\xff\xc2\x9b"), "a\\x1b[31m\\n\\xff\\x9b");
        assert_eq!(text("x\u{202e}y\u{200b}"), "x\\u{202e}y\\u{200b}");
        assert!(matches!(text("größe"), Cow::Borrowed(_)));
    }

    #[test]
    fn long_lines_are_cut_around_the_finding() {
        let line = format!("{}here{}", "a".repeat(500), "b".repeat(500));
        let cut = cut(&line, 500, 60);
        assert!(cut.contains("here") && cut.chars().count() == 62, "{cut}");
    }
}

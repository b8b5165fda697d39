//! Identifiers, in the form in which C# compares them.
//!
//! Format: C# language specification, 6.4.3: without a leading `@`, with escapes decoded, without formatting
//! characters.

use std::borrow::Cow;

use crate::lang::lex::{byte, is_word, rest, starts, unicode_space_end};

/// Returns the end of the identifier that starts at `at`; `at` itself if none does.
pub(super) fn end(text: &[u8], at: usize) -> usize {
    let start = if byte(text, at) == b'@' { at + 1 } else { at };
    if byte(text, start).is_ascii_digit() || unicode_space_end(text, start) > start {
        return at;
    }
    let mut end = start;
    loop {
        end += rest(text, end).iter().take_while(|&&byte| is_word(byte) && byte < 0x80).count();
        if byte(text, end) >= 0x80 && (is_mark(text, end) || unicode_space_end(text, end) == end) {
            end += 1;
            continue;
        }
        match escape(text, end) {
            Some((_, next)) => end = next,
            None => return if end == start { at } else { end },
        }
    }
}

/// Returns whether a byte order mark is at `at`: whitespace before an identifier, ignored within one.
fn is_mark(text: &[u8], at: usize) -> bool {
    starts(text, at, "\u{feff}".as_bytes())
}

/// Returns the character of the escape at `at`, and the end of the escape.
fn escape(text: &[u8], at: usize) -> Option<(char, usize)> {
    let digits = if starts(text, at, b"\\u") {
        4
    } else if starts(text, at, b"\\U") {
        8
    } else {
        return None;
    };
    let hexadecimal = std::str::from_utf8(text.get(at + 2..at + 2 + digits)?).ok()?;
    let code = u32::from_str_radix(hexadecimal, 16).ok()?;
    Some((char::from_u32(code)?, at + 2 + digits))
}

/// Returns whether a character is in Unicode's category Cf, which comparisons ignore.
const fn is_formatting(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{8e2}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// Returns an identifier in the form in which it is compared.
pub(super) fn read(word: &[u8]) -> Cow<'_, str> {
    let word = word.strip_prefix(b"@").unwrap_or(word);
    match String::from_utf8_lossy(word) {
        Cow::Borrowed(word) if word.is_ascii() && !word.contains('\\') => Cow::Borrowed(word),
        text => {
            let (mut name, mut at) = (String::with_capacity(text.len()), 0);
            while let Some(sign) = text.get(at..).and_then(|rest| rest.chars().next()) {
                let (sign, next) = escape(text.as_bytes(), at).unwrap_or((sign, at + sign.len_utf8()));
                if !is_formatting(sign) {
                    name.push(sign);
                }
                at = next;
            }
            Cow::Owned(name)
        }
    }
}

/// Keywords, which are identifiers behind an `@` (specification, 6.4.4).
const KEYWORDS: [&str; 77] = [
    "abstract",
    "as",
    "base",
    "bool",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "checked",
    "class",
    "const",
    "continue",
    "decimal",
    "default",
    "delegate",
    "do",
    "double",
    "else",
    "enum",
    "event",
    "explicit",
    "extern",
    "false",
    "finally",
    "fixed",
    "float",
    "for",
    "foreach",
    "goto",
    "if",
    "implicit",
    "in",
    "int",
    "interface",
    "internal",
    "is",
    "lock",
    "long",
    "namespace",
    "new",
    "null",
    "object",
    "operator",
    "out",
    "override",
    "params",
    "private",
    "protected",
    "public",
    "readonly",
    "ref",
    "return",
    "sbyte",
    "sealed",
    "short",
    "sizeof",
    "stackalloc",
    "static",
    "string",
    "struct",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "uint",
    "ulong",
    "unchecked",
    "unsafe",
    "ushort",
    "using",
    "virtual",
    "void",
    "volatile",
    "while",
];

/// Returns a path as code writes it.
pub(super) fn written(path: &[&str]) -> String {
    let names = path.iter().map(|name| if KEYWORDS.contains(name) { format!("@{name}") } else { (*name).to_owned() });
    names.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_respelt() {
        for (word, name) in [
            ("a", "a"),
            ("@using", "using"),
            ("\\u0041b", "Ab"),
            ("a\\U00000062", "ab"),
            ("a\u{200d}b", "ab"),
            ("a\\u200Db", "ab"),
            ("é", "é"),
        ] {
            assert_eq!(end(word.as_bytes(), 0), word.len(), "{word}");
            assert_eq!(read(word.as_bytes()), name);
        }
        assert_eq!(end(b"1a", 0), 0);
        assert_eq!(end(b"@", 0), 0);
        assert_eq!(end("a\u{a0}b".as_bytes(), 0), 1);
        assert_eq!(end("\u{feff}a\u{feff}b.".as_bytes(), 3), 8);
        assert_eq!(end(b"a\\u00g1", 0), 1);
    }
}

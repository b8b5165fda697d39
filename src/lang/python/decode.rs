//! Source encodings.
//!
//! Format: PEP 263; Python language reference, 2.1.4 "Encoding declarations". Python takes any codec of its standard
//! library here, also those in which plain characters can be written otherwise (`utf-7`, `unicode_escape`): a line
//! that looks like a comment may import.

use encoding_rs::Encoding;

use super::bytes::{HIDDEN_LINE_END, byte, is_line_end, is_space, line_end, past_line_end};
use super::escapes;

/// Decodes a text that declares another encoding than UTF-8; `None` where it does not, where the encoding is not
/// known, and where it makes no difference. Every line stays a line.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let decoded = match codec(&declared(text)?)? {
        Codec::Latin1 => text.iter().map(|&byte| char::from(byte)).collect::<String>().into_bytes(),
        Codec::Table(encoding) => by_lines(text, |line, decoded| {
            decoded.extend_from_slice(encoding.decode_without_bom_handling(line).0.as_bytes());
        }),
        Codec::Utf7 => by_lines(text, escapes::utf7),
        Codec::Escapes { all } => by_lines(text, |line, decoded| escapes::unicode(line, all, decoded)),
    };
    (decoded != text).then_some(decoded)
}

/// Decodes each line for itself. In all of these encodings a line end is a line end, and nothing shifts past it.
fn by_lines(text: &[u8], decode: impl Fn(&[u8], &mut Vec<u8>)) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let end = text[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(text.len(), |next| at + next);
        let from = decoded.len();
        decode(&text[at..end], &mut decoded);
        for byte in &mut decoded[from..] {
            if is_line_end(*byte) {
                *byte = HIDDEN_LINE_END;
            }
        }
        at = end;
        if at < text.len() {
            decoded.push(text[at]);
            at += 1;
        }
    }
    decoded
}

/// The encoding that the first or second line declares: `^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)`. The
/// second counts only where the first is blank or a comment.
fn declared(text: &[u8]) -> Option<String> {
    let first = line_end(text, 0);
    let line = &text[..first];
    let content = line.iter().find(|&&byte| !is_space(byte));
    cookie(line).or_else(|| {
        let second = past_line_end(text, first);
        let line = text.get(second..line_end(text, second))?;
        matches!(content, None | Some(b'#')).then(|| cookie(line))?
    })
}

fn cookie(line: &[u8]) -> Option<String> {
    let hash = line.iter().position(|&byte| !is_space(byte)).filter(|&at| line[at] == b'#')?;
    let mut finder = memchr::memmem::find_iter(&line[hash..], b"coding");
    finder.find_map(|at| {
        let mut at = hash + at + b"coding".len();
        if !matches!(byte(line, at), b':' | b'=') {
            return None;
        }
        at += 1 + line[at + 1..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let name: Vec<u8> = line[at..].iter().take_while(name).copied().collect();
        String::from_utf8(name).ok().filter(|name| !name.is_empty())
    })
}

enum Codec {
    Latin1,
    Table(&'static Encoding),
    Utf7,
    Escapes {
        /// All escape sequences, not `\u` and `\U` alone.
        all: bool,
    },
}

/// The codec of a name, as Python's `encodings.aliases` has it; `None` for UTF-8, ASCII and what is not known.
fn codec(name: &str) -> Option<Codec> {
    let name = name.to_ascii_lowercase().replace(['_', '.', ' '], "-");
    Some(match &*name {
        "latin-1" | "latin1" | "l1" | "latin" | "iso-8859-1" | "iso8859-1" | "iso8859" | "8859" | "cp819"
        | "iso-latin-1" | "iso-ir-100" | "iso-8859-1-1987" => Codec::Latin1,
        "utf-7" | "utf7" | "u7" | "unicode-1-1-utf-7" => Codec::Utf7,
        "unicode-escape" | "unicodeescape" => Codec::Escapes { all: true },
        "raw-unicode-escape" | "rawunicodeescape" => Codec::Escapes { all: false },
        _ => Codec::Table(table(&name)?),
    })
}

/// A codec of the Encoding Standard. Python's names differ: `iso8859-15`, `cp1252`, `latin9`, `koi8_r`.
fn table(name: &str) -> Option<&'static Encoding> {
    let label = match name {
        "cp932" | "ms932" | "mskanji" | "ms-kanji" | "s-jis" | "sjis" | "shiftjis" | "shift-jis-2004"
        | "shiftjis2004" | "shift-jisx0213" => "shift_jis",
        "cp936" | "936" | "ms936" | "euccn" | "eucgb2312-cn" | "gb2312-1980" | "gb2312-80" => "gbk",
        "gb18030-2000" => "gb18030",
        "cp949" | "949" | "ms949" | "uhc" | "euckr" | "ksc5601" | "ks-c-5601" | "ksx1001" | "ks-x-1001" => "euc-kr",
        "cp950" | "950" | "ms950" | "big5-tw" | "big5hkscs" | "hkscs" => "big5",
        "eucjp" | "ujis" | "u-jis" | "euc-jis-2004" | "eucjis2004" | "euc-jisx0213" => "euc-jp",
        "csiso2022jp" | "iso2022jp" | "iso2022-jp" => "iso-2022-jp",
        "l2" | "latin2" => "iso-8859-2",
        "l9" | "latin9" | "latin-9" => "iso-8859-15",
        "koi8-u" => "koi8-u",
        "cp866" | "866" => "ibm866",
        "macroman" | "mac-roman" => "macintosh",
        _ => name,
    };
    let digits = label.strip_prefix("iso8859-").map(|part| format!("iso-8859-{part}"));
    let digits = digits.or_else(|| label.strip_prefix("125").map(|part| format!("windows-125{part}")));
    let digits = digits.or_else(|| label.strip_prefix("koi8-").map(|part| format!("koi8-{part}")));
    let label = digits.as_deref().unwrap_or(label);
    let known =
        Encoding::for_label(label.as_bytes()).or_else(|| Encoding::for_label(label.replace('-', "_").as_bytes()))?;
    (known != encoding_rs::UTF_8 && !is_wide(known)).then_some(known)
}

/// Encodings in which a declaration could not be read to begin with, and those that decode nothing.
fn is_wide(encoding: &'static Encoding) -> bool {
    encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE || encoding == encoding_rs::REPLACEMENT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &[u8]) -> Option<String> {
        decode(source).map(|text| String::from_utf8_lossy(&text).into_owned())
    }

    #[test]
    fn declarations_are_found_where_the_pep_has_them() {
        for (source, name) in [
            ("# -*- coding: latin-1 -*-\n", Some("latin-1")),
            ("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n", Some("cp1252")),
            ("\x0c \n \t# coding=utf8", Some("utf8")),
            ("#coding\n# encoding:   x-y.z_1!", Some("x-y.z_1")),
            ("# coding x coding: y", Some("y")),
            ("x = 1 # coding: y\n# coding: z", None),
            ("\n\n# coding: y", None),
            ("# coding : y", None),
            ("", None),
        ] {
            assert_eq!(declared(source.as_bytes()).as_deref(), name, "{source:?}");
        }
    }

    #[test]
    fn names_of_codecs_are_those_of_python() {
        for name in ["latin-1", "ISO_8859_15", "iso8859-15", "cp1252", "windows-1251", "1250", "shift_jis", "euc_jp"] {
            assert!(codec(name).is_some(), "{name}");
        }
        for name in ["gbk", "GB2312", "big5", "koi8_r", "koi8-u", "utf_7", "U7", "euc_kr", "iso2022_jp", "mac-roman"] {
            assert!(codec(name).is_some(), "{name}");
        }
        for name in ["utf-8", "UTF8", "utf_8", "ascii", "nonsense", "utf-16", "utf-8-sig"] {
            assert!(!matches!(codec(name), Some(Codec::Utf7 | Codec::Latin1 | Codec::Escapes { .. })), "{name}");
        }
    }

    #[test]
    fn texts_are_decoded_line_by_line() {
        assert_eq!(text(b"# coding: latin-1\nimport \xe9\r\n").unwrap(), "# coding: latin-1\nimport é\r\n");
        assert_eq!(text(b"# coding: iso8859_15\n\xa4").unwrap(), "# coding: iso8859_15\n€");
        assert_eq!(text(b"# coding: sjis\n\x83\x5c = 1").unwrap(), "# coding: sjis\nソ = 1");
        assert_eq!(text(b"# coding: gbk\n\xc4\xe3\n\x81\n").unwrap(), "# coding: gbk\n你\n\u{fffd}\n");
        assert_eq!(text(b"# coding: latin-1\nimport a"), None);
        assert_eq!(text("# coding: utf-8\nimport é".as_bytes()), None);
        assert_eq!(text(b"# coding: no-such\n\xe9"), None);
    }

    #[test]
    fn imports_cannot_hide_in_a_codec() {
        let decoded = decode(b"# coding: utf-7\n#+AAo-import a\n+AGk-mport b\n").unwrap();
        assert_eq!(decoded, b"# coding: utf-7\n#\xffimport a\nimport b\n");
        let decoded = decode(b"# coding: raw_unicode_escape\n#\\u000aimport a\n").unwrap();
        assert_eq!(decoded, b"# coding: raw_unicode_escape\n#\xffimport a\n");
        let decoded = decode(b"# coding: unicode_escape\n\\x69mport a\\\n").unwrap();
        assert_eq!(decoded, b"# coding: unicode_escape\nimport a\\\n");
    }
}

//! Source encodings.
//!
//! Format: PEP 263; Python language reference, 2.1.4 "Encoding declarations". Python accepts any
//! codec of its standard library here, even those with other spellings of ASCII characters
//! (`utf-7`, `unicode_escape`): a line that looks like a comment may import.

use encoding_rs::Encoding;

use super::bytes::{HIDDEN_LINE_END, byte, is_line_end, is_space};
use super::{codecs, shifts};

/// Decodes a text that declares an encoding other than UTF-8; `None` if it does not, or if decoding
/// changes nothing. Every line stays a line. An unknown codec is taken for Latin-1, as ASCII is the
/// same in all, but valid UTF-8 stays as it is.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let decoded = match codec(&declared(text)?)? {
        Codec::Latin1 => latin1(text),
        Codec::Unknown if std::str::from_utf8(text).is_ok() => return None,
        Codec::Unknown => latin1(text),
        Codec::Table(encoding) => by_lines(text, |line, decoded| {
            decoded.extend_from_slice(encoding.decode_without_bom_handling(line).0.as_bytes());
        }),
        Codec::Johab => by_lines(text, shifts::johab),
        Codec::ShiftJisOfYen => by_lines(text, shifts::shift_jis_of_yen),
        Codec::Iso2022 => {
            let mut state = shifts::Iso2022::default();
            by_lines(text, |line, decoded| state.line(line, decoded))
        }
        Codec::Hz => {
            let mut state = shifts::Hz::default();
            by_lines(&joined(text, b'~'), |line, decoded| state.line(line, decoded))
        }
        Codec::Utf7 => by_lines(text, codecs::utf7),
        Codec::Escapes { all } => {
            let text = if all { joined(text, b'\\') } else { text.into() };
            by_lines(&text, |line, decoded| codecs::unicode(line, all, decoded))
        }
    };
    (decoded != text).then_some(decoded)
}

fn latin1(text: &[u8]) -> Vec<u8> {
    text.iter().map(|&byte| char::from(byte)).collect::<String>().into_bytes()
}

/// Decodes line by line. In all of these encodings a line end is a line end; the closure keeps what
/// a codec carries over to the next line.
fn by_lines(text: &[u8], mut decode: impl FnMut(&[u8], &mut Vec<u8>)) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let end = raw_line_end(text, at);
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

/// Joins lines whose ends the codec removes: those after an odd number of `sign`s. The ends follow
/// the joined line, so that all other lines keep their numbers.
fn joined(text: &[u8], sign: u8) -> std::borrow::Cow<'_, [u8]> {
    let ends = |at: usize| {
        let run = text[..at].iter().rev().take_while(|&&byte| byte == sign).count();
        run % 2 == 1
    };
    if !memchr::memchr_iter(sign, text).any(|at| matches!(byte(text, at + 1), b'\n' | b'\r') && ends(at + 1)) {
        return text.into();
    }
    let mut joined = Vec::with_capacity(text.len());
    let (mut at, mut owed) = (0, Vec::new());
    while at < text.len() {
        let end = raw_line_end(text, at);
        let next = end + if text[end..].starts_with(b"\r\n") { 2 } else { usize::from(end < text.len()) };
        if next > end && ends(end) {
            joined.extend_from_slice(&text[at..end - 1]);
            owed.extend_from_slice(&text[end..next]);
        } else {
            joined.extend_from_slice(&text[at..end]);
            joined.append(&mut owed);
            joined.extend_from_slice(&text[end..next]);
        }
        at = next;
    }
    joined.append(&mut owed);
    joined.into()
}

/// Returns the end of the line at `at` in a text that is not decoded yet.
fn raw_line_end(text: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |length| at + length)
}

/// Returns the encoding that the first or second line declares:
/// `^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)`. The second counts only if the first is blank
/// or a comment.
fn declared(text: &[u8]) -> Option<String> {
    let first = raw_line_end(text, 0);
    let line = &text[..first];
    let content = line.iter().find(|&&byte| !is_space(byte));
    cookie(line).or_else(|| {
        let second = first + if text[first..].starts_with(b"\r\n") { 2 } else { 1 };
        let line = text.get(second..).map(|rest| &rest[..raw_line_end(rest, 0)])?;
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
        /// Whether all escape sequences are decoded, or only `\u` and `\U`.
        all: bool,
    },
    /// The ISO 2022 family: escape sequences switch between character sets.
    Iso2022,
    Hz,
    Johab,
    /// Shift JIS with the yen sign in place of the backslash.
    ShiftJisOfYen,
    Unknown,
}

/// Returns the codec of a name, as Python's tokenizer and `encodings.aliases` resolve it; `None`
/// for UTF-8 and ASCII.
fn codec(name: &str) -> Option<Codec> {
    let name = name.to_ascii_lowercase();
    // Any run of other signs is one separator (`encodings.normalize_encoding`).
    let parts: Vec<&str> =
        name.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let name = parts.join("-");
    let begins =
        |with: &[&str]| with.iter().any(|with| name.strip_prefix(with).is_some_and(|rest| rest.starts_with('-')));
    Some(match &*name {
        "utf-8" | "utf8" | "u8" | "utf" | "utf8-ucs2" | "utf8-ucs4" | "cp65001" | "utf-8-sig" | "ascii" | "646"
        | "us-ascii" | "us" => return None,
        _ if begins(&["utf-8"]) => return None,
        "latin-1" | "latin1" | "l1" | "latin" | "iso-8859-1" | "iso8859-1" | "iso8859" | "8859" | "cp819"
        | "iso-latin-1" | "iso-ir-100" | "iso-8859-1-1987" => Codec::Latin1,
        _ if begins(&["latin-1", "iso-8859-1", "iso-latin-1"]) => Codec::Latin1,
        "utf-7" | "utf7" | "u7" | "unicode-1-1-utf-7" => Codec::Utf7,
        "unicode-escape" | "unicodeescape" => Codec::Escapes { all: true },
        "raw-unicode-escape" | "rawunicodeescape" => Codec::Escapes { all: false },
        "hz" | "hzgb" | "hz-gb" | "hz-gb-2312" => Codec::Hz,
        "johab" | "cp1361" | "ms1361" => Codec::Johab,
        "shift-jis-2004" | "shiftjis2004" | "sjis-2004" | "s-jis-2004" | "shift-jisx0213" | "shiftjisx0213"
        | "sjisx0213" | "s-jisx0213" => Codec::ShiftJisOfYen,
        name if ["iso2022", "iso-2022", "csiso2022"].iter().any(|family| name.starts_with(family)) => Codec::Iso2022,
        name => table(name).map_or(Codec::Unknown, Codec::Table),
    })
}

/// Returns the codec of the Encoding Standard. Python's names differ: `iso8859-15`, `cp1252`,
/// `latin9`, `koi8_r`.
fn table(name: &str) -> Option<&'static Encoding> {
    let label = match name {
        "cp932" | "ms932" | "mskanji" | "ms-kanji" | "s-jis" | "sjis" | "shiftjis" | "shift-jis-2004"
        | "shiftjis2004" | "shift-jisx0213" => "shift_jis",
        "cp936" | "936" | "ms936" | "euccn" | "euc-cn" | "eucgb2312-cn" | "gb2312-1980" | "gb2312-80" => "gbk",
        "gb18030-2000" => "gb18030",
        "cp949" | "949" | "ms949" | "uhc" | "euckr" | "ksc5601" | "ks-c-5601" | "ks-c-5601-1987" | "ksx1001"
        | "ks-x-1001" => "euc-kr",
        "cp950" | "950" | "ms950" | "big5-tw" | "big5hkscs" | "hkscs" => "big5",
        "eucjp" | "ujis" | "u-jis" | "euc-jis-2004" | "eucjis2004" | "euc-jisx0213" => "euc-jp",
        "l2" | "latin2" => "iso-8859-2",
        "csiso2022jp" | "iso2022jp" | "iso2022-jp" => "iso-2022-jp",
        "iso-2022-jp-1" | "iso-2022-jp-2" | "iso2022jp-1" | "iso2022jp-2" | "iso2022-jp-1" | "iso2022-jp-2" => {
            "iso-2022-jp"
        }
        "latin7" | "l7" => "iso-8859-13",
        "latin8" | "l8" | "iso-celtic" | "iso-ir-199" => "iso-8859-14",
        "latin9" | "l9" | "latin-9" => "iso-8859-15",
        "latin10" | "l10" | "iso-ir-226" => "iso-8859-16",
        "mac-cyrillic" | "maccyrillic" => "x-mac-cyrillic",
        "cp866" | "866" => "ibm866",
        "macroman" | "mac-roman" => "macintosh",
        _ => name,
    };
    let part = label.strip_prefix("iso-8859-").or_else(|| label.strip_prefix("iso8859-"));
    let label = match (part, label.strip_prefix("125")) {
        // A year may follow the part's number.
        (Some(part), _) => format!("iso-8859-{}", part.split('-').next().unwrap_or(part)),
        (None, Some(page)) => format!("windows-125{page}"),
        (None, None) => label.to_owned(),
    };
    let known =
        Encoding::for_label(label.as_bytes()).or_else(|| Encoding::for_label(label.replace('-', "_").as_bytes()))?;
    (known != encoding_rs::UTF_8 && !is_wide(known)).then_some(known)
}

/// Returns whether no declaration can be read in an encoding (UTF-16), or it decodes nothing.
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
            ("#\r\n# coding: y\r\n", Some("y")),
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
        assert_eq!(text(b"# coding: no-such\n\xe9").unwrap(), "# coding: no-such\né");
        assert_eq!(text("# coding: no-such\né".as_bytes()), None);
    }

    #[test]
    fn imports_cannot_hide_in_a_codec() {
        let decoded = decode(b"# coding: utf-7\n#+AAo-import a\n+AGk-mport b\n").unwrap();
        assert_eq!(decoded, b"# coding: utf-7\n#\xffimport a\nimport b\n");
        let decoded = decode(b"# coding: raw_unicode_escape\n#\\u000aimport a\n").unwrap();
        assert_eq!(decoded, b"# coding: raw_unicode_escape\n#\xffimport a\n");
        let decoded = decode(b"# coding: unicode_escape\n\\x69mp\\\nort a\\\\\nb").unwrap();
        assert_eq!(decoded, b"# coding: unicode_escape\nimport a\\\n\nb");
        let decoded = decode(b"# coding: hz\nim~{~}p~\r\nort a~~\nb~\n").unwrap();
        assert_eq!(decoded, b"# coding: hz\nimport a~\r\n\nb\n");
    }
}

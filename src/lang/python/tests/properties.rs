//! Invariants of all inputs, and inputs made to break scanners.

use proptest::prelude::*;

use crate::lang::Import;

use super::super::bytes::HIDDEN_LINE_END;
use super::{blank, imports};

/// Pieces that the scanner reacts to.
const PIECES: &[&str] = &[
    "import",
    "from",
    "lazy",
    "as",
    "if",
    "elif",
    "else",
    "not",
    "TYPE_CHECKING",
    "and",
    "False",
    "from x import TYPE_CHECKING as TC, patch as p",
    "TC",
    "p('a.b')",
    "global",
    "class",
    "def",
    "yield",
    "patch",
    "import_module",
    "__import__",
    "setattr",
    "dict",
    "package",
    "fromlist",
    "__package__",
    "a",
    "b.c",
    "é",
    "1",
    ".",
    "..",
    "...",
    ",",
    ";",
    ":",
    "=",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "f'",
    "f\"\"\"",
    "rb'",
    "t'",
    "\\",
    "\\\n",
    "\n",
    "\r",
    "\r\n",
    "    ",
    " ",
    "\t",
    "\x0c",
    "#",
    "*",
    "!",
    "\0",
    "<<<<<<< ",
    "'a.b'",
    "\\N{",
    "# coding: utf-7\n",
    "+AAo-",
    "\u{feff}",
];

fn holds(text: &[u8]) {
    let rows = imports(text);
    let inside = |import: &Import<'_>| {
        let (statement, span) = (&import.statement, &import.span);
        statement.start <= span.start
            && span.start < span.end
            && span.end <= statement.end
            && statement.end <= text.len()
    };
    assert!(rows.iter().all(inside), "{rows:?}");
    assert!(rows.is_sorted_by_key(|import| import.span.start), "{rows:?}");
    assert!(rows.iter().all(|import| import.level > 0 || import.module.is_some()), "{rows:?}");
    let code = blank(text);
    assert_eq!(code.len(), text.len());
    let ends = |byte: u8| matches!(byte, b'\n' | b'\r' | HIDDEN_LINE_END);
    assert!(std::iter::zip(&code, text).all(|(&code, &byte)| code == byte || (code == b' ' && !ends(byte))));
    if let Some(decoded) = super::super::decode::decode(text) {
        let lines = |text: &[u8]| text.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
        assert_eq!(lines(&decoded), lines(text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_fine(text in proptest::collection::vec(any::<u8>(), 0..200)) {
        holds(&text);
    }

    #[test]
    fn any_pieces_are_fine(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        holds(pieces.concat().as_bytes());
        holds(pieces.join(" ").as_bytes());
    }

    #[test]
    fn statements_after_any_pieces_are_found(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..20)
    ) {
        // In a text without triple quotes, a line can hide at most the next one.
        let before = pieces.concat().replace("'''", "").replace("\"\"\"", "");
        prop_assume!(!before.contains("''") && !before.contains("\"\"") && !before.ends_with('\\'));
        let text = format!("{before}\nx\nimport needle\n");
        let imports = imports(text.as_bytes());
        prop_assert!(imports.iter().any(|import| import.module.as_deref() == Some("needle")), "{text:?}");
    }
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    const MANY: usize = 200_000;
    for piece in [
        "(",
        "[",
        "{",
        ")",
        "}",
        "f'{",
        "f\"{f'{",
        "f'''{",
        "f'{a:",
        "t'''{a:{",
        "'",
        "'''",
        "\"\"\"\n'''\\",
        "r'''\\",
        "\\\"\"\"\n",
        "patch(",
        "patch('a.b',",
        "patch(f'{",
        "__import__('a',(",
        "__import__('a',[",
        "__import__('a',b,",
        "import_module('.a','",
        "import_module(\n#\n",
        "a.",
        "a\\\n.",
        "a\n.(",
        "import a,",
        "import a as",
        "from .",
        "from a import (",
        "from a import b,",
        "\nfrom a import (b,\n",
        "(\nfrom ",
        "(\nimport a.",
        "if TYPE_CHECKING:\n ",
        "if(",
        "if not(",
        "if not TYPE_CHECKING:\n",
        "\\\n",
        "#",
        "\n",
        " ",
        "\0",
        "é",
        "ﷺ",
        "\\N{",
        "<<<<<<<",
        "lazy ",
        ";",
        ":",
        "import é;",
        "# coding: utf-7\n+",
        "(\nif TYPE_CHECKING",
    ] {
        let count = if piece.len() < 5 { MANY } else { MANY / 10 };
        holds(piece.repeat(count).as_bytes());
        for start in ["(", "'''", "from é . b import ("] {
            holds(format!("{start}{}", piece.repeat(MANY / 100)).as_bytes());
        }
    }
}

#[test]
fn indentation_without_end_is_read_to_its_end() {
    let stairs: String = (0..2_000).map(|depth| format!("{}if not TYPE_CHECKING:\n", " ".repeat(depth))).collect();
    holds(stairs.as_bytes());
}

#[test]
fn one_line_of_eight_mebibytes_is_read_to_its_end() {
    for piece in ["import a;", "x=(1,'b');", "f'{a}',", "from a import b,c;"] {
        let text = piece.repeat((8 << 20) / piece.len());
        assert_eq!(imports(text.as_bytes()).is_empty(), !piece.contains("import"));
    }
}

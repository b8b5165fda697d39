//! Spans, blanked code, hostile texts, and meanings of imports. Texts with their rows are data:
//! `tests/cases/go/rows.txt`.

mod resolving;

use crate::lang::testing;

use super::Go;
use crate::lang::{File, Language};

const PIECES: &[&str] = &[
    "import",
    "package",
    "func",
    "var",
    "const",
    "type",
    "struct",
    "interface",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "`",
    "'",
    "\"a/b\"",
    "`a/b`",
    "\"C\"",
    "a",
    "b.C",
    "é",
    "1",
    ".",
    "...",
    ",",
    ";",
    ":",
    ":=",
    "_",
    "\\",
    "\\x61",
    "//",
    "/*",
    "*/",
    "/",
    "\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "\u{feff}",
    "\0",
    "<<<<<<< ",
    "m",
    "im",
    "import (",
    "import \"",
    "\nimport \"a/b\"\n",
    "a.B",
];

#[test]
fn any_text_is_fine() {
    testing::properties(&Go, "a/x.go", PIECES);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    testing::hostile(&Go, "a/x.go", PIECES);
    let more = [
        "import (\n\"a\"\n",
        "import a ",
        "import . /**/",
        "import `a",
        "import (`\n",
        "import \"a\"\nvar b=a.",
        "func(a",
        "a/*",
    ];
    testing::hostile(&Go, "a/x.go", &more);
}

#[test]
fn only_code_is_left_of_a_text() {
    for (text, code) in [
        ("import \"a\" // b\nvar c = `d\r\ne` /* f\n */ + 'g'", "import \" \"     \nvar c = ` \r\n `     \n    + ' '"),
        ("var a = \"b\\\"c\" + '\"' // \"", "var a = \"    \" + ' '     "),
        ("var a = \"b\nvar c = 'd\nvar e = \"\\\n", "var a = \" \nvar c = ' \nvar e = \" \n"),
        ("var a /* b", "var a /* b"),
        ("var a = `b", "var a = `b"),
    ] {
        let blank = Go.blank(File { path: b"a/x.go", text: text.as_bytes() });
        assert_eq!(String::from_utf8(blank).unwrap(), code, "{text}");
    }
}

#[test]
fn spans_are_those_of_statement_and_path() {
    let text = "import /* a */ b \"c\" // d\nimport (\n\te  `f`; \"g\"\n)\nimport . \"h\"";
    let rows = Go.imports(File { path: b"a/x.go", text: text.as_bytes() });
    let found: Vec<_> = rows.iter().map(|row| (&text[row.statement.clone()], &text[row.span.clone()])).collect();
    let expected =
        [("import /* a */ b \"c\"", "\"c\""), ("e  `f`", "`f`"), ("\"g\"", "\"g\""), ("import . \"h\"", "\"h\"")];
    assert_eq!(found, expected);
}

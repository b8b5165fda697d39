//! Spans, blanked code and hostile texts. Texts with their expected imports are data: `tests/cases/c/rows.txt`.

use super::C;
use crate::lang::{File, Language, testing};

const PIECES: &[&str] = &[
    "#",
    "%:",
    "??=",
    "include",
    "include_next",
    "import",
    "export",
    "module",
    "@",
    "<",
    ">",
    "\"",
    "'",
    "R\"",
    "u8R\"x(",
    ")x\"",
    ")\"",
    "(",
    "\\",
    "\\\n",
    "\\ \r\n",
    "\n",
    "\r",
    " ",
    "\t",
    "/",
    "*",
    "/*",
    "*/",
    "//",
    "a",
    "b.h",
    ".",
    ":",
    ";",
    "[[",
    "1'0",
    "é",
    "\0",
    "?",
];

#[test]
fn any_text_is_fine() {
    testing::properties(&C, "x.cpp", PIECES);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    testing::hostile(&C, "x.cpp", PIECES);
    testing::hostile(
        &C,
        "x.mm",
        &[
            "R\"(",
            "R\"a(",
            "#include \\\n",
            "\"\\\n",
            "#include <",
            "import a.",
            "import a:",
            "@import a.",
            "1'",
            "/\\\n",
            "\\ ",
            "*\\\n/",
        ],
    );
}

#[test]
fn rows_span_statement_and_name() {
    for (text, statement, name) in [
        ("  # include <a/b.h> // x", "# include <a/b.h>", "<a/b.h>"),
        ("#inc\\\nlude \"a\\\nb.h\"", "#inc\\\nlude \"a\\\nb.h\"", "\"a\\\nb.h\""),
        ("export import a . b ; x", "export import a . b ;", "a . b"),
        ("x; @import A.B;", "@import A.B;", "A.B"),
    ] {
        let rows = C.imports(File { path: b"x.cpp", text: text.as_bytes() });
        assert_eq!(rows.len(), 1, "{text}");
        assert_eq!((&text[rows[0].statement.clone()], &text[rows[0].span.clone()]), (statement, name));
    }
}

#[test]
fn comments_and_literals_are_blanked_and_headers_stay() {
    let cases = [
        ("#include \"a.h\" /* b */ // c\nd", "#include \"a.h\"             \nd"),
        ("f(\"a\\\"b\", 'c', 1'000, R\"x(d\ne)x\");", "f(\"    \", ' ', 1'000, R\"x( \n )x\");"),
        ("// a\\\nb\nc", "     \n \nc"),
    ];
    testing::leaves_code(&C, "x.cpp", &cases);
}

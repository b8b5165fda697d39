//! Spans, blanked code and hostile texts. Texts with their expected imports are data: `tests/cases/swift/rows.txt`.

use crate::lang::testing;
use crate::lang::{File, Language};

use super::Swift;

/// Pieces that the scanner reacts to.
const PIECES: &[&str] = &[
    "import",
    "import ",
    "struct",
    "func",
    "public ",
    "@testable ",
    "@_spi(A) ",
    "@_exported\n",
    "@",
    "A",
    "A.B",
    ".",
    "`",
    "`a`",
    "é",
    "1",
    "(",
    ")",
    "\\(",
    "\\#(",
    "\\",
    "\"",
    "\"\"\"",
    "\"\"\"\n",
    "\n\"\"\"",
    "#",
    "#\"",
    "\"#",
    "##\"\"\"\n",
    "#/",
    "/#",
    "/",
    " /",
    "//",
    "/*",
    "*/",
    ";",
    "{",
    "}",
    ":",
    "=",
    "return ",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\t",
    "\0",
    "<<<<<<< ",
    "=======\n",
];

#[test]
fn any_pieces_are_fine() {
    testing::properties(&Swift, "x.swift", PIECES);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    testing::hostile(
        &Swift,
        "x.swift",
        &[
            "#/",
            "\"\\(",
            "\"",
            "\"\"\"\n",
            "\"\"\"\n\\(",
            "#\"",
            "#\"\"\"\n",
            "\"\"\"\na\"\"\"",
            "#",
            "#/",
            "#/\n",
            " /a",
            " /(",
            "=/a(\n",
            "/*",
            "/*/",
            "/**/",
            "//",
            "`",
            "(",
            ")",
            "@a ",
            "@a(",
            "@a\n",
            "@a(b)\n",
            "public ",
            "import ",
            "import A",
            "import A;",
            "import A.",
            "import `",
            "import\n",
            "import/*",
            "import/**/",
            "@a/*\n",
            "@a(/*",
            "@a(//\n",
            "import A/**/./**/",
            "\\",
            "\\(",
            "\n",
            "\r",
            " ",
            "\t\n",
            " \"\"\"",
            ";",
            "\0",
            "é",
            "<<<<<<< ",
            "=",
            "a /b",
            "  /",
        ],
    );
}

#[test]
fn only_code_is_left_of_a_text() {
    for (text, code) in [
        ("a = \"b\" // c\nd", "a = \" \" //  \nd"),
        ("a /* b\n/* c */ */ d", "a /*  \n        */ d"),
        ("\"a\\(b + \"c\")d\"", "\" \\(b + \" \") \""),
        ("a = \"\"\"\n  b \"c\n  \"\"\"\nd", "a = \"\"\"\n      \n  \"\"\"\nd"),
        ("a = #\"b\"c\\#(d)\"# + /e\"/", "a = #\"   \\#(d)\"# + /  /"),
        ("a = \"b\nc", "a = \" \nc"),
    ] {
        let found = Swift.blank(File { path: b"x.swift", text: text.as_bytes() });
        assert_eq!(String::from_utf8(found).unwrap(), code, "{text}");
    }
}

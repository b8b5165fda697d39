//! Spans, blanked code and hostile texts. Texts with their expected imports are data: `tests/cases/dart/rows.txt`.

use crate::lang::testing;
use crate::lang::{File, Language};

use super::Dart;

/// Pieces that the scanner reacts to.
const PIECES: &[&str] = &[
    "import ",
    "export ",
    "part ",
    "of ",
    "library ",
    "import",
    "'a.dart'",
    "\"b.dart\"",
    "r'c'",
    "'''",
    "\"\"\"",
    "r\"\"\"",
    "'",
    "\"",
    "r",
    "$",
    "${",
    "$a",
    "{",
    "}",
    "(",
    ")",
    " if (",
    "==",
    " as p",
    " deferred",
    " show ",
    " hide ",
    "A",
    "é",
    ",",
    ";",
    ".",
    "\\",
    "\\'",
    "//",
    "/*",
    "*/",
    "/",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\t",
    "\0",
    "<<<<<<< ",
    "@a ",
    "1",
];

#[test]
fn any_pieces_are_fine() {
    testing::properties(&Dart, "lib/x.dart", PIECES);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    testing::hostile(
        &Dart,
        "lib/x.dart",
        &[
            "'${",
            "\"${\"",
            "'''${",
            "'",
            "'''",
            "r'''",
            "\"\"\"\n",
            "'\n",
            "/*",
            "/**/",
            "//",
            "import '",
            "import 'a' ",
            "import 'a'\n",
            "import 'a';",
            "import 'a' if (",
            "import 'a' if (b) ",
            "import 'a' show ",
            "import 'a' show b,",
            "import 'a' /*",
            "show a,",
            "show a, /**/",
            "part 'a';",
            "'a' ",
            "export ''",
            "{",
            "}",
            "t 'a'",
            "import",
            "$",
            "\\",
            "'\\",
            "\n",
            " ",
            "\t'",
            "r'",
            "\0",
            "é",
            "a.import 'a'",
        ],
    );
}

#[test]
fn only_code_is_left_of_a_text() {
    for (text, code) in [
        ("a = 'b'; // c\nd", "a = ' '; //  \nd"),
        ("a /* b\n/* c */ */ d", "a /*  \n        */ d"),
        ("'a${b + 'c'}d'", "' ${b + ' '} '"),
        ("a = r'$b\\' + '''c'\n$d''' e", "a = r'   ' + '''  \n  ''' e"),
        ("a = \"b\nc", "a = \" \nc"),
    ] {
        let found = Dart.blank(File { path: b"x.dart", text: text.as_bytes() });
        assert_eq!(String::from_utf8(found).unwrap(), code, "{text}");
    }
}

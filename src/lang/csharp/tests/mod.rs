//! Spans, blanked code and hostile texts. Texts with their expected imports are data: `tests/cases/csharp/rows.txt`.

use super::CSharp;
use crate::lang::testing;
use crate::lang::{File, Language};

const PIECES: &[&str] = &[
    "using",
    "global",
    "static",
    "unsafe",
    "alias",
    "extern",
    "namespace",
    "A",
    ".",
    ";",
    "=",
    "<",
    ">",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    ",",
    "?",
    "*",
    ":",
    "::",
    "@",
    "$",
    "$$",
    "\"",
    "\"\"\"",
    "$\"{",
    "@\"",
    "$@\"",
    "$$\"\"\"",
    "'",
    "\\",
    "\\u0041",
    "/",
    "/*",
    "*/",
    "//",
    "\n",
    "\r\n",
    "\r",
    " ",
    "#",
    "#if",
    "é",
    "\0",
    "using A.B;\n",
];

#[test]
fn any_text_is_fine() {
    testing::properties(&CSharp, "x.cs", PIECES);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    testing::hostile(&CSharp, "x.cs", PIECES);
    testing::hostile(
        &CSharp,
        "x.cs",
        &[
            "$\"{$\"{",
            "$@\"{\n",
            "$\"\"\"{",
            "using A<",
            "using A = (",
            "using X = A.",
            "using /*",
            "\nusing A.",
            "$\"{x:",
            "$\"{\nusing A = ",
        ],
    );
}

#[test]
fn rows_span_statement_and_name() {
    for (text, statement, names) in [
        (" using A . B ; x", "using A . B ;", &["A . B"][..]),
        ("global\n using static A.B;", "global\n using static A.B;", &["A.B"]),
        ("using X = global::A.B<C.D[]>.E;", "using X = global::A.B<C.D[]>.E;", &["A.B<C.D[]>.E", "C.D"]),
    ] {
        let rows = CSharp.imports(File { path: b"x.cs", text: text.as_bytes() });
        let spans: Vec<_> = rows.iter().map(|row| &text[row.span.clone()]).collect();
        assert_eq!((&text[rows[0].statement.clone()], spans.as_slice()), (statement, names));
    }
}

#[test]
fn comments_and_strings_are_blanked_and_holes_stay() {
    for (text, code) in [
        ("a /* b */ \"c\" 'd' // e", "a         \" \" ' '     "),
        ("$\"a{b:c}d{{e{f(\"g\")}\"", "$\" {b:c}    {f(\" \")}\""),
        ("$$\"\"\"a{b{{c}}\"d\"\"\" e", "$$\"\"\"   {{c}}  \"\"\" e"),
        ("@\"a\"\"b\" c", "@\"    \" c"),
    ] {
        let blanked = CSharp.blank(File { path: b"x.cs", text: text.as_bytes() });
        let blanked = String::from_utf8(blanked).unwrap();
        // The brace that opens a hole belongs to the text, the brace that closes it to the code.
        assert_eq!(blanked.replace('{', " "), code.replace('{', " "), "{text}");
    }
}

//! Spans, blanked code and hostile texts. Texts with their expected imports are data: `tests/cases/php/rows.txt`.

use super::Php;
use crate::lang::{File, Language, testing};

const PIECES: &[&str] = &[
    "<?php ",
    "<?=",
    "?>",
    "use",
    "function",
    "const",
    "as",
    "class",
    "trait",
    "enum",
    "interface",
    "namespace",
    "new",
    "require",
    "include_once",
    "__DIR__",
    "__FILE__",
    "dirname",
    "__halt_compiler",
    "A",
    "\\",
    "A\\B",
    "{",
    "}",
    "(",
    ")",
    "[",
    ";",
    ",",
    ".",
    "->",
    "::",
    "$",
    "${",
    "{$",
    "'",
    "\"",
    "`",
    "<<<",
    "<<<A\n",
    "<<<'A'\n",
    "\nA\n",
    "\nA",
    "#",
    "#[",
    "/",
    "/*",
    "*/",
    "//",
    "\n",
    "\r\n",
    "\r",
    " ",
    "é",
    "\0",
    "\nuse A\\B;\n",
    "'a.php'",
    "2",
];

#[test]
fn any_text_is_fine() {
    testing::properties(&Php, "x.php", PIECES);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    testing::hostile(&Php, "x.php", PIECES);
    testing::hostile(
        &Php,
        "x.php",
        &[
            "<?php \"{$",
            "<?php //?>",
            "<?php use A\\",
            "<?php use A\\{B,",
            "class{",
            "\"{$a[\"",
            "`${",
            "require(",
            "require __DIR__.'",
            "require dirname(",
            "<<<A\n\"",
            "<?php include '",
            "/*\nuse A\\B;\n",
            "<<<A\nuse A\\B;\n",
            "<?php \"\nuse A\\B;\n",
            "<?php use A /*",
            "use A,",
        ],
    );
}

#[test]
fn rows_span_statement_and_name() {
    for (text, statement, names) in [
        ("<?php use \\A\\B as C; x", "use \\A\\B as C;", &["A\\B"][..]),
        ("<?php use A\\{B, function C as D,};", "use A\\{B, function C as D,};", &["B", "C"]),
        ("<?php require_once (__DIR__ . '/x.php');", "require_once (__DIR__ . '/x.php')", &["'/x.php'"]),
    ] {
        let rows = Php.imports(File { path: b"x.php", text: text.as_bytes() });
        let spans: Vec<_> = rows.iter().map(|row| &text[row.span.clone()]).collect();
        assert_eq!((&text[rows[0].statement.clone()], spans.as_slice()), (statement, names));
    }
}

#[test]
fn comments_and_strings_are_blanked() {
    let cases = [
        ("a<?php 'b' . \"{$c[\"d\"]}\" # e\n/* f */ g // h ?>i", "a<?php ' ' . \"         \"    \n        g      ?>i"),
        ("<?php <<<A\n b\n A; #[C]", "<?php <<<A\n  \n A; #[C]"),
        ("<?php use A\\{B, /* c */ D}; // e", "<?php use A\\{B,         D};     "),
    ];
    testing::leaves_code(&Php, "x.php", &cases);
}

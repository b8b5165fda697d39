//! The scanner against texts whose rows are known; the same texts go to real parsers in `tests/oracle/rust`.

use super::Rust;
use crate::lang::testing;

/// The pieces that the scanner reacts to.
const PIECES: &[&str] = &[
    "use",
    "pub",
    "pub(crate)",
    "pub(",
    "extern",
    "crate",
    "mod",
    "as",
    "self",
    "super",
    "_",
    "a",
    "b::c",
    "r#use",
    "r#",
    "::",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    ",",
    ";",
    "*",
    "$",
    "$crate",
    "$a",
    "#a",
    "#",
    "#!",
    "!",
    ".",
    "..",
    "'",
    "'a",
    "'a'",
    "'\\''",
    "\"",
    "\\",
    "\\\"",
    "r\"",
    "r#\"",
    "\"#",
    "br##\"",
    "\"##",
    "c\"",
    "b'",
    "//",
    "/*",
    "*/",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\u{2028}",
    "\u{e9}",
    "\0",
    "---",
    "struct",
    "enum",
    "impl",
    "fn",
    "let",
];

#[test]
fn hard_spots_have_the_rows_that_rust_has() {
    testing::cases(&Rust, "x.rs", include_str!("cases.txt"));
}

#[test]
fn every_text_has_rows_within_itself() {
    testing::properties(&Rust, "x.rs", PIECES);
}

#[test]
fn hostile_texts_come_to_an_end() {
    let pieces = [
        "use a::{",
        "use a::",
        "use ",
        "use a,",
        "{",
        "}",
        "\"",
        "\"\n",
        "\\\"\n",
        "\"\n\\\"",
        "r#\"\n",
        "\"#",
        "#",
        "/*",
        "*/",
        "/*\n",
        "//",
        "'",
        "'\\",
        "'a",
        "pub(",
        "pub ",
        "extern crate ",
        "$crate::",
        "use a::$x(",
        "use a::{$(",
        "a::",
        "::",
        "mod a {",
        "mod a;",
        "use a; ",
        "use super::a; mod b {",
        "a::b ",
        "<",
        "impl<",
        "fn f<",
    ];
    testing::hostile(&Rust, "x.rs", &pieces);
}

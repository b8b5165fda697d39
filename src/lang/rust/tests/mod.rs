//! Spans, blanked code and hostile texts. Texts with their rows are data: `tests/cases/rust/rows.txt`.

use super::Rust;
use crate::lang::testing;
use crate::tree::{Tree, TreeError};

/// Pieces that the scanner reacts to.
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

/// A tree of files: path and text.
pub(super) struct Files(pub(super) &'static [(&'static str, &'static str)]);

impl Tree for Files {
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
        Ok(self.0.iter().any(|(file, _)| file.as_bytes() == path))
    }

    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError> {
        let folder = [path, b"/"].concat();
        Ok(self.0.iter().any(|(file, _)| file.as_bytes().starts_with(&folder)))
    }

    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
        Ok(self.0.iter().find(|(file, _)| file.as_bytes() == path).map(|(_, text)| text.as_bytes().to_vec()))
    }
}

/// A package with a library and a program, tests and examples, and another beside it.
pub(super) const PACKAGE: Files = Files(&[
    ("Cargo.toml", "[workspace]\nmembers = ['tool']\n"),
    (
        "tool/Cargo.toml",
        "[package]\nname = \"my-tool\"\nedition = \"2024\"\n[[bin]]\nname = \"other\"\npath = \"cli/start.rs\"\n",
    ),
    ("tool/src/lib.rs", "pub mod git;\nmod a;\npub use a::Thing;\n"),
    ("tool/src/main.rs", "fn main() {}\n"),
    ("tool/src/git/mod.rs", "pub mod index;\npub struct Repository;\n"),
    ("tool/src/git/index.rs", "pub fn read() {}\n"),
    ("tool/src/a.rs", "pub struct Thing;\npub use crate::git::*;\n"),
    ("tool/src/bin/one.rs", ""),
    ("tool/src/bin/two/main.rs", ""),
    ("tool/tests/it/main.rs", ""),
    ("old/Cargo.toml", "[package]\nname = \"old\"\n"),
    ("old/src/lib.rs", ""),
    ("program/Cargo.toml", "[package]\nname = \"the-program\"\nedition = \"2021\"\n"),
    ("program/src/main.rs", ""),
    ("bare/x/lib.rs", ""),
]);

#[test]
fn statements_end_with_their_semicolon() {
    for (text, statement) in [
        ("x; pub extern crate failure as f; y", "pub extern crate failure as f;"),
        ("extern crate failure ;", "extern crate failure ;"),
        ("pub use a::{b, c as d} ; y", "pub use a::{b, c as d} ;"),
    ] {
        let rows = super::scan::imports(text.as_bytes());
        assert!(!rows.is_empty());
        for row in rows {
            assert_eq!(&text[row.statement.clone()], statement);
        }
    }
}

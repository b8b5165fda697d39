//! Properties that hold for every input, and inputs made to break scanners.

use proptest::prelude::*;

use super::imports;
use crate::lang::javascript::JavaScript;
use crate::lang::javascript::scan::scan;
use crate::lang::javascript::scanner::{Dialect, Nothing, Watch};
use crate::lang::testing;

/// The pieces that the scanner reacts to.
const PIECES: &[&str] = &[
    "import",
    "export",
    "from",
    " from 'm'",
    "export {a}",
    "import(\"m\")",
    "createRequire('x')('m')",
    "process.getBuiltinModule('m')",
    "r\\u0065quire('m')",
    "jest.requireActual('m')",
    "vi.importMock('m')",
    "vi\n.mock('m')",
    "as",
    "type",
    "typeof",
    "defer",
    "with",
    "assert",
    "require",
    "resolve",
    "jest",
    "vi",
    "mock",
    "await",
    "async",
    "function",
    "class",
    "switch",
    "case",
    "break",
    "then",
    "createRequire",
    "getBuiltinModule",
    "URL",
    "import.meta.url",
    "/** @import ",
    "mock.module",
    "?",
    "const",
    "return",
    "if",
    "extends",
    "a",
    "b.c",
    "é",
    "1",
    ".",
    "?.",
    "...",
    ",",
    ";",
    ":",
    "=",
    "=>",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "`",
    "${",
    "/",
    "//",
    "/*",
    "*/",
    "///",
    "<",
    ">",
    "</",
    "/>",
    "</a>",
    "<a",
    "<a>",
    "<!--",
    "-->",
    "<script",
    "<script>",
    "</script>",
    "---",
    "\\",
    "\\u0061",
    "\\u{",
    "\n",
    "\r",
    "\r\n",
    "    ",
    " ",
    "\t",
    "\0",
    "*",
    "!",
    "+",
    "++",
    "'m'",
    "\"m\"",
    "(\"m\")",
    "<reference types=\"a\" />",
    "<<<<<<< ",
    "=======",
    "\u{feff}",
    "\u{a0}",
    "\u{2028}",
    "#!",
    "#",
];

#[test]
fn any_text_is_fine() {
    for path in ["a.ts", "a.jsx", "a.tsx", "a.d.ts", "a.vue", "a.astro"] {
        testing::properties(&JavaScript, path, PIECES);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn statements_after_any_pieces_are_found(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..20)
    ) {
        // In a text without templates, elements or comments, no line can hide those after the next.
        let before = pieces.concat().replace('`', "").replace("/*", "").replace("//*", "");
        prop_assume!(!before.ends_with('\\') && !before.contains("/*"));
        let text = format!("{before}\nx\nimport needle from \"needle\"\n");
        let imports = imports("a.ts", &text);
        prop_assert!(imports.iter().any(|import| import.module.as_deref() == Some("needle")), "{text:?}");
    }
}

/// A watch for which a scan goes on to the end.
struct Everything;

impl Watch for Everything {
    const ROWS: bool = false;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_scan_that_ends_early_has_left_nothing_out(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40),
        from in 0..4_usize,
        (jsx, types, declarations) in any::<(bool, bool, bool)>(),
    ) {
        let text = pieces.concat();
        let (dialect, from) = (Dialect { jsx, types, declarations }, text.floor_char_boundary(from));
        let rows = scan(text.as_bytes(), from, dialect, Nothing).0;
        let all = scan(text.as_bytes(), from, dialect, Everything).0;
        prop_assert_eq!(format!("{rows:?}"), format!("{all:?}"), "{:?}", text);
    }
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    let pieces = [
        "(",
        "{",
        "}",
        "`",
        "${",
        "`${",
        "'",
        "/",
        "/[",
        "/*",
        "//",
        "<a",
        "<a>",
        "<a b={",
        "<a b={<",
        "<a {",
        "<a>{",
        "<T>(",
        "<a b='",
        "a<b>(",
        "import",
        "import(",
        "import{a,",
        "import{type a as",
        "import('m',{",
        "export{",
        "require('m',",
        "{a=require('m')}=",
        "{a:b}=require('m');",
        "jest.mock<",
        "vi.mock(import('m'),",
        "import'm'with{",
        "///<reference path='",
        "///\n",
        "\\u{",
        "\\",
        "\n",
        "\u{a0}",
        "é",
        "<<<<<<<",
        "a\n.",
        "/a/",
        "a/",
        ")/",
        "<!--\n",
        "a=require('m');a.b;",
        "a=>[{a},",
        "a:",
        "++",
        "function(){}/",
        "class extends a{",
        "switch(a){case a?",
        ":{",
        "import('m').then(a=>",
        "{a={a}=",
        "createRequire(",
        "/** @import a from 'm'",
    ];
    testing::hostile(&JavaScript, "a.tsx", &pieces);
    testing::hostile(&JavaScript, "a.vue", &["<script>", "<script", "</script", "<!--", "<style>", "<script a='"]);
    testing::hostile(&JavaScript, "a.astro", &["---", "---\n", "\n"]);
}

#[test]
fn one_line_of_eight_mebibytes_is_read_to_its_end() {
    for piece in ["import'a';", "x=(1,'b');", "`${a}`,", "import{a,b}from'c';", "<a>b</a>,", "/a/,"] {
        let text = piece.repeat((8 << 20) / piece.len());
        assert_eq!(imports("a.jsx", &text).is_empty(), !piece.contains("import"));
    }
}

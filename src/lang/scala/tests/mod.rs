//! Spans, blanked code and hostile texts. Texts with their expected imports are data: `tests/cases/scala/rows.txt`.

use crate::lang::{Asked, File, Language, Surroundings, testing};
use crate::testing::NoFiles;

use super::Scala;

/// Pieces that the scanner reacts to.
const PIECES: &[&str] = &[
    "import",
    "export",
    "as",
    "given",
    "package",
    "object",
    "def",
    "val",
    "forName",
    "loadClass",
    "Class",
    "a",
    "b.c",
    "é",
    "1",
    ".",
    ",",
    ";",
    ":",
    "=",
    "=>",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "<",
    "<a",
    "<a>",
    "</a>",
    "/>",
    "'",
    "\"",
    "\"\"\"",
    "s\"",
    "s\"\"\"",
    "\\",
    "$",
    "${",
    "`",
    "`a b`",
    "\n",
    "\r",
    "\r\n",
    " ",
    "//",
    "/*",
    "*/",
    "*",
    "_",
    "@",
    "+",
    "\0",
    "<<<<<<< ",
    "\"a.b\"",
    "Class.forName(\"a.b\")",
    "import a.b.{C, D => E, _}\n",
    "#!",
    "<!--",
    "<![CDATA[",
];

#[test]
fn any_text_is_read_to_its_end() {
    testing::properties(&Scala, "a.scala", PIECES);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    testing::hostile(&Scala, "a.scala", PIECES);
    let more = &[
        "s\"${",
        "s\"\"\"${",
        "import a.",
        "import a.{b,",
        "import a.{given ",
        "import a,",
        "export a.",
        " <a",
        " <a>{",
        " <a b='",
        " <a b={",
    ];
    testing::hostile(&Scala, "a.scala", more);
}

#[test]
fn only_code_is_left_of_a_text() {
    let cases = [
        ("#!/usr/bin/env scala\na // b", "                    \na     "),
        ("/* /* a */ b */ c", "                c"),
        ("s\"a ${b(\"c\") + { d }} e\" + f", "s\"  ${b(\" \") + { d }}  \" + f"),
        ("\"a ${b}\" + s\"$$ $\"\" + c", "\"      \" + s\"     \" + c"),
        ("\"\"\"a \\\"\"\"\" + c", "\"\"\"    \"\"\" + c"),
        ("'\"' + 'a + '\\'' + '\\u0022' // c", "' ' + 'a + '  ' + '      '     "),
        ("\"a\nb\"", "\" \nb\""),
    ];
    testing::leaves_code(&Scala, "a.scala", &cases);
}

#[test]
fn imports_mean_what_they_say_or_what_is_in_the_packages_around() {
    let around = Surroundings { tree: &NoFiles::default(), roots: &|_| Vec::new() };
    for (text, paths) in [
        ("import a.b.C", &["a.b.C"][..]),
        ("package x.y\nimport a.B", &["a.B", "x.y.a.B"]),
        ("package x\npackage y\nimport a.B", &["a.B", "x.y.a.B", "x.a.B"]),
        ("package x\nimport _root_.a.B", &["a.B"]),
        ("package object x { import a._ }", &["a", "x.a"]),
    ] {
        let file = File { path: b"a.scala", text: text.as_bytes() };
        let resolver = Scala.resolver(file, &around);
        let imports = Scala.imports(file);
        let found = resolver.resolve(imports.first().unwrap()).unwrap();
        let found: Vec<_> = found.iter().map(|path| path.join(".")).collect();
        assert_eq!(found, paths, "{text}");
    }
}

#[test]
fn uses_are_paths_in_full() {
    let text = "package a.b\nimport a.c.D\nval x: a.b.C = new a.b.C(s\"${a.b.E.f}\") // a.b.C\n";
    let file = File { path: b"a.scala", text: text.as_bytes() };
    let imports = Scala.imports(file);
    let through = vec![true; imports.len()];
    let uses = Scala.uses(file, &imports, Asked { through: &through, begins: &|path| path[0] == "a" });
    let uses: Vec<_> = uses.iter().map(|row| row.module.as_deref().unwrap()).collect();
    assert_eq!(uses, ["a.b.C", "a.b.C", "a.b.E.f"]);
}

#[test]
fn constants_of_an_enum_hide_what_is_imported() {
    for (text, uses) in [
        ("import z.A\nA.b; x match { case A => A.c; case A\n if y => 1 }", &["z.A.b@11", "z.A.c@36"][..]),
        ("import z.A\nenum E:\n  case A\n  case B\nA.b", &[]),
        ("import z.A\nenum E { case A, B }; A.b", &[]),
        ("import z.A\nval x = A.b :: a.c :: A.d", &["z.A.b@19", "a.c@26", "z.A.d@33"]),
    ] {
        assert_eq!(testing::used(&Scala, "a.scala", text), uses, "{text}");
    }
}

//! Spans, blanked code and hostile texts. Texts with their expected imports are data: `tests/cases/kotlin/rows.txt`.

use crate::lang::{Language, testing};

use super::Kotlin;

/// Pieces that the scanner reacts to.
const PIECES: &[&str] = &[
    "import",
    "as",
    "package",
    "class",
    "fun",
    "val",
    "forName",
    "loadClass",
    "Class",
    "a",
    "b.c",
    "é",
    "1",
    ".",
    "..",
    ",",
    ";",
    ":",
    "::",
    "=",
    "(",
    ")",
    "{",
    "}",
    "<",
    "'",
    "\"",
    "\"\"\"",
    "\\",
    "$",
    "${",
    "$$\"",
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
    "@",
    "@file:a",
    "+",
    "\0",
    "<<<<<<< ",
    "\"a.b\"",
    "Class.forName(\"a.b\")",
    "import a.b.C\n",
    "#!",
];

#[test]
fn any_text_is_read_to_its_end() {
    testing::properties(&Kotlin, "a.kt", PIECES);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    testing::hostile(&Kotlin, "a.kt", PIECES);
    let more = &[
        "\"${",
        "\"\"\"${",
        "import a.",
        "import a.import ",
        "import a as b.",
        "import `",
        "Class.forName(\"a\"+",
        "\"$\"",
        "/*/*",
    ];
    testing::hostile(&Kotlin, "a.kt", more);
}

#[test]
fn only_code_is_left_of_a_text() {
    let cases = [
        ("#!/usr/bin/env kotlin\na // b", "                     \na     "),
        ("/* /* a */ b */ c", "                c"),
        ("\"a ${b(\"c\") + { d }} e\" + f", "\"  ${b(\" \") + { d }}  \" + f"),
        ("\"\"\"a \" ${\"\"\"b\"\"\"} \\\"\"\"\" + c", "\"\"\"    ${\"\"\" \"\"\"}   \"\"\" + c"),
        ("$$\"a ${b} $${c}\" + d", "$$\"       $${c}\" + d"),
        ("'\"' + `a \" b` + '\\'' // c", "' ' + `a \" b` + '  '     "),
        ("\"\\${a}\" + \"$a\" + b", "\"     \" + \"  \" + b"),
        ("\"a\nb\"", "\" \nb\""),
    ];
    testing::leaves_code(&Kotlin, "a.kt", &cases);
}

#[test]
fn paths_are_cut_and_what_is_no_path_is_said_so() {
    let split = Kotlin.notation().split;
    assert_eq!(split("a.`in`.C#m").unwrap(), ["a", "in", "C", "m"]);
    let cases = [("a.kt", "is a file"), ("a.b.C::class", "write `a.b.C.class`"), ("a.b-c", "no Kotlin name")];
    testing::refuses_paths(split, &cases);
}

#[test]
fn uses_are_paths_in_full_and_members_of_what_is_imported() {
    for (text, uses) in [
        ("val x: a.b.C = a.b.C()", &["a.b.C@7", "a.b.C@15"][..]),
        ("@a.b.C class X : a.`b c`.D(), a.b.E by f", &["a.b.C@1", "a.b c.D@17", "a.b.E@30"]),
        ("\"${a.b.C.d}\" + \"$a.b.C\"", &["a.b.C.d@3"]),
        ("a.b.C::class; x.a.b; x?.a.b; 0..a.b.C.d", &["a.b.C@0", "a.b.C.d@32"]),
        ("f(a.b.C::d, ::a, a.b.C::`e f`.g)", &["a.b.C.d@2", "a.b.C.e f@17"]),
        ("import z.A\nf(A::g, A :: h, A::class, x.A::i)", &["z.A.g@13", "z.A.h@19"]),
        ("import z.A\nenum class E(val x: Int) { B(1), A(2) }; A.g()", &[]),
        ("import z.A\nval x: Map<in A, out A> = A.g()", &["z.A.g@37"]),
        ("import z.a\na.g()", &[]),
        ("fun f(a: Int) = a.b.C()", &[]),
        ("a?.b; a.b.C()", &[]),
        ("import z.Outer\nval x: Outer.Inner", &["z.Outer.Inner@22"]),
        ("import z.Other as Outer\nval x: Outer.Inner", &["z.Other.Inner@31"]),
        ("import z.Outer\nval Outer = 1; Outer.x", &[]),
        ("import z.Outer\nfun f(Outer: Int) = Outer.x", &[]),
    ] {
        assert_eq!(testing::used(&Kotlin, "a.kt", text), uses, "{text}");
    }
}

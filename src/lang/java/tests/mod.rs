//! Spans, blanked code and hostile texts. Texts with their expected imports are data: `tests/cases/java/rows.txt`.

use crate::lang::{Language, testing};

use super::Java;

/// Pieces that the scanner reacts to.
const PIECES: &[&str] = &[
    "import",
    "static",
    "module",
    "package",
    "class",
    "new",
    "forName",
    "loadClass",
    "Class",
    "a",
    "b.c",
    "é",
    "1",
    ".",
    "..",
    "...",
    ",",
    ";",
    ":",
    "::",
    "=",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "'",
    "\"",
    "\"\"\"",
    "\\",
    "\\u",
    "\\u0022",
    "\\u005c",
    "\\ud83d",
    "\\u0069",
    "\n",
    "\r",
    "\r\n",
    " ",
    "//",
    "/*",
    "*/",
    "*",
    "@",
    "+",
    "\0",
    "\u{ad}",
    "\u{200b}",
    "$",
    "_",
    "<<<<<<< ",
    "\"a.b\"",
    "Class.forName(\"a.b\")",
    "import a.b.C;",
    "#!",
];

#[test]
fn any_text_is_read_to_its_end() {
    testing::properties(&Java, "A.java", PIECES);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    testing::hostile(&Java, "A.java", PIECES);
    let more = &[
        "import a.",
        "import a/**/.",
        "Class.forName(\"a\"+",
        "Class./**/forName(",
        "loadClass(\"a\",",
        "a.<",
        "a.@b ",
        "@a.b.",
        "\\u000a",
    ];
    testing::hostile(&Java, "A.java", more);
}

#[test]
fn spans_are_those_of_statement_and_name() {
    for (text, statement, name) in [
        (" import a . b ; // c", "import a . b ;", "a . b"),
        ("import a.b.C", "import a.b.C", "a.b.C"),
        ("import static a.b.C.m;x", "import static a.b.C.m;", "m"),
        ("import a.b./**/* ;", "import a.b./**/* ;", "*"),
        ("import\\u0020\\u0061.b\\u003b ;", "import\\u0020\\u0061.b\\u003b", "\\u0061.b"),
        ("x = Class . forName ( \"a\" + \"b\" ) ;", "Class . forName ( \"a\" + \"b\" )", "\"a\" + \"b\""),
        ("l.loadClass(\"a\", f(1))", "loadClass(\"a\", f(1))", "\"a\""),
        ("l.loadClass(\"a\", \"b\")", "loadClass(\"a\"", "\"a\""),
    ] {
        assert_eq!(testing::spans(&Java, "A.java", text), [(statement, name)], "{text}");
    }
}

#[test]
fn only_code_is_left_of_a_text() {
    let cases = [
        ("#!/usr/bin/java\nint a; // c", "               \nint a;     "),
        ("a(\"b\\\"\", 'c') /* d\r\ne */ f", "a(\"   \", ' ')     \r\n     f"),
        ("\"\"\"\n a \\\"\"\" \"\" b\n\"\"\"; c", "\"\"\"\n            \n\"\"\"; c"),
        ("\\u002f* a *\\u002f b \"\\u0061\\\\u0022\"", "                  b \"             \""),
    ];
    testing::leaves_code(&Java, "A.java", &cases);
}

#[test]
fn paths_are_cut_and_what_is_no_path_is_said_so() {
    let split = Java.notation().split;
    assert_eq!(split("a.b.C").unwrap(), ["a", "b", "C"]);
    assert_eq!(split("a.b.C#m").unwrap(), ["a", "b", "C", "m"]);
    assert_eq!(split("a.*.**").unwrap(), ["a", "*", "**"]);
    let cases = [
        ("", "a path is needed"),
        ("a/b/C", "write its class: `a.b.C`"),
        ("src/main/java/a/b/C.java", "write its class: `a.b.C`"),
        ("a\\b\\C", "`a.b.C`"),
        ("C.java", "is a file"),
        (".a", "is relative"),
        ("a..b", "empty segment"),
        ("a.B::c", "write `a.B.c`"),
        ("a.b-c", "no Java name"),
        ("a.1b", "no Java name"),
        ("import a.b", "no Java name"),
    ];
    testing::refuses_paths(split, &cases);
}

#[test]
fn uses_are_paths_in_full_and_members_of_what_is_imported() {
    for (text, uses) in [
        ("a.b.C x = new a.b.C();", &["a.b.C@0", "a.b.C@14"][..]),
        ("@a.b.C class X extends a.b.D<a.b.E> {}", &["a.b.C@1", "a.b.D@23", "a.b.E@29"]),
        ("(a . b /* c */ . C) x; a.b.C.m(); a.b.C.class;", &["a.b.C@1", "a.b.C.m@23", "a.b.C@34"]),
        ("a.b.C::m; x.a.b.C; x::a; y().a.b(); X... a.b", &["a.b.C.m@0", "a.b@41"]),
        ("package a.b; import a.b.C; class X { a.b.D d; }", &["a.b.D@37"]),
        ("a.b.@N C x; a.b.<String>m();", &["a.b.C@0", "a.b.m@12"]),
        ("x.<a.b.C>m(); z.<q>a.b; a.b.<a.c>d.e();", &["a.b.C@3", "a.b.d.e@24", "a.c@29"]),
        ("int a; a.b.C x;", &[]),
        ("void a() {} a.b.C x; a();", &["a.b.C@12"]),
        ("f(a -> a.b); a.b.C x;", &[]),
        ("\"a.b.C\" /* a.b.C */ 'a' b.a.c", &[]),
        ("import z.Outer; Outer.Inner x; Outer y;", &["z.Outer.Inner@16"]),
        ("import static z.C.Mm; Mm.x(); n.Mm.x();", &["z.C.Mm.x@22"]),
        ("import z.Outer; class Outer {} Outer.Inner x;", &[]),
        ("import z.Outer; Foo Outer = 1; Outer.inner();", &[]),
        ("import z.Outer; @Nullable Outer x; return Outer.Inner;", &["z.Outer.Inner@42"]),
        ("import z.A; A.b.C x; import z.b; b.C y;", &["z.A.b.C@12", "z.b.C@33"]),
        ("\\u0061.b.C x;", &["a.b.C@0"]),
        ("a.b.@N(\"v\") C x; a.@N(a.b.V.x) @M(1) b.C y;", &["a.b.C@0", "a.b.C@17", "a.b.V.x@22"]),
        ("a.b.@N(v C x;", &["a.b@0"]),
        ("import z.A; f(A::g, A :: <String> h, A::new, x.A::i, A[]::new);", &["z.A.g@14", "z.A.h@20"]),
        ("a::b; a.b.c();", &[]),
        ("import z.A; BiConsumer<? super A, String> f; A.g();", &["z.A.g@45"]),
        ("import z.A; <T extends A> void f(Map<A, ? extends A> x) { A.g(); }", &["z.A.g@58"]),
        ("import z.A; Map<String, X> A = y; A.g();", &[]),
        ("import z.A; public <T> A[] f() { return A.g(); }", &["z.A.g@40"]),
        ("import z.A; void f(X... A) { A.g(); }", &[]),
        ("import z.A; f((A, x) -> A.g(), (x, A) -> A.g());", &[]),
        ("import z.A; f((x, y) -> A.g(), A.h(), (A) x, B);", &["z.A.g@24", "z.A.h@31"]),
        ("import z.A; enum E { A { }, B; } A.g();", &[]),
        ("import z.A; enum E { B(A.g()), C { void f() { A.h(); } }; A x; }", &["z.A.g@23", "z.A.h@46"]),
        ("import z.A; switch (x) { case A -> 1; } A.g();", &["z.A.g@40"]),
        ("import z.a; a.g(); new a(); (a) x;", &["z.a.g@12"]),
        ("import z.a; void f(int a) { a.g(); }", &[]),
        ("import z.a; if (x instanceof X a && a.g()) {}", &[]),
        ("import z.a; f(x, a -> a.g());", &[]),
        ("import static z.C.a; a.g();", &[]),
        ("1.a.b 0xa.b 2a.b", &[]),
    ] {
        assert_eq!(testing::used(&Java, "A.java", text), uses, "{text}");
    }
}

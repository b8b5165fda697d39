//! In which texts uses are looked for.

use super::{LANGUAGES, holds};
use crate::lang::MAX_IMPORTS;

/// Each text has a forbidden use, however it is written.
#[test]
fn uses_in_every_spelling_are_looked_for() {
    let [java, kotlin, scala] = LANGUAGES;
    for (languages, texts) in [
        (
            &LANGUAGES[..],
            &[
                "org.old.A.b()",
                "org.old.A x;",
                "(org.old.A.b)",
                "org .old.A.b",
                "org\n.old.A.b",
                "org.\nold.A.b",
                "org\u{b}.\u{c}old.A.b",
                "org/**/.old.A.b",
                "org/* org.fine */./* c */old.A.b",
                "org // c\n.old.A.b",
                "org.// c\nold.A.b",
                "org.x. Old.A",
                "org.x/**/.Old.A",
                "b.Old.A",
                "org.fine.A.b; org.old.A.b",
                "// package\norg.old.A.b",
                "/* package */ org.old.A.b",
                "// package \norg.old.A.b",
                "xpackage org.old.A.b",
                "import a.B;\norg.old.A.b",
                "import org.fine.B;org.old.A.b",
                "import org.fine.B\norg.old.A.b\nimport org.fine.C\n",
                "Class.forName(org.old.A.b)",
                "\"org.fine\"; org.old.A.b",
            ][..],
        ),
        (
            &[java],
            &[
                "import org.x;x.Old.a",
                "org.@A old.A x;",
                "org.<T>old.A()",
                "new org.old.A()",
                "@org.old.A class B {}",
                "List<org.old.A> x;",
                "case org.old.A x ->",
                "org\\u002eold.A.b",
                "\\u006frg.old.A.b",
                "o\0rg.old.A.b",
                "o\u{200b}rg.old.A.b",
                "org.o\u{ad}ld.A.b",
            ],
        ),
        (&[java, kotlin], &["org.old.A::b", "org.old::b"]),
        (
            &[kotlin],
            &[
                "`org`.old.A.b",
                "org.`old`.A.b",
                "`org` . `old`.A",
                "\"${org.old.A.b}\"",
                "$package org.old.A",
                "0..org.old.A.b",
            ],
        ),
        (
            &[scala],
            &[
                "`org`.old.A.b",
                "_root_.org.old.A.b",
                "_root_ . `org`.old.A.b",
                "s\"${org.old.A.b}\"",
                "<a>{org.old.A.b}</a>",
                "x :: org.old.A.b",
                "package org\norg.Old.a",
                "package org.x\n\nimport Fine\norg.old.A",
                "org <a/>.old.A",
            ],
        ),
    ] {
        for (language, text) in languages.iter().flat_map(|language| texts.iter().map(move |text| (*language, text))) {
            let count = holds(language, text);
            assert!(count.forbidden_uses > 0 && count.skipped == 0, "{}: {text:?}: {count:?}", language.1);
        }
    }
}

#[test]
fn texts_without_a_forbidden_use_are_left_out() {
    for language in LANGUAGES {
        for text in [
            "",
            "package org.old\n",
            "import org.old.A\nimport org.fine.B\nclass A { B.c() }",
            "// http://www.org/licenses, org",
            "x.organ.old.A; _org.old.A",
        ] {
            assert_eq!(holds(language, text).skipped, 1, "{}: {text:?}", language.1);
        }
        let many = "a.b;".repeat(MAX_IMPORTS + 1);
        assert_eq!(holds(language, &many).skipped, 0, "{}: too many", language.1);
    }
    let [java, kotlin, _] = LANGUAGES;
    for language in [java, kotlin] {
        assert_eq!(
            holds(language, "/** {@link org.fine.A}, org.x.Fine */ org.fine.A.b()").skipped,
            1,
            "{}",
            language.1
        );
    }
}

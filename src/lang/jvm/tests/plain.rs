//! Which texts are plain.

use super::{LANGUAGES, holds};
use crate::lang::{File, MAX_IMPORTS};

/// Each text has what the shortcuts must not leave out: a star, a hidden name, or too many imports.
#[test]
fn what_may_hide_a_name_is_not_plain() {
    let [java, kotlin, _] = LANGUAGES;
    for (language, texts) in [
        (
            java,
            &[
                "import org.*;",
                "import static org.Old.*;",
                "import org . * ;",
                "import org.\n\t*;",
                "import org.\u{b}*;",
                "import org.\u{c}*;",
                "import/**/org.*;",
                "import org/**/.*;",
                "import org.// c\n*;",
                "import static/**/org.Old.*;",
                "import module/**/org.Old.*;",
                "import static\norg . Old\n.\n*;",
                "import org.o\\u006cd.A;",
                "\\u0069mport org.old.A;",
                "import org\\uu002eold.A;",
                "import org.o\0ld.A;",
                "import org.o\u{ad}ld.A;",
                "import org.ol\u{200b}d.A;",
                "Class.forName(\"org.o\" + \"ld.A\")",
                "Class.forName(\"org.o\"\n+\n\"ld.A\")",
                "Class.forName(\"org.o\"/**/+\"ld.A\")",
                "Class.forName(\"org.o\\u006cd.A\")",
                "Class.forName(\"org.o\\154d.A\")",
                "Class.forName(\"[Lorg.old.A;\")",
                "Class.forName(/**/\"[Lorg.old.A;\")",
                "Class.forName/**/(\"[Lorg.old.A;\")",
                "Class // c\n. forName ( \"[[Lorg.old.A;\" , false, l)",
                "l.loadClass(\"org.o\" + \"ld.A\")",
                "l.loadClass(\"\"\"\n  org.o\\\nld.A\"\"\")",
            ][..],
        ),
        (
            kotlin,
            &[
                "import org.*",
                "import org\n.*",
                "import org . *",
                "import org.\u{b}*",
                "import `org`.*",
                "import org.`old`.*",
                "import/**/org.*",
                "import org/* */./* */*",
                "import org\n// c\n/* /* */ */\n.*",
                "import org.// c\n*",
                "Class.forName(\"org.o\" + \"ld.A\")",
                "Class.forName(\"org.Old\\$A\")",
                "Class.forName(\"\"\"[Lorg.old.A;\"\"\")",
                "Class.forName(\"[Lorg.old.A;\")",
            ],
        ),
    ] {
        for text in texts {
            let count = holds(language, text);
            assert_eq!(count.plain, 0, "{text:?}");
            let file = File { path: language.1.as_bytes(), text: text.as_bytes() };
            assert!(!language.0.imports(file).is_empty(), "{text:?} hides nothing");
        }
    }
    for language in [java, kotlin] {
        assert_eq!(holds(language, &"import a\n".repeat(MAX_IMPORTS + 1)).plain, 0, "{}", language.1);
        assert_eq!(holds(language, &"import a\n".repeat(MAX_IMPORTS)).plain, 1, "{}", language.1);
    }
}

#[test]
fn usual_texts_are_plain() {
    let [java, kotlin, _] = LANGUAGES;
    for (language, text) in [
        (
            java,
            "package a.b;\n\nimport a.b.C;\nimport static a.D.e;\nimport a.b.\nF;\n\nclass A { int x = 2 * important(); }",
        ),
        (
            java,
            "/**\n * To import: see\n * {@link C}. The import\n * of names.\n */\nclass A { void f() { Class.forName(name); } }",
        ),
        (
            java,
            "class A { Object x = Class.forName(\"a.b.C$D\", false, null), y = loader.loadClass(\"x\"); double z = a.b * c; }",
        ),
        (java, "import org.\"*\""),
        (kotlin, "package a.b\n\nimport a.b.C\nimport a.b.D as E\n\nclass A { val x = `in`.b * 2 }"),
        (java, "import a.b.C;\n\n/** A comment. */\nclass A"),
        (kotlin, ""),
    ] {
        assert_eq!(holds(language, text).plain, 1, "{text:?}");
    }
}

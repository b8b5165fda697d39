//! The shortcuts of Java, Kotlin and Scala, compared with the way without them: whatever the text, they leave out nothing
//! that a policy of these entries forbids.

mod plain;
mod skim;

use std::borrow::Cow;
use std::ops::AddAssign;

use proptest::test_runner::{Config, TestRunner};

use crate::kind::Kind;
use crate::lang::java::Java;
use crate::lang::kotlin::Kotlin;
use crate::lang::scala::Scala;
use crate::lang::{Asked, Candidate, File, Import, Language, MAX_IMPORTS, Sought, Surroundings};
use crate::testing::NoFiles;
use crate::words::{WholeWords, continues_word};

const ENTRIES: [&[&str]; 4] = [&["org", "old"], &["org", "x", "Old"], &["b", "Old"], &["org", "org", "Old"]];
const FIRST: [&str; 2] = ["org", "b"];

/// Pieces of imports, packages and uses, and what may stand between them or hide them.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "import ", "import", "\nimport org.x.", "import static ", "import module ", "export ", "\nexport org.",
    "package ", "package org\n", "// package ", "/* package */ ", "xpackage ", "$package ", "package\n",
    "package\u{b}", "org", "org.", "org.old", "org.old.", "org.x.Old", "org.x.Old.a", "org.x.Fine.a", "org.x",
    "b.Old", "b.Old.a", "b", ".Old", ".old", "Old", "old", "Old.a()", ".x", ".", "..", "::", ":", "`org`", "`",
    "`org.x`.Old", "_root_.", "_root_.org.old", "\\u006frg", "\\u002e", "or\u{200b}g", "or\0g", "é", "/*c*/", "/*",
    "*/", "// c\n", "/", "\n", "\r\n", " ", " ", "\u{b}", "\u{c}", "\t", ";", ";\n", ",", ", ", "{", "}", "(", ")",
    "[", "]", "<T>", "<", ">", "<a/>", "<a>", "</a>", "@A ", "@", "*", ".*", "._", "_", "_$", "as ", " as\n", " as c",
    "=>", "⇒", "given ", "\"", "\"\"\"", "'", "${", "$", "s\"", "\\", "new ", "class ", "val ", "enum E { org }",
    "Class.forName(\"org.old\")", "Class.forName(", "loadClass(\"", "\"org.\"", "+ \"old\"", "\"[Lorg.old;\"",
    "\"b.O\\u006cd\"", "\"org.x$Old\"", "forName",
];

const LANGUAGES: [(&dyn Language, &str); 3] = [(&Java, "p/A.java"), (&Kotlin, "p/A.kt"), (&Scala, "p/A.scala")];

type Path<'a> = [Cow<'a, str>];

fn begins(path: &Path<'_>, with: &[&str]) -> bool {
    path.len() >= with.len() && std::iter::zip(path, with).all(|(one, two)| one == two)
}

fn is_forbidden(path: &Path<'_>) -> bool {
    ENTRIES.iter().any(|entry| begins(path, entry))
}

fn leads(path: &Path<'_>) -> bool {
    ENTRIES.iter().any(|entry| entry.len() > path.len() && std::iter::zip(path, *entry).all(|(one, two)| one == two))
}

fn reaches(path: &Path<'_>) -> bool {
    ENTRIES.iter().any(|entry| std::iter::zip(path, *entry).all(|(one, two)| one == two))
}

/// What the texts were.
#[derive(Default, Debug)]
struct Count {
    all: usize,
    plain: usize,
    plain_with_rows: usize,
    skipped: usize,
    forbidden_uses: usize,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.all += other.all;
        self.plain += other.plain;
        self.plain_with_rows += other.plain_with_rows;
        self.skipped += other.skipped;
        self.forbidden_uses += other.forbidden_uses;
    }
}

/// Asserts that the shortcuts hide nothing in a text, whether or not a rule of its own forbids all stars.
fn holds((language, path): (&dyn Language, &str), text: &str) -> Count {
    let file = File { path: path.as_bytes(), text: text.as_bytes() };
    let around = Surroundings { tree: &NoFiles::default(), roots: &|_| Vec::new() };
    let resolver = language.resolver(file, &around);
    let rows = language.imports(file);
    let meant: Vec<_> = rows.iter().map(|row| resolver.resolve(row).unwrap()).collect();
    let skim = language.skim().unwrap();
    let words = WholeWords::new(FIRST).unwrap();
    let [(may_use, forbidden_uses), _] = [false, true].map(|forbids_stars| {
        let is_star = |row: &Import<'_>| row.name.as_deref() == Some("*");
        let through = std::iter::zip(&rows, &meant).map(|(row, meant)| {
            let binds = row.kind != Kind::Dynamic && (is_star(row) || !meant.iter().any(|path| is_forbidden(path)));
            binds && (forbids_stars || meant.iter().any(|path| leads(path)))
        });
        let through: Vec<bool> = through.collect();
        let is_first = |path: &[&str]| path.first().is_some_and(|first| FIRST.contains(first));
        let is_full_path = |path: &[&str]| forbids_stars && resolver.is_full_path(path).unwrap();
        let begins = |path: &[&str]| is_first(path) || is_full_path(path);
        let uses = language.uses(file, &rows, Asked { through: &through, begins: &begins });
        let forbidden = uses.iter().filter(|row| resolver.resolve(row).unwrap().iter().any(|path| is_forbidden(path)));
        let forbidden_uses = forbidden.count();
        let extends = |((row, meant), through): ((&Import<'_>, &Vec<Candidate<'_>>), &bool)| {
            *through && !is_star(row) && meant.iter().any(|path| reaches(path))
        };
        let may_use = std::iter::zip(&rows, &meant).zip(&through).any(extends)
            // The word that all stars begin with is any.
            || (forbids_stars && skim.is_relative)
            || (skim.may_use)(file, &rows, Sought { words: &words, reaches: &|path| reaches(path) });
        assert!(may_use || forbidden_uses == 0, "{path}: {text:?}: {uses:?}");
        (may_use, forbidden_uses)
    });
    let is_plain = language.plainness().is_some_and(|plainness| (plainness.is_plain)(file));
    if is_plain {
        assert!(rows.len() <= MAX_IMPORTS);
        assert!(rows.iter().all(|row| row.name.as_deref() != Some("*")), "{path}: {text:?}: {rows:?}");
        let all = vec![true; rows.len()];
        let uses = language.uses(file, &rows, Asked { through: &all, begins: &|_| true });
        let own = language.own_paths(file, &around).unwrap();
        let used = uses.iter().flat_map(|row| resolver.resolve(row).unwrap());
        let stands = |segment: &str| {
            let mut words = text.split(|sign: char| !u8::try_from(sign).is_ok_and(continues_word));
            !segment.bytes().all(continues_word) || segment == "A" || words.any(|word| word == segment)
        };
        for path in meant.iter().flatten().cloned().chain(used).chain(own) {
            assert!(path.iter().all(|segment| stands(segment)), "{text:?}: {path:?}");
        }
    }
    Count {
        all: 1,
        plain: usize::from(is_plain),
        plain_with_rows: usize::from(is_plain && !rows.is_empty()),
        skipped: usize::from(!may_use),
        forbidden_uses,
    }
}

#[test]
fn the_shortcuts_hide_nothing() {
    for language in LANGUAGES {
        let cases = Config::default().cases.max(6000);
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let pieces = proptest::collection::vec(proptest::sample::select(PIECES), 0..16);
        let count = std::cell::RefCell::new(Count::default());
        let run = |pieces: Vec<&str>| {
            *count.borrow_mut() += holds(language, &pieces.concat());
            Ok(())
        };
        runner.run(&pieces, run).unwrap();
        let Count { all, plain, plain_with_rows, skipped, forbidden_uses } = count.into_inner();
        let are_plain = language.0.plainness().is_none() || (plain * 5 > all && plain_with_rows * 50 > all);
        let are_many = are_plain && skipped * 5 > all && forbidden_uses * 50 > all;
        assert!(
            are_many,
            "{}: {plain} plain, {plain_with_rows} with rows, {skipped} skipped, {forbidden_uses} uses",
            language.1
        );
    }
}

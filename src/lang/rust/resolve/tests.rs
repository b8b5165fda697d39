//! Meanings of paths, in files of a package.

use std::cell::Cell;

use crate::lang::rust::Rust;
use crate::lang::rust::tests::PACKAGE;
use crate::lang::{File, Language, Surroundings};
use crate::tree::{Tree, TreeError};

/// Returns what each import of the text may mean, in the file at `path`.
fn resolved(path: &str, text: &str) -> Vec<String> {
    let around = Surroundings { tree: &PACKAGE, roots: &|_| Vec::new() };
    let file = File { path: path.as_bytes(), text: text.as_bytes() };
    let resolver = Rust.resolver(file, &around);
    let imports = Rust.imports(file);
    let paths = imports.iter().map(|import| {
        let candidates = resolver.resolve(import).unwrap();
        candidates.iter().map(|path| path.join("::")).collect::<Vec<_>>().join(" ")
    });
    paths.collect()
}

#[test]
fn a_file_has_its_module_by_its_place() {
    for (path, text, expected) in [
        ("tool/src/git/index.rs", "use self::x;", "crate::git::index::x my_tool::git::index::x"),
        ("tool/src/git/index.rs", "use super::x;", "crate::git::x my_tool::git::x"),
        ("tool/src/git/mod.rs", "use super::x;", "crate::x my_tool::x"),
        ("tool/src/git/index.rs", "use super::super::super::x;", ""),
        ("tool/src/lib.rs", "use self::x;", "crate::x my_tool::x"),
        ("tool/src/lib.rs", "use super::x;", ""),
        ("tool/src/a/b/c.rs", "use crate::{self as k, x::*};", "crate my_tool"),
        ("tool/src/main.rs", "use crate::x;", "crate::x"),
        ("tool/src/bin/one.rs", "use self::x;", "crate::x one::x"),
        ("tool/src/bin/two/main.rs", "use self::x;", "crate::x two::x"),
        ("tool/src/bin/two/sub.rs", "use self::x;", "crate::sub::x two::sub::x"),
        ("tool/cli/start.rs", "use self::x;", "crate::x other::x"),
        ("tool/cli/sub/mod.rs", "use self::x;", "crate::sub::x other::sub::x"),
        ("tool/tests/plain.rs", "use self::x;", "crate::x plain::x"),
        ("tool/tests/it/repo.rs", "use super::x;", "crate::x it::x"),
        ("tool/tests/common/mod.rs", "use self::x;", "crate::common::x"),
        ("tool/build.rs", "use self::x;", "crate::x"),
        ("program/src/deep/er.rs", "use super::x;", "crate::deep::x the_program::deep::x"),
        ("bare/x/y/z.rs", "use super::x;", "crate::y::x"),
        ("nothing/y.rs", "use super::x;", ""),
        ("nothing/y.rs", "use crate::x;", "crate::x"),
    ] {
        assert_eq!(resolved(path, text)[0], expected, "{path}: {text}");
    }
}

#[test]
fn modules_within_the_file_count() {
    let text = "mod tests { use super::*; use super::super::x; mod r#deep { use self::x; use super::super::y; } } use self::z;";
    assert_eq!(
        resolved("tool/src/git/index.rs", text),
        [
            "crate::git::index my_tool::git::index",
            "crate::git::x my_tool::git::x",
            "crate::git::index::tests::deep::x my_tool::git::index::tests::deep::x",
            "crate::git::index::y my_tool::git::index::y",
            "crate::git::index::z my_tool::git::index::z",
        ]
    );
}

#[test]
fn other_paths_are_as_written() {
    for (text, expected) in [
        ("use gix::x;", "gix::x"),
        ("use ::gix::x;", "gix::x"),
        ("use gix;", "gix"),
        ("extern crate gix as g;", "gix"),
        ("use std::*;", "std"),
        ("use $crate::x::y;", "crate::x::y my_tool::x::y"),
        ("use my_tool::x;", "my_tool::x"),
    ] {
        assert_eq!(resolved("tool/src/a.rs", text)[0], expected, "{text}");
    }
}

#[test]
fn a_path_may_begin_with_a_module_or_an_import_of_the_file() {
    let own = "crate::a::b::c my_tool::a::b::c b::c";
    assert_eq!(resolved("tool/src/a.rs", "mod b; use b::c;"), [own]);
    assert_eq!(resolved("tool/src/a.rs", "pub mod b { } fn f() { use b::c; }"), [own]);
    assert_eq!(resolved("tool/src/a.rs", "mod m { mod b; } use b::c;"), ["b::c"]);
    let followed = "crate::git::x my_tool::git::x git::x";
    assert_eq!(resolved("tool/src/a.rs", "use crate::git; use git::x;")[1], followed);
    assert_eq!(resolved("tool/src/a.rs", "use a as b; use b as a; use a::x;").last().unwrap(), "a::x b::x");
}

/// Counts the files that are read.
#[derive(Default)]
struct Counted(Cell<usize>);

impl Tree for Counted {
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
        PACKAGE.is_file(path)
    }
    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError> {
        PACKAGE.is_folder(path)
    }
    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
        self.0.set(self.0.get() + 1);
        PACKAGE.read(path)
    }
}

#[test]
fn many_paths_read_a_manifest_once() {
    let tree = Counted::default();
    let around = Surroundings { tree: &tree, roots: &|_| Vec::new() };
    let resolver = Rust.resolver(File { path: b"tool/src/a.rs", text: b"" }, &around);
    let read = || {
        assert!(!resolver.is_full_path(&["Vec", "new"]).unwrap());
        tree.0.get()
    };
    assert_eq!(read(), read());
}

#[test]
fn in_the_first_edition_paths_start_at_the_root() {
    assert_eq!(resolved("old/src/a.rs", "use b::c;"), ["b::c crate::b::c old::b::c"]);
    assert_eq!(resolved("old/src/a.rs", "use ::b::c;"), ["b::c crate::b::c old::b::c"]);
}

#[test]
fn a_file_is_a_module() {
    let around = Surroundings { tree: &PACKAGE, roots: &|_| Vec::new() };
    let itself = |path: &str| {
        let candidates = Rust.own_paths(File { path: path.as_bytes(), text: b"" }, &around).unwrap();
        candidates.iter().map(|path| path.join("::")).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(itself("tool/src/git/index.rs"), "crate::git::index my_tool::git::index");
    assert_eq!(itself("tool/src/git/mod.rs"), "crate::git my_tool::git");
    assert_eq!(itself("tool/src/lib.rs"), "my_tool");
    assert_eq!(itself("tool/src/main.rs"), "");
    assert_eq!(itself("nothing/x.rs"), "");
}

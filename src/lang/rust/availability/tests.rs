//! Reasons against a path, in a package.

use super::*;
use crate::lang::rust::tests::PACKAGE;

#[test]
fn paths_are_held_against_the_tree() {
    let around = Surroundings { tree: &PACKAGE, roots: &|_| Vec::new() };
    for (path, instead, expected) in [
        ("tool/src/x.rs", "crate::git::Repository", ""),
        ("tool/src/x.rs", "crate::git::index::read", ""),
        ("tool/src/x.rs", "my_tool::git::index::read", ""),
        ("tool/src/x.rs", "crate::git", ""),
        ("tool/src/x.rs", "crate::git::index::write", "`tool/src/git/index.rs` does not mention `write`"),
        ("tool/src/x.rs", "crate::nothing::x", "`crate::nothing` does not exist in this tree"),
        ("tool/src/x.rs", "crate::Thing::new", ""),
        ("tool/src/x.rs", "crate::a::Whatever", ""),
        ("tool/src/git/mod.rs", "crate::git::Repository", "this file is `crate::git` itself"),
        ("tool/src/git/index.rs", "crate::git::index", "this file is `crate::git::index` itself"),
        ("tool/src/git/mod.rs", "crate::git::index::read", ""),
        ("tool/tests/it/main.rs", "my_tool::git::Nothing", "`tool/src/git/mod.rs` does not mention `Nothing`"),
        ("tool/tests/it/main.rs", "gix::Nothing", ""),
        ("nothing/x.rs", "crate::x", ""),
    ] {
        let instead: Vec<_> = instead.split("::").map(str::to_owned).collect();
        let found = why_unavailable(path.as_bytes(), &instead, &around).unwrap();
        assert_eq!(found.unwrap_or_default(), expected, "{path}: {instead:?}");
    }
}

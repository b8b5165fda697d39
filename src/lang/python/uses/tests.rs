//! Which uses are reported, and how many; texts with their uses are data, in
//! `tests/cases/python/uses.txt`.

use super::super::Python;
use crate::lang::{Asked, File, Import, Language};

fn found<'a>(text: &'a [u8], through: impl Fn(&Import<'a>) -> bool, begins: bool) -> Vec<Import<'a>> {
    let file = File { path: b"x.py", text };
    let imports = Python.imports(file);
    let through: Vec<_> = imports.iter().map(through).collect();
    Python.uses(file, &imports, Asked { through: &through, begins: &|_| begins })
}

fn paths(text: &str, through: &[&str], begins: bool) -> Vec<String> {
    let asked = |import: &Import<'_>| through.contains(&import.module.as_deref().unwrap_or_default());
    let path =
        |import: Import<'_>| format!("{}.{}", import.module.as_deref().unwrap(), import.name.as_deref().unwrap());
    found(text.as_bytes(), asked, begins).into_iter().map(path).collect()
}

#[test]
fn only_what_is_asked_for_is_told() {
    let text = "import a.b\nimport c as w\nimport d as w\na.b.m\na.x\nw.m";
    assert_eq!(paths(text, &["a.b", "d"], false), ["a.b.m", "a.x", "d.m"]);
    assert_eq!(paths(text, &[], false), [""; 0]);
    // Only `import a.b` decides on what it loads; `a.x`, beside it, is another path.
    assert_eq!(paths(text, &["c"], true), ["a.x", "c.m"]);
    assert_eq!(paths("import a.b, a.b.m\na.b.m.X\na.b.n", &["a.b"], true), ["a.b.n"]);
    assert_eq!(paths("from z import a\nimport a.b\na.c", &["z", "a.b"], true), ["z.a.c", "a.c"]);
}

#[test]
fn long_chains_are_cut() {
    let text = format!("import a.b as w, a\nw{0}\na{0}", ".b".repeat(100_000));
    for import in found(text.as_bytes(), |_| true, true) {
        let path = [import.module.as_deref().unwrap(), import.name.as_deref().unwrap()].join(".");
        assert_eq!(path, format!("a{}", ".b".repeat(63)));
    }
}

#[test]
fn a_binding_at_the_end_voids_any_number_of_uses() {
    let uses = "a.b;c.d;".repeat(50_000);
    let text = format!("import a, c\n{uses}\na = 1\n{uses}");
    let rows = found(text.as_bytes(), |_| true, true);
    assert_eq!(rows.len(), crate::lang::MAX_IMPORTS + 1);
}

//! Meanings and replacements of imports, by the modules of a repository.

use std::collections::BTreeMap;

use crate::lang::{Change, File, Language, Statement, Surroundings};
use crate::tree::{Tree, TreeError};

use super::Go;

struct Files(BTreeMap<&'static str, &'static str>);

impl Tree for Files {
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
        Ok(self.0.keys().any(|file| file.as_bytes() == path))
    }
    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError> {
        let beneath = |file: &&str| file.as_bytes().strip_prefix(path).is_some_and(|rest| rest.starts_with(b"/"));
        Ok(self.0.keys().any(beneath))
    }
    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
        Ok(self.0.iter().find(|(file, _)| file.as_bytes() == path).map(|(_, text)| text.as_bytes().to_vec()))
    }
}

fn tree() -> Files {
    Files(BTreeMap::from([
        ("go.mod", "module x.org/top\nreplace x.org/other => ./libs/other\nreplace x.org/out => ../out\n"),
        ("go.work", "use (\n\t.\n\t./tools\n\t./missing\n)\n"),
        ("a/a.go", "package a\n"),
        ("libs/other/go.mod", "module x.org/other\n"),
        ("tools/go.mod", "module x.org/tools // c\n"),
        ("tools/cmd/main.go", "package main\n"),
    ]))
}

fn joined(paths: &[Vec<std::borrow::Cow<'_, str>>]) -> String {
    let join = Go.notation().join;
    paths.iter().map(|path| join(&path.iter().map(AsRef::as_ref).collect::<Vec<_>>())).collect::<Vec<_>>().join(" ")
}

fn resolved(path: &str, import: &str) -> String {
    let (tree, text) = (tree(), format!("import {import}"));
    let around = Surroundings { tree: &tree, roots: &|_| Vec::new() };
    let file = File { path: path.as_bytes(), text: text.as_bytes() };
    let resolver = Go.resolver(file, &around);
    let rows = Go.imports(file);
    joined(&resolver.resolve(&rows[0]).unwrap())
}

#[test]
fn imports_mean_their_paths_and_the_folders_of_this_repository() {
    for (path, import, means) in [
        ("a/a.go", "\"fmt\"", "fmt"),
        ("a/a.go", "\"x.org/top\"", "x.org/top ."),
        ("a/a.go", "\"x.org/top/a/b\"", "x.org/top/a/b ./a/b"),
        ("a/a.go", "\"x.org/topper\"", "x.org/topper"),
        ("a/a.go", ". \"x.org/top/a\"", "x.org/top/a ./a"),
        ("a/a.go", "\"x.org/other/b\"", "x.org/other/b ./libs/other/b"),
        ("a/a.go", "\"x.org/out/b\"", "x.org/out/b"),
        ("a/a.go", "\"x.org/tools/cmd\"", "x.org/tools/cmd ./tools/cmd"),
        ("tools/cmd/main.go", "\"x.org/tools/b\"", "x.org/tools/b ./tools/b"),
        ("tools/cmd/main.go", "\"x.org/top/b\"", "x.org/top/b ./b"),
        ("vendor/x.org/v/v.go", "\"x.org/top/b\"", "x.org/top/b ./b"),
        ("a/b/x.go", "\"./c\"", "./a/b/c"),
        ("a/b/x.go", "\"../c\"", "./a/c"),
        ("x.go", "\"..\"", ""),
        ("x.go", "\"C\"", "C"),
    ] {
        assert_eq!(resolved(path, import), means, "{path}: {import}");
    }
}

#[test]
fn files_are_of_the_package_of_their_folder() {
    let tree = tree();
    let around = Surroundings { tree: &tree, roots: &|_| Vec::new() };
    for (path, paths) in [
        ("a/a.go", "x.org/top/a ./a"),
        ("main.go", "x.org/top ."),
        ("a/a_test.go", ""),
        ("libs/other/b/b.go", "x.org/other/b ./libs/other/b"),
        ("vendor/x.org/v/v.go", "x.org/v ./vendor/x.org/v"),
        ("a/vendor/x.org/v/v.go", "x.org/v ./a/vendor/x.org/v"),
        ("myvendor/v/v.go", "x.org/top/myvendor/v ./myvendor/v"),
    ] {
        let found = Go.own_paths(File { path: path.as_bytes(), text: b"" }, &around).unwrap();
        assert_eq!(joined(&found), paths, "{path}");
    }
}

#[test]
fn paths_that_lead_nowhere_are_told() {
    let tree = tree();
    let around = Surroundings { tree: &tree, roots: &|_| Vec::new() };
    let split = Go.notation().split;
    for (path, instead, why) in [
        ("b/b.go", "./a", None),
        ("b/b.go", "./a#F", None),
        ("b/b.go", ".", None),
        ("b/b.go", "x.org/top/a#F", None),
        ("b/b.go", "x.org/third", None),
        ("b/b.go", "./c/d", Some("`./c/d` does not exist in this tree")),
        ("b/b.go", "x.org/top/c#F", Some("`./c` does not exist in this tree")),
        ("a/b.go", "x.org/top/a#F", Some("this file is of the package `./a` itself")),
        ("main.go", ".", Some("this file is of the package `.` itself")),
    ] {
        let found = Go.why_unavailable(path.as_bytes(), &split(instead).unwrap(), &around).unwrap();
        assert_eq!(found.as_deref(), why, "{path}: {instead}");
    }
}

/// Returns the replacement of the first import of `text`, or of what is used of it.
fn rewritten(path: &str, text: &str, entry: &str, instead: &str) -> String {
    let tree = tree();
    let around = Surroundings { tree: &tree, roots: &|_| Vec::new() };
    let file = File { path: path.as_bytes(), text: text.as_bytes() };
    let mut rows = Go.imports(file);
    rows.truncate(1);
    let through =
        |through: bool| crate::lang::Asked { through: if through { &[true] } else { &[false] }, begins: &|_| false };
    let uses = Go.uses(file, &rows, through(entry.contains('#')));
    let rows = if uses.is_empty() { rows } else { uses };
    let resolver = Go.resolver(file, &around);
    let split = Go.notation().split;
    let (entry, instead) = (split(entry).unwrap(), split(instead).unwrap());
    let candidates = resolver.resolve(&rows[0]).unwrap();
    let resolved =
        candidates.iter().find(|path| path.starts_with(&entry.iter().map(Into::into).collect::<Vec<_>>())).unwrap();
    let resolved = resolved.iter().map(ToString::to_string).collect();
    let changes = [Change { import: 0, resolved, matched: entry.len(), instead: &instead }];
    let rewrite =
        Go.rewrite(&Statement { file, code: b"", imports: &rows[..1], of_file: &rows }, &changes, &around).unwrap();
    rewrite.text + &rewrite.note.map(|note| format!(" ! {note}")).unwrap_or_default()
}

#[test]
fn the_name_that_a_file_has_for_a_package_stays() {
    for (text, entry, instead, expected) in [
        ("import \"x.org/old\"", "x.org/old", "x.org/new", "import old \"x.org/new\""),
        ("import \"x.org/old/sub\"", "x.org/old", "x.org/new", "import \"x.org/new/sub\""),
        ("import \"x.org/old/v2\"", "x.org/old/v2", "x.org/old/v3", "import \"x.org/old/v3\""),
        ("import (\n\t`x.org/old` // c\n)", "x.org/old", "x.org/new/old", "\"x.org/new/old\""),
        ("import (\n\to \"x.org/old\" // c\n)", "x.org/old", "x.org/new", "o \"x.org/new\""),
        ("import _ \"x.org/old\"", "x.org/old", "x.org/new", "import _ \"x.org/new\""),
        ("import . \"x.org/old\"", "x.org/old", "x.org/new", "import . \"x.org/new\""),
        (
            "import \"x.org/go-old\"",
            "x.org/go-old",
            "x.org/new",
            "import \"x.org/new\" ! then use the name that the package has",
        ),
        ("import \"x.org/old\"", "x.org/old", "x.org/go-new", "import old \"x.org/go-new\""),
        ("import \"x.org/top/old\"", "./old", "./new", "import old \"x.org/top/new\""),
        ("import \"x.org/top/old\"", "x.org/top/old", "./tools/old", "import \"x.org/tools/old\""),
        ("import \"x.org/top/old\"", "./old", "./libs/other/old", "import \"x.org/other/old\""),
        ("import \"x.org/old\"", "x.org/old", "x.org/new#F", "import old \"x.org/new\" ! then use `F` of it"),
        ("import \"x.org/old\"\nvar a = old.F()", "x.org/old#F", "x.org/new#G", "new.G ! import \"x.org/new\""),
        ("import o \"x.org/old\"\nvar a = o.F()", "x.org/old#F", "x.org/old#G", "o.G"),
        ("import \"x.org/old\"\nvar a = old.F()", "x.org/old#F", "x.org/new", "new.F ! import \"x.org/new\""),
    ] {
        assert_eq!(rewritten("a/a.go", text, entry, instead), expected, "{text}: {entry} -> {instead}");
    }
    let relative = rewritten("x.go", "import \"./old\"", "./old", "./new");
    assert_eq!(relative, "import old \"x.org/top/new\"");
}

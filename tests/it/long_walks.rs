//! Changes in very many folders: the changes found are those that git finds.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use importgate::git::Repository;

use crate::git_source::{Row, agrees_both_ways, git_says, rows_of, staged};
use crate::repo::{TestRepo, id_bytes};

const MODULES: usize = 130;

fn folder(module: usize) -> String {
    format!("group{}/m{module:03}", module % 3)
}

/// Returns a repository of modules, each with nested folders of its own, and a blob of none.
fn modules(format: &str) -> (TestRepo, String) {
    let repo = TestRepo::with(&[&format!("--object-format={format}")]);
    let id = repo.object("blob", b"1\n");
    let mut lines = String::new();
    for module in 0..MODULES {
        for path in ["build.py", "main/deep/a.py", "main/deep/b.py", "main/same/c.py", "test/t.py"] {
            writeln!(lines, "100644 {id}\t{}/{path}", folder(module)).unwrap();
        }
        for beneath in ["", "main/deep/", "main/same/", "test/"] {
            writeln!(lines, "100644 {id}\t{}/{beneath}own_{module}.py", folder(module)).unwrap();
        }
    }
    repo.index(&lines);
    repo.git(&["commit", "--quiet", "-m", "first"]);
    let other = repo.object("blob", b"2\n");
    (repo, other)
}

/// Changes every `step`th module, in each way that git knows.
fn change(repo: &TestRepo, other: &str, step: usize) {
    let none = "0".repeat(other.len());
    let mut lines = String::new();
    for module in (0..MODULES).step_by(step) {
        let at = folder(module);
        writeln!(lines, "100644 {other}\t{at}/main/deep/b.py").unwrap();
        match module % 7 {
            // A new folder, and one that is removed.
            0 => writeln!(lines, "100644 {other}\t{at}/new/deep/er/n.py\n0 {none}\t{at}/test/t.py"),
            1 => writeln!(lines, "0 {none}\t{at}/test/t.py\n0 {none}\t{at}/test/own_{module}.py"),
            // A file becomes a folder, and a folder a file.
            2 => writeln!(lines, "0 {none}\t{at}/build.py\n100644 {other}\t{at}/build.py/x.py"),
            3 => writeln!(
                lines,
                "0 {none}\t{at}/test/t.py\n0 {none}\t{at}/test/own_{module}.py\n100644 {other}\t{at}/test"
            ),
            // Kind alone, and mode alone.
            4 => writeln!(lines, "120000 {other}\t{at}/build.py\n160000 {other}\t{at}/main/deep/a.py"),
            5 => writeln!(lines, "100755 {other}\t{at}/build.py"),
            _ => Ok(()),
        }
        .unwrap();
    }
    repo.index(&lines);
}

#[test]
fn a_change_of_many_folders_is_what_git_says() {
    for format in ["sha1", "sha256"] {
        let (repo, other) = modules(format);
        for step in [3, 1] {
            change(&repo, &other, step);
            let count = agrees_both_ways(&repo);
            assert!(count > MODULES / step, "{count}");
        }
        let count = agrees_both_ways(&repo);
        repo.git(&["repack", "-q", "-a", "-d"]);
        assert_eq!(agrees_both_ways(&repo), count);
        for version in ["4", "3", "2"] {
            repo.git(&["update-index", "--index-version", version]);
            assert_eq!(agrees_both_ways(&repo), count);
        }
    }
}

#[test]
fn a_merge_of_many_folders_has_all_sides() {
    let (repo, other) = modules("sha1");
    repo.git(&["branch", "side"]);
    change(&repo, &other, 2);
    repo.git(&["commit", "--quiet", "-m", "ours"]);
    let ours = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["read-tree", "side"]);
    change(&repo, &repo.object("blob", b"3\n"), 3);
    let theirs = repo.git(&["write-tree"]);
    let theirs = repo.git(&["commit-tree", "-p", "side", "-m", "theirs", &theirs]);
    change(&repo, &repo.object("blob", b"4\n"), 5);
    std::fs::write(repo.top().join(".git/MERGE_HEAD"), format!("{theirs}\n")).unwrap();
    repo.git(&["write-tree"]);
    let path = |row: Row| row.0;
    let mut expected: BTreeSet<String> = BTreeSet::new();
    for parent in [&ours, &theirs] {
        expected.extend(git_says(&repo, &[parent]).into_iter().map(path));
    }
    let found: BTreeSet<String> = staged(repo.top()).into_iter().map(path).collect();
    assert_eq!(found, expected);
}

/// Git commits the tree that the cache-tree's root names, whatever the entries are.
#[test]
fn a_root_that_lies_is_what_will_be_committed() {
    let (repo, other) = modules("sha1");
    change(&repo, &other, 1);
    let honest = repo.git(&["write-tree"]);
    let third = repo.object("blob", b"3\n");
    repo.index(&format!("100644 {third}\t{0}/main/same/c.py\n100644 {third}\t{0}/main/deep/a.py\n", folder(77)));
    let other_tree = repo.git(&["write-tree"]);
    repo.git(&["read-tree", &honest]);
    let path = repo.top().join(".git/index");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(20).rposition(|window| window == id_bytes(&honest)).unwrap();
    bytes[at..at + 20].copy_from_slice(&id_bytes(&other_tree));
    // No checksum, as with index.skipHash.
    let end = bytes.len() - 20;
    bytes[end..].fill(0);
    std::fs::write(&path, bytes).unwrap();
    let says = repo.git(&["diff-tree", "-r", "--raw", "--no-renames", "--no-abbrev", "-z", "HEAD", &other_tree]);
    assert_eq!(staged(repo.top()), rows_of(&says));
    repo.git(&["commit", "--quiet", "-m", "lie"]);
    assert_eq!(repo.git(&["rev-parse", "HEAD^{tree}"]), other_tree);
}

#[test]
fn an_old_tree_that_is_missing_or_broken_is_a_fault() {
    let (repo, other) = modules("sha1");
    change(&repo, &other, 1);
    repo.git(&["write-tree"]);
    for module in [0, MODULES / 2, MODULES - 1] {
        for beneath in ["", "/main", "/main/deep"] {
            let tree = repo.git(&["rev-parse", &format!("HEAD:{}{beneath}", folder(module))]);
            let path = repo.top().join(".git/objects").join(&tree[..2]).join(&tree[2..]);
            let good = std::fs::read(&path).unwrap();
            std::fs::remove_file(&path).unwrap();
            let is_fault = || Repository::open(repo.top()).unwrap().staged().is_err();
            assert!(is_fault(), "{module}{beneath} missing");
            std::fs::write(&path, &good[..good.len() / 2]).unwrap();
            assert!(is_fault(), "{module}{beneath} cut");
            std::fs::remove_file(&path).unwrap();
            std::fs::write(&path, &good).unwrap();
            assert!(!is_fault());
        }
    }
}

//! Folders of very many files: the changes found are those that git finds.

use std::fmt::Write as _;

use crate::git_source::{agrees_both_ways, git_says, staged};
use crate::repo::TestRepo;
use importgate::tree::Tree as _;

const FILES: usize = 9_000;

/// Returns a repository with a folder of many files, with folders and a link among them, and the
/// id of a second blob. All files share one blob, as none is read.
fn large_folder(format: &str) -> (TestRepo, String) {
    let repo = TestRepo::with(&[&format!("--object-format={format}")]);
    repo.write("a.py", "1\n").write("z/deep/b.py", "2\n").commit("first");
    let id = repo.git(&["hash-object", "-w", "a.py"]);
    let other = repo.git(&["hash-object", "-w", "z/deep/b.py"]);
    let mut lines = String::new();
    for number in 0..FILES {
        let mode = if number % 100 == 7 { "100755" } else { "100644" };
        writeln!(lines, "{mode} {id}\tsrc/module_{number:05}_with_a_long_name.py").unwrap();
    }
    for name in ["src/module_00400/x.py", "src/module_00400/y.py", "src/zz/deep/er.py", "src/link"] {
        writeln!(lines, "{} {id}\t{name}", if name == "src/link" { "120000" } else { "100644" }).unwrap();
    }
    repo.index(&lines);
    repo.git(&["commit", "--quiet", "-m", "many files"]);
    (repo, other)
}

#[track_caller]
fn agrees(repo: &TestRepo, count: usize) {
    assert_eq!(agrees_both_ways(repo), count);
}

#[test]
fn a_large_folder_is_compared_as_git_does() {
    for format in ["sha1", "sha256"] {
        let (repo, other) = large_folder(format);
        let none = "0".repeat(other.len());
        let name = |number: usize| format!("src/module_{number:05}_with_a_long_name.py");
        let mut count = 0;
        let mut change = |lines: &str, files: usize| {
            repo.index(lines);
            count += files;
            agrees(&repo, count);
        };
        // The first and the last, neighbours, an executable one, names before and after all others.
        for number in [0, 1, 7, 4_000, FILES - 1] {
            change(&format!("100644 {other}\t{}\n", name(number)), 1);
        }
        change(
            &format!("100644 {other}\tsrc/a.py\n100644 {other}\tsrc/zzz.py\n100644 {other}\tsrc/module_00400.py\n"),
            3,
        );
        change(&format!("0 {none}\t{}\n0 {none}\t{}\n", name(12), name(FILES - 2)), 2);
        // Folders among the files: one changes, one becomes a file, a file becomes a folder.
        change(&format!("100644 {other}\tsrc/module_00400/y.py\n"), 1);
        change(&format!("0 {none}\tsrc/zz/deep/er.py\n100644 {other}\tsrc/zz\n"), 2);
        change(&format!("0 {none}\t{0}\n100644 {other}\t{0}/x.py\n", name(500)), 2);
        // Mode alone, kind alone (a link, a submodule), and files beside the folder.
        change(&format!("100755 {other}\t{}\n", name(0)), 0);
        change(&format!("120000 {other}\t{}\n", name(33)), 1);
        change(&format!("160000 {other}\t{}\n", name(34)), 1);
        change(&format!("100644 {other}\ta.py\n0 {none}\tz/deep/b.py\n"), 2);
        // The same from packs, and with each version of the index.
        repo.git(&["repack", "-q", "-a", "-d"]);
        agrees(&repo, count);
        for version in ["4", "3", "2"] {
            repo.git(&["update-index", "--index-version", version]);
            agrees(&repo, count);
        }
    }
}

#[test]
fn a_broken_large_tree_is_never_taken_for_a_whole_one() {
    let (repo, other) = large_folder("sha1");
    repo.index(&format!("100644 {other}\tsrc/module_04000_with_a_long_name.py\n"));
    repo.git(&["write-tree"]);
    let tree = repo.git(&["rev-parse", "HEAD:src"]);
    let path = repo.top().join(".git/objects").join(&tree[..2]).join(&tree[2..]);
    let good = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    for bad in [&good[..good.len() / 2], &good[..good.len() - 1], &good[..40], b""] {
        std::fs::write(&path, bad).unwrap();
        let repository = importgate::git::Repository::open(repo.top()).unwrap();
        assert!(repository.staged().is_err(), "{} bytes", bad.len());
    }
}

#[test]
fn lookups_in_a_large_folder_are_answered_as_git_does() {
    let (repo, other) = large_folder("sha1");
    let name = |number: usize| format!("src/module_{number:05}_with_a_long_name.py");
    repo.index(&format!("100644 {other}\t{}\n", name(4_000)));
    repo.git(&["write-tree"]);
    let repository = importgate::git::Repository::open(repo.top()).unwrap();
    let staged = repository.staged().unwrap();
    assert_eq!(staged.files.len(), 1);
    let side = &staged.new_side;
    for number in [0, 1, 63, 64, 65, 127, 128, 4_000, FILES - 2, FILES - 1] {
        assert!(side.is_file(name(number).as_bytes()).unwrap(), "{number}");
    }
    for folder in ["src", "src/module_00400", "src/zz", "src/zz/deep", "z"] {
        assert!(side.is_folder(folder.as_bytes()).unwrap() && !side.is_file(folder.as_bytes()).unwrap(), "{folder}");
    }
    for none in ["src/a", "src/module", "src/module_00400/", "src/module_00400/z.py", "src/zzz", "src/", "srd", "src0"]
    {
        assert!(!side.is_file(none.as_bytes()).unwrap() && !side.is_folder(none.as_bytes()).unwrap(), "{none}");
    }
    assert!(side.is_link(b"src/link").unwrap() && !side.is_link(name(3).as_bytes()).unwrap());
}

/// Adds many files of a folder to the index; returns the id of their blob.
fn fill_folder(repo: &TestRepo, folder: &str) -> String {
    let id = repo.object("blob", b"1\n");
    let lines: String = (0..FILES).map(|number| format!("100644 {id}\t{folder}module_{number:05}.py\n")).collect();
    repo.index(&lines);
    id
}

#[test]
fn a_file_that_becomes_a_folder_above_a_large_one_is_found() {
    let link = TestRepo::new().object("blob", b"a.py");
    for (mode, id) in [("100644", link.clone()), ("120000", link), ("160000", "1".repeat(40))] {
        let repo = TestRepo::new();
        repo.object("blob", b"a.py");
        repo.index(&format!("{mode} {id}\tsrc\n"));
        repo.git(&["commit", "--quiet", "-m", "before"]);
        repo.index(&format!("0 {id}\tsrc\n"));
        fill_folder(&repo, "src/big/");
        agrees(&repo, FILES + usize::from(mode == "100644"));
    }
}

#[test]
fn an_unchanged_tree_above_a_large_folder_need_not_be_there() {
    let repo = TestRepo::new();
    fill_folder(&repo, "src/big/");
    repo.git(&["commit", "--quiet", "-m", "many files"]);
    repo.index(&format!("100644 {}\ta.py\n", repo.object("blob", b"2\n")));
    repo.git(&["write-tree"]);
    let tree = repo.git(&["rev-parse", "HEAD:src"]);
    std::fs::remove_file(repo.top().join(".git/objects").join(&tree[..2]).join(&tree[2..])).unwrap();
    assert_eq!(staged(repo.top()).len(), 1);
}

#[test]
fn a_split_index_of_a_large_folder_replaces_all_entries() {
    let repo = TestRepo::new();
    repo.git(&["config", "splitIndex.maxPercentChange", "100"]);
    fill_folder(&repo, "");
    repo.git(&["commit", "--quiet", "-m", "many files"]);
    repo.git(&["update-index", "--split-index"]);
    let other = repo.object("blob", b"2\n");
    let lines: String = (0..FILES).map(|number| format!("100644 {other}\tmodule_{number:05}.py\n")).collect();
    repo.index(&lines);
    agrees(&repo, FILES);
}

/// The tree has a name that git would not write; the index has the folder.
#[test]
fn a_name_with_a_slash_hides_no_file_of_a_large_folder() {
    for name in ["sub/a.py", "sub/b.py", "sub/c.py", "sub/zz.py"] {
        let repo = TestRepo::new();
        let id = fill_folder(&repo, "");
        repo.index(&["a", "b", "c"].map(|file| format!("100644 {id}\tsub/{file}.py\n")).concat());
        let tree = repo.git(&["write-tree"]);
        let lines = repo.git(&["ls-tree", &tree]);
        let lines: Vec<Vec<&str>> = lines.lines().map(|line| line.split_ascii_whitespace().collect()).collect();
        let hostile: Vec<(&str, &[u8], &str)> = lines
            .iter()
            .map(|line| match line[3] {
                "sub" => ("100644", name.as_bytes(), id.as_str()),
                file => ("100644", file.as_bytes(), line[2]),
            })
            .collect();
        let commit = repo.git(&["commit-tree", "-m", "hostile", &repo.tree(&hostile)]);
        repo.git(&["update-ref", "HEAD", &commit]);
        repo.index(&format!("100644 {id}\tsub0.py\n"));
        repo.git(&["write-tree"]);
        let found: Vec<_> = importgate::git::Repository::open(repo.top()).unwrap().staged().unwrap().files.to_vec();
        let found: Vec<_> = found.iter().map(|file| String::from_utf8_lossy(&file.path).into_owned()).collect();
        let expected: Vec<_> = git_says(&repo, &[]).into_iter().map(|(path, _, _)| path).collect();
        assert_eq!(found, expected, "{name}");
    }
}

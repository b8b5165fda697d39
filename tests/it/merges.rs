//! What is new in merges: commits that join branches, judged when they are made and when their branch is pushed.

use crate::repo::{TestRepo, gated};

const BAD: &str = "from a.old import X\n";
const GOOD: &str = "from a.new import X\n";

/// Files with their content; without any it is removed.
type Files<'a> = &'a [(&'a str, Option<&'a str>)];

fn put(repo: &TestRepo, files: Files<'_>) {
    for (path, content) in files {
        match content {
            Some(content) => drop(repo.write(path, *content)),
            // A merge may have removed it already.
            None => drop(std::fs::remove_file(repo.top().join(path))),
        }
    }
}

fn commit(repo: &TestRepo, files: Files<'_>, message: &str) -> String {
    put(repo, files);
    repo.commit(message)
}

/// The findings of a report, as `path:line severity`.
fn told(repo: &TestRepo, arguments: &[&str]) -> Vec<String> {
    let run = repo.importgate(&[&["check", "--format", "json"], arguments].concat());
    let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(report["errors"], serde_json::json!([]));
    let row = |finding: &serde_json::Value| {
        format!("{}:{} {}", finding["path"].as_str().unwrap(), finding["line"], finding["severity"].as_str().unwrap())
    };
    report["findings"].as_array().unwrap().iter().map(row).collect()
}

/// A branch and main from a common base, before they are joined; the branch is checked out.
fn parted(base: Files<'_>, branch: Files<'_>, main: Files<'_>) -> TestRepo {
    let repo = gated();
    commit(&repo, base, "base");
    repo.git(&["checkout", "-q", "-b", "topic"]);
    commit(&repo, branch, "topic");
    repo.git(&["checkout", "-q", "main"]);
    commit(&repo, main, "on main");
    repo.git(&["checkout", "-q", "topic"]);
    repo
}

/// What is told of the merge of main into the branch, as `resolution` leaves it: when it is made, and of the branch.
fn merged(base: Files<'_>, branch: Files<'_>, main: Files<'_>, resolution: Files<'_>) -> [Vec<String>; 2] {
    let repo = parted(base, branch, main);
    repo.try_git(&["merge", "-q", "--no-commit", "main"]);
    put(&repo, resolution);
    repo.stage();
    let made = told(&repo, &["--staged"]);
    repo.commit("merge");
    [made, told(&repo, &["--range", "main..topic"])]
}

#[test]
fn a_new_import_is_told_though_another_was_moved_on_the_branch() {
    // The moved one comes first in the order of files, or last.
    for moved in ["0/d.py", "z/d.py"] {
        let base: Files<'_> = &[("d.py", Some(BAD)), ("e.py", Some(BAD))];
        let branch: Files<'_> = &[("d.py", None), (moved, Some(BAD)), ("f.py", Some(BAD))];
        let main: Files<'_> = &[("e.py", Some(GOOD))];
        let [_, range] = merged(base, branch, main, &[]);
        assert_eq!(range, ["f.py:1 block"], "{moved}");
    }
}

#[test]
fn what_the_branch_had_leaves_its_place_to_what_it_wrote() {
    // The branch has moved one from d.py into a file of another name, and main has removed that one.
    let edited = "from a.old import X\nimport os\n";
    let base: Files<'_> = &[("d.py", Some(BAD)), ("e.py", Some(BAD))];
    let branch: Files<'_> = &[("d.py", None), ("0.py", Some(edited)), ("e.py", Some(GOOD))];
    let repo = parted(base, branch, &[("d.py", Some(GOOD))]);
    commit(&repo, &[("f.py", Some(BAD))], "writes one anew");
    repo.try_git(&["merge", "-q", "--no-commit", "main"]);
    commit(&repo, &[("d.py", None), ("0.py", Some(edited)), ("f.py", Some(BAD))], "merge");
    assert_eq!(told(&repo, &["--range", "main..topic"]), ["f.py:1 block"]);
}

#[test]
fn names_joined_on_one_line_by_a_resolution_are_not_new() {
    let base: Files<'_> = &[("x.py", Some("from a.old import (\n    X,\n)\n"))];
    let branch: Files<'_> = &[("x.py", Some("from a.old import (\n    X,\n)\nimport os\n"))];
    let main: Files<'_> = &[("x.py", Some("import sys\nfrom a.old import (\n    X,\n)\n"))];
    let resolution: Files<'_> = &[("x.py", Some("import sys\nfrom a.old import X\nimport os\n")), ("y.py", Some(GOOD))];
    assert_eq!(merged(base, branch, main, resolution), [[""; 0], [""; 0]]);
    // Each side has one of the names, and the other parent has the other one elsewhere.
    let branch: Files<'_> = &[("x.py", Some("from a.old import (\n    X,\n    Y,\n)\n"))];
    let main: Files<'_> =
        &[("x.py", Some("from a.old import (\n    X,\n    Z,\n)\n")), ("m.py", Some("import a.old.Y\n"))];
    let joined: Files<'_> = &[("x.py", Some("from a.old import X, Y, Z\n"))];
    let repo = parted(base, branch, main);
    repo.try_git(&["merge", "-q", "--no-commit", "main"]);
    put(&repo, joined);
    assert_eq!(told(repo.stage(), &["--staged"]), [""; 0]);
}

#[test]
fn a_merge_may_not_add_to_what_a_parent_has() {
    let base: Files<'_> = &[("x.py", Some(BAD))];
    let twice = "from a.old import X\ndef f():\n    from a.old import X\n";
    let [made, range] =
        merged(base, &[("b.py", Some("import os\n"))], &[("m.py", Some("import os\n"))], &[("x.py", Some(twice))]);
    assert_eq!((made, range), (vec!["x.py:3 block".to_owned()], vec!["x.py:3 block".to_owned()]));
    // Nor write one in another file, be it removed elsewhere by one parent.
    let [made, range] = merged(base, &[("x.py", Some(GOOD))], &[("m.py", Some("import os\n"))], &[("n.py", Some(BAD))]);
    assert_eq!((made, range), (vec![], vec![]), "as many as main has");
}

#[test]
fn a_string_in_a_parent_makes_no_room_for_an_import_there() {
    let string = "from unittest.mock import patch\npatch('a.old.X')\n";
    let base: Files<'_> = &[("x.py", Some(string))];
    let [made, _] =
        merged(base, &[("b.py", Some("import os\n"))], &[("m.py", Some("import os\n"))], &[("x.py", Some(BAD))]);
    assert_eq!(made, ["x.py:1 block"]);
}

const WHOLE: &str = "import a.old\na.old.X()\n";
const NONE: Files<'_> = &[("fine.py", Some("import os\n"))];
const OTHER: Files<'_> = &[("other.py", Some("import os\n"))];

/// What is told of commits on top of a base, as one push.
fn pushed(base: Files<'_>, commits: &[Files<'_>]) -> Vec<String> {
    let repo = gated();
    commit(&repo, base, "base");
    repo.git(&["branch", "base"]);
    for files in commits {
        commit(&repo, files, "more");
    }
    told(&repo, &["--range", "base..main"])
}

#[test]
fn another_form_is_not_new_in_pushes_and_merges() {
    for (before, after) in [(WHOLE, BAD), (BAD, WHOLE), ("from a.old import *\n", BAD), (BAD, "from a.old import *\n")]
    {
        let (base, change): (Files<'_>, Files<'_>) = (&[("x.py", Some(before))], &[("x.py", Some(after))]);
        assert_eq!(pushed(base, &[change, NONE]), [""; 0], "{before} {after}");
        // With the file moved before or after that.
        let there: Files<'_> = &[("x.py", None), ("y/x.py", Some(before))];
        assert_eq!(pushed(base, &[there, &[("y/x.py", Some(after))]]), [""; 0], "{before} {after}");
        let back: Files<'_> = &[("x.py", None), ("z.py", Some(after))];
        assert_eq!(pushed(base, &[change, back]).len(), 1, "another file: {before} {after}");
        // On the branch, on main, in the resolution alone.
        assert_eq!(merged(base, change, NONE, &[]), [[""; 0], [""; 0]], "{before} {after}");
        assert_eq!(merged(base, NONE, change, &[]), [[""; 0], [""; 0]], "{before} {after}");
        assert_eq!(merged(base, NONE, OTHER, change), [[""; 0], [""; 0]], "{before} {after}");
        // The resolution puts it into another file besides.
        let [made, range] = merged(base, change, NONE, &[("e.py", Some(after))]);
        assert_eq!(made, ["e.py:1 block"], "{before} {after}");
        assert_eq!(range, made, "{before} {after}");
    }
}

#[test]
fn a_form_that_one_parent_has_lost_makes_no_room_beyond_the_other() {
    let base: Files<'_> = &[("x.py", Some(WHOLE))];
    let twice = "from a.old import X\ndef f():\n    from a.old import X\n";
    let [made, _] = merged(base, &[("x.py", Some(GOOD))], NONE, &[("x.py", Some(twice))]);
    assert_eq!(made.len(), 1);
}

#[test]
fn importers_follow_a_module_in_pushes_and_merges() {
    let base: Files<'_> = &[("a/old/m.py", Some("class M: pass\n")), ("x.py", Some("from a.old.m import M\n"))];
    let moves: Files<'_> = &[("a/old/m.py", None), ("a/old/n.py", Some("class M: pass\n"))];
    let follows: Files<'_> = &[("x.py", Some("import os\nfrom a.old.n import M\n"))];
    let both = [moves, follows].concat();
    assert_eq!(pushed(base, &[&both]), [""; 0]);
    assert_eq!(pushed(base, &[moves, follows]), [""; 0]);
    let one_more: Files<'_> = &[("y.py", Some("from a.old.n import M\n"))];
    assert_eq!(pushed(base, &[&both, one_more]), ["y.py:1 block"]);
    assert_eq!(merged(base, &both, NONE, &[]), [[""; 0], [""; 0]]);
    assert_eq!(merged(base, NONE, &both, &[]), [[""; 0], [""; 0]]);
    let [made, range] = merged(base, &both, NONE, one_more);
    assert_eq!((made, range), (vec!["y.py:1 block".to_owned()], vec!["y.py:1 block".to_owned()]));
    // The importer is renamed as well.
    let renamed: Files<'_> = &[("x.py", None), ("deep/x.py", Some("from a.old.n import M\n"))];
    assert_eq!(pushed(base, &[&[moves, renamed].concat()]), [""; 0]);
}

#[test]
fn tests_make_no_room_in_pushes_and_merges() {
    let base: Files<'_> = &[("tests/x.py", Some(BAD))];
    let moves: Files<'_> = &[("tests/x.py", None), ("app/x.py", Some(BAD))];
    assert_eq!(pushed(base, &[moves]), ["app/x.py:1 block"]);
    assert_eq!(
        pushed(base, &[&[("tests/x.py", None), ("b.py", Some(BAD))], &[("b.py", None), ("tests/z.py", Some(BAD))]]),
        [""; 0]
    );
    let [made, range] = merged(base, NONE, OTHER, moves);
    assert_eq!((made, range), (vec!["app/x.py:1 block".to_owned()], vec!["app/x.py:1 block".to_owned()]));
}

#[test]
fn what_a_merge_writes_takes_no_place_of_what_a_side_has_moved() {
    let edited = "from a.old import X\nimport os\n";
    let sorted = "import os\nfrom a.old import X\n";
    // Old path, path on the side that moves it, what it is there, path and content that the merge writes.
    let rows = [
        ("x.py", "mv.py", BAD, "e.py", BAD),
        ("x.py", "mv.py", edited, "e.py", BAD),
        ("d/x.py", "q/x.py", edited, "a/x.py", sorted),
        ("d/__init__.py", "q/__init__.py", edited, "a/__init__.py", BAD),
        ("x.py", "x.pyw", edited, "a/x.py", BAD),
    ];
    for (old, new, content, path, written) in rows {
        let base: Files<'_> = &[(old, Some(BAD))];
        let moves: Files<'_> = &[(old, None), (new, Some(content))];
        let writes: Files<'_> = &[(path, Some(written))];
        let expected = [format!("{path}:{} block", if written == sorted { 2 } else { 1 })];
        for (branch, main) in [(OTHER, moves), (moves, OTHER)] {
            let [made, range] = merged(base, branch, main, writes);
            assert_eq!(made, expected, "{old} {new}");
            // Main alone has the old path, where the branch has moved it: either file may be the new one then.
            assert!(range == expected || branch == moves && range == [format!("{new}:1 block")], "{range:?}");
            assert_eq!(merged(base, branch, main, &[]), [[""; 0], [""; 0]], "{old} {new}");
        }
    }
}

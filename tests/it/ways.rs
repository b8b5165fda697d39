//! Ways to ask: against a revision, for some files, with another limit.

use std::process::Output;

use serde_json::Value;

use crate::repo::{POLICY, TestRepo, gated};

const BAD: &str = "from a.old import X\n";

fn said(run: &Output) -> String {
    String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
}

fn check(repo: &TestRepo, arguments: &[&str]) -> (Option<i32>, String) {
    let run = repo.importgate(&[&["check"], arguments].concat());
    (run.status.code(), said(&run))
}

#[test]
fn a_tree_is_compared_with_a_revisions_alone() {
    let repo = gated();
    repo.write("old.py", BAD).commit("old code");
    repo.git(&["branch", "start"]);
    repo.git(&["checkout", "-q", "-b", "work"]);
    repo.write("new.py", "import os\n").commit("work");
    assert_eq!(check(&repo, &["--against", "start"]), (Some(0), "importgate: pass. 1 changed file, 1 import\n".into()));
    repo.write("new.py", BAD).commit("more");
    let (status, told) = check(&repo, &["--against", "start"]);
    assert!(status == Some(1) && told.contains("new.py:1:1") && !told.contains("old.py"), "{told}");

    // Main has cleaned up: a branch that is behind is blamed, and that is said.
    repo.git(&["checkout", "-q", "main"]);
    repo.write("old.py", "import os\n").commit("cleaned up");
    repo.git(&["checkout", "-q", "work"]);
    let (status, told) = check(&repo, &["--against", "main"]);
    assert!(status == Some(1) && told.contains("old.py:1:1"), "{told}");
    assert!(told.contains("main is no ancestor of HEAD: what main cleaned up will be blamed"), "{told}");
    assert!(!check(&repo, &["--range", "main..HEAD"]).1.contains("old.py"));

    // A tree has no history to grow from; its policy judges.
    let (status, told) = check(&repo, &["--against", "start^{tree}"]);
    assert!(status == Some(1) && !told.contains("ancestor"), "{told}");
    repo.write("policy.toml", "importgate = 1\n").commit("lax");
    assert_eq!(check(&repo, &["--against", "start"]).0, Some(1));
    assert_eq!(check(&repo, &["--against", "nowhere"]).0, Some(2));
}

#[test]
fn a_shallow_clone_can_be_compared() {
    let repo = gated();
    repo.write("old.py", BAD).commit("old code");
    repo.git(&["checkout", "-q", "-b", "work"]);
    repo.write("x.py", "import os\n").commit("one");
    repo.write("new.py", BAD).commit("two");
    let clone = TestRepo::empty();
    let from = format!("file://{}", repo.top().display());
    clone.git(&["clone", "-q", "--depth", "1", "--no-single-branch", "-b", "work", &from, "."]);
    assert_eq!(check(&clone, &["--range", "origin/main..HEAD"]).0, Some(2), "the history is too short");
    let (status, told) = check(&clone, &["--against", "origin/main"]);
    assert!(status == Some(1) && told.contains("new.py:1:1") && !told.contains("old.py:"), "{told}");
    assert!(told.contains("too short to tell whether HEAD grew from origin/main"), "{told}");
}

#[test]
fn the_findings_of_some_files_are_told_of_a_change_that_is_judged_whole() {
    let repo = gated();
    repo.write("a/gone.py", BAD).write("b/x.py", "import os\n").commit("old code");
    repo.write("b/x.py", BAD).write("b/y.py", BAD).write("c/z.py", "from a.old import X\nimport os\n");
    repo.git(&["rm", "-q", "a/gone.py"]);
    repo.stage();
    let places = |folder: &str, files: &[&str]| -> Vec<String> {
        let run = repo.importgate_in(folder, &[&["check", "--format", "json"], files].concat());
        let report: Value = serde_json::from_slice(&run.stdout).unwrap();
        report["findings"].as_array().unwrap().iter().map(|found| found["path"].as_str().unwrap().to_owned()).collect()
    };
    // One of the three makes up for the one that is gone.
    let all = places(".", &[]);
    assert_eq!(all.len(), 2);
    for file in ["b/x.py", "b/y.py", "c/z.py"] {
        let own: Vec<_> = all.iter().filter(|path| *path == file).cloned().collect();
        assert_eq!(places(".", &[file]), own);
    }
    assert_eq!(places(".", &["."]), all);
    assert_eq!(
        places("b", &["../c", "y.py"]),
        all.iter().filter(|path| *path != "b/x.py").cloned().collect::<Vec<_>>()
    );
    assert_eq!(places(".", &[repo.top().join("c").to_str().unwrap()]), places(".", &["c/"]));
    assert_eq!(places(".", &["a/gone.py"]), Vec::<String>::new());
    let (_, told) = check(&repo, &["policy.toml", "c"]);
    assert!(told.contains("1 changed file"), "{told}");
    let (status, told) = check(&repo, &["d/typo.py"]);
    assert!(status == Some(2) && told.contains("d/typo.py is not in what is judged"), "{told}");
    // Two, as one may make up for the one that is gone.
    repo.write("0.py", format!("{BAD}{BAD}"));
    let (status, told) = check(&repo, &["0.py"]);
    assert!(status == Some(2) && told.contains("git add 0.py, or --worktree"), "{told}");
    assert_eq!(check(&repo, &["--worktree", "0.py"]).0, Some(1));
    assert_eq!(check(&repo, &["--", "/etc/passwd"]).0, Some(2));
}

#[test]
fn warnings_fail_where_that_is_asked_for() {
    let repo = gated();
    repo.write("policy.toml", POLICY.replace("block", "warn")).commit("warn");
    repo.write("x.py", BAD).stage();
    for (arguments, status) in [
        (&[][..], 0),
        (&["--fail-on", "block"], 0),
        (&["--fail-on", "warn"], 1),
        (&["--fail-on", "warn", "--format", "json"], 1),
        (&["--fail-on", "never"], 2),
    ] {
        assert_eq!(check(&repo, arguments).0, Some(status), "{arguments:?}");
    }
    repo.write("x.py", "import os\n").stage();
    assert_eq!(check(&repo, &["--fail-on", "warn"]).0, Some(0));
}

#[test]
fn one_way_at_a_time() {
    let repo = gated();
    let ways = [&["--staged"][..], &["--worktree"], &["--all"], &["--range", "HEAD..HEAD"], &["--against", "HEAD"]];
    for (number, one) in ways.iter().enumerate() {
        assert_eq!(check(&repo, one).0, Some(0), "{one:?}");
        for other in &ways[number + 1..] {
            assert_eq!(check(&repo, &[one, *other].concat()).0, Some(2), "{one:?} {other:?}");
        }
    }
}

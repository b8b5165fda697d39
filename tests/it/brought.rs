//! Attribution of findings to commits, and detection of reverts.

use crate::random_history::Dice;
use crate::repo::{POLICY, TestRepo, gated};

const BAD: &str = "from a.old import X\n";

/// A finding of the JSON report: path, line, severity, commit, note.
type Row = (String, u64, String, String, String);

#[track_caller]
fn judge(repo: &TestRepo, range: &str) -> (Option<i32>, Vec<Row>) {
    let run = repo.importgate(&["check", "--range", range, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(report["errors"], serde_json::json!([]));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let row = |finding: &serde_json::Value| {
        assert_eq!(finding["commit_date"], "2023-11-14");
        let line = finding["line"].as_u64().unwrap();
        (text(&finding["path"]), line, text(&finding["severity"]), text(&finding["commit"]), text(&finding["note"]))
    };
    (run.status.code(), report["findings"].as_array().unwrap().iter().map(row).collect())
}

/// Returns the commits of the findings.
#[track_caller]
fn brought(repo: &TestRepo, range: &str) -> Vec<String> {
    judge(repo, range).1.into_iter().map(|(_, _, _, commit, _)| commit).collect()
}

/// Reverts a commit with `git revert`; returns the new commit.
fn revert(repo: &TestRepo, arguments: &[&str]) -> String {
    repo.git(&[&["revert", "--no-edit"], arguments].concat());
    repo.git(&["rev-parse", "HEAD"])
}

/// Returns a repository where one commit removed old code, and that commit, which is `base`.
fn cleaned() -> (TestRepo, String) {
    let repo = gated();
    repo.write("m.py", format!("import os\n{BAD}")).write("n.py", BAD);
    repo.commit("old code");
    repo.write("m.py", "import os\nfrom a.new import X\n").write("n.py", "from a.new import X\n");
    let cleanup = repo.commit("clean-up");
    repo.git(&["branch", "base"]);
    (repo, cleanup)
}

#[test]
fn each_finding_names_the_commit_that_brought_it() {
    let repo = gated();
    repo.write("x.py", "import os\n").commit("base");
    repo.git(&["branch", "base"]);
    let first = repo.write("x.py", format!("import os\n{BAD}")).commit("first");
    repo.write("x.py", format!("import os\n\n{BAD}")).commit("shifts it");
    let second = repo.write("y.py", BAD).commit("second");
    let third =
        repo.write("x.py", format!("import os\n\n{BAD}def f():\n    from a.old import X as Y\n")).commit("third");
    repo.commit("nothing");
    assert_eq!(brought(&repo, "base..HEAD"), [first.clone(), third, second]);
    let run = repo.importgate(&["check", "--range", "base..HEAD"]);
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(said.contains(&format!("\n  from commit {} of 2023-11-14\n", &first[..12])), "{said}");
}

#[test]
fn what_was_mended_and_came_again_came_with_the_later_one() {
    let repo = gated();
    repo.git(&["branch", "base"]);
    repo.write("x.py", BAD).commit("bad");
    repo.write("x.py", "import os\n").commit("mended");
    let again = repo.write("x.py", BAD).commit("again");
    repo.write("z.py", "import os\n").commit("other");
    assert_eq!(brought(&repo, "base..HEAD"), [again]);
}

#[test]
fn an_import_is_followed_through_renamed_and_split_files() {
    let repo = gated();
    repo.git(&["branch", "base"]);
    let bad = repo.write("a/x.py", format!("import os\n{BAD}")).commit("bad");
    std::fs::create_dir(repo.top().join("b")).unwrap();
    repo.git(&["mv", "a/x.py", "b/y.py"]);
    repo.commit("renamed");
    repo.write("b/y.py", "import os\n").write("z.py", BAD).commit("split");
    repo.write("more.py", "import os\n").commit("other");
    assert_eq!(brought(&repo, "base..HEAD"), [bad]);
}

#[test]
fn line_rules_and_evil_merges_have_commits_too() {
    let repo = TestRepo::new();
    repo.write("policy.toml", format!("{POLICY}[[rule]]\nid = 'line'\npattern = 'alias'\nseverity = 'block'\n"));
    repo.commit("policy");
    repo.git(&["branch", "base"]);
    let line = repo.write("x.txt", "an alias\n").commit("line");
    repo.git(&["checkout", "-q", "-b", "side", "base"]);
    let side = repo.write("s.py", BAD).commit("side");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("t.txt", "t\n").commit("main");
    repo.git(&["merge", "-q", "--no-commit", "side"]);
    let merge = repo.write("evil.py", BAD).commit("merge");
    repo.write("u.txt", "u\n").commit("after");
    assert_eq!(brought(&repo, "base..HEAD"), [merge, side, line]);
}

#[test]
fn a_rollback_passes_with_a_warning() {
    let (repo, cleanup) = cleaned();
    let back = revert(&repo, &["HEAD"]);
    let note = format!("restored: it was there before commit {cleanup} removed it");
    let row = |path: &str, line| (path.to_owned(), line, "warn".to_owned(), back.clone(), note.clone());
    assert_eq!(judge(&repo, "base..HEAD"), (Some(0), vec![row("m.py", 2), row("n.py", 1)]));
    // With a further import, which was never there.
    repo.write("o.py", BAD).commit("more");
    let (status, rows) = judge(&repo, "base..HEAD");
    assert_eq!((status, rows[2].2.as_str()), (Some(1), "block"));
    assert!(rows.len() == 3 && rows[0].2 == "warn" && rows[1].2 == "warn", "{rows:?}");
}

#[test]
fn what_is_restored_leaves_its_place_to_the_next() {
    let repo = gated();
    repo.write("m.py", BAD).write("k.py", BAD).commit("old code");
    repo.write("m.py", "import os\n").commit("clean-up");
    repo.git(&["branch", "base"]);
    let back = revert(&repo, &["HEAD"]);
    // As many are new as were restored, and the one in `o.py` was never there.
    let more = repo.write("k.py", "import os\n").write("o.py", BAD).commit("more");
    let (status, rows) = judge(&repo, "base..HEAD");
    let rows: Vec<_> = rows.into_iter().map(|(path, _, severity, commit, _)| (path, severity, commit)).collect();
    let row = |path: &str, severity: &str, commit: &String| (path.to_owned(), severity.to_owned(), commit.clone());
    assert_eq!((status, rows), (Some(1), vec![row("m.py", "warn", &back), row("o.py", "block", &more)]));
}

#[test]
fn a_revert_of_a_revert_is_judged_by_what_is_there() {
    let (repo, _) = cleaned();
    revert(&repo, &["HEAD"]);
    let again = revert(&repo, &["HEAD"]);
    repo.git(&["branch", "-f", "base"]);
    revert(&repo, &["HEAD"]);
    let (status, rows) = judge(&repo, "base..HEAD");
    assert!(status == Some(0) && rows.iter().all(|row| row.4.contains(&again)), "{rows:?}");
    // The range contains the reverted commit too, so that no import is new in total.
    assert_eq!(judge(&repo, "base~1..HEAD").1, []);
    // The revert of a commit that removed nothing restores nothing.
    repo.git(&["checkout", "-q", "--detach", "base"]);
    let added = repo.write("o.py", BAD).commit("adds");
    repo.git(&["branch", "-f", "base"]);
    repo.write("p.py", BAD);
    repo.commit(&format!("x\n\nThis reverts commit {added}."));
    assert_eq!(judge(&repo, "base..HEAD").0, Some(1));
}

#[test]
fn a_merge_is_taken_back_to_the_parent_that_is_named() {
    let repo = gated();
    repo.write("m.py", BAD).commit("old code");
    repo.git(&["checkout", "-q", "-b", "migration"]);
    repo.write("m.py", "from a.new import X\n").commit("clean-up");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("t.txt", "t\n").commit("main");
    repo.git(&["merge", "-q", "-m", "merge", "migration"]);
    let merge = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["branch", "base"]);
    revert(&repo, &["-m", "1", "HEAD"]);
    let (status, rows) = judge(&repo, "base..HEAD");
    assert!(status == Some(0) && rows[0].4.contains(&merge), "{rows:?}");
    // The other parent had nothing to remove; a commit that is no parent does not count.
    for parent in [format!("{merge}^2"), "base~2".into()] {
        repo.git(&["reset", "-q", "--hard", "base"]);
        let parent = repo.git(&["rev-parse", &parent]);
        repo.write("m.py", BAD);
        repo.commit(&format!("x\n\nThis reverts commit {merge}, reversing\nchanges made to {parent}."));
        assert_eq!(judge(&repo, "base..HEAD").0, Some(1), "{parent}");
    }
}

#[test]
fn a_false_claim_softens_nothing() {
    let (repo, cleanup) = cleaned();
    let base = repo.git(&["rev-parse", "base"]);
    // A clean-up that is not part of this history.
    repo.git(&["checkout", "-q", "--detach", "base~1"]);
    let elsewhere = repo.write("m.py", "import os\n").commit("elsewhere");
    repo.git(&["branch", "elsewhere"]);
    let claims = [
        ("p.py", BAD, cleanup.as_str()),
        ("m.py", "import a.old.Y\n", &cleanup),
        ("m.py", BAD, &base[..12]),
        ("m.py", BAD, &elsewhere),
        ("m.py", BAD, &"1".repeat(40)),
        ("m.py", BAD, &repo.git(&["rev-parse", "base~1"])),
        ("m.py", BAD, &repo.git(&["rev-parse", "base^{tree}"])),
    ];
    for (path, content, claimed) in claims {
        repo.git(&["checkout", "-q", "-f", "--detach", "base"]);
        repo.write(path, content);
        repo.commit(&format!("Revert\n\nThis reverts commit {claimed}."));
        let (status, rows) = judge(&repo, "base..HEAD");
        assert_eq!((status, rows.len()), (Some(1), 1), "{path} {claimed}: {rows:?}");
    }
    // The claim is in another commit than the import.
    repo.git(&["checkout", "-q", "-f", "--detach", "base"]);
    repo.commit(&format!("This reverts commit {cleanup}."));
    repo.write("m.py", BAD).commit("bad");
    assert_eq!(judge(&repo, "base..HEAD").0, Some(1));
}

#[test]
fn no_more_is_restored_than_was_removed() {
    let (repo, cleanup) = cleaned();
    repo.write("m.py", format!("{BAD}def f():\n    from a.old import X\n"));
    repo.commit(&format!("This reverts commit {cleanup}."));
    let (status, rows) = judge(&repo, "base..HEAD");
    let severities: Vec<_> = rows.iter().map(|row| row.2.as_str()).collect();
    assert_eq!((status, severities), (Some(1), vec!["warn", "block"]));
    // An import cannot be restored twice.
    repo.git(&["reset", "-q", "--hard", "base"]);
    revert(&repo, &["HEAD"]);
    repo.git(&["branch", "-f", "base"]);
    repo.write("m.py", format!("import os\n{BAD}def f():\n    from a.old import X\n"));
    repo.commit(&format!("This reverts commit {cleanup}."));
    assert_eq!(judge(&repo, "base..HEAD").0, Some(1));
}

#[test]
fn a_rollback_can_be_pushed() {
    let (repo, _) = cleaned();
    repo.git(&["init", "--quiet", "--bare", "../origin.git"]);
    repo.git(&["remote", "add", "origin", "../origin.git"]);
    repo.git(&["push", "-q", "origin", "main"]);
    assert!(repo.importgate(&["install"]).status.success());
    revert(&repo, &["HEAD"]);
    let run = repo.try_git(&["push", "origin", "main"]);
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && said.contains("restored: it was there before commit"), "{said}");
}

/// The same path as a string, which warns at most.
const WEAK: &str = "from unittest.mock import patch\npatch('a.old.X')\n";

#[test]
fn a_rollback_may_bring_back_what_was_made_weaker() {
    let repo = gated();
    repo.write("m.py", BAD).commit("old code");
    repo.write("m.py", WEAK).commit("weaker");
    repo.git(&["branch", "base"]);
    revert(&repo, &["HEAD"]);
    let (status, rows) = judge(&repo, "base..HEAD");
    assert!(status == Some(0) && rows.len() == 1 && rows[0].4.contains("restored"), "{rows:?}");
}

#[test]
fn a_rollback_brings_back_no_more_than_there_was() {
    let repo = gated();
    repo.write("m.py", WEAK).commit("old code");
    let cleanup = repo.write("m.py", "import os\n").commit("clean-up");
    repo.git(&["branch", "base"]);
    repo.write("m.py", BAD).commit(&format!("x\n\nThis reverts commit {cleanup}."));
    let (status, rows) = judge(&repo, "base..HEAD");
    assert!(status == Some(1) && rows.len() == 1 && rows[0].2 == "block", "{rows:?}");
}

#[test]
fn what_became_stronger_came_with_the_commit_that_made_it_so() {
    let repo = gated();
    repo.write("x.py", WEAK).commit("old code");
    repo.git(&["branch", "base"]);
    let stronger = repo.write("x.py", BAD).commit("stronger");
    // The string at `base` offsets this one.
    repo.write("x.py", format!("{BAD}{WEAK}")).commit("a weak one again");
    repo.write("y.py", "import os\n").commit("other");
    let rows = judge(&repo, "base..HEAD").1;
    let rows: Vec<_> = rows.iter().map(|row| (row.2.as_str(), row.3.as_str())).collect();
    assert_eq!(rows, [("block", stronger.as_str())]);
}

#[test]
fn findings_that_move_about_are_of_the_same_commits_in_every_run() {
    for seed in 1..=8 {
        let (repo, mut dice) = (gated(), Dice::new(seed));
        let base = repo.commit("base");
        let mut files = vec![Vec::new(); 8];
        for number in 0..24 {
            for _ in 0..=dice.roll(6) {
                let (from, to) = (dice.roll(8), dice.roll(8));
                let line = if dice.roll(3) == 0 { None } else { files[from].pop() };
                files[to]
                    .push(line.unwrap_or_else(|| format!("from a.old import X{}  # {}\n", dice.roll(2), dice.roll(4))));
            }
            for (file, lines) in files.iter().enumerate() {
                repo.write(&format!("f{file}.py"), lines.concat());
            }
            repo.commit(&format!("commit {number}"));
        }
        let range = format!("{base}..main");
        let first = judge(&repo, &range);
        for _ in 0..8 {
            assert_eq!(judge(&repo, &range), first, "{seed}");
        }
    }
}

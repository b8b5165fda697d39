//! Runs by hand over what is not staged: `--worktree`, the policy that is being written, what a plain run leaves out.

use std::os::unix::fs::symlink;
use std::process::Output;

use serde_json::Value;

use crate::repo::{POLICY, TestRepo, gated};

const BAD: &str = "from a.old import X\n";

fn out(run: &Output) -> String {
    String::from_utf8_lossy(&run.stdout).into_owned()
}

fn err(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

/// Runs `check` and returns its status and `path:line` of each finding.
fn findings(repo: &TestRepo, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
    let run = repo.importgate(&[&["check", "--format", "json"], arguments].concat());
    let report: Value = serde_json::from_slice(&run.stdout).unwrap_or_else(|_| panic!("{}{}", out(&run), err(&run)));
    let place = |found: &Value| format!("{}:{}", found["path"].as_str().unwrap(), found["line"]);
    (run.status.code(), report["findings"].as_array().unwrap().iter().map(place).collect())
}

/// Everything beneath `.git` with its content, to see that nothing was written.
fn snapshot(repo: &TestRepo) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    let mut folders = vec![repo.top().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else if entry.file_type().unwrap().is_file() {
                files.insert(entry.path(), std::fs::read(entry.path()).unwrap());
            }
        }
    }
    files
}

#[test]
fn the_worktree_is_judged_as_git_add_would_stage_it() {
    let repo = gated();
    repo.write("changed.py", "import os\n").write("gone.py", BAD).write("kept.py", "x = 1\n").write("lf.py", BAD);
    repo.write(".gitignore", "ignored.py\n");
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "--no-verify", "-m", "old code"]);
    repo.write("changed.py", format!("import os\n{BAD}")).write("sub/new.py", BAD).write("ignored.py", BAD);
    repo.write("lf.py", "from a.old import X\r\n").remove("gone.py");
    repo.write("staged.py", "from a.old import X, Y\n");
    repo.git(&["add", "staged.py"]);
    // What goes with gone.py offsets one of the new ones.
    let before = snapshot(&repo);
    let (status, found) = findings(&repo, &["--worktree"]);
    assert_eq!(snapshot(&repo), before);
    assert_eq!(status, Some(1));
    repo.git(&["add", "-A"]);
    assert_eq!((status, found.clone()), findings(&repo, &["--staged"]));
    assert!(found.contains(&"staged.py:1".to_owned()), "{found:?}");
    assert!(!found.iter().any(|place| place.starts_with("ignored.py") || place.starts_with("lf.py")), "{found:?}");
}

#[test]
fn git_decides_what_of_the_worktree_counts() {
    let repo = gated();
    // A filter changes what is staged; a nested repository is no file; a file that is to be added is not added yet.
    repo.write(".gitattributes", "*.tpl.py filter=strip\n").write("x.tpl.py", "# x\n").write("sub/x.py", "x = 1\n");
    repo.commit("base");
    repo.git(&["config", "filter.strip.clean", "grep -v a.old || true"]);
    repo.write("x.tpl.py", format!("# y\n{BAD}")).write("intended.py", BAD);
    repo.git(&["add", "-N", "intended.py"]);
    repo.write("nested/x.py", BAD);
    repo.git(&["init", "-q", "nested"]);
    repo.git_in(&repo.top().join("nested"), &["add", "x.py"]);
    repo.git_in(&repo.top().join("nested"), &["commit", "-q", "-m", "x"]);
    symlink("intended.py", repo.top().join("link.py")).unwrap();
    assert_eq!(findings(&repo, &["--worktree"]), (Some(1), vec!["intended.py:1".to_owned()]));
    assert_eq!(findings(&repo, &["--staged"]), (Some(0), vec![]));
    // From a folder below, everything counts too.
    let run = repo.importgate_in("sub", &["check", "--worktree"]);
    assert_eq!((run.status.code(), out(&run).contains("intended.py:1:")), (Some(1), true), "{}", out(&run));
}

#[test]
fn an_unmerged_file_is_judged_as_it_is_in_the_worktree() {
    let repo = gated();
    repo.write("x.py", "a = 1\n").commit("base");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("x.py", "a = 2\n").commit("side");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("x.py", "a = 3\n").commit("main");
    assert!(!repo.try_git(&["merge", "side"]).status.success());
    repo.write("x.py", format!("a = 4\n{BAD}"));
    assert_eq!(findings(&repo, &["--worktree"]), (Some(1), vec!["x.py:2".to_owned()]));
    assert_eq!(repo.git(&["diff", "--name-only", "--diff-filter=U"]), "x.py");
}

#[test]
fn a_bare_repository_has_no_worktree() {
    let repo = gated();
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    let run = repo.importgate_command(&["check", "--worktree"]).current_dir(&bare).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(err(&run).contains("no worktree") && err(&run).contains("--range"), "{}", err(&run));
}

#[test]
fn a_file_that_git_cannot_stage_is_a_fault() {
    let repo = gated();
    repo.write(".gitattributes", "*.py filter=broken\n").write("x.py", BAD);
    repo.git(&["config", "filter.broken.clean", "false"]);
    repo.git(&["config", "filter.broken.required", "true"]);
    let run = repo.importgate(&["check", "--worktree"]);
    assert_eq!(run.status.code(), Some(2), "{}{}", out(&run), err(&run));
    assert!(err(&run).contains("git add --all failed: ") && err(&run).contains("x.py"), "{}", err(&run));
}

#[test]
fn the_policy_being_written_judges_the_tree_and_the_worktree() {
    let repo = gated();
    repo.write("x.py", format!("{BAD}import ancient\n"));
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "--no-verify", "-m", "old code"]);
    let edited = POLICY.replace("a.old", "ancient");
    repo.write("policy.toml", &edited);
    for way in ["--all", "--worktree"] {
        let run = repo.importgate(&["check", way]);
        assert_eq!(err(&run).lines().count(), 1, "{}", err(&run));
        assert!(err(&run).contains("judged by policy.toml of the worktree; the staged one differs"), "{}", err(&run));
    }
    assert_eq!(findings(&repo, &["--all"]), (Some(1), vec!["x.py:2".to_owned()]));
    // The next commit is judged by what is staged, and a run by hand says that this is another one.
    let run = repo.importgate(&["check"]);
    assert!(err(&run).contains("judged by policy.toml as it is staged; the worktree's differs"), "{}", err(&run));
    assert_eq!(err(&repo.importgate(&["pre-commit"])), "");
    // Line ends are no difference, and neither is an untracked policy.
    repo.write("policy.toml", POLICY.replace('\n', "\r\n"));
    assert_eq!(err(&repo.importgate(&["check", "--all"])), "");
    repo.git(&["rm", "-q", "--cached", "policy.toml"]);
    assert_eq!(err(&repo.importgate(&["check", "--all"])), "");
    assert_eq!(findings(&repo, &["--all"]), (Some(1), vec!["x.py:1".to_owned()]));
}

#[test]
fn the_worktrees_policy_is_not_read_through_a_link() {
    let repo = gated();
    repo.write("x.py", BAD);
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "--no-verify", "-m", "old code"]);
    repo.remove("policy.toml");
    assert_eq!(findings(&repo, &["--all"]), (Some(1), vec!["x.py:1".to_owned()]), "the index's where there is none");
    assert!(err(&repo.importgate(&["check", "--all"])).contains("as it is staged; the worktree has none"));
    std::fs::write(repo.beside("lax.toml"), "importgate = 1\n").unwrap();
    symlink(repo.beside("lax.toml"), repo.top().join("policy.toml")).unwrap();
    let run = repo.importgate(&["check", "--all"]);
    assert_eq!(run.status.code(), Some(1), "{}", out(&run));
    assert!(err(&run).contains("as it is staged; in the worktree it is a link"), "{}", err(&run));
    repo.git(&["rm", "-q", "--cached", "policy.toml"]);
    for way in ["--all", "--worktree"] {
        let run = repo.importgate(&["check", way]);
        assert_eq!(run.status.code(), Some(2), "{}", out(&run));
        assert!(err(&run).contains("policy.toml is no regular file"), "{}", err(&run));
    }
}

#[test]
fn a_policy_in_a_folder_that_git_configures_is_the_worktrees_too() {
    let repo = gated();
    repo.write("policies/p.toml", POLICY).write("x.py", BAD);
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "--no-verify", "-m", "old code"]);
    repo.git(&["config", "importgate.policy", "policies/p.toml"]);
    repo.write("policies/p.toml", "importgate = 1\n");
    let run = repo.importgate(&["check", "--all"]);
    assert_eq!((run.status.code(), err(&run).contains("policies/p.toml of the worktree")), (Some(0), true));
    assert_eq!(repo.importgate(&["check", "--all", "--policy", "policy.toml"]).status.code(), Some(1));
}

#[test]
fn a_run_with_nothing_staged_says_what_it_left_out() {
    let repo = gated();
    repo.write("x.py", "import os\n").write("y.py", "import os\n").commit("base");
    assert_eq!(out(&repo.importgate(&["check"])), "importgate: pass. 0 changed files, 0 imports\n");
    repo.write("x.py", BAD).write("new/z.py", BAD);
    repo.write(".git/info/exclude", "*.tmp\n").write("w.tmp", BAD);
    let run = repo.importgate(&["check"]);
    assert_eq!(out(&run), "importgate: nothing staged; 2 changed files not judged (--worktree)\n");
    assert_eq!((run.status.code(), err(&run)), (Some(0), String::new()));
    let run = repo.importgate_in("new", &["check", "z.py", "../y.py"]);
    assert_eq!(run.status.code(), Some(2), "z.py is not known: {}", out(&run));
    let run = repo.importgate_in("new", &["check", "../x.py", "../y.py"]);
    assert_eq!(out(&run), "importgate: nothing staged; 1 changed file not judged (--worktree)\n");
    repo.git(&["add", "y.py", "new"]);
    assert!(out(&repo.importgate(&["check"])).contains("1 blocked in 1 of 1 changed file"));
}

//! `git push` through the real hook: only what the push adds is judged, by the policy that the server has.

use std::process::Output;

use crate::repo::{POLICY, TestRepo};

const BAD: &str = "from a.old import X\n";

/// A repository with the hooks, a commit with old code, and an empty remote beside it.
fn pushing() -> TestRepo {
    let repo = TestRepo::new();
    repo.write("policy.toml", POLICY).write("old.py", BAD);
    repo.commit("old code");
    repo.git(&["init", "--quiet", "--bare", "../origin.git"]);
    repo.git(&["remote", "add", "origin", "../origin.git"]);
    assert!(repo.importgate(&["install"]).status.success());
    repo
}

fn commit(repo: &TestRepo, name: &str, content: &str) {
    repo.write(name, content).stage();
    repo.git(&["commit", "--quiet", "--no-verify", "-m", name]);
}

fn stderr(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

#[track_caller]
fn passes(repo: &TestRepo, arguments: &[&str]) {
    let run = repo.try_git(arguments);
    assert!(run.status.success() && !stderr(&run).contains("importgate"), "{arguments:?}: {}", stderr(&run));
}

#[track_caller]
fn blocked(repo: &TestRepo, arguments: &[&str], place: &str) {
    let run = repo.try_git(arguments);
    assert!(!run.status.success(), "{arguments:?} was not blocked: {}", stderr(&run));
    assert!(stderr(&run).starts_with(&format!("importgate: blocked. {place}: ")), "{}", stderr(&run));
}

#[test]
fn the_first_push_of_old_code_is_told_not_blocked() {
    let repo = pushing();
    let run = repo.try_git(&["push", "origin", "main"]);
    assert!(run.status.success(), "{}", stderr(&run));
    assert!(stderr(&run).starts_with("importgate: warning. old.py:1: "), "{}", stderr(&run));
    assert!(stderr(&run).contains("may be old code"), "{}", stderr(&run));
}

#[test]
fn only_what_a_push_adds_is_judged() {
    let repo = pushing();
    repo.git(&["push", "--quiet", "--no-verify", "origin", "main"]);
    repo.git(&["init", "--quiet", "--bare", "../mirror.git"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    commit(&repo, "fine.py", "import os\n");
    // A new branch, a remote without a name, a tag, a branch that goes.
    passes(&repo, &["push", "origin", "topic"]);
    passes(&repo, &["push", "../mirror.git", "topic"]);
    repo.git(&["tag", "--annotate", "v1", "-m", "v1"]);
    passes(&repo, &["push", "origin", "v1"]);
    passes(&repo, &["push", "origin", ":topic"]);
    commit(&repo, "bad.py", BAD);
    blocked(&repo, &["push", "origin", "topic"], "bad.py:1");
    blocked(&repo, &["push", "../mirror.git", "topic"], "bad.py:1");
    // Repaired within the push.
    commit(&repo, "bad.py", "");
    passes(&repo, &["push", "origin", "topic"]);
}

#[test]
fn the_policy_is_that_of_the_remotes_default_branch() {
    let repo = pushing();
    repo.git(&["push", "--quiet", "--no-verify", "origin", "main"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    commit(&repo, "policy.toml", "importgate = 1\n");
    commit(&repo, "bad.py", BAD);
    assert_eq!(repo.importgate(&["check", "--range", "main..HEAD"]).status.code(), Some(1));
    blocked(&repo, &["push", "origin", "topic"], "bad.py:1");
}

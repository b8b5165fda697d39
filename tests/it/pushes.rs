//! `git push` through the real hook: only what the push adds is judged, by the policy of the
//! remote's default branch.

use std::process::Output;

use crate::repo::{POLICY, TestRepo};

const BAD: &str = "from a.old import X\n";

/// Returns a repository with the hooks, a commit with old code, and an empty remote beside it.
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
    assert!(stderr(&run).starts_with(&format!("importgate: blocked {place}: ")), "{}", stderr(&run));
}

#[test]
fn the_first_push_of_old_code_is_told_not_blocked() {
    let repo = pushing();
    let run = repo.try_git(&["push", "origin", "main"]);
    assert!(run.status.success(), "{}", stderr(&run));
    assert!(stderr(&run).starts_with("importgate: warning old.py:1: "), "{}", stderr(&run));
    assert!(stderr(&run).contains("may be old code"), "{}", stderr(&run));
}

#[test]
fn only_what_a_push_adds_is_judged() {
    let repo = pushing();
    repo.git(&["push", "--quiet", "--no-verify", "origin", "main"]);
    repo.git(&["init", "--quiet", "--bare", "../mirror.git"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    commit(&repo, "fine.py", "import os\n");
    // A new branch, a remote without a name, a tag, a deleted branch.
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

#[test]
fn a_push_that_mends_the_policy_is_judged_by_what_it_brings() {
    let repo = pushing();
    for broken in [POLICY.replace("id", "di"), POLICY.replace("importgate = 1", "")] {
        commit(&repo, "policy.toml", &broken);
        repo.git(&["push", "--quiet", "--no-verify", "origin", "main"]);
        commit(&repo, "fine.py", &format!("x = {:?}\n", broken.len()));
        let run = repo.try_git(&["push", "origin", "main"]);
        let said = stderr(&run);
        assert!(!run.status.success() && said.contains("Commit a valid policy.toml on top"), "{said}");
        commit(&repo, "policy.toml", POLICY);
        commit(&repo, "bad.py", &format!("{BAD}# {}\n", broken.len()));
        let notice = "importgate: the policy of refs/remotes/origin/main is invalid, so what comes after it is judged by its own\n";
        let run = repo.try_git(&["push", "origin", "main"]);
        let said = stderr(&run);
        assert!(
            !run.status.success() && said.starts_with(&format!("{notice}importgate: blocked bad.py:1: ")),
            "{said}"
        );
        commit(&repo, "bad.py", "");
        let run = repo.try_git(&["push", "origin", "main"]);
        let said = stderr(&run);
        assert!(run.status.success() && said.starts_with(notice), "{said}");
    }
}

#[test]
fn all_refs_of_a_push_are_judged_at_once() {
    let repo = pushing();
    repo.git(&["push", "--quiet", "--no-verify", "origin", "main"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    commit(&repo, "bad.py", BAD);
    repo.git(&["branch", "same"]);
    repo.git(&["branch", "gone", "main"]);
    repo.git(&["push", "--quiet", "--no-verify", "origin", "gone"]);
    repo.git(&["checkout", "--quiet", "-b", "fine", "main"]);
    commit(&repo, "fine.py", "import os\n");
    let run = repo.try_git(&["push", "origin", "fine", "topic", "same", ":gone"]);
    let told = stderr(&run);
    assert!(!run.status.success(), "{told}");
    assert_eq!(told.matches("\nbad.py:1:1").count(), 1, "the same commit on two refs is told once: {told}");
    assert!(told.contains("comes with refs/heads/topic, refs/heads/same"), "{told}");
    assert!(told.contains("\n1 blocked in 1 of 2 changed files. Nothing pushed.\n"), "{told}");
    passes(&repo, &["push", "origin", "fine", ":gone"]);
    // A single ref is not named, and a tag of a file brings no commit.
    let file = repo.git(&["rev-parse", "fine:fine.py"]);
    repo.git(&["tag", "file", file.trim()]);
    let run = repo.try_git(&["push", "origin", "topic", "file"]);
    assert!(!run.status.success() && !stderr(&run).contains("comes with"), "{}", stderr(&run));
}

#[test]
fn what_one_ref_has_there_is_there_for_the_others() {
    let repo = pushing();
    // Nothing is known of the remote except what git says during the push.
    repo.git(&["init", "--quiet", "--bare", "../mirror.git"]);
    repo.git(&["push", "--quiet", "--no-verify", "../mirror.git", "main"]);
    repo.git(&["branch", "other"]);
    commit(&repo, "fine.py", "import os\n");
    passes(&repo, &["push", "../mirror.git", "main", "other"]);
}

#[test]
fn a_push_of_what_is_there_is_silent() {
    let repo = pushing();
    repo.git(&["push", "--quiet", "--no-verify", "origin", "main"]);
    passes(&repo, &["push", "origin", "main"]);
}

#[test]
fn any_name_of_a_commit_can_be_pushed() {
    let repo = pushing();
    repo.git(&["push", "--quiet", "--no-verify", "origin", "main"]);
    repo.write("fine.py", "import os\n").stage();
    repo.git(&["commit", "--quiet", "-m", "two words"]);
    passes(&repo, &["push", "origin", "main^{/two words}:refs/heads/words"]);
    commit(&repo, "bad.py", BAD);
    blocked(&repo, &["push", "origin", "HEAD^{/bad py|bad.py}:refs/heads/words"], "bad.py:1");
}

#[test]
fn what_somebody_else_has_pushed_need_not_be_here() {
    let repo = pushing();
    repo.git(&["push", "--quiet", "--no-verify", "origin", "main"]);
    repo.git(&["clone", "--quiet", "../origin.git", "../other"]);
    repo.git_in(&repo.beside("other"), &["commit", "--quiet", "--allow-empty", "-m", "theirs"]);
    repo.git_in(&repo.beside("other"), &["push", "--quiet"]);
    commit(&repo, "fine.py", "import os\n");
    passes(&repo, &["push", "--force", "origin", "main"]);
    commit(&repo, "bad.py", BAD);
    blocked(&repo, &["push", "--force", "origin", "main"], "bad.py:1");
}

#[test]
fn a_rewritten_branch_keeps_what_it_had() {
    let repo = pushing();
    repo.git(&["push", "--quiet", "--no-verify", "origin", "main"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    commit(&repo, "legacy.py", BAD);
    repo.git(&["push", "--quiet", "--no-verify", "origin", "topic"]);
    let amend = |path: &str, content: &str| {
        repo.write(path, content).stage();
        repo.git(&["commit", "--quiet", "--no-verify", "--amend", "-m", "amended"]);
    };
    amend("fine.py", "import os\n");
    passes(&repo, &["push", "--force", "origin", "topic"]);
    // Squashed, onto a main that has moved on.
    repo.git(&["checkout", "--quiet", "main"]);
    commit(&repo, "elsewhere.py", "import sys\n");
    passes(&repo, &["push", "origin", "main"]);
    repo.git(&["checkout", "--quiet", "topic"]);
    repo.git(&["rebase", "--quiet", "main"]);
    passes(&repo, &["push", "--force", "origin", "topic"]);
    // One more is blocked, and so is the same in a new branch.
    amend("evil.py", BAD);
    blocked(&repo, &["push", "--force", "origin", "topic"], "evil.py:1");
    repo.git(&["rm", "--quiet", "evil.py"]);
    amend("fine.py", "import sys\n");
    blocked(&repo, &["push", "--force", "origin", "topic:new"], "legacy.py:1");
    let run = repo.try_git(&["push", "--force", "origin", "topic", "topic:new"]);
    assert!(!run.status.success() && stderr(&run).contains("1 blocked in 1 of "), "{}", stderr(&run));
    // Not what it merely inherited and main has cleaned up.
    passes(&repo, &["push", "--force", "origin", "topic"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["rm", "--quiet", "old.py"]);
    repo.git(&["commit", "--quiet", "--no-verify", "-m", "cleaned"]);
    passes(&repo, &["push", "origin", "main"]);
    repo.git(&["checkout", "--quiet", "topic"]);
    repo.git(&["reset", "--quiet", "--soft", "main"]);
    repo.git(&["commit", "--quiet", "--no-verify", "-m", "squashed"]);
    blocked(&repo, &["push", "--force", "origin", "topic"], "old.py:1");
}

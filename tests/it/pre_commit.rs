//! Hooks that pre-commit and prek run: what is judged is named in the environment, not by git's arguments and lines.

use std::io::Write;
use std::process::{Output, Stdio};

use crate::repo::{POLICY, TestRepo};

const BAD: &str = "import a.old\n";
const RUN: (&str, &str) = ("PRE_COMMIT", "1");
const REMOTE: (&str, &str) = ("PRE_COMMIT_REMOTE_NAME", "origin");
const BRANCH: (&str, &str) = ("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/topic");

/// Returns a repository whose remote has `main`, with old code, and whose branch `topic` adds a bad commit to it.
fn topic() -> TestRepo {
    let repo = TestRepo::new();
    repo.write("policy.toml", POLICY).write("old.py", BAD);
    repo.commit("old code");
    repo.git(&["init", "--quiet", "--bare", "../origin.git"]);
    repo.git(&["remote", "add", "origin", "../origin.git"]);
    repo.git(&["push", "--quiet", "origin", "main"]);
    repo.git(&["switch", "--quiet", "--create", "topic"]);
    repo.write("bad.py", BAD);
    repo.commit("bad");
    repo
}

fn stderr(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

#[track_caller]
fn blocked(run: &Output, place: &str) {
    assert_eq!(run.status.code(), Some(1), "{}", stderr(run));
    assert!(stderr(run).starts_with(&format!("importgate: blocked {place}: ")), "{}", stderr(run));
}

#[track_caller]
fn passes(run: &Output) {
    assert_eq!((run.status.code(), &*stderr(run)), (Some(0), ""));
}

#[test]
fn a_range_is_judged_at_every_stage() {
    let repo = topic();
    repo.write("staged.py", BAD).stage();
    for hook in ["pre-commit", "pre-merge-commit", "pre-push"] {
        let range = |from, to| {
            let named = [RUN, ("PRE_COMMIT_FROM_REF", from), ("PRE_COMMIT_TO_REF", to)];
            repo.importgate_with_env(&[hook], &named)
        };
        blocked(&range("origin/main", "topic"), "bad.py:1");
        assert!(!stderr(&range("origin/main", "topic")).contains("Commit not made"));
        passes(&range("main", "main"));
        assert_eq!(range("nowhere", "topic").status.code(), Some(2));
        // The names of files, which the tools pass unless told otherwise.
        let named = [RUN, ("PRE_COMMIT_FROM_REF", "origin/main"), ("PRE_COMMIT_TO_REF", "HEAD")];
        blocked(&repo.importgate_with_env(&[hook, "bad.py", "old.py", "staged.py"], &named), "bad.py:1");
    }
}

#[test]
fn a_commit_is_judged_whatever_the_environment_names() {
    let repo = topic();
    assert!(repo.importgate(&["install"]).status.success());
    // A run of pre-commit whose hooks make commits, as tests do.
    let left = [RUN, ("PRE_COMMIT_FROM_REF", "main"), ("PRE_COMMIT_TO_REF", "main"), REMOTE, BRANCH];
    repo.write("staged.py", BAD).stage();
    let run = repo.command("git").args(["commit", "--quiet", "-m", "x"]).envs(left).output().unwrap();
    blocked(&run, "staged.py:1");
}

#[test]
fn other_stages_judge_no_range() {
    let repo = topic();
    let named =
        [RUN, ("PRE_COMMIT_FROM_REF", "main"), ("PRE_COMMIT_TO_REF", "topic"), ("PRE_COMMIT_CHECKOUT_TYPE", "1")];
    passes(&repo.importgate_with_env(&["pre-commit"], &named));
}

#[test]
fn a_push_is_judged() {
    let repo = topic();
    let tip = repo.git(&["rev-parse", "topic"]);
    let base = repo.git(&["rev-parse", "main"]);
    let to = ("PRE_COMMIT_TO_REF", &*tip);
    for hook in ["pre-push", "pre-commit"] {
        let judge = |named: &[(&str, &str)]| repo.importgate_with_env(&[hook], named);
        let run = judge(&[RUN, REMOTE, BRANCH, ("PRE_COMMIT_FROM_REF", &base), to]);
        blocked(&run, "bad.py:1");
        assert!(stderr(&run).contains("Nothing pushed"), "{}", stderr(&run));
        // The first push: prek names the new commit, pre-commit the branch alone.
        blocked(&judge(&[RUN, REMOTE, BRANCH, to]), "bad.py:1");
        blocked(&judge(&[RUN, REMOTE, BRANCH]), "bad.py:1");
        let gone = judge(&[RUN, REMOTE, ("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/gone")]);
        assert_eq!(gone.status.code(), Some(2), "{}", stderr(&gone));
        passes(&judge(&[RUN, REMOTE, ("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/main")]));
    }
}

#[test]
fn what_no_remote_has_may_be_old_code() {
    let repo = topic();
    for branch in ["main", "HEAD"] {
        repo.try_git(&["update-ref", "-d", &format!("refs/remotes/origin/{branch}")]);
    }
    let run = repo.importgate_with_env(&["pre-push"], &[RUN, REMOTE, BRANCH]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(stderr(&run).contains("may be old code"), "{}", stderr(&run));
}

/// `run --all-files` sets nothing: a branch is compared with the remote's default branch, so that old code blocks nobody.
#[test]
fn a_run_by_hand_judges_what_is_staged_or_else_the_branch() {
    let repo = topic();
    for hook in ["pre-commit", "pre-push"] {
        blocked(&repo.importgate_with_env(&[hook], &[RUN]), "bad.py:1");
    }
    repo.write("staged.py", BAD).stage();
    blocked(&repo.importgate_with_env(&["pre-commit"], &[RUN]), "staged.py:1");
    repo.git(&["reset", "--quiet", "--hard", "main"]);
    passes(&repo.importgate_with_env(&["pre-commit"], &[RUN]));
    repo.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    let run = repo.importgate_with_env(&["pre-commit"], &[RUN]);
    assert_eq!(run.status.code(), Some(0));
    assert!(
        stderr(&run).contains("nothing was judged") && stderr(&run).contains("--from-ref BASE"),
        "{}",
        stderr(&run)
    );
}

#[test]
fn before_the_first_commit_there_is_no_branch() {
    let repo = TestRepo::new();
    repo.write("policy.toml", POLICY);
    let run = repo.importgate_with_env(&["pre-commit"], &[RUN]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
}

/// Git itself names the remote and writes lines to a pipe, none if all is there already.
#[test]
fn a_push_without_lines_passes_only_if_git_may_have_sent_none() {
    let repo = topic();
    let run = |args: &[&str], stdin: Stdio| {
        let mut command = repo.importgate_command(args);
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()
    };
    passes(&run(&["pre-push", "origin", "../origin.git"], Stdio::piped()));
    let given = [
        (["pre-push", "origin"].as_slice(), Stdio::null()),
        (&["pre-push"], Stdio::null()),
        (&["pre-push"], Stdio::piped()),
    ];
    for (args, stdin) in given {
        let run = run(args, stdin);
        assert_eq!(run.status.code(), Some(2), "{args:?}");
        assert!(
            stderr(&run).contains("have not arrived") && stderr(&run).contains("use_stdin: true"),
            "{}",
            stderr(&run)
        );
    }
}

#[test]
fn lines_are_judged_without_a_remotes_name() {
    let repo = topic();
    let tip = repo.git(&["rev-parse", "topic"]);
    for (line, status) in [
        (format!("refs/heads/topic {tip} refs/heads/topic {}\n", "0".repeat(40)), 1),
        (format!("(delete) {} refs/heads/topic {tip}\n", "0".repeat(40)), 0),
    ] {
        let mut command = repo.importgate_command(&["pre-push"]);
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
        let run = child.wait_with_output().unwrap();
        assert_eq!(run.status.code(), Some(status), "{line}: {}", stderr(&run));
    }
}

//! Very many commits, the deadline, and the limit of commits.

use std::fmt::Write as _;

use super::*;

/// Returns a stream for `git fast-import`: `count` commits on `main`, with the files of `files`.
fn history(count: usize, files: &dyn Fn(usize) -> Vec<(String, String)>) -> String {
    let mut stream = String::new();
    for at in 1..=count {
        let message = format!("commit {at}");
        let date = 1_700_000_000 + at;
        write!(stream, "commit refs/heads/main\ncommitter a <a@example.org> {date} +0000\n").unwrap();
        write!(stream, "data {}\n{message}\n", message.len()).unwrap();
        for (path, content) in files(at) {
            write!(stream, "M 100644 inline {path}\ndata {}\n{content}\n", content.len()).unwrap();
        }
    }
    stream
}

fn import(site: &Site, stream: &str) {
    let run = site.client.git_with_input(&["fast-import", "--quiet", "--force"], stream);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn a_first_push_of_twenty_thousand_commits() {
    let site = Site::empty();
    site.admin("first-push = 'block'\ndeadline = '1h'\n");
    let files = |at: usize| match at {
        1 => vec![("policy.toml".to_owned(), POLICY.to_owned())],
        _ => vec![(format!("f{}.py", at % 50), format!("x = {at}\n"))],
    };
    import(&site, &history(20_000, &files));
    site.push(&["main"]).is_silent();
    // With one commit above the limit, that is reported, and the tip is judged all the same.
    let site = Site::empty();
    site.admin("first-push = 'block'\ndeadline = '1h'\n");
    let bad = |at: usize| if at == 20_001 { vec![("bad.py".to_owned(), BAD.to_owned())] } else { files(at) };
    import(&site, &history(20_001, &bad));
    let push = site.push(&["main"]);
    push.is_blocked(&[
        "warning: over 20000 commits are new: only the tips of this push are judged",
        "[old] bad.py:1:1",
    ]);
}

#[test]
fn above_the_limit_tips_alone_are_judged() {
    let site = Site::new();
    site.admin("commit-limit = 5\n");
    let commits = |count: usize| {
        for at in 0..count {
            site.commit("fine.py", format!("x = {at}\n"));
        }
    };
    commits(5);
    site.push(&["main"]).is_silent();
    commits(6);
    site.push(&["main"]).warns(&["warning: over 5 commits are new: only the tips of this push are judged"]);
    site.commit("bad.py", BAD);
    commits(6);
    site.push(&["main"]).is_blocked(&["over 5 commits are new", "[old] bad.py:1:1"]);
    // Old code that is edited, moved and merged stays old, however many commits there are.
    site.client.git(&["reset", "-q", "--hard", "origin/main"]);
    site.branch("side", "main~3");
    site.client.write("old.py", format!("import os\n{BAD}"));
    commits(7);
    site.client.git(&["mv", "old.py", "moved.py"]);
    commits(7);
    let push = site.push(&["side"]);
    assert!(push.is_through && push.findings().is_empty(), "{}", push.text);
}

#[test]
fn beyond_the_limit_no_other_reference_says_what_is_old() {
    let site = Site::new();
    site.branch("legacy", "main");
    site.client.write("one.py", BAD).write("two.py", BAD);
    site.commit("three.py", BAD);
    // The code was pushed before the gate existed.
    site.ungated_push(&["legacy"]);
    site.admin("commit-limit = 5\n");
    site.commit("fine.py", "x = 1\n");
    site.client.git(&["checkout", "-q", "main"]);
    for at in 0..8 {
        site.commit("fine.py", format!("x = {at}\n"));
    }
    site.commit("other.py", BAD);
    site.push(&["main"]).is_blocked(&["over 5 commits are new", "[old] other.py:1:1"]);
    site.push(&["main", "legacy"]).is_blocked(&["over 5 commits are new", "[old] other.py:1:1"]);
    site.push(&["main", "--force", "main:legacy"]).is_blocked(&["over 5 commits are new", "[old] other.py:1:1"]);
}

#[test]
fn a_tip_that_the_limit_keeps_the_walk_from_is_judged_by_itself() {
    let site = Site::new();
    site.admin("commit-limit = 5\n");
    site.branch("bad", "main");
    site.client.write("bad.py", BAD).stage();
    let tree = site.client.git(&["write-tree"]);
    let mut command = site.client.command("git");
    // The walk takes the newest commits first, and so reaches the limit before this one.
    let long_ago = command.env("GIT_COMMITTER_DATE", "1000000000 +0000");
    let made = long_ago.args(["commit-tree", "-m", "long ago", "-p", "main", &tree]).output().unwrap();
    let bad = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    site.client.git(&["checkout", "-q", "-f", "main"]);
    for at in 0..8 {
        site.commit("fine.py", format!("x = {at}\n"));
    }
    let push = site.push(&["main:refs/heads/many", &format!("{bad}:refs/heads/main")]);
    push.is_blocked(&["over 5 commits are new", "[old] bad.py:1:1", "ref  refs/heads/main"]);
    // Existing commits add nothing, whatever their dates.
    site.on_server(&["config", "receive.unpackLimit", "1"]);
    let push = site.push(&["main:refs/heads/many", "main~8:refs/heads/old"]);
    assert!(push.is_through && push.findings().is_empty(), "{}", push.text);
}

#[test]
fn beyond_the_limit_nobody_knows_what_a_rollback_takes_back() {
    let site = Site::new();
    site.admin("commit-limit = 5\n");
    site.commit("bad.py", BAD);
    let cleanup = site.commit("bad.py", "from a.new import X\n");
    for at in 0..8 {
        site.commit("fine.py", format!("x = {at}\n"));
    }
    site.client.git(&["revert", "--no-edit", &cleanup]);
    site.push(&["main"]).is_blocked(&["over 5 commits are new", "error: [old] bad.py:1:1"]);
}

#[test]
fn a_deadline_that_has_passed_is_said() {
    let site = Site::new();
    // The deadline starts with the hook, so that a millisecond is over before anything is read.
    site.admin("deadline = '1ms'\n");
    let files = |at: usize| (0..20).map(|file| (format!("f{file}.py"), format!("x = {at}\n"))).collect();
    site.client.git(&["checkout", "-q", "--orphan", "elsewhere"]);
    import(&site, &history(500, &files));
    site.push(&["--force", "main"]).is_unjudged(&["the deadline of this run has passed", "error: Push rejected."]);
    site.admin("deadline = '1ms'\ncannot-judge = 'report'\n");
    let push = site.push(&["--force", "main:refs/heads/other"]);
    push.warns(&["warning: could not judge: the deadline of this run has passed"]);
}

#[test]
fn the_deadline_holds_within_a_single_file() {
    let site = Site::new();
    // Each match depends on where each `a` was: more states than an automaton can remember.
    let rules: String = (0..60)
        .map(|at| format!("[[rule]]\nid = 'line-{at}'\npattern = 'a[ab]{{{}}}[ab ]$'\nseverity = 'block'\n", 20 + at))
        .collect();
    site.commit("policy.toml", format!("{POLICY}{rules}"));
    site.push(&["main"]).is_silent();
    site.admin("deadline = '1s'\nlog = 'log'\n");
    let line: String = (0..97_u32).map(|at| if at.wrapping_mul(2_654_435_761) >> 30 > 1 { 'a' } else { 'b' }).collect();
    site.commit("slow.py", format!("{line}c\n").repeat(70_000));
    site.push(&["main"]).is_unjudged(&["the deadline of this run has passed", "push fewer commits at once"]);
    assert_eq!(site.log()[0]["verdict"], "error");
    // If nothing is rejected, the deadline is only reported.
    site.admin("deadline = '1s'\nenforce = 'report'\n");
    site.push(&["main"]).warns(&["warning: could not judge: the deadline of this run has passed"]);
}

//! Partial clones, as CI makes them: content and trees that were not fetched.

use std::path::PathBuf;
use std::process::Output;

use crate::repo::{POLICY, TestRepo, gated};

const BAD: &str = "from a.old import X\n";

fn said(run: &Output) -> String {
    String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
}

/// An origin in which x.py and y.py had a forbidden import before the last commit, which changes both, and adds one.
fn origin() -> TestRepo {
    let origin = gated();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    // No content stands at two places, or git would have it already.
    origin.write("x.py", format!("{BAD}x = 1\n")).write("sub/y.py", format!("{BAD}y = 1\n")).write("data.txt", "1\n");
    origin.commit("old code");
    origin.write("x.py", format!("{BAD}x = 2\n")).write("sub/y.py", format!("{BAD}y = 2\n")).write("data.txt", "2\n");
    origin.write("new.py", format!("{BAD}z = 2\n")).commit("change");
    origin
}

fn clone(origin: &TestRepo, filter: &str) -> TestRepo {
    let clone = TestRepo::empty();
    clone.git(&["clone", "-q", filter, &format!("file://{}", origin.top().display()), "."]);
    clone
}

/// Runs the binary; also returns the commands that git was run with.
fn traced(repo: &TestRepo, arguments: &[&str]) -> (Output, Vec<String>) {
    let trace = repo.beside("trace");
    let _ = std::fs::remove_file(&trace);
    let run = repo.importgate_with_env(arguments, &[("GIT_TRACE", trace.to_str().unwrap())]);
    let lines = std::fs::read_to_string(&trace).unwrap_or_default();
    let commands = lines.lines().filter_map(|line| line.split_once("trace: built-in: git "));
    (run, commands.map(|(_, command)| command.to_owned()).collect())
}

/// Puts the origin out of reach; returns where it is then.
fn hide(origin: &TestRepo) -> PathBuf {
    let hidden = origin.beside("hidden");
    std::fs::rename(origin.top(), &hidden).unwrap();
    hidden
}

/// Runs the command that a run recommends, which begins with `git fetch` and ends with the line.
fn follow(repo: &TestRepo, told: &str) -> String {
    let command = told.lines().find_map(|line| Some(&line[line.find("git fetch -")?..])).expect(told).to_owned();
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    repo.git(&words);
    command
}

#[test]
fn old_content_is_fetched_at_once_for_a_range_and_for_a_comparison() {
    for way in [&["check", "--range", "HEAD~1..HEAD"][..], &["check", "--against", "HEAD~1"]] {
        let origin = origin();
        let repo = clone(&origin, "--filter=blob:none");
        let (run, commands) = traced(&repo, way);
        assert_eq!(run.status.code(), Some(1), "{}", said(&run));
        assert!(said(&run).contains("1 blocked in 1 of") && said(&run).contains("new.py:1:1"), "{}", said(&run));
        let fetches = commands.iter().filter(|command| command.starts_with("fetch")).count();
        assert_eq!(fetches, 1, "{commands:?}");
        // data.txt is not judged, so it was not fetched.
        let missing = repo.command("git").args(["rev-list", "--objects", "--all", "--missing=print"]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&missing.stdout).matches('?').count(), 1);
        let (run, commands) = traced(&repo, way);
        assert_eq!((run.status.code(), commands.len()), (Some(1), 0), "it is here now: {commands:?}");
    }
}

#[test]
fn what_cannot_be_fetched_cannot_be_judged_and_the_command_works() {
    let origin = origin();
    let repo = clone(&origin, "--filter=blob:none");
    let hidden = hide(&origin);
    let run = repo.importgate(&["check", "--range", "HEAD~1..HEAD"]);
    let told = said(&run);
    assert_eq!(run.status.code(), Some(2), "{told}");
    assert!(told.contains(".py is not in this clone: git fetch: fatal: "), "{told}");
    std::fs::rename(&hidden, origin.top()).unwrap();
    assert_eq!(follow(&repo, &told), "git fetch --refetch --no-filter");
    hide(&origin);
    let run = repo.importgate(&["check", "--range", "HEAD~1..HEAD"]);
    assert!(said(&run).contains("1 blocked in 1 of"), "{}", said(&run));
}

#[test]
fn a_clone_without_trees_is_told_how_to_fetch_them() {
    let origin = origin();
    let repo = clone(&origin, "--filter=tree:0");
    for way in [["check", "--range", "HEAD~1..HEAD"], ["check", "--against", "HEAD~1"]] {
        let run = repo.importgate(&way);
        let told = said(&run);
        assert_eq!(run.status.code(), Some(2), "{told}");
        assert!(told.contains("tree ") && told.contains("git fetch --refetch --no-filter"), "{told}");
    }
    let run = repo.importgate(&["check", "--range", "HEAD~1..HEAD"]);
    follow(&repo, &said(&run));
    let run = repo.importgate(&["check", "--range", "HEAD~1..HEAD"]);
    assert!(said(&run).contains("1 blocked in 1 of"), "{}", said(&run));
}

#[test]
fn a_commit_hook_warns_and_fetches_nothing() {
    let origin = origin();
    let repo = clone(&origin, "--filter=blob:none");
    repo.git(&["reset", "-q", "--soft", "HEAD~1"]);
    for way in [&["pre-commit"][..], &["check"]] {
        let (run, commands) = traced(&repo, way);
        let told = said(&run);
        assert_eq!((run.status.code(), commands.len()), (Some(0), 0), "{told}{commands:?}");
        assert!(told.contains("not in this clone") && told.contains("git fetch --refetch --no-filter"), "{told}");
    }
    follow(&repo, "git fetch --refetch --no-filter");
    assert_eq!(repo.importgate(&["pre-commit"]).status.code(), Some(1));
}

#[test]
fn a_server_that_lacks_old_content_cannot_judge() {
    let origin = origin();
    let server = TestRepo::empty();
    let from = format!("file://{}", origin.top().display());
    server.git(&["clone", "-q", "--bare", "--filter=blob:none", &from, "."]);
    // A policy that is here, and a new commit that changes a file whose old content is not.
    let policy = server.beside("org.toml");
    std::fs::write(&policy, POLICY).unwrap();
    let config = server.beside("server.toml");
    std::fs::write(&config, format!("importgate-server = 1\npolicies = [{policy:?}]\n")).unwrap();
    let blob = server.object("blob", format!("import os\nimport re\n{BAD}").as_bytes());
    server.git(&["read-tree", "HEAD"]);
    server.git(&["update-index", "--cacheinfo", &format!("100644,{blob},x.py")]);
    let tree = server.git(&["write-tree", "--missing-ok"]);
    let (old, new) = (server.git(&["rev-parse", "HEAD"]), server.commit_tree(&tree));
    let trace = server.beside("trace");
    let mut command = server.importgate_command(&["pre-receive", "--config", config.to_str().unwrap()]);
    command.env("GIT_TRACE", &trace);
    let mut command = assert_cmd::Command::from_std(command);
    let run = command.write_stdin(format!("{old} {new} refs/heads/main\n")).output().unwrap();
    let told = said(&run);
    assert_eq!(run.status.code(), Some(2), "{told}");
    assert!(told.contains("could not judge: ") && told.contains("x.py is not in this clone"), "{told}");
    assert!(!trace.exists(), "no git process");
}

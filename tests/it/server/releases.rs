//! Branches with a policy of their own: a change to them, or from them, gets the same verdict at the commit, at the push, on
//! the server and in CI.

use std::io::Write;
use std::process::Stdio;

use super::own_policy::{ANCIENT, FIXED};
use super::*;

/// A change to a branch.
struct Case {
    name: &'static str,
    /// The branch, and the one that it starts from: itself, if the server has it.
    branch: (&'static str, &'static str),
    /// Arguments of git, or `write FILE CODE` or `merge BRANCH`, with `;` between them; the last one leaves what is to be committed staged.
    steps: &'static str,
    blocks: bool,
}

const fn case(name: &'static str, branch: (&'static str, &'static str), steps: &'static str, blocks: bool) -> Case {
    Case { name, branch, steps, blocks }
}

/// `release/1` is older than the rule of main, and has a hotfix that main forbids; `release/2` has main's policy.
const CASES: [Case; 37] = {
    let (one, two) = (("release/1", "release/1"), ("release/2", "release/2"));
    let (three, hotfix) = (("release/3", "main"), ("hotfix/x", "release/1"));
    let (main, topic) = (("main", "main"), ("topic", "main"));
    [
        case("a hotfix by the only path that is there", one, "write fix.py BAD", false),
        case("a hotfix by a path that the release forbids", one, "write fix.py ANCIENT", true),
        case("a hotfix by both", one, "write fix.py BAD; write more.py ANCIENT", true),
        case("one more of what the release has", one, "write old.py BAD BAD", false),
        case("a file that moves", one, "mv old.py moved.py", false),
        case("what has nothing to do with it", one, "write fix.py FINE", false),
        case("a backport from main", one, "cherry-pick -n origin/main", false),
        case("a backport from a branch of main", one, "cherry-pick -n origin/next", false),
        case("main's policy", one, "checkout origin/main -- policy.toml", false),
        case("main merged into the release", one, "merge origin/main", false),
        case("a branch of main merged into the release", one, "merge origin/next", false),
        case("a hotfix taken back", one, "revert -n HEAD", false),
        case("a hotfix that removes another", one, "rm -q hotfix.py; write fix.py BAD", false),
        case("a release with main's policy", two, "write fix.py BAD", true),
        case("the same without a fault", two, "write fix.py FINE", false),
        case("another release merged into that", two, "merge origin/release/1", true),
        case("that release merged into the other", one, "merge origin/release/2", false),
        case("a hotfix of another release picked", two, "cherry-pick -n origin/release/1", true),
        case("a new release from main", three, "write fix.py BAD", true),
        case("a new release from main without a fault", three, "write fix.py FINE", false),
        case("a new hotfix branch from the release", hotfix, "write fix.py BAD", false),
        case("the same by a path that the release forbids", hotfix, "write fix.py ANCIENT", true),
        case("the same without a fault", hotfix, "write fix.py FINE", false),
        case("a new hotfix branch from main", ("hotfix/y", "main"), "write fix.py BAD", true),
        case("the release merged back into main", main, "merge origin/release/1", true),
        case(
            "the release merged back and mended on the way",
            main,
            "merge origin/release/1; write hotfix.py FIXED",
            false,
        ),
        case("the release merged back without its hotfix", main, "merge origin/release/1; rm -q -f hotfix.py", false),
        case("another release merged back", main, "merge origin/release/2", false),
        case("the hotfix picked to main", main, "cherry-pick -n origin/release/1", true),
        case("the hotfix picked and mended", main, "cherry-pick -n origin/release/1; write hotfix.py FIXED", false),
        case("a second hotfix merged after the first was mended", ("again", "again"), "merge origin/release/4", true),
        case("a rollback merged from a hotfix branch", main, "merge origin/hotfix/back", false),
        case("a hotfix branch from a release without commits", ("hotfix/x", "release/0"), "write fix.py BAD", false),
        case("main itself", main, "write new.py BAD", true),
        case("a branch of main", topic, "write new.py BAD", true),
        case("the release merged into a branch of main", topic, "merge origin/release/1", true),
        case("main merged into its branch", topic, "merge origin/next", false),
    ]
};

fn code(word: &str) -> &'static str {
    match word {
        "BAD" => BAD,
        "ANCIENT" => ANCIENT,
        "FIXED" => FIXED,
        "FINE" => "import os\n",
        _ => panic!("{word} is no code"),
    }
}

#[test]
fn a_change_gets_one_verdict_wherever_it_is_judged() {
    let mut wrong = Vec::new();
    for case in CASES {
        let site = Site::releases();
        let (branch, start) = case.branch;
        site.client.git(&["checkout", "-q", "-B", branch, &format!("origin/{start}"), "--no-track"]);
        for step in case.steps.split("; ") {
            let words: Vec<&str> = step.split(' ').collect();
            match words[..] {
                ["write", path, ref codes @ ..] => {
                    let code: String = codes.iter().map(|word| code(word)).collect();
                    site.client.write(path, code).stage();
                }
                ["merge", from] => {
                    site.client.git(&["merge", "-q", "--no-ff", "--no-commit", from]);
                }
                _ => {
                    site.client.git(&words);
                }
            };
        }
        let commit = site.client.importgate(&["check", "--staged"]).status.code();
        site.client.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", case.name]);
        let (old, new) = (site.server_tip(branch), site.client.git(&["rev-parse", "HEAD"]));
        let line = format!("refs/heads/{branch} {new} refs/heads/{branch} {old}\n");
        let pre_push = site.pre_push(&line);
        let range = site.client.importgate(&["check", "--range", &format!("origin/{start}..HEAD")]).status.code();
        let push = site.push(&["--no-verify", branch]);
        let verdicts = (commit, pre_push, range, Some(i32::from(!push.is_through)));
        let expected = Some(i32::from(case.blocks));
        if verdicts != (expected, expected, expected, expected) {
            wrong.push(format!("{}: {expected:?}, not {verdicts:?}\n{}", case.name, push.text));
        }
    }
    assert!(wrong.is_empty(), "commit, pre-push, range, server:\n{}", wrong.join("\n"));
}

impl Site {
    /// The id that a branch has on the server; zeros for none.
    fn server_tip(&self, branch: &str) -> String {
        let name = format!("refs/heads/{branch}");
        let tip = self.on_server(&["for-each-ref", "--format=%(objectname)", &name]);
        if tip.is_empty() { "0".repeat(40) } else { tip }
    }

    /// The exit status of the hook that judges a push on the client.
    fn pre_push(&self, line: &str) -> Option<i32> {
        let mut command = self.client.importgate_command(&["pre-push", "origin", "../server.git"]);
        let mut run = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        run.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
        run.wait().unwrap().code()
    }
}

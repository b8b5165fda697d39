//! Which old tip makes room in a forced push, and for which reference.

use super::rewritten::is_blocked_for;
use super::*;

#[test]
fn what_was_removed_and_written_again_makes_no_room() {
    // A branch removes what main has, and writes it again: on the whole it adds nothing.
    let site = Site::new();
    let base = site.client.git(&["rev-parse", "HEAD"]);
    site.branch("topic", "main");
    let without = site.client.remove("old.py").commit("removed");
    site.commit("old.py", BAD);
    site.push(&["topic"]).is_silent();
    // In place of that, a merge of what is left with main: each has one at most.
    site.to(&without);
    site.client.git(&["merge", "-q", "--no-ff", "--no-commit", "-s", "ours", &base, "--allow-unrelated-histories"]);
    site.client.write("old.py", BAD).write("evil.py", BAD).stage();
    let tree = site.client.git(&["write-tree"]);
    let merge = site.client.git(&["commit-tree", "-p", &without, "-p", &base, "-m", "evil", &tree]);
    let push = site.force(&[&format!("{merge}:refs/heads/topic")]);
    assert!(!push.is_through && push.findings().len() == 1, "{}", push.text);
}

#[test]
fn what_was_inherited_cannot_be_made_ones_own() {
    let site = Site::new();
    let base = site.client.git(&["rev-parse", "HEAD"]);
    let on_main = site.commit("elsewhere.py", "import sys\n");
    site.push(&["main"]).is_silent();
    // A branch removes what it inherited and writes it again: nothing new. Then another reference holds its first half.
    site.branch("topic", &base);
    let without = site.client.remove("old.py").commit("removed");
    let again = site.commit("old.py", BAD);
    site.push(&["topic"]).is_silent();
    site.push(&[&format!("{without}:refs/heads/half")]).is_silent();
    site.to("main");
    let cleaned = site.client.remove("old.py").commit("cleaned");
    site.push(&["main"]).is_silent();
    let evil = |parents: &[&str]| {
        site.client.git(&["read-tree", parents.first().copied().unwrap_or(&base)]);
        let blob = site.client.git(&["rev-parse", &format!("{base}:old.py")]);
        for file in ["old.py", "evil.py"] {
            site.client.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{file}")]);
        }
        let tree = site.client.git(&["write-tree"]);
        let mut args = vec!["commit-tree", "-m", "evil", &tree];
        args.extend(parents.iter().flat_map(|parent| ["-p", parent]));
        let commit = site.client.git(&args);
        site.client.git(&["reset", "-q", "--hard"]);
        commit
    };
    let merged =
        site.client.git(&["commit-tree", "-m", "x", "-p", &again, "-p", &cleaned, &format!("{again}^{{tree}}")]);
    for tip in [&again, &merged] {
        site.push(&[&format!("{tip}:refs/heads/topic")]).is_silent();
        for parents in [
            &[&*base][..],
            &[&*on_main],
            &[&*cleaned],
            &[&*without],
            &[],
            &[&*without, &*base],
            &[&*base, &*without],
            &[&*without, &*on_main],
            &[&*cleaned, &*without],
            &[&*cleaned, &*base],
            &[&*base, &*cleaned],
            &[&*without, &*on_main, &*cleaned],
        ] {
            let commit = evil(parents);
            let push = site.force(&[&format!("{commit}:refs/heads/topic")]);
            assert!(!push.is_through && !push.text.contains("could not judge"), "{parents:?}: {}", push.text);
        }
    }
    // What the branch had, it keeps where it is built on what it was built on.
    site.to(&again);
    site.amend_with("fine.py", "import os\n");
    site.force(&["HEAD:refs/heads/topic"]).is_silent();
}

#[test]
fn an_old_tip_makes_room_for_its_own_reference_alone() {
    let site = Site::new();
    site.legacy("topic", "legacy.py");
    site.amend();
    // A new reference, and one that has another old tip, go to the same commit.
    let push = site.force(&["topic", "topic:refs/heads/new"]);
    is_blocked_for(&push, "legacy.py");
    push.is_blocked(&["refs/heads/new"]);
    assert!(!push.lines().join("\n").contains("ref  refs/heads/topic"), "{}", push.text);
    site.branch("other", "main");
    site.commit("fine.py", "import os\n");
    site.push(&["other"]).is_silent();
    let push = site.force(&["topic", "topic:refs/heads/other", "topic:refs/tags/v1"]);
    is_blocked_for(&push, "legacy.py");
    push.is_blocked(&["refs/heads/other", "refs/tags/v1"]);
    // Nor for one that goes to a commit above.
    site.to("topic");
    site.commit("fine.py", "import os\n");
    let push = site.force(&["topic~:refs/heads/topic", "topic:refs/heads/above"]);
    is_blocked_for(&push, "legacy.py");
    push.is_blocked(&["refs/heads/above"]);
    site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    // Two references with an old tip each may go to one commit.
    site.legacy("second", "second.py");
    site.amend_with("fine.py", "import os\n");
    site.force(&["second", "second:refs/heads/topic"]).is_silent();
}

#[test]
fn only_a_tip_that_was_judged_makes_room() {
    let site = Site::new();
    site.branch("topic", "main");
    site.commit("legacy.py", BAD);
    for (name, text) in [
        ("refs/pull/1/head", ""),
        ("refs/merge-requests/1/head", ""),
        ("refs/heads/sandbox/eve", "refs-not-judged = 'refs/heads/sandbox/**'\n"),
        ("refs/heads/eve", "trusted-refs = 'refs/heads/main'\n"),
    ] {
        site.ungated_push(&[&format!("topic:{name}")]);
        site.admin(text);
        site.branch("again", "topic");
        site.amend_with("fine.py", "import os\n");
        if name.starts_with("refs/heads/sandbox") {
            // Now it is judged.
            site.admin("trusted-refs = ['refs/heads/main']\n");
        }
        let push = site.force(&[&format!("again:{name}")]);
        if name == "refs/pull/1/head" {
            push.is_silent();
        } else {
            is_blocked_for(&push, "legacy.py");
        }
        site.force(&["again:refs/heads/main"]).is_blocked(&["[old] legacy.py:1:1", "refs/heads/main"]);
        site.to("topic");
        site.client.git(&["branch", "-q", "-D", "again"]);
    }
}

#[test]
fn a_branch_that_was_deleted_and_made_anew_has_no_old_tip() {
    let site = Site::new();
    site.legacy("topic", "legacy.py");
    site.amend();
    site.push(&["--delete", "topic"]).is_silent();
    is_blocked_for(&site.force(&["topic"]), "legacy.py");
    // Nor under another name, while the old one is deleted.
    site.legacy("second", "legacy.py");
    site.amend();
    let push = site.force(&[":second", "second:refs/heads/renamed"]);
    is_blocked_for(&push, "legacy.py");
    // A branch that only goes back to what it was, and back again.
    site.force(&["main:refs/heads/second"]).is_silent();
    is_blocked_for(&site.force(&["second"]), "legacy.py");
}

#[test]
fn what_another_reference_holds_makes_no_room() {
    let site = Site::new();
    site.legacy("topic", "legacy.py");
    for name in ["refs/heads/copy", "refs/tags/v1"] {
        site.push(&[&format!("topic:{name}")]).is_silent();
        site.amend();
        is_blocked_for(&site.force(&["topic"]), "legacy.py");
        // Not if the other one goes in the same push.
        is_blocked_for(&site.force(&["topic", &format!(":{name}")]), "legacy.py");
        // Both at once, or else one would become two.
        let push = site.force(&["topic", &format!("topic:{name}")]);
        is_blocked_for(&push, "legacy.py");
        site.client.git(&["reset", "-q", "--hard", "origin/topic"]);
        site.push(&[&format!(":{name}")]).is_silent();
    }
    // One that does not count holds nothing.
    site.ungated_push(&["topic:refs/merge-requests/1/head"]);
    site.amend_with("fine.py", "import os\n");
    site.force(&["topic"]).is_silent();
}

#[test]
fn the_pusher_does_not_say_what_the_old_tip_is() {
    let site = Site::new();
    let legacy = site.legacy("topic", "legacy.py");
    site.branch("other", "main");
    site.commit("fine.py", "import os\n");
    site.push(&["other"]).is_silent();
    site.to("topic");
    site.amend();
    let amended = site.client.git(&["rev-parse", "HEAD"]);
    site.on_server(&["fetch", "-q", site.client.top().to_str().unwrap(), "topic:refs/keep-around/1"]);
    let none = "0".repeat(40);
    let judge = |lines: &[(&str, &str, &str)]| {
        let text: String = lines.iter().map(|(old, new, name)| format!("{old} {new} {name}\n")).collect();
        let path = site.client.beside("lines");
        std::fs::write(&path, text).unwrap();
        let mut command = site.client.command(site.server.join("hooks/pre-receive").to_str().unwrap());
        let input = std::fs::File::open(path).unwrap();
        let run = command.current_dir(&site.server).env("GIT_DIR", ".").stdin(input).output().unwrap();
        run.status.code()
    };
    assert_eq!(judge(&[(&legacy, &amended, "refs/heads/topic")]), Some(0));
    assert_eq!(judge(&[(&legacy, &amended, "refs/heads/other")]), Some(1), "the other reference has another tip");
    assert_eq!(judge(&[(&legacy, &amended, "refs/heads/new")]), Some(1), "there is no such reference");
    assert_eq!(judge(&[(&none, &amended, "refs/heads/topic")]), Some(1), "none is named");
    assert_eq!(judge(&[(&legacy, &amended, "refs/heads/../heads/topic")]), Some(1), "no name of a reference");
    // The same reference twice, as git would not send it: git moves it once at most.
    let twice = [(&*legacy, &*amended, "refs/heads/topic"), (&*legacy, &*amended, "refs/heads/topic")];
    assert_eq!(judge(&twice), Some(0));
    // A branch that leads to another by name is not what holds the tip.
    site.on_server(&["symbolic-ref", "refs/heads/alias", "refs/heads/topic"]);
    assert_eq!(judge(&[(&legacy, &amended, "refs/heads/alias")]), Some(1));
    assert_eq!(judge(&[(&legacy, &amended, "refs/heads/topic")]), Some(0), "an alias holds nothing");
}

#[test]
fn each_reference_by_itself_has_its_old_tip() {
    let site = Site::ungated(&[]);
    site.client.write("policy.toml", POLICY).commit("first");
    site.client.git(&["push", "-q", "origin", "main"]);
    let run = site.client.importgate_command(&["install", "--server", "--update"]).current_dir(&site.server).output();
    assert!(run.unwrap().status.success());
    site.legacy("topic", "legacy.py");
    site.amend();
    let push = site.force(&["topic:refs/heads/new"]);
    assert!(push.text.contains("topic -> new (hook declined)"), "{}", push.text);
    let push = site.force(&["topic"]);
    assert!(push.is_through && push.text.contains("topic -> topic (forced"), "{}", push.text);
}

#[test]
fn a_broken_old_tip_makes_no_room_and_no_fault() {
    let site = Site::new();
    let legacy = site.legacy("topic", "legacy.py");
    site.amend();
    let object = site.server.join("objects").join(&legacy[..2]).join(&legacy[2..]);
    std::fs::remove_file(&object).unwrap();
    // Git itself refuses the push, too.
    let push = site.force(&["topic"]);
    assert!(push.text.contains("[old] legacy.py:1:1") && !push.text.contains("could not judge"), "{}", push.text);
}

#[test]
fn names_of_any_bytes_are_told_apart() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let site = Site::new();
    site.legacy("topic", "legacy.py");
    let names = [&b"refs/heads/a\xff"[..], b"refs/heads/a\xfe"];
    let push = |names: &[&[u8]]| {
        let mut command = site.command(&["--force"]);
        for name in names {
            command.arg(OsStr::from_bytes(&[b"topic:", *name].concat()));
        }
        Push::of(&command.output().unwrap())
    };
    push(&names).is_silent();
    site.push(&["--delete", "topic"]).is_silent();
    site.amend_with("fine.py", "import os\n");
    // Each holds what the other has.
    is_blocked_for(&push(&names[..1]), "legacy.py");
    let mut command = site.command(&[]);
    command.arg("--delete").arg(OsStr::from_bytes(names[1]));
    Push::of(&command.output().unwrap()).is_silent();
    push(&names[..1]).is_silent();
}

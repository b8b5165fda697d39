//! New code and existing code.

use super::*;

#[test]
fn a_branch_from_an_old_tag_brings_nothing() {
    let site = Site::new();
    site.client.git(&["tag", "old"]);
    // Main has moved on, and is clean by now.
    site.client.remove("old.py").commit("cleaned");
    site.push(&["main", "old"]).is_silent();
    site.push(&["old:refs/heads/from-tag"]).is_silent();
    site.branch("maintenance", "old");
    site.commit("old.py", format!("import os\n{BAD}"));
    site.commit("fine.py", "import os\n");
    site.push(&["maintenance"]).is_silent();
    site.commit("bad.py", BAD);
    site.push(&["maintenance"]).is_blocked(&["[old] bad.py:1:1", "1 of 1 changed file"]);
}

#[test]
fn rewritten_history_is_judged_by_what_it_adds() {
    let site = Site::new();
    let base = site.client.git(&["rev-parse", "HEAD"]);
    // Old code on the branch, from before the gate.
    site.branch("topic", "main");
    site.before_hook("[ ! -e off ] || exit 0");
    std::fs::write(site.server.join("off"), "").unwrap();
    site.commit("legacy.py", BAD);
    site.commit("more.py", "import os\n");
    site.push(&["topic"]).is_silent();
    std::fs::remove_file(site.server.join("off")).unwrap();
    // Main moves on.
    site.client.git(&["checkout", "-q", "main"]);
    site.commit("elsewhere.py", "import sys\n");
    site.push(&["main"]).is_silent();
    site.client.git(&["checkout", "-q", "topic"]);
    // Dropping a commit adds nothing: the old tip and its ancestors count as existing.
    site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    site.push(&["--force", "topic"]).is_silent();
    site.commit("legacy.py", format!("# edited\n{BAD}"));
    site.push(&["topic"]).is_silent();
    site.client.git(&["commit", "-q", "--amend", "-m", "said otherwise"]);
    site.push(&["--force", "topic"]).is_silent();
    // Reset to the base, with the import that the branch had in another file, and one more: only that is reported.
    site.client.git(&["reset", "-q", "--hard", &base]);
    let bad = site.commit("bad.py", BAD.repeat(2));
    let push = site.push(&["--force", "topic"]);
    push.is_blocked(&["[old] bad.py:1:1", &bad[..12]]);
    assert_eq!(push.findings().len(), 1);
    // A rebase onto main brings main's commits to the branch; they exist already.
    site.client.git(&["rm", "-q", "bad.py"]);
    site.client.git(&["commit", "-q", "--amend", "--allow-empty", "-m", "nothing"]);
    site.client.git(&["rebase", "-q", "main"]);
    site.push(&["--force", "topic"]).is_silent();
}

#[test]
fn what_main_cleaned_up_makes_no_room_on_a_branch_that_has_merged_main() {
    let site = Site::new();
    site.branch("topic", "main");
    site.commit("fine.py", "import os\n");
    site.client.git(&["checkout", "-q", "main"]);
    site.client.remove("old.py").commit("cleaned");
    site.push(&["main"]).is_silent();
    site.client.git(&["checkout", "-q", "topic"]);
    site.client.git(&["merge", "-q", "--no-edit", "main"]);
    site.push(&["topic"]).is_silent();
    site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    site.push(&["--delete", "topic"]).is_silent();
    let bad = site.commit("bad.py", BAD);
    site.client.git(&["merge", "-q", "--no-edit", "main"]);
    site.push(&["topic"]).is_blocked(&["[old] bad.py:1:1", &bad[..12], "1 blocked"]);
}

#[test]
fn merging_main_flags_nothing_that_main_has() {
    let site = Site::new();
    site.branch("topic", "main");
    site.commit("topic.py", "import os\n");
    // Main moves its old code, and edits it.
    site.client.git(&["checkout", "-q", "main"]);
    site.client.git(&["mv", "old.py", "moved.py"]);
    site.commit("moved.py", format!("import os\n\n\n{BAD}\n\ndef late():\n    pass\n"));
    site.push(&["main"]).is_silent();
    site.client.git(&["checkout", "-q", "topic"]);
    site.client.git(&["merge", "-q", "--no-edit", "main"]);
    site.push(&["topic"]).is_silent();
    // Again, with an edit beside the moved line within the merge.
    site.client.git(&["checkout", "-q", "main"]);
    site.client.git(&["mv", "moved.py", "again.py"]);
    site.commit("fine.py", "import os\n");
    site.push(&["main"]).is_silent();
    site.client.git(&["checkout", "-q", "topic"]);
    site.client.git(&["merge", "-q", "--no-commit", "main"]);
    site.client.write("again.py", format!("import sys\n{BAD}")).stage();
    site.client.git(&["commit", "-q", "--no-edit"]);
    site.push(&["topic"]).is_silent();
}

#[test]
fn evil_merges_are_seen() {
    for (path, content) in [("new.py", BAD.to_owned()), ("main.py", format!("import sys\n{BAD}"))] {
        let site = Site::new();
        site.branch("topic", "main");
        site.commit("topic.py", "import os\n");
        site.client.git(&["checkout", "-q", "main"]);
        site.commit("main.py", "import sys\n");
        site.push(&["main", "topic"]).is_silent();
        site.client.git(&["merge", "-q", "--no-commit", "topic"]);
        site.client.write(path, content).stage();
        site.client.git(&["commit", "-q", "--no-edit"]);
        let merge = site.client.git(&["rev-parse", "HEAD"]);
        let push = site.push(&["main"]);
        push.is_blocked(&[&format!("[old] {path}:"), &merge[..12]]);
        assert_eq!(push.findings().len(), 1);
        // The merge is still caught beneath further commits.
        site.commit("fine.py", "import os\n");
        site.push(&["main"]).is_blocked(&[&format!("[old] {path}:"), &merge[..12]]);
    }
}

#[test]
fn a_merge_of_two_that_each_have_it_once_is_clean() {
    let site = Site::new();
    let lines = |at: usize| {
        let rows: Vec<_> = (0..9).map(|row| if row == at { BAD.to_owned() } else { format!("x{row} = 1\n") }).collect();
        rows.concat()
    };
    site.commit("both.py", lines(99));
    site.push(&["main"]).is_silent();
    for (name, at) in [("left", 1), ("right", 7)] {
        site.branch(name, "main");
        site.commit("both.py", lines(at));
        site.ungated_push(&[name]);
    }
    site.client.git(&["merge", "-q", "--no-edit", "left"]);
    assert_eq!(std::fs::read_to_string(site.client.top().join("both.py")).unwrap().matches(BAD).count(), 2);
    site.push(&["right"]).is_silent();
    site.push(&["right:main"]).is_silent();
}

#[test]
fn splitting_joining_and_renaming_across_a_push() {
    let site = Site::ungated(&[]);
    let line = |name: &str| format!("from a.old import {name}\n");
    site.client.write("policy.toml", POLICY).write("all.py", ["A", "B", "C", "D"].map(line).concat());
    site.client.commit("before the gate");
    site.client.git(&["push", "-q", "origin", "main"]);
    site.install();
    // Split into one file per commit, renamed, joined again in another order.
    for (name, rest) in [("A", &["B", "C", "D"][..]), ("B", &["C", "D"]), ("C", &["D"])] {
        site.client.write("all.py", rest.iter().map(|name| line(name)).collect::<String>());
        site.commit(&format!("part/{name}.py"), line(name));
    }
    site.client.git(&["mv", "part", "parts"]);
    site.client.git(&["commit", "-q", "-m", "renamed"]);
    site.push(&["main"]).is_silent();
    site.client.git(&["rm", "-q", "-r", "parts", "all.py"]);
    site.commit("joined.py", format!("import os\n{}", ["D", "C", "B", "A"].map(line).concat()));
    site.push(&["main"]).is_silent();
    // Joined, with one import more than before.
    site.commit("joined.py", ["D", "C", "A", "B", "E"].map(line).concat());
    let push = site.push(&["main"]);
    push.is_blocked(&["[old] joined.py:5:1"]);
    assert_eq!(push.findings().len(), 1);
}

#[test]
fn what_went_to_another_reference_first() {
    let site = Site::new();
    site.commit("bad.py", BAD);
    // Every reference is judged, whatever it is called.
    for name in ["refs/heads/side", "refs/tags/v1", "refs/notes/x", "refs/for/main", "refs/x"] {
        site.push(&[&format!("main:{name}")]).is_blocked(&["[old] bad.py:1:1", name]);
    }
    // References that are not judged make nothing old, whether configured or by default.
    site.admin("refs-not-judged = ['refs/users/**', 'refs/pull/**']\n");
    for name in ["refs/users/eve/1", "refs/pull/1/head"] {
        site.push(&[&format!("main:{name}")]).is_silent();
        site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", "refs/heads/main"]);
        // Both references in one push: neither excuses the other.
        site.push(&["main", &format!("main:{name}-again")]).is_blocked(&["refs/heads/main"]);
        site.push(&["main:refs/heads/side", &format!(":{name}")]).is_blocked(&["refs/heads/side"]);
    }
    let objects = site.on_server(&["rev-parse", "refs/users/eve/1", "refs/pull/1/head"]);
    assert_eq!(objects.lines().count(), 2, "the objects are there, and still not old");
    std::fs::remove_file(site.server.join("hooks/importgate-server.toml")).unwrap();
    // Nor do those whose pushes are judged, but which lead to nothing that is there.
    site.push(&["main:refs/heads/by-default"]).is_blocked(&["[old] bad.py:1:1", "refs/heads/by-default"]);
}

#[test]
fn a_fork_has_what_it_borrows() {
    let site = Site::new();
    let fork = site.client.beside("fork.git");
    let fork_path = fork.to_str().unwrap();
    // A fork as forges make it: borrowed objects, and no reference but the default branch.
    site.client.git(&["clone", "-q", "--bare", "--shared", "../server.git", fork_path]);
    let upstream = site.client.git(&["rev-parse", "HEAD"]);
    site.install_in(&fork);
    site.client.git(&["remote", "set-url", "origin", fork_path]);
    site.client.write("old.py", format!("import os\n{BAD}")).commit("upstream goes on");
    site.client.git(&["push", "-q", "../server.git", "main"]);
    site.push(&["main:refs/heads/synced"]).is_silent();
    // The same if the fork has no reference to it.
    site.client.git_in(&fork, &["update-ref", "-d", "refs/heads/synced"]);
    site.push(&[&format!("{upstream}:refs/heads/other"), "main:refs/heads/synced"]).is_silent();
    site.commit("bad.py", BAD);
    let push = site.push(&["main"]);
    push.is_blocked(&["[old] bad.py:1:1"]);
    assert_eq!(push.findings().len(), 1);
}

#[test]
fn a_shallow_push() {
    let site = Site::new();
    for at in 0..3 {
        site.commit("file.py", format!("x = {at}\n"));
    }
    site.push(&["main"]).is_silent();
    site.on_server(&["config", "receive.shallowUpdate", "true"]);
    let shallow = site.client.beside("shallow");
    let url = format!("file://{}", site.server.display());
    site.client.git(&["clone", "-q", "--depth=1", &url, shallow.to_str().unwrap()]);
    let push = |refs: &[&str]| {
        let mut command = site.command(refs);
        Push::of(&command.current_dir(&shallow).output().unwrap())
    };
    let commit = |path: &str, content: &str| {
        std::fs::write(shallow.join(path), content).unwrap();
        site.client.git_in(&shallow, &["add", "--all"]);
        site.client.git_in(&shallow, &["commit", "-q", "-m", path]);
    };
    commit("fine.py", "import os\n");
    push(&["main"]).is_silent();
    commit("bad.py", BAD);
    push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    site.client.git_in(&shallow, &["reset", "-q", "--hard", "HEAD~"]);
    // A commit that only looks like a root, so that all its files look new.
    site.client.git_in(&shallow, &["checkout", "-q", "--orphan", "root"]);
    commit("fine.py", "import sys\n");
    commit("more.py", "import sys\n");
    let other = site.client.beside("shallower");
    let url = format!("file://{}", shallow.display());
    site.client.git(&["clone", "-q", "--depth=1", "-b", "root", &url, other.to_str().unwrap()]);
    let server = site.server.to_str().unwrap();
    let mut command = site.client.command("git");
    let push = Push::of(&command.current_dir(&other).args(["push", server, "root"]).output().unwrap());
    // The pusher chooses where a shallow history ends, so that it is no excuse.
    assert!(!push.is_through, "{}", push.text);
    assert!(push.text.contains("error: could not judge: the pushed history is shallow"), "{}", push.text);
}

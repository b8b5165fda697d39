//! Forced pushes: what comes in place of an old tip may have what that tip's own commits had added, and no more.

use super::*;

impl Site {
    /// Commits old code to a new branch, from before the gate.
    pub(super) fn legacy(&self, branch: &str, path: &str) -> String {
        self.branch(branch, "main");
        let legacy = self.commit(path, BAD);
        self.ungated_push(&[branch]);
        legacy
    }

    pub(super) fn amend(&self) {
        self.client.stage();
        self.client.git(&["commit", "-q", "--amend", "--allow-empty", "-m", "amended"]);
    }

    /// Writes a file into the last commit.
    pub(super) fn amend_with(&self, path: &str, content: impl AsRef<[u8]>) {
        self.client.write(path, content);
        self.amend();
    }

    pub(super) fn force(&self, refs: &[&str]) -> Push {
        self.push(&[&["--force"], refs].concat())
    }

    pub(super) fn to(&self, commit: &str) {
        self.client.git(&["checkout", "-q", commit]);
    }

    /// Puts all that a branch has beyond a commit into one commit on top of that.
    pub(super) fn squash_onto(&self, start: &str) {
        self.client.git(&["reset", "-q", "--soft", start]);
        self.client.git(&["commit", "-q", "--allow-empty", "-m", "squashed"]);
    }

    /// Moves main on.
    pub(super) fn main_moves_on(&self, path: &str, content: &str) {
        self.to("main");
        self.commit(path, content);
        self.push(&["main"]).is_silent();
    }
}

/// Asserts that a push is blocked for one import alone, in this file.
#[track_caller]
pub(super) fn is_blocked_for(push: &Push, path: &str) {
    push.is_blocked(&[&format!("[old] {path}:1:1")]);
    assert_eq!(push.findings().len(), 1, "{}", push.text);
}

#[test]
fn an_amended_branch_keeps_what_it_had() {
    for args in [&[][..], &["--object-format=sha256"]] {
        let site = Site::with(args);
        site.legacy("topic", "legacy.py");
        site.amend_with("fine.py", "import os\n");
        site.force(&["topic"]).is_silent();
        // Edited and moved, from packed references.
        site.on_server(&["pack-refs", "--all"]);
        site.amend_with("legacy.py", format!("import os\n\n{BAD}"));
        site.force(&["topic"]).is_silent();
        site.client.git(&["mv", "legacy.py", "moved.py"]);
        site.amend();
        site.force(&["topic"]).is_silent();
        // One more is one too many, wherever.
        site.amend_with("evil.py", BAD);
        is_blocked_for(&site.force(&["topic"]), "evil.py");
        site.client.remove("evil.py");
        site.amend_with("moved.py", format!("{BAD}{BAD}"));
        assert_eq!(site.force(&["topic"]).findings().len(), 1);
        // As often as anybody likes.
        site.amend_with("moved.py", BAD);
        for at in 0..3 {
            site.amend_with("fine.py", format!("x = {at}\n"));
            site.force(&["topic"]).is_silent();
        }
        site.amend_with("evil.py", BAD);
        is_blocked_for(&site.force(&["topic"]), "evil.py");
    }
}

#[test]
fn a_rebased_or_squashed_branch_keeps_what_it_had() {
    let site = Site::new();
    site.legacy("topic", "legacy.py");
    site.commit("more.py", "import os\n");
    site.commit("again.py", BAD);
    site.ungated_push(&["topic"]);
    site.main_moves_on("elsewhere.py", "import sys\n");
    site.to("topic");
    site.client.git(&["rebase", "-q", "main"]);
    site.force(&["topic"]).is_silent();
    site.squash_onto("main");
    site.force(&["topic"]).is_silent();
    site.commit("evil.py", BAD);
    is_blocked_for(&site.push(&["topic"]), "evil.py");
    is_blocked_for(&site.force(&["topic"]), "evil.py");
    site.squash_onto("main");
    is_blocked_for(&site.force(&["topic"]), "evil.py");
    // One in place of another passes; afterwards there is room for no third one.
    site.client.remove("again.py");
    site.amend();
    site.force(&["topic"]).is_silent();
    site.commit("again.py", BAD);
    is_blocked_for(&site.push(&["topic"]), "again.py");
    site.squash_onto("main");
    let push = site.force(&["topic"]);
    assert!(!push.is_through && push.findings().len() == 1, "{}", push.text);
}

#[test]
fn what_main_has_of_the_same_kind_takes_no_room() {
    let site = Site::new();
    site.legacy("topic", "legacy.py");
    // Main gets the same import elsewhere, and the branch is rebased onto it.
    site.to("main");
    site.commit("main.py", BAD);
    site.ungated_push(&["main"]);
    site.to("topic");
    site.client.git(&["rebase", "-q", "main"]);
    site.force(&["topic"]).is_silent();
    site.amend_with("evil.py", BAD);
    is_blocked_for(&site.force(&["topic"]), "evil.py");
}

#[test]
fn what_the_old_tip_inherited_makes_no_room() {
    let site = Site::new();
    site.branch("topic", "main");
    site.commit("fine.py", "import os\n");
    site.push(&["topic"]).is_silent();
    let own = site.client.git(&["rev-parse", "HEAD"]);
    site.to("main");
    site.client.remove("old.py").commit("cleaned");
    site.push(&["main"]).is_silent();
    // All files of the old tip, on top of a main that has cleaned up.
    site.to("topic");
    site.client.git(&["reset", "-q", "--soft", "main"]);
    site.client.git(&["commit", "-q", "-m", "squashed"]);
    is_blocked_for(&site.force(&["topic"]), "old.py");
    // Nor if the branch has moved it.
    site.client.git(&["reset", "-q", "--hard", &own]);
    site.client.git(&["mv", "old.py", "moved.py"]);
    site.amend();
    site.force(&["topic"]).is_silent();
    site.client.git(&["reset", "-q", "--soft", "main"]);
    site.client.git(&["commit", "-q", "-m", "squashed"]);
    is_blocked_for(&site.force(&["topic"]), "moved.py");
}

#[test]
fn commits_that_stay_make_no_room_twice() {
    let site = Site::new();
    site.legacy("topic", "legacy.py");
    site.commit("fine.py", "import os\n");
    site.ungated_push(&["topic"]);
    // The commit with the old code stays, the one above it is amended.
    site.amend_with("fine.py", "import sys\n");
    site.force(&["topic"]).is_silent();
    site.amend_with("evil.py", BAD);
    is_blocked_for(&site.force(&["topic"]), "evil.py");
    // A rewritten branch that contains its old tip as a side of a merge is no rewritten one.
    site.client.git(&["reset", "-q", "--hard", "main"]);
    site.commit("evil.py", BAD);
    site.client.git(&["merge", "-q", "--no-edit", "origin/topic"]);
    is_blocked_for(&site.force(&["topic"]), "evil.py");
}

#[test]
fn what_the_old_tip_had_removed_stays_removed() {
    let site = Site::new();
    site.legacy("topic", "legacy.py");
    site.client.remove("legacy.py").commit("cleaned");
    site.push(&["topic"]).is_silent();
    site.squash_onto("main");
    site.amend_with("legacy.py", BAD);
    is_blocked_for(&site.force(&["topic"]), "legacy.py");
}

#[test]
fn the_default_branch_may_be_rewritten_too() {
    let site = Site::new();
    let base = site.client.git(&["rev-parse", "HEAD"]);
    site.commit("legacy.py", BAD);
    site.ungated_push(&["main"]);
    site.client.git(&["reset", "-q", "--soft", &base]);
    site.client.git(&["commit", "-q", "-m", "said otherwise"]);
    site.force(&["main"]).is_silent();
    // All of its history, down to the first commit.
    let tree = site.client.git(&["rev-parse", "HEAD^{tree}"]);
    let root = site.client.git(&["commit-tree", "-m", "all anew", &tree]);
    site.client.git(&["reset", "-q", "--hard", &root]);
    site.force(&["main"]).is_silent();
    site.amend_with("evil.py", BAD);
    is_blocked_for(&site.force(&["main"]), "evil.py");
    // With a branch that has the same beginning, that is no longer its own.
    site.amend_with("evil.py", "");
    site.push(&[&format!("{root}:refs/heads/other")]).is_silent();
    assert_eq!(site.force(&["main"]).findings().len(), 2);
}

#[test]
fn tags_that_move_are_references_too() {
    let site = Site::new();
    site.branch("topic", "main");
    site.commit("legacy.py", BAD);
    site.client.git(&["tag", "-a", "-m", "one", "v1"]);
    site.ungated_push(&["v1"]);
    site.amend_with("fine.py", "import os\n");
    site.client.git(&["tag", "-f", "-a", "-m", "two", "v1"]);
    site.force(&["v1"]).is_silent();
    site.amend_with("evil.py", BAD);
    site.client.git(&["tag", "-f", "-a", "-m", "three", "v1"]);
    is_blocked_for(&site.force(&["v1"]), "evil.py");
}

#[test]
fn what_only_warned_makes_no_room_for_what_blocks() {
    let site = Site::new();
    let policy = format!("{POLICY}cap = {{ in = 'soft', severity = 'warn' }}\n");
    site.commit("policy.toml", policy);
    site.ungated_push(&["main"]);
    site.branch("topic", "main");
    site.commit("soft/a.py", BAD);
    site.push(&["topic"]).warns(&["warning: [old] soft/a.py:1:1"]);
    site.amend_with("fine.py", "import os\n");
    site.force(&["topic"]).is_silent();
    site.client.git(&["mv", "soft/a.py", "a.py"]);
    site.amend();
    is_blocked_for(&site.force(&["topic"]), "a.py");
    // What blocked makes room for what warns.
    site.legacy("second", "hard.py");
    site.client.write("soft/b.py", BAD).remove("hard.py");
    site.amend();
    site.force(&["second"]).is_silent();
}

#[test]
fn tests_make_no_room_for_production() {
    let site = Site::new();
    site.legacy("topic", "tests/test_a.py");
    site.client.git(&["mv", "tests/test_a.py", "tests/test_b.py"]);
    site.amend();
    site.force(&["topic"]).is_silent();
    site.client.git(&["mv", "tests/test_b.py", "b.py"]);
    site.amend();
    is_blocked_for(&site.force(&["topic"]), "b.py");
    site.legacy("second", "b.py");
    site.client.git(&["mv", "b.py", "tests/test_b.py"]);
    site.amend();
    site.force(&["second"]).is_silent();
}

#[test]
fn lines_and_modules_are_counted_like_imports() {
    let site = Site::new();
    let policy = "importgate = 1\n[[rule]]\nid = 'line'\nlanguage = 'python'\npattern = 'TODO'\nseverity = 'block'\n\
                  [[rule]]\nid = 'old'\nlanguage = 'python'\nforbid = ['a.old']\nseverity = 'block'\n";
    site.commit("policy.toml", policy);
    site.ungated_push(&["main"]);
    site.branch("topic", "main");
    site.client.write("legacy.py", "x = TODO\n").write("a/old.py", "");
    site.client.commit("legacy");
    site.ungated_push(&["topic"]);
    site.amend_with("legacy.py", "import os\nif os:\n    x = TODO\n");
    site.force(&["topic"]).is_silent();
    site.amend_with("a/old/deeper.py", "");
    let push = site.force(&["topic"]);
    push.warns(&["[old] a/old/deeper.py:1:1"]);
    assert_eq!(push.findings().len(), 1, "{}", push.text);
    site.amend_with("legacy.py", "x = TODO\nx = TODO\ny = TODO\n");
    let push = site.force(&["topic"]);
    push.is_blocked(&["[line] legacy.py:"]);
    assert_eq!(push.findings().len(), 2, "{}", push.text);
}

#[test]
fn lines_that_become_code_have_no_more_room() {
    let site = Site::new();
    site.commit("text.py", format!("\"\"\"\n{}\"\"\"\n", BAD.repeat(3)));
    site.push(&["main"]).is_silent();
    site.legacy("topic", "legacy.py");
    site.branch("side", "main");
    site.commit("side.py", "import os\n");
    site.push(&["side"]).is_silent();
    // Three lines that no side lacks, in a merge, and room for one.
    site.to("topic");
    site.client.git(&["reset", "-q", "--hard", "main"]);
    site.client.git(&["merge", "-q", "--no-ff", "--no-commit", "side"]);
    site.client.write("text.py", BAD.repeat(3)).stage();
    site.client.git(&["commit", "-q", "--no-edit"]);
    assert_eq!(site.force(&["topic"]).findings().len(), 2);
    site.amend_with("text.py", format!("{BAD}\"\"\"\n{}\"\"\"\n", BAD.repeat(2)));
    site.force(&["topic"]).is_silent();
}

#[test]
fn very_much_old_code_may_be_rewritten() {
    let site = Site::new();
    let many: String = (0..6_000).map(|at| format!("from a.old import X{at}\n")).collect();
    site.branch("topic", "main");
    site.commit("legacy.py", &many);
    site.ungated_push(&["topic"]);
    site.amend_with("fine.py", "import os\n");
    site.force(&["topic"]).is_silent();
    site.amend_with("evil.py", BAD);
    is_blocked_for(&site.force(&["topic"]), "evil.py");
    // Many references with an old tip each, and one commit.
    site.branch("x0", "main");
    for at in 0..20 {
        site.branch(&format!("b{at}"), "main");
        site.commit(&format!("legacy{at}.py"), BAD);
    }
    let names: Vec<String> = (0..20).map(|at| format!("b{at}")).collect();
    site.ungated_push(&names.iter().map(String::as_str).collect::<Vec<_>>());
    site.amend_with("fine.py", "import os\n");
    let refs: Vec<String> = names.iter().map(|name| format!("b19:refs/heads/{name}")).collect();
    let refs: Vec<&str> = refs.iter().map(String::as_str).collect();
    site.force(&refs).is_silent();
}

#[test]
fn a_file_that_counts_once_makes_room_for_one_file() {
    let site = Site::new();
    site.commit("policy.toml", format!("{POLICY}counts = 'files'\n"));
    site.ungated_push(&["main"]);
    site.branch("topic", "main");
    site.commit("legacy.py", "from a.old import X\nfrom a.old import Y\nfrom a.old import Z\n");
    site.ungated_push(&["topic"]);
    site.amend_with("fine.py", "import os\n");
    site.force(&["topic"]).is_silent();
    site.amend_with("evil.py", BAD);
    is_blocked_for(&site.force(&["topic"]), "evil.py");
}

#[test]
fn a_branch_that_has_merged_main_keeps_what_it_had() {
    // The base has an import that main cleans up; the branch adds one, and merges main.
    let site = Site::new();
    site.legacy("topic", "legacy.py");
    site.to("main");
    site.client.remove("old.py").commit("cleaned");
    site.push(&["main"]).is_silent();
    site.to("topic");
    site.client.git(&["merge", "-q", "--no-edit", "main"]);
    site.push(&["topic"]).is_silent();
    site.squash_onto("main");
    site.force(&["topic"]).is_silent();
    site.amend_with("evil.py", BAD);
    is_blocked_for(&site.force(&["topic"]), "evil.py");
}

#[test]
fn each_policy_has_its_own_room() {
    let site = Site::new();
    std::fs::write(site.server.join("hooks/org.toml"), POLICY.replace("a.old", "a.older").replace("'old'", "'org'"))
        .unwrap();
    site.legacy("topic", "legacy.py");
    site.admin("policies = ['org.toml', 'repository']\n");
    site.amend_with("fine.py", "import os\n");
    site.force(&["topic"]).is_silent();
    site.amend_with("older.py", "import a.older\n");
    let push = site.force(&["topic"]);
    push.is_blocked(&["[org/org] older.py:1:1"]);
    assert_eq!(push.findings().len(), 1, "{}", push.text);
}

//! Real `git commit` runs, with a real index and the real hook.

use std::path::Path;
use std::process::Output;

use crate::repo::TestRepo;

const POLICY: &str = "\
importgate = 1
[[rule]]
id = 'old'
language = 'python'
forbid = ['a.old', 'a.older']
use-instead = 'a.new'
severity = 'block'
";
const BAD: &str = "from a.old import X\n";
const GOOD: &str = "from a.new import X\n";

/// Returns a repository with a policy, a file and the hooks.
fn gated() -> TestRepo {
    gated_like(TestRepo::new())
}

fn gated_like(repo: TestRepo) -> TestRepo {
    repo.write("policy.toml", POLICY);
    repo.write("x.py", "import os\n");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--message", "first"]);
    install(&repo);
    repo
}

fn install(repo: &TestRepo) {
    let run = repo.importgate(&["install"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

fn stderr(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

#[track_caller]
fn blocked(repo: &TestRepo, arguments: &[&str], place: &str) {
    let before = repo.try_git(&["rev-parse", "HEAD"]).stdout;
    let run = repo.try_git(arguments);
    let said = stderr(&run);
    assert!(!run.status.success(), "{arguments:?} was not blocked: {said}");
    assert!(said.contains(&format!("importgate: blocked {place}: use a.new")), "{said}");
    assert_eq!(before, repo.try_git(&["rev-parse", "HEAD"]).stdout, "a commit was made");
}

#[track_caller]
fn passes(repo: &TestRepo, arguments: &[&str]) {
    let run = repo.try_git(arguments);
    assert!(run.status.success(), "{arguments:?}: {}", stderr(&run));
    assert!(!stderr(&run).contains("importgate"), "{}", stderr(&run));
}

#[test]
fn a_forbidden_import_is_blocked_and_the_canonical_one_accepted() {
    let repo = gated();
    repo.write("x.py", BAD);
    repo.git(&["add", "x.py"]);
    blocked(&repo, &["commit", "-m", "bad"], "x.py:1");
    repo.write("x.py", GOOD);
    repo.git(&["add", "x.py"]);
    passes(&repo, &["commit", "-m", "good"]);
}

#[test]
fn the_index_is_judged_not_the_worktree() {
    let repo = gated();
    repo.write("x.py", GOOD);
    repo.git(&["add", "x.py"]);
    repo.write("x.py", BAD);
    passes(&repo, &["commit", "-m", "staged is good"]);
    repo.git(&["add", "x.py"]);
    repo.write("x.py", GOOD);
    blocked(&repo, &["commit", "-m", "staged is bad"], "x.py:1");
}

#[test]
fn commit_all_and_commit_path() {
    let repo = gated();
    repo.write("y.py", "");
    repo.git(&["add", "y.py"]);
    passes(&repo, &["commit", "-m", "y"]);
    repo.write("x.py", BAD);
    repo.write("y.py", GOOD);
    blocked(&repo, &["commit", "-a", "-m", "all"], "x.py:1");
    passes(&repo, &["commit", "-m", "only y", "y.py"]);
    blocked(&repo, &["commit", "-m", "only x", "x.py"], "x.py:1");
    repo.git(&["add", "x.py"]);
    repo.write("y.py", "import sys\n");
    passes(&repo, &["commit", "-m", "y again, x stays staged", "--only", "y.py"]);
    blocked(&repo, &["commit", "-m", "y and what is staged", "--include", "y.py"], "x.py:1");
}

#[test]
fn commit_patch() {
    let repo = gated();
    repo.write("x.py", "import os\nfrom a.old import X\n");
    let run = repo.git_with_input(&["commit", "-p", "-m", "patch"], "y\n");
    assert!(!run.status.success() && stderr(&run).contains("x.py:2"), "{}", stderr(&run));
    let run = repo.git_with_input(&["commit", "-p", "-m", "patch"], "n\n");
    assert!(!stderr(&run).contains("importgate"), "{}", stderr(&run));
}

#[test]
fn amend_and_first_commit() {
    let repo = gated();
    repo.write("x.py", BAD);
    repo.git(&["add", "x.py"]);
    blocked(&repo, &["commit", "--amend", "--no-edit"], "x.py:1");

    let fresh = TestRepo::new();
    fresh.write("policy.toml", POLICY);
    fresh.write("x.py", BAD);
    install(&fresh);
    fresh.git(&["add", "--all"]);
    blocked(&fresh, &["commit", "-m", "first"], "x.py:1");
    fresh.write("x.py", GOOD);
    fresh.git(&["add", "--all"]);
    passes(&fresh, &["commit", "-m", "first"]);
}

#[test]
fn from_a_subdirectory() {
    let repo = gated();
    repo.write("deep/er/x.py", BAD);
    repo.git(&["add", "--all"]);
    blocked(&repo, &["-C", "deep/er", "commit", "-m", "bad"], "deep/er/x.py:1");
    let run = repo.importgate_in("deep/er", &["check"]);
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
}

#[test]
fn a_linked_worktree() {
    let repo = gated();
    repo.git(&["worktree", "add", "--quiet", "-b", "side", "linked"]);
    repo.write("linked/x.py", BAD);
    repo.git(&["-C", "linked", "add", "x.py"]);
    let run = repo.try_git(&["-C", "linked", "commit", "-m", "bad"]);
    assert!(!run.status.success() && stderr(&run).contains("x.py:1"), "{}", stderr(&run));
    passes(&repo, &["commit", "--allow-empty", "-m", "the main worktree has nothing staged"]);
}

#[test]
fn a_submodule() {
    let inner = gated();
    let repo = TestRepo::new();
    repo.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &inner.top().to_string_lossy(),
        "sub",
    ]);
    repo.git(&["commit", "--quiet", "-m", "submodule"]);
    let run = repo.importgate_in("sub", &["install"]);
    assert!(run.status.success(), "{}", stderr(&run));
    repo.write("sub/x.py", BAD);
    repo.git(&["-C", "sub", "add", "x.py"]);
    let run = repo.try_git(&["-C", "sub", "commit", "-m", "bad"]);
    assert!(!run.status.success() && stderr(&run).contains("x.py:1"), "{}", stderr(&run));
    // The submodule's commit is no file of the outer repository.
    repo.git(&["-C", "sub", "commit", "--quiet", "--no-verify", "-m", "bad"]);
    repo.write("policy.toml", POLICY);
    repo.git(&["add", "--all"]);
    assert_eq!(repo.importgate(&["check"]).status.code(), Some(0));
}

#[test]
fn intent_to_add_is_not_yet_content() {
    let repo = gated();
    repo.write("later.py", BAD);
    repo.git(&["add", "--intent-to-add", "later.py"]);
    repo.write("x.py", GOOD);
    repo.git(&["add", "x.py"]);
    passes(&repo, &["commit", "-m", "without later.py"]);
    repo.write("x.py", BAD);
    repo.git(&["add", "x.py"]);
    blocked(&repo, &["commit", "-m", "bad"], "x.py:1");
}

#[test]
fn deleted_renamed_and_changed_in_type() {
    let repo = gated();
    repo.write("old.py", BAD);
    repo.write("dir.py", BAD);
    repo.write("link-to-be.py", BAD);
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--no-verify", "-m", "grandfathered"]);

    repo.git(&["mv", "old.py", "new.py"]);
    passes(&repo, &["commit", "-m", "renamed"]);
    repo.git(&["mv", "new.py", "newer.py"]);
    repo.write("newer.py", format!("import sys\n{BAD}\n\ndef f():\n    pass\n"));
    repo.git(&["add", "--all"]);
    passes(&repo, &["commit", "-m", "renamed and edited"]);
    repo.git(&["update-index", "--chmod=+x", "newer.py"]);
    passes(&repo, &["commit", "-m", "mode only"]);
    repo.git(&["rm", "--quiet", "--force", "newer.py"]);
    passes(&repo, &["commit", "-m", "deleted"]);

    // A file becomes a folder of the same name.
    repo.git(&["rm", "--quiet", "dir.py"]);
    repo.write("dir.py/inner.py", "from a.older import Y\n");
    repo.git(&["add", "--all"]);
    blocked(&repo, &["commit", "-m", "folder"], "dir.py/inner.py:1");
    repo.write("dir.py/inner.py", BAD);
    repo.git(&["add", "--all"]);
    passes(&repo, &["commit", "-m", "the same import, elsewhere"]);

    // A symlink is no file, and a file that replaces one is all new.
    repo.git(&["rm", "--quiet", "-r", "dir.py"]);
    std::fs::remove_file(repo.top().join("link-to-be.py")).unwrap();
    std::os::unix::fs::symlink("from a.old import X", repo.top().join("link-to-be.py")).unwrap();
    repo.git(&["add", "--all"]);
    passes(&repo, &["commit", "-m", "links"]);
    std::fs::remove_file(repo.top().join("link-to-be.py")).unwrap();
    repo.write("link-to-be.py", BAD);
    repo.git(&["add", "--all"]);
    blocked(&repo, &["commit", "-m", "a file again"], "link-to-be.py:1");
}

/// Returns a repository whose branches conflict in `x.py`, with the merge begun on the first.
fn conflict(ours: &str, theirs: &str) -> TestRepo {
    let repo = gated();
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("x.py", theirs);
    repo.git(&["commit", "--quiet", "--no-verify", "-am", "theirs"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("x.py", ours);
    repo.git(&["commit", "--quiet", "--no-verify", "-am", "ours"]);
    assert!(!repo.try_git(&["merge", "side"]).status.success());
    repo
}

#[test]
fn a_conflict_being_concluded() {
    let repo = conflict("import ours\n", BAD);
    repo.write("x.py", format!("import ours\n{BAD}"));
    repo.git(&["add", "x.py"]);
    passes(&repo, &["commit", "-m", "what a parent had is not new"]);

    let repo = conflict("import ours\n", "import theirs\n");
    repo.write("x.py", format!("import ours\n{BAD}"));
    repo.git(&["add", "x.py"]);
    blocked(&repo, &["commit", "-m", "an evil merge"], "x.py:2");
    repo.write("x.py", "import ours\nimport theirs\n");
    repo.write("new.py", BAD);
    repo.git(&["add", "--all"]);
    blocked(&repo, &["commit", "-m", "an evil merge by a new file"], "new.py:1");
}

#[test]
fn a_clean_merge() {
    let repo = gated();
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("side.py", BAD);
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--no-verify", "-m", "side"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("main.py", "");
    repo.git(&["add", "--all"]);
    passes(&repo, &["commit", "-m", "main"]);
    passes(&repo, &["merge", "--no-edit", "--quiet", "side"]);
    assert_eq!(repo.git(&["rev-list", "--count", "--merges", "HEAD"]).trim(), "1");
}

#[test]
fn a_merge_hook_that_is_called_with_something_new_blocks() {
    let repo = gated();
    for (branch, source) in [("one", "import one\n"), ("two", "import two\n")] {
        repo.git(&["checkout", "--quiet", "-b", branch, "main"]);
        repo.write(&format!("{branch}.py"), source);
        repo.git(&["add", "--all"]);
        repo.git(&["commit", "--quiet", "-m", branch]);
    }
    // A file that a merge driver or another hook could add between the merge and this hook.
    let theirs = repo.git(&["rev-parse", "one"]);
    repo.git(&["merge", "--no-commit", "--no-ff", "one"]);
    repo.write("evil.py", BAD);
    repo.git(&["add", "evil.py"]);
    std::fs::remove_file(repo.top().join(".git/MERGE_HEAD")).unwrap();
    let variable = format!("GITHEAD_{}", theirs.trim());
    let run = repo.importgate_with_env(&["pre-merge-commit"], &[(&variable, "one")]);
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    assert!(stderr(&run).contains("evil.py:1") && stderr(&run).contains("1 of 1 changed file"), "{}", stderr(&run));
}

#[test]
fn an_octopus() {
    let repo = gated();
    repo.write("x.py", "import os\n\n\n\n\n\n\n\n\nimport sys\n");
    repo.git(&["commit", "--quiet", "-am", "base"]);
    let branches = [
        ("one", format!("{BAD}import os\n\n\n\n\n\n\n\n\nimport sys\n")),
        ("two", format!("import os\n\n\n\n\n\n\n\n\nimport sys\n{BAD}")),
    ];
    for (branch, source) in &branches {
        repo.git(&["checkout", "--quiet", "-b", branch, "main"]);
        repo.write("x.py", source);
        repo.write(&format!("{branch}.py"), "");
        repo.git(&["add", "--all"]);
        repo.git(&["commit", "--quiet", "--no-verify", "-m", branch]);
    }
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("main.py", "");
    repo.git(&["add", "--all"]);
    passes(&repo, &["commit", "-m", "main"]);
    // Each parent has the import once, at different lines.
    passes(&repo, &["merge", "--no-edit", "--quiet", "one", "two"]);
    assert_eq!(repo.git(&["show", "--no-patch", "--format=%P", "HEAD"]).split_whitespace().count(), 3);
    assert_eq!(repo.git(&["show", "HEAD:x.py"]).matches(BAD.trim()).count(), 2);
}

/// The import's line is in a parent, as text; the old file of both parents counts once for each.
#[test]
fn a_merge_that_makes_code_of_a_parents_text() {
    let repo = gated();
    repo.write("old.py", format!("{BAD}x = 1\n"));
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--no-verify", "-m", "base"]);
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("text.py", format!("'''\n{BAD}'''\n")).write("old.py", format!("{BAD}x = 2\n"));
    repo.git(&["add", "--all"]);
    passes(&repo, &["commit", "-m", "text"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("old.py", format!("{BAD}x = 3\n"));
    passes(&repo, &["commit", "-am", "main"]);
    repo.git(&["merge", "--quiet", "--no-commit", "--strategy=ours", "side"]);
    repo.write("text.py", format!("\n{BAD}"));
    repo.git(&["add", "--all"]);
    blocked(&repo, &["commit", "-m", "merge"], "text.py:2");
}

#[test]
fn a_cherry_pick_that_goes_on() {
    let repo = gated();
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("x.py", BAD);
    repo.git(&["commit", "--quiet", "--no-verify", "-am", "side"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("x.py", "import other\n");
    repo.git(&["commit", "--quiet", "-am", "main"]);
    assert!(!repo.try_git(&["cherry-pick", "side"]).status.success());
    repo.write("x.py", BAD);
    repo.git(&["add", "x.py"]);
    blocked(&repo, &["-c", "core.editor=true", "cherry-pick", "--continue"], "x.py:1");
}

#[test]
fn a_branch_that_is_behind_is_not_blamed_for_what_main_cleaned_up() {
    let repo = gated();
    repo.write("x.py", BAD);
    repo.git(&["commit", "--quiet", "--no-verify", "-am", "old code"]);
    repo.git(&["checkout", "--quiet", "-b", "feature"]);
    repo.write("feature.py", GOOD);
    repo.git(&["add", "--all"]);
    passes(&repo, &["commit", "-m", "feature"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("x.py", GOOD);
    passes(&repo, &["commit", "-am", "clean-up"]);

    let run = repo.importgate(&["check", "--range", "main..feature"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stdout));
    repo.git(&["checkout", "--quiet", "feature"]);
    repo.write("feature.py", "from a.older import Y\n");
    repo.git(&["commit", "--quiet", "--no-verify", "-am", "bad"]);
    let run = repo.importgate(&["check", "--range", "main..feature"]);
    assert_eq!(run.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&run.stdout).contains("feature.py:1"), "{}", String::from_utf8_lossy(&run.stdout));
}

/// Judges a branch from before main's clean-up that then merges main. `before` and `after` act
/// before and after the merge.
#[track_caller]
fn range_after_merging_main(
    before: &dyn Fn(&TestRepo),
    resolution: &dyn Fn(&TestRepo),
    after: &dyn Fn(&TestRepo),
) -> String {
    let repo = gated();
    let commit = |message: &str| {
        repo.git(&["add", "--all"]);
        repo.git(&["commit", "--quiet", "--no-verify", "--allow-empty", "-m", message]);
    };
    repo.write("x.py", BAD).write("kept.py", "# kept\n");
    commit("old code");
    repo.git(&["checkout", "--quiet", "-b", "feature"]);
    before(&repo);
    commit("feature");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("x.py", GOOD);
    commit("clean-up");
    repo.git(&["checkout", "--quiet", "feature"]);
    repo.try_git(&["merge", "--quiet", "--no-verify", "--no-commit", "main"]);
    resolution(&repo);
    commit("merge");
    after(&repo);
    commit("more");
    let run = repo.importgate(&["check", "--range", "main..feature"]);
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert_eq!(run.status.code() == Some(1), said.contains("blocked"), "{said}");
    said
}

#[test]
fn what_main_cleaned_up_makes_no_room_on_a_branch_that_has_merged_main() {
    let nothing = |_: &TestRepo| {};
    let adds = |repo: &TestRepo| {
        repo.write("new.py", BAD);
    };
    for (before, after) in [(&adds as &dyn Fn(&TestRepo), &nothing as &dyn Fn(&TestRepo)), (&nothing, &adds)] {
        let said = range_after_merging_main(before, &nothing, after);
        assert!(said.contains("new.py:1") && said.contains("1 blocked in 1 of"), "{said}");
    }
    let said = range_after_merging_main(&nothing, &nothing, &nothing);
    assert!(!said.contains("blocked"), "{said}");
}

#[test]
fn what_a_branch_had_and_keeps_in_a_merge_is_not_new() {
    let nothing = |_: &TestRepo| {};
    let keeps = |repo: &TestRepo| {
        repo.write("x.py", BAD);
    };
    let said = range_after_merging_main(&nothing, &keeps, &nothing);
    assert!(!said.contains("blocked"), "{said}");
    // The import is moved on the branch, and the clean-up of its old place merged.
    let moves = |repo: &TestRepo| {
        repo.write("moved.py", BAD).write("x.py", "# moved\n");
    };
    let resolves = |repo: &TestRepo| {
        repo.write("x.py", GOOD);
    };
    let said = range_after_merging_main(&moves, &resolves, &nothing);
    assert!(!said.contains("blocked"), "{said}");
}

#[test]
fn other_kinds_of_repository_and_index() {
    let sha256 = gated_like(TestRepo::with(&["--object-format=sha256"]));
    let split = gated();
    split.git(&["update-index", "--split-index"]);
    let fourth = gated();
    fourth.git(&["update-index", "--index-version", "4"]);
    let sparse = gated();
    sparse.write("in/x.py", "");
    sparse.write("out/deep/x.py", "");
    sparse.git(&["add", "--all"]);
    sparse.git(&["commit", "--quiet", "-m", "folders"]);
    sparse.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    for (name, repo) in [("sha256", sha256), ("split", split), ("version 4", fourth), ("sparse", sparse)] {
        repo.write("x.py", BAD);
        assert_eq!(repo.importgate(&["check"]).status.code(), Some(0), "{name}: nothing is staged");
        repo.git(&["add", "x.py"]);
        assert_eq!(repo.importgate(&["check"]).status.code(), Some(1), "{name}: by hand");
        blocked(&repo, &["commit", "-m", name], "x.py:1");
        blocked(&repo, &["commit", "-m", name, "x.py"], "x.py:1");
        repo.write("x.py", GOOD);
        passes(&repo, &["commit", "-am", name]);
    }
}

#[test]
fn a_partial_clone_without_the_old_content_warns() {
    let origin = gated();
    origin.write("x.py", format!("import os\n{BAD}"));
    origin.git(&["commit", "--quiet", "--no-verify", "-am", "old code"]);
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = TestRepo::empty();
    let from = format!("file://{}", origin.top().display());
    clone.git(&["clone", "--quiet", "--no-checkout", "--filter=blob:none", &from, "."]);
    clone.git(&["read-tree", "HEAD"]);
    clone.write("policy.toml", POLICY);
    clone.git(&["add", "policy.toml"]);
    clone.write("x.py", format!("import os\nimport sys\n{BAD}"));
    clone.git(&["add", "x.py"]);
    // Git would fetch missing objects; importgate never does.
    let run = clone.importgate(&["check"]);
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert_eq!(run.status.code(), Some(0), "{said}{}", stderr(&run));
    assert!(said.contains("not in this clone") && said.contains("warning"), "{said}");
}

#[test]
fn hooks_path_and_environment() {
    let repo = gated();
    repo.git(&["config", "core.hooksPath", "my hooks"]);
    install(&repo);
    assert!(repo.top().join("my hooks/pre-commit").exists());
    repo.write("x.py", BAD);
    repo.git(&["add", "x.py"]);
    blocked(&repo, &["commit", "-m", "bad"], "x.py:1");

    let elsewhere = TestRepo::empty();
    let git_dir = repo.top().join(".git");
    let env = [("GIT_DIR", git_dir.to_str().unwrap()), ("GIT_WORK_TREE", repo.top().to_str().unwrap())];
    let run = elsewhere.importgate_with_env(&["check"], &env);
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
}

#[test]
fn what_cannot_be_read_is_a_fault() {
    let nowhere = TestRepo::empty();
    let run = nowhere.importgate(&["check"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).starts_with("importgate: could not judge: "), "{}", stderr(&run));

    let repo = gated();
    repo.write("x.py", BAD);
    repo.git(&["add", "x.py"]);
    std::fs::write(repo.top().join(".git/index"), b"DIRC nonsense").unwrap();
    let run = repo.importgate(&["check"]);
    assert_eq!(run.status.code(), Some(2), "{}", stderr(&run));

    let repo = gated();
    repo.write("x.py", BAD);
    repo.git(&["add", "x.py"]);
    let blob = repo.git(&["rev-parse", ":x.py"]);
    let (folder, file) = blob.trim().split_at(2);
    std::fs::remove_file(repo.top().join(".git/objects").join(folder).join(file)).unwrap();
    let run = repo.importgate(&["check"]);
    assert_eq!(run.status.code(), Some(2), "{}", stderr(&run));
    assert!(stderr(&run).contains(blob.trim()), "{}", stderr(&run));
}

#[test]
fn reftable_is_said() {
    let repo = TestRepo::empty();
    if !repo.try_git(&["init", "--quiet", "--ref-format=reftable"]).status.success() {
        return; // Git before 2.45 has none.
    }
    repo.write("policy.toml", POLICY);
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--no-verify", "-m", "first"]);
    let run = repo.importgate(&["pre-commit"]);
    assert_eq!(run.status.code(), Some(2), "{}", stderr(&run));
    assert!(stderr(&run).contains("reftable"), "{}", stderr(&run));
}

#[test]
fn no_policy_is_said_once_and_passes() {
    let repo = gated();
    repo.git(&["rm", "--quiet", "policy.toml"]);
    repo.write("x.py", BAD);
    repo.git(&["add", "x.py"]);
    let run = repo.try_git(&["commit", "-m", "no policy"]);
    assert!(run.status.success());
    assert_eq!(stderr(&run).matches("no policy.toml").count(), 1, "{}", stderr(&run));
}

#[test]
fn a_large_file_is_sized_not_read() {
    let repo = gated();
    let large = std::fs::File::create(repo.top().join("large.py")).unwrap();
    large.set_len(64 << 20).unwrap();
    repo.git(&["add", "large.py"]);
    let run = repo.try_git(&["commit", "-m", "large"]);
    assert!(run.status.success(), "{}", stderr(&run));
    assert!(stderr(&run).contains("large.py") && stderr(&run).contains("not parsed"), "{}", stderr(&run));
    repo.write("policy.toml", format!("{POLICY}\n[settings]\ntoo-large = 'block'\n"));
    large.set_len(65 << 20).unwrap();
    repo.git(&["add", "--all"]);
    assert!(!repo.try_git(&["commit", "-m", "larger"]).status.success());
}

#[test]
fn nothing_is_written() {
    let repo = gated();
    repo.write("x.py", BAD);
    repo.git(&["add", "x.py"]);
    let before = snapshot(repo.top());
    for arguments in
        [&["check"][..], &["check", "--all"], &["check", "--range", "HEAD..HEAD"], &["pre-commit"], &["doctor"]]
    {
        repo.importgate(arguments);
    }
    assert_eq!(before, snapshot(repo.top()));
}

/// Returns every file below a folder, with its size and time.
fn snapshot(folder: &Path) -> Vec<(std::path::PathBuf, u64, std::time::SystemTime)> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let data = entry.metadata().unwrap();
            files.push((entry.path(), data.len(), data.modified().unwrap()));
            if data.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    files.sort();
    files
}

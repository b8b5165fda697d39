//! Commits that once passed the gate, or brought it down.

use serde_json::Value;

use crate::repo::{POLICY, TestRepo, gated};

fn findings(repo: &TestRepo) -> Vec<String> {
    repo.git(&["add", "--all"]);
    let run = repo.importgate(&["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    let line = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        format!("{}:{} {} {}", text("path"), finding["line"], text("severity"), text("import"))
    };
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_byte_of_an_unknown_codec_ends_no_line() {
    for source in [
        &b"# coding: cp437\nx = '\xff'; import a.old #'\n"[..],
        b"# coding: latin-1-unix\nx = '\xff'; import a.old #'\n",
        b"# coding: johab\nx = '\x84\\'; import a.old #'\n",
        b"#\xff coding: raw_unicode_escape\n#\\u000aimport a.old\n",
    ] {
        let repo = gated();
        repo.write("x.py", source);
        assert_eq!(findings(&repo), ["x.py:2 block a.old"], "{}", source.escape_ascii());
    }
}

#[test]
fn no_number_of_names_before_it_hides_an_import() {
    let many = |module: &str, count: usize| format!("    from {module} .y import {}\n", vec!["a"; count].join(","));
    let padding = ["if 0:\n", &many(&"x".repeat(1000), 18_000), &many(&"x".repeat(10), 200), &many("x", 200)].concat();
    let repo = gated();
    repo.write("x.py", padding + "from a .old import x\n");
    assert_eq!(findings(&repo), ["x.py:5 block a.old.x"]);
}

#[test]
fn a_file_too_large_before_excuses_no_other_file() {
    let repo = gated();
    repo.write("big.py", "x = 1\n".repeat(1_500_000));
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "-m", "big"]);
    repo.write("big.py", "import a.old\n");
    repo.write("x.py", "import a.old\n");
    assert_eq!(findings(&repo), ["big.py:1 warn a.old", "x.py:1 block a.old"]);
}

#[test]
fn a_file_that_grows_too_large_sets_nothing_free_elsewhere() {
    let repo = gated();
    repo.write("big.py", "import a.old\n");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "-m", "old"]);
    repo.write("big.py", format!("import a.old\n{}", "x = 1\n".repeat(1_500_000)));
    repo.write("x.py", "import a.old\n");
    assert_eq!(findings(&repo), ["x.py:1 block a.old"]);
}

#[test]
fn a_policy_that_cannot_be_read_is_no_absent_policy() {
    let repo = gated();
    repo.write("policy.toml", format!("{POLICY}{}\n", "#".repeat(9 << 20)));
    repo.write("x.py", "import a.old\n");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "-m", "large"]);
    repo.remove("policy.toml");
    assert_eq!(repo.importgate(&["check"]).status.code(), Some(2), "large");
    std::os::unix::fs::symlink("real.toml", repo.top().join("policy.toml")).unwrap();
    repo.write("real.toml", POLICY);
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "-m", "link"]);
    repo.write("y.py", "import a.old\n");
    repo.git(&["add", "--all"]);
    assert_eq!(repo.importgate(&["check"]).status.code(), Some(1), "a link is followed in the worktree");
    repo.git(&["commit", "--quiet", "-m", "more"]);
    assert_eq!(repo.importgate(&["check", "--range", "HEAD~1..HEAD"]).status.code(), Some(2), "a link in a commit");
}

#[test]
fn a_tag_of_a_file_can_be_pushed_and_a_namespace_hides_no_branch() {
    let repo = gated();
    let zeros = "0".repeat(40);
    for object in ["HEAD:policy.toml", "HEAD^{tree}"] {
        let id = repo.git(&["rev-parse", object]).trim().to_owned();
        let mut command = assert_cmd::Command::from_std(repo.importgate_command(&["pre-push", "o", "u"]));
        let run = command.write_stdin(format!("t {id} refs/tags/t {zeros}\n")).output().unwrap();
        assert_eq!(run.status.code(), Some(0), "{object}");
    }
    repo.write("x.py", "import a.old\n");
    repo.git(&["add", "--all"]);
    let run = repo.importgate_with_env(&["check"], &[("GIT_NAMESPACE", "x")]);
    assert_eq!(run.status.code(), Some(1));
}

#[test]
fn a_file_of_very_many_imports_is_as_one_that_is_too_large() {
    let repo = gated();
    for source in [
        format!("import {}a.old\n", "a,".repeat(30_000)),
        format!("from a.old import {}x\n", "x,".repeat(30_000)),
        "import a.old\n".repeat(30_000),
        format!("__import__('a', fromlist=[{}])\n", "'old',".repeat(30_000)),
    ] {
        repo.write("x.py", source);
        repo.git(&["add", "--all"]);
        let run = repo.importgate(&["check"]);
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.code() == Some(0) && said.contains("over the limit of 20000 imports"), "{said}");
    }
    repo.write("policy.toml", format!("{POLICY}[settings]\ntoo-large = 'block'\n"));
    repo.git(&["add", "--all"]);
    assert_eq!(repo.importgate(&["check"]).status.code(), Some(1));
}

/// Git accepts such a tree from anybody, and checks the entry out as a file in a folder.
#[test]
fn a_name_with_a_slash_hides_no_folder() {
    for name in ["sub/zz.py", "sub/a.py", "sub/b.py", "sub/", "sub//b.py", "sub/b", "sub/b.py/"] {
        let repo = gated();
        let (policy, harmless) = (repo.git(&["rev-parse", ":policy.toml"]), repo.object("blob", b"x = 1\n"));
        let tree = repo.tree(&[("100644", b"policy.toml", &policy), ("100644", name.as_bytes(), &harmless)]);
        let commit = repo.commit_tree(&tree);
        repo.git(&["update-ref", "HEAD", &commit]);
        repo.write("sub/a.py", "x = 1\n").write("sub/b.py", "import a.old\n").write("sub/c.py", "x = 1\n");
        assert_eq!(findings(&repo), ["sub/b.py:1 block a.old"], "{name}");
        repo.git(&["commit", "--quiet", "-m", "more"]);
        let range = repo.importgate(&["check", "--range", "HEAD~1..HEAD"]);
        assert_eq!(range.status.code(), Some(1), "{name}");
    }
}

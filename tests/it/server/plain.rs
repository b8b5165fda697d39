//! Everyday pushes.

use super::*;

/// A rule with every key that a report shows.
const TOLD: &str = "\
importgate = 1
[[rule]]
id = 'old'
language = 'python'
forbid = ['a.old']
use-instead = 'a.new'
reason = 'One path.'
severity = 'block'
";

#[test]
fn a_clean_push_is_silent() {
    let site = Site::new();
    site.commit("fine.py", "import os\n");
    site.push(&["main"]).is_silent();
    site.push(&["main"]).is_silent();
}

#[test]
fn a_bad_push_is_rejected_and_told() {
    let site = Site::ungated(&[]);
    site.client.write("policy.toml", TOLD).commit("first");
    site.client.git(&["push", "-q", "origin", "main"]);
    site.install();
    site.commit("fine.py", "import os\n");
    let bad = site.commit("app/bad.py", "import os\nfrom a.old import X\n");
    let push = site.push(&["main"]);
    let expected = [
        "error: [old] app/bad.py:2:1".to_owned(),
        "  - from a.old import X".to_owned(),
        "  + from a.new import X".to_owned(),
        "  why  One path.".to_owned(),
        format!("  from commit {} of 2023-11-14", &bad[..12]),
        "  ref  refs/heads/main".to_owned(),
        "error: 1 blocked in 1 of 2 changed files. Push rejected.".to_owned(),
    ];
    push.is_blocked(&[]);
    assert_eq!(push.lines(), expected);
    assert!(!push.text.contains(['\x1b', '\r']), "{:?}", push.text);
    let blob = site.client.git(&["rev-parse", "HEAD:app/bad.py"]);
    assert!(!site.has(&bad) && !site.has(&blob), "the objects stay in quarantine");
    // A mistake that is repaired within the push rejects nothing.
    site.commit("app/bad.py", "import os\nfrom a.new import X\n");
    site.push(&["main"]).is_silent();
    assert!(site.has(&bad));
}

#[test]
fn each_branch_is_told_its_own_commit() {
    let site = Site::new();
    site.branch("one", "main");
    let one = site.commit("x.py", BAD);
    site.branch("two", "main");
    let two = site.commit("x.py", format!("import os\n{BAD}"));
    let push = site.push(&["one", "two"]);
    push.is_blocked(&[]);
    for commit in [one, two] {
        assert!(push.text.contains(&format!("from commit {} ", &commit[..12])), "{}", push.text);
    }
}

#[test]
fn what_is_to_blame_is_named_by_its_reference() {
    let site = Site::new();
    site.branch("good", "main");
    site.commit("fine.py", "import os\n");
    site.branch("bad", "main");
    site.commit("bad.py", BAD);
    let push = site.push(&["good", "bad"]);
    push.is_blocked(&["[old] bad.py:1:1", "  ref  refs/heads/bad\n"]);
    assert!(!push.lines().join("\n").contains("refs/heads/good"), "{}", push.text);
    assert_eq!(site.on_server(&["for-each-ref", "--format=%(refname)"]), "refs/heads/main", "all or none");
}

#[test]
fn one_commit_on_several_references_is_told_once() {
    let site = Site::new();
    site.commit("bad.py", BAD);
    site.client.git(&["tag", "-a", "-m", "v1", "v1"]);
    let push = site.push(&["main", "main:refs/heads/other", "v1"]);
    push.is_blocked(&["  ref  refs/heads/main, refs/heads/other, refs/tags/v1", "error: 1 blocked in 1 of 1 changed"]);
    assert_eq!(push.findings().len(), 1);
    // Another commit with the same file: one finding, two references.
    site.branch("other", "main");
    site.commit("fine.py", "import os\n");
    let push = site.push(&["main", "other"]);
    push.is_blocked(&["  ref  refs/heads/main, refs/heads/other"]);
    assert_eq!(push.findings().len(), 1, "{}", push.text);
}

#[test]
fn deleting_passes() {
    let site = Site::new();
    site.push(&["main:refs/heads/a", "main:refs/heads/b"]).is_silent();
    site.push(&[":a"]).is_silent();
    // For a reference that does not exist, git passes `0 0 ref`.
    let push = site.push(&[":refs/heads/never"]);
    assert!(push.is_through && push.text.contains("deleting a non-existent ref"), "{}", push.text);
    // Together with a bad reference, the deletion is rejected too.
    site.commit("bad.py", BAD);
    site.push(&[":b", "main"]).is_blocked(&["[old] bad.py:1:1", "  ref  refs/heads/main\n"]);
    site.on_server(&["rev-parse", "refs/heads/b"]);
}

#[test]
fn sha256() {
    let site = Site::with(&["--object-format=sha256"]);
    site.push(&["main:refs/heads/same"]).is_silent();
    site.push(&[":same", ":refs/heads/never"]);
    let bad = site.commit("bad.py", BAD);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", &bad[..12]]);
    site.commit("bad.py", "");
    site.push(&["main"]).is_silent();
}

#[test]
fn tags_of_all_kinds() {
    let site = Site::new();
    let git = |args: &[&str]| site.client.git(args);
    // Tags of a blob and of a tree: a file by itself has no path, and a tree no history.
    for (name, of) in [("blob", "HEAD:old.py"), ("tree", "HEAD^{tree}")] {
        git(&["tag", "-a", "-m", name, name, of]);
        git(&["tag", "-a", "-m", name, &format!("{name}-nested"), name]);
        let light = format!("{}:refs/tags/{name}-light", git(&["rev-parse", of]));
        site.push(&[name, &format!("{name}-nested"), &light]).is_silent();
    }
    git(&["tag", "-a", "-m", "fine", "fine", "main"]);
    site.push(&["fine"]).is_silent();
    let bad = site.commit("bad.py", BAD);
    let mut name = bad.clone();
    for depth in 0..40 {
        git(&["tag", "-a", "-m", "deeper", &format!("t{depth}"), &name]);
        name = format!("t{depth}");
    }
    git(&["reset", "-q", "--hard", "HEAD~"]);
    for tag in ["t0", "t39"] {
        site.push(&[tag]).is_blocked(&["[old] bad.py:1:1", &bad[..12], &format!("refs/tags/{tag}")]);
    }
    assert!(!site.has(&bad));
}

#[test]
fn very_much_is_cut_with_the_total() {
    let site = Site::new();
    // One import a thousand times: each counts, as nothing is removed that could offset it.
    site.commit("many.py", BAD.repeat(1_000));
    let push = site.push(&["main"]);
    push.is_blocked(&["... and 950 more", "error: 1000 blocked in 1 of 1 changed file. Push rejected."]);
    assert_eq!(push.findings().len(), 50);
}

#[test]
fn a_client_that_does_not_listen_changes_no_verdict() {
    let site = Site::new();
    // The hook's stderr is closed or leads nowhere before it writes.
    for line in ["exec 2>&-", "exec 2>&- 1>&-", "exec 2>/dev/full"] {
        let site = Site::new();
        site.before_hook(line).commit("fine.py", "import os\n");
        site.push(&["main"]).is_silent();
        site.commit("bad.py", BAD.repeat(200));
        let push = site.push(&["main"]);
        assert!(push.lines().is_empty(), "{line}");
        push.is_blocked(&[]);
        site.commit("bad.py", "");
        site.push(&["main"]).is_silent();
    }
    // A pipe whose reader is gone; a file holds the exit status.
    let status = site.client.beside("status");
    site.commit("bad.py", BAD.repeat(200));
    let gate = site.server.join("hooks/gate");
    std::fs::rename(site.server.join("hooks/pre-receive"), &gate).unwrap();
    let script = format!("{{ hooks/gate 2>&1 >/dev/null; echo $? >'{}'; }} | :; exit 1", status.display());
    let hook = site.server.join("hooks/pre-receive");
    std::fs::write(&hook, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&hook, std::fs::metadata(&gate).unwrap().permissions()).unwrap();
    site.push(&["main"]).is_blocked(&[]);
    assert_eq!(std::fs::read_to_string(status).unwrap(), "1\n");
}

#[test]
fn thousands_of_references() {
    use std::fmt::Write as _;
    let site = Site::new();
    let head = site.client.git(&["rev-parse", "HEAD"]);
    let mut refs = String::new();
    for at in 0..3_000 {
        writeln!(refs, "create refs/heads/there/{at} {head}").unwrap();
    }
    let update = site.client.git_with_input(&["--git-dir", "../server.git", "update-ref", "--stdin"], &refs);
    assert!(update.status.success());
    let fine = site.commit("fine.py", "import os\n");
    let update = site.client.git_with_input(&["update-ref", "--stdin"], &refs.replace(&head, &fine));
    assert!(update.status.success());
    // Three thousand existing references, and three thousand new ones.
    site.push(&["refs/heads/there/*:refs/heads/new/*", "main"]).is_silent();
    assert_eq!(site.on_server(&["for-each-ref", "--count=9999", "--format=x"]).lines().count(), 6_001);
    site.on_server(&["pack-refs", "--all"]);
    let bad = site.commit("bad.py", BAD);
    let changed = refs.replace("create", "update").replace(&head, &bad);
    assert!(site.client.git_with_input(&["update-ref", "--stdin"], &changed).status.success());
    let push = site.push(&["refs/heads/there/*:refs/heads/new/*"]);
    push.is_blocked(&[
        "[old] bad.py:1:1",
        "refs/heads/new/0, ",
        " and 2997 others",
        "error: 1 blocked in 1 of 1 changed",
    ]);
    assert_eq!(push.findings().len(), 1);
}

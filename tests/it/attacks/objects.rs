//! Pushes of hostile objects: replaced, very large, missing, and trees that must not reach a disk.

use std::fs::File;

use std::path::PathBuf;

use crate::site::{BAD, Site};

/// Forbidden import that exists nowhere yet, so that removing an old one does not offset it.
const OTHER: &[u8] = b"from a.old import Y\n";
/// Limit on the hook's address space, in KiB: 50 MB of its own, and what a process maps at start.
const ADDRESS_SPACE: &str = "ulimit -v 90000";

#[test]
fn replaced_objects_are_as_they_were() {
    let site = Site::new();
    site.on_server(&["config", "receive.denyCurrentBranch", "ignore"]);
    let clean = site.client.git(&["rev-parse", "HEAD"]);
    let bad = site.commit("bad.py", BAD);
    let blob = site.client.git(&["rev-parse", "HEAD:bad.py"]);
    let nothing = site.client.object("blob", b"");
    // Pushed first: replacements of the bad commit by the clean one, of its file by an empty one.
    let replace = |id: &str, by: &str| format!("{by}:refs/replace/{id}");
    site.push(&[&replace(&bad, &clean), &replace(&blob, &nothing)]).is_silent();
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    // The reverse: the server's tree seems to contain the bad file already.
    let seems = site.client.git(&["rev-parse", "HEAD^{tree}"]);
    let tree = site.client.git(&["rev-parse", "HEAD~^{tree}"]);
    let push = site.push(&[&replace(&tree, &seems)]);
    assert!(push.is_through, "{}", push.text);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    // Grafts have the same effect, though no push makes them.
    std::fs::create_dir_all(site.server.join("info")).unwrap();
    std::fs::write(site.server.join("info/grafts"), format!("{clean} {bad}\n")).unwrap();
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
}

#[test]
fn attributes_and_drivers_hide_nothing() {
    let site = Site::new();
    let attributes = "*.py binary -diff -text diff=hide filter=hide export-ignore linguist-generated\n";
    site.commit(".gitattributes", attributes);
    site.push(&["main"]).is_silent();
    std::fs::create_dir_all(site.server.join("info")).unwrap();
    std::fs::write(site.server.join("info/attributes"), attributes).unwrap();
    site.commit("bad.py", BAD);
    for (key, value) in [
        ("attr.tree", "refs/heads/main"),
        ("diff.hide.textconv", "true"),
        ("diff.hide.command", "true"),
        ("diff.external", "true"),
        ("filter.hide.smudge", "true"),
        ("core.attributesFile", "info/attributes"),
    ] {
        site.on_server(&["config", key, value]);
        site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    }
    let variables = [
        ("GIT_EXTERNAL_DIFF", "true"),
        ("GIT_DIFF_OPTS", "-u0"),
        ("GIT_ATTR_SOURCE", "refs/heads/main"),
        ("GIT_ATTR_NOSYSTEM", "1"),
        ("GIT_REPLACE_REF_BASE", "refs/heads/"),
        ("GIT_NO_LAZY_FETCH", "0"),
    ];
    for variable in variables {
        site.push_with(&[variable], &["main"]).is_blocked(&["[old] bad.py:1:1"]);
    }
    site.push_with(&variables, &["main"]).is_blocked(&["[old] bad.py:1:1"]);
}

#[test]
fn a_very_large_file_is_not_read() {
    let site = Site::new();
    site.before_hook(ADDRESS_SPACE);
    File::create(site.client.top().join("zeros.py")).unwrap().set_len(1 << 30).unwrap();
    site.client.git(&["config", "core.compression", "1"]);
    site.client.write("bad.py", BAD).commit("zeros");
    // The large file hides nothing beside it.
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", "warning: zeros.py: "]);
    site.client.remove("bad.py").commit("without");
    site.push(&["main"]).warns(&["warning: zeros.py: ", "1 warning in 1 of 1 changed file"]);
    // A tag of the large file names no commit, whatever its size.
    site.client.git(&["tag", "-a", "-m", "zeros", "zeros", "HEAD~:zeros.py"]);
    site.push(&["zeros"]).is_silent();
    // The large file is the old side now, and its size excuses nothing elsewhere.
    site.client.write("zeros.py", "").write("bad.py", BAD).commit("gone");
    site.push(&["main"]).is_blocked(&["error: [old] bad.py:1:1"]);
}

#[test]
fn very_large_trees_and_commits_cannot_be_judged() {
    let site = Site::new();
    site.before_hook(ADDRESS_SPACE).admin("deadline = '1h'\n");
    let blob = site.client.object("blob", b"x = 1\n");
    let raw = crate::repo::id_bytes(&blob);
    let mut content = Vec::new();
    // Git's own limit is higher; each name is 200 bytes, so that the tree compresses well.
    while content.len() < 40 << 20 {
        let name = format!("100644 {:0>200}.py\0", content.len());
        content.extend_from_slice(name.as_bytes());
        content.extend_from_slice(&raw);
    }
    let tree = site.client.object("tree", &content);
    let bad = site.client.object("blob", BAD.as_bytes());
    for tree in [tree.clone(), site.client.tree(&[("100644", b"bad.py", &bad), ("40000", b"large", &tree)])] {
        let commit = site.client.commit_tree(&tree);
        site.push(&[&format!("{commit}:refs/heads/large")]).is_unjudged(&["is over the limit of"]);
        assert!(!site.has(&commit));
    }
    let head = site.client.git(&["cat-file", "commit", "HEAD"]);
    let long = site.client.object("commit", format!("{head}\n{}", "x".repeat(20 << 20)).as_bytes());
    site.push(&[&format!("{long}:refs/heads/large")]).is_unjudged(&["is over the limit of"]);
}

#[test]
fn a_few_bytes_that_unfold_to_very_many_files() {
    let site = Site::new();
    site.before_hook("ulimit -v 250000").admin("deadline = '1h'\n");
    // Files, empty folders, and one folder with a long name.
    let file = ("100644", site.client.object("blob", BAD.as_bytes()));
    let empty = ("40000", site.client.tree(&[]));
    for ((mut mode, mut below), depth, long) in [(file.clone(), 10, 0), (empty, 10, 0), (file, 3, 1 << 20)] {
        for _ in 0..depth {
            let names: Vec<_> = (0..10).map(|at| format!("d{at}.py")).collect();
            let entries: Vec<_> = names.iter().map(|name| (mode, name.as_bytes(), below.as_str())).collect();
            below = site.client.tree(&entries);
            mode = "40000";
        }
        if long > 0 {
            below = site.client.tree(&[(mode, &vec![b'x'; long], &below)]);
        }
        let commit = site.client.commit_tree(&below);
        site.push(&[&format!("{commit}:refs/heads/bomb")]).is_unjudged(&["is over the limit of"]);
    }
}

#[test]
fn names_that_no_disk_should_see() {
    let site = Site::new();
    let bad = site.client.object("blob", OTHER);
    site.client.object("tree", b"");
    let before = listing(&site);
    let names: [&[u8]; 9] = [
        b"../../up.py",
        b"..",
        b".git",
        b"a\n\rremote: fake.py",
        b"\x1b[31mred\x1b]0;x\x07.py",
        b"\xff\xfe.py",
        b"\xe2\x80\xaeyp.py",
        b"\xc2\x9b2J.py",
        b"-rf.py",
    ];
    for name in names {
        let tree = match name {
            b".." | b".git" => site.client.tree(&[("40000", name, &site.client.tree(&[("100644", b"x.py", &bad)]))]),
            _ => site.client.tree(&[("100644", name, &bad)]),
        };
        let push = site.push(&[&format!("{}:refs/heads/odd", site.client.commit_tree(&tree))]);
        push.is_blocked(&["error: [old] ", "error: 1 blocked in 1 of 1 changed file"]);
        let plain = |c: char| c == '\n' || !(c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
        assert!(push.text.chars().all(plain), "{:?}", push.text);
        assert!(!push.lines().iter().any(|line| line.starts_with("fake")), "{}", push.text);
        assert!(push.findings()[0].ends_with(".py:1:1"), "{}", push.text);
    }
    assert_eq!(listing(&site), before, "nothing is written anywhere");
    assert!(!site.client.beside("up.py").exists());
}

/// Returns all files on the server and beside it, except objects and logs that git itself writes.
fn listing(site: &Site) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![site.server.clone(), site.client.beside("")];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() && entry != site.server && entry != site.client.top() && !entry.ends_with("objects") {
                open.push(entry.clone());
            }
            found.push(entry);
        }
    }
    found.retain(|path| !path.ends_with("object"));
    found.sort();
    found.dedup();
    found
}

#[test]
fn entries_that_stand_twice() {
    let site = Site::new();
    let [bad, fine, folder] = [
        site.client.object("blob", OTHER),
        site.client.object("blob", b""),
        site.client.tree(&[("100644", b"x", &site.client.object("blob", b""))]),
    ];
    let rows: [&[(&str, &[u8], &str)]; 5] = [
        &[("100644", b"x.py", &bad), ("100644", b"x.py", &fine)],
        &[("100644", b"x.py", &fine), ("100644", b"x.py", &bad)],
        &[("100644", b"x.py", &bad), ("40000", b"x.py", &folder)],
        // Entries out of git's order.
        &[("100644", b"z.py", &fine), ("100644", b"x.py", &bad), ("100644", b"a.py", &fine)],
        &[("100664", b"x.py", &bad), ("120000", b"y.py", &bad)],
    ];
    for row in rows {
        let push = site.push(&[&format!("{}:refs/heads/odd", site.client.commit_tree(&site.client.tree(row)))]);
        assert!(!push.is_through && push.text.contains("pre-receive hook declined"), "{row:?}: {}", push.text);
        assert!(
            push.text.contains("[old] x.py:1:1") || push.text.contains("could not judge"),
            "{row:?}: {}",
            push.text
        );
    }
    // Content that is no tree.
    for content in [&b"100644 x.py"[..], b"100644 x.py\0short", b"x", b"99999999999999999999999 x.py\0"] {
        let tree = site.client.object("tree", content);
        let push = site.push(&[&format!("{}:refs/heads/odd", site.client.commit_tree(&tree))]);
        assert!(!push.is_through, "{content:?}: {}", push.text);
    }
}

#[test]
fn six_thousand_folders_in_each_other() {
    let site = Site::new();
    site.before_hook("ulimit -s 2048");
    for dir in [site.client.top(), &site.server] {
        site.client.git_in(dir, &["config", "core.maxTreeDepth", "10000"]);
    }
    let mut content = String::from("blob\nmark :1\ndata 20\n");
    content += BAD;
    let path = "d/".repeat(6_000);
    content += &format!("commit refs/heads/deep\ncommitter a <a@b> 1 +0000\ndata 1\nx\nM 100644 :1 {path}bad.py\n");
    assert_eq!(BAD.len(), 20);
    let run = site.client.git_with_input(&["fast-import", "--quiet"], &content);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    site.push(&["deep"]).is_unjudged(&["folders are nested more than 4096 deep"]);
    // At a depth that is read, the file is judged, and its path is cut in the report.
    let content = content.replace(&path, &"d/".repeat(4_000)).replace("heads/deep", "heads/less");
    let run = site.client.git_with_input(&["fast-import", "--quiet"], &content);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let push = site.push(&["less"]);
    push.is_blocked(&["error: [old] d/d/", "error: 1 blocked"]);
}

#[test]
fn what_is_missing_is_no_violation() {
    // An object that the server has lost, but that the client believes it has, and does not send.
    let site = Site::new();
    let lose = |revision: &str| {
        let id = site.client.git(&["rev-parse", revision]);
        let path = site.server.join("objects").join(&id[..2]).join(&id[2..]);
        let kept = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        (path, kept)
    };
    for (revision, what) in [("main:old.py", "blob"), ("main:policy.toml", "blob"), ("main^{tree}", "tree")] {
        let (path, kept) = lose(revision);
        site.client.git(&["checkout", "-q", "-B", "topic", "main"]);
        site.client.git(&["mv", "old.py", "moved.py"]);
        site.client.git(&["commit", "-q", "-m", "moved"]);
        site.push(&["topic"]).is_unjudged(&[&format!("{what} "), "is missing from the repository"]);
        std::fs::write(path, kept).unwrap();
    }
    // A broken object is no violation either.
    let (path, kept) = lose("main:policy.toml");
    std::fs::write(&path, "broken").unwrap();
    let push = site.push(&["topic"]);
    push.is_unjudged(&[]);
    std::fs::write(path, kept).unwrap();
    site.push(&["topic"]).is_silent();
}

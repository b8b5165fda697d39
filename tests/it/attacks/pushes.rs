//! Pushes that try to evade the gate: odd modes, names, commits and histories, client variables.

use crate::repo::POLICY;
use crate::site::{BAD, Push, Site};

/// Forbidden import that exists nowhere yet.
const OTHER: &str = "from a.old import Y\n";

#[test]
fn modes_that_git_takes_for_files() {
    let site = Site::new();
    let bad = site.client.object("blob", OTHER.as_bytes());
    for mode in ["100755", "100664", "100600", "100000", "0100644", "1100644", "100644"] {
        let tree = site.client.tree(&[(mode, b"x.py", &bad)]);
        let push = site.push(&[&format!("{}:refs/heads/odd", site.client.commit_tree(&tree))]);
        assert!(!push.is_through, "{mode}: {}", push.text);
    }
}

#[test]
fn variables_name_no_file_of_the_admins() {
    let site = Site::new();
    let off = site.client.beside("off.toml");
    std::fs::write(&off, "importgate-server = 1\nenforce = 'off'\n").unwrap();
    let off = off.to_str().unwrap();
    // Besides HOME's configuration: variables that a client may send where sshd accepts them.
    let config = site.client.beside("config");
    std::fs::write(&config, format!("[importgate]\n\tserver = {off}\n\tpolicy = {off}\n")).unwrap();
    let config = config.to_str().unwrap();
    site.commit("bad.py", BAD);
    for env in [
        format!("GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=importgate.server GIT_CONFIG_VALUE_0={off}"),
        format!("GIT_CONFIG_PARAMETERS=\"'importgate.server'='{off}'\""),
        format!("GIT_CONFIG_GLOBAL={config}"),
        format!("GIT_CONFIG_SYSTEM={config} GIT_CONFIG_NOSYSTEM=0"),
        format!("IMPORTGATE_CONFIG={off} IMPORTGATE_SERVER={off}"),
    ] {
        let push = site.push(&[&format!("--receive-pack=env {env} git-receive-pack"), "main"]);
        push.is_blocked(&["[old] bad.py:1:1"]);
    }
}

#[test]
fn nothing_that_is_pushed_writes_to_the_terminal() {
    let site = Site::new();
    let plain = |push: &Push| {
        assert!(!push.is_through, "{}", push.text);
        let odd = |c: char| c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
        let odd = push.lines().into_iter().find(|line| line.contains(odd));
        assert!(odd.is_none(), "{odd:?}");
    };
    let odd = "\u{1b}[2J\u{7}\u{9b}1m\u{202e}\u{85}";
    site.commit("bad.py", format!("from a.old import X  # {odd}\r\n"));
    // Git does not escape names of references.
    let name = "main:refs/heads/\u{202e}\u{9b}1m";
    plain(&site.push(&[name]));
    site.on_server(&["config", "receive.advertisePushOptions", "true"]);
    for option in [format!("importgate.{odd}"), format!("importgate.allow=old:{odd} why")] {
        plain(&site.push_with(&[("GL_USER", odd)], &["-o", &option, "main"]));
        site.admin(&format!("break-glass = ['oncall']\nlog = '{}'\n", site.client.beside("log").display()));
    }
    let log = std::fs::read_to_string(site.client.beside("log")).unwrap();
    assert!(log.lines().count() == 1 && !log.contains('\u{1b}'), "{log}");
    site.commit("policy.toml", format!("importgate = 1\n'{}' = 3\n", "\u{202e}x\u{85}"));
    plain(&site.push(&["main"]));
    site.commit("policy.toml", format!("importgate = 1\nx{odd} = 3\n"));
    plain(&site.push(&["main"]));
}

#[test]
fn a_policy_that_cannot_be_read_is_no_absent_one() {
    let site = Site::new();
    let large = format!("{POLICY}# {}\n", "x".repeat(9 << 20));
    site.commit("policy.toml", large);
    let push = site.push(&["main"]);
    assert!(!push.is_through && push.text.contains("policy.toml"), "{}", push.text);
    site.commit("policy.toml", b"importgate = 1\n# \xff\n");
    let push = site.push(&["main"]);
    assert!(!push.is_through && push.text.contains("is not UTF-8"), "{}", push.text);
    // The policy as a link, as a folder, as a submodule.
    let blob = site.client.object("blob", POLICY.as_bytes());
    let target = site.client.object("blob", b"elsewhere.toml");
    let folder = site.client.tree(&[("100644", b"x", &blob)]);
    let commit = site.client.git(&["rev-parse", "HEAD"]);
    site.client.git(&["reset", "-q", "--hard", "origin/main"]);
    for (mode, id) in [("120000", &target), ("40000", &folder), ("160000", &commit)] {
        let old = site.client.object("blob", BAD.as_bytes());
        let tree = site.client.tree(&[("100644", b"old.py", &old), (mode, b"policy.toml", id)]);
        let push = site.push(&[&format!("{}:refs/heads/main", site.client.commit_tree(&tree))]);
        let is_told = push.text.contains("policy.toml") && (!push.is_through || push.text.contains("weakens"));
        assert!(is_told, "{mode}: {}", push.text);
        site.push(&["--force", "main"]);
    }
}

#[test]
fn history_that_is_merged_and_dropped_again() {
    let site = Site::new();
    // A commit hidden by a merge that takes nothing of it, whose file is taken after all.
    site.branch("hidden", "main");
    let bad = site.commit("bad.py", BAD);
    site.client.git(&["checkout", "-q", "main"]);
    site.client.git(&["merge", "-q", "-s", "ours", "--no-edit", "hidden"]);
    site.client.git(&["checkout", "-q", &bad, "--", "bad.py"]);
    site.client.git(&["commit", "-q", "-m", "taken"]);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    // Both at once: one reference at the merge, one at the commit that it hides.
    site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    site.push(&["main", "hidden"]).is_blocked(&["[old] bad.py:1:1", "refs/heads/hidden"]);
    site.push(&["hidden", "main"]).is_blocked(&["[old] bad.py:1:1", "refs/heads/hidden"]);
}

#[test]
fn histories_without_a_common_beginning() {
    let site = Site::new();
    site.client.git(&["checkout", "-q", "--orphan", "other"]);
    site.push(&["main:refs/heads/x"]).is_silent();
    // The same old code in an unrelated history is new to the server.
    site.client.git(&["commit", "-q", "-m", "root"]);
    site.push(&["other"]).is_blocked(&["[old] old.py:1:1"]);
    // Merged with main, it is old.
    site.client.git(&["merge", "-q", "--no-edit", "--allow-unrelated-histories", "main"]);
    site.push(&["other"]).is_silent();
}

#[test]
fn the_default_branch_by_another_name() {
    let site = Site::new();
    site.admin("protect-policy = true\n");
    site.on_server(&["symbolic-ref", "refs/heads/master", "refs/heads/main"]);
    site.commit("policy.toml", "importgate = 1\n");
    let push = site.push(&["main:refs/heads/master"]);
    push.is_blocked(&["would weaken the policy, which this server protects"]);
    // The policy must not go with its branch either, even if git would allow that.
    site.on_server(&["config", "receive.denyDeleteCurrent", "ignore"]);
    for name in [":main", ":master"] {
        site.push(&[name])
            .is_blocked(&["refs/heads/main would be deleted, and the policy with it, which this server protects"]);
    }
    site.push(&["main~:refs/heads/other"]).is_silent();
    site.push(&[":other"]).is_silent();
}

#[test]
fn commits_that_say_odd_things() {
    let site = Site::new();
    let bad = site.client.object("blob", OTHER.as_bytes());
    let tree = site.client.tree(&[("100644", b"x.py", &bad)]);
    let parent = site.client.git(&["rev-parse", "HEAD"]);
    let who = "a <a@b> 1 +0000";
    let rows = [
        // A parent after the author, a second tree, no dates, dates out of range, no committer, a
        // parent twice, an odd encoding.
        format!("tree {tree}\nauthor {who}\nparent {parent}\ncommitter {who}\n\nx"),
        format!("tree {tree}\ntree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nx"),
        format!("tree {tree}\nparent {parent}\nauthor \ncommitter \n\nx"),
        format!("tree {tree}\nparent {parent}\nauthor a <a@b> 99999999999999999999 +0000\ncommitter {who}\n\nx"),
        format!("tree {tree}\nparent {parent}\nauthor a <a@b> -9223372036854775808 -9999\ncommitter {who}\n\nx"),
        format!("tree {tree}\nparent {parent}\n"),
        format!("tree {tree}\nparent {parent}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nx"),
        format!("tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\nencoding \x1b[1m\n\n\0\0x"),
    ];
    for row in rows {
        let commit = site.client.object("commit", row.as_bytes());
        let push = site.push(&[&format!("{commit}:refs/heads/odd")]);
        assert!(!push.is_through, "{row}: {}", push.text);
        assert!(!push.text.contains("panicked") && !push.text.contains("signal"), "{row}: {}", push.text);
    }
}

/// Git accepts such a tree unless `receive.fsckObjects` is set, and checks the entry out as a file
/// in a folder.
#[test]
fn a_name_with_a_slash_hides_no_folder() {
    let site = Site::new();
    let harmless = site.client.object("blob", b"x = 1\n");
    let bad = site.client.object("blob", OTHER.as_bytes());
    let policy = site.client.git(&["rev-parse", "HEAD:policy.toml"]);
    for (at, name) in ["sub/zz.py", "sub/bad.py", "sub/", "sub/a"].into_iter().enumerate() {
        let before = site.client.tree(&[("100644", b"policy.toml", &policy), ("100644", name.as_bytes(), &harmless)]);
        let before = site.client.commit_tree(&before);
        let folder = site.client.tree(&[("100644", b"a.py", &harmless), ("100644", b"bad.py", &bad)]);
        let after = site.client.tree(&[("100644", b"policy.toml", &policy), ("40000", b"sub", &folder)]);
        let after = site.client.git(&["commit-tree", "-m", "after", "-p", &before, &after]);
        let push = site.push(&[&format!("{before}:refs/heads/odd{at}")]);
        assert!(push.is_through, "{name}: {}", push.text);
        site.push(&[&format!("{after}:refs/heads/odd{at}")]).is_blocked(&["sub/bad.py:1:1"]);
    }
}

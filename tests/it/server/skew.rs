//! Clients, servers and policies of different versions: each row of the table in `docs/server.md`, "Upgrades", that needs no
//! other program than this one. A policy is newer if its `needs` is, or if it has a key or a format that this program does
//! not know. `tests/servers/skew` has the rows for which the last release is built.

use super::*;

/// Policies that this program is certainly too old for, with what is told of them.
const NEWER: [(&str, &str); 2] =
    [("1\nneeds = '99.1'", "this policy needs importgate 99.1"), ("2", "format 2 is unknown")];
/// A policy with a key that a newer program may know; it may be a mistake, too.
const UNKNOWN: &str = "1\nbaseline = 'x'";
/// Every key of the first release: these files are never changed, and every later program reads them.
const FIRST_POLICY: &str = include_str!("first-release/policy.toml");
const FIRST_SERVER: &str = include_str!("first-release/importgate-server.toml");
const OWN: &str = env!("CARGO_PKG_VERSION");

/// Returns [`POLICY`] with another first line.
fn policy(first: &str) -> String {
    POLICY.replacen("importgate = 1", &format!("importgate = {first}"), 1)
}

impl Site {
    /// Returns a server on which a policy stands that it has not judged, and a topic to push.
    fn standing(first: &str) -> Self {
        let site = Self::new();
        site.commit("policy.toml", policy(first));
        site.ungated_push(&["main"]);
        site.branch("topic", "main");
        site.commit("bad.py", BAD);
        site
    }
}

#[test]
fn a_newer_policy_stops_a_commit_and_says_why() {
    let site = Site::new();
    assert!(site.client.importgate(&["install"]).status.success());
    let hints = ["update importgate here, or lower `needs`", "a newer importgate may know it"];
    let rows = [NEWER[0], NEWER[1], (UNKNOWN, "unknown key `baseline`")];
    for (at, (first, told)) in rows.iter().enumerate() {
        site.client.write("policy.toml", policy(first)).write("fine.py", format!("import os{at}\n")).stage();
        let judged: [&[&str]; 2] = [&["pre-commit"], &["check", "--staged"]];
        for args in judged {
            let run = site.client.importgate(args);
            let said = [run.stderr, run.stdout].concat();
            let said = String::from_utf8_lossy(&said);
            assert_eq!(run.status.code(), Some(2), "{args:?}: {said}");
            assert!(said.contains(told) && said.contains(hints[at.min(1)]), "{args:?}: {said}");
        }
        assert!(!site.client.try_git(&["commit", "-q", "-m", "x"]).status.success());
    }
    // Before a push, the client reads the policy that the remote has.
    let site = Site::standing(NEWER[0].0);
    assert!(site.client.importgate(&["install"]).status.success());
    let push = site.push(&["topic"]);
    assert!(!push.is_through && push.lines().is_empty() && push.text.contains(NEWER[0].1), "{}", push.text);
}

#[test]
fn a_newer_policy_that_is_pushed_is_rejected_as_the_server_is_older() {
    for (first, told) in NEWER {
        let site = Site::new();
        site.admin("contact = '#git-help'\nlog = 'log'\n");
        site.commit("policy.toml", policy(first));
        let told = format!(
            "error: refs/heads/main:policy.toml:{}: {told}; this server's importgate is older: {OWN}",
            if first == "2" { "1:14" } else { "2:9" }
        );
        let push = site.push(&["main"]);
        push.is_blocked(&[&told, "Ask #git-help to update importgate on this server before you push refs/heads/main"]);
        assert!(!push.text.contains("Fix policy.toml"), "{}", push.text);
        site.push(&["main:refs/heads/other"]).is_blocked(&["this server's importgate is older"]);
        let why = site.log()[0]["why"].as_str().unwrap().to_owned();
        assert!(why.contains(OWN) && why.contains("this server's importgate is older"), "{why}");
        // Where nothing is enforced, it stands from then on.
        site.admin("enforce = 'report'\n").push(&["main"]).warns(&["this server's importgate is older"]);
    }
    // A key that is not known may be a mistake.
    let site = Site::new();
    site.admin("contact = '#git-help'\n").commit("policy.toml", policy(UNKNOWN));
    let hint = "Fix policy.toml before you push refs/heads/main, or ask #git-help to update importgate on this server";
    site.push(&["main"]).is_blocked(&["unknown key `baseline`", "a newer importgate than this server's,", OWN, hint]);
    // What is wrong in every version is told as before.
    site.commit("policy.toml", POLICY.replace("['a.old']", "3"));
    let push = site.push(&["main"]);
    push.is_blocked(&["Fix policy.toml before you push refs/heads/main."]);
    assert!(!push.text.contains("newer") && !push.text.contains("older"), "{}", push.text);
}

#[test]
fn a_server_older_than_the_policy_in_effect_says_so_and_does_what_the_admin_wants() {
    for (first, told) in [NEWER[0], NEWER[1], (UNKNOWN, "unknown key `baseline`")] {
        let site = Site::standing(first);
        site.admin("contact = '#git-help'\nlog = 'log'\n");
        let said = ["refs/heads/main:policy.toml:", told, "sk #git-help to update importgate on this server", OWN];
        site.push(&["topic"]).is_unjudged(&said);
        for (cannot_judge, passes) in
            [("{ policy = 'report' }", true), ("{ timeout = 'report', fault = 'report' }", false)]
        {
            site.admin(&format!("contact = '#git-help'\nlog = 'log'\ncannot-judge = {cannot_judge}\n"));
            let push = site.push(&["topic"]);
            assert_eq!(push.is_through, passes, "{first}: {}", push.text);
            assert!(said.iter().all(|part| push.text.contains(part)), "{first}: {}", push.text);
            site.push(&[":topic"]);
        }
        for line in site.log().iter().filter(|line| line["verdict"] == "error") {
            let why = line["why"].as_str().unwrap();
            assert!(why.contains(told) && why.contains(OWN) && why.contains("newer") | why.contains("older"), "{why}");
        }
    }
}

#[test]
fn a_file_of_the_admins_that_is_newer_is_told_alike() {
    let site = Site::new();
    site.commit("fine.py", "import os\n");
    for (first, told) in NEWER {
        std::fs::write(site.server.join("hooks/org.toml"), policy(first)).unwrap();
        site.admin("contact = '#git-help'\npolicies = ['org.toml', 'repository']\n");
        let hint = "Ask #git-help to update importgate on this server.";
        site.push(&["main"]).is_unjudged(&["hooks/org.toml:", told, "this server's importgate is older", hint]);
        // A shadow policy rejects nothing, and the log says why it judges nothing.
        site.admin("log = 'log'\nshadow = 'org.toml'\n");
        site.push(&["main:refs/heads/x"]).is_silent();
        let log = site.log();
        let shadow = &log.last().unwrap()["policies"][1];
        assert!(shadow["verdict"] == "error" && shadow["why"].as_str().unwrap().contains(told), "{shadow}");
        site.push(&[":x"]).is_silent();
    }
    // The admin's own file.
    for newer in ["baseline = 'x'\n", "importgate-server = 2\n"] {
        std::fs::write(
            site.server.join("hooks/importgate-server.toml"),
            format!("importgate-server = 1\n{newer}").replace("1\nimportgate-server = ", ""),
        )
        .unwrap();
        site.push(&["main"]).is_unjudged(&["a newer importgate may know it", "ask the server's admin"]);
    }
    // Its kill switch counts all the same.
    site.admin("all-repositories = 'report'\nbaseline = 'x'\n").push(&["main"]).warns(&["could not judge"]);
}

#[test]
fn who_replaces_a_policy_that_the_server_cannot_read_may_weaken_it() {
    for first in [NEWER[0].0, NEWER[1].0, "1\nrules = 3"] {
        let site = Site::standing(first);
        // The policy that the push brings judges it; that something may be lost is logged.
        site.admin("log = 'log'\n");
        site.client.git(&["checkout", "-q", "main"]);
        site.commit("policy.toml", "importgate = 1\n");
        let push = site.push(&["main"]);
        let why = if first.contains("rules") { "is invalid" } else { "is for a newer importgate than this server's" };
        push.warns(&[&format!("the policy of refs/heads/main {why}"), "judged by the one that it brings"]);
        let logged = &site.log()[0];
        assert!(logged["weakened"][0].as_str().unwrap().contains("could not be read"), "{logged}");
        // Nothing is said of a push that leaves it alone.
        site.commit("fine.py", "import os\n");
        site.push(&["main"]).is_silent();

        // Protected, it is the owners' to replace, whatever becomes of what cannot be judged.
        let site = Site::standing(first);
        site.client.git(&["checkout", "-q", "main"]);
        site.commit("policy.toml", "importgate = 1\n");
        let protected = "protect-policy = true\npolicy-owners = 'alice'\n";
        for more in ["", "cannot-judge = 'report'\n"] {
            site.admin(&format!("{protected}{more}"));
            let push = site.push_with(&[("GL_USER", "eve")], &["main"]);
            push.is_blocked(&["refs/heads/main may weaken the policy, ", "which this server protects", "(alice)"]);
        }
        // Nor may others take it away, or give it to another tool, by the branch's own name or by another one.
        site.on_server(&["symbolic-ref", "refs/heads/alias", "refs/heads/main"]);
        site.branch("without", "main~");
        site.client.git(&["rm", "-q", "policy.toml"]);
        site.commit("fine.py", "import os\n");
        site.branch("foreign", "main~");
        site.commit("policy.toml", "[policy]\nname = 'of another tool'\n");
        for pushed in ["without:main", "foreign:main", "without:alias", "main:alias", "main~2:main", ":main"] {
            let push = site.push_with(&[("GL_USER", "eve")], &["--force", pushed]);
            assert!(!push.is_through, "{first} {pushed}: {}", push.text);
        }
        let main = site.on_server(&["rev-parse", "main"]);
        assert_eq!(main, site.client.git(&["rev-parse", "main~"]));
        site.push_with(&[("GL_USER", "alice")], &["main"]).warns(&["alice may do so here"]);
    }
}

#[test]
fn files_of_the_first_release_are_read_as_they_were() {
    let site = Site::new();
    assert!(site.client.importgate(&["install"]).status.success());
    std::fs::write(site.server.join("hooks/importgate-server.toml"), FIRST_SERVER).unwrap();
    std::fs::write(site.server.join("hooks/org.toml"), FIRST_POLICY).unwrap();
    std::fs::write(site.server.join("hooks/next.toml"), FIRST_POLICY).unwrap();
    site.commit("policy.toml", FIRST_POLICY);
    // The policy before it is protected.
    site.push_with(&[("GL_USERNAME", "alice")], &["main"]).warns(&["alice may do so here"]);
    let at_server = site.on_server(&["rev-parse", "main"]);
    assert_eq!(at_server, site.client.git(&["rev-parse", "main"]));
    site.client.write("backend/bad.py", "from core import manager\n").stage();
    let run = site.client.importgate(&["pre-commit"]);
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    site.client.git(&["commit", "-q", "--no-verify", "-m", "bad"]);
    let push = site.push(&["--no-verify", "main"]);
    push.is_blocked(&["[websocket-manager] backend/bad.py:1:", "+ from core import websocket_manager as manager"]);
}

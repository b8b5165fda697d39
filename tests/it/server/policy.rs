//! Policies that judge a push, and what a push does to them.

use super::*;

const NONE: &str = "importgate = 1\n";

#[test]
fn a_policy_relaxed_in_the_same_push_still_judges() {
    for policy in
        [NONE.to_owned(), POLICY.replace("'block'", "'off'"), format!("{POLICY}[settings]\nignore = ['**']\n")]
    {
        let site = Site::new();
        site.commit("policy.toml", policy);
        site.commit("bad.py", BAD);
        site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", "warning: refs/heads/main weakens the policy: "]);
        site.push(&["main:refs/heads/other"]).is_blocked(&["[old] bad.py:1:1", "would weaken the policy, once it"]);
    }
    // The policy is removed.
    let site = Site::new();
    site.client.remove("policy.toml");
    site.commit("bad.py", BAD);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", "policy.toml is removed"]);
    // A relaxation by itself is reported and passes; from then on it is in effect.
    let site = Site::new();
    site.commit("policy.toml", NONE);
    site.push(&["main"]).warns(&["warning: refs/heads/main weakens the policy: "]);
    site.commit("bad.py", BAD);
    site.push(&["main"]).is_silent();
}

#[test]
fn a_policy_that_the_admin_protects() {
    let site = Site::new();
    site.admin("protect-policy = true\n");
    site.commit("policy.toml", NONE);
    site.push(&["main"]).is_blocked(&["error: refs/heads/main would weaken the policy, which this server protects"]);
    site.push(&["main:refs/heads/other"]).warns(&["would weaken the policy, once it is merged"]);
    // A policy that another branch has already takes effect only now; so does an ancient one.
    site.push(&["main"]).is_blocked(&["would weaken the policy, which this server protects"]);
    site.push(&[":other"]).is_silent();
    site.client.git(&["reset", "-q", "--hard", "origin/main"]);
    let stricter = format!("{POLICY}[[rule]]\nid = 'more'\nlanguage = 'python'\nforbid = ['b']\nseverity = 'block'\n");
    site.commit("policy.toml", stricter);
    site.push(&["main"]).is_silent();
    site.push(&["--force", "main~:main"]).is_blocked(&["would weaken the policy, which this server protects"]);
    site.admin("");
    site.push(&["--force", "main~:main"]).warns(&["refs/heads/main weakens the policy"]);
}

#[test]
fn owners_of_a_protected_policy_may_weaken_it() {
    let site = Site::new();
    site.admin("protect-policy = true\npolicy-owners = ['alice', 'bob']\ncontact = '#git-help'\nlog = 'log'\n");
    site.commit("policy.toml", NONE);
    let others: [&[(&str, &str)]; 6] = [
        &[],
        &[("GL_USER", "eve")],
        &[("GL_USER", "alice"), ("REMOTE_USER", "eve")],
        &[("GL_USER", "Alice")],
        &[("GL_USER", "eve"), ("USER", "alice")],
        &[("GL_USER", "alice "), ("LOGNAME", "alice")],
    ];
    for other in others {
        let push = site.push_with(&[&[("USER", "git"), ("LOGNAME", "git")], other].concat(), &["main"]);
        push.is_blocked(&["would weaken the policy, which this server protects", "(alice, bob), or #git-help."]);
    }
    assert_eq!(site.log()[0]["weakened"][0], "rule `old` removed");
    let alice = [("GL_USER", "alice")];
    // An owner weakens it; what it blocked before is blocked still in the same push.
    site.commit("bad.py", BAD);
    site.push_with(&alice, &["main"]).is_blocked(&["[old] bad.py:1:1", "alice may do so here"]);
    site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    let push = site.push_with(&alice, &["main"]);
    push.warns(&["would weaken the policy: alice may do so here", "weakens the policy: rule `old` removed"]);
    let log = site.log();
    let last = log.last().unwrap();
    assert_eq!(
        (&last["user"], &last["weakened_total"], &last["rejected"]),
        (&"alice".into(), &1.into(), &false.into())
    );
    // Neither an invalid policy nor what another repository's owners may.
    site.commit("policy.toml", "importgate = 1\nrules = 3\n");
    assert!(!site.push_with(&alice, &["main"]).is_through);
    // The branch that holds it.
    site.on_server(&["config", "receive.denyDeleteCurrent", "ignore"]);
    site.push_with(&[("GL_USER", "eve")], &[":main"]).is_blocked(&["refs/heads/main would be deleted, and the policy"]);
    site.push_with(&alice, &[":main"]).warns(&["alice may do so here"]);
}

#[test]
fn a_protected_policy_is_not_weakened_by_what_cannot_be_judged() {
    let site = Site::new();
    let lax = "protect-policy = true\ncannot-judge = 'report'\nlog = 'log'\n";
    // Time ends before anything is known.
    site.admin(&format!("{lax}deadline = '1ns'\n"));
    site.branch("other", "main");
    site.commit("fine.py", "import os\n");
    site.push(&["other"]).warns(&["could not judge"]);
    site.push(&["other:main"]).is_unjudged(&["the deadline of this run has passed"]);
    // The policy in effect is compared before histories are walked, which the pusher can make fail.
    site.admin(&format!("{lax}commit-limit = 1\n"));
    site.client.git(&["checkout", "-q", "main"]);
    site.commit("policy.toml", NONE);
    let weak = site.client.git(&["rev-parse", "HEAD"]);
    site.client.git(&["checkout", "-q", "--orphan", "elsewhere"]);
    site.commit("bad.py", BAD);
    site.on_server(&["config", "receive.shallowUpdate", "true"]);
    std::fs::write(site.client.top().join(".git/shallow"), site.client.git(&["rev-parse", "HEAD"]) + "\n").unwrap();
    site.commit("worse.py", BAD);
    let push = site.push(&["elsewhere", &format!("{weak}:refs/heads/main")]);
    assert!(!push.is_through && push.text.contains("would weaken the policy, which this server"), "{}", push.text);
    // An owner may.
    site.admin(&format!("{lax}policy-owners = 'alice'\ndeadline = '1ns'\n"));
    let push = site.push_with(&[("GL_USER", "alice")], &[&format!("{weak}:refs/heads/main")]);
    push.warns(&["could not judge"]);
}

#[test]
fn an_invalid_policy_is_rejected() {
    for policy in
        ["importgate = 1\nrules = 3\n", "importgate = 'one'\n[[rule]]\n", "importgate = 1\n[[rule]]\nforbid = ['a'\n"]
    {
        let site = Site::new();
        site.commit("policy.toml", policy);
        let push = site.push(&["main"]);
        assert!(!push.is_through && push.text.contains("pre-receive hook declined"), "{policy}: {}", push.text);
        assert!(push.text.contains("Fix policy.toml before you push refs/heads/main"), "{policy}: {}", push.text);
        assert!(!site.push(&["main:refs/heads/other"]).is_through);
    }
}

#[test]
fn a_standing_policy_that_is_invalid_can_be_mended() {
    let site = Site::new();
    site.commit("policy.toml", "importgate = 1\nrules = 3\n");
    site.ungated_push(&["main"]);
    site.branch("topic", "main");
    site.commit("fine.py", "import os\n");
    site.push(&["topic"])
        .is_unjudged(&["refs/heads/main:policy.toml", "First push a valid policy.toml to refs/heads/main"]);
    site.push(&[":topic"]);
    site.client.git(&["checkout", "-q", "main"]);
    // The pushed policy judges the push itself.
    site.client.write("policy.toml", POLICY).write("bad.py", BAD).commit("mended, and bad");
    let push = site.push(&["main"]);
    push.is_blocked(&["[old] bad.py:1:1", "judged by the one that it brings"]);
    // On another branch, it repairs nothing.
    site.push(&["main:refs/heads/other"]).is_unjudged(&["refs/heads/main:policy.toml"]);
    site.commit("bad.py", "");
    let push = site.push(&["main"]);
    push.warns(&["the policy of refs/heads/main is invalid, so this push is judged by the one that it brings"]);
    site.push(&["topic"]);
}

#[test]
fn another_tools_file_is_no_policy() {
    let site = Site::empty();
    site.client.write("policy.toml", "[policy]\nname = 'of another tool'\n").write("bad.py", BAD).commit("first");
    site.push(&["main"]).is_silent();
    site.commit("policy.toml", "[policy]\nname = 'still another'\n");
    site.push(&["main"]).is_silent();
    // Turning importgate's policy into another tool's file is reported.
    let site = Site::new();
    site.commit("policy.toml", "[policy]\nname = 'of another tool'\n");
    site.commit("bad.py", BAD);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", "is no longer importgate's policy"]);
}

#[test]
fn a_policy_whose_key_is_lost_is_told_and_cannot_be_pushed() {
    let lost = POLICY.replace("importgate = 1\n", "");
    // A push that loses it is rejected, whatever else it does.
    let site = Site::new();
    site.commit("policy.toml", &lost);
    site.push(&["main"]).is_blocked(&["the key `importgate` is missing", "Fix policy.toml before you push"]);
    site.branch("topic", "main");
    site.push(&["topic"]).is_blocked(&["the key `importgate` is missing"]);

    // One that stands already is told and logged, and rejects nothing.
    let site = Site::new();
    site.commit("policy.toml", &lost);
    site.ungated_push(&["main"]);
    site.admin("log = 'log'\n");
    site.commit("bad.py", BAD);
    let push = site.push(&["main"]);
    push.warns(&["nothing is judged by refs/heads/main:policy.toml", "write `importgate = 1` at the top"]);
    let logged = &site.log()[0];
    assert!(logged["why"].as_str().unwrap().contains("the key `importgate` is missing"), "{logged}");
    assert_eq!(logged["rejected"], false, "{logged}");

    // The push that brings the key back is judged by it.
    site.client.write("policy.toml", POLICY).write("worse.py", BAD).commit("mended, and bad");
    site.push(&["main"]).is_blocked(&["[old] worse.py:1:1", "judged by the one that it brings"]);
    site.commit("worse.py", "");
    site.push(&["main"]).warns(&["judged by the one that it brings"]);
}

#[test]
fn an_unborn_head_is_said() {
    let site = Site::new();
    site.on_server(&["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    site.commit("bad.py", BAD);
    let push = site.push(&["main"]);
    push.warns(&["HEAD names refs/heads/trunk, which does not exist", "git symbolic-ref HEAD refs/heads/NAME"]);
    site.push(&["main:refs/heads/trunk"]);
    site.commit("worse.py", BAD);
    site.push(&["main"]).is_blocked(&["[old] worse.py:1:1"]);
}

#[test]
fn a_first_push_is_told_and_passes() {
    let site = Site::empty();
    site.client.write("policy.toml", POLICY).write("old.py", BAD).commit("years of work");
    site.client.git(&["tag", "v1"]);
    let push = site.push(&["main", "v1"]);
    push.warns(&["warning: [old] old.py:1:1", "The repository was empty, so nothing is rejected this time."]);
    site.commit("bad.py", BAD);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    // The admin's setting decides, also if the only references are ones that do not count.
    for (file, verdict) in [("first-push = 'block'\n", false), ("first-push = 'off'\n", true)] {
        let site = Site::empty();
        site.admin(file).client.write("policy.toml", POLICY).write("old.py", BAD).commit("years of work");
        site.push(&["main:refs/pull/1/head"]).is_silent();
        let push = site.push(&["main"]);
        assert_eq!(push.is_through, verdict, "{}", push.text);
        assert_eq!(push.findings().len(), usize::from(!verdict), "{}", push.text);
    }
    // An invalid policy is reported, and does not take effect unnoticed.
    let site = Site::empty();
    site.client.write("policy.toml", "importgate = 1\nrules = 3\n").commit("first");
    site.push(&["main"]).warns(&["warning: ", "policy.toml"]);
    site.admin("first-push = 'block'\n");
    let site = Site::empty();
    site.admin("first-push = 'block'\n").client.write("policy.toml", "importgate = 1\nrules = 3\n").commit("first");
    assert!(!site.push(&["main"]).is_through);
}

#[test]
fn policies_of_the_admin_judge_beside_the_repositorys() {
    let site = Site::new();
    let org = POLICY.replace("a.old", "json").replace("'old'", "'org'");
    std::fs::write(site.server.join("hooks/org.toml"), org).unwrap();
    site.admin("policies = ['org.toml', 'repository']\n");
    site.commit("fine.py", "import os\n");
    site.push(&["main"]).is_silent();
    site.client.write("bad.py", BAD).write("worse.py", "import json\n").commit("both");
    let push = site.push(&["main"]);
    push.is_blocked(&["[old] bad.py:1:1", "[org/org] worse.py:1:1", "error: 2 blocked in 2 of 2 changed files"]);
    // If the repository is not among `policies`, its policy does not matter, valid or not.
    site.admin("policies = ['org.toml']\n");
    site.client.write("policy.toml", "importgate = 1\nrules = 3\n").remove("worse.py").commit("theirs");
    site.push(&["main"]).is_silent();
    site.admin("policies = ['gone.toml']\n");
    // A file that is missing is told with the line that names it.
    site.push(&["main:refs/heads/x"])
        .is_unjudged(&["hooks/importgate-server.toml:2:13: the policy ", "gone.toml cannot"]);
    let run = site.client.importgate_command(&["doctor"]).current_dir(&site.server).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.contains("importgate-server.toml:2:13: the policy "), "{said}");
}

#[test]
fn very_much_that_is_weakened_is_counted() {
    let site = Site::new();
    let rules = |range: std::ops::Range<usize>| -> String {
        range.map(|at| format!("[[rule]]\nid = 'r{at}'\npattern = 'x{at}'\nseverity = 'block'\n")).collect()
    };
    site.commit("policy.toml", format!("{POLICY}{}", rules(0..200)));
    site.push(&["main"]).is_silent();
    site.commit("policy.toml", POLICY);
    let push = site.push(&["main"]);
    push.warns(&["rule `r49` removed", "warning: ... and 150 more"]);
    assert_eq!(push.lines().len(), 51, "{}", push.text);
}

#[test]
fn a_broken_policy_switches_no_other_off() {
    let site = Site::new();
    site.commit("policy.toml", "importgate = 1\nrules = 3\n");
    site.ungated_push(&["main"]);
    std::fs::write(site.server.join("hooks/org.toml"), POLICY).unwrap();
    let report = "cannot-judge = { policy = 'report' }\n";
    site.admin(&format!("policies = ['org.toml', 'repository']\n{report}"));
    site.commit("bad.py", BAD);
    let blocked_beside = |fault: &str| {
        let push = site.push(&["main:refs/heads/x"]);
        assert!(!push.is_through && push.text.contains("error: [org/old] bad.py:1:1"), "{}", push.text);
        assert!(push.text.contains("could not judge") && push.text.contains(fault), "{}", push.text);
    };
    blocked_beside("policy.toml:2:1");
    // Nor does a file of the admin's that is not there.
    site.admin(&format!("policies = ['none.toml', 'org.toml']\n{report}"));
    blocked_beside("none.toml");
}

#[test]
fn a_head_that_names_a_branch_by_another_name_has_its_policy() {
    // As hosts rename a default branch: `master` leads to `main`.
    let site = Site::new();
    site.admin("protect-policy = true\n");
    site.on_server(&["symbolic-ref", "refs/heads/master", "refs/heads/main"]);
    site.on_server(&["symbolic-ref", "HEAD", "refs/heads/master"]);
    site.commit("bad.py", BAD);
    for name in ["main", "main:master"] {
        site.push(&[name]).is_blocked(&["[old] bad.py:1:1"]);
    }
    site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    site.commit("policy.toml", NONE);
    for name in ["main", "main:master"] {
        site.push(&[name]).is_blocked(&["would weaken the policy, which this server protects"]);
    }
    // A clone on such a branch is compared with its commit.
    site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    site.client.git(&["symbolic-ref", "refs/heads/other", "refs/heads/main"]);
    site.client.git(&["symbolic-ref", "HEAD", "refs/heads/other"]);
    site.client.write("fine.py", "import os\n").stage();
    assert_eq!(site.client.importgate(&["check", "--staged"]).status.code(), Some(0));
}

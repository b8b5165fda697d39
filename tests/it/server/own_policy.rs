//! Branches with a policy of their own: judged by that of their own old tip, and no way into another branch.

use super::*;

/// Forbids what a release still lacks a new path for.
const MAIN: &str = "\
importgate = 1
[settings]
own-policy = ['release/**', 'hotfix/*']
[[rule]]
id = 'old'
language = 'python'
forbid = ['a.old']
severity = 'block'
[[rule]]
id = 'ancient'
language = 'python'
forbid = ['a.ancient']
severity = 'block'
";
/// What a release had when it began.
const RELEASE: &str = "\
importgate = 1
[[rule]]
id = 'ancient'
language = 'python'
forbid = ['a.ancient']
severity = 'block'
";
pub(super) const ANCIENT: &str = "from a.ancient import X\n";
pub(super) const FIXED: &str = "from a.new import X\n";

impl Site {
    /// `release/1` began before main forbade the old path.
    fn released() -> Self {
        let site = Self::ungated(&[]);
        site.client.write("policy.toml", RELEASE).write("old.py", BAD).commit("first");
        site.client.git(&["push", "-q", "origin", "main", "main:release/1"]);
        site.commit("policy.toml", MAIN);
        site.client.git(&["push", "-q", "origin", "main"]);
        site.client.git(&["branch", "-q", "--track", "release/1", "origin/release/1"]);
        site.install();
        site
    }

    /// The same with a hotfix on it, and a second release with main's policy. Main has moved on; what it has cleaned up comes
    /// back on a branch. A branch of main has merged the release and mended it, before the next hotfix.
    pub(super) fn releases() -> Self {
        let site = Self::released();
        site.client.git(&["branch", "-q", "release/2"]);
        site.client.git(&["branch", "-q", "release/0", "release/1"]);
        site.commit("main.py", "import sys\n");
        site.commit("old.py", FIXED);
        site.branch("hotfix/back", "main");
        site.client.git(&["revert", "--no-edit", "HEAD"]);
        site.branch("next", "main");
        site.commit("next.py", "import sys\n");
        site.to("release/1");
        site.commit("hotfix.py", BAD);
        site.branch("release/4", "release/0");
        site.commit("first.py", BAD);
        site.branch("again", "main");
        site.client.git(&["merge", "-q", "--no-commit", "release/4"]);
        site.client.write("first.py", FIXED).stage();
        site.client.git(&["commit", "-q", "-m", "mended"]);
        site.to("release/4");
        site.commit("second.py", BAD);
        let refs = ["main", "next", "again", "release/0", "release/1", "release/2", "release/4"];
        site.push(&refs).is_silent();
        site.push(&["hotfix/back"]).warns(&["restored"]);
        site
    }
}

#[test]
fn a_release_is_judged_by_its_own_policy() {
    let site = Site::released();
    site.to("release/1");
    site.commit("hotfix.py", BAD);
    site.push(&["release/1"]).is_silent();
    site.commit("bad.py", ANCIENT);
    site.push(&["release/1"]).is_blocked(&["[ancient] bad.py:1:1"]);
    // Both at once, each by its own policy.
    site.to("main");
    site.commit("new.py", BAD);
    let push = site.push(&["main", "release/1"]);
    push.is_blocked(&["[old] new.py:1:1", "[ancient] bad.py:1:1"]);
    assert_eq!(push.findings().len(), 2, "{}", push.text);
    // Amended, and from packed references.
    site.on_server(&["pack-refs", "--all"]);
    site.to("release/1");
    site.client.git(&["reset", "-q", "--hard", "origin/release/1"]);
    site.amend_with("hotfix.py", format!("{BAD}{BAD}"));
    site.force(&["release/1"]).is_silent();
}

#[test]
fn what_is_merged_from_a_release_is_judged_where_it_goes() {
    let site = Site::released();
    site.to("release/1");
    site.commit("hotfix.py", BAD);
    site.push(&["release/1"]).is_silent();
    site.to("main");
    site.commit("more.py", "import os\n");
    site.client.git(&["merge", "-q", "--no-edit", "release/1"]);
    site.push(&["main"]).is_blocked(&["[old] hotfix.py:1:1"]);
    // By no other name either: a branch, a tag, another release, a deleted one.
    for refs in [&["release/1:topic"][..], &["release/1:refs/heads/releases/1"], &["release/1:topic", "release/1:main"]]
    {
        site.push(refs).is_blocked(&["[old] hotfix.py:1:1"]);
    }
    site.client.git(&["tag", "v1", "release/1"]);
    site.push(&["v1"]).is_silent();
    site.push(&["v1:refs/heads/topic"]).is_blocked(&["[old] hotfix.py:1:1"]);
    site.push(&["main"]).is_blocked(&["[old] hotfix.py:1:1"]);
    site.push(&["release/1:release/1.1"]).is_silent();
    site.push(&["main"]).is_blocked(&["[old] hotfix.py:1:1"]);
    site.push(&[":release/1", ":release/1.1"]).is_silent();
    site.push(&["main"]).is_blocked(&["[old] hotfix.py:1:1"]);
    site.push(&["--force", "release/1:main"]).is_blocked(&["[old] hotfix.py:1:1"]);
    // Mended on the way, it comes in.
    site.commit("hotfix.py", FIXED);
    site.push(&["main"]).is_silent();
}

#[test]
fn a_new_release_begins_with_mains_policy() {
    let site = Site::released();
    site.branch("release/2", "main");
    site.commit("hotfix.py", BAD);
    site.push(&["release/2"]).is_blocked(&["[old] hotfix.py:1:1"]);
    // Its first own tip makes no difference, whatever policy that brings.
    site.commit("policy.toml", "importgate = 1\n");
    site.push(&["release/2"]).is_blocked(&["[old] hotfix.py:1:1", "refs/heads/release/2 weakens the policy: "]);
    site.client.git(&["reset", "-q", "--hard", "main"]);
    site.commit("policy.toml", "importgate = 1\n");
    site.push(&["release/2"]).warns(&["refs/heads/release/2 weakens the policy: rule `old` removed"]);
    site.commit("hotfix.py", BAD);
    site.push(&["release/2"]).is_silent();
    site.push(&["release/2:main"]).is_blocked(&["[old] hotfix.py:1:1"]);
    // From old code that has been there always.
    site.push(&["main~:refs/heads/release/0"]).is_silent();
}

#[test]
fn the_policy_of_a_release_is_protected_like_mains() {
    let site = Site::released();
    site.admin("protect-policy = true\n");
    site.to("release/1");
    site.commit("policy.toml", "importgate = 1\n");
    site.push(&["release/1"]).is_blocked(&["refs/heads/release/1 would weaken the policy, which this server protects"]);
    site.push(&["release/1:release/2"]).is_blocked(&["refs/heads/release/2 would weaken the policy"]);
    // Brought to the server by a branch whose policy does not count.
    site.push(&["release/1:topic"]).warns(&["would weaken the policy, once it is merged"]);
    site.push(&["release/1:refs/heads/release/2"]).is_blocked(&["refs/heads/release/2 would weaken the policy"]);
    site.push(&["--force", "release/1:release/1"]).is_blocked(&["would weaken the policy"]);
    // A release from an old commit of main weakens nothing.
    site.push(&["main~:refs/heads/release/0"]).is_silent();
}

#[test]
fn an_invalid_policy_of_a_release_is_mended_by_a_push() {
    let site = Site::released();
    site.to("release/1");
    site.commit("policy.toml", "importgate = 1\nwat = 1\n");
    site.push(&["release/1"]).is_blocked(&["unknown key `wat`"]);
    site.ungated_push(&["release/1"]);
    site.commit("fine.py", "import os\n");
    let push = site.push(&["release/1"]);
    push.is_unjudged(&["unknown key `wat`", "First push a valid policy.toml to refs/heads/release/1, or"]);
    // Others are not concerned.
    site.push(&["main:topic"]).is_silent();
    site.commit("policy.toml", RELEASE);
    site.push(&["release/1"]).warns(&["the policy of refs/heads/release/1 is invalid"]);
    // A release from before any policy is judged by none.
    site.client.git(&["checkout", "-q", "--orphan", "release/0"]);
    site.client.remove("policy.toml");
    site.client.commit("no policy");
    site.ungated_push(&["release/0"]);
    site.commit("bad.py", format!("{BAD}{ANCIENT}"));
    site.push(&["release/0"]).is_silent();
}

#[test]
fn one_commit_for_two_branches_is_judged_by_both_policies() {
    let site = Site::released();
    site.to("release/1");
    site.commit("hotfix.py", BAD);
    // Whatever is known first of one branch says nothing of the other.
    site.push(&["release/1", "release/1:refs/heads/topic"]).is_blocked(&["[old] hotfix.py:1:1"]);
    site.admin("deadline = '1ns'\n");
    site.push(&["release/1", "release/1:refs/heads/topic"]).is_unjudged(&["the deadline of this run has passed"]);
}

#[test]
fn a_tag_comes_with_its_release() {
    let site = Site::released();
    site.to("release/1");
    site.commit("hotfix.py", BAD);
    site.client.git(&["tag", "-a", "-m", "v1", "v1"]);
    site.commit("more.py", "import os\n");
    site.client.git(&["tag", "v2"]);
    site.push(&["release/1", "v1", "v2"]).is_silent();
    // Moved, and the release amended.
    site.amend_with("more.py", "import sys\n");
    site.client.git(&["tag", "-f", "-a", "-m", "v1", "v1"]);
    site.client.git(&["tag", "-f", "v2"]);
    site.force(&["release/1", "v1", "v2"]).is_silent();
    // By itself it is main's to judge, and so is what stands beside the release.
    site.commit("more.py", BAD);
    site.client.git(&["tag", "v3"]);
    site.push(&["v3"]).is_blocked(&["[old] more.py:1:1"]);
    site.client.git(&["reset", "-q", "--hard", "v2"]);
    site.commit("fine.py", "import os\n");
    site.push(&["release/1", "v3"]).is_blocked(&["[old] more.py:1:1"]);
    site.client.git(&["reset", "-q", "--hard", "v2"]);
    site.commit("bad.py", ANCIENT);
    site.client.git(&["tag", "v4"]);
    site.client.remove("bad.py");
    site.client.commit("taken back");
    site.push(&["release/1", "v4"]).is_blocked(&["[ancient] bad.py:1:1"]);
}

#[test]
fn a_new_branch_goes_on_where_it_begins() {
    let site = Site::released();
    // At a release that has no commit of its own yet.
    site.branch("hotfix/a", "release/1");
    site.commit("a.py", BAD);
    site.push(&["hotfix/a"]).is_silent();
    // Beside a release, behind a tag.
    site.to("release/1");
    site.commit("hotfix.py", BAD);
    site.client.git(&["checkout", "-q", "--detach"]);
    site.commit("version.txt", "1\n");
    site.client.git(&["tag", "v1"]);
    let push = site.push(&["release/1"]);
    assert!(push.is_through && push.findings().is_empty(), "{}", push.text);
    site.push(&["v1"]).is_silent();
    site.branch("hotfix/b", "v1");
    site.commit("b.py", BAD);
    site.push(&["hotfix/b"]).is_silent();
    // One that has merged a release began elsewhere.
    site.branch("hotfix/c", "main");
    site.commit("c.py", "import os\n");
    site.client.git(&["merge", "-q", "--no-edit", "release/1"]);
    site.commit("d.py", BAD);
    site.push(&["hotfix/c"]).is_blocked(&["[old] d.py:1:1"]);
}

#[test]
fn names_that_messages_cannot_show_name_no_own_policy() {
    use std::os::unix::ffi::OsStrExt;
    let site = Site::released();
    site.admin("protect-policy = true\n");
    site.commit("hotfix.py", BAD);
    let name = std::ffi::OsStr::from_bytes(b"main:refs/heads/release/\xff");
    let push = Push::of(&site.command(&[]).arg(name).output().unwrap());
    push.is_blocked(&["[old] hotfix.py:1:1"]);
}

#[test]
fn very_many_releases_are_judged() {
    let site = Site::released();
    let mut names = Vec::new();
    for number in 0..300 {
        names.push(format!("release/1:release/n{number}"));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    site.push(&names).is_silent();
    // Policies that are very different are too many at once, one by itself is not.
    let large = |number: usize| format!("{RELEASE}# {number}{}\n", "x".repeat(300_000));
    let mut all = Vec::new();
    for number in 0..6 {
        site.to("main");
        site.branch(&format!("release/l{number}"), "release/1");
        site.commit("policy.toml", large(number));
        all.push(format!("release/l{number}"));
    }
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    site.push(&all).is_silent();
    for name in &all {
        site.to(name);
        site.commit("fine.py", "import os\n");
    }
    site.push(&all).is_unjudged(&["too many different policies of their own", "Push fewer of them at once."]);
    site.push(&all[..1]).is_silent();
}

#[test]
fn many_releases_are_judged_each_by_its_own_policy() {
    let site = Site::released();
    let names: Vec<String> = (0..60).map(|number| format!("release/n{number}")).collect();
    let commit = site.client.git(&["rev-parse", "release/1"]);
    let new: Vec<String> = names.iter().map(|name| format!("{commit}:refs/heads/{name}")).collect();
    site.push(&new.iter().map(String::as_str).collect::<Vec<_>>()).is_silent();
    site.to("release/1");
    let mut refs = Vec::new();
    for (number, name) in names.iter().enumerate() {
        site.client.git(&["reset", "-q", "--hard", &commit]);
        let tip = site.commit("hotfix.py", if number == 7 { ANCIENT } else { BAD });
        refs.push(format!("{tip}:refs/heads/{name}"));
    }
    let push = site.push(&refs.iter().map(String::as_str).collect::<Vec<_>>());
    push.is_blocked(&["[ancient] hotfix.py:1:1"]);
    assert_eq!(push.findings().len(), 1, "{}", push.text);
}

#[test]
fn merges_of_shared_branches_are_judged_as_without_own_policies() {
    // Main took the import in before the rule was there, and a release is cut from its tip.
    let site = Site::released();
    site.branch("topic", "main");
    site.commit("topic.py", "import os\n");
    site.push(&["topic"]).is_silent();
    site.to("main");
    site.commit("taken.py", BAD);
    site.ungated_push(&["main"]);
    site.push(&["main:release/2"]).is_silent();
    site.to("topic");
    site.client.git(&["merge", "-q", "--no-ff", "--no-commit", "main"]);
    assert_eq!(site.client.importgate(&["check", "--staged"]).status.code(), Some(0));
    site.client.git(&["commit", "-q", "--no-verify", "-m", "merged"]);
    site.push(&["topic"]).is_silent();
    site.to("release/1");
    site.client.git(&["merge", "-q", "--no-edit", "main"]);
    let push = site.push(&["release/1"]);
    assert!(push.is_through && push.findings().is_empty(), "{}", push.text);
}

//! Rules that the admin's file excuses in a repository until a day.

use serde_json::{Value, json};

use super::*;

/// A day that does not come.
const NEVER: &str = "9999-12-30";

/// Returns a `[[repository]]` for all that excuses a rule.
fn excused(rule: &str, until: &str) -> String {
    format!(
        "[[repository]]\nmatch = '**'\nexcuse = [{{ rule = '{rule}', until = {until}, owner = '@payments', reason = 'moves' }}]\n"
    )
}

const BOTH: &str = "policies = ['org.toml', 'repository']\nlog = 'log'\n";

#[test]
fn a_rule_is_excused_until_a_day() {
    let site = Site::new();
    site.policy_of("org.toml", "old", "a.old").admin(&format!("{BOTH}{}", excused("org/old", NEVER)));
    // The repository's own rule of that id is not meant.
    site.commit("bad.py", BAD);
    let note = format!("note excused here until {NEVER} (@payments): moves");
    let push = site.push(&["main"]);
    push.is_blocked(&["warning: [org/old] bad.py:1:1", &note, "error: [old] bad.py:1:1", "1 blocked, 1 warning in 1"]);
    assert_eq!(push.text.matches("excused here").count(), 1, "{}", push.text);
    let log = site.log();
    assert_eq!((&log[0]["rules"], &log[0]["excused"]), (&json!({ "old": 1, "org/old": 1 }), &json!({ "org/old": 1 })));
    // Nor the other way round: a plain id is that of the repository's own.
    site.admin(&format!("{BOTH}{}", excused("old", NEVER)));
    let push = site.push(&["main"]);
    push.is_blocked(&["error: [org/old] bad.py:1:1", "warning: [old] bad.py:1:1", &note]);
    assert_eq!(site.log()[1]["excused"], json!({ "old": 1 }));
    // Nothing else, and no part of a name.
    for other in ["org/ol", "old/old", "org.toml/old", "other/old", "repository/old", "org", "/old", "Org/old"] {
        site.admin(&format!("{BOTH}{}", excused(other, NEVER)));
        site.push(&["main"]).is_blocked(&["error: [org/old] bad.py:1:1", "error: [old] bad.py:1:1"]);
    }
    // Once the day is over, it blocks again by itself.
    site.admin(&format!("policies = 'org.toml'\n{}", excused("org/old", "2026-01-01")));
    let push = site.push(&["main"]);
    push.is_blocked(&["error: [org/old] bad.py:1:1"]);
    assert!(!push.text.contains("excused"), "{}", push.text);
    // Elsewhere it is not excused.
    let elsewhere = excused("org/old", NEVER).replace("'**'", "'payments/**'");
    site.admin(&format!("policies = 'org.toml'\n{elsewhere}"));
    site.push(&["main"]).is_blocked(&["error: [org/old] bad.py:1:1"]);
    // Alone, it passes; what it let pass is old from then on, and makes no room elsewhere.
    site.admin(&format!("policies = 'org.toml'\nlog = 'log'\n{}", excused("org/old", NEVER)));
    site.push(&["main"]).warns(&["warning: [org/old] bad.py:1:1", &note]);
    assert_eq!(site.log().last().unwrap()["verdict"], "warn");
    site.admin("policies = 'org.toml'\n");
    site.commit("bad.py", format!("{BAD}x = 1\n"));
    site.push(&["main"]).is_silent();
    site.commit("more.py", BAD);
    site.push(&["main"]).is_blocked(&["error: [org/old] more.py:1:1"]);
}

#[test]
fn only_what_would_block_is_told_to_be_excused() {
    let rule = |id: &str, more: &str| {
        format!("[[rule]]\nid = '{id}'\nlanguage = 'python'\nforbid = ['{id}']\nseverity = 'block'\n{more}")
    };
    let policy = [
        POLICY,
        &rule("capped", "cap = { in = ['tests/**'], severity = 'warn' }\n"),
        "[[rule]]\nid = 'line'\npattern = 'todo'\nseverity = 'block'\nblock-from = 2026-01-01\n",
    ];
    let site = Site::new();
    site.commit("policy.toml", policy.concat());
    site.push(&["main"]).is_silent();
    let one = |rule: &str| format!("{{ rule = '{rule}', until = {NEVER}, owner = '@x', reason = 'r' }}");
    let all = [one("old"), one("capped"), one("line")].join(", ");
    site.admin(&format!("log = 'log'\n[[repository]]\nmatch = '**'\nexcuse = [{all}]\n"));
    site.client.write("tests/a.py", "import capped\n").write("a.py", "import capped\ntodo = 1\n");
    // A file that is the forbidden module and a string warn at most by themselves.
    site.client.write("a/old.py", "x = 1\n").write("b.py", BAD).write("c.py", "x = 'a.old'\n").commit("all kinds");
    let push = site.push(&["main"]);
    push.warns(&["[capped] a.py:1:1", "[capped] tests/a.py:1:1", "[line] a.py:2:1", "[old] b.py:1:1"]);
    let blocks = push.text.split("warning: [").skip(1);
    let noted: Vec<_> =
        blocks.filter(|block| block.contains("excused here")).map(|block| block.split(':').next().unwrap()).collect();
    assert_eq!(noted, ["capped] a.py", "line] a.py", "old] b.py"], "{}", push.text);
    assert!(!push.text.contains("blocks from"), "{}", push.text);
    let counted = &site.log()[0]["excused"];
    assert_eq!(counted, &json!({ "capped": 2, "line": 1, "old": 1 }), "{}", push.text);
}

#[test]
fn what_another_rule_forbids_as_well_is_not_excused() {
    let twin = POLICY.replace("'old'", "'twin'").replace("importgate = 1\n", "");
    for policy in
        [format!("{POLICY}{twin}"), format!("importgate = 1\n{twin}{}", POLICY.replace("importgate = 1\n", ""))]
    {
        let site = Site::new();
        site.commit("policy.toml", policy);
        site.push(&["main"]);
        site.admin(&excused("old", NEVER));
        site.commit("bad.py", BAD);
        let push = site.push(&["main"]);
        push.is_blocked(&["error: [twin] bad.py:1:1", "1 blocked in 1 of 1 changed file"]);
        site.admin(&excused("twin", NEVER));
        site.push(&["main"]).is_blocked(&["error: [old] bad.py:1:1"]);
    }
    // In a repository that is empty, the pushed policy judges, and is excused as a standing one is.
    let site = Site::empty();
    site.admin(&format!("first-push = 'block'\n{}", excused("old", NEVER)));
    site.client.write("policy.toml", POLICY).write("bad.py", BAD).commit("first");
    site.push(&["main"]).warns(&["warning: [old] bad.py:1:1", "excused here until"]);
    // So is one that mends a broken one.
    let site = Site::new();
    site.commit("policy.toml", "importgate = 1\nrules = 3\n");
    site.ungated_push(&["main"]);
    site.admin(&excused("old", NEVER));
    site.client.write("policy.toml", POLICY).write("bad.py", BAD).commit("mended");
    site.push(&["main"]).warns(&["warning: [old] bad.py:1:1", "excused here until"]);
}

#[test]
fn no_pusher_excuses_a_rule() {
    let site = Site::new();
    site.on_server(&["config", "receive.advertisePushOptions", "true"]);
    site.policy_of("org.toml", "old", "a.old").admin(BOTH);
    let excuse = excused("org/old", NEVER);
    // In the repository's policy it is an unknown key; a file of the admin's name is a file like any other.
    site.commit("policy.toml", format!("{POLICY}{excuse}"));
    site.push(&["main"]).is_blocked(&["unknown key `repository`"]);
    site.client.git(&["reset", "-q", "--hard", "origin/main"]);
    site.client.write("importgate-server.toml", format!("importgate-server = 1\n{excuse}"));
    site.client.write("hooks/importgate-server.toml", format!("importgate-server = 1\n{excuse}"));
    site.commit("bad.py", BAD);
    site.push(&["-o", "importgate.excuse=org/old:why", "main"]).is_blocked(&["error: [org/old] bad.py:1:1"]);
    // A rule that is renamed to what is excused, or entries that are moved there, weaken the policy.
    site.admin(&format!("policies = 'repository'\nprotect-policy = true\n{}", excused("mild", NEVER)));
    let mild = "[[rule]]\nid = 'mild'\nlanguage = 'python'\nforbid = ['a.old.X']\nseverity = 'block'\n";
    for (policy, told) in [
        (POLICY.replace("'old'", "'mild'"), "rule `old` removed"),
        (format!("{POLICY}{mild}"), "rule `mild` now decides on `a.old.X` instead of rule `old`"),
    ] {
        site.client.git(&["reset", "-q", "--hard", "origin/main"]);
        site.commit("policy.toml", policy);
        site.push(&["main"]).is_blocked(&[told, "which this server protects"]);
    }
    // Without the excuse, neither does.
    site.admin("policies = 'repository'\nprotect-policy = true\n");
    site.push(&["main"]).is_silent();
}

#[test]
fn an_excuse_is_given_whatever_the_push_is() {
    let site = Site::new();
    site.policy_of("org.toml", "old", "a.old").policy_of("next.toml", "old", "a.old");
    let excuse = excused("org/old", NEVER);
    let admin = format!("policies = 'org.toml'\nlog = 'log'\nshadow = 'next.toml'\n{excuse}");
    site.admin(&admin);
    // Several references, one of them rewritten; a shadow policy is excused nothing.
    site.commit("a.py", BAD);
    site.branch("other", "main");
    site.commit("b.py", BAD);
    site.push(&["main", "other"]).warns(&["[org/old] a.py:1:1", "[org/old] b.py:1:1"]);
    let line = site.log().pop().unwrap();
    assert_eq!((&line["excused"], &line["policies"][1]["verdict"]), (&json!({ "org/old": 2 }), &json!("block")));
    site.client.write("b.py", format!("{BAD}{BAD}")).git(&["commit", "-q", "-a", "--amend", "-m", "amended"]);
    site.push(&["--force", "other"]).warns(&["[org/old] b.py"]);
    assert_eq!(site.log().pop().unwrap()["excused"], Value::Null);
    // Beyond the limit of commits.
    site.admin(&admin.replacen("log", "commit-limit = 1\nlog", 1));
    for at in 0..3 {
        site.commit(&format!("c{at}.py"), BAD);
    }
    site.push(&["other"]).warns(&["over 1 commits are new", "[org/old] c0.py:1:1", "excused here until"]);
    // More than is listed is excused as well.
    site.admin(&admin);
    site.commit("many.py", BAD.repeat(6000));
    site.push(&["other"]).warns(&["[org/old] many.py:1:1"]);
    // Break-glass is not needed for it.
    site.admin(&admin.replacen("log", "break-glass = 'oncall'\nlog", 1));
    site.on_server(&["config", "receive.advertisePushOptions", "true"]);
    site.commit("d.py", BAD);
    let push = site.push_with(&[("GL_USER", "oncall")], &["-o", "importgate.allow=org/old:why", "other"]);
    push.warns(&["importgate.allow for org/old was not needed", "excused here until"]);
    assert_eq!(site.log().pop().unwrap()["allowed"], json!([]));
}

//! Violations that the admin allows, or that history excuses.

use serde_json::Value;

use super::*;

type Variables<'a> = &'a [(&'a str, &'a str)];

const ALLOW: &str = "importgate.allow=old:the rollback of the migration";

impl Site {
    pub(super) fn log(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.server.join("hooks/log")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn with_options() -> Self {
        let site = Self::new();
        site.on_server(&["config", "receive.advertisePushOptions", "true"]);
        site.admin("break-glass = ['oncall']\nlog = 'log'\n");
        site
    }
}

#[test]
fn a_listed_user_may_break_the_glass() {
    let site = Site::with_options();
    let bad = site.commit("bad.py", BAD);
    let oncall = [("GL_USER", "oncall")];
    site.push_with(&oncall, &["main"]).is_blocked(&["[old] bad.py:1:1"]);
    let push = site.push_with(&oncall, &["-o", ALLOW, "main"]);
    push.warns(&["warning: [old] bad.py:1:1", "allowed to oncall: the rollback of the migration", "1 warning in 1 of"]);
    let log = site.log();
    assert_eq!(log.len(), 2, "{log:?}");
    assert_eq!((log[0]["verdict"].as_str(), log[0]["rejected"].as_bool()), (Some("block"), Some(true)));
    assert_eq!((log[1]["verdict"].as_str(), log[1]["rejected"].as_bool()), (Some("warn"), Some(false)));
    assert_eq!(log[1]["user"], "oncall");
    assert_eq!(log[1]["refs"][0]["new"], bad.as_str());
    assert_eq!(log[1]["rules"]["old"], 1);
    assert_eq!(log[1]["allowed"][0]["rule"], "old");
    assert_eq!(log[1]["allowed"][0]["reason"], "the rollback of the migration");
    // An allowance that is not needed is reported, and not logged.
    site.commit("fine.py", "import os\n");
    site.push_with(&oncall, &["-o", ALLOW, "main"]).warns(&["importgate.allow for old was not needed"]);
    assert_eq!(site.log()[2]["allowed"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_is_allowed_is_logged_even_where_it_is_only_counted() {
    let site = Site::with_options();
    // More findings than are listed: those of the second rule are all beyond the limit.
    let policy =
        format!("{POLICY}[[rule]]\nid = 'other'\nlanguage = 'python'\nforbid = ['b.old']\nseverity = 'block'\n");
    site.commit("policy.toml", policy);
    site.push(&["main"]).is_silent();
    site.commit("a.py", BAD.repeat(5_000));
    site.commit("b.py", "from b.old import X\n");
    let other = "importgate.allow=other:the rollback of the migration";
    let push = site.push_with(&[("GL_USER", "oncall")], &["-o", ALLOW, "-o", other, "main"]);
    push.warns(&["allowed to oncall", "5001 warnings in 1 or more of 2 changed files"]);
    assert!(!push.text.contains("not needed"), "{}", push.text);
    let allowed = &site.log()[1]["allowed"];
    assert_eq!((&allowed[0]["rule"], &allowed[1]["rule"]), (&"old".into(), &"other".into()));
}

#[test]
fn nobody_else_may() {
    let site = Site::with_options();
    site.commit("bad.py", BAD);
    let rows: [(Variables<'_>, &str, &str); 5] = [
        (&[("GL_USER", "eve")], ALLOW, "eve is not allowed to use it"),
        (&[("GL_USER", "eve"), ("USER", "oncall")], ALLOW, "eve is not allowed to use it"),
        (&[("GL_USER", "oncall"), ("REMOTE_USER", "eve")], ALLOW, "name different users"),
        (&[("GL_USER", "oncall")], "importgate.allow=old", "with a rule and a reason"),
        (&[("GL_USER", "oncall")], "importgate.allow=another:why", "[old] bad.py:1:1"),
    ];
    for (variables, option, told) in rows {
        site.push_with(variables, &["-o", option, "main"]).is_blocked(&["error: [old] bad.py:1:1", told]);
    }
    // An allowance covers neither an invalid policy nor a push that cannot be judged.
    site.commit("policy.toml", "importgate = 1\nrules = 3\n");
    let push = site.push_with(&[("GL_USER", "oncall")], &["-o", ALLOW, "main"]);
    assert!(!push.is_through && push.text.contains("Fix policy.toml"), "{}", push.text);
    // Without a list, nobody may use it.
    site.admin("");
    site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    let push = site.push_with(&[("GL_USER", "oncall")], &["-o", ALLOW, "main"]);
    push.is_blocked(&["error: [old] bad.py:1:1", "nobody may use it on this server"]);
}

#[test]
fn a_log_that_cannot_be_written_is_told() {
    let site = Site::new();
    site.admin("log = '/dev/full'\n");
    site.commit("fine.py", "import os\n");
    site.push(&["main"]).warns(&["warning: this push is not in the log"]);
    site.commit("bad.py", BAD);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", "warning: this push is not in the log"]);
}

#[test]
fn the_log_says_which_policy_judged_and_how() {
    let site = Site::new();
    let org = POLICY.replace("a.old", "json").replace("'block'", "'warn'");
    std::fs::write(site.server.join("hooks/org.toml"), &org).unwrap();
    site.admin("policies = ['org.toml', 'repository']\nlog = 'log'\nhash-users = true\n");
    site.client.write("a.py", "import json\n").commit("warned");
    let pushed = [("GL_USER", "alice")];
    site.push_with(&pushed, &["main"]).warns(&["[org/old] a.py:1:1"]);
    site.commit("bad.py", BAD);
    site.push_with(&pushed, &["main"]).is_blocked(&["[old] bad.py:1:1"]);
    let log = site.log();
    let verdicts = |line: &Value| {
        let policies = line["policies"].as_array().unwrap().iter();
        policies.map(|policy| policy["verdict"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (verdicts(&log[0]), verdicts(&log[1])),
        (vec!["warn".into(), "pass".into()], vec!["pass".into(), "block".into()])
    );
    let own = site.client.git(&["rev-parse", "HEAD:policy.toml"]);
    let file = site.client.object("blob", org.as_bytes());
    for line in &log {
        assert!(line["policies"][0]["policy"].as_str().unwrap().ends_with("/hooks/org.toml"), "{line}");
        assert_eq!(line["policies"][1]["policy"], "refs/heads/main:policy.toml");
        assert_eq!(
            (&line["policies"][0]["blob"], &line["policies"][1]["blob"]),
            (&file.clone().into(), &own.clone().into())
        );
        assert_eq!(line["user"], "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90");
        assert!(!line.to_string().contains("alice"));
    }
}

#[test]
fn the_log_counts_what_exceptions_let_pass() {
    let site = Site::new();
    let rule = |id: &str, more: &str| {
        format!("[[rule]]\nid = '{id}'\nlanguage = 'python'\nforbid = ['{id}']\nseverity = 'block'\n{more}")
    };
    let line = "[[rule]]\nid = 'line'\npattern = 'todo'\nseverity = 'block'\nallow-in = ['legacy/**']\n";
    let rules = [
        POLICY,
        &rule("allowed", "allow-in = ['legacy/**']\n"),
        &rule("capped", "cap = [{ in = ['tests/**'], severity = 'warn' }, { kind = 'local', severity = 'off' }]\n"),
        line,
    ];
    site.commit("policy.toml", rules.concat());
    site.admin("log = 'log'\n");
    site.push(&["main"]).is_silent();
    site.client.write("legacy/a.py", "import allowed, allowed.b\ntodo = 1\n");
    site.client.write("tests/a.py", "import capped\n").write("a.py", "def f():\n    import capped\n");
    site.client.write("fine.py", "import os\n");
    site.commit("warned", "");
    site.push(&["main"]).warns(&["[capped] tests/a.py:1"]);
    let expected = serde_json::json!({"allowed": 2, "capped": 2, "line": 1});
    assert_eq!(site.log()[1]["excused"], expected, "{}", site.log()[1]);
    // What is there already is not counted, nor what is blocked all the same; what several references bring counts once.
    site.client.write("legacy/a.py", "import allowed, allowed.b\ntodo = 1\nx = 1\n");
    site.client.write("legacy/more.py", "import allowed\n");
    site.commit("bad.py", BAD);
    site.push(&["main", "main:refs/heads/other"]).is_blocked(&["[old] bad.py:1:1"]);
    assert_eq!(site.log()[2]["excused"], serde_json::json!({"allowed": 1}));
    site.branch("more", "main");
    site.commit("bad.py", "");
    site.client.git(&["checkout", "-q", "main"]);
    site.commit("bad.py", "x = 1\n");
    let push = site.push(&["main", "more"]);
    assert!(push.is_through, "{}", push.text);
    assert_eq!(site.log()[3]["excused"], serde_json::json!({"allowed": 1}));
    // Nobody knows what a policy that judged nothing excused.
    site.admin("log = 'log'\ndeadline = '1ns'\n");
    site.commit("late.py", "import os\n");
    assert!(!site.push(&["main"]).is_through);
    assert_eq!(site.log()[4]["excused"], Value::Null);
}

#[test]
fn lines_of_many_writers_are_whole() {
    use std::process::{Command, Stdio};
    let site = Site::new();
    // So many at once take their time on a busy machine.
    site.admin("log = 'log'\nenforce = 'report'\ndeadline = '1h'\n");
    site.commit("bad.py", BAD.repeat(200));
    site.push(&["main:refs/pull/1/head"]);
    let new = site.client.git(&["rev-parse", "HEAD"]);
    let old = site.on_server(&["rev-parse", "main"]);
    // Many references make a line longer than what a pipe would write at once.
    let refs: String = (0..500).map(|at| format!("{old} {new} refs/heads/branch-{at}\n")).collect();
    let input = site.client.beside("refs");
    std::fs::write(&input, refs).unwrap();
    let writers: Vec<_> = (0..64)
        .map(|_| {
            let mut command: Command = site.client.command(site.server.join("hooks/pre-receive"));
            command.current_dir(&site.server).env("GIT_DIR", ".").stdin(std::fs::File::open(&input).unwrap());
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    // Each line is read as JSON.
    let log = site.log().split_off(1);
    assert_eq!(log.len(), 64);
    assert!(log.iter().all(|line| line["refs_total"] == 500 && line["rules"]["old"] == 200), "{:?}", log[0]);
}

#[test]
fn where_nothing_is_enforced_nothing_is_rejected() {
    let site = Site::new();
    site.admin("enforce = 'report'\nlog = 'log'\n");
    site.commit("bad.py", BAD);
    let push = site.push(&["main"]);
    push.warns(&["warning: [old] bad.py:1:1", "1 blocked in 1 of 1 changed file. This server only reports"]);
    site.commit("policy.toml", "importgate = 1\nrules = 3\n");
    site.push(&["main"]).warns(&["policy.toml:2:1"]);
    // The policy in effect is invalid now.
    site.commit("fine.py", "import os\n");
    site.push(&["main"]).warns(&["warning: could not judge: "]);
    let verdicts: Vec<_> = site.log().iter().map(|line| line["verdict"].as_str().unwrap().to_owned()).collect();
    assert_eq!(verdicts, ["block", "block", "error"]);
    assert!(site.log().iter().all(|line| line["rejected"] == false));
    site.admin("enforce = 'off'\n");
    site.commit("worse.py", BAD);
    site.push(&["main"]).is_silent();
}

#[test]
fn what_cannot_be_judged_is_the_admins_to_decide() {
    let site = Site::new();
    site.commit("policy.toml", "importgate = 1\nrules = 3\n");
    site.admin("enforce = 'report'\n").push(&["main"]);
    site.branch("topic", "main");
    site.commit("fine.py", "import os\n");
    site.admin("").push(&["topic"]).is_unjudged(&["refs/heads/main:policy.toml"]);
    site.admin("cannot-judge = 'report'\n").push(&["topic"]).warns(&["warning: could not judge: "]);
    // An invalid file of the admin's decides nothing: no push passes.
    for file in ["enforc = 'off'\n", "enforce = 'of'\n", "enforce = \n"] {
        site.admin(file).push(&["topic:other"]).is_unjudged(&["importgate-server.toml"]);
    }
    site.on_server(&["config", "importgate.server", "/nowhere/admin.toml"]);
    site.admin("enforce = 'off'\n").push(&["topic:other"]).is_unjudged(&["/nowhere/admin.toml is missing"]);
}

/// Returns a server whose main removed old code from two files in one commit, and that commit.
fn migrated() -> (Site, String) {
    let site = Site::new();
    site.client.write("one.py", "from a.new import X\n").write("old.py", "from a.new import X\n");
    let migration = site.client.commit("migrate");
    site.push(&["main"]).is_silent();
    (site, migration)
}

#[test]
fn a_rollback_passes_with_a_warning() {
    let (site, migration) = migrated();
    site.client.git(&["revert", "--no-edit", &migration]);
    let push = site.push(&["main"]);
    push.warns(&["warning: [old] old.py:1:1", &format!("restored: it was there before commit {migration}")]);
}

#[test]
fn a_forged_rollback_is_blocked() {
    let forged = |site: &Site, claim: &str, path: &str| {
        site.client.write(path, BAD).commit(&format!("Revert \"migrate\"\n\nThis reverts commit {claim}.\n"));
        let push = site.push(&["main"]);
        push.is_blocked(&[&format!("error: [old] {path}:1:1")]);
        site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    };
    let (site, migration) = migrated();
    forged(&site, &migration, "another.py");
    // A commit that removed nothing, a missing one, and two that the push itself brings.
    let other = site.client.git(&["rev-parse", "HEAD~"]);
    forged(&site, &other, "old.py");
    forged(&site, &"1".repeat(40), "old.py");
    let both = site.client.write("new.py", BAD).commit("brings");
    let removed = site.client.write("new.py", "").commit("removes");
    for claim in [&both, &removed] {
        forged(&site, claim, "new.py");
    }
}

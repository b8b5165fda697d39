//! What the log says beyond the verdict, and that its lines stay whole.

use std::fs::{self, File};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use super::*;

impl Site {
    fn last_line(&self) -> Value {
        self.log().pop().unwrap()
    }
}

#[test]
fn commits_that_passed_no_local_gate_are_counted() {
    let site = Site::new();
    site.on_server(&["config", "receive.advertisePushOptions", "true"]);
    site.admin("log = 'log'\nbreak-glass = 'oncall'\n");
    site.commit("fine.py", "import os\n");
    site.push(&["main"]).is_silent();
    assert_eq!(site.last_line()["ungated"], 0);
    // Two of three commits, whatever references and findings they are told with.
    site.commit("one.py", BAD.repeat(3));
    site.commit("two.py", "import os\n");
    site.commit("three.py", BAD);
    site.push(&["main", "main:refs/heads/other", "main~:refs/heads/more"]).is_blocked(&["[old] one.py:1:1"]);
    assert_eq!(site.last_line()["ungated"], 2);
    // An allowance is for the server; the commits have passed no hook all the same.
    let allow = ["-o", "importgate.allow=old:a rollback", "main"];
    site.push_with(&[("GL_USER", "oncall")], &allow).warns(&["allowed to oncall"]);
    assert_eq!(site.last_line()["ungated"], 2);
}

#[test]
fn commits_that_a_hook_would_have_let_pass_are_not_counted() {
    let site = Site::new();
    site.admin("log = 'log'\npolicies = ['org.toml', 'repository']\n");
    site.policy_of("org.toml", "json", "json");
    // The rule came after the commit.
    site.branch("before", "main");
    site.commit("early.py", "import later\n");
    site.client.git(&["checkout", "-q", "main"]);
    let rule = "[[rule]]\nid = 'later'\nlanguage = 'python'\nforbid = 'later'\nseverity = 'block'\n";
    site.commit("policy.toml", format!("{POLICY}{rule}"));
    site.push(&["main"]).is_silent();
    site.push(&["before"]).is_blocked(&["[later] early.py:1:1"]);
    assert_eq!(site.last_line()["ungated"], 0);
    // What only the organisation forbids, which clones need not know.
    site.commit("org.py", "import json\n");
    site.push(&["main"]).is_blocked(&["[org/json] org.py:1:1"]);
    assert_eq!(site.last_line()["ungated"], 0);
    // One commit that loosens the policy, and uses it: at commit the new policy judges.
    site.branch("loose", "origin/main");
    site.client.write("loose.py", "import later\n");
    site.commit("policy.toml", POLICY);
    site.push(&["loose"]).is_blocked(&["[later] loose.py:1:1"]);
    assert_eq!(site.last_line()["ungated"], 0);
    // One that warns.
    site.admin("log = 'log'\n");
    site.client.git(&["checkout", "-q", "-B", "main", "origin/main"]);
    site.commit("policy.toml", POLICY.replace("'block'", "'warn'"));
    site.push(&["main"]);
    site.commit("warned.py", BAD);
    site.push(&["main"]).warns(&["[old] warned.py:1:1"]);
    assert_eq!(site.last_line()["ungated"], 0);
}

#[test]
fn who_passed_no_local_gate_is_unknown_where_commits_are_not_searched_for() {
    let site = Site::new();
    site.commit("bad.py", BAD);
    site.commit("more.py", "import os\n");
    for (config, verdict, ungated) in [
        ("commit-limit = 1", "block", Value::Null),
        ("deadline = '1ns'", "error", Value::Null),
        ("", "block", json!(1)),
    ] {
        site.admin(&format!("log = 'log'\n{config}\n"));
        assert!(!site.push(&["main"]).is_through);
        let line = site.last_line();
        assert_eq!((&line["verdict"], &line["ungated"]), (&verdict.into(), &ungated), "{config}");
    }
    // A limit that nothing was found beyond.
    site.admin("log = 'log'\ncommit-limit = 1\n");
    site.branch("fine", "origin/main");
    site.commit("a.py", "import os\n");
    site.commit("b.py", "import os\n");
    site.push(&["fine"]).warns(&["over 1 commits are new"]);
    assert_eq!(site.last_line()["ungated"], 0);
}

#[test]
fn writers_that_are_killed_spoil_no_other_line() {
    let site = Site::new();
    // So many at once take their time on a busy machine.
    site.admin("log = 'log'\nenforce = 'report'\ndeadline = '1h'\n");
    site.commit("bad.py", BAD);
    site.push(&["main:refs/pull/1/head"]);
    let new = site.client.git(&["rev-parse", "HEAD"]);
    let old = site.on_server(&["rev-parse", "main"]);
    let refs: String = (0..200).map(|at| format!("{old} {new} refs/heads/branch-{at}\n")).collect();
    let input = site.client.beside("refs");
    fs::write(&input, refs).unwrap();
    let log = site.server.join("hooks/log");
    let start = || {
        let mut command = site.client.command(site.server.join("hooks/pre-receive"));
        command.current_dir(&site.server).env("GIT_DIR", ".").stdin(File::open(&input).unwrap());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let lines = || fs::read(&log).unwrap_or_default().iter().filter(|&&byte| byte == b'\n').count();
    let kill = |child: &mut Child| _ = child.kill();
    let (mut survivors, mut killed) = (0, 0);
    // At whatever point the others are: at once, or when the first of them have written their lines.
    for written in [0, 0, 1, 5, 10] {
        let before = lines();
        let mut writers: Vec<Child> = (0..16).map(|_| start()).collect();
        while lines() < before + written {
            std::thread::yield_now();
        }
        writers.iter_mut().step_by(2).for_each(kill);
        let ends = writers.iter_mut().map(|writer| writer.wait().unwrap().success());
        let (through, ended): (Vec<_>, Vec<_>) = ends.partition(|&is_through| is_through);
        (survivors, killed) = (survivors + through.len(), killed + ended.len());
    }
    // One that was killed while it wrote, whatever of its line has reached the file.
    let whole = fs::read(&log).unwrap();
    fs::write(&log, [&whole[..], b"{\"time\":\"2026-"].concat()).unwrap();
    assert!(start().wait().unwrap().success());
    let text = fs::read_to_string(&log).unwrap();
    let (read, torn): (Vec<_>, Vec<_>) = text.lines().map(serde_json::from_str::<Value>).partition(Result::is_ok);
    let read: Vec<Value> = read.into_iter().map(Result::unwrap).collect();
    // The system may end a write between two pages.
    assert!((1..=1 + killed).contains(&torn.len()), "{torn:?}");
    // The first line is that of the push.
    assert!(read.len() > survivors + 1, "{} of {survivors}", read.len());
    assert!(read[1..].iter().all(|line| line["refs_total"] == 200 && line["rules"]["old"] == 1), "{:?}", read[1]);
}

#[test]
fn policies_are_named_as_their_rules_are() {
    let site = Site::new();
    site.policy_of("org.toml", "old", "a.old")
        .policy_of("next/x.toml", "old", "json")
        .policy_of("x.toml", "old", "json");
    // By whatever way the admin's file names them; a folder may be a link.
    fs::create_dir(site.server.join("deep")).unwrap();
    std::os::unix::fs::symlink("../hooks/next", site.server.join("deep/link")).unwrap();
    let hooks = site.server.canonicalize().unwrap().join("hooks");
    let files = "'../hooks/org.toml', 'repository', '../deep/link/../next/x.toml', './x.toml'";
    site.admin(&format!("policies = [{files}]\nshadow = '../hooks/org.toml'\nlog = 'log'\n"));
    site.client.write("json.py", "import json\n");
    site.commit("bad.py", BAD);
    site.push(&["main"]).is_blocked(&["[org/old] bad.py:1:1"]);
    let line = site.last_line();
    let policies: Vec<(&Value, &Value)> =
        line["policies"].as_array().unwrap().iter().map(|policy| (&policy["policy"], &policy["name"])).collect();
    let at = |file: &str| Value::from(hooks.join(file).to_str().unwrap());
    let (org, own, next, x) = (at("org.toml"), json!("refs/heads/main:policy.toml"), at("next/x.toml"), at("x.toml"));
    let names = [json!("org"), Value::Null, json!("next/x"), json!("hooks/x")];
    let expected = [(&org, &names[0]), (&own, &names[1]), (&next, &names[2]), (&x, &names[3]), (&org, &Value::Null)];
    assert_eq!(policies, expected);
    // Each rule is that of the policy of its name.
    let rules: Vec<&String> = line["rules"].as_object().unwrap().keys().collect();
    assert_eq!(rules, ["hooks/x/old", "next/x/old", "old", "org/old"]);
    // Nor is a way lost that leads nowhere.
    site.admin("policies = '../gone/org.toml'\ncannot-judge = 'report'\nshadow = '../gone/x.toml'\nlog = 'log'\n");
    site.push(&["main"]).warns(&["could not judge"]);
    let line = site.last_line();
    assert!(line["policies"][0]["policy"].as_str().unwrap().ends_with("/gone/x.toml"), "{line}");
}

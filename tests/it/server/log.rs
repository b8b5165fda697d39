//! What the log says beyond the verdict, and that its lines stay whole.

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

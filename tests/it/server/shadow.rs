//! Shadow policies: judged on pushes, told to nobody but the log.

use serde_json::{Value, json};

use super::*;

/// The admin's file, with a policy to come beside it.
const SHADOW: &str = "log = 'log'\nshadow = 'next.toml'\n";

impl Site {
    /// Writes the policy to come, which forbids `json`, beside the admin's file.
    fn next(&self, text: &str) -> &Self {
        std::fs::write(self.server.join("hooks/next.toml"), text).unwrap();
        self
    }

    /// Returns what the last line of the log says of its only shadow policy, and whether the push was rejected.
    fn shadow(&self) -> (Value, bool) {
        let log = self.log();
        let line = log.last().unwrap();
        let all = line["policies"].as_array().unwrap().iter();
        let shadow: Vec<_> = all.filter(|policy| policy["shadow"] == true).collect();
        assert_eq!(shadow.len(), 1, "{line}");
        (shadow[0].clone(), line["rejected"] == true)
    }
}

fn next() -> String {
    POLICY.replace("a.old", "json").replace("'old'", "'next'")
}

#[test]
fn a_shadow_policy_is_judged_for_the_log_alone() {
    let site = Site::new();
    site.next(&next()).admin(SHADOW);
    let name = site.server.join("hooks/next.toml");
    let blob = site.on_server(&["hash-object", name.to_str().unwrap()]);
    // What it blocks passes, and nothing is said.
    site.client.write("a.py", "import json\n").write("b.py", "import json, json\n").commit("soon forbidden");
    site.push(&["main"]).is_silent();
    let (shadow, is_rejected) = site.shadow();
    let path = shadow["policy"].as_str().unwrap().to_owned();
    assert!(path.ends_with("hooks/next.toml"), "{path}");
    let expected = json!({
        "policy": path, "name": null, "blob": blob, "verdict": "block", "shadow": true,
        "rules": { "next": 3 }, "blocks": { "next": shadow["blocks"]["next"] },
    });
    assert_eq!((shadow, is_rejected), (expected, false));
    let line = &site.log()[0];
    assert_eq!((&line["verdict"], &line["rules"], &line["why"]), (&json!("pass"), &json!({}), &Value::Null));
    assert_eq!(
        line["policies"][0].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["blob", "name", "policy", "verdict"]
    );
    // Old code is old for it too.
    site.commit("fine.py", "import os\n");
    site.push(&["main"]).is_silent();
    assert_eq!((&site.shadow().0["verdict"], &site.shadow().0["rules"]), (&json!("pass"), &json!({})));
    // A push that is rejected is told the same as without it.
    site.client.write("bad.py", BAD).write("c.py", "import json\n").commit("both");
    let push = site.push(&["main"]);
    push.is_blocked(&["[old] bad.py:1:1", "error: 1 blocked in 1 of 2 changed files"]);
    assert!(!push.text.contains("next") && !push.text.contains("json"), "{}", push.text);
    assert_eq!((&site.shadow().0["rules"], site.shadow().1), (&json!({ "next": 1 }), true));
    assert_eq!(site.log().last().unwrap()["rules"], json!({ "old": 1 }));
}

#[test]
fn a_shadow_policy_that_is_broken_changes_nothing() {
    let site = Site::new();
    site.admin(SHADOW);
    for (at, (text, why)) in [
        (None, "No such file"),
        (Some("importgate = 1\nrules = 3\n"), "2:1: unknown key `rules`"),
        (Some("[tool]\n"), "importgate"),
        (Some("importgate = 99\n"), "99"),
    ]
    .into_iter()
    .enumerate()
    {
        if let Some(text) = text {
            site.next(text);
        }
        site.commit(&format!("fine-{at}.py"), "import json\n");
        site.push(&["main"]).is_silent();
        let (shadow, is_rejected) = site.shadow();
        assert!(shadow["why"].as_str().unwrap().contains(why) && !is_rejected, "{shadow}");
        assert!(shadow["verdict"] == "error" && shadow.get("rules").is_none(), "{shadow}");
        assert_eq!((&site.log()[at]["verdict"], &site.log()[at]["why"]), (&json!("pass"), &Value::Null));
    }
    // Nor does what is no file, has no end, or would fill the memory.
    let hooks = site.server.join("hooks");
    std::fs::create_dir(hooks.join("folder.toml")).unwrap();
    std::os::unix::fs::symlink("loop.toml", hooks.join("loop.toml")).unwrap();
    std::fs::File::create(hooks.join("large.toml")).unwrap().set_len(1 << 33).unwrap();
    assert!(site.client.command("mkfifo").arg(hooks.join("fifo.toml")).status().unwrap().success());
    site.next(&next());
    let others = "'folder.toml', 'fifo.toml', '/dev/zero', 'loop.toml', 'large.toml', 'next.toml/x'";
    site.admin(&format!("log = 'log'\nshadow = [{others}, 'next.toml']\n"));
    site.commit("more.py", "import json\n");
    site.push(&["main"]).is_silent();
    let log = site.log();
    let policies = log.last().unwrap()["policies"].as_array().unwrap();
    let verdicts: Vec<_> = policies.iter().map(|own| &own["verdict"]).collect();
    assert_eq!(verdicts, ["pass", "error", "error", "error", "error", "error", "error", "block"]);
    assert!(policies.iter().all(|own| own["why"] != "time ended before it was judged"), "{policies:?}");
}

#[test]
fn a_shadow_policy_judges_whatever_the_push_is() {
    let site = Site::new();
    site.next(&next()).admin(SHADOW);
    // Several references.
    site.commit("a.py", "import json\n");
    site.branch("other", "main");
    site.commit("b.py", "import json\n");
    site.push(&["main", "other"]).is_silent();
    assert_eq!(site.shadow().0["rules"], json!({ "next": 2 }));
    // A branch that is rewritten: what it had is not new.
    site.client.write("b.py", "import json\nimport json\n").git(&["commit", "-q", "-a", "--amend", "-m", "amended"]);
    site.push(&["--force", "other"]).is_silent();
    assert_eq!(site.shadow().0["rules"], json!({ "next": 1 }));
    // Beyond the limit of commits.
    site.admin(&format!("{SHADOW}commit-limit = 1\n"));
    for at in 0..3 {
        site.commit(&format!("c{at}.py"), "import json\n");
    }
    site.push(&["other"]).warns(&["over 1 commits are new"]);
    assert_eq!(site.shadow().0["rules"], json!({ "next": 3 }));
    // A rollback warns.
    site.admin(SHADOW);
    site.client.remove("a.py");
    let cleaned = site.client.commit("cleaned up");
    site.push(&["other"]).is_silent();
    site.client.git(&["revert", "--no-edit", &cleaned]);
    site.push(&["other"]).is_silent();
    assert_eq!(site.shadow().0["verdict"], "warn");
    // References are only deleted: nothing is judged.
    site.push(&[":other"]).is_silent();
    assert_eq!(site.log().last().unwrap()["policies"], json!([]));
    // Nothing is judged at all.
    let count = site.log().len();
    site.admin(&format!("{SHADOW}enforce = 'off'\n"));
    site.push(&["HEAD:refs/heads/again"]).is_silent();
    assert_eq!(site.log().len(), count);
    // A policy that is not there keeps no other from judging.
    site.admin(&format!("{SHADOW}policies = 'gone.toml'\n"));
    site.commit("d.py", "import json\n");
    site.push(&["HEAD:refs/heads/more"]).is_unjudged(&["gone.toml"]);
    assert_eq!((&site.shadow().0["verdict"], &site.shadow().0["why"]), (&json!("block"), &Value::Null));
    // A push that cannot be judged.
    site.admin(&format!("{SHADOW}deadline = '1ns'\n"));
    site.push(&["HEAD:refs/heads/more"]).is_unjudged(&["the deadline of this run has passed"]);
    assert_eq!(site.shadow().0["why"], "the push itself could not be judged");
}

#[test]
fn no_pusher_learns_of_a_shadow_policy_or_excuses_its_rules() {
    let site = Site::new();
    site.on_server(&["config", "receive.advertisePushOptions", "true"]);
    site.next(&next()).admin(&format!("{SHADOW}break-glass = 'oncall'\n"));
    site.commit("a.py", "import json\n");
    let oncall = [("GL_USER", "oncall")];
    // The option says the same as for a rule that does not exist.
    let push = site.push_with(&oncall, &["-o", "importgate.allow=next:because", "main"]);
    push.warns(&["importgate.allow for next was not needed: nothing is blocked by it"]);
    assert_eq!((&site.shadow().0["verdict"], &site.log()[0]["allowed"]), (&json!("block"), &json!([])));
    // A rule of the same id in the policy that judges.
    site.next(&POLICY.replace("a.old", "json"));
    site.client.write("bad.py", BAD).write("b.py", "import json\n").commit("both");
    site.push_with(&oncall, &["-o", "importgate.allow=old:rollback", "main"]).warns(&["allowed to oncall: rollback"]);
    let (shadow, is_rejected) = site.shadow();
    assert_eq!((&shadow["verdict"], &shadow["rules"], is_rejected), (&json!("block"), &json!({ "old": 1 }), false));
    assert_eq!(site.log().last().unwrap()["rules"], json!({ "old": 1 }));
    // Neither a file nor the name of one in the pushed tree is a shadow policy.
    site.client.write("next.toml", "importgate = 1\n").write("hooks/next.toml", "importgate = 1\n");
    site.client.write("c.py", "import json\n").commit("named alike");
    site.push(&["main"]).is_silent();
    assert_eq!(site.shadow().0["verdict"], "block");
}

#[test]
fn one_repository_may_have_a_shadow_policy_of_its_own() {
    let site = Site::new();
    site.next(&next()).admin("log = 'log'\n[[repository]]\nmatch = '**'\nshadow = 'next.toml'\n");
    site.commit("a.py", "import json\n");
    site.push(&["main"]).is_silent();
    assert_eq!(site.shadow().0["verdict"], "block");
    site.admin(&format!("{SHADOW}[[repository]]\nmatch = '**'\nshadow = []\n"));
    site.commit("b.py", "import json\n");
    site.push(&["main"]).is_silent();
    assert_eq!(site.log()[1]["policies"].as_array().unwrap().len(), 1);
    site.admin("shadow = 'next.toml'\n");
    site.commit("c.py", "import json\n");
    site.push(&["main"]).is_unjudged(&["`shadow` without `log` is judged for nobody"]);
}

//! Rules of several policies: each is told, logged and excused by its policy and its id.

use serde_json::json;

use super::*;

impl Site {
    /// Writes a policy beside the admin's file, or in a folder there; it forbids `module` by the rule `id`.
    pub(super) fn policy_of(&self, file: &str, id: &str, module: &str) -> &Self {
        let file = self.server.join("hooks").join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, POLICY.replace("a.old", module).replace("'old'", &format!("'{id}'"))).unwrap();
        self
    }
}

#[test]
fn a_rule_is_told_and_logged_by_its_policy() {
    let site = Site::new();
    site.policy_of("org.toml", "old", "a.old").admin("policies = ['org.toml', 'repository']\nlog = 'log'\n");
    // Both policies have the same rule, by the same id.
    site.commit("bad.py", BAD);
    let push = site.push(&["main"]);
    push.is_blocked(&["error: [org/old] bad.py:1:1", "error: [old] bad.py:1:1", "2 blocked in 1 of 1 changed file"]);
    assert_eq!(push.findings().len(), 2, "{}", push.text);
    let log = site.log();
    assert_eq!(log[0]["rules"], json!({ "old": 1, "org/old": 1 }));
    assert_eq!(log[0]["blocks"], json!({ "old": 1, "org/old": 1 }));
    // A file alone is told by its name too: a repository may have a policy of its own.
    site.admin("policies = 'org.toml'\n");
    site.push(&["main"]).is_blocked(&["error: [org/old] bad.py:1:1", "1 blocked in 1 of 1 changed file"]);
}

#[test]
fn policies_of_one_name_are_told_with_their_folders() {
    let site = Site::new();
    site.policy_of("next/rules/x.toml", "r", "json").policy_of("old/rules/x.toml", "r", "json");
    site.policy_of("y.toml", "r", "json").policy_of("y.policy", "r", "json");
    site.policy_of("odd: näme.toml", "r", "json");
    let files = "'next/rules/x.toml', 'old/rules/x.toml', 'y.toml', 'y.policy', 'odd: näme.toml'";
    site.admin(&format!("policies = [{files}]\nlog = 'log'\n"));
    site.commit("bad.py", "import json\n");
    let told = ["next/rules/x/r", "odd--näme/r", "old/rules/x/r", "y.policy/r", "y.toml/r"];
    let parts = told.map(|name| format!("error: [{name}] bad.py:1:1"));
    site.push(&["main"]).is_blocked(&parts.each_ref().map(String::as_str));
    let rules = site.log()[0]["rules"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(rules, told);
    // One file that is named twice is one policy.
    let twice = site.server.join("hooks/y.toml");
    site.admin(&format!("policies = ['y.toml', './y.toml', '{}']\n", twice.display()));
    let push = site.push(&["main"]);
    push.is_blocked(&["error: [y/r] bad.py:1:1"]);
    assert_eq!(push.findings().len(), 1, "{}", push.text);
}

#[test]
fn what_is_told_is_what_breaks_the_glass() {
    let site = Site::new();
    site.on_server(&["config", "receive.advertisePushOptions", "true"]);
    site.policy_of("org.toml", "old", "a.old");
    site.admin("policies = ['org.toml', 'repository']\nlog = 'log'\nbreak-glass = 'oncall'\n");
    site.commit("bad.py", BAD);
    let push = |options: &[&str]| {
        let options: Vec<String> = options.iter().map(|option| format!("importgate.allow={option}")).collect();
        let mut args: Vec<&str> = options.iter().flat_map(|option| ["-o", option]).collect();
        args.push("main:refs/heads/x");
        site.push_with(&[("GL_USER", "oncall")], &args)
    };
    let allowed = |at: usize| site.log()[at]["allowed"].clone();
    // By its policy, one rule; by its id alone, the repository's own would be left.
    push(&["org/old:rollback"]).is_blocked(&["warning: [org/old] bad.py:1:1", "error: [old] bad.py:1:1"]);
    assert_eq!(allowed(0), json!([{ "rule": "org/old", "reason": "rollback" }]));
    // Neither another policy's name nor a part of one.
    for other in ["orga/old", "/old", "rg/old", "org/", "org", "ORG/old", "org.toml/old"] {
        push(&[&format!("{other}:rollback")]).is_blocked(&[
            "error: [org/old] bad.py:1:1",
            "error: [old] bad.py:1:1",
            &format!("importgate.allow for {other} was not needed"),
        ]);
    }
    // What says more decides over what says less, in any order.
    let count = site.log().len();
    let both = push(&["old:all of them", "org/old:this one"]);
    both.warns(&["allowed to oncall: this one", "allowed to oncall: all of them"]);
    let expected = json!([{ "rule": "org/old", "reason": "this one" }, { "rule": "old", "reason": "all of them" }]);
    assert_eq!(allowed(count), expected);
    site.push(&[":x"]);
    // A plain id allows every rule of that id.
    let count = site.log().len();
    push(&["old:rollback"]).warns(&["warning: [org/old] bad.py:1:1", "warning: [old] bad.py:1:1"]);
    let expected = json!([{ "rule": "org/old", "reason": "rollback" }, { "rule": "old", "reason": "rollback" }]);
    assert_eq!(allowed(count), expected);
}

#[test]
fn an_exception_of_the_repositorys_policy_excuses_only_its_own_rules() {
    let site = Site::new();
    site.policy_of("org.toml", "old", "a.old").admin("policies = ['org.toml', 'repository']\nlog = 'log'\n");
    let excepted = POLICY.replace("severity", "allow-in = ['legacy/**']\nseverity");
    site.commit("policy.toml", &excepted);
    site.push(&["main"]).warns(&["weakens the policy"]);
    site.commit("legacy/bad.py", BAD);
    let push = site.push(&["main"]);
    push.is_blocked(&["error: [org/old] legacy/bad.py:1:1", "1 blocked in 1 of 1 changed file"]);
    assert_eq!(push.findings().len(), 1, "{}", push.text);
    let log = site.log();
    let line = log.last().unwrap();
    assert_eq!((&line["rules"], &line["excused"]), (&json!({ "org/old": 1 }), &json!({ "old": 1 })));
    // Nor do a cap, a severity, a file that is ignored, or a rule turned off.
    let rule = |more: &str| POLICY.replace("severity = 'block'", more);
    for (at, lax) in [
        rule("severity = 'block'\ncap = [{ in = 'legacy/**', severity = 'off' }]"),
        rule("severity = 'off'"),
        rule("severity = 'block'") + "[settings]\nignore = ['legacy/**']\n",
    ]
    .iter()
    .enumerate()
    {
        site.client.git(&["reset", "-q", "--hard", "origin/main"]);
        site.commit("policy.toml", lax);
        site.push(&["main"]).warns(&["weakens the policy"]);
        site.commit(&format!("legacy/bad-{at}.py"), BAD);
        let push = site.push(&["main"]);
        push.is_blocked(&["error: [org/old] legacy/bad"]);
        assert_eq!(push.findings().len(), 1, "{}", push.text);
    }
    // And the other way round: the organisation's exceptions excuse nothing of the repository's.
    let org = site.server.join("hooks/org.toml");
    std::fs::write(org, excepted).unwrap();
    site.client.git(&["reset", "-q", "--hard", "origin/main"]);
    site.commit("policy.toml", POLICY);
    site.push(&["main"]).is_silent();
    site.commit("legacy/bad.py", BAD);
    let push = site.push(&["main"]);
    push.is_blocked(&["error: [old] legacy/bad.py:1:1"]);
    assert_eq!(push.findings().len(), 1, "{}", push.text);
}

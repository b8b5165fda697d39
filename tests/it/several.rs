//! Several policies in a clone: each judges on its own, and the strictest verdict wins.

use serde_json::{Value, json};

use crate::repo::{POLICY, TestRepo, gated};

const BAD: &str = "from a.old import X\n";
const KEY: &str = "importgate.policy";

/// Returns a policy that forbids `module` by the rule `id`.
fn policy(id: &str, module: &str) -> String {
    POLICY.replace("a.old", module).replace("'old'", &format!("'{id}'"))
}

/// Runs importgate; returns its exit status and everything that it says.
fn run(repo: &TestRepo, arguments: &[&str]) -> (i32, String) {
    let run = repo.importgate(arguments);
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    (run.status.code().unwrap(), said)
}

fn json(repo: &TestRepo, arguments: &[&str]) -> Value {
    serde_json::from_slice(&repo.importgate(&[&["check", "--format", "json"], arguments].concat()).stdout).unwrap()
}

/// Writes a policy beside the repository, and returns its path.
fn beside(repo: &TestRepo, name: &str, text: &str) -> String {
    let file = repo.beside(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// Returns a repository whose configuration names `org.toml` beside it, which forbids `json`, and its own policy.
fn of_both() -> (TestRepo, String) {
    let repo = gated();
    let org = beside(&repo, "org.toml", &policy("no-json", "json"));
    repo.git(&["config", KEY, &org]);
    repo.git(&["config", "--add", KEY, "policy.toml"]);
    (repo, org)
}

#[track_caller]
fn says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part:?} is not said:\n{said}");
    }
}

#[test]
fn each_policy_that_git_configures_judges() {
    let (repo, _) = of_both();
    repo.write("fine.py", "import os\n").stage();
    assert_eq!(run(&repo, &["pre-commit"]), (0, String::new()));
    assert_eq!(run(&repo, &["check"]), (0, "importgate: pass. 1 changed file, 1 import\n".to_owned()));
    // The organisation's rule alone, the repository's own alone, both in one file.
    repo.write("org.py", "import json\n").stage();
    for command in [&["pre-commit"][..], &["check"], &["check", "--worktree"], &["check", "--all"]] {
        let (status, said) = run(&repo, command);
        assert_eq!(status, 1, "{command:?}: {said}");
        says(&said, &["importgate: blocked org.py:1: ", "org.py:1:1  org/no-json\n", "1 blocked in 1 of "]);
    }
    repo.write("org.py", "import os\n").write("own.py", BAD).stage();
    let (status, said) = run(&repo, &["pre-commit"]);
    assert_eq!(status, 1, "{said}");
    says(&said, &["own.py:1:1  old\n", "1 blocked in 1 of 3 changed files. Commit not made."]);
    repo.write("own.py", format!("{BAD}import json\n")).stage();
    let (status, said) = run(&repo, &["check", "--all"]);
    assert_eq!(status, 1);
    says(
        &said,
        &["own.py:1:1  old\n", "own.py:2:1  org/no-json\n", "2 blocked in 1 of 4 files", "\n  org/no-json  1 blocked"],
    );
    repo.git(&["commit", "-q", "-m", "both"]);
    let (status, said) = run(&repo, &["check", "--range", "HEAD~..HEAD"]);
    assert_eq!(status, 1);
    says(&said, &["own.py:1:1  old\n", "own.py:2:1  org/no-json\n", "from commit "]);
    assert_eq!(run(&repo, &["check", "--against", "HEAD~"]).0, 1);
    // The strictest verdict wins, in any order.
    let warns = beside(&repo, "warns.toml", &policy("old", "a.old").replace("'block'", "'warn'"));
    let blocks = beside(&repo, "blocks.toml", &policy("old", "a.old"));
    for files in [[&warns, &blocks], [&blocks, &warns]] {
        let (status, said) = run(&repo, &["check", "--all", "--policy", files[0], "--policy", files[1]]);
        assert_eq!(status, 1);
        says(&said, &["own.py:1:1  blocks/old\n", "own.py:1:1  warns/old (warning)\n", "1 blocked, 1 warning in 1 of"]);
    }
}

#[test]
fn arguments_win_over_the_configuration_as_a_whole() {
    let (repo, org) = of_both();
    let other = beside(&repo, "other.toml", &policy("no-csv", "csv"));
    repo.write("x.py", "import json, csv\n").write("y.py", BAD).stage();
    let (status, said) = run(&repo, &["check", "--policy", &other]);
    assert!(status == 1 && said.contains("x.py:1:1  no-csv\n") && !said.contains("json\n  "), "{said}");
    says(&said, &["1 blocked in 1 of 2 changed files"]);
    let (status, said) = run(&repo, &["check", "--policy", &other, "--policy", &org]);
    assert!(status == 1 && !said.contains("y.py"), "{said}");
    says(&said, &["x.py:1:1  other/no-csv\n", "x.py:1:1  org/no-json\n", "2 blocked in 1 of 2 changed files"]);
    // The repository's own file keeps its ids, however it is named.
    let (_, said) = run(&repo, &["check", "--policy", &org, "--policy", "./policy.toml"]);
    says(&said, &["y.py:1:1  old\n", "x.py:1:1  org/no-json\n"]);
    // One that is named twice is one, and told as one.
    let once = run(&repo, &["check", "--policy", &org]);
    assert_eq!(run(&repo, &["check", "--policy", &org, "--policy", &org]), once);
    assert!(once.1.contains("x.py:1:1  no-json\n"), "{}", once.1);
}

#[test]
fn one_that_is_missing_or_invalid_is_named() {
    let (repo, org) = of_both();
    let invalid = beside(&repo, "invalid.toml", "importgate = 1\nrules = 1\n");
    let foreign = beside(&repo, "foreign.toml", "[tool]\n");
    let gone = repo.beside("gone.toml").to_str().unwrap().to_owned();
    repo.write("x.py", "import os\n").stage();
    let bad = [
        (&*gone, "gone.toml", "missing"),
        ("gone.toml", "the policy gone.toml is missing", "--fixed-value --unset importgate.policy 'gone.toml'"),
        ("HEAD:gone.toml", "the policy HEAD:gone.toml is missing", "importgate.policy"),
        ("nobranch:policy.toml", "the policy nobranch:policy.toml is missing", "importgate.policy"),
        (&invalid, "invalid.toml:2:1", "unknown key `rules`"),
        (&foreign, "foreign.toml", "lacks the key `importgate`"),
    ];
    for (value, which, what) in bad {
        repo.git(&["config", "--add", KEY, value]);
        for command in [&["pre-commit"][..], &["check"], &["check", "--all"], &["check", "--range", "HEAD..HEAD"]] {
            let (status, said) = run(&repo, command);
            assert_eq!(status, 2, "{command:?}: {said}");
            says(&said, &["could not judge: ", which, what]);
        }
        let (status, said) = run(&repo, &["doctor"]);
        assert_eq!(status, 1, "{said}");
        says(&said, &[which]);
        // The command that messages give takes it back.
        repo.git(&["config", "--fixed-value", "--unset", KEY, value]);
        assert_eq!(run(&repo, &["check"]).0, 0);
    }
    for (value, which) in [(&gone, "gone.toml"), (&invalid, "invalid.toml:2:1"), (&foreign, "foreign.toml")] {
        for files in [[&org, value], [value, &org]] {
            let (status, said) = run(&repo, &["check", "--policy", files[0], "--policy", files[1]]);
            assert!(status == 2 && said.contains(which), "{said}");
        }
    }
    let report = json(&repo, &["--policy", &org, "--policy", &gone]);
    assert_eq!((&report["verdict"], &report["policies"]), (&json!("error"), &json!([])));
    let config = repo.top().join(".git/config");
    let text = std::fs::read_to_string(&config).unwrap();
    for (value, told) in [(&b"policy\n"[..], "has no value"), (b"policy = \xff\n", "is not UTF-8")] {
        std::fs::write(&config, [text.as_bytes(), b"[importgate]\n", value].concat()).unwrap();
        let (status, said) = run(&repo, &["check"]);
        assert!(status == 2 && said.contains(&format!("the configuration of importgate.policy {told}")), "{said}");
    }
    std::fs::write(&config, text).unwrap();
    let (_, said) = run(&repo, &["doctor"]);
    says(&said, &["ok       policy: ", "org.toml, 1 rule", "ok       policy: policy.toml, 1 rule"]);
}

#[test]
fn an_empty_value_takes_back_those_before() {
    let (repo, _) = of_both();
    repo.write("x.py", "import json\n").write("y.py", "import csv\n").stage();
    let mine = beside(&repo, "mine.toml", &policy("no-csv", "csv"));
    repo.git(&["config", "--add", KEY, ""]);
    // None is left, so the one at the top judges; then another alone.
    assert_eq!(run(&repo, &["check"]).0, 0);
    repo.git(&["config", "--add", KEY, &mine]);
    let (status, said) = run(&repo, &["check"]);
    assert!(status == 1 && said.contains("y.py:1:1  no-csv\n") && !said.contains("x.py"), "{said}");
}

#[test]
fn values_of_all_forms_are_told_apart() {
    let repo = gated();
    repo.write("rules/org.toml", policy("no-csv", "csv")).commit("rules");
    let org = beside(&repo, "etc/org.toml", &policy("no-json", "json"));
    std::fs::write(repo.beside("home.toml"), policy("no-xml", "xml")).unwrap();
    let values = [&*org, "rules/org.toml", "HEAD:policy.toml", "HEAD~1:policy.toml", "~/home.toml"];
    for value in values {
        repo.git(&["config", "--add", KEY, value]);
    }
    repo.write("x.py", format!("import json\nimport csv\nimport xml\n{BAD}")).stage();
    let (status, said) = run(&repo, &["check"]);
    assert_eq!(status, 1);
    let told = ["x.py:1:1  etc/org/no-json", "x.py:2:1  rules/org/no-csv", "x.py:3:1  home/no-xml"];
    says(&said, &told);
    says(&said, &["x.py:4:1  HEAD/policy/old", "x.py:4:1  HEAD~1/policy/old", "5 blocked in 1 of 1 changed file"]);
}

#[test]
fn programs_read_which_policy_a_rule_is_of() {
    let (repo, org) = of_both();
    // Each ignores what the other judges.
    let lax = |policy: String, ignore: &str| format!("{policy}[settings]\nignore = ['{ignore}']\n");
    std::fs::write(&org, lax(policy("old", "json"), "own/**")).unwrap();
    repo.write("policy.toml", lax(POLICY.to_owned(), "org/**")).commit("policy");
    repo.write("org/a.py", format!("import json, os\n{BAD}")).write("own/b.py", format!("import json, os, sys\n{BAD}"));
    repo.write("c.py", format!("import json\n{BAD}")).write("d.txt", "x\n").stage();
    let report = json(&repo, &[]);
    assert_eq!((&report["policy"], &report["policies"]), (&json!(org), &json!([org, "policy.toml"])));
    // Each file, line and import once, whichever policy judges it.
    let checked = json!({ "files": 4, "ignored": 0, "added_lines": 6, "imports": 9 });
    assert_eq!(report["checked"], checked);
    let findings = report["findings"].as_array().unwrap().iter();
    let found: Vec<_> = findings.map(|one| json!([one["path"], one["line"], one["policy"], one["rule"]])).collect();
    let expected = json!([
        ["c.py", 1, "org", "old"],
        ["c.py", 2, null, "old"],
        ["org/a.py", 1, "org", "old"],
        ["own/b.py", 2, null, "old"],
    ]);
    assert_eq!(json!(found), expected);
    assert_eq!(report["counts"]["blocked"], json!({ "blocks": 4, "names": 4 }));
    // A file that both ignore is not judged.
    repo.write("policy.toml", lax(POLICY.to_owned(), "own/**")).stage();
    let report = json(&repo, &[]);
    assert_eq!((&report["checked"]["files"], &report["checked"]["ignored"]), (&json!(4), &json!(1)));
    let alone = json(&repo, &["--policy", &org]);
    assert_eq!((&alone["policies"], &alone["findings"][0]["policy"]), (&json!([org]), &Value::Null));
}

#[test]
fn one_rule_of_several_policies() {
    let (repo, org) = of_both();
    std::fs::write(&org, policy("old", "json") + &policy("more", "csv").replace("importgate = 1\n", "")).unwrap();
    repo.write("x.py", format!("{BAD}import json\nimport csv\n")).stage();
    let lines = |rule: &str| {
        let report = json(&repo, &["--rule", rule]);
        let findings = report["findings"].as_array().unwrap().iter();
        findings.map(|one| one["line"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(
        (lines("old"), lines("org/old"), lines("more"), lines("org/more")),
        (vec![1], vec![2], vec![3], vec![3])
    );
    for unknown in ["olds", "own/old", "org/olds"] {
        let (status, said) = run(&repo, &["check", "--rule", unknown]);
        assert!(status == 2 && said.contains(&format!("has no rule `{unknown}`")), "{said}");
    }
}

#[test]
fn a_push_is_judged_by_each_policy() {
    let (repo, org) = of_both();
    repo.write("old.py", BAD).commit("old code");
    repo.git(&["init", "--quiet", "--bare", "../origin.git"]);
    repo.git(&["remote", "add", "origin", "../origin.git"]);
    repo.git(&["push", "--quiet", "origin", "main"]);
    assert!(repo.importgate(&["install"]).status.success());
    let commit = |name: &str, content: &str| {
        repo.write(name, content).stage();
        repo.git(&["commit", "-q", "--no-verify", "-m", name]);
    };
    let push = |arguments: &[&str]| {
        let run = repo.try_git(&[&["push", "origin"], arguments].concat());
        (run.status.success(), String::from_utf8_lossy(&run.stderr).into_owned())
    };
    repo.git(&["checkout", "-q", "-b", "topic"]);
    commit("a.py", "import json\n");
    commit("b.py", BAD);
    let (is_through, said) = push(&["topic"]);
    assert!(!is_through, "{said}");
    says(&said, &["a.py:1:1  org/no-json\n", "b.py:1:1  old\n", "2 blocked in 2 of 2 changed files. Nothing pushed."]);
    // What one policy lets pass of an amended branch, it lets pass alone.
    repo.git(&["push", "-q", "--no-verify", "origin", "topic"]);
    repo.git(&["fetch", "-q", "origin"]);
    let amend = |name: &str, content: &str| {
        repo.write(name, content).stage();
        repo.git(&["commit", "-q", "--no-verify", "--amend", "-m", name]);
    };
    amend("b.py", &format!("{BAD}x = 1\n"));
    let (is_through, said) = push(&["--force", "--dry-run", "topic"]);
    assert!(is_through && !said.contains("importgate"), "{said}");
    amend("c.py", "import json\n");
    let (is_through, said) = push(&["--force", "topic"]);
    assert!(!is_through && !said.contains("b.py") && said.contains("c.py:1:1  org/no-json\n"), "{said}");
    // A policy that is gone stops the push.
    std::fs::remove_file(org).unwrap();
    let (is_through, said) = push(&["--force", "topic"]);
    assert!(!is_through && said.contains("org.toml is missing"), "{said}");
}

#[test]
fn a_range_that_mends_one_of_them_is_judged_by_it() {
    let (repo, _) = of_both();
    repo.write("policy.toml", "importgate = 1\nrules = 1\n").commit("broken");
    repo.write("policy.toml", POLICY).write("x.py", "import json\n").write("y.py", BAD).commit("mended");
    let (status, said) = run(&repo, &["check", "--range", "HEAD~..HEAD"]);
    assert_eq!(status, 1);
    says(&said, &["the policy of HEAD~ is invalid", "x.py:1:1  org/no-json\n", "y.py:1:1  old\n"]);
    // Which of two differing files was used is said of the one that differs.
    repo.write("policy.toml", format!("{POLICY}# more\n")).write("z.py", "import os\n");
    repo.git(&["add", "z.py"]);
    let (status, said) = run(&repo, &["check"]);
    assert_eq!((status, said.matches("judged by policy.toml as it is staged").count()), (0, 1), "{said}");
}

#[test]
fn findings_stand_in_the_order_of_the_lines() {
    let (repo, org) = of_both();
    let line = "[[rule]]\nid = 'line'\npattern = '\\b[bc]\\b'\nseverity = 'block'\n";
    std::fs::write(&org, policy("no-json", "json") + line).unwrap();
    repo.write("x.py", "from a.old import (\n    a,\n    b,\n    c,\n)\nimport json\nfrom a import old\n");
    repo.write("w.py", "import json\n").stage();
    let (status, said) = run(&repo, &["check"]);
    assert_eq!(status, 1);
    let heads: Vec<_> = said.lines().filter(|line| line.contains(".py:") && line.contains("  ")).collect();
    let expected = [
        "w.py:1:1  org/no-json",
        "x.py:2:5  old",
        "x.py:3:5  org/line",
        "x.py:4:5  org/line",
        "x.py:6:1  org/no-json",
        "x.py:7:1  old",
    ];
    assert_eq!(heads, expected, "{said}");
}

#[test]
fn what_weakens_the_repositorys_own_is_told_beside_others() {
    let (repo, _) = of_both();
    let told = "The server will judge by the policy before this commit";
    repo.write("policy.toml", POLICY.replace("'block'", "'warn'")).write("x.py", BAD).stage();
    let (status, said) = run(&repo, &["pre-commit"]);
    assert!(status == 0 && said.contains(told), "{said}");
    repo.git(&["config", "--fixed-value", "--unset", KEY, "policy.toml"]);
    assert_eq!(run(&repo, &["pre-commit"]), (0, String::new()));
}

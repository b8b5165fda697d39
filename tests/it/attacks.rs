//! Attacks that once passed the gate, or brought it down; those that are more than a text stand here.

use serde_json::Value;

use crate::repo::TestRepo;

const POLICY: &str = "\
importgate = 1
[[rule]]
id = 'old'
language = 'python'
forbid = ['a.old']
severity = 'block'
";

fn gated() -> TestRepo {
    let repo = TestRepo::new();
    repo.write("policy.toml", POLICY);
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "-m", "first"]);
    repo
}

fn findings(repo: &TestRepo) -> Vec<String> {
    repo.git(&["add", "--all"]);
    let run = repo.importgate(&["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    let line = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        format!("{}:{} {} {}", text("path"), finding["line"], text("severity"), text("import"))
    };
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_byte_of_an_unknown_codec_ends_no_line() {
    for source in [
        &b"# coding: cp437\nx = '\xff'; import a.old #'\n"[..],
        b"# coding: latin-1-unix\nx = '\xff'; import a.old #'\n",
        b"# coding: johab\nx = '\x84\\'; import a.old #'\n",
        b"#\xff coding: raw_unicode_escape\n#\\u000aimport a.old\n",
    ] {
        let repo = gated();
        repo.write("x.py", source);
        assert_eq!(findings(&repo), ["x.py:2 block a.old"], "{}", source.escape_ascii());
    }
}

#[test]
fn no_number_of_names_before_it_hides_an_import() {
    let many = |module: &str, count: usize| format!("    from {module} .y import {}\n", vec!["a"; count].join(","));
    let padding = ["if 0:\n", &many(&"x".repeat(1000), 18_000), &many(&"x".repeat(10), 200), &many("x", 200)].concat();
    let repo = gated();
    repo.write("x.py", padding + "from a .old import x\n");
    assert_eq!(findings(&repo), ["x.py:5 block a.old.x"]);
}

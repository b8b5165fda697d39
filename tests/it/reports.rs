//! Reports, for people and programs.

use serde_json::Value;

use crate::repo::TestRepo;

/// Returns a repository with a policy of these rules, and these files staged.
fn staged(rules: &str, files: &[(&str, &str)]) -> TestRepo {
    let repo = TestRepo::new();
    repo.write("policy.toml", format!("importgate = 1\n{rules}"));
    repo.commit("policy");
    for (path, content) in files {
        repo.write(path, content);
    }
    repo.stage();
    repo
}

fn human(repo: &TestRepo, arguments: &[&str]) -> String {
    let run = repo.importgate(&[&["check"], arguments].concat());
    assert!(run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

fn json(repo: &TestRepo, arguments: &[&str]) -> Value {
    serde_json::from_slice(&repo.importgate(&[&["check", "--format", "json"], arguments].concat()).stdout).unwrap()
}

#[test]
fn the_day_is_told_only_to_what_will_block() {
    let rules = "\
[[rule]]
id = 'old'
language = 'python'
forbid = ['a.old']
block-from = 2026-06-01
cap = [{ in = 'tests', severity = 'warn' }]
[[rule]]
id = 'alias'
pattern = '^Alias ='
block-from = 2026-06-01
cap = [{ in = 'tests', severity = 'warn' }]
";
    let source = "from a.old import X\nAlias = 1\n";
    let star = "from a import *\n";
    let repo = staged(rules, &[("app.py", source), ("star.py", star), ("tests/x.py", source)]);
    let days = |day: &str| -> Vec<String> {
        let report = json(&repo, &["--as-of", day]);
        let findings = report["findings"].as_array().unwrap().iter();
        findings.map(|found| format!("{} {} {}", found["path"], found["kind"], found["block_from"])).collect()
    };
    let rest = ["\"star.py\" \"wildcard\" null", "\"tests/x.py\" \"import\" null", "\"tests/x.py\" \"line\" null"];
    let before = ["\"app.py\" \"import\" \"2026-06-01\"", "\"app.py\" \"line\" \"2026-06-01\""];
    assert_eq!(days("2026-05-31"), [&before[..], &rest].concat());
    let after = ["\"app.py\" \"import\" null", "\"app.py\" \"line\" null"];
    assert_eq!(days("2026-06-01"), [&after[..], &rest].concat());
    assert_eq!(human(&repo, &["--as-of", "2026-05-31"]).matches("blocks from 2026-06-01").count(), 2);
    assert!(!human(&repo, &["--as-of", "2026-06-01"]).contains("blocks from"));
}

const OLD: &str = "[[rule]]\nid = 'old'\nlanguage = 'python'\nforbid = ['a.old']\nseverity = 'block'\n";

#[test]
fn long_lines_are_cut_around_what_was_found() {
    let rules = format!("{OLD}[[rule]]\nid = 'eval'\npattern = 'eval'\nseverity = 'block'\n");
    let line = format!("x = '{}'; eval(1)\n", "é".repeat(9000));
    let names = |from| (from..from + 900).map(|number| format!("name_{number}")).collect::<Vec<_>>().join(", ");
    let long = format!("from a.old import {}, here, {}\n", names(0), names(2000));
    let old = long.replace("here, ", "");
    let repo = staged(&rules, &[("long.py", &old)]);
    repo.commit("old code");
    repo.write("line.py", line).write("long.py", long).stage();
    let said = human(&repo, &[]);
    let shown: Vec<_> = said.lines().filter(|line| line.starts_with("- ")).collect();
    assert_eq!(shown.len(), 2, "{said}");
    assert!(shown[0].starts_with("- …é") && shown[0].ends_with("é'; eval(1)"), "{said}");
    assert!(shown[1].starts_with("- …") && shown[1].contains("name_899, here, name_2000"), "{said}");
    assert!(shown.iter().all(|line| line.chars().count() < 250), "{said}");
    assert!(said.contains("line.py:1:9009  eval"), "{said}");
}

#[test]
fn a_path_without_end_costs_no_more_than_its_length() {
    // Each name has the whole path of its module: 88 KB once took 4 GB.
    let source = format!("from a.old.{}x import {}y\n", "x.".repeat(40_000), "y, ".repeat(4000));
    let repo = staged(&format!("{OLD}use-instead = 'a.new'\n"), &[("x.py", &source)]);
    let report = json(&repo, &[]);
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 4001);
    assert!(findings.iter().all(|found| found["import"].as_str().unwrap().len() < 1100));
    assert_eq!(findings[0]["replacement"], Value::Null);
    assert_eq!(findings[0]["note"], "the path is too long to rewrite");
}

#[test]
fn what_was_not_looked_at_is_counted() {
    let repo = staged("[settings]\nignore = ['vendor']\n", &[("vendor/x.py", "import a\n"), ("x.md", "x\n")]);
    assert_eq!(human(&repo, &[]), "importgate: pass. 1 changed file, 1 ignored, 0 imports\n");
    std::fs::File::create(repo.top().join("y.txt")).unwrap().set_len((8 << 20) + 1).unwrap();
    repo.write("policy.toml", "importgate = 1\n[[rule]]\nid = 'x'\npattern = 'x'\n").stage();
    assert!(human(&repo, &[]).contains("y.txt  8.1 MiB, over the limit of 8 MiB: not parsed"));
}

#[test]
fn imports_are_shown_as_the_gate_sees_them() {
    let repo = staged("[settings]\nroots = ['lib']\n", &[("lib/a/x.py", "from .m import X\n")]);
    let resolved = |folder: &str, file: &str| -> Value {
        let run = repo.importgate_in(folder, &["imports", file]);
        serde_json::from_slice::<Value>(&run.stdout).unwrap()["resolved"].clone()
    };
    assert_eq!(resolved(".", "lib/a/x.py"), serde_json::json!(["a.m.X"]));
    assert_eq!(resolved("lib/a", "x.py"), serde_json::json!(["a.m.X"]));
    repo.git(&["rm", "--quiet", "--force", "policy.toml"]);
    assert_eq!(resolved(".", "lib/a/x.py"), serde_json::json!(["lib.a.m.X"]));
}

#[test]
fn a_forbidden_module_hides_no_statement_on_its_first_line() {
    let rule = "[[rule]]\nid = 'm'\nlanguage = 'python'\nforbid = ['a.manager']\nseverity = 'block'\n";
    let repo = staged(rule, &[("a/__init__.py", ""), ("a/manager.py", "from a.manager import X\n")]);
    let report = human(&repo, &[]);
    assert!(report.contains("\n- from a.manager import X\n") && report.contains("m (module, warning)"), "{report}");
}

#[test]
fn revisions_that_only_git_reads_are_said_to_be_such() {
    let repo = staged("", &[]);
    let run = repo.importgate(&["check", "--range", "@{u}..HEAD"]);
    let said = String::from_utf8_lossy(&run.stderr).into_owned() + &String::from_utf8_lossy(&run.stdout);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains("git rev-parse \"@{u}\"") && !said.contains("git fetch"), "{said}");
}

#[test]
fn one_block_names_all_that_a_rule_forbids_in_a_statement() {
    let rules = "\
[[rule]]
id = 'old'
language = 'python'
forbid = ['a.old', { path = 'a.older', use-instead = 'a.newer' }, 'a.gone']
reason = 'One path.'
severity = 'block'
[[rule]]
id = 'ancient'
language = 'python'
forbid = ['a.ancient']
severity = 'block'
";
    let repo = staged(rules, &[("a/__init__.py", ""), ("a/newer.py", ""), ("x.py", "import os\n")]);
    repo.commit("before");
    repo.write("x.py", "import os\nfrom a import old, ancient, older, fine, gone\n").stage();
    let expected = "\
importgate: blocked x.py:2: use a.newer

x.py:2:1  old
- from a import old, ancient, older, fine, gone
+ from a import newer as older
+ from a import old, ancient, fine, gone
  name a.old, a.older, a.gone
  why  One path.

x.py:2:1  ancient
- from a import old, ancient, older, fine, gone
  name a.ancient

2 blocked in 1 of 1 changed file.
";
    assert_eq!(human(&repo, &[]), expected);
    let report = json(&repo, &[]);
    assert_eq!(report["findings"].as_array().unwrap().len(), 4);
    assert_eq!(report["counts"]["blocked"], serde_json::json!({ "blocks": 2, "names": 4 }));
}

#[test]
fn what_is_said_of_some_names_alone_stands_with_them() {
    let rules = "\
[[rule]]
id = 'old'
language = 'python'
forbid = [{ path = 'a.one', use-instead = 'a.absent' }, 'a.two', 'a.three']
reason = 'One path.'
owner = '@core'
severity = 'block'
";
    let repo = staged(rules, &[("a/__init__.py", ""), ("x.py", "from a import one, two, three\n")]);
    let said = human(&repo, &[]);
    let told = "  name a.one\n  use  a.absent\n  note ";
    assert!(said.contains(told) && said.contains("\n  name a.two, a.three\n  why  One path. ask @core\n"), "{said}");
    assert_eq!(said.matches("One path.").count(), 1, "{said}");
    assert!(said.ends_with("\n1 blocked in 1 of 2 changed files.\n"), "{said}");
}

#[test]
fn each_name_has_the_words_of_its_own_entry() {
    let rules = "\
[[rule]]
id = 'old'
language = 'python'
forbid = [
    { path = 'a.one', reason = 'First.' },
    { path = 'a.two', reason = 'Second.', owner = '@two' },
    'a.three',
    { path = 'a.four', advice = 'use five' },
    { path = 'a.six', reason = 'First.' },
]
reason = 'All of it is old.'
see = 'https://a.example'
severity = 'block'
";
    let repo = staged(rules, &[("x.py", "from a import one, two, three, four, six\n")]);
    let expected = "\
importgate: blocked x.py:1: a.one must not be imported

x.py:1:1  old
- from a import one, two, three, four, six
  name a.one, a.six
  why  First. https://a.example
  name a.two
  why  Second. https://a.example, ask @two
  name a.three
  why  All of it is old. https://a.example
  name a.four
  why  All of it is old. https://a.example
  note use five

1 blocked in 1 of 1 changed file.
";
    assert_eq!(human(&repo, &[]), expected);
}

#[test]
fn the_kinds_of_a_block_are_those_that_its_severity_comes_from() {
    let rules = |cap: &str| {
        format!(
            "[[rule]]\nid = 'old'\nlanguage = 'typescript'\nforbid = ['old']\nseverity = 'block'\n\
             cap = {{ kind = 'type-only', severity = '{cap}' }}\n"
        )
    };
    let files = [("x.ts", "import { type A, b } from 'old'\n"), ("y.ts", "import type { A } from 'old'\n")];
    let said = human(&staged(&rules("warn"), &files), &[]);
    assert!(said.contains("\nx.ts:1:1  old\n"), "{said}");
    assert!(said.contains("\ny.ts:1:1  old (type-only, warning)\n"), "{said}");
    let said = human(&staged(&rules("block"), &files), &[]);
    assert!(said.contains("\nx.ts:1:1  old (import, type-only)\n"), "{said}");
    assert!(said.contains("\ny.ts:1:1  old (type-only)\n"), "{said}");
}

#[test]
fn the_canonical_path_is_named_where_it_cannot_be_pasted_and_why_not() {
    let rules = "\
[[rule]]
id = 'old'
language = 'python'
forbid = ['a.old']
use-instead = 'a.new'
severity = 'block'
[[rule]]
id = 'new'
language = 'python'
forbid = ['a.new']
";
    let repo = staged(rules, &[("x.py", "from a.old import X\n"), ("y.py", "from a import *\n")]);
    let said = human(&repo, &[]);
    assert!(said.starts_with("importgate: blocked x.py:1: use a.new\n"), "{said}");
    let told = "  name a.old.X\n  use  a.new\n  note the policy forbids a.new.X too (rule new)\n";
    assert!(said.contains(told), "{said}");
    assert!(said.contains("  name a.*\n  use  a.new\n  note the star may bring `a.old`"), "{said}");
}

#[test]
fn very_many_names_are_one_block_of_few_lines() {
    let names: Vec<_> = (0..5000).map(|number| format!("n{number}")).collect();
    let repo = staged(OLD, &[("x.py", &format!("from a.old import {}\n", names.join(", ")))]);
    let said = human(&repo, &[]);
    assert!(said.lines().count() < 20 && said.contains("a.old.n9 and 4990 more"), "{said}");
    assert!(said.ends_with("\n1 blocked in 1 of 1 changed file.\n"), "{said}");
    assert_eq!(json(&repo, &[])["counts"]["blocked"], serde_json::json!({ "blocks": 1, "names": 5000 }));
}

#[test]
fn the_whole_tree_ends_with_totals_by_rule() {
    let rules = format!(
        "{OLD}{}{}",
        OLD.replace("'old'", "'slow-path'").replace("a.old", "a.slow").replace("block", "track"),
        OLD.replace("'old'", "'warned'").replace("a.old", "a.warn").replace("block", "warn")
    );
    let files = [
        ("x.py", "from a.old import X, Y\nimport a.warn\nimport a.slow\n"),
        ("y.py", "import a.old\nimport a.slow\nimport a.slow.b\n"),
    ];
    let repo = staged(&rules, &files);
    let totals = "\
By rule:
  slow-path  3 tracked in 2 files
  old        2 blocked in 2 files
  warned     1 warning in 1 file
";
    let said = human(&repo, &["--all"]);
    assert!(said.ends_with(&format!("\n2 blocked, 1 warning in 2 of 3 files.\n\n{totals}")), "{said}");
    assert!(!human(&repo, &[]).contains("By rule"));
    let said = human(&repo, &["--all", "--rule", "slow-path"]);
    assert_eq!(said, "importgate: pass. 3 files, 7 imports\n\nBy rule:\n  slow-path  3 tracked in 2 files\n");
}

#[test]
fn json_tells_the_ranges_the_name_and_the_day() {
    let source = "import os\nfrom a.old import (\n    é,\n    X,\n)\nimport a.old.deep as d; import sys\n";
    let repo = staged(OLD, &[("x.py", source)]);
    let report = json(&repo, &["--as-of", "2026-05-31"]);
    assert_eq!((&report["version"], &report["as_of"]), (&1.into(), &"2026-05-31".into()));
    let numbers =
        |of: &Value| ["line", "column", "end_line", "end_column"].map(|number| of[number].as_u64().unwrap()).to_vec();
    let findings = report["findings"].as_array().unwrap().iter();
    let ranges: Vec<_> =
        findings.map(|found| (numbers(found), numbers(&found["statement"]), found["name"].clone())).collect();
    assert_eq!(
        ranges,
        [
            (vec![3, 5, 5, 2], vec![2, 1, 5, 2], "é".into()),
            (vec![4, 5, 5, 2], vec![2, 1, 5, 2], "X".into()),
            (vec![6, 8, 6, 23], vec![6, 1, 6, 23], Value::Null),
        ]
    );
}

#[test]
fn json_tells_where_a_finding_matters() {
    let rules = "[[rule]]\nid = 'old'\nlanguage = 'python'\nforbid = 'a.old'\n\
        [[rule]]\nid = 'word'\npattern = 'a\\.old'\nin = 'text'\n\
        [[rule]]\nid = 'space'\npattern = '[ ]$'\nin = 'text'\n";
    let source = "import a.old\n# a.old\npatch('a.old.X')\nx = 'a.old'\ny = 1 \n";
    let repo = staged(
        rules,
        &[("src/x.py", source), ("tests/x.py", "import a.old\n"), ("README.md", "a.old\n"), ("run.mk", "\ta.old\n")],
    );
    let report = json(&repo, &[]);
    let findings = report["findings"].as_array().unwrap().iter();
    let impacts: Vec<_> = findings
        .map(|found| {
            let text = |field: &str| found[field].as_str().unwrap().to_owned();
            format!("{}:{} {} {}", text("path"), found["line"], text("rule"), text("impact"))
        })
        .collect();
    let expected = [
        "README.md:1 word talk",
        "run.mk:1 word production",
        "src/x.py:1 old production",
        "src/x.py:1 word production",
        "src/x.py:2 word talk",
        "src/x.py:3 old strings",
        "src/x.py:3 word talk",
        "src/x.py:4 word talk",
        "src/x.py:5 space production",
        "tests/x.py:1 old tests",
        "tests/x.py:1 word tests",
    ];
    assert_eq!(impacts, expected);
    assert_eq!(
        json(&staged(&format!("[settings]\ntests = ['src']\n{rules}"), &[("src/x.py", source)]), &[])["findings"][0]["impact"],
        "tests"
    );
}

#[test]
fn the_whole_tree_tells_no_file_to_be_a_forbidden_module() {
    let repo = staged(OLD, &[("a/__init__.py", ""), ("a/old.py", "X = 1\n"), ("x.py", "import a.old\n")]);
    let kinds = |report: Value| {
        let findings = report["findings"].as_array().unwrap().iter();
        findings.map(|found| found["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(json(&repo, &[])), ["module", "import"]);
    assert_eq!(kinds(json(&repo, &["--all"])), ["import"]);
}

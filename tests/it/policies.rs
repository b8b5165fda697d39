//! Invalid policies (every error is reported, exit status 2, no commit), and policy lookup.

use crate::repo::TestRepo;

fn check(repo: &TestRepo, arguments: &[&str]) -> (Option<i32>, String) {
    let run = repo.importgate(arguments);
    (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr))
}

const RULE: &str = "[[rule]]\nid = 'r'\nlanguage = 'python'\nforbid = ['old']\nseverity = 'block'\n";

fn policy() -> String {
    format!("importgate = 1\n{RULE}")
}

#[test]
fn every_error_is_told_at_its_place() {
    let repo = TestRepo::new();
    repo.write(
        "policy.toml",
        "\
importgate = 1
[[rule]]
id = 'one'
languge = 'python'
forbid = []
[[rule]]
id = 'one'
language = 'pyton'
forbid = ['a']
severity = 'blok'
block-from = 2026-13-01
paths = ['a[']
[[rule]]
id = 'three'
pattern = '('
[[rule]]
id = 'four'
language = 'python'
forbid = ['a']
pattern = 'b'
",
    );
    repo.git(&["add", "--all"]);
    let (status, said) = check(&repo, &["pre-commit"]);
    assert_eq!(status, Some(2), "{said}");
    // An invalid date is a syntax error of TOML, so the rest cannot be read yet.
    assert!(said.contains("policy.toml:11:"), "{said}");

    let mended = std::fs::read_to_string(repo.top().join("policy.toml")).unwrap().replace("2026-13-01", "'2026-13-01'");
    repo.write("policy.toml", &mended);
    repo.git(&["add", "--all"]);
    let (status, said) = check(&repo, &["pre-commit"]);
    assert_eq!(status, Some(2), "{said}");
    for told in [
        "languge",
        "did you mean `language`",
        "forbid",
        "`one`",
        "pyton",
        "did you mean `python`",
        "blok",
        "2026-13-01",
        "a[",
        "pattern",
    ] {
        assert!(said.contains(told), "{told} is missing in {said}");
    }
    for line in [4, 5, 7, 8, 10, 11, 12, 15] {
        assert!(said.contains(&format!("policy.toml:{line}:")), "line {line} is missing in {said}");
    }
    let json = repo.importgate(&["check", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((json.status.code(), &report["verdict"]), (Some(2), &"error".into()));
    assert!(report["errors"].as_array().unwrap().len() >= 8, "{report:#}");
}

#[test]
fn a_capture_that_is_no_whole_segment_is_told_as_it_is_written() {
    let repo = TestRepo::new();
    let cases = [
        ("c", "./src/<m>.h", "not for a part as in `<m>.h`"),
        ("dart", "package:<m>/src", "not for a part as in `package:<m>`"),
        ("go", "gopkg.in/<m>.v2", "not for a part as in `<m>.v2`"),
        ("php", "./lib/<m>.php", "not for a part as in `<m>.php`"),
        ("javascript", "./src/<m>/<m>.vue", "not for a part as in `<m>.vue`"),
        ("javascript", "npm:<m>", "not for a part as in `npm:<m>`"),
        ("javascript", "./src/*<m>", "not for a part as in `*<m>`"),
        ("rust", "legacy.<m>", "write `legacy::<m>`"),
    ];
    for (language, entry, expected) in cases {
        let rule = format!("[[rule]]\nid = 'r'\nlanguage = '{language}'\nforbid = '{entry}'\npaths = 'src/<m>'\n");
        repo.write("policy.toml", format!("importgate = 1\n{rule}"));
        let (status, said) = check(&repo, &["check", "--all"]);
        assert!(status == Some(2) && said.contains(expected) && !said.contains("importgate_"), "{entry}: {said}");
    }
}

#[test]
fn an_invalid_policy_stops_the_commit() {
    let repo = TestRepo::new();
    assert!(repo.importgate(&["install"]).status.success());
    repo.write("policy.toml", "importgate = 1\nrules = []\n");
    repo.git(&["add", "--all"]);
    let run = repo.try_git(&["commit", "-m", "bad policy"]);
    assert!(!run.status.success());
    assert!(
        String::from_utf8_lossy(&run.stderr).contains("policy.toml:2:1"),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
}

#[test]
fn another_tools_file_is_ignored_unless_it_is_named() {
    let repo = TestRepo::new();
    repo.write("policy.toml", "[package]\nname = 'x'\n");
    repo.write("x.py", "import old\n");
    repo.git(&["add", "--all"]);
    let (status, said) = check(&repo, &["check"]);
    assert!(status == Some(0) && said.contains("policy.toml lacks the key `importgate`"), "{said}");
    let (status, said) = check(&repo, &["check", "--policy", "policy.toml"]);
    assert!(status == Some(2) && said.contains("importgate = 1"), "{said}");
    let (_, said) = check(&repo, &["doctor"]);
    assert!(said.contains("another tool's"), "{said}");
}

#[test]
fn a_path_in_another_notation_is_told_how_it_is_written() {
    for (language, forbid, told) in [
        ("java", r"org\.testng\..*", "help: write `org.testng`, which means all beneath"),
        ("rust", "a.b", "`a.b` is no rust path: write `a::b`"),
        ("rust", "src/git.rs", "`src/git.rs` is no rust path: it is a file; write its module: `crate::git`"),
        ("scala", "com/acme._", "write its class: `com.acme.*`"),
        ("typescript", "./src/<1>", "help: its name has ASCII letters"),
        ("typescript", "./src/<>", "`<>` is no capture"),
        ("typescript", "!./src/<f.g>/x", "`<f.g>` is no capture"),
        ("typescript", "!./packages/*/src/index", "`./packages/*/src/*` what is beneath it alone"),
    ] {
        let repo = TestRepo::new();
        let rule = format!("[[rule]]\nid = 'x'\nlanguage = '{language}'\nforbid = ['a', '{forbid}']\n");
        repo.write("policy.toml", format!("importgate = 1\n{rule}"));
        repo.stage();
        let (status, said) = check(&repo, &["check"]);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(status == Some(2) && said.contains(told), "{told} is missing in {said}");
        assert_eq!(said.matches("--> policy.toml:5:").count(), 1, "{said}");
    }
}

#[test]
fn a_policy_whose_key_is_lost_is_an_error() {
    let rule = "[[rule]]\nid = 'old'\nlanguage = 'python'\nforbid = 'old'\n";
    let cases = [
        (rule.to_owned(), "policy.toml:1:1", "is missing"),
        (rule.replace("language", "importgate = 1\nlanguage"), "policy.toml:3:1", "beneath [[rule]]"),
        (format!("[settings]\nignore = 'x'\nimportgate = 1\n{rule}"), "policy.toml:3:1", "beneath [settings]"),
        ("[[rule]]\nid = 'l'\npattern = 'x'\nrules = 1\n".to_owned(), "policy.toml:1:1", "is missing"),
    ];
    for (policy, place, what) in cases {
        let repo = TestRepo::new();
        repo.write("policy.toml", &policy).write("x.py", "import old\n");
        repo.git(&["add", "--all"]);
        for arguments in [&["check"][..], &["pre-commit"], &["check", "--policy", "policy.toml"]] {
            let (status, said) = check(&repo, arguments);
            assert!(status == Some(2) && said.contains(place) && said.contains(what), "{policy}\n{said}");
            assert!(said.contains("importgate = 1"), "{said}");
        }
        let (status, said) = check(&repo, &["doctor"]);
        assert!(status == Some(1) && said.contains(what), "{said}");
    }
    // What has no rule of ours is another tool's.
    for policy in ["[[rule]]\nid = 'x'\nregex = 'y'\n", "[rule]\nid = 'x'\npattern = 'y'\n", "rule = [1]\n", ""] {
        let repo = TestRepo::new();
        repo.write("policy.toml", policy).write("x.py", "import old\n");
        repo.git(&["add", "--all"]);
        let (status, said) = check(&repo, &["check"]);
        assert!(status == Some(0) && said.contains("another tool's"), "{said}");
    }
}

#[test]
fn a_policy_comes_from_where_it_is_trusted() {
    // The policy comes from the index; from the worktree only if it is untracked.
    let repo = TestRepo::new();
    repo.write("x.py", "import old\n");
    repo.git(&["add", "x.py"]);
    repo.write("policy.toml", policy());
    assert_eq!(check(&repo, &["check"]).0, Some(1), "untracked");
    repo.git(&["add", "--all"]);
    repo.write("policy.toml", "importgate = 1\n");
    assert_eq!(check(&repo, &["check"]).0, Some(1), "the index");

    // A range is judged by the policy at its start.
    repo.git(&["commit", "--quiet", "-m", "policy"]);
    repo.write("y.py", "import old.deep\n");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "-m", "relaxed, and used"]);
    assert_eq!(check(&repo, &["check", "--range", "HEAD~1..HEAD"]).0, Some(1));

    // Git's configuration names a path, a revision, a missing file.
    repo.write("policies/org.toml", policy());
    repo.git(&["config", "importgate.policy", "policies/org.toml"]);
    repo.write("z.py", "import old.other\n");
    repo.git(&["add", "z.py"]);
    assert_eq!(check(&repo, &["check"]).0, Some(1), "an untracked path");
    repo.git(&["config", "importgate.policy", "HEAD~1:policy.toml"]);
    assert_eq!(check(&repo, &["check"]).0, Some(1), "a revision");
    repo.git(&["config", "importgate.policy", "HEAD:policy.toml"]);
    assert_eq!(check(&repo, &["check"]).0, Some(0), "a relaxed revision");
    for nowhere in ["nowhere.toml", "/nowhere.toml", "~/nowhere.toml", "HEAD:nowhere.toml", "nobranch:policy.toml"] {
        repo.git(&["config", "importgate.policy", nowhere]);
        let (status, said) = check(&repo, &["check"]);
        assert!(status == Some(2) && said.contains(&format!("the policy {nowhere} is missing")), "{said}");
        assert!(said.contains("git config importgate.policy"), "{said}");
    }
    std::fs::write(repo.beside("mine.toml"), policy()).unwrap();
    repo.git(&["config", "importgate.policy", "~/mine.toml"]);
    assert_eq!(check(&repo, &["check"]).0, Some(1), "a path in the home folder");
}

#[test]
fn a_hook_that_cannot_judge_says_what_came_of_it() {
    let repo = TestRepo::new();
    repo.write("policy.toml", "importgate = 1\nrules = 1\n");
    repo.stage();
    let (status, said) = check(&repo, &["pre-commit"]);
    assert!(status == Some(2) && said.ends_with("\nCommit not made.\n"), "{said}");
    assert!(!check(&repo, &["check"]).1.contains("Commit not made"));
    let (_, said) = check(&repo, &["doctor"]);
    assert!(said.contains("problem  policy: policy.toml:2:1: unknown key") && said.contains("did you mean"), "{said}");
}

#[test]
fn one_rule_alone() {
    let repo = TestRepo::new();
    repo.write("policy.toml", format!("{}{}", policy(), RULE.replace("'r'", "'other'").replace("'old'", "'ancient'")));
    repo.write("x.py", "import old\nimport ancient\n");
    repo.git(&["add", "--all"]);
    let (_, said) = check(&repo, &["check", "--rule", "other"]);
    assert!(said.contains("x.py:2") && !said.contains("x.py:1"), "{said}");
    let (status, said) = check(&repo, &["check", "--rule", "othr"]);
    assert!(status == Some(2) && said.contains("other"), "{said}");
}

#[test]
fn wrong_calls_are_faults() {
    let repo = TestRepo::new();
    for arguments in [
        &["check", "--range", "main"][..],
        &["check", "--as-of", "yesterday"],
        &["chek"],
        &["check", "--range", "no-such..HEAD"],
    ] {
        assert_eq!(check(&repo, arguments).0, Some(2), "{arguments:?}");
    }
    assert_eq!(check(&repo, &["--help"]).0, Some(0));
}

#[test]
fn a_commit_that_weakens_the_policy_and_uses_it_is_told() {
    let repo = TestRepo::new();
    repo.write("policy.toml", policy()).write("x.py", "import os\n").commit("first");
    let told = "The server will judge by the policy before this commit";
    let commands: [&[&str]; 3] = [&["pre-commit"], &["check", "--staged"], &["check", "--worktree"]];
    let says = |expected: bool| {
        for command in commands {
            let (status, said) = check(&repo, command);
            assert_eq!((status, said.contains(told)), (Some(0), expected), "{command:?}: {said}");
        }
    };
    let weaker = policy().replace("'block'", "'warn'");
    let bad = "import old\n";
    // Weaker alone; weaker, and what was blocked; removed; another tool's.
    repo.write("policy.toml", &weaker).stage();
    says(false);
    repo.write("a.py", bad).write("b.py", bad).stage();
    says(true);
    assert!(check(&repo, &["pre-commit"]).1.contains("[r] a.py:1 and 1 more"));
    repo.remove("b.py").remove("policy.toml").stage();
    says(true);
    repo.write("policy.toml", "[policy]\n").stage();
    says(true);
    // Not a weaker one, though it is another; nor one that blocks all the same.
    repo.write("policy.toml", policy() + "\n# more\n").write("a.py", "import os\n").stage();
    says(false);
    repo.write("policy.toml", policy() + "[settings]\nignore = ['docs']\n").write("a.py", bad).stage();
    let (status, said) = check(&repo, &["pre-commit"]);
    assert!(status == Some(1) && !said.contains(told), "{said}");
    // What a named policy judges is no matter of the repository's.
    repo.write("policy.toml", &weaker).stage();
    std::fs::write(repo.beside("named.toml"), &weaker).unwrap();
    repo.git(&["config", "importgate.policy", repo.beside("named.toml").to_str().unwrap()]);
    says(false);
    repo.git(&["config", "--unset", "importgate.policy"]);
    // A merge brings the policy that others have pushed.
    repo.git(&["reset", "-q", "--hard"]);
    repo.git(&["checkout", "-q", "-b", "theirs"]);
    repo.write("policy.toml", &weaker).commit("weaker");
    repo.write("a.py", bad).commit("brought");
    repo.git(&["checkout", "-q", "-"]);
    repo.write("mine.py", "import os\n").commit("mine");
    repo.git(&["merge", "-q", "--no-commit", "--no-ff", "theirs"]);
    says(false);
}

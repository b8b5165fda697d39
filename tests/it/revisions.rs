//! Revisions mean the same as for `git rev-parse`, wherever one is accepted.

use std::process::Output;

use serde_json::Value;

use crate::repo::TestRepo;

/// Commits one forbidden import, and a policy of its own: findings and rule distinguish it from
/// other commits. Each commit is a day later than the previous one, as `:/text` and `@{date}`
/// search by date.
fn commit(repo: &TestRepo, number: i64) -> String {
    repo.write(
        "policy.toml",
        format!(
            "importgate = 1\n[[rule]]\nid = 'rule-{number}'\nlanguage = 'python'\nforbid = ['old']\nseverity = 'block'\n"
        ),
    );
    repo.write(&format!("file{number}.py"), "import old\n").stage();
    let date = format!("{} +0000", 1_700_000_000 + number * 86_400);
    let message = format!("step {number}\n\nThe body of {number}.");
    let args = ["commit", "-q", "-m", &message];
    let run = repo.command("git").args(args).env("GIT_COMMITTER_DATE", date).output().unwrap();
    assert!(run.status.success(), "{run:?}");
    repo.git(&["rev-parse", "HEAD"])
}

/// Returns a repository of commits 0 and 1 with a tag, a merged branch, and a remote that is two
/// commits behind.
fn history(init: &[&str]) -> TestRepo {
    let repo = TestRepo::with(init);
    commit(&repo, 0);
    commit(&repo, 1);
    repo.git(&["tag", "-a", "-m", "t", "v1"]);
    repo.git(&["checkout", "-q", "-b", "side"]);
    commit(&repo, 2);
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    let server = repo.beside("server.git");
    repo.git(&[&["init", "-q", "--bare", "-b", "main"], init, &[server.to_str().unwrap()]].concat());
    repo.git(&["remote", "add", "origin", server.to_str().unwrap()]);
    repo.git(&["push", "-q", "-u", "origin", "main"]);
    commit(&repo, 3);
    commit(&repo, 4);
    repo.git(&["update-ref", "refs/heads/face", "HEAD~1"]);
    repo
}

fn names(repo: &TestRepo) -> Vec<String> {
    let short = repo.git(&["rev-parse", "--short", "HEAD~1"]);
    let plain = [
        "HEAD",
        "@",
        "main",
        "heads/side",
        "refs/heads/side",
        "face",
        "v1",
        "v1^{}",
        "v1^0",
        "v1~1",
        "v1^{commit}",
        "HEAD^",
        "HEAD^0",
        "HEAD~0",
        "HEAD^1",
        "HEAD~2^2",
        "@~2^1~1",
        "HEAD~2",
        "HEAD^^",
        "origin/main",
        "origin/main~1",
        "@{u}",
        "@{upstream}",
        "main@{u}^2",
        "@{push}",
        "main@{push}~1",
        "@{0}",
        "@{1}",
        "main@{1}",
        "main@{2}~1",
        "HEAD@{3}",
        "main@{2023-11-18 12:00:00 +0000}",
        "@{-1}",
        "@{-1}~1",
        "HEAD^{/step 2}",
        "HEAD^{/step [12]}",
        "HEAD^{/body of 1}",
    ];
    let made = [short.clone(), format!("{short}^"), format!("v1-3-g{short}"), repo.git(&["rev-parse", "HEAD~3"])];
    plain.into_iter().map(str::to_owned).chain(made).collect()
}

fn said(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned() + &String::from_utf8_lossy(&run.stdout)
}

#[track_caller]
fn findings(run: &Output) -> Value {
    assert!(matches!(run.status.code(), Some(0 | 1)), "{}", said(run));
    serde_json::from_slice::<Value>(&run.stdout).unwrap()["findings"].clone()
}

fn range(repo: &TestRepo, from: &str, to: &str) -> Output {
    repo.importgate(&["check", "--range", &format!("{from}..{to}"), "--format", "json"])
}

#[test]
fn ranges_take_every_revision_that_git_takes() {
    for init in [&[][..], &["--object-format=sha256"]] {
        let repo = history(init);
        let (root, tip) = (repo.git(&["rev-parse", "HEAD~4"]), repo.git(&["rev-parse", "HEAD"]));
        let mut different = std::collections::BTreeSet::new();
        let texts = [":/step 1", ":/body of 2", ":/^step 0", ":/!-body", "@{u}^{/step 1}"];
        for name in names(&repo).iter().map(String::as_str).chain(texts) {
            // `^{commit}` would become part of the text to search for.
            let peel = if name.starts_with(":/") { "" } else { "^{commit}" };
            let id = repo.git(&["rev-parse", "--verify", &format!("{name}{peel}")]);
            for (by_name, by_id) in [
                (range(&repo, name, &tip), range(&repo, &id, &tip)),
                (range(&repo, &root, name), range(&repo, &root, &id)),
            ] {
                let expected = findings(&by_id);
                assert_eq!(findings(&by_name), expected, "{name}");
                different.insert(expected.to_string());
            }
        }
        assert!(different.len() > 5, "the cases differ in too little: {different:?}");
    }
}

#[test]
fn a_policy_is_read_from_every_revision_that_git_takes() {
    let repo = history(&[]);
    repo.write("new.py", "import old\n").stage();
    let mut rules = std::collections::BTreeSet::new();
    let trees = ["HEAD^{tree}", "HEAD~2^{tree}", "v1^{tree}", "main@{2023-11-18 12:00:00 +0000}^{tree}"];
    for name in names(&repo).iter().map(String::as_str).chain(trees) {
        let value = format!("{name}:policy.toml");
        repo.git(&["config", "importgate.policy", &value]);
        let policy = repo.git(&["show", &value]);
        let rule = findings(&repo.importgate(&["check", "--format", "json"]))[0]["rule"].as_str().unwrap().to_owned();
        assert!(policy.contains(&format!("'{rule}'")), "{name}: {rule}");
        rules.insert(rule);
    }
    assert_eq!(rules.len(), 5, "{rules:?}");
}

#[test]
fn revisions_that_name_no_commit_are_told_with_the_reason() {
    let repo = history(&[]);
    for (name, why) in [
        ("nothing", ""),
        ("nothing~1", ""),
        ("HEAD^3", "parent"),
        ("HEAD~9", "4 older commits"),
        ("HEAD^x", ""),
        ("HEAD^!", ""),
        ("HEAD^@", ""),
        ("HEAD:policy.toml", "blob"),
        ("HEAD^{tree}", "tree"),
        ("side@{u}", "does not have"),
        ("@{99}", "99"),
        ("@{-9}", "9"),
        (":/no such text", "matched"),
        ("abcdabcd", ""),
    ] {
        let run = range(&repo, name, "HEAD");
        let said = said(&run);
        assert_eq!(run.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(&format!("no such revision: {name}")) && said.contains(why), "{name}: {said}");
        assert!(!said.contains("\\n"), "one line: {said}");
    }
    for (name, why) in [("nothing", ""), ("@{99}", "99"), (":", "")] {
        repo.git(&["config", "importgate.policy", &format!("{name}:policy.toml")]);
        let run = repo.importgate(&["check"]);
        let said = said(&run);
        assert!(run.status.code() == Some(2) && said.contains(" is missing") && said.contains(why), "{name}: {said}");
    }
}

#[test]
fn short_ids_of_several_commits_are_told_and_of_one_commit_taken() {
    let repo = TestRepo::new();
    let mut stream = String::from("blob\nmark :1\ndata 0\n\n");
    for number in 0..1500 {
        let message = format!("commit {number}");
        stream += "commit refs/heads/main\ncommitter t <t@example.org> 1700000000 +0000\n";
        stream += &format!("data {}\n{message}\nM 100644 :1 f{number}.py\n\n", message.len());
    }
    assert!(repo.git_with_input(&["fast-import", "--quiet"], &stream).status.success());
    let mut by_prefix = std::collections::BTreeMap::<String, (u32, u32)>::new();
    for line in repo.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"]).lines() {
        let (commits, others) = by_prefix.entry(line[..4].to_owned()).or_default();
        if line.ends_with("commit") { *commits += 1 } else { *others += 1 }
    }
    let prefix = |wanted: fn(&(u32, u32)) -> bool| by_prefix.iter().find(|(_, counts)| wanted(counts)).unwrap().0;
    let several = prefix(|&(commits, _)| commits > 1);
    let run = range(&repo, several, "main");
    let told = said(&run);
    assert_eq!(run.status.code(), Some(2), "{told}");
    assert!(told.contains(&format!("no such revision: {several}: several objects start with it")), "{told}");
    let one = prefix(|&(commits, others)| commits == 1 && others > 0);
    let id = repo.git(&["rev-parse", "--verify", &format!("{one}^{{commit}}")]);
    assert_eq!(findings(&range(&repo, one, "main")), findings(&range(&repo, &id, "main")));
}

#[test]
fn malformed_commits_and_tags_are_told() {
    let repo = history(&[]);
    let commit = repo.object("commit", b"no tree\n");
    let tag = repo.object("tag", b"no object\n");
    std::fs::write(repo.top().join(".git/refs/heads/bad"), format!("{commit}\n")).unwrap();
    std::fs::write(repo.top().join(".git/refs/tags/worse"), format!("{tag}\n")).unwrap();
    let (commit, tag) = (&commit[..12], &tag[..12]);
    for name in ["bad", "worse", commit, tag] {
        for step in ["", "^", "~1", "^0", "^{}", "^{commit}", "^{tree}", "^{/text}", "^{tree}~1"] {
            let run = range(&repo, &format!("{name}{step}"), "HEAD");
            assert_eq!(run.status.code(), Some(2), "{name}{step}: {}", said(&run));
            repo.git(&["config", "importgate.policy", &format!("{name}{step}:policy.toml")]);
            let run = repo.importgate(&["check"]);
            assert_eq!(run.status.code(), Some(2), "{name}{step}: {}", said(&run));
        }
        repo.git(&["config", "--unset", "importgate.policy"]);
    }
}

#[test]
fn replacements_lead_no_revision_astray() {
    let repo = history(&[]);
    let id = repo.git(&["rev-parse", "HEAD~1"]);
    let expected = findings(&range(&repo, &repo.git(&["rev-parse", "HEAD~2"]), "HEAD"));
    repo.git(&["replace", &id, &repo.git(&["rev-parse", "HEAD~4"])]);
    for name in ["HEAD~2", "HEAD^^", "face^", "@{u}"] {
        assert_eq!(findings(&range(&repo, name, "HEAD")), expected, "{name}");
    }
}

#[test]
fn a_push_in_quarantine_is_seen_by_every_revision() {
    let repo = history(&[]);
    let server = repo.beside("server.git");
    let (program, seen) = (assert_cmd::cargo::cargo_bin!("importgate"), repo.beside("seen"));
    std::fs::create_dir(&seen).unwrap();
    // Two of the pushed commits are only in quarantine; the rest existed before.
    let script = format!(
        "#!/bin/sh\nread old new ref\nshort=$(git rev-parse --short $new)\nnumber=0\n\
         for name in $new~1 $new^ $new~2 $new^^ $new~2^2 $new~3 $new~2^2^{{}} $short~2 $short main main~1 'main^{{/step 1}}' \
         ':/step 0' \"$new^{{/step 3}}\" v1~1; do\n\
         number=$((number + 1))\n\
         case $name in :*) id=$(git rev-parse --verify \"$name\");; *) id=$(git rev-parse --verify \"$name^{{commit}}\");; esac\n\
         echo \"$name\" > '{seen}'/$number.name\n\
         '{program}' check --range \"$name..$new\" --format json > '{seen}'/$number.name.json 2>&1\n\
         '{program}' check --range \"$id..$new\" --format json > '{seen}'/$number.id.json 2>&1\n\
         done\nexit 0\n",
        seen = seen.display(),
        program = program.display(),
    );
    let hook = server.join("hooks/pre-receive");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    repo.git(&["push", "-q", "origin", "v1"]);
    std::fs::write(&hook, script).unwrap();
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    repo.git(&["push", "-q", "origin", "main"]);
    let read = |name: &str| std::fs::read(seen.join(name)).unwrap();
    let json = |name: &str| serde_json::from_slice::<Value>(&read(name)).unwrap()["findings"].clone();
    for number in 1..=15 {
        let name = String::from_utf8(read(&format!("{number}.name"))).unwrap();
        let (by_name, by_id) = (json(&format!("{number}.name.json")), json(&format!("{number}.id.json")));
        assert!(by_id.is_array(), "{name}");
        assert_eq!(by_name, by_id, "{name}");
    }
}

#[test]
fn a_branch_that_does_not_exist_is_answered_with_those_that_do() {
    let repo = history(&[]);
    repo.git(&["branch", "feature/websocket"]);
    repo.git(&["push", "-q", "origin", "main:trunk"]);
    for (name, told) in [
        ("mian", "did you mean main?"),
        ("feature/websockt", "did you mean feature/websocket?"),
        ("feature/websockt~2", "did you mean feature/websocket?"),
        (
            "origin/master",
            "git fetch origin master:refs/remotes/origin/master; or did you mean origin/main or origin/trunk?",
        ),
        ("origin/master^{/step}", "origin/main"),
    ] {
        let run = range(&repo, name, "HEAD");
        let told_of = said(&run);
        assert!(run.status.code() == Some(2) && told_of.contains(told), "{name}: {told_of}");
    }
    for zeros in ["0".repeat(40), "0000000".to_owned()] {
        let run = range(&repo, &zeros, "HEAD");
        let told = said(&run);
        assert_eq!(run.status.code(), Some(2));
        assert!(told.contains("zeros stand for no commit") && told.contains("origin/main..HEAD"), "{told}");
    }
    // A name of many letters is compared with none.
    let run = range(&repo, &"x".repeat(100_000), "HEAD");
    assert!(run.status.code() == Some(2) && !said(&run).contains("did you mean"));
}

#[test]
fn the_command_that_fetches_a_branch_works() {
    let origin = history(&[]);
    origin.git(&["branch", "work", "HEAD~1"]);
    for depth in [&["--depth", "1"][..], &[]] {
        let clone = TestRepo::empty();
        let from = format!("file://{}", origin.top().display());
        clone.git(&[&["clone", "-q", "--single-branch", "-b", "main"], depth, &[&from, "."]].concat());
        let run = range(&clone, "origin/work", "HEAD");
        let told = said(&run);
        let hint = serde_json::from_slice::<Value>(&run.stdout).unwrap()["errors"][0]["hint"].clone();
        let command = hint.as_str().unwrap().split(';').next().unwrap().to_owned();
        assert!(command.starts_with("git fetch ") && command.contains("origin work:"), "{told}");
        clone.git(&command.split(' ').skip(1).collect::<Vec<_>>());
        assert_eq!(findings(&range(&clone, "origin/work", "HEAD")).as_array().unwrap().len(), 1, "{command}");
    }
}

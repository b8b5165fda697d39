//! Pushes that exhaust a server's time or memory, and histories with false claims.

use crate::repo::{POLICY, TestRepo};
use crate::site::{BAD, Push, Site};

/// Returns a server with these lines in the admin's file.
fn guarded(admin: &str) -> Site {
    let site = Site::new();
    site.admin(admin);
    site
}

#[track_caller]
fn passes(site: &Site, refs: &[&str]) -> String {
    let push = site.push(refs);
    assert!(push.is_through, "{refs:?}: {}", push.text);
    push.text
}

#[track_caller]
fn rejected(site: &Site, refs: &[&str], why: &str) -> String {
    let push = site.push(refs);
    assert!(!push.is_through && push.text.contains(why), "{refs:?}: {}", push.text);
    push.text
}

/// A policy change brought by another reference counts as much as one made on the branch itself.
#[test]
fn a_policy_is_not_weakened_by_way_of_another_branch() {
    let site = guarded("protect-policy = true\n");
    let repo = &site.client;
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.write("policy.toml", "importgate = 1\n");
    repo.commit("weaker");
    let told = passes(&site, &["topic"]);
    assert!(told.contains("refs/heads/topic would weaken the policy, once it is merged"), "{told}");
    rejected(&site, &["topic:main"], "refs/heads/main would weaken the policy, which this server protects");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("x.txt", "");
    repo.commit("besides");
    repo.git(&["merge", "-q", "-m", "merge", "topic"]);
    rejected(&site, &["main"], "refs/heads/main would weaken the policy, which this server protects");
    // Without protection, the weakening is reported again, as it takes effect now.
    let site = guarded("");
    let repo = &site.client;
    repo.write("policy.toml", "importgate = 1\n");
    repo.commit("weaker");
    passes(&site, &["main:topic"]);
    assert!(passes(&site, &["main"]).contains("refs/heads/main weakens the policy: rule `old` removed"));
}

const LINES: &str = "
[[rule]]
id = 'debug'
pattern = 'debug'
severity = 'block'
";

/// Findings are held in little memory, but the total and the verdict are complete.
#[test]
fn very_many_findings_are_counted() {
    let site = guarded("log = 'log'\nbreak-glass = ['ann']\n");
    let repo = &site.client;
    let imports: String = (0..5500).map(|number| format!("import a.old.x{number}\n")).collect();
    repo.write("many.py", &imports);
    repo.commit("many");
    let told = rejected(&site, &["main", "main:other"], "5500 blocked in 1 or more of 1 changed file. Push rejected.");
    assert!(told.contains("... and 5450 more") && told.contains("refs/heads/main, refs/heads/other"), "{told}");
    let log = std::fs::read_to_string(site.server.join("hooks/log")).unwrap();
    assert!(log.contains(r#""rules":{"old":5500}"#), "{log}");
    site.client.git(&["-C", "../server.git", "config", "receive.advertisePushOptions", "true"]);
    let glass = ["push", "-o", "importgate.allow=old:an outage", "../server.git", "main"];
    let run = repo.command("git").args(glass).env("GL_USERNAME", "ann").env("REMOTE_USER", "ann").output().unwrap();
    let push = Push::of(&run);
    assert!(push.is_through && push.text.contains("5500 warnings"), "{}", push.text);
}

#[test]
fn a_line_rule_that_matches_very_many_lines_looks_at_the_first() {
    let site = guarded("");
    let repo = &site.client;
    repo.write("policy.toml", format!("{POLICY}{LINES}"));
    repo.commit("lines");
    passes(&site, &["main"]);
    repo.write("many.py", "debug\n".repeat(40_000));
    repo.commit("many");
    let told = rejected(&site, &["main"], "20001 blocked");
    assert!(told.contains("a rule matches more than 20000 lines: the rest is not judged"), "{told}");
    // Shortening such a file brings old lines into view, which only warn; but imports are judged.
    let admin = site.server.join("hooks/importgate-server.toml");
    let was = std::fs::read(&admin).unwrap();
    std::fs::write(&admin, "importgate-server = 1\nenforce = 'off'\n").unwrap();
    repo.write("many.py", (0..40_000).map(|number| format!("debug {number}\n")).collect::<String>());
    repo.commit("many");
    passes(&site, &["main"]);
    std::fs::write(&admin, was).unwrap();
    let shorter: String = (5..40_000).map(|number| format!("debug {number}\n")).collect();
    repo.write("many.py", &shorter);
    repo.commit("shorter");
    let told = passes(&site, &["main"]);
    assert!(told.contains("5 warnings") || told.contains("6 warnings"), "{told}");
    repo.write("many.py", format!("from a.old import Y\n{shorter}"));
    repo.commit("import");
    rejected(&site, &["main"], "error: [old] many.py:1:1");
}

#[test]
fn more_than_can_be_held_is_not_judged() {
    let site = guarded("");
    site.admin("deadline = '1h'\n");
    let repo = &site.client;
    let imports: String = (0..19_000).map(|number| format!("import a.old.x{number}\n")).collect();
    for number in 0..6 {
        repo.write(&format!("many{number}.py"), &imports);
    }
    repo.commit("many");
    let told = rejected(&site, &["main"], "error: could not judge: the number of forbidden imports and lines");
    assert!(told.contains("is over the limit of 100000"), "{told}");
}

/// Otherwise any pusher could have all branches rejected, by commits whose dates stand still.
#[test]
fn wrong_dates_make_nothing_new() {
    let site = guarded("");
    let repo = &site.client;
    repo.write("x.txt", "");
    let began = repo.commit("here a branch begins");
    let mut commit = began.clone();
    for _ in 0..100 {
        let args = ["commit-tree", "-p", &commit, "-m", "wrong", "HEAD^{tree}"];
        let run = repo.command("git").args(args).env("GIT_COMMITTER_DATE", "100000001 +0000").output().unwrap();
        commit = String::from_utf8(run.stdout).unwrap().trim().to_owned();
    }
    passes(&site, &[&format!("{commit}:main")]);
    repo.write("y.txt", "");
    repo.commit("on the branch");
    assert!(!passes(&site, &["HEAD:refs/heads/topic"]).contains("old.py"));
}

/// The pusher chooses the commits at which a shallow history ends.
#[test]
fn a_history_that_ends_early_hides_nothing() {
    let site = guarded("");
    let repo = &site.client;
    repo.git_in(&site.server, &["config", "receive.shallowUpdate", "true"]);
    repo.write("fine.py", "import os\n");
    let fine = repo.commit("fine");
    repo.write(".git/shallow", format!("{fine}\n"));
    repo.git(&["rm", "-q", "old.py"]);
    repo.commit("after the end");
    passes(&site, &["main:refs/heads/fine"]);
    repo.write("bad.py", BAD);
    let bad = repo.commit("bad");
    repo.write(".git/shallow", format!("{bad}\n"));
    let told = rejected(&site, &["main:refs/heads/bad"], "error: could not judge: the pushed history is shallow");
    assert!(told.contains("warning: [old] bad.py:1:1") && told.contains("git fetch --unshallow"), "{told}");
}

#[test]
fn what_environments_name_is_read_only_where_reading_ends() {
    let site = guarded("");
    let id = site.client.git(&["rev-parse", "HEAD"]);
    let mut hook = site.client.importgate_command(&["update", "refs/heads/main", &"0".repeat(40), &id]);
    let run = hook.current_dir(&site.server).env("GIT_SHALLOW_FILE", "/dev/zero").output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    let text = Push::of(&run).text;
    assert!(text.contains("could not judge: /dev/zero: it is no regular file"), "{text}");
}

#[test]
fn a_huge_commit_is_not_read() {
    let site = guarded("");
    let repo = &site.client;
    repo.write(".git/message", "x".repeat(9 << 20));
    repo.git(&["commit", "-q", "--allow-empty", "-F", ".git/message"]);
    let told = rejected(&site, &["main"], "error: could not judge: commit ");
    assert!(told.contains("is over the limit of 8 MiB"), "{told}");
}

/// A corrupt pack index causes no panic, no endless loop, and no changes that do not exist.
#[test]
fn a_pack_index_that_lies_does_no_harm() {
    use importgate::git::Repository;
    let repo = TestRepo::new();
    for number in 0..6 {
        repo.write("x.py", (0..300).map(|line| format!("x{line} = {}\n", line * number % 11)).collect::<String>());
        repo.commit("version");
    }
    repo.git(&["repack", "-q", "-a", "-d", "-f"]);
    let folder = repo.top().join(".git/objects/pack");
    let files = std::fs::read_dir(folder).unwrap().flatten().map(|file| file.path());
    let index = files.into_iter().find(|path| path.extension() == Some("idx".as_ref())).unwrap();
    let good = std::fs::read(&index).unwrap();
    // Removed first, as git makes it read-only.
    std::fs::remove_file(&index).unwrap();
    let read = || {
        let repository = Repository::open(repo.top())?;
        let (news, tip) = repository.range("HEAD~3", "HEAD")?;
        repository.changes_at(&news, tip, &[]).map(|changes| changes.files.len())
    };
    for at in (8..good.len() - 8).step_by(4) {
        for word in [0, 1, 0x7fff_ffff, 0x8000_0000, 0x8000_0003, u32::MAX] {
            // A sample of the counts, the offsets and the ids.
            if at > 40 && !(at / 4 + word as usize).is_multiple_of(7) {
                continue;
            }
            let mut bad = good.clone();
            bad[at..at + 4].copy_from_slice(&word.to_be_bytes());
            std::fs::write(&index, bad).unwrap();
            assert!(read().map_or(true, |files| files <= 1), "{at} {word:x}");
        }
        std::fs::write(&index, &good[..at]).unwrap();
        let _ = read();
    }
    std::fs::write(&index, &good).unwrap();
    assert_eq!(read().unwrap(), 1);
}

/// What is beyond the limit of lookups may be forbidden, for all that is known; asked for alone, it is told exactly.
#[test]
fn a_file_of_very_many_aliases_is_judged() {
    let repo = TestRepo::new();
    let rule =
        "importgate = 1\n[[rule]]\nid = 'old'\nlanguage = 'typescript'\nforbid = ['./old']\nseverity = 'block'\n";
    let paths = r#"{ "compilerOptions": { "paths": { "@/*": ["./new.ts", "./old/*"], "last": ["./old/last"] } } }"#;
    repo.write("policy.toml", rule).write("tsconfig.json", paths).write("new.ts", "").write("old/last.ts", "");
    repo.commit("base");
    let many: String = (0..2_000).map(|number| format!("import '@/x{number}'\n")).collect();
    repo.write("x.ts", &many).stage();
    let run = repo.importgate(&["pre-commit"]);
    assert_eq!((run.status.code(), String::from_utf8_lossy(&run.stderr).as_ref()), (Some(0), ""));
    repo.write("x.ts", many + "import 'last'\n").stage();
    let run = repo.importgate(&["pre-commit"]);
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.code() == Some(1) && told.contains("x.ts:2001:") && !told.contains("x.ts:2000:"), "{told}");
}

use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::toml_file::Invalid;

fn parse(source: &str) -> Result<File, Invalid> {
    File::parse(source, "importgate-server.toml", Path::new("/etc/importgate"))
}

fn config(more: &str, repository: &str) -> Config {
    let source = format!("importgate-server = 1\n{more}");
    parse(&source).unwrap_or_else(|invalid| panic!("{invalid}")).for_repository(Path::new(repository))
}

/// Returns `line:column message (hint)` of every error.
fn errors(source: &str) -> Vec<String> {
    let Err(invalid) = parse(source) else { return Vec::new() };
    let shown = |error: &crate::toml_file::Mistake| {
        let hint = error.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{}:{} {}{hint}", error.line, error.column, error.message)
    };
    invalid.errors.iter().map(shown).collect()
}

/// Returns the first example of the documentation.
fn example() -> &'static str {
    let document = include_str!("../../../docs/server-config.md");
    document.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap()
}

#[test]
fn the_example_holds_every_key_and_is_read() {
    use crate::toml_file::Tables;
    for (key, _) in keys::Table::Top.keys() {
        assert!(example().lines().any(|line| line.split(['=', ']']).next().unwrap().contains(key)), "{key}");
    }
    let file = parse(example()).unwrap_or_else(|invalid| panic!("{invalid}"));
    let config = file.for_repository(Path::new("/srv/git/web/site.git"));
    let org = PolicySource::File(PathBuf::from("/etc/importgate/org.toml"));
    assert_eq!(config.policies, [org, PolicySource::Repository]);
    assert_eq!((config.enforce, config.first_push), (Enforce::Block, Enforce::Report));
    assert_eq!(config.cannot_judge, CannotJudge::all(OnFault::Block));
    assert_eq!((config.deadline, config.commit_limit), (Duration::from_secs(4), 20_000));
    assert_eq!(config.shadow, [PathBuf::from("/etc/importgate/next.toml")]);
    assert_eq!(config.break_glass, ["oncall"]);
    assert_eq!(config.log.as_deref(), Some(Path::new("/var/log/importgate.jsonl")));
    assert!(config.protect_policy && config.policy_owners == ["alice"]);
    assert_eq!(file.for_repository(Path::new("/srv/git/payments/api.git")).enforce, Enforce::Report);
}

#[test]
fn without_a_file_the_repositorys_policy_is_enforced() {
    let default = Config::default();
    assert_eq!((default.policies, default.enforce), (vec![PolicySource::Repository], Enforce::Block));
    let empty = config("", "/srv/git/a.git");
    assert!(
        (empty.first_push, empty.cannot_judge) == (Enforce::Report, CannotJudge::all(OnFault::Block))
            && empty.log.is_none()
    );
    assert!(!empty.judges("refs/pull/1/head") && empty.judges("refs/heads/pull") && empty.judges(b"refs/\xff"));
}

#[test]
fn a_repository_is_meant_by_the_end_of_its_path_or_by_all_of_it() {
    let cases = [
        ("payments/**", "/srv/git/payments/api.git", true),
        ("payments/*", "/srv/git/payments/api/.git", true),
        ("payments/*", "/srv/git/payments/api.git/", true),
        ("payments", "/srv/git/payments/deep/api.git", true),
        ("api", "/srv/git/payments/api.git", true),
        ("api.git", "/srv/git/payments/api.git", false),
        ("payments/**", "/srv/git/old-payments/api.git", false),
        ("srv/git/**", "/srv/git/payments/api.git", true),
        ("/srv/git/**", "/srv/git/payments/api.git", true),
        ("/srv/*", "/srv/git/payments/api.git", true),
        ("/git/**", "/srv/git/payments/api.git", false),
        ("**", "/a.git", true),
        ("*-archive", "/srv/git/shop-archive.git", true),
        ("*-archive", "/srv/git/shop.git", false),
    ];
    for (glob, path, expected) in cases {
        let own = config(&format!("[[repository]]\nmatch = '{glob}'\nenforce = 'off'\n"), path);
        assert_eq!(own.enforce == Enforce::Off, expected, "{glob} on {path}");
    }
}

#[test]
fn a_host_that_the_file_names_says_what_a_repository_is_called() {
    let hashed = Path::new("/data/@hashed/6b/86/6b86.git");
    let of = |host: &str, glob: &str, name: &'static str| {
        let source = format!("importgate-server = 1\n{host}[[repository]]\nmatch = '{glob}'\nenforce = 'off'\n");
        let environment = |wanted: &str| (wanted == "GL_PROJECT_PATH").then(|| name.into());
        parse(&source).unwrap().on_host(hashed, &environment)
    };
    let host = "host = 'gitlab'\n";
    for (glob, expected) in [
        ("acme/**", true),
        ("acme", true),
        ("acme/shop", true),
        ("*/shop", true),
        ("**", true),
        ("@hashed/**", true),
        // A part of the name is what anybody may call a repository of their own.
        ("shop", false),
        ("acme/sho", false),
        ("/acme/**", false),
        ("ACME/**", false),
    ] {
        let config = of(host, glob, "acme/shop");
        assert_eq!(config.enforce == Enforce::Off, expected, "{glob}");
        assert_eq!(config.name.as_deref(), Some("acme/shop"));
    }
    // Without the key, and with another host's, the variable is anybody's.
    for other in ["", "host = 'gitolite'\n", "host = 'gitea'\n"] {
        let config = of(other, "acme/**", "acme/shop");
        assert_eq!((config.enforce, config.name), (Enforce::Block, None), "{other}");
    }
    assert_eq!(of(host, "acme/**", "other/../acme/shop").enforce, Enforce::Block);
}

#[cfg(unix)]
#[test]
fn a_repository_may_have_any_bytes_in_its_path() {
    use std::os::unix::ffi::OsStrExt;
    let file = parse("importgate-server = 1\n[[repository]]\nmatch = 'a/*'\nenforce = 'off'\n").unwrap();
    let path = std::ffi::OsStr::from_bytes(b"/srv/\xff/a/\xfe.git");
    assert_eq!(file.for_repository(Path::new(path)).enforce, Enforce::Off);
}

#[test]
fn later_entries_win_key_by_key() {
    let more = "enforce = 'block'\ncommit-limit = 7\nbreak-glass = ['a', 'b']\n\
                [[repository]]\nmatch = '**'\nenforce = 'report'\nbreak-glass = 'c'\n\
                [[repository]]\nmatch = ['x', 'y']\nenforce = 'off'\nlog = 'here.jsonl'\n";
    let (x, z) = (config(more, "/git/x.git"), config(more, "/git/z.git"));
    assert_eq!((x.enforce, z.enforce), (Enforce::Off, Enforce::Report));
    assert_eq!((x.commit_limit, x.break_glass), (7, vec!["c".to_owned()]));
    assert_eq!((x.log.as_deref(), z.log), (Some(Path::new("/etc/importgate/here.jsonl")), None));
}

#[test]
fn a_first_push_is_never_judged_more_strictly_than_the_rest() {
    assert_eq!(config("enforce = 'off'", "/a").first_push, Enforce::Off);
    assert_eq!(config("enforce = 'report'\nfirst-push = 'block'", "/a").first_push, Enforce::Report);
    assert_eq!(config("first-push = 'block'", "/a").first_push, Enforce::Block);
}

#[test]
fn causes_may_be_treated_differently() {
    let of = |written: &str| config(&format!("cannot-judge = {written}"), "/a").cannot_judge;
    let (report, block) = (OnFault::Report, OnFault::Block);
    assert_eq!(of("'report'"), CannotJudge::all(report));
    assert_eq!(of("{ timeout = 'report' }"), CannotJudge { timeout: report, policy: block, fault: block });
    assert_eq!(
        of("{ policy = 'report', fault = 'block' }"),
        CannotJudge { timeout: block, policy: report, fault: block }
    );
    assert_eq!(of("{}"), CannotJudge::all(block));
    let more = "cannot-judge = 'report'\n[[repository]]\nmatch = 'x'\n[repository.cannot-judge]\nfault = 'report'\n";
    assert_eq!(config(more, "/x").cannot_judge, CannotJudge { timeout: block, policy: block, fault: report });
}

#[test]
fn the_kill_switch_turns_every_repository_and_never_makes_stricter() {
    let more = "all-repositories = 'report'\nenforce = 'block'\n[[repository]]\nmatch = 'x'\nenforce = 'block'\n\
                first-push = 'block'\n[[repository]]\nmatch = 'y'\nenforce = 'off'\n";
    let (x, y) = (config(more, "/x"), config(more, "/y"));
    assert_eq!((x.enforce, x.first_push, x.is_switched), (Enforce::Report, Enforce::Report, true));
    assert_eq!((y.enforce, y.is_switched), (Enforce::Off, false));
    assert_eq!(config("all-repositories = 'off'", "/a").enforce, Enforce::Off);
}

#[test]
fn the_kill_switch_counts_in_a_file_that_is_wrong_elsewhere() {
    let file = |rest: &str| File::switch(&format!("importgate-server = 1\n{rest}"));
    for wrong in ["", "enforc = 1\n", "deadline = 4\n", "repository = 3\n"] {
        assert_eq!(file(&format!("{wrong}all-repositories = 'report'\n")), Some(Enforce::Report), "{wrong}");
    }
    // What is not certain turns nothing.
    for none in ["", "all-repositories = 'block'", "all-repositories = 'of'", "all-repositories = 'off'\nx = = 1"] {
        assert_eq!(file(none), None, "{none}");
    }
    assert_eq!(file("[[repository]]\nmatch = '**'\nall-repositories = 'off'"), None);
    assert_eq!(File::switch("all-repositories = 'off'"), None);
    assert_eq!(File::switch("importgate-server = 2\nall-repositories = 'off'"), None);
}

#[test]
fn durations_are_words_with_units() {
    for (written, expected) in [("4s", 4000), ("500ms", 500), ("1m 30s", 90_000), ("0.5s", 500), ("1h", 3_600_000)] {
        let found = config(&format!("deadline = '{written}'"), "/a").deadline;
        assert_eq!(found, Duration::from_millis(expected), "{written}");
    }
}

#[test]
fn references_are_meant_by_their_full_names() {
    let own = config("refs-not-judged = ['refs/pull/**', 'refs/heads/*/tmp', 'refs/keep']", "/a");
    for (name, judged) in [
        (&b"refs/pull/1/head"[..], false),
        (b"refs/pull/\xff/head", false),
        (b"refs/pull", true),
        (b"refs/heads/me/tmp", false),
        (b"refs/heads/me/deep/tmp", true),
        (b"refs/keep/1", false),
        (b"refs/heads/main", true),
        (b"refs/heads/refs/pull/1", true),
        (b"HEAD", true),
    ] {
        assert_eq!(own.judges(name), judged, "{}", String::from_utf8_lossy(name));
    }
    assert!(config("refs-not-judged = []", "/a").judges("refs/pull/1/head"));
}

#[test]
fn references_are_trusted_by_their_full_names_unless_they_are_not_judged() {
    let default = config("", "/a");
    let named = config("trusted-refs = ['refs/heads/**', 'refs/a/*', 'HEAD']\nrefs-not-judged = 'refs/heads/x'", "/a");
    for (name, by_default, when_named) in [
        (&b"refs/heads/main"[..], true, true),
        (b"refs/heads/a/b/\xff", true, true),
        (b"refs/heads/x", true, false),
        (b"refs/heads/x/y", true, false),
        (b"refs/tags/v1", true, false),
        (b"refs/a/1", false, true),
        (b"refs/a/1/2", false, true),
        (b"refs/heads", false, false),
        (b"refs/heads/", false, false),
        (b"refs/headsx/main", false, false),
        (b"refs/pull/1/head", false, false),
        (b"refs/x/refs/heads/main", false, false),
        (b"HEAD", false, true),
    ] {
        let shown = name.escape_ascii();
        assert_eq!((default.trusts(name), named.trusts(name)), (by_default, when_named), "{shown}");
    }
    assert!(config("trusted-refs = '**'\nrefs-not-judged = []", "/a").trusts("refs/pull/1/head"));
    let of = |more: &str, name: &str| config(more, "/a").trusts_lent(name);
    assert!(of("", "refs/heads/main") && of("lender = 'heads'", "refs/tags/v1"));
    assert!(of("trusted-refs = 'refs/heads/main'", "refs/heads/other"));
    assert!(!of("trusted-refs = '**'", "refs/merge-requests/1/head") && !of("trusted-refs = 'HEAD'", "HEAD"));
    assert!(!of("refs-not-judged = 'refs/heads/x'", "refs/heads/x/y"));
    assert!(!of("lender = 'none'", "refs/heads/main"));
    let last = "lender = 'none'\ntrusted-refs = 'refs/a'\n[[repository]]\nmatch = 'b'\nlender = 'heads'\ntrusted-refs = 'refs/b'";
    assert!(!config(last, "/a").trusts_lent("refs/heads/x") && config(last, "/b").trusts_lent("refs/heads/x"));
    assert!(config(last, "/a").trusts("refs/a/1") && !config(last, "/b").trusts("refs/a/1"));
}

#[test]
fn each_mistake_is_told_with_its_place() {
    let top = |more: &str| format!("importgate-server = 1\n{more}\n");
    let excuse = |value: &str| top(&format!("[[repository]]\nmatch = 'a'\nexcuse = {value}"));
    let cases = [
        (
            "enforce = 'off'".to_owned(),
            "1:1 the file lacks the key `importgate-server` (write `importgate-server = 1` at its top)",
        ),
        (
            "importgate-server = 2".to_owned(),
            "1:21 format 2 is unknown: this importgate knows format 1 (a newer importgate may know it)",
        ),
        (
            top("enforc = 'off'"),
            "2:1 unknown key `enforc` in the top of the file (did you mean `enforce`? If not, a newer importgate may know it)",
        ),
        (
            top("first-import = 'off'"),
            "2:1 unknown key `first-import` in the top of the file (did you mean `first-push`? If not, a newer importgate may know it)",
        ),
        (top("match = 'a'"), "2:1 unknown key `match` in the top of the file (it belongs in [[repository]])"),
        (top("enforce = 'warn'"), "2:11 `enforce` cannot be `warn` (it is one of `off`, `report`, `block`)"),
        (top("enforce = 'blok'"), "2:11 `enforce` cannot be `blok` (did you mean `block`?)"),
        (top("cannot-judge = 'pass'"), "2:16 `cannot-judge` cannot be `pass` (it is one of `report`, `block`)"),
        (
            top("protect-policy = true\npolicy-owners = ['']"),
            "3:18 `policy-owners` has a user without a name (leave it out)",
        ),
        (
            top("protect-policy = true\npolicy-owners = [1]"),
            "3:18 `policy-owners` takes names of users, not an integer",
        ),
        (
            top("policy-owners = ['alice']"),
            "2:1 `policy-owners` without `protect-policy = true` protects nothing: anybody may weaken the policy (write `protect-policy = true` beside it)",
        ),
        (
            top(
                "[[repository]]\nmatch = 'a'\nprotect-policy = true\n[[repository]]\nmatch = 'b'\nprotect-policy = false\npolicy-owners = 'alice'",
            ),
            "8:1 `policy-owners` without `protect-policy = true` protects nothing: anybody may weaken the policy (write `protect-policy = true` beside it)",
        ),
        (
            top("[[repository]]\nmatch = 'a'\n[[repository]]\nmatch = 'b'\npolicy-owners = 'alice'"),
            "6:1 `policy-owners` without `protect-policy = true` protects nothing: anybody may weaken the policy (write `protect-policy = true` beside it)",
        ),
        (
            top("protect-policy = true\npolicy-owners = [\"a\\u0000\"]"),
            "3:18 `policy-owners` has a user whose name has control characters, or spaces around it (write the name as the host says it: nobody else is meant by it)",
        ),
        (
            top("break-glass = \"\\u0000\""),
            "2:15 `break-glass` has a user whose name has control characters, or spaces around it (write the name as the host says it: nobody else is meant by it)",
        ),
        (
            top("break-glass = ['alice', 'bob ']"),
            "2:25 `break-glass` has a user whose name has control characters, or spaces around it (write the name as the host says it: nobody else is meant by it)",
        ),
        (
            top("[[repositories]]\nmatch = 'a'"),
            "2:3 unknown key `repositories` in the top of the file (did you mean `repository`? If not, a newer importgate may know it)",
        ),
        (top("log = ' '"), "2:7 `log` contains a path without a file name"),
        (top("cannot-judge = 1"), "2:16 `cannot-judge` takes `report` or `block`, or a table, not an integer"),
        (top("cannot-judge = ['report']"), "2:16 `cannot-judge` takes `report` or `block`, or a table, not an array"),
        (
            top("cannot-judge = { timeout = 'pass' }"),
            "2:28 `timeout` cannot be `pass` (it is one of `report`, `block`)",
        ),
        (top("cannot-judge = { policy = true }"), "2:27 `policy` takes `report` or `block`, not a boolean"),
        (
            top("[cannot-judge]\ntimeouts = 'report'"),
            "3:1 unknown key `timeouts` in cannot-judge (did you mean `timeout`? If not, a newer importgate may know it)",
        ),
        (
            top("timeout = 'report'"),
            "2:1 unknown key `timeout` in the top of the file (a newer importgate may know it)",
        ),
        (top("hash-users = 'yes'"), "2:14 `hash-users` takes `true` or `false`, not a string"),
        (
            top("host = 'gogs'"),
            "2:8 `host` cannot be `gogs` (it is one of `gitolite`, `gitlab`, `github`, `bitbucket`, `gitea`)",
        ),
        (top("host = ['gitlab']"), "2:8 `host` takes the name of a host, not an array"),
        (
            top("[[repository]]\nmatch = 'a'\nhost = 'gitlab'"),
            "4:1 unknown key `host` in [[repository]] (it belongs in the top of the file)",
        ),
        (
            top("contact = ' '"),
            "2:11 `contact` says nobody (write whom a pusher may ask: \"#git-help\", \"git@example.org\")",
        ),
        (
            top("contact = \"a\\nb\""),
            "2:11 `contact` is more than a short line (write whom a pusher may ask: \"#git-help\", \"git@example.org\")",
        ),
        (top("contact = ['a']"), "2:11 `contact` takes words, not an array"),
        (top("all-repositories = 'block'"), "2:20 `all-repositories` cannot be `block` (it is one of `off`, `report`)"),
        (top("all-repositories = true"), "2:20 `all-repositories` takes `off` or `report`, not a boolean"),
        (
            top("[[repository]]\nmatch = 'a'\nall-repositories = 'off'"),
            "4:1 unknown key `all-repositories` in [[repository]] (it belongs in the top of the file)",
        ),
        (top("protect-policy = 'yes'"), "2:18 `protect-policy` takes `true` or `false`, not a string"),
        (top("policies = []"), "2:1 `policies` is empty (to judge nothing, write `enforce = \"off\"`)"),
        (
            top("log = 'l'\nshadow = ['a', 'repository']"),
            "3:16 `shadow` cannot be `repository` (it takes files of the server's; write `./repository` for a file of that name)",
        ),
        (
            top("shadow = 'next.toml'"),
            "2:1 `shadow` without `log` is judged for nobody: only the log says what it finds (write `log = \"/var/log/importgate.jsonl\"` beside it)",
        ),
        (
            top("[[repository]]\nmatch = 'a'\nlog = 'l'\n[[repository]]\nmatch = 'b'\nshadow = 'next.toml'"),
            "7:1 `shadow` without `log` is judged for nobody: only the log says what it finds (write `log = \"/var/log/importgate.jsonl\"` beside it)",
        ),
        (top("log = 'l'\nshadow = 1"), "3:10 `shadow` takes paths, not an integer"),
        (top("log = 'l'\nshadow = [['a']]"), "3:11 `shadow` takes paths, not an array"),
        (top("log = 'l'\nshadow = ''"), "3:10 `shadow` contains a path without a file name"),
        (
            top("log = 'l'\nshadow = '~/a'"),
            "3:10 `~` is not expanded: a hook may run without HOME (write the whole path, or `./~` where it is the name of a folder)",
        ),
        (
            top("log = 'l'\nshadows = 'a'"),
            "3:1 unknown key `shadows` in the top of the file (did you mean `shadow`? If not, a newer importgate may know it)",
        ),
        (top("policies = [1]"), "2:13 `policies` takes paths, or `repository`, not an integer"),
        (
            top("policies = '~/org.toml'"),
            "2:12 `~` is not expanded: a hook may run without HOME (write the whole path, or `./~` where it is the name of a folder)",
        ),
        (top("log = ''"), "2:7 `log` contains a path without a file name"),
        (top("deadline = 4"), "2:12 `deadline` takes a duration, not an integer"),
        (top("deadline = '4'"), "2:12 `deadline` is not a duration (write \"4s\" or \"500ms\")"),
        (top("deadline = '-4s'"), "2:12 `deadline` is not a duration (write \"4s\" or \"500ms\")"),
        (top("deadline = '0s'"), "2:12 a `deadline` of zero leaves no time to judge (write \"4s\" or \"500ms\")"),
        (top("deadline = '1000000h'"), "2:12 a `deadline` is at most an hour (write \"4s\" or \"500ms\")"),
        (top("commit-limit = 0"), "2:16 `commit-limit` is a number of commits, at least 1"),
        (top("commit-limit = -1"), "2:16 `commit-limit` is a number of commits, at least 1"),
        (top("commit-limit = 99999999999999999999"), "2:16 `commit-limit` has a number that is too large"),
        (top("threads = 0"), "2:11 `threads` is a number of threads, at least 1"),
        (top("threads = true"), "2:11 `threads` takes a number, not a boolean"),
        (top("commit-limit = '9'"), "2:16 `commit-limit` takes a number, not a string"),
        (top("break-glass = ['']"), "2:16 `break-glass` has a user without a name (leave it out)"),
        (
            top("refs-not-judged = ['pull/**']"),
            "2:20 the full name of a reference begins with `refs/` (write `refs/heads/pull/**`)",
        ),
        (
            top("refs-not-judged = 'HEAD'"),
            "2:19 the full name of a reference begins with `refs/` (write `refs/heads/HEAD`)",
        ),
        (
            top("trusted-refs = ['refs/heads/**', 'main']"),
            "2:34 the full name of a reference begins with `refs/` (write `refs/heads/main`)",
        ),
        (
            top("trusted-refs = []"),
            "2:1 `trusted-refs` is empty (every push would be judged as if the repository were empty)",
        ),
        (top("trusted-refs = 1"), "2:16 `trusted-refs` takes globs, not an integer"),
        (top("trusted-refs = ['refs/[']"), "2:17 bad glob: unclosed character class; missing ']'"),
        (top("trusted-refs = ''"), "2:16 the full name of a reference begins with `refs/` (write `refs/heads/**`)"),
        (
            top("trusted-ref = 'refs/heads/**'"),
            "2:1 unknown key `trusted-ref` in the top of the file (did you mean `trusted-refs`? If not, a newer importgate may know it)",
        ),
        (top("lender = 'tags'"), "2:10 `lender` cannot be `tags` (it is one of `heads`, `none`)"),
        (top("lender = 'head'"), "2:10 `lender` cannot be `head` (did you mean `heads`?)"),
        (top("lender = false"), "2:10 `lender` takes `heads` or `none`, not a boolean"),
        (top("refs-not-judged = ['refs/[']"), "2:20 bad glob: unclosed character class; missing ']'"),
        (
            top("repository = 'a'"),
            "2:14 `repository` is not a list of tables (each repository begins with [[repository]])",
        ),
        (top("[[repository]]\nenforce = 'off'"), "2:1 the repository has no `match` (it selects repositories by path)"),
        (top("[[repository]]\nmatch = []"), "3:1 `match` is empty (it selects repositories by path)"),
        (top("[[repository]]\nmatch = '/'"), "3:9 an empty glob (`**` means every repository)"),
        (top("[[repository]]\nmatch = './a'"), "3:9 a glob starts at the top: leave out `./` (write `a`)"),
        (
            top("[[repository]]\nmatch = 'a'\nimportgate-server = 1"),
            "4:1 unknown key `importgate-server` in [[repository]] (it belongs in the top of the file)",
        ),
        (
            top("excuse = [{ rule = 'a', until = 2027-01-31, owner = '@a', reason = 'r' }]"),
            "2:1 unknown key `excuse` in the top of the file (it belongs in [[repository]])",
        ),
        (
            top("[[repository]]\nmatch = 'a'\nexcuses = []"),
            "4:1 unknown key `excuses` in [[repository]] (did you mean `excuse`? If not, a newer importgate may know it)",
        ),
        (excuse("1"), "4:10 `excuse` takes tables, not an integer"),
        (excuse("'org/r'"), "4:10 `excuse` takes tables, not a string"),
        (excuse("[['org/r']]"), "4:11 `excuse` takes tables, not an array"),
        (
            excuse("{ until = 2027-01-31, owner = 'o', reason = 'r' }"),
            "4:10 the excuse has no `rule` (it names the rule as messages do, such as `org/websocket-manager`)",
        ),
        (
            excuse("{ rule = 'r', owner = 'o', reason = 'r' }"),
            "4:10 the excuse has no `until` (it is the last day, such as 2027-01-31: no excuse lasts for ever)",
        ),
        (
            excuse("[{ rule = 'r', until = '2027-01-31', reason = 'r' }]"),
            "4:11 the excuse has no `owner` (it says who answers for it)",
        ),
        (excuse("{ rule = 'r', until = 2027-01-31, owner = 'o' }"), "4:10 the excuse has no `reason` (it says why)"),
        (excuse("{ rule = '', until = 2027-01-31, owner = 'o', reason = 'r' }"), "4:19 `rule` is blank"),
        (excuse("{ rule = 'r', until = 2027-01-31, owner = ' ', reason = 'r' }"), "4:52 `owner` is blank"),
        (excuse("{ rule = 'r', until = 2027-01-31, owner = 'o', reason = '\t' }"), "4:66 `reason` is blank"),
        (
            excuse("{ rule = 1, until = 2027-01-31, owner = 'o', reason = 'r' }"),
            "4:19 `rule` takes the name of a rule, not an integer",
        ),
        (
            excuse("{ rule = ['r'], until = 2027-01-31, owner = 'o', reason = 'r' }"),
            "4:19 `rule` takes the name of a rule, not an array",
        ),
        (
            excuse("{ rule = 'r', until = 2027-01-31, owner = 1, reason = 'r' }"),
            "4:52 `owner` takes words, not an integer",
        ),
        (
            excuse("{ rule = 'r', until = 2027-01-31, owner = 'o', reason = true }"),
            "4:66 `reason` takes words, not a boolean",
        ),
        (
            excuse("{ rule = 'r', until = 2027, owner = 'o', reason = 'r' }"),
            "4:32 `until` takes a date, not an integer",
        ),
        (
            excuse("{ rule = 'r', until = 'soon', owner = 'o', reason = 'r' }"),
            "4:32 `until` is not a valid date (write 2026-12-31)",
        ),
        (
            excuse("{ rule = 'r', until = '2027-02-30', owner = 'o', reason = 'r' }"),
            "4:32 `until` is not a valid date (write 2026-12-31)",
        ),
        (
            excuse("{ rule = 'r', until = 2027-01-31T10:00:00Z, owner = 'o', reason = 'r' }"),
            "4:32 `until` is not a valid date (write 2026-12-31)",
        ),
        (
            excuse("{ rule = 'r', until = 2027-01-31, owner = 'o', reason = 'r', in = 'a' }"),
            "4:71 unknown key `in` in an entry of `excuse` (a newer importgate may know it)",
        ),
        (
            excuse("{ rule = 'r', until = 2027-01-31, owners = 'o', owner = 'o', reason = 'r' }"),
            "4:44 unknown key `owners` in an entry of `excuse` (did you mean `owner`? If not, a newer importgate may know it)",
        ),
        (
            excuse(
                "[{ rule = 'r', until = 2027-01-31, owner = 'o', reason = 'r' }, { rule = 'r', until = 2028-01-31, owner = 'o', reason = 'r' }]",
            ),
            "4:76 `r` is excused twice (leave one out)",
        ),
        (top("enforce = = 'off'"), "2:11 extra `=`, expected nothing"),
    ];
    for (source, expected) in cases {
        assert_eq!(errors(&source), [expected], "{source}");
    }
    let all = errors(&top("enforce = 1\nlog = 2\n[[repository]]\nmatch = 'a'\ndeadline = 'x'"));
    assert_eq!(all.len(), 3, "{all:#?}");
}

#[test]
fn globs_that_are_too_large_together_are_told_where_the_limit_is_passed() {
    let glob = |number: usize, sign: &str| format!("'refs/heads/{number}/{sign}{}',\n", "x".repeat(980));
    let source = |sign: &str| {
        let globs: String = (100..250).map(|number| glob(number, sign)).collect();
        format!("importgate-server = 1\ntrusted-refs = [\n{globs}]\n")
    };
    let told = errors(&source("{a,b}"));
    let expected = "134:1 the globs with `{}`, `[]` or `\\` are larger than 128 KiB together";
    assert_eq!(told.first().map(String::as_str), Some(expected), "{told:#?}");
    assert_eq!(errors(&source("*")), [""; 0]);
}

#[test]
fn shadow_policies_are_set_and_turned_off_for_some_repositories() {
    let more = "log = 'l'\nshadow = ['next.toml', './repository', 'next.toml']\n\
                [[repository]]\nmatch = 'x'\nshadow = []\n[[repository]]\nmatch = 'y'\nshadow = '/other.toml'\n";
    let of = |path| config(more, path).shadow;
    assert_eq!(of("/x"), [] as [&Path; 0]);
    assert_eq!(of("/y"), [Path::new("/other.toml")]);
    assert_eq!(of("/z"), [Path::new("/etc/importgate/next.toml"), Path::new("/etc/importgate/./repository")]);
    assert_eq!(errors("importgate-server = 1\nshadow = []\n"), [] as [&str; 0]);
}

#[test]
fn owners_and_protection_may_stand_in_different_tables() {
    let owners = "policy-owners = 'alice'\n";
    let protect = "protect-policy = true\n";
    let table = |glob: &str, more: &str| format!("[[repository]]\nmatch = '{glob}'\n{more}");
    // What counts is what is in effect for a repository.
    let rows = [
        (format!("{owners}{}", table("a", protect)), [(true, false), (false, false)]),
        (format!("{protect}{}", table("a", owners)), [(true, false), (true, false)]),
        (format!("{}{}", table("**", owners), table("a", protect)), [(true, false), (false, true)]),
        (format!("{}{}", table("b", owners), table("a", protect)), [(true, false), (false, true)]),
        (format!("{protect}{owners}{}", table("a", "protect-policy = false\n")), [(false, false), (true, false)]),
    ];
    for (text, expected) in rows {
        let found = ["/a", "/b"].map(|path| {
            let own = config(&text, path);
            (own.protect_policy, own.lacks_protection)
        });
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn rules_are_excused_in_some_repositories() {
    let one = |rule: &str| format!("{{ rule = '{rule}', until = '2027-01-31', owner = '@x', reason = ' why ' }}");
    let more = format!(
        "[[repository]]\nmatch = ['x', 'y']\nexcuse = [{}, {}]\n[[repository]]\nmatch = 'y'\nexcuse = {}\n\
         [[repository]]\nmatch = 'z'\nexcuse = []\n[[repository]]\nmatch = 'w'\n[[repository.excuse]]\nrule = 'r'\n\
         until = 2027-01-31\nowner = '@x'\nreason = 'why'\n",
        one("org/r"),
        one("r"),
        one(" s "),
    );
    let of = |path| config(&more, path).excuses.into_iter().map(|own| own.rule).collect::<Vec<_>>();
    assert_eq!((of("/x"), of("/y"), of("/w")), (vec!["org/r".into(), "r".into()], vec!["s".into()], vec!["r".into()]));
    assert_eq!((of("/z"), of("/other")), (Vec::new(), Vec::new()));
    let excuse = config(&more, "/w").excuses[0].excuse.note();
    assert_eq!(&*excuse, "excused here until 2027-01-31 (@x): why");
}

#[test]
fn an_error_is_shown_with_a_caret() {
    let shown = parse("importgate-server = 1\nenforce = 'blok'\n").unwrap_err().render(false);
    let expected = "error: `enforce` cannot be `blok`\n --> importgate-server.toml:2:11\n  |\n2 | enforce = 'blok'\n  |           ^^^^^^\n  |\n  = help: did you mean `block`?";
    assert_eq!(shown, expected);
}

#[test]
fn what_a_reference_begins_with_is_only_a_short_cut() {
    let own = config("refs-not-judged = ['refs/{a,b}/*', '**/tmp', 'refs/c/**/x', '[r]efs/q']", "/a");
    for name in ["refs/a/1", "refs/b/1/2", "refs/heads/tmp", "refs/c/x", "refs/c/1/x/y", "refs/q/1"] {
        assert!(!own.judges(name), "{name}");
    }
    assert!(own.judges("refs/a") && own.judges("refs/c/1") && own.judges(""));
}

proptest! {
    #[test]
    fn any_change_of_a_file_is_read(
        at in 0..example().len(),
        cut in 0_usize..12,
        part in "[]\\['\"{}=.,a*!/\\\\\r\n\t0-9]{0,5}",
        path in "[\\PC/]{0,30}",
    ) {
        let end = (at + cut).min(example().len());
        let (before, after) = (example().get(..at).unwrap_or_default(), example().get(end..).unwrap_or_default());
        match parse(&format!("{before}{part}{after}")) {
            Ok(file) => prop_assert!(!file.for_repository(Path::new(&path)).policies.is_empty()),
            Err(invalid) => prop_assert!(!invalid.errors.is_empty() && !invalid.render(true).is_empty()),
        }
    }
}

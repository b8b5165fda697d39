//! Tests of the parser: valid policies, and the message for each error.

use proptest::prelude::*;

use crate::policy::testing::{NOTATIONS, policy};
use crate::policy::{Date, Invalid, Policy, Severity};

fn parse(source: &str) -> Result<Option<Policy>, Invalid> {
    Policy::parse(source, "policy.toml", &NOTATIONS)
}

/// Returns `line:column message (hint)` of every error.
pub(super) fn errors(source: &str) -> Vec<String> {
    let Err(invalid) = parse(source) else { return Vec::new() };
    let shown = |error: &crate::policy::Mistake| {
        let hint = error.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{}:{} {}{hint}", error.line, error.column, error.message)
    };
    invalid.errors.iter().map(shown).collect()
}

const SAMPLE: &str = include_str!("sample.toml");

#[test]
fn the_sample_holds_every_key() {
    let policy = parse(SAMPLE).unwrap_or_else(|invalid| panic!("{invalid}")).unwrap();
    assert_eq!(policy.origin(), "policy.toml");
    assert_eq!(policy.too_large(), Severity::Block);
    let [rule, lines] = policy.rules() else { panic!("two rules") };
    assert_eq!((rule.id.as_str(), rule.line), ("websocket-manager", 9));
    assert_eq!(rule.block_from, Some(jiff::civil::date(2026, 12, 1)));
    assert_eq!(rule.warn_from, Some(jiff::civil::date(2026, 6, 1)));
    assert_eq!(rule.languages(), ["python"]);
    let instead: Vec<_> = rule.entries().iter().map(|entry| entry.use_instead_path()).collect();
    assert_eq!(instead, [Some("core.websocket_manager"), Some("core.websocket_manager.Manager"), None]);
    assert_eq!(rule.entries()[0].use_instead.as_ref().unwrap().segments, ["core", "websocket_manager"]);
    assert!(rule.entries()[2].is_exception());
    let own = rule.entries()[1].own.as_ref().unwrap();
    assert_eq!((own.advice.as_deref(), own.reason.as_deref()), (Some("Ask first."), Some("It is gone.")));
    assert_eq!(lines.severity, Severity::Warn);
    assert_eq!(lines.advice.as_deref(), Some("Never alias it."));
}

#[test]
fn another_tools_file_is_none() {
    for source in ["", "[rules]\nx = 1\n", "broken = = \n", "# importgate = 1\n", "x = [importgate]\n"] {
        assert!(matches!(parse(source), Ok(None)), "{source}");
    }
    assert_eq!(errors("importgate = \n").len(), 1);
}

#[test]
fn everything_may_stand_alone_or_in_a_list() {
    let rules = |list: &str| format!("[[rule]]\nid = 'x'\nlanguage = {list}\nforbid = 'a'\n");
    assert_eq!(policy(&rules("'python'")).rules()[0].entries().len(), 1);
    assert_eq!(policy(&rules("['python', 'typescript', 'python']")).rules()[0].entries().len(), 2);
}

#[test]
fn each_mistake_is_told_with_its_place() {
    let forbid = "id = 'x'\nlanguage = 'python'\nforbid = ['a']\n";
    let in_rule = |more: &str| format!("importgate = 1\n[[rule]]\n{forbid}{more}\n");
    let cases = [
        (
            "importgate = 2\nfuture = true",
            "1:14 format 2 is unknown: this importgate knows format 1 (a newer importgate may know it)",
        ),
        ("importgate = '1'", "1:14 `importgate` takes the number 1, not a string"),
        (
            "importgate = 1\nrules = []",
            "2:1 unknown key `rules` in the top of the file (did you mean `rule`? If not, a newer importgate may know it)",
        ),
        ("importgate = 1\nroots = []", "2:1 unknown key `roots` in the top of the file (it belongs in [settings])"),
        ("importgate = 1\n[rule]\nid = 'x'", "2:1 `rule` is not a list of tables (each rule begins with [[rule]])"),
        ("importgate = 1\nrule = [1]", "2:9 `rule` takes a list of tables, not an integer"),
        ("importgate = 1\nsettings = 3", "2:12 `settings` takes a table, not an integer"),
        ("importgate = 1\n[settings]\nroots = []", "3:1 `roots` is empty (the top of the repository is \"\")"),
        (
            "importgate = 1\n[settings]\nown-policy = ['release/*', 'refs/heads/x']",
            "3:28 `refs/heads/x` is not the short name of a branch (write `x`)",
        ),
        (
            "importgate = 1\n[settings]\nown-policy = 'refs/tags/v1'",
            "3:14 `refs/tags/v1` is not the short name of a branch (only branches can have a policy of their own)",
        ),
        ("importgate = 1\n[settings]\nown-policy = ''", "3:14 an empty glob (`**` is every branch)"),
        ("importgate = 1\n[settings]\nown-policy = true", "3:14 `own-policy` takes globs of branches, not a boolean"),
        ("importgate = 1\n[settings]\ntoo-large = 'blok'", "3:13 `too-large` cannot be `blok` (did you mean `block`?)"),
        (
            "importgate = 1\n[settings]\nignore = ['a', './b']",
            "3:16 a glob starts at the top: leave out `./` (write `b`)",
        ),
        ("importgate = 1\n[settings]\nignore = ''", "3:10 an empty glob (leave it out where every file is meant)"),
        (
            "importgate = 1\n[[rule]]\nid = 'x'",
            "2:1 the rule has neither `forbid` nor `pattern` (`forbid` lists import paths, `pattern` matches lines)",
        ),
        ("importgate = 1\n[[rule]]\npattern = 'x'", "2:1 the rule has no `id` (reports and suppressions name it)"),
        (
            "importgate = 1\n[[rule]]\nid = 'WebSocket_Manager'\npattern = 'x'",
            "3:6 the id `WebSocket_Manager` is not in kebab-case (write `web-socket-manager`)",
        ),
        ("importgate = 1\n[[rule]]\nid = 7\npattern = 'x'", "3:6 `id` takes a name in kebab-case, not an integer"),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nforbid = 'a'",
            "2:1 the rule has no `language` (it says how the paths are written: `python`, `java`, `javascript`)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'pyton'\nforbid = 'a'",
            "4:12 `language` cannot be `pyton` (did you mean `python`?)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'cobol'\nforbid = 'a'",
            "4:12 `language` cannot be `cobol` (it is one of `python`, `java`, `javascript`, `typescript`)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = []\nforbid = 'a'",
            "4:1 `language` is empty (it is one of `python`, `java`, `javascript`)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = []",
            "5:1 `forbid` is empty (name the paths that are forbidden)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = '!a'",
            "5:1 `forbid` has nothing but exceptions (name the paths that are forbidden)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = ['a', 1]",
            "5:16 `forbid` takes paths or tables, not an integer",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = ['a..b']",
            "5:11 `a..b` is no python path: a segment is empty",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = ['a.b*c*']",
            "5:11 `b*c*` has more than one `*` in a segment (one `*` may stand in a segment; alone, `*` is any one segment \
             and `**` any number)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = [{ use-instead = 'b' }]",
            "5:11 the entry has no `path` (it is what is forbidden)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = ['b', { path = '!a', use-instead = 'b' }]",
            "5:25 an exception is allowed, so it has no `use-instead`",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = ['b', { path = '!a', beneath = false }]",
            "5:31 an exception excepts what is beneath it, so it has no `beneath` (leave it out)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = { path = 'a', beneath = 'no' }",
            "5:34 `beneath` takes `true` or `false`, not a string",
        ),
        (&in_rule("paths = 'f/<x>'"), "6:9 no entry of `forbid` has the capture `<x>` (write `*` for any name)"),
        (
            &in_rule("paths = 'f/<x>-y'"),
            "6:9 a capture stands for the whole name of a folder, not for a part as in `<x>-y` (put it between slashes)",
        ),
        (
            &in_rule("allow-in = 'f/<x>'"),
            "6:12 a capture such as `<x>` stands only in `paths` and `forbid` (write `*` for any name)",
        ),
        (
            &in_rule("use-instead = '<x>.b'"),
            "6:15 a capture such as `<x>` stands only in `paths` and `forbid` (name the one path to import)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = ['a', '!a.<x>']",
            "5:1 no glob of `paths` has the capture `<x>` (put it in place of the folder that it names: `paths = \
             [\"src/features/<x>\"]`)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = 'a.<x>'\npaths = ['<x>', 'b']",
            "6:17 the glob `b` has no `<x>` (each glob of `paths` has every capture that `forbid` has)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = 'a.<x>'\npaths = '<x>/a/<x>'",
            "6:9 the glob has the capture `<x>` twice (give the other one another name, or write `*` for it)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\nlanguage = 'python'\nforbid = 'a.b<x>'",
            "5:10 a capture stands for a whole segment, not for a part as in `b<x>` (it is compared with the name of a \
             folder)",
        ),
        (
            &in_rule("paths = 'f/<größe>'"),
            "6:9 `<größe>` is no capture (its name has ASCII letters, digits, `-` and `_`, and begins with a letter: \
             `<feature>`)",
        ),
        ("importgate = 1\n[[rule]]\nid = 'x'\npattern = 'a(b'", "4:13 bad regular expression: unclosed group"),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\npattern = \"\\\\d[\"",
            "4:11 bad regular expression: unclosed character class",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\npattern = '\\w{900}{900}'",
            "4:12 the regular expression becomes too large",
        ),
        ("importgate = 1\n[[rule]]\nid = 'x'\npattern = ''", "4:11 `pattern` is empty (it would match every line)"),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\npattern = 'a'\nuse-instead = 'b'",
            "5:1 `use-instead` goes with `forbid`, and this rule has `pattern` (a line has no path to recommend: say it in `advice`)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\npattern = 'a'\nforbid = 'b'",
            "4:1 a rule has `forbid` or `pattern`, not both (make two rules of it)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\npattern = 'a'\nin = 'strings'",
            "5:6 `in` cannot be `strings` (it is one of `code`, `text`)",
        ),
        (
            "importgate = 1\n[[rule]]\nid = 'x'\npattern = 'a'\nallow-in = { in = 'a', import = 'b' }",
            "5:24 `import` goes with `forbid`, and this rule has `pattern` (leave it out)",
        ),
        (&in_rule("in = 'code'"), "6:1 `in` goes with `pattern`, and this rule has `forbid` (leave it out)"),
        (
            &in_rule("severty = 'warn'"),
            "6:1 unknown key `severty` in [[rule]] (did you mean `severity`? If not, a newer importgate may know it)",
        ),
        (
            &in_rule("use_instead = 'b'"),
            "6:1 unknown key `use_instead` in [[rule]] (did you mean `use-instead`? If not, a newer importgate may know it)",
        ),
        (&in_rule("zzz = 'b'"), "6:1 unknown key `zzz` in [[rule]] (a newer importgate may know it)"),
        (
            &in_rule("use-instead = 'b.*'"),
            "6:15 `use-instead` has a `*`, which nobody can import (name the one path to import)",
        ),
        (&in_rule("use-instead = '!b'"), "6:15 `use-instead` begins with `!` (name the one path to import)"),
        (
            &in_rule("severity = 'error'"),
            "6:12 `severity` cannot be `error` (it is one of `off`, `track`, `warn`, `block`)",
        ),
        (&in_rule("severity = ['warn']"), "6:12 `severity` takes `off`, `track`, `warn` or `block`, not an array"),
        (&in_rule("block-from = '2026-2-01'"), "6:14 `block-from` is not a valid date (write 2026-12-31)"),
        (&in_rule("block-from = '2026-02-30'"), "6:14 `block-from` is not a valid date (write 2026-12-31)"),
        (&in_rule("warn-from = 2026-02-01T10:00:00Z"), "6:13 `warn-from` is not a valid date (write 2026-12-31)"),
        (&in_rule("warn-from = 2026"), "6:13 `warn-from` takes a day, not an integer"),
        (&in_rule("paths = []"), "6:1 `paths` is empty (leave it out where every file is meant)"),
        (&in_rule("paths = ['a[']"), "6:10 bad glob: unclosed character class; missing ']'"),
        (&in_rule("allow-in = 3"), "6:12 `allow-in` takes globs or tables, not an integer"),
        (&in_rule("allow-in = { import = 'a' }"), "6:12 the entry has no `in` (it says which files may)"),
        (&in_rule("allow-in = { in = '/a' }"), "6:19 a glob starts at the top: leave out `/` (write `a`)"),
        (
            &in_rule("cap = { severity = 'off' }"),
            "6:7 the cap has neither `in` nor `kind` (for the whole rule, lower `severity` itself)",
        ),
        (&in_rule("cap = { kind = 'string' }"), "6:7 the cap has no `severity` (it is the highest one there)"),
        (
            &in_rule("cap = { kind = 'strings', severity = 'off' }"),
            "6:16 `kind` cannot be `strings` (did you mean `string`?)",
        ),
        (
            &in_rule("cap = { kind = 'line', severity = 'off' }"),
            "6:16 a rule with `forbid` cannot find the kind `line`",
        ),
        (&in_rule("kinds = ['import', 'locals']"), "6:20 `kinds` cannot be `locals` (did you mean `local`?)"),
        (&in_rule("kinds = []"), "6:1 `kinds` is empty (leave it out where every kind is meant)"),
        (&in_rule("kinds = 'line'"), "6:9 a rule with `forbid` cannot find the kind `line`"),
        (&in_rule(forbid), "6:1 duplicate key"),
        (
            &in_rule("[[rule]]\nid = 'x'\npattern = 'a'"),
            "7:6 the rule on line 2 has the id `x` already (an id names one rule)",
        ),
    ];
    for (source, expected) in cases {
        let found = errors(source);
        assert_eq!(found.first().map(String::as_str), Some(expected), "{source}\nall: {found:#?}");
        let at_once = if source.matches("id = 'x'").count() > 1 { 1..=3 } else { 1..=1 };
        assert!(at_once.contains(&found.len()), "{source}\nall: {found:#?}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let source = "importgate = 1\n[settings]\ntoo-large = 1\n[[rule]]\nid = 'A'\nwat = \nlanguage = 'x'\n\
                  forbid = 'a'\nseverity = 'x'\n[[rule]]\nid = 'b'\npattern = '('\n";
    let lines: Vec<_> = parse(source).unwrap_err().errors.iter().map(|error| error.line).collect();
    assert_eq!(lines, [3, 5, 6, 7, 9, 12], "{}", parse(source).unwrap_err());
}

#[test]
fn broken_syntax_does_not_bring_errors_of_its_own() {
    for source in [
        "importgate = 1\n[[rule]]\nid = 'a\npattern = 'x'\n",
        "importgate = 1\n[[rule]]\nid = 'a'\npattern = = 'x'\n",
        "importgate = 1\n[[rule]]\nid = 'a'\nlanguage = 'python'\nforbid = ['a' 'b']\n",
        "importgate = 1\n[[rule]\nid = 'a'\npattern = 'x'\n",
    ] {
        assert_eq!(errors(source).len(), 1, "{source}\n{}", parse(source).unwrap_err());
    }
}

#[test]
fn what_is_too_large_is_not_read() {
    let tokens = "1:1 the file has more than 1000000 words, signs and line ends";
    for (more, limit) in [
        ("[[rule]]\n".repeat(166_667), tokens),
        (format!("x.{}y = 1\n", "x.".repeat(150_000)), tokens),
        (format!("x = [{}]", "]".repeat(1_000_000)), tokens),
        (format!("# {}", "x".repeat(8 << 20)), "1:1 the file is larger than 8 MiB"),
    ] {
        assert_eq!(errors(&format!("importgate = 1\n{more}")), [limit]);
        assert!(matches!(parse(&more), Ok(None)));
    }
}

#[test]
fn entries_are_limited_by_their_segments() {
    let policy = |entries: usize, languages: &str| {
        let forbid: String = (0..entries).map(|number| format!("'a.b.c.x{number}',\n")).collect();
        format!("importgate = 1\n[[rule]]\nid = 'a'\nlanguage = {languages}\nforbid = [\n{forbid}]\n")
    };
    assert_eq!(errors(&policy(100_000, "'python'")), [""; 0]);
    let told = |line: usize| [format!("{line}:1 the policy has more than 500000 entries and segments of entries")];
    assert_eq!(errors(&policy(100_002, "'python'")), told(100_006));
    assert_eq!(errors(&policy(60_000, "['python', 'java']")), told(50_006));
}

#[test]
fn patterns_are_limited_together() {
    let policy = |rules: usize| {
        let rule = |number: usize| format!("[[rule]]\nid = 'r{number}'\npattern = '\\w{{60}}'\n");
        format!("importgate = 1\n{}", (0..rules).map(rule).collect::<String>())
    };
    assert_eq!(errors(&policy(60)), [""; 0]);
    let told = errors(&policy(200));
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told.iter().all(|told| told.contains("too large together")), "{told:#?}");
}

#[test]
fn days_are_dates_or_strings() {
    for day in ["2026-02-28", "'2026-02-28'"] {
        let rules = format!("[[rule]]\nid = 'x'\npattern = 'x'\nwarn-from = {day}\n");
        assert_eq!(policy(&rules).rules()[0].warn_from, Some(Date::constant(2026, 2, 28)));
    }
}

#[test]
fn only_takes_one_rule_or_names_the_nearest() {
    let rules = "[[rule]]\nid = 'one-path'\npattern = 'x'\n[[rule]]\nid = 'two'\npattern = 'y'\n";
    assert_eq!(policy(rules).only("two").unwrap().rules().len(), 1);
    let unknown = policy(rules).only("onepath").unwrap_err();
    assert_eq!(unknown.to_string(), "the policy has no rule `onepath`, did you mean `one-path`?");
    assert_eq!(policy(rules).only("zzz").unwrap_err().nearest, None);
}

proptest! {
    #[test]
    fn any_text_is_read(source in any::<String>(), part in "[\\PC\n]{0,200}", at in 0..SAMPLE.len(), cut in 0usize..80) {
        for source in [source, format!("importgate = 1\n{part}"), spliced(at, cut, &part)] {
            if let Err(invalid) = parse(&source) {
                prop_assert!(!invalid.errors.is_empty());
                prop_assert!(invalid.render(false).starts_with("error: "));
            }
        }
    }

    #[test]
    fn any_change_of_a_policy_is_read(at in 0..SAMPLE.len(), cut in 0usize..12, part in "[]\\['\"{}=.,a*!\\\\\r\n\t]{0,4}") {
        if let Err(invalid) = parse(&spliced(at, cut, &part)) {
            prop_assert!(!invalid.render(true).is_empty());
        }
    }
}

fn spliced(at: usize, cut: usize, part: &str) -> String {
    let end = (at + cut).min(SAMPLE.len());
    format!("{}{part}{}", SAMPLE.get(..at).unwrap_or_default(), SAMPLE.get(end..).unwrap_or_default())
}

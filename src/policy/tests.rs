//! Tests of decisions, case by case.

use super::testing::{STAR, candidate, policy, some_day};
use super::{Date, Severity};
use crate::kind::Kind;
use crate::notation::Names;
use crate::text::Text;
use Severity::{Block, Track, Warn};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Returns `rule entry matched severity` for an import by the file.
fn decided(rules: &str, file: &str, kind: Kind, imports: &[&str]) -> Option<String> {
    let policy = policy(rules);
    let effective = policy.at(some_day());
    let scope = effective.scope(file.as_bytes(), Some("python"));
    let candidates: Vec<_> = imports.iter().map(|path| candidate(path)).collect();
    let decision = match kind {
        Kind::Wildcard => scope.decide_wildcard(STAR, &candidates, &|_| true, &|_, _| false),
        kind => scope.decide(kind, &candidates, &|_, _| false),
    }?;
    assert_eq!(policy.rules()[decision.rule_index].id, decision.rule.id);
    let severity = decision.severity.name();
    Some(format!("{} {} {} {severity}", decision.rule.id, decision.entry.path, decision.matched))
}

fn rule(id: &str, rest: &str) -> String {
    format!("[[rule]]\nid = '{id}'\nlanguage = 'python'\n{rest}\n")
}

#[test]
fn the_most_specific_entry_decides() {
    let one = rule("one", "forbid = ['a.b', '!a.b.c', 'a.b.c.d', '*.b.x', '**.y']");
    let cases = [
        ("a.b", Some("one a.b 2 warn")),
        ("a.b.q.r", Some("one a.b 2 warn")),
        ("a.bb", None),
        ("a", None),
        ("a.b.c", None),
        ("a.b.c.q", None),
        ("a.b.c.d.q", Some("one a.b.c.d 4 warn")),
        ("a.b.x", Some("one a.b 2 warn")),
        ("z.b.x.q", Some("one *.b.x 3 warn")),
        ("z.z.y.z.y", Some("one **.y 3 warn")),
        ("y", Some("one **.y 1 warn")),
        ("a.b.c.y", None),
    ];
    for (import, expected) in cases {
        assert_eq!(decided(&one, "f.py", Kind::Import, &[import]).as_deref(), expected, "{import}");
    }
}

#[test]
fn among_rules_the_most_specific_decides_alone() {
    let broad = rule("broad", "forbid = ['a', 'b.*']\nseverity = 'block'");
    let narrow = rule("narrow", "forbid = ['a.b', 'b.c']\nallow-in = 'ok'\ncap = { in = 'tests', severity = 'off' }");
    let both = broad + &narrow;
    let cases = [
        ("f.py", "a.b", Some("narrow a.b 2 warn")),
        ("f.py", "a.c", Some("broad a 1 block")),
        ("f.py", "b.c", Some("narrow b.c 2 warn")),
        ("f.py", "b.d", Some("broad b.* 2 block")),
        ("ok/f.py", "a.b", None),
        ("tests/f.py", "a.b", None),
        ("ok/f.py", "a.c", Some("broad a 1 block")),
    ];
    for (file, import, expected) in cases {
        assert_eq!(decided(&both, file, Kind::Import, &[import]).as_deref(), expected, "{import} in {file}");
    }
}

#[test]
fn of_equals_the_stricter_decides_then_the_first() {
    let soft = rule("soft", "forbid = 'a.*'");
    let hard =
        rule("hard", "forbid = ['x', 'b', 'a.*']\nseverity = 'block'\ncap = { in = 'tests', severity = 'track' }");
    let same = rule("same", "forbid = 'a.*'\nseverity = 'block'");
    let all = soft + &hard + &same;
    assert_eq!(decided(&all, "f.py", Kind::Import, &["a.b"]).as_deref(), Some("hard a.* 2 block"));
    assert_eq!(decided(&all, "tests/f.py", Kind::Import, &["a.b"]).as_deref(), Some("same a.* 2 block"));
    let exception = rule("one", "forbid = ['a.*', '!a.*']");
    assert_eq!(decided(&exception, "f.py", Kind::Import, &["a.b"]).as_deref(), Some("one a.* 2 warn"));
}

#[test]
fn rules_that_take_no_part_are_not_asked() {
    let off = rule("off", "forbid = 'a.b'\nseverity = 'off'\nblock-from = 2020-01-01");
    let elsewhere = rule("elsewhere", "forbid = 'a.b'\npaths = ['lib', '**/x_*.py']");
    let java = rule("java", "forbid = 'a.b'").replace("python", "java");
    let all = off + &elsewhere + &java + &rule("broad", "forbid = 'a'");
    for (file, expected) in [
        ("f.py", "broad a 1 warn"),
        ("lib/f.py", "elsewhere a.b 2 warn"),
        ("q/x_1.py", "elsewhere a.b 2 warn"),
        ("libs/f.py", "broad a 1 warn"),
    ] {
        assert_eq!(decided(&all, file, Kind::Import, &["a.b"]).as_deref(), Some(expected), "{file}");
    }
}

#[test]
fn any_candidate_may_match_and_an_exception_of_any_counts() {
    let one = rule("one", "forbid = ['src.a', 'a.b.c', '!z']");
    let cases: [(&[&str], Option<&str>, usize); 3] = [
        (&["x", "src.a.b"], Some("one src.a 2 warn"), 1),
        (&["src.a", "a.b.c.d"], Some("one a.b.c 3 warn"), 1),
        (&["z", "q"], None, 0),
    ];
    for (imports, expected, at) in cases {
        assert_eq!(decided(&one, "f.py", Kind::Import, imports).as_deref(), expected, "{imports:?}");
        let policy = policy(&one);
        let effective = policy.at(some_day());
        let candidates: Vec<_> = imports.iter().map(|path| candidate(path)).collect();
        let decision = effective.scope(b"f.py", Some("python")).decide(Kind::Import, &candidates, &|_, _| false);
        assert_eq!(decision.map_or(0, |decision| decision.candidate), at);
    }
}

#[test]
fn files_that_may_import_are_excused() {
    let one = rule("one", "forbid = ['a', 'b']\nallow-in = ['ok', { in = ['half', 'x/*.py'], import = 'a.*.c' }]");
    let cases = [
        ("ok/f.py", "a", false),
        ("ok.py", "a", true),
        ("half/f.py", "a.b", true),
        ("half/f.py", "a.b.c.d", false),
        ("x/f.py", "a.b.c", false),
        ("x/y/f.py", "a.b.c", true),
        ("half/f.py", "b", true),
    ];
    for (file, import, forbidden) in cases {
        assert_eq!(decided(&one, file, Kind::Import, &[import]).is_some(), forbidden, "{import} in {file}");
    }
}

#[test]
fn days_kinds_and_caps_make_the_severity() {
    let rules = rule(
        "one",
        "forbid = 'a.b'\nseverity = 'track'\nwarn-from = 2026-03-01\nblock-from = 2026-06-01\ncap = [\n\
         { in = 'tests', severity = 'warn' }, { in = 'tests/old', severity = 'track' },\n\
         { kind = ['string', 'module'], severity = 'block' }, { kind = 'type-only', severity = 'off' }]",
    );
    let policy = policy(&rules);
    let cases = [
        ("2026-02-28", "f.py", Kind::Import, Some(Track)),
        ("2026-03-01", "f.py", Kind::Import, Some(Warn)),
        ("2026-06-01", "f.py", Kind::Import, Some(Block)),
        ("2026-06-01", "tests/f.py", Kind::Import, Some(Warn)),
        ("2026-06-01", "tests/old/f.py", Kind::Import, Some(Track)),
        ("2026-06-01", "f.py", Kind::String, Some(Block)),
        ("2026-06-01", "tests/f.py", Kind::String, Some(Warn)),
        ("2026-06-01", "f.py", Kind::TypeOnly, None),
        ("2026-06-01", "f.py", Kind::Attribute, Some(Block)),
    ];
    for (day, file, kind, expected) in cases {
        let effective = policy.at(date(day));
        let decision =
            effective.scope(file.as_bytes(), Some("python")).decide(kind, &[candidate("a.b")], &|_, _| false);
        assert_eq!(decision.map(|decision| decision.severity), expected, "{day} {file} {kind:?}");
    }
    let effective = policy.at(date("2026-06-01"));
    let scope = effective.scope(b"f.py", Some("python"));
    let wildcard = scope.decide_wildcard(STAR, &[candidate("a")], &|_| true, &|_, _| false);
    assert_eq!(wildcard.map(|decision| decision.severity), Some(Warn));
}

#[test]
fn a_star_import_needs_an_entry_right_beneath() {
    let one = rule("one", "forbid = ['a.b.c', 'q.*', '!a.b.ok']\nallow-in = { in = 'half', import = 'a.b.c' }");
    let two = rule("two", "forbid = ['a.b.d']\npaths = ['lib', 'half']\nseverity = 'track'");
    let all = one + &two;
    let cases = [
        ("f.py", "a.b", Some("one a.b.c 2 warn")),
        ("f.py", "a", None),
        ("f.py", "a.b.c", None),
        ("f.py", "q", None),
        ("lib/f.py", "a.b", Some("one a.b.c 2 warn")),
        ("half/f.py", "a.b", Some("two a.b.d 2 track")),
    ];
    for (file, import, expected) in cases {
        assert_eq!(decided(&all, file, Kind::Wildcard, &["zz", import]).as_deref(), expected, "{import} in {file}");
    }
}

#[test]
fn a_scope_tells_what_it_needs() {
    let rules = rule("one", "forbid = 'a'\npaths = 'lib'")
        + "[settings]\nignore = ['gen', '**/*_pb2.py']\n"
        + "[[rule]]\nid = 'code'\npattern = 'x'\npaths = '**/*.py'\nlanguage = 'python'\n"
        + "[[rule]]\nid = 'text'\npattern = 'x'\nin = 'text'\npaths = '*.md'\n";
    let policy = policy(&rules);
    let effective = policy.at(some_day());
    let cases = [
        ("lib/a.py", Some("python"), [false, true, true, true]),
        ("lib/a.py", Some("java"), [false, false, false, false]),
        ("a.py", Some("python"), [false, false, true, true]),
        ("a.md", None, [false, false, true, false]),
        ("gen/a.sh", None, [true, false, false, false]),
        ("lib/a_pb2.py", Some("python"), [true, true, true, true]),
    ];
    for (file, language, expected) in cases {
        let scope = effective.scope(file.as_bytes(), language);
        let needs_code = scope.needs_code(&Text::new(b"a = 'x'".as_slice()));
        let found = [scope.ignored(), scope.judges_imports(), scope.judges_lines(), needs_code];
        assert_eq!(found, expected, "{file} {language:?}");
    }
}

#[test]
fn uses_lead_to_names_where_modules_are_told_from_them() {
    let policy = policy("[[rule]]\nid = 'r'\nlanguage = 'javascript'\nforbid = ['a/b/#c', 'a/d/e', 'a/f/*', 'a/#g*']");
    let effective = policy.at(some_day());
    let scope = effective.scope(b"x.js", Some("javascript"));
    for (path, of_both, of_names) in [
        (&["a", "b"][..], true, true),
        (&["a", "d"], true, false),
        (&["a", "f"], true, true),
        (&["a"], true, true),
        (&["a", "b", "#c"], false, false),
        (&["b"], false, false),
    ] {
        let path = [path.iter().map(|&segment| segment.into()).collect()];
        let leads = [Names::Alike, Names::Apart].map(|names| scope.leads(&path, names, &|_, _| true));
        assert_eq!(leads, [of_both, of_names], "{path:?}");
    }
}

#[test]
fn code_is_needed_where_blanking_could_leave_a_match() {
    let of = |pattern: &str| {
        let policy =
            policy(&format!("[[rule]]\nid = 'code'\npattern = '{pattern}'\npaths = '**/*.py'\nlanguage = 'python'\n"));
        let effective = policy.at(some_day());
        let needs = |text: &str| effective.scope(b"a.py", Some("python")).needs_code(&Text::new(text.as_bytes()));
        [needs("old_a.b"), needs("a = 'old_'"), needs("import/**/old"), needs("")]
    };
    assert_eq!(of(r"^import\s+old_\w"), [false, false, true, false]);
    assert_eq!(of(r"\bold_"), [true, true, false, false]);
    assert_eq!(of("(old_|new_)a"), [true, true, false, false]);
    assert_eq!(of("t +old"), [true, true, true, false]);
    assert_eq!(of("import    old"), [true; 4], "spaces may be left of a comment");
    assert_eq!(of(r"\w"), [true; 4], "it needs no word");
}

#[test]
fn roots_hold_files_from_the_innermost() {
    let default = policy("");
    assert_eq!(default.roots_of(b"src/a/b.py"), [3, 0]);
    assert_eq!(default.roots_of(b"srcs/b.py"), [0]);
    assert_eq!(default.literal_roots(), ["", "src"]);
    let globs = policy("[settings]\nroots = ['services/*/src', 'lib/']\n");
    assert_eq!(globs.roots_of(b"services/x/src/a/b.py"), ["services/x/src".len()]);
    assert_eq!(globs.roots_of(b"services/x/srcs/b.py"), [0; 0]);
    assert_eq!(globs.roots_of(b"lib/\xff/b.py"), [3]);
    assert_eq!(globs.literal_roots(), ["lib"]);
}

#[test]
fn lines_match_where_their_rules_take_part() {
    let line = |id: &str, rest: &str| format!("[[rule]]\nid = '{id}'\n{rest}\n");
    let mut rules = line("code", r"pattern = '\bbad\b'")
        + &line("text", "pattern = 'bad$'\nin = 'text'\ncap = { in = 'tests', severity = 'off' }")
        + &line("java", "pattern = 'bad'\nlanguage = 'java'")
        + &line("ok", "pattern = 'bad'\nallow-in = 'f.py'\nseverity = 'block'")
        + &line("end", r"pattern = 'two\s'");
    let code = Text::new(&b"a bad bad\r\n      \ntwo\n\xff bad"[..]);
    let raw = Text::new(&b"a bad bad\r\n'bad' \ntwo\n\xff bad"[..]);
    // Patterns that need words; a few that need none; and enough of those for a set.
    for more in 0..3 {
        let policy = policy(&rules);
        let effective = policy.at(some_day());
        let found = |file: &'static str| {
            let matches = effective.scope(file.as_bytes(), Some("python")).match_lines(&code, &raw);
            let shown: Vec<_> = matches.into_iter().map(|m| (m.line, m.rule.id.clone(), m.range)).collect();
            shown
        };
        let expected = [(1, "code", 2..5), (1, "text", 6..9), (4, "code", 2..5), (4, "text", 2..5)];
        assert_eq!(found("f.py"), expected.clone().map(|(line, id, range)| (line, id.to_owned(), range)), "{more}");
        let tests: Vec<_> = found("tests/f.py").into_iter().map(|(line, id, _)| format!("{line} {id}")).collect();
        assert_eq!(tests, ["1 code", "1 ok", "4 code", "4 ok"], "{more}");
        rules = rules.replace("pattern = 'bad", "pattern = '(?i)bad").replace(r"'\b", r"'(?i)\b");
        for extra in ["p", "q", "r", "s"].iter().filter(|_| more == 1) {
            rules += &line(extra, "pattern = '(?i)never'\n");
        }
    }
}

#[test]
fn what_is_recommended_and_forbidden_is_told() {
    let cases = [
        (rule("one", "forbid = 'a.b'\nuse-instead = 'a.c'"), None),
        (rule("one", "forbid = 'a'\nuse-instead = 'a.c'"), None),
        (
            rule("one", "forbid = ['a', 'a.c']\nuse-instead = 'a.c'"),
            Some("`one` recommends `a.c`, which the same rule forbids with `a.c`"),
        ),
        (rule("one", "forbid = ['a', '!a.c']\nuse-instead = 'a.c'"), None),
        (
            rule("one", "forbid = 'a'\nuse-instead = 'b.c'") + &rule("two", "forbid = ['b', 'b.c', '!b.d']"),
            Some("`one` recommends `b.c`, which `two` forbids with `b.c`"),
        ),
        (rule("one", "forbid = 'a'\nuse-instead = 'b'") + &rule("two", "forbid = 'b'\nseverity = 'off'"), None),
        (rule("one", "forbid = 'a'\nuse-instead = 'b'") + &rule("two", "forbid = 'b'\npaths = 'x'"), None),
    ];
    for (rules, expected) in cases {
        let found = policy(&rules).warnings();
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), Vec::from_iter(expected), "{rules}");
    }
}

#[test]
fn files_can_be_judged_on_several_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<super::Policy>();
    shared::<super::EffectivePolicy<'_>>();
    shared::<super::Scope<'_>>();
}

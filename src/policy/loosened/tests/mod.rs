//! Tests: what is told of a policy that forbids less than the one before.

mod properties;

use crate::policy::testing::policy;

const FILES: &str = "settings: `files` changed, which decide what language files are read in";
const RULE: &str = "[[rule]]\nid = 'r'\nlanguage = 'python'\n";

fn loosened(old: &str, new: &str) -> Vec<String> {
    policy(old).loosened_by(&policy(new))
}

#[test]
fn what_a_rule_weakens_is_told() {
    let cases: [(&str, &str, &[&str]); 57] = [
        ("forbid = 'a'", "forbid = 'a'\nseverity = 'track'", &["severity lowered from warn to track"]),
        ("forbid = 'a'\nseverity = 'block'", "forbid = 'a'", &["severity lowered from block to warn"]),
        (
            "forbid = 'a'\nseverity = 'block'",
            "forbid = 'a'\nblock-from = 2030-01-01",
            &["severity lowered from block to warn until 2030-01-01"],
        ),
        ("forbid = 'a'", "forbid = 'a'\nseverity = 'off'", &["severity lowered from warn to off"]),
        ("forbid = 'a'", "forbid = 'a'\nseverity = 'block'", &[]),
        (
            "forbid = 'a'\nblock-from = 2030-01-01",
            "forbid = 'a'\nblock-from = 2031-01-01",
            &["`block-from` moved from 2030-01-01 to 2031-01-01"],
        ),
        ("forbid = 'a'\nblock-from = 2030-01-01", "forbid = 'a'", &["`block-from` (2030-01-01) removed"]),
        ("forbid = 'a'\nblock-from = 2030-01-01", "forbid = 'a'\nblock-from = 2029-01-01", &[]),
        ("forbid = 'a'\nblock-from = 2030-01-01", "forbid = 'a'\nseverity = 'block'", &[]),
        (
            "forbid = 'a'\nseverity = 'track'\nwarn-from = 2030-01-01",
            "forbid = 'a'\nseverity = 'track'\nwarn-from = 2030-02-01",
            &["`warn-from` moved from 2030-01-01 to 2030-02-01"],
        ),
        ("forbid = ['a', 'b']", "forbid = 'a'", &["`b` is no longer forbidden"]),
        ("forbid = 'a'", "forbid = ['a', 'b']", &[]),
        ("forbid = 'a'", "forbid = ['a', '!a.b']", &["exception `!a.b` added"]),
        ("forbid = ['a', '!a.b']", "forbid = 'a'", &[]),
        (
            "forbid = ['a', '!a']",
            "forbid = ['!a', 'a']",
            &["the order of entries and exceptions changed, and the first of equals decides"],
        ),
        ("forbid = 'a'", "forbid = 'a'\npaths = 'src'", &["`paths` narrowed"]),
        ("forbid = 'a'\npaths = 'src/x'", "forbid = 'a'\npaths = ['src', 'lib']", &[]),
        ("forbid = 'a'\npaths = ['src', 'lib']", "forbid = 'a'\npaths = 'src'", &["`paths` narrowed"]),
        ("forbid = 'a'", "forbid = 'a'\nallow-in = 'src'", &["`allow-in` now excuses `src`"]),
        ("forbid = 'a'\nallow-in = 'src'", "forbid = 'a'\nallow-in = ['src/x', { in = 'src', import = 'a.b' }]", &[]),
        (
            "forbid = 'a'\nallow-in = { in = 'src', import = 'a.b' }",
            "forbid = 'a'\nallow-in = { in = 'src', import = 'a' }",
            &["`allow-in` now excuses `src`"],
        ),
        (
            "forbid = 'a'\nseverity = 'block'",
            "forbid = 'a'\nseverity = 'block'\ncap = { in = 'tests', severity = 'warn' }",
            &["capped at warn in `tests`"],
        ),
        ("forbid = 'a'", "forbid = 'a'\ncap = { in = 'tests', severity = 'warn' }", &[]),
        (
            "forbid = 'a'",
            "forbid = 'a'\ncap = { kind = ['type-only', 'dynamic'], severity = 'off' }",
            &["capped at off for `type-only`", "capped at off for `dynamic`"],
        ),
        (
            "forbid = 'a'\nseverity = 'block'\ncap = { kind = 'string', severity = 'block' }",
            "forbid = 'a'\nseverity = 'block'",
            &["`string` no longer blocks: its `cap` was removed"],
        ),
        (
            "forbid = 'a'\nseverity = 'block'\ncap = { in = 'x', severity = 'off' }",
            "forbid = 'a'\nseverity = 'block'\ncap = { in = 'x/y', severity = 'warn' }",
            &[],
        ),
        ("forbid = 'a'", "forbid = 'a'\nkinds = ['import', 'wildcard']", &["`kinds` narrowed"]),
        ("forbid = 'a'\nkinds = ['import', 'wildcard']", "forbid = 'a'\nkinds = 'import'", &["`kinds` narrowed"]),
        ("forbid = 'a'\nkinds = 'import'", "forbid = 'a'\nkinds = 'local'", &["`kinds` narrowed"]),
        ("forbid = 'a'\nkinds = 'local'", "forbid = 'a'\nkinds = ['wildcard', 'import']", &[]),
        ("forbid = 'a'\nkinds = 'local'", "forbid = 'a'\nkinds = 'import'", &["`kinds` narrowed"]),
        ("forbid = 'a'\nkinds = 'import'", "forbid = 'a'", &[]),
        (
            "forbid = 'a'",
            "forbid = 'a'\nkinds = ['import', 'type-only', 'dynamic', 'wildcard', 'string', 'attribute', 'module']",
            &[],
        ),
        ("forbid = 'a'", "forbid = 'a'\ncap = { kind = 'local', severity = 'off' }", &["capped at off for `local`"]),
        (
            "forbid = 'a'\ncap = { kind = 'import', severity = 'off' }",
            "forbid = 'a'\ncap = { kind = 'local', severity = 'off' }",
            &[],
        ),
        (
            "forbid = 'a'\ncap = [{ kind = 'import', severity = 'off' }, { kind = 'local', severity = 'block' }]",
            "forbid = 'a'\ncap = { kind = 'import', severity = 'off' }",
            &["capped at off for `local`"],
        ),
        ("forbid = 'a'", "forbid = 'a'\ncap = { kind = 'import', severity = 'off' }", &["capped at off for `import`"]),
        (
            "forbid = ['*.b', 'c']\ncap = { kind = 'import', severity = 'off' }",
            "forbid = ['*.b', 'c', 'a']\ncap = { kind = 'import', severity = 'off' }",
            &["`a` added, which now decides on star imports, and `import` is capped"],
        ),
        (
            "forbid = ['*.b', 'c']\ncap = { kind = 'local', severity = 'off' }",
            "forbid = ['a', '*.b', 'c']\ncap = { kind = 'local', severity = 'off' }",
            &["`a` added, which now decides on star imports, and `local` is capped"],
        ),
        (
            "forbid = ['*.b', 'c']\ncap = { kind = 'type-only', severity = 'track' }",
            "forbid = ['*.b', 'c', 'a']\ncap = { kind = 'type-only', severity = 'track' }",
            &["`a` added, which now decides on star imports, and `type-only` is capped"],
        ),
        (
            "forbid = ['a.b', 'c']\ncap = { kind = 'import', severity = 'off' }",
            "forbid = ['a.b', 'c', 'd']\ncap = { kind = 'import', severity = 'off' }",
            &[],
        ),
        ("forbid = 'a'\nuse-instead = 'b'\nreason = 'r'", "forbid = 'a'\nuse-instead = 'c'\nowner = 'o'", &[]),
        ("forbid = 'a'\nuse-instead = 'b'", "forbid = 'a'\nuse-instead = 'a.b'", &["exception `!a.b` added"]),
        ("forbid = 'a'\nuse-instead = 'a.b'", "forbid = 'a'\nuse-instead = 'b'", &[]),
        ("forbid = ['a', 'a.b']", "forbid = ['a', 'a.b']\nuse-instead = 'a.b'", &[]),
        ("forbid = 'a.*'", "forbid = 'a.b*'", &["`a.*` is no longer forbidden"]),
        ("forbid = 'a'", "forbid = { path = 'a', beneath = false }", &["`a` no longer means what is beneath it"]),
        ("forbid = { path = 'a', beneath = false }", "forbid = ['a', { path = 'b', beneath = false }]", &[]),
        (
            "forbid = ['f.*']\npaths = 'f'",
            "forbid = ['f.*', '!f.<x>']\npaths = 'f/<x>'",
            &["exception `!f.<x>` added", "`paths` changed, and with it what captures stand for"],
        ),
        ("forbid = ['f.*', '!f.<x>']\npaths = 'f/<x>'", "forbid = ['f.*', '!f.<x>', 'g.<x>']\npaths = 'f/<x>'", &[]),
        (
            "forbid = ['f.*', '!f.<x>']\npaths = 'f/<x>'",
            "forbid = ['f.*', '!f.<x>', '!f.api.<x>']\npaths = 'f/<x>'",
            &["exception `!f.api.<x>` added"],
        ),
        (
            "forbid = ['f.*', '!f.<x>']\npaths = ['f/<x>/*/**', 'f/*/<x>']",
            "forbid = ['f.*', '!f.<x>']\npaths = ['f/*/<x>', 'f/<x>/*/**']",
            &["`paths` changed, and with it what captures stand for"],
        ),
        (
            "forbid = ['f.*', 'f.a', '!f.<x>']\npaths = 'f/<x>'",
            "forbid = ['f.*', '!f.<x>', 'f.a']\npaths = 'f/<x>'",
            &["the order of entries and exceptions changed, and the first of equals decides"],
        ),
        ("pattern = 'a'", "pattern = 'ab'", &["`pattern` changed"]),
        ("pattern = 'a'\nin = 'text'", "pattern = 'a'", &["`in` changed from `text` to `code`"]),
        ("pattern = 'a'", "pattern = 'a'\nadvice = 'b'", &[]),
        ("pattern = 'a'", "forbid = 'a'", &["it no longer forbids any line"]),
    ];
    for (old, new, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|what| format!("rule `r`: {what}")).collect();
        assert_eq!(loosened(&format!("{RULE}{old}\n"), &format!("{RULE}{new}\n")), expected, "{old}\n->\n{new}");
    }
}

#[test]
fn what_settings_and_languages_weaken_is_told() {
    let cases = [
        ("", "[settings]\nignore = 'x'", vec!["settings: `ignore` now holds `x`"]),
        ("[settings]\nignore = 'x'", "[settings]\nignore = 'x/y'", vec![]),
        ("", "[settings]\ntoo-large = 'pass'", vec!["settings: `too-large` lowered from warn to pass"]),
        ("", "[settings]\ntoo-large = 'block'", vec![]),
        (
            "[settings]\nown-policy = ['a', 'b']",
            "[settings]\nown-policy = ['c/**', 'b']",
            vec![
                "settings: `own-policy` now holds `c/**`: it is judged by its own policy",
                "settings: `own-policy` no longer holds `a`: its commits are not judged again where they are merged",
            ],
        ),
        ("[settings]\nown-policy = ['a', 'b']", "[settings]\nown-policy = ['b', 'a', 'b']", vec![]),
        ("", "[settings]\nroots = 'src'", vec!["settings: `roots` changed, which decide what relative imports mean"]),
        ("", "[settings]\nroots = ['src', '']", vec![]),
        ("", "[settings]\nfiles = { python = '**/*.wsgi' }", vec![]),
        ("[settings]\nfiles = { python = ['a', 'b'] }", "[settings]\nfiles = { python = ['b', 'c', 'a'] }", vec![]),
        ("[settings]\nfiles = { python = ['a', 'b'] }", "[settings]\nfiles = { python = 'b' }", vec![FILES]),
        ("[settings]\nfiles = { python = 'a' }", "[settings]\nfiles = { java = 'a' }", vec![FILES]),
        ("[settings]\nfiles = { python = 'a' }", "[settings]\nfiles = { python = 'a', java = 'a' }", vec![FILES]),
        (
            "[[rule]]\nid = 'x'\npattern = 'a'",
            "[settings]\nfiles = { python = 'a' }\n[[rule]]\nid = 'x'\npattern = 'a'",
            vec![FILES],
        ),
        (
            "[[rule]]\nid = 'x'\nlanguage = ['python', 'java']\nforbid = 'a'",
            "[[rule]]\nid = 'x'\nlanguage = 'java'\nforbid = 'a'",
            vec!["rule `x`: language `python` removed"],
        ),
        (
            "[[rule]]\nid = 'x'\npattern = 'a'",
            "[[rule]]\nid = 'x'\npattern = 'a'\nlanguage = 'java'",
            vec!["rule `x`: `language` narrowed"],
        ),
        ("[[rule]]\nid = 'x'\npattern = 'a'", "", vec!["rule `x` removed"]),
        ("[[rule]]\nid = 'x'\npattern = 'a'\nseverity = 'off'", "", vec![]),
        ("[[rule]]\nid = 'x'\npattern = 'a'", "[[rule]]\nid = 'y'\npattern = 'a'\nseverity = 'block'", vec![]),
        (
            "[[rule]]\nid = 'x'\npattern = 'a'",
            "[[rule]]\nid = 'y'\npattern = 'a'\nseverity = 'track'",
            vec!["rule `x` removed"],
        ),
    ];
    for (old, new, expected) in cases {
        assert_eq!(loosened(old, new), expected, "{old}\n->\n{new}");
    }
}

#[test]
fn a_softer_rule_that_is_more_specific_weakens_the_broader_one() {
    let rule = |id: &str, rest: &str| format!("[[rule]]\nid = '{id}'\nlanguage = 'python'\n{rest}\n");
    let broad = rule("broad", "forbid = 'a.b'\nseverity = 'block'\npaths = 'src'");
    let told =
        |path: &str| vec![format!("rule `own` now decides on `{path}` instead of rule `broad` (`a.b`), and is weaker")];
    let cases = [
        (rule("own", "forbid = 'a.b.c'"), told("a.b.c")),
        (rule("own", "forbid = 'a.b.c'\nseverity = 'block'"), vec![]),
        (rule("own", "forbid = 'a.b.c'\nseverity = 'block'\nallow-in = 'src/x'"), told("a.b.c")),
        (rule("own", "forbid = 'a.b'\nseverity = 'block'\nallow-in = 'src/x'"), told("a.b")),
        (rule("own", "forbid = 'a.b'"), vec![]),
        (rule("own", "forbid = ['a', 'a.c', '**.b', 'a.*.c']"), vec![]),
        (rule("own", "forbid = 'a.b.c'\npaths = 'lib'"), vec![]),
        (rule("own", "forbid = 'a.b.c'\nseverity = 'off'"), vec![]),
    ];
    for (own, expected) in cases {
        assert_eq!(loosened(&broad, &format!("{own}{broad}")), expected, "{own}");
    }
    // A rule that decided before is not reported, unless it now decides in more files or for more paths.
    let narrow = rule("own", "forbid = ['a.b.c', '!a.b.c.d']\npaths = 'src/x'");
    let both = format!("{broad}{narrow}");
    assert_eq!(
        loosened(&both, &format!("{broad}{}", narrow.replace("src/x", "src/x/y"))),
        ["rule `own`: `paths` narrowed"]
    );
    assert_eq!(loosened(&both, &both.replace("'a.b.c', ", "'a.b.c', 'x', ")), [""; 0]);
    assert_eq!(loosened(&both, &both.replace("src/x", "src")), told("a.b.c"));
    assert_eq!(loosened(&both, &both.replace(", '!a.b.c.d'", "")), told("a.b.c"));
    let off = both.replace("paths = 'src/x'", "paths = 'src/x'\nseverity = 'off'");
    assert_eq!(loosened(&off, &both), told("a.b.c"));
}

#[test]
fn more_than_can_be_compared_is_told() {
    let rules = |rest: &str| {
        let entries: Vec<_> = (0..2500).map(|at| format!("'*.a{at}'")).collect();
        format!("{RULE}forbid = [{}]\n{rest}", entries.join(", "))
    };
    let own = rules("").replace("id = 'r'", "id = 's'");
    let told = loosened(&rules("severity = 'block'"), &format!("{}{own}", rules("severity = 'block'\n")));
    assert_eq!(told, ["too much changed to compare every rule with every other"]);
}

#[test]
fn what_decides_what_is_new_is_compared() {
    let settings = |tests: &str| format!("[settings]\n{tests}\n{RULE}forbid = 'a'\n");
    let changed = ["settings: `tests` changed, which make no room for other files"];
    assert_eq!(loosened(&settings(""), &settings("tests = []")), changed);
    assert_eq!(loosened(&settings("tests = ['a', 'b']"), &settings("")), changed);
    assert_eq!(loosened(&settings("tests = ['a', 'b']"), &settings("tests = ['b', 'a']")), [""; 0]);
    let rule = |counts: &str| format!("{RULE}forbid = 'a'\n{counts}");
    let (names, files) = (rule("counts = 'names'"), rule("counts = 'files'"));
    assert_eq!(loosened(&names, &files), ["rule `r`: `counts` changed from names to files"]);
    assert_eq!(loosened(&files, &names), ["rule `r`: `counts` changed from files to names"]);
    assert_eq!(loosened(&names, &rule("")), [""; 0]);
    // A narrower rule that counts in another way takes imports over.
    let taken = format!("{names}\n{}", files.replace("id = 'r'", "id = 's'").replace("'a'", "'a.b'"));
    assert_eq!(loosened(&names, &taken), ["rule `s` now decides on `a.b` instead of rule `r` (`a`), and is weaker"]);
}

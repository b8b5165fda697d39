//! Positions of rewritten statements, and notes; statements with their replacements are data, in
//! `tests/cases/python/rewrites.txt`.

use std::borrow::Cow;

use super::*;
use crate::lang::Form;
use crate::text::Text;

/// Returns the rows of one well-formed statement at `at`; spans of names are not used here.
fn rows(statement: &str, at: usize) -> Vec<Import<'static>> {
    let flat: String = statement.chars().map(|c| if "()\\\n".contains(c) { ' ' } else { c }).collect();
    let (from, names) = match flat.strip_prefix("from ") {
        Some(rest) => rest.split_once(" import ").map(|(module, names)| (Some(module.trim()), names)).unwrap(),
        None => (None, flat.strip_prefix("import ").unwrap()),
    };
    let own = |text: &str| Some(Cow::Owned(text.to_owned()));
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|item| {
            let (name, alias) = item.split_once(" as ").map_or((item, None), |(name, alias)| (name, own(alias)));
            let module = from.map_or(name, |from| from.trim_start_matches('.'));
            Import {
                kind: Kind::Import,
                form: Form::Plain,
                module: if module.is_empty() { None } else { own(module).map(Into::into) },
                name: from.and_then(|_| own(name)),
                alias,
                level: from.map_or(0, |from| u32::try_from(from.len() - module.len()).unwrap()),
                statement: at..at + statement.len(),
                span: at..at,
            }
        })
        .collect()
}

fn path(text: &str) -> Vec<String> {
    text.split('.').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

fn resolved(import: &Import<'_>, package: &str) -> Vec<String> {
    let mut segments = if import.level > 0 { path(package) } else { Vec::new() };
    segments.truncate((segments.len() + 1).saturating_sub(import.level as usize));
    segments.extend(path(import.module.as_deref().unwrap_or_default()));
    segments.extend(import.name.as_deref().filter(|&name| name != "*").map(str::to_owned));
    segments
}

/// Rewrites the `statement` in `text`; the entries are (forbidden path, use-instead).
fn run(text: &str, statement: &str, package: &str, entries: &[(&str, &str)]) -> Rewrite {
    let imports = rows(statement, text.find(statement).unwrap());
    let entries: Vec<_> = entries.iter().map(|(entry, instead)| (path(entry), path(instead))).collect();
    let changes: Vec<_> = imports
        .iter()
        .enumerate()
        .filter_map(|(index, import)| {
            let resolved = resolved(import, package);
            let (entry, instead) = entries.iter().find(|(entry, _)| resolved.starts_with(entry))?;
            Some(Change { import: index, resolved, matched: entry.len(), instead })
        })
        .collect();
    rewrite(text.as_bytes(), text.as_bytes(), &imports, &changes)
}

fn note(text: &str, statement: &str, entries: &[(&str, &str)]) -> String {
    run(text, statement, "", entries).note.unwrap_or_default()
}

#[test]
fn several_entries_meet_in_one_statement() {
    let entries = [("a.b.m", "x.y"), ("a.b.n", "z"), ("a.b.X", "x.Y"), ("old", "new"), ("older", "new")];
    let text = |statement| run(statement, statement, "", &entries).text;
    assert_eq!(
        text("from a.b import m, keep, n as q, X, m as r"),
        "from x import y as m, Y as X, y as r\nimport z as q\nfrom a.b import keep"
    );
    assert_eq!(text("import old, keep, older"), "import new as old\nimport new as older\nimport keep");
    assert_eq!(text("import a.b.m, a.b.m"), "import x.y");
}

#[test]
fn nothing_to_change_is_no_text() {
    assert_eq!(run("import a", "import a", "", &[]), Rewrite::default());
    assert_eq!(rewrite(b"", b"", &[], &[]), Rewrite::default());
    let odd = Change { import: 7, resolved: path("a"), matched: 9, instead: &[] };
    assert_eq!(rewrite(b"import a", b"", &rows("import a", 0), std::slice::from_ref(&odd)), Rewrite::default());
    assert_eq!(rewrite(b"import a", b"", &rows("import a", 0), &[Change { import: 0, ..odd }]), Rewrite::default());
}

#[test]
fn statements_stay_together_on_a_shared_line() {
    let entries = [("a.m", "a.n")];
    for before in ["if x: ", "x = 1; ", "if x: \\\n    ", "if x: \\\r\n    "] {
        let text = format!("{before}from a import m, k\n");
        let rewrite = run(&text, "from a import m, k", "", &entries);
        assert_eq!(rewrite.text, "from a import n as m; from a import k", "{before:?}");
    }
    for before in ["    ", "if x:\n\t", "x\r", "\x0c"] {
        let text = format!("{before}from a import m, k\n");
        let rewrite = run(&text, "from a import m, k", "", &entries);
        assert_eq!(rewrite.text, "from a import n as m\nfrom a import k", "{before:?}");
    }
}

#[test]
fn indentation_counts_for_the_width() {
    let name = "n".repeat(100 - "from a.n import ".len());
    let statement = format!("from a.m import {name}");
    let text = |text: &str| run(text, &statement, "", &[("a.m", "a.n")]).text;
    assert_eq!(text(&statement), format!("from a.n import {name}"));
    assert_eq!(text(&format!("if x:\n {statement}")), format!("from a.n import (\n    {name},\n)"));
    // Each character is two columns wide.
    let wide = "面".repeat(45);
    let statement = format!("from a.m import {wide}");
    assert_eq!(run(&statement, &statement, "", &[("a.m", "a.n")]).text, format!("from a.n import (\n    {wide},\n)"));
}

#[test]
fn lost_comments_are_told() {
    let statement = "from a.m import (\n    X,  # noqa\n)";
    let imports = rows("from a.m import X", 0);
    let imports = [Import { statement: 0..statement.len(), ..imports[0].clone() }];
    let instead = path("a.n");
    let change = Change { import: 0, resolved: path("a.m.X"), matched: 2, instead: &instead };
    let rewrite = rewrite(statement.as_bytes(), b"", &imports, &[change]);
    assert_eq!(rewrite.text, "from a.n import X");
    assert_eq!(rewrite.note.unwrap(), "the comments within the statement are left out");
}

const SIBLING: &[(&str, &str)] = &[("a.b.m", "a.b.canonical")];
const AWAY: &[(&str, &str)] = &[("a.b.m", "c.d")];

#[test]
fn uses_of_the_old_name_are_listed() {
    let text = "import a.b.m\nx = a.b.m.f()\ny = [a.b.m, a.b.m.g]\n";
    assert_eq!(note(text, "import a.b.m", SIBLING), "then change a.b.m.… to a.b.canonical.…, lines 2, 3");
    let text = "x = a.b.m.f()\nimport a.b.m\n";
    assert_eq!(note(text, "import a.b.m", AWAY), "then change a.b.m.… to c.d.…, line 1");

    for used in
        ["a.b.m", "a . b\t.m()", "(a\n .b\n .m)", "a.\\\n b.m", "f(x=a.b.m)", "not a.b.m", "yield from a.b.m.f()"]
    {
        let text = format!("import a.b.m\n{used}\n");
        assert_eq!(note(&text, "import a.b.m", SIBLING), "then change a.b.m.… to a.b.canonical.…, line 2", "{used}");
    }
    let others = [
        "x.a.b.m",
        "x . a.b.m",
        "x.\\\na.b.m",
        "aa.b.m",
        "a.b.mm",
        "a.b.m2",
        "a.b",
        "a.b.m\u{e9}",
        "1.a.b.m",
        "from a.b.m import x",
        "import a.b.m.k",
        "import a.b.m as q, a.b.m",
        "from a.b import (\n m,\n)",
        "from . a.b.m import x",
    ];
    for other in others {
        let text = format!("import a.b.m\n{other}\n");
        assert_eq!(note(&text, "import a.b.m", SIBLING), "", "{other}");
    }
}

#[test]
fn only_code_counts_and_is_made_only_where_needed() {
    let (text, code) = ("import a.b.m  # a.b.m\n'a.b.m'", "import a.b.m         \n'     '");
    let (imports, instead) = (rows("import a.b.m", 0), path("c.d"));
    let change = Change { import: 0, resolved: path("a.b.m"), matched: 3, instead: &instead };
    let rewritten = rewrite(text.as_bytes(), code.as_bytes(), &imports, std::slice::from_ref(&change));
    assert_eq!(rewritten, Rewrite { text: "import c.d".to_owned(), note: None });
    let named = Import { alias: Some("x".into()), ..imports[0].clone() };
    let rewritten = rewrite(text.as_bytes(), b"", &[named], &[change]);
    assert_eq!(rewritten.text, "import c.d as x");
}

#[test]
fn many_uses_are_counted() {
    let text = format!("import a.b.m\n{}", "a.b.m.f()\n".repeat(13));
    let lines = "lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more";
    assert_eq!(note(&text, "import a.b.m", SIBLING), format!("then change a.b.m.… to a.b.canonical.…, {lines}"));
}

#[test]
fn identifiers_are_compared_in_normal_form() {
    let text = "import a.ﬁ\na.ﬁ.x\na.fi.x\nａ.fi.x\n";
    let mut imports = rows("import a.ﬁ", 0);
    imports[0].module = Some(Cow::Borrowed("a.fi").into());
    let instead = path("a.new");
    let change = Change { import: 0, resolved: path("a.fi"), matched: 2, instead: &instead };
    let rewrite = rewrite(text.as_bytes(), text.as_bytes(), &imports, &[change]);
    assert_eq!(rewrite.note.unwrap(), "then change a.fi.… to a.new.…, lines 2, 3, 4");
}

#[test]
fn what_the_statement_no_longer_binds_is_told() {
    let lost = "then a is no longer imported but still used, line 2";
    let text = |other: &str| format!("import a.b.m\na.z.f()\n{other}\n");
    assert_eq!(note(&text(""), "import a.b.m", AWAY), lost);
    assert_eq!(
        note(&text("a.b.m.x"), "import a.b.m", AWAY),
        "then change a.b.m.… to c.d.…, line 3; a is no longer imported but still used, line 2"
    );
    for binds in ["import a", "import x, a.z", "import z as a", "from z import q, a", "from . import (z as\n a)"] {
        assert_eq!(note(&text(binds), "import a.b.m", AWAY), "", "{binds}");
    }
    for other in ["import a.z as q", "from a.z import q", "from a import z as a2", "import aa", "raise x from a"] {
        assert_eq!(note(&text(other), "import a.b.m", AWAY), lost, "{other}");
    }
    // `a` stays bound here, by the new path or by the rest of the statement.
    assert_eq!(note(&text(""), "import a.b.m", SIBLING), "");
    assert_eq!(note("import a.b.m, a.k\na.z.f()\n", "import a.b.m, a.k", AWAY), "");
    // an argument may have any name
    assert_eq!(note("import a.b.m\nf(a=1)\n", "import a.b.m", AWAY), "");
}

#[test]
fn what_the_statement_no_longer_loads_is_told() {
    let entries = &[("a.b.m", "a.c.n")];
    let text = |other: &str| format!("import a.b.m\nf(a.b)\na.c.f()\na.k\n{other}\n");
    let lost = "then a.b is no longer imported but still used, line 2";
    assert_eq!(note(&text(""), "import a.b.m", entries), lost);
    for loads in ["import a.b", "import a.b.k as q", "from a.b import q", "from a.b.k import q", "from a import x, b"] {
        assert_eq!(note(&text(loads), "import a.b.m", entries), "", "{loads}");
    }
    for other in ["import a", "from .a.b import q", "from . . \\\n a.b import q", "from a import c", "import a.bb"] {
        assert_eq!(note(&text(other), "import a.b.m", entries), lost, "{other}");
    }
}

#[test]
fn the_longest_of_several_names_is_meant() {
    let entries = &[("a.b.m", "x"), ("a.b", "y")];
    assert_eq!(
        note("import a.b, a.b.m\na.b.k\na.b.m.k\na.z\n", "import a.b, a.b.m", entries),
        "then change a.b.… to y.…, line 2; change a.b.m.… to x.…, line 3; a is no longer imported but still used, line 4"
    );
}

const USES: [&str; 5] = ["a.b.m", "a . b.m.x", "f(a.b.m)", "[a.b.m]", "-a.b.m"];
const OTHERS: [&str; 8] = ["x.a.b.m", "a.b", "aa.b.m", "a.b.mm", "1", "f(a=1)", "a.b.n.m", "()"];
const BROKEN: [&str; 16] =
    ["a", "b.m", "a.b.m", ".", " ", "\n", "\\\n", "(", ",", "import ", "from ", " as ", "1", "é", "\r", "*"];

proptest::proptest! {
    #[test]
    fn every_use_is_listed(lines in proptest::collection::vec(proptest::collection::vec(0..20_usize, 1..5), 0..10)) {
        let word = |&index: &usize| USES.get(index).copied().unwrap_or(OTHERS[index % OTHERS.len()]);
        let text = lines.iter().fold("import a.b.m".to_owned(), |text, line| {
            text + "\n" + &line.iter().map(word).collect::<Vec<_>>().join(" + ")
        });
        let used = lines.iter().zip(2..).filter(|(line, _)| line.iter().any(|&index| index < USES.len()));
        let used: Vec<usize> = used.map(|(_, number)| number).collect();
        assert_eq!(numbers(&note(&text, "import a.b.m", SIBLING)), used, "{text}");
    }

    #[test]
    fn broken_code_breaks_nothing(parts in proptest::collection::vec(proptest::sample::select(&BROKEN), 0..40)) {
        let text = format!("import a.b.m\n{}", parts.concat());
        let rewrite = run(&text, "import a.b.m", "", AWAY);
        assert_eq!(rewrite.text, "import c.d");
        let lines = Text::new(text.as_bytes()).line_count();
        assert!(numbers(&rewrite.note.unwrap_or_default()).iter().all(|line| (1..=lines).contains(line)));
    }
}

fn numbers(note: &str) -> Vec<usize> {
    note.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

//! Statements and their replacements.

use super::*;
use crate::lang::rust::Rust;
use crate::lang::{File, Language};

fn path(text: &str) -> Vec<String> {
    text.split("::").map(str::to_owned).collect()
}

/// Rewrites the first statement of the text by entries of a forbidden and a recommended path. Paths
/// are taken as written, without `::` and `$`.
fn run(text: &str, entries: &[(&str, &str)], own: Option<&str>) -> Rewrite {
    let file = File { path: b"x.rs", text: text.as_bytes() };
    let imports = Rust.imports(file);
    let first = imports.first().unwrap().statement.clone();
    let imports: Vec<_> = imports.into_iter().filter(|import| import.statement == first).collect();
    let entries: Vec<_> = entries.iter().map(|(entry, instead)| (path(entry), path(instead))).collect();
    let changes: Vec<_> = imports
        .iter()
        .enumerate()
        .filter_map(|(index, import)| {
            let module = import.module.as_deref().unwrap_or_default().trim_start_matches("::").trim_start_matches('$');
            let mut resolved = path(module);
            resolved.extend(import.name.as_deref().filter(|&name| name != "*").map(str::to_owned));
            let (entry, instead) = entries.iter().find(|(entry, _)| resolved.starts_with(entry))?;
            Some(Change { import: index, resolved, matched: entry.len(), instead })
        })
        .collect();
    rewrite(&Statement { file, code: b"", imports: &imports, of_file: &imports }, &changes, own)
}

#[test]
fn table() {
    for (statement, entry, instead, expected) in [
        ("use old::X;", "old", "new", "use new::X;"),
        ("use old::a::X;", "old::a", "crate::b", "use crate::b::X;"),
        ("use old;", "old", "new", "use new as old;"),
        ("use old as o;", "old", "new::deep", "use new::deep as o;"),
        ("use old::X;", "old::X", "new::Y", "use new::Y as X;"),
        ("use old::X as Y;", "old::X", "new::Y", "use new::Y;"),
        ("use old::X as _;", "old::X", "new::Y", "use new::Y as _;"),
        ("use old::*;", "old", "new", "use new::*;"),
        ("pub use old::X;", "old", "new", "pub use new::X;"),
        ("pub ( crate )  use old::X;", "old", "new", "pub(crate) use new::X;"),
        ("pub(in a::b) use old::{X, Y};", "old", "new", "pub(in a::b) use new::{X, Y};"),
        ("extern crate old;", "old", "new", "extern crate new as old;"),
        ("extern crate old as o;", "old", "new", "extern crate new as o;"),
        ("pub extern crate old as o;", "old", "new::x", "pub use new::x as o;"),
        ("use ::old::X;", "old", "new", "use ::new::X;"),
        ("use ::old::X;", "old", "crate::x", "use crate::x::X;"),
        ("use $crate::old::X;", "crate::old", "crate::new", "use $crate::new::X;"),
        ("use old::r#type;", "old", "new::fn", "use new::r#fn::r#type;"),
        ("use old::{X, Y as Z, *};", "old", "new", "use new::{X, Y as Z, *};"),
        ("use a::{old::X, b};", "a::old", "a::new", "use a::new::X;\nuse a::b;"),
        (
            "use a::{b::{self, C}, old::X, d::{e::F, G as H, *}};",
            "a::old",
            "new",
            "use new::X;\nuse a::{b::{self, C}, d::{e::F, G as H, *}};",
        ),
        ("use a::{self, old};", "a::old", "b::new", "use b::new as old;\nuse a::{self};"),
        ("use a::old::{self, X};", "a::old", "a::new", "use a::new as old;\nuse a::new::X;"),
        ("use {old::X, b};", "old", "new", "use new::X;\nuse b;"),
        ("use a::{b::{self as c}, old};", "a::old", "a::new", "use a::new as old;\nuse a::b as c;"),
        ("use my::old::X;", "my::old", "my::new", "use crate::new::X;"),
    ] {
        let rewrite = run(statement, &[(entry, instead)], Some("my"));
        assert_eq!(rewrite, Rewrite { text: expected.replace("a::{self}", "a"), note: None }, "{statement}");
    }
}

#[test]
fn several_entries_meet_in_one_statement() {
    let entries = [("a::m", "x::y"), ("a::n", "z"), ("a::X", "x::Y")];
    assert_eq!(
        run("use a::{m, keep, n as q, X, m::Z};", &entries, None).text,
        "use x::{y as m, Y as X};\nuse z as q;\nuse x::y::Z;\nuse a::keep;"
    );
}

#[test]
fn long_statements_are_broken_as_rustfmt_breaks_them() {
    let names: Vec<_> = (0..12).map(|number| format!("SomeLongerName{number}")).collect();
    let text = format!("use old::{{{}}};", names.join(", "));
    let lines = [&names[..5], &names[5..10], &names[10..]].map(|names| format!("    {},\n", names.join(", ")));
    assert_eq!(run(&text, &[("old", "new")], None).text, format!("use new::{{\n{}}};", lines.concat()));
    let text = format!("use old::{{a::{{{}}}, b, c::{{d, e}}}};", names[..6].join(", "));
    assert_eq!(
        run(&text, &[("old::b", "new::b")], None).text,
        format!(
            "use new::b;\nuse old::{{\n    a::{{\n        {},\n        {},\n    }},\n    c::{{d, e}},\n}};",
            names[..5].join(", "),
            names[5]
        )
    );
}

#[test]
fn what_pasting_breaks_is_said() {
    let note = |text: &str| run(text, &[("a::old", "a::new")], None).note.unwrap_or_default();
    assert_eq!(note("#[cfg(test)]\nuse a::{old, b};"), "the attribute before it is for each of them");
    assert_eq!(note("#[cfg(test)]\nuse a::old;"), "");
    assert_eq!(note("use a::{ // here\nold, b};"), "the comments within the statement are left out");
}

#[test]
fn statements_stay_on_a_shared_line() {
    assert_eq!(run("fn f() { use a::{old, b}; }", &[("a::old", "a::new")], None).text, "use a::new as old; use a::b;");
}

#[test]
fn nothing_to_change_is_no_text() {
    assert_eq!(run("use a;", &[], None), Rewrite::default());
}

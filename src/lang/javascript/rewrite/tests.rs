//! Positions of rewritten statements, and notes; statements with their rewrites are data, in
//! `tests/cases/javascript/rewrites.txt`.

use super::*;
use crate::lang::javascript::JavaScript;
use crate::lang::javascript::notation::NOTATION;
use crate::lang::javascript::resolve::tests::Files;
use crate::lang::{File, Language};

const TSCONFIG: &str = r#"{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#;
const PACKAGE: &str = r##"{ "imports": { "#in/*": "./src/in/*.js" } }"##;

/// Rewrites the first statement of `text`; the entries are (forbidden path, use-instead).
fn run(text: &str, files: &[&str], entries: &[(&str, &str)]) -> Rewrite {
    let mut tree = vec![("tsconfig.json", TSCONFIG), ("package.json", PACKAGE)];
    tree.extend(files.iter().map(|file| (*file, "")));
    let tree = Files::of(&tree);
    let around = Surroundings { tree: &tree, roots: &|_| Vec::new() };
    let file = File { path: b"src/app/page.ts", text: text.as_bytes() };
    let imports = JavaScript.imports(file);
    let first = imports.first().unwrap().statement.clone();
    let imports: Vec<_> = imports.into_iter().take_while(|import| import.statement == first).collect();
    let resolver = JavaScript.resolver(file, &around);
    let split = |path: &str| (NOTATION.split)(path).unwrap();
    let entries: Vec<_> = entries.iter().map(|(entry, instead)| (split(entry), split(instead))).collect();
    let mut changes = Vec::new();
    for (index, import) in imports.iter().enumerate() {
        for candidate in resolver.resolve(import).unwrap() {
            let resolved: Vec<String> = candidate.iter().map(ToString::to_string).collect();
            if let Some((entry, instead)) = entries.iter().find(|(entry, _)| resolved.starts_with(entry)) {
                changes.push(Change { import: index, resolved, matched: entry.len(), instead });
                break;
            }
        }
    }
    assert!(!changes.is_empty(), "{text}: {entries:?}");
    rewrite(&Statement { file, code: b"", imports: &imports, of_file: &imports }, &changes, &around).unwrap()
}

#[test]
fn several_entries_meet_in_one_statement() {
    let entries = [("m#a", "x#b"), ("m#c", "y#c"), ("m#d", "x#default"), ("m#e", "z")];
    let text = |statement| run(statement, &[], &entries).text;
    assert_eq!(
        text("import { a, c as k, d, e, f } from 'm'"),
        "import d, { b as a } from 'x'\nimport { c as k } from 'y'\nimport * as e from 'z'\nimport { f } from 'm'"
    );
    assert_eq!(
        text("const { a, c: k, d } = require('m')"),
        "const { b: a, default: d } = require('x')\nconst { c: k } = require('y')"
    );
    assert_eq!(text("export { a, c } from 'm'"), "export { b as a } from 'x'\nexport { c } from 'y'");
}

#[test]
fn statements_are_parted_as_their_place_asks() {
    let text = |text| run(text, &[], &[("m#a", "x#a")]).text;
    let (one, other) = ("import { a } from \"x\"", "import { b } from \"m\"");
    assert_eq!(text("import { a, b } from \"m\";\n"), format!("{one};\n{other}"));
    assert_eq!(text("f();\n  import { a, b } from \"m\" ;\n"), format!("{one};\n{other}"));
    assert_eq!(text("import { a, b } from \"m\"\n"), format!("{one}\n{other}"));
    assert_eq!(text("f(); import { a, b } from \"m\""), format!("{one}; {other}"));
}

#[test]
fn comments_that_are_lost_are_told() {
    let rewrite = run("import { a, /* why */ b } from \"m\"", &[], &[("m#a", "x#a")]);
    assert_eq!(rewrite.note.as_deref(), Some("the comments within the statement are left out"));
    assert_eq!(run("import { a /* why */ } from \"m\"", &[], &[("m#a", "x#a")]).note, None);
}

#[test]
fn what_cannot_be_written_shows_its_path() {
    let run = |text, entry, instead| run(text, &[], &[(entry, instead)]);
    assert_eq!(run("export * from 'm'", "m", "./src/x#y").text, "./src/x#y");
    assert_eq!(run("const { a, ...rest } = require('m')", "m#a", "./src/x#y").text, "./src/x#y");
    let rewrite = run("import { a } from 'm'", "m", "./src/x#y");
    assert_eq!((rewrite.text.as_str(), rewrite.note.as_deref()), ("", Some(NO_MODULE)));
}

#[test]
fn assignments_and_names_that_give_way_to_modules_are_code() {
    let text = |statement| run(statement, &[], &[("m#a", "x#b"), ("m#c", "y")]).text;
    assert_eq!(text("({ a: d } = require('m'))"), "({ b: d } = require('x'))");
    assert_eq!(text("const { c } = require('m')"), "const c = require('y')");
    assert_eq!(text("const { c, e } = require('m')"), "const c = require('y')\nconst { e } = require('m')");
    assert_eq!(text("const d = require('m').c"), "require('y')");
    assert_eq!(text("const { a, ...others } = require('m')"), "x#b");
}

#[test]
fn calls_that_run_later_are_written_whole() {
    let text = |text, entry, instead| run(text, &[], &[(entry, instead)]).text;
    let awaited = "const { a } = await import('m')";
    assert_eq!(text(awaited, "m#a", "./src/x#y"), "const { y: a } = await import('../x')");
    assert_eq!(text(awaited, "m", "./src/x"), "const { a } = await import('../x')");
    assert_eq!(text("import('m')", "m", "./src/x#y"), "import('../x').then((m) => m.y)");
    assert_eq!(text("jest.mock('m', f)", "m", "./src/x#y"), "jest.mock('../x')");
}

#[test]
fn uses_become_the_new_name_with_its_import() {
    let used = |text: &str, instead: &str| {
        let file = File { path: b"src/app/page.ts", text: text.as_bytes() };
        let imports = JavaScript.imports(file);
        let through = vec![true; imports.len()];
        let uses = JavaScript.uses(file, &imports, crate::lang::Asked { through: &through, begins: &|_| true });
        let changes: Vec<_> = ["m", "#a"].map(str::to_owned).into();
        let instead = (NOTATION.split)(instead).unwrap();
        let change = Change { import: 0, resolved: changes, matched: 2, instead: &instead };
        let tree = Files::of(&[]);
        let around = Surroundings { tree: &tree, roots: &|_| Vec::new() };
        let statement = Statement { file, code: text.as_bytes(), imports: &uses, of_file: &uses };
        let Rewrite { text, note } = rewrite(&statement, &[change], &around).unwrap();
        note.map_or_else(|| text.clone(), |note| format!("{text} ! {note}"))
    };
    for (text, instead, expected) in [
        ("import * as n from 'm'; n.a()", "x#b", "b ! needs `import { b } from \"x\"`"),
        ("import * as n from 'm'; n['a']", "m#b", "n.b"),
        ("import * as n from 'm'; n?.a", "m#b", "n?.b"),
        ("import n from 'm'; n.a", "m/a", "a ! needs `import * as a from \"m/a\"`"),
        ("const n = require('m'); n.a", "x#default", "a ! needs `const { default: a } = require(\"x\")`"),
        ("import type * as n from 'm'; let y: n.a", "x#B", "B ! needs `import type { B } from \"x\"`"),
        (
            "import * as n from 'm'; const { a: c } = n",
            "x#b",
            "import { b as c } from \"x\" ! take these names out of the pattern",
        ),
        ("import('m').then(({ a }) => a)", "x#b", "{ b: a } ! take it from `import(\"x\")`"),
    ] {
        assert_eq!(used(text, instead), expected, "{text}");
    }
}

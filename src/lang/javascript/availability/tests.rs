//! Trees with and without a recommended path.

use super::*;
use crate::lang::javascript::notation::NOTATION;
use crate::lang::javascript::resolve::tests::Files;

fn ask(path: &str, instead: &str) -> Option<String> {
    let tree = Files::of(&[
        ("src/new.ts", "export const Name = 1;\nexport { other as $x } from './y';\n"),
        ("src/star.js", "export  * from './new'\n"),
        ("src/common.js", "module.exports = build()\n"),
        ("src/plain.ts", "const export_ = 1; export const a = 1\n"),
        ("src/both.d.ts", "export const typed: 1\n"),
        ("src/both.js", "export const run = 1\n"),
        ("src/folder/index.tsx", "export default 1\n"),
        ("src/empty/x.ts", ""),
        ("src/pkg/package.json", "{}"),
        ("src/View.vue", "<script setup></script>"),
        ("src/data.json", "{}"),
        ("index.ts", ""),
    ]);
    let instead = (NOTATION.split)(instead).unwrap();
    why_unavailable(path.as_bytes(), &instead, &Surroundings { tree: &tree, roots: &|_| Vec::new() }).unwrap()
}

#[test]
fn what_is_there_can_be_recommended() {
    for instead in [
        "lodash",
        "lodash/fp#merge",
        "./src/new",
        "./src/new#Name",
        "./src/new#other",
        "./src/new#$x",
        "./src/star#anything",
        "./src/common#anything",
        "./src/both#run",
        "./src/both#typed",
        "./src/folder",
        "./src/folder#default",
        "./src/pkg",
        "./src/View.vue#default",
        "./src/data.json",
        "./index",
    ] {
        assert_eq!(ask("src/x.ts", instead), None, "{instead}");
    }
}

#[test]
fn what_is_not_there_is_said_so() {
    for (instead, words) in [
        ("./src/old", "`./src/old` does not exist in this tree"),
        ("./src/old#X", "`./src/old` does not exist in this tree"),
        ("./src/View", "`./src/View` does not exist in this tree"),
        ("./src/new#Nam", "`src/new.ts` does not mention `Nam`"),
        ("./src/plain#default", "`src/plain.ts` does not mention `default`"),
        ("./src/empty", "`./src/empty` is a folder without an index"),
        ("./src/x", "this file is `./src/x` itself"),
        ("./src/x#Y", "this file is `./src/x` itself"),
    ] {
        assert_eq!(ask("src/x.ts", instead).as_deref(), Some(words), "{instead}");
    }
    assert_eq!(ask("src/folder/index.tsx", "./src/folder").as_deref(), Some("this file is `./src/folder` itself"));
}

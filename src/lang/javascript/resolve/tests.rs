//! Resolution of imports in small trees.

mod limits;

use std::collections::BTreeMap;

use super::*;
use crate::kind::Kind;
use crate::lang::Form;
use crate::tree::{Memo, Tree};

/// Files by path, with counters of lookups and reads.
#[derive(Default)]
pub(in super::super) struct Files {
    files: BTreeMap<Vec<u8>, Vec<u8>>,
    asked: Cell<usize>,
    read: Cell<usize>,
    memo: Memo,
}

impl Files {
    pub(in super::super) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| (path.as_bytes().to_vec(), text.as_bytes().to_vec()));
        Self { files: files.collect(), ..Self::default() }
    }
}

impl Tree for Files {
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
        self.asked.set(self.asked.get() + 1);
        Ok(self.files.contains_key(path))
    }

    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError> {
        self.asked.set(self.asked.get() + 1);
        let folder = [path, b"/"].concat();
        Ok(self.files.keys().any(|file| file.starts_with(&folder)))
    }

    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
        self.read.set(self.read.get() + 1);
        Ok(self.files.get(path).cloned())
    }

    fn memo(&self) -> Option<&Memo> {
        Some(&self.memo)
    }
}

fn import<'a>(module: &'a str, name: Option<&'a str>) -> Import<'a> {
    Import {
        kind: Kind::Import,
        form: Form::Plain,
        module: Some(Cow::Borrowed(module).into()),
        name: name.map(Cow::Borrowed),
        alias: None,
        level: 0,
        statement: 0..0,
        span: 0..0,
    }
}

fn asked(tree: &Files, path: &str, import: &Import<'_>) -> String {
    let around = Surroundings { tree, roots: &|_| Vec::new() };
    let resolver = FromFile::new(File { path: path.as_bytes(), text: b"" }, &around);
    written(&resolver.resolve(import).unwrap())
}

fn written(candidates: &[Candidate<'_>]) -> String {
    let join = crate::lang::javascript::notation::NOTATION.join;
    let paths = candidates.iter().map(|path| join(&path.iter().map(AsRef::as_ref).collect::<Vec<_>>()));
    paths.collect::<Vec<_>>().join(" ")
}

/// Checks what specifiers in the file at `path` resolve to.
fn check(tree: &Files, path: &str, rows: &[(&str, &str)]) {
    for (specifier, expected) in rows {
        assert_eq!(asked(tree, path, &import(specifier, None)), *expected, "{specifier} in {path}");
    }
}

#[test]
fn relative_specifiers_become_repository_paths_and_look_nothing_up() {
    let tree = Files::default();
    check(
        &tree,
        "src/a/b.ts",
        &[
            ("./x", "./src/a/x"),
            ("./x.js", "./src/a/x"),
            ("./x.d.ts", "./src/a/x"),
            ("./x/index.mjs", "./src/a/x"),
            ("../x/", "./src/x"),
            (".", "./src/a"),
            ("./", "./src/a"),
            ("..", "./src"),
            ("../..", "./index"),
            ("../../x", "./x"),
            ("../../index.js", "./index"),
            ("../../../x", ""),
            ("../../../src/a/x", ""),
            ("./x.vue", "./src/a/x.vue"),
            ("./x.json", "./src/a/x.json"),
            ("./x.css?inline", "./src/a/x.css"),
            ("raw-loader!./x.txt", "./src/a/x.txt"),
            ("./%78.js", "./src/a/x ./src/a/%78"),
            ("./%2e%2e/x", "./src/x ./src/a/%2e%2e/x"),
            ("./x\\y", "./src/a/x/y"),
            ("./x.js?v=1#part", "./src/a/x"),
            ("./a/./b//../c", "./src/a/a/c"),
        ],
    );
    assert_eq!((tree.asked.get(), tree.read.get()), (0, 0));
    assert_eq!(asked(&tree, "x.js", &import("./y", Some("Z"))), "./y#Z");
    assert_eq!(asked(&tree, "x.js", &import("./y", Some("*"))), "./y");
    assert_eq!(asked(&tree, "x.js", &import("./y", Some("default"))), "./y#default");
}

#[test]
fn packages_are_as_written() {
    check(
        &Files::default(),
        "src/a.js",
        &[
            ("lodash", "lodash"),
            ("lodash/fp.js", "lodash/fp"),
            ("lodash/index", "lodash"),
            ("lodash/", "lodash"),
            ("lodash/./fp", "lodash/fp"),
            ("x/../lodash", "lodash"),
            ("../../x", ""),
            ("@acme/core/x", "@acme/core/x"),
            ("bn.js", "bn.js"),
            ("node:fs", "fs"),
            ("fs", "fs"),
            ("node:fs/promises", "fs/promises"),
            ("node:test", "node:test"),
            ("test", "test"),
            ("https://deno.land/std/x.ts?a", "https://deno.land/std/x.ts"),
            ("npm:lodash@4.17/fp", "npm:lodash@4.17/fp npm:lodash/fp lodash/fp"),
            ("npm:@a/b@1", "npm:@a/b@1 npm:@a/b @a/b"),
            ("jsr:@std/old@1", "jsr:@std/old@1 jsr:@std/old @std/old"),
            ("jsr:@std/old@^1.2/x", "jsr:@std/old@^1.2/x jsr:@std/old/x @std/old/x"),
            ("jsr:/@std/old", "jsr:/@std/old jsr:@std/old @std/old"),
            ("jsr:@std/fs", "jsr:@std/fs @std/fs"),
            ("data:text/javascript,0", ""),
            ("#x", "#x"),
            ("/src/x.js", "./src/x"),
            ("", ""),
        ],
    );
}

const TSCONFIG: &str = r##"{
    // comments, and commas too many
    "extends": ["@acme/tsconfig", "./config/base"],
    "compilerOptions": { "baseUrl": "./src", "paths": {
        "@/*": ["./*"], "@/gen/*": ["gen/*", "../out/*"], "~lib": ["lib/main.ts"], "*.js": ["js/*"], "*": ["../types/*"],
        "up/*": ["../../*"], "pkg": ["../packages/pkg"],
    }, },
}"##;

#[test]
fn aliases_of_the_nearest_configuration_lead_to_repository_paths() {
    let tree = Files::of(&[
        ("app/tsconfig.json", TSCONFIG),
        ("app/src/core/x.ts", ""),
        ("app/src/lib/main.ts", ""),
        ("app/out/made.ts", ""),
        ("app/types/untyped.d.ts", ""),
        ("app/packages/pkg/package.json", r#"{ "types": "src/start.ts" }"#),
        ("app/packages/pkg/src/start.ts", ""),
        ("tsconfig.json", r#"{ "compilerOptions": { "paths": { "@/*": ["./wrong/*"] } } }"#),
    ]);
    check(
        &tree,
        "app/src/deep/y.ts",
        &[
            ("@/core/x", "./app/src/core/x @/core/x"),
            ("@/core/x.js", "./app/src/core/x @/core/x"),
            ("@/missing", "./app/src/missing @/missing"),
            ("@/gen/made", "./app/out/made @/gen/made"),
            ("@/gen/other", "./app/src/gen/other ./app/out/other @/gen/other"),
            ("~lib", "./app/src/lib/main ~lib"),
            ("~lib/x", "~lib/x"),
            ("core/x", "./app/src/core/x core/x"),
            ("untyped", "./app/types/untyped untyped"),
            ("react", "react"),
            ("up/x", "./x up/x"),
            ("pkg", "./app/packages/pkg/src/start ./app/packages/pkg pkg"),
            ("fs", "fs"),
            ("./core/x", "./app/src/deep/core/x"),
        ],
    );
    check(&tree, "x.ts", &[("@/core/x", "./wrong/core/x @/core/x")]);
}

#[test]
fn configurations_extend_refer_and_may_be_broken() {
    let paths = |target: &str| format!(r#"{{ "compilerOptions": {{ "paths": {{ "@/*": ["{target}"] }} }} }}"#);
    let tree = Files::of(&[
        ("a/tsconfig.json", r#"{ "extends": "../config/base", "compilerOptions": {} }"#),
        ("config/base.json", &paths("./lib/*")),
        ("b/tsconfig.json", r#"{ "extends": ["../config/base.json", "../config/dir.json"] }"#),
        ("config/dir.json", &paths("${configDir}/src/*")),
        (
            "c/tsconfig.json",
            r#"{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "node" }] }"#,
        ),
        ("c/tsconfig.app.json", &paths("./src/*")),
        ("c/node/tsconfig.json", &paths("./node-src/*")),
        ("d/tsconfig.json", r#"{ "extends": "./tsconfig.json", "compilerOptions": { "baseUrl": "." } }"#),
        ("d/x.ts", ""),
        ("e/tsconfig.json", "{ broken"),
        ("f/jsconfig.json", &paths("./*")),
        ("g/tsconfig.json", &paths("/abs/*")),
    ]);
    check(&tree, "a/x.ts", &[("@/y", "./config/lib/y @/y")]);
    check(&tree, "b/deep/x.ts", &[("@/y", "./b/src/y @/y")]);
    check(&tree, "c/src/x.ts", &[("@/y", "./c/src/y ./c/node/node-src/y @/y")]);
    check(&tree, "d/y.ts", &[("x", "./d/x x")]);
    check(&tree, "e/x.ts", &[("@/y", "@/y")]);
    check(&tree, "f/x.vue", &[("@/y", "./f/y @/y")]);
    check(&tree, "g/x.ts", &[("@/y", "@/y")]);
}

const PACKAGE: &str = r##"{
    "name": "@acme/app",
    "imports": {
        "#core": "./src/core.js",
        "#db/*": { "node": "./src/db/*.js", "default": ["./src/web/*.js", "./other/*.js"] },
        "#db/special/*": null, "#lo": "lodash/fp.js", "#out/*.js": "./out/*.js", "#up": "../x.js", "#dir/": "./dir/"
    },
    "exports": { ".": { "import": "./dist/index.js" }, "./x": "./src/x.ts", "./f/*": "./src/f/*.ts" }
}"##;

#[test]
fn internal_names_and_the_package_itself_are_read_from_package_json() {
    let tree =
        Files::of(&[("p/package.json", PACKAGE), ("p/src/db/a.ts", ""), ("p/src/core.js", ""), ("p/src/f/y.ts", "")]);
    check(
        &tree,
        "p/src/deep/y.ts",
        &[
            ("#core", "./p/src/core #core"),
            ("#db/a", "./p/src/db/a #db/a"),
            ("#db/b", "./p/src/web/b ./p/other/b ./p/src/db/b #db/b"),
            ("#db/special/c", "#db/special/c"),
            ("#lo", "lodash/fp #lo"),
            ("#out/z.js", "./p/out/z #out/z"),
            ("#dir/z.js", "./p/dir/z #dir/z"),
            ("#up", "#up"),
            ("#none", "#none"),
            ("@acme/app", "./p/dist @acme/app"),
            ("@acme/app/x", "./p/src/x @acme/app/x"),
            ("@acme/app/f/y", "./p/src/f/y @acme/app/f/y"),
            ("@acme/app/none", "@acme/app/none"),
            ("@acme/other", "@acme/other"),
            ("/src/core.js", "./p/src/core"),
        ],
    );
}

#[test]
fn packages_of_the_same_repository_are_found_by_their_folder() {
    let tree = Files::of(&[
        ("package.json", r#"{ "workspaces": { "packages": ["packages/*", "tool"] } }"#),
        ("packages/core/package.json", r#"{ "name": "@acme/core", "main": "./src/index.ts" }"#),
        ("packages/core/src/index.ts", ""),
        ("packages/acme-ui/package.json", r#"{ "name": "@acme/ui", "exports": { "./*": "./src/*.ts" } }"#),
        ("packages/acme-ui/src/button.ts", ""),
        ("packages/react/package.json", r#"{ "name": "our-react" }"#),
        ("tool/package.json", r#"{ "name": "builder" }"#),
        ("pnpm/package.json", "{}"),
        ("pnpm/pnpm-workspace.yaml", "packages:\n  - 'libs/*'\n"),
        ("pnpm/libs/a/package.json", r#"{ "name": "a" }"#),
    ]);
    check(
        &tree,
        "packages/core/src/x.ts",
        &[
            ("@acme/core", "./packages/core/src ./packages/core @acme/core"),
            ("@acme/core/lib/x.js", "./packages/core/lib/x @acme/core/lib/x"),
            ("@acme/ui/button", "./packages/acme-ui/src/button @acme/ui/button"),
            ("@acme/none", "@acme/none"),
            ("react", "react"),
            ("builder/x", "./tool/x builder/x"),
            ("fs", "fs"),
        ],
    );
    check(&tree, "pnpm/libs/b/x.ts", &[("a/x", "./pnpm/libs/a/x a/x")]);
}

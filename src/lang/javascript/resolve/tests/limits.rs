//! Lookups made in a tree, and the cost of hostile trees and specifiers.

use super::*;

#[test]
fn what_is_looked_up_is_looked_up_once_and_within_bounds() {
    let tree = Files::of(&[("tsconfig.json", r#"{ "compilerOptions": { "baseUrl": "." } }"#), ("package.json", "{}")]);
    let around = Surroundings { tree: &tree, roots: &|_| Vec::new() };
    let resolver = FromFile::new(File { path: b"a/b/c.ts", text: b"" }, &around);
    for _ in 0..3 {
        resolver.resolve(&import("react", Some("x"))).unwrap();
    }
    assert!(tree.asked.get() < 40, "{}", tree.asked.get());
    assert!(tree.read.get() < 5, "{}", tree.read.get());
    for number in 0..2000 {
        resolver.resolve(&import(&format!("package{number}"), None)).unwrap();
    }
    // Manifests, which other files share, are looked up beside what the file itself may.
    assert!(tree.asked.get() <= 16_000 + 40, "{}", tree.asked.get());
}

#[test]
fn what_a_file_may_look_up_does_not_depend_on_the_files_before() {
    let packages: Vec<_> = (0..200)
        .map(|number| {
            (format!("packages/p{number}/package.json"), format!(r#"{{ "name": "@ws/p{number}", "main": "i.js" }}"#))
        })
        .collect();
    let mut files = vec![
        ("tsconfig.json", r#"{ "compilerOptions": { "paths": { "@app/*": ["./app/*", "./old/*"] } } }"#),
        ("package.json", r#"{ "workspaces": ["packages/*"] }"#),
        // Other aliases, and the same packages.
        ("d/tsconfig.json", r#"{ "compilerOptions": { "paths": { "@x/*": ["./x/*"] } } }"#),
        ("app/m7.ts", ""),
    ];
    files.extend(packages.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let specifiers: Vec<String> =
        (0..600).flat_map(|number| [format!("@ws/p{}", number % 200), format!("@app/m{number}")]).collect();
    let meanings = |tree: &Files, path: &str, from: usize| {
        let around = Surroundings { tree, roots: &|_| Vec::new() };
        let resolver = FromFile::new(File { path: path.as_bytes(), text: b"" }, &around);
        let all = specifiers.iter().cycle().skip(from).take(specifiers.len());
        let mut found: Vec<_> =
            all.map(|text| (text, format!("{:?}", resolver.resolve(&import(text, None)).unwrap()))).collect();
        found.sort();
        found
    };
    for from in [0, 500] {
        let tree = Files::of(&files);
        let alone = meanings(&tree, "c.ts", from);
        // Some are beyond the limit, and some not.
        let is_whole = |(_, found): &&(&String, String)| !found.contains("old");
        assert!((100..alone.len()).contains(&alone.iter().filter(is_whole).count()));
        for (path, before) in [("d/c.ts", 0), ("d/c.ts", 600), ("c.ts", 300), ("c.ts", 900)] {
            let tree = Files::of(&files);
            meanings(&tree, path, before);
            assert_eq!(meanings(&tree, "c.ts", from), alone, "{from} after {path} from {before}");
        }
    }
}

#[test]
fn manifests_are_read_once_for_all_files() {
    let tree = Files::of(&[
        ("tsconfig.json", r#"{ "extends": "./base.json" }"#),
        ("base.json", r#"{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#),
        ("package.json", r#"{ "workspaces": ["packages/*"] }"#),
        ("packages/a/package.json", r#"{ "name": "a", "exports": "./index.js" }"#),
        ("packages/b/tsconfig.json", r#"{ "extends": "../../base.json" }"#),
        ("src/x.ts", ""),
    ]);
    for number in 0..200 {
        let folder = ["packages/a/lib", "packages/b", "src/deep/er", ""][number % 4];
        let path = format!("{folder}/f{number}.ts");
        for (specifier, expected) in [("@/x", "./src/x @/x"), ("a", "./packages/a a"), ("react", "react"), ("./y", "")]
        {
            let found = asked(&tree, path.trim_start_matches('/'), &import(specifier, None));
            assert!(expected.is_empty() || found == expected, "{specifier} in {path}: {found}");
        }
    }
    assert!(tree.read.get() <= 6, "{}", tree.read.get());
    assert!(tree.asked.get() <= 300, "{}", tree.asked.get());
}

#[test]
fn hostile_configurations_and_specifiers_come_to_an_end() {
    let many = r#""../x","#.repeat(500);
    let tree = Files::of(&[
        ("tsconfig.json", &format!(r#"{{ "extends": [{many} "./tsconfig"] }}"#)),
        ("x.json", r#"{ "extends": ["./x", "./x", "./tsconfig.json"] }"#),
        ("package.json", r##"{ "imports": { "#*": ["./*", "./*/*", "./*/*"] }, "workspaces": ["*"] }"##),
    ]);
    let long = "./".repeat(600_000) + "x";
    let high = "../".repeat(100_000);
    let wide = format!("@/{}", "a".repeat(300_000));
    let internal = format!("#{}", "a/".repeat(100_000));
    for specifier in [&long, &high, &wide, &internal, "!", "?", "#", "@", "@/", "/", "//", "node:", ":", "a\0b", "./\0"]
    {
        let around = Surroundings { tree: &tree, roots: &|_| Vec::new() };
        let resolver = FromFile::new(File { path: b"a/\xff/c.ts", text: b"" }, &around);
        let import = import(specifier, None);
        for _ in 0..10 {
            let found = resolver.resolve(&import).unwrap();
            assert!(
                found.iter().all(|path| path.iter().map(|segment| segment.len()).sum::<usize>() <= MAX_SPECIFIER_BYTES)
            );
        }
    }
    assert_eq!(asked(&tree, "x.ts", &import(&("./".repeat(10_000) + "manager"), None)), "./manager");
}

#[test]
fn configurations_that_extend_each_other_many_times_come_to_an_end() {
    let all = (0..16).map(|number| format!("\"./x{number}\"")).collect::<Vec<_>>().join(",");
    let text = format!(r#"{{ "extends": [{all}] }}"#);
    let names: Vec<_> = (0..16).map(|number| format!("x{number}.json")).chain(["tsconfig.json".to_owned()]).collect();
    let tree = Files::of(&names.iter().map(|name| (name.as_str(), text.as_str())).collect::<Vec<_>>());
    assert_eq!(asked(&tree, "x.ts", &import("@/a", None)), "@/a");
}

#[test]
fn aliases_with_many_targets_cost_each_import_little() {
    let list = |text: &str, times| vec![format!("\"{text}\""); times].join(",");
    let numbered = (0..9_000).map(|number| format!("\"./q{number}/*\"")).collect::<Vec<_>>().join(",");
    let stars = "*".repeat(60_000);
    let tree = Files::of(&[
        (
            "tsconfig.json",
            &format!(r#"{{ "compilerOptions": {{ "paths": {{ "*": [{numbered}], "m*": [{numbered}] }} }} }}"#),
        ),
        (
            "package.json",
            &format!(
                r##"{{ "imports": {{ "#a*": [{numbered}], "#b*": "./{stars}" }}, "workspaces": [{}] }}"##,
                list(&"**/".repeat(9_000), 2)
            ),
        ),
    ]);
    let around = Surroundings { tree: &tree, roots: &|_| Vec::new() };
    let resolver = FromFile::new(File { path: b"c.ts", text: b"" }, &around);
    for number in 0..400 {
        for start in ["m", "x", "#a", "@w/"] {
            let found = resolver.resolve(&import(&format!("{start}{number}"), None)).unwrap().len();
            assert!(found <= 50, "{start}{number}: {found}");
        }
    }
    let long = format!("#b{}", "x".repeat(3000));
    assert_eq!(asked(&tree, "c.ts", &import(&long, None)), long);
}

#[test]
fn a_tree_that_cannot_be_read_is_a_fault() {
    struct Broken;
    impl Tree for Broken {
        fn is_file(&self, _: &[u8]) -> Result<bool, TreeError> {
            Err("unreadable".into())
        }
        fn is_folder(&self, _: &[u8]) -> Result<bool, TreeError> {
            Err("unreadable".into())
        }
        fn read(&self, _: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
            Err("unreadable".into())
        }
    }
    let around = Surroundings { tree: &Broken, roots: &|_| Vec::new() };
    let resolver = FromFile::new(File { path: b"a.ts", text: b"" }, &around);
    assert!(resolver.resolve(&import("@/x", None)).is_err());
    assert!(resolver.resolve(&import("./x", None)).is_ok());
}

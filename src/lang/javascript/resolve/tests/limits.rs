//! What is asked of a tree, and what hostile trees and specifiers cost.

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
    assert!(tree.asked.get() <= 4000, "{}", tree.asked.get());
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
            assert!(found.iter().all(|path| path.iter().map(|segment| segment.len()).sum::<usize>() <= LONGEST));
        }
    }
    assert_eq!(asked(&tree, "x.ts", &import(&("./".repeat(10_000) + "manager"), None)), "./manager");
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

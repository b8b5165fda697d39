//! Comparison of this folder with README.md, which lists what a server's gate must do and names
//! the tests: all of them exist, and no others. Those that docs/threat-model.md names exist too.

use std::collections::BTreeSet;
use std::path::Path;

/// Returns the names of the tests in a file.
fn tests_in(path: &Path) -> Vec<String> {
    let source = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let functions = source.split("#[test]\n").skip(1).map(|rest| rest.split_once("fn ").unwrap().1);
    functions.map(|rest| rest.split_once('(').unwrap().0.to_owned()).collect()
}

/// Returns whether there is a test of this name, `file::test`, in this folder or in one beside it.
fn is_there(name: &str) -> bool {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let folder = if name.contains('/') { tests } else { tests.join("server") };
    let Some((file, test)) = name.split_once("::") else { return false };
    tests_in(&folder.join(format!("{file}.rs"))).iter().any(|name| name == test)
}

#[test]
fn the_threat_model_names_tests_that_exist() {
    let model = include_str!("../../../docs/threat-model.md");
    let names: Vec<_> = model.split('`').filter(|word| word.contains("::") && !word.contains(' ')).collect();
    let missing: Vec<_> = names.iter().filter(|name| **name != "file::test" && !is_there(name)).collect();
    assert_eq!(missing, Vec::<&&str>::new());
    assert!(names.len() > 40, "{}", names.len());
}

#[test]
fn each_has_its_tests() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = top.join("tests/it/server");
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let rows: Vec<_> = readme.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |")).collect();
    let numbers: Vec<_> = rows.iter().filter_map(|(number, _)| number.parse::<usize>().ok()).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
    assert!(numbers.len() >= 34, "{numbers:?}");
    let mut named = BTreeSet::new();
    for (number, row) in rows.into_iter().filter(|(number, _)| number.parse::<usize>().is_ok()) {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let tests: Vec<_> = tests.split('`').filter(|name| !name.trim().is_empty()).collect();
        assert!(!tests.is_empty(), "{number} has no test");
        for name in tests {
            if !name.contains("::") {
                assert!(top.join(name).is_file(), "{number}: there is no {name}");
                continue;
            }
            assert!(is_there(name), "{number}: there is no test {name}");
            named.insert(name.to_owned());
        }
    }
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.extension().is_none_or(|ending| ending != "rs") || file == "promises" {
            continue;
        }
        for test in tests_in(&path) {
            let name = format!("{file}::{test}");
            assert!(named.contains(&name), "README.md beside it does not name {name}");
        }
    }
}

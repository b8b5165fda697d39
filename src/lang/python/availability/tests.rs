//! Trees that have a recommended path, and trees that do not.

use std::collections::BTreeMap;

use super::*;

/// Files by path; a file without content is over the size limit.
struct Files(BTreeMap<Vec<u8>, Option<Vec<u8>>>);

impl Files {
    fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| (path.as_bytes().to_vec(), Some(text.as_bytes().to_vec()))).collect())
    }
}

impl Tree for Files {
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
        Ok(self.0.contains_key(path))
    }

    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError> {
        let folder = [path, b"/"].concat();
        Ok(self.0.keys().any(|file| file.starts_with(&folder)))
    }

    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
        Ok(self.0.get(path).cloned().flatten())
    }
}

fn ask(files: &Files, roots: &[usize], path: &str, instead: &str) -> Option<String> {
    let instead: Vec<_> = instead.split('.').map(str::to_owned).collect();
    let roots = |_: &[u8]| roots.to_vec();
    why_unavailable(path.as_bytes(), &instead, &Surroundings { tree: files, roots: &roots }).unwrap()
}

fn tree() -> Files {
    Files::of(&[
        ("a/__init__.py", ""),
        ("a/b/__init__.py", "from .manager import Exported\n"),
        ("a/b/manager.py", "class Manager: pass\nManagers = 1\n"),
        ("a/b/stubbed.py", "exec(open('x').read())\n"),
        ("a/b/stubbed.pyi", "class Stub: ...\n"),
        ("a/b/star.py", "from .manager import  \\\n *\n"),
        ("a/b/lazy.py", "def __getattr__(name): ...\n"),
        ("a/wide/__init__.py", "__path__ = extend(__path__)\n"),
        ("ns/deep/mod.py", "X = 1\n"),
        ("x.py", ""),
    ])
}

#[test]
fn what_is_there_can_be_recommended() {
    let there = [
        "a",
        "a.b",
        "a.b.manager",
        "a.b.manager.Manager",
        "a.b.manager.Manager.method",
        "a.b.Exported",
        "a.b.stubbed.Stub",
        "a.b.star.Anything",
        "a.b.lazy.Anything",
        "a.wide.anything",
        "a.b.Exported.deeper",
        "ns",
        "ns.deep",
        "ns.deep.mod",
        "ns.deep.mod.X",
        "x",
    ];
    for path in there {
        assert_eq!(ask(&tree(), &[0], "x/y.py", path), None, "{path}");
    }
}

#[test]
fn what_is_a_third_partys_is_not_judged() {
    for path in ["requests", "requests.api.get", "b.manager"] {
        assert_eq!(ask(&tree(), &[0], "x/y.py", path), None, "{path}");
    }
}

#[test]
fn what_is_missing_is_told() {
    let missing = [
        ("a.b.canonical", "`a.b.canonical` does not exist in this tree"),
        ("a.canonical.deep.X", "`a.canonical` does not exist in this tree"),
        ("ns.other", "`ns.other` does not exist in this tree"),
        ("ns.deep.other.X", "`ns.deep.other` does not exist in this tree"),
        ("a.b.manager.Manage", "`a/b/manager.py` does not mention `Manage`"),
        ("a.b.stubbed.Other", "`a/b/stubbed.py` does not mention `Other`"),
        ("x.y", "`x.py` does not mention `y`"),
    ];
    for (path, words) in missing {
        assert_eq!(ask(&tree(), &[0], "x/y.py", path).as_deref(), Some(words), "{path}");
    }
}

#[test]
fn a_file_is_not_told_to_import_itself() {
    let itself = [
        ("a/b/manager.py", "a.b.manager", "this file is `a.b.manager` itself"),
        ("a/b/manager.py", "a.b.manager.Manager", "this file is `a.b.manager` itself"),
        ("a/b/manager.py", "a.b.manager.Unknown", "this file is `a.b.manager` itself"),
        ("a/b/stubbed.pyi", "a.b.stubbed.Stub", "this file is `a.b.stubbed` itself"),
        ("a/b/__init__.py", "a.b", "this file is `a.b` itself"),
        ("a/b/__init__.py", "a.b.Exported", "this file is `a.b` itself"),
        ("a/b/__init__.py", "a.b.canonical", "`a.b.canonical` does not exist in this tree"),
    ];
    for (file, path, words) in itself {
        assert_eq!(ask(&tree(), &[0], file, path).as_deref(), Some(words), "{file} {path}");
    }
    assert_eq!(ask(&tree(), &[0], "a/b/__init__.py", "a.b.manager.Manager"), None);
}

#[test]
fn any_root_may_bear_a_path_out() {
    let files = Files::of(&[
        ("a/old.py", ""),
        ("src/a/new.py", "X = 1\n"),
        ("services/chat/src/a/deep/mod.py", ""),
        ("services/chat/src/main.py", ""),
    ]);
    assert_eq!(ask(&files, &[0, 3], "src/main.py", "a.new.X"), None);
    assert_eq!(ask(&files, &[3, 0], "src/main.py", "a.new.X"), None);
    // The closest miss is the most informative.
    let words = Some("`a.deep.gone` does not exist in this tree".to_owned());
    assert_eq!(ask(&files, &[0, 17], "services/chat/src/main.py", "a.deep.gone"), words);
    assert_eq!(ask(&files, &[17, 0], "services/chat/src/main.py", "a.deep.gone"), words);
    // A root with its slash, no root, and one that is not a prefix.
    assert_eq!(ask(&files, &[4], "src/main.py", "a.new.X"), None);
    assert_eq!(ask(&files, &[], "src/main.py", "a.gone"), None);
    assert_eq!(ask(&files, &[99], "main.py", "a.old"), None);
    let words = Some("this file is `a.new` itself".to_owned());
    assert_eq!(ask(&files, &[0, 3], "src/a/new.py", "a.new.X"), words);
}

#[test]
fn files_may_hold_anything() {
    let Files(mut files) = tree();
    files.insert(b"a/b/manager.py".to_vec(), Some(b"\xff\xfeM\0a\0n\0".to_vec()));
    files.insert(b"a/b/huge.py".to_vec(), None);
    files.insert(b"a/b/bytes.py".to_vec(), Some(b"\xffMan\xff \0Man\0".to_vec()));
    files.insert(b"a/b/odd.py".to_vec(), Some(b"\xffMan import".to_vec()));
    let files = Files(files);
    assert_eq!(ask(&files, &[0], "x.py", "a.b.manager.Man"), None);
    assert_eq!(ask(&files, &[0], "x.py", "a.b.huge.Man"), None);
    assert_eq!(ask(&files, &[0], "x.py", "a.b.bytes.Man"), None);
    assert_eq!(ask(&files, &[0], "x.py", "a.b.odd.Man").unwrap(), "`a/b/odd.py` does not mention `Man`");
    assert_eq!(ask(&files, &[0], "x.py", "a.b.odd.Män"), None);
}

#[test]
fn faults_of_the_repository_are_passed_on() {
    struct Broken;
    impl Tree for Broken {
        fn is_file(&self, _: &[u8]) -> Result<bool, TreeError> {
            Err("broken".into())
        }
        fn is_folder(&self, _: &[u8]) -> Result<bool, TreeError> {
            Err("broken".into())
        }
        fn read(&self, _: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
            Err("broken".into())
        }
    }
    let around = Surroundings { tree: &Broken, roots: &|_| vec![0] };
    assert!(why_unavailable(b"x.py", &["a".to_owned()], &around).is_err());
    assert!(why_unavailable(b"x.py", &[], &around).is_ok());
}

//! Plain texts, whose imports a search for words can find.

use std::cell::Cell;

use proptest::test_runner::{Config, TestRunner};

use crate::lang::{Asked, File, MAX_IMPORTS};

use super::super::{plain, uses};
use super::imports;

/// Pieces whose combinations are often plain texts.
const PLAIN: &[&str] = &[
    "import ",
    "from ",
    "lazy ",
    " as ",
    "if ",
    "a",
    "old",
    ".old",
    "b.c",
    ".",
    "..",
    ",",
    ", ",
    ";",
    "(",
    ")",
    "'",
    "\"",
    "'''",
    "f'",
    "\\",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "    ",
    "\t",
    "#",
    "\n=======\n",
    "{",
    "}",
    "dict(",
    "import_",
    "dispatch(",
    "patch",
    "patch(",
    "setattr",
    "x.setattr(",
    "dict",
    "'a.old'",
    "# c\n",
    " ",
    "a.b()",
    "from x import patch as p\n",
    "import_module as p",
    "p('a.' 'old')",
];

fn is_plain(text: &str) -> bool {
    plain::is_plain(File { path: b"a/x.py", text: text.as_bytes() })
}

/// Checks that the scanner finds only words of a plain text; returns whether it is plain.
fn holds_if_plain(text: &str) -> bool {
    let is_plain = is_plain(text);
    if is_plain {
        let text = text.as_bytes();
        let rows = imports(text);
        let through = vec![true; rows.len()];
        let uses = uses::uses(text, &rows, Asked { through: &through, begins: &|_| true });
        let words: Vec<&[u8]> = text.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').collect();
        for row in rows.iter().chain(&uses) {
            let paths = [row.module.as_deref(), row.name.as_deref()].into_iter().flatten();
            let mut segments = paths.flat_map(|path| path.split('.'));
            assert!(segments.all(|segment| words.contains(&segment.as_bytes())), "{row:?}");
        }
        assert!(rows.len() <= MAX_IMPORTS);
    }
    is_plain
}

#[test]
fn what_plain_texts_import_stands_in_them() {
    let mut runner = TestRunner::new(Config { cases: 4000, failure_persistence: None, ..Config::default() });
    let (plain, all) = (Cell::new(0), Cell::new(0));
    let pieces = proptest::collection::vec(proptest::sample::select(PLAIN), 0..30);
    let run = |pieces: Vec<&str>| {
        plain.set(plain.get() + usize::from(holds_if_plain(&pieces.concat())));
        all.set(all.get() + 1);
        Ok(())
    };
    runner.run(&pieces, run).unwrap();
    assert!(plain.get() * 3 > all.get(), "{} of {}", plain.get(), all.get());
    assert!(!is_plain(&format!("from a import (\n{}", "b\n=======\n".repeat(20_001))));
}

#[test]
fn what_may_hide_a_name_is_not_plain() {
    for text in [
        "import os",
        "from . import a",
        "important * 2",
        "# reimport",
        "dispatch(1)",
        "my_setattr(x)",
        "a.dict('b')",
        "importlib",
        "from a import (b,\n c)",
        "a = b * c",
        "import_modules('a')",
        "",
        "patch('a.b')",
        "@patch ( # c\n 'a.b', new=1)",
        "mocker.patch((\"a.b\"))",
        "patch.object(a, 'b' 'c')",
        "from unittest.mock import patch\n",
        "x.patch = 1",
        "setattr(a, 'b' 'c', 1)",
        "x = 1\n    setattr(\nself, 'a')",
        "m.setattr('a.b', 1)",
        "delattr",
        "importorskip('a')",
        "pkgutil.resolve_name('a:b')",
        "import pkgutil as pk",
        "from pkgutil import resolve_name",
    ] {
        assert!(is_plain(text), "{text}");
    }
    for text in [
        "from a import *",
        "from a import\t*",
        "from a import*",
        "from a import \x0c*",
        "from a import \\\n*",
        "é",
        "patch('a.' 'b')",
        "patch('a\\x2eb')",
        "patch(new=1, target='a' 'b')",
        "patch(x, 'a')",
        "(patch)('a' 'b')",
        "patch\\\n('a' 'b')",
        "(patch # c\n\n ('a' 'b'))",
        "patch.dict('a')",
        "(patch # c\n . # d\n multiple('a'))",
        "import_module('a')",
        "(__import__)('a')",
        "importorskip('a' 'b')",
        "m.setattr('a.' 'b', 1)",
        "(m.\n setattr('a.' 'b', 1))",
        "(m. # c\n setattr('a.' 'b', 1))",
        "(m.\n # c\n\n setattr('a.' 'b', 1))",
        "m.\\\n setattr('a.' 'b', 1)",
        "find_spec",
        "run_module('a' 'b')",
        "pkgutil.resolve_name('a' ':b')",
        "import_string(x)",
        "from unittest.mock import patch as p",
        "from importlib import (import_module # c\n as im)",
    ] {
        assert!(!is_plain(text), "{text}");
    }
    for gap in 480..530 {
        for call in [
            "patch.{}dict('a' 'b')",
            "patch{}.dict('a' 'b')",
            "patch{}('a' 'b')",
            "patch({}'a' 'b')",
            "m.{}setattr('a' 'b')",
        ] {
            let text = format!("x = ({})", call.replace("{}", &"\n".repeat(gap)));
            assert!(!is_plain(&text), "{text}");
        }
    }
    assert!(!plain::is_plain(File { path: "é/x.py".as_bytes(), text: b"" }));
}

#[test]
fn many_names_of_functions_cost_no_square() {
    for piece in [
        "#patch\n",
        "setattr ",
        "patch('",
        "patch\n",
        "x = setattr\n",
        "patch('a', ",
        "import ",
        "patch()",
        "#setattr\n",
    ] {
        let text = piece.repeat(1 << 18);
        is_plain(&text);
        // A plain text is examined to its end.
        is_plain(&text.replace('#', ""));
    }
}

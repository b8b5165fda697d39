//! Spans, blanked code and hostile texts. Texts with their rows are data: `tests/cases/python/rows.txt`.

mod plain;
mod properties;

use crate::lang::{File, Import, Language, SharedText};

use super::Python;

fn imports(text: &[u8]) -> Vec<Import<'_>> {
    Python.imports(File { path: b"x.py", text })
}

fn blank(text: &[u8]) -> Vec<u8> {
    Python.blank(File { path: b"x.py", text })
}

/// Returns the texts of the statement and the name of each row.
fn spans(text: &str) -> Vec<(String, String)> {
    let slice = |range: &std::ops::Range<usize>| text[range.clone()].to_owned();
    imports(text.as_bytes()).iter().map(|import| (slice(&import.statement), slice(&import.span))).collect()
}

#[test]
fn spans_are_those_of_statement_and_name() {
    for (text, statement, names) in [
        (" import a . b as c , d # e", "import a . b as c , d", &["a . b", "d"][..]),
        ("x; from a import b as c;y", "from a import b as c", &["b"]),
        ("from a import (b, # c\n  d,\n) # e", "from a import (b, # c\n  d,\n)", &["b", "d"]),
        ("lazy  from . import *\n", "lazy  from . import *", &["*"]),
        ("from a import (b,\nimport", "from a import (b", &["b"]),
        ("x = importlib . import_module('a' 'b', (c)) + 1", "importlib . import_module('a' 'b', (c))", &["'a' 'b'"]),
        ("f(mock.patch.dict( 'a.b' ))", "mock.patch.dict( 'a.b' )", &["'a.b'"]),
        ("a().b.patch(target = 'a.b')", "b.patch(target = 'a.b')", &["'a.b'"]),
        ("__import__('a', fromlist=['b', 'c'])", "__import__('a', fromlist=['b', 'c'])", &["'b'", "'c'"]),
        ("patch('a.b', [", "patch('a.b'", &["'a.b'"]),
        ("f'{patch(\"a.b\")}'", "patch(\"a.b\")", &["\"a.b\""]),
    ] {
        let expected: Vec<_> = names.iter().map(|&name| (statement.to_owned(), name.to_owned())).collect();
        assert_eq!(spans(text), expected, "{text}");
    }
}

#[test]
fn texts_without_surprises_are_borrowed() {
    let imports = imports(b"from a.b import c as d\nimport_module('e.f')");
    let borrowed = |text: &Option<std::borrow::Cow<'_, str>>| !matches!(text, Some(std::borrow::Cow::Owned(_)));
    assert!(imports.iter().all(|row| !matches!(row.module, Some(SharedText::Respelt(_)))));
    assert!(imports.iter().all(|row| [&row.name, &row.alias].into_iter().all(borrowed)));
}

#[test]
fn only_code_is_left_of_a_text() {
    for (text, code) in [
        ("a = 'b' # c\nd", "a = ' '    \nd"),
        ("a = '''b\r\nc''' + rb\"\\\"d\"", "a = ''' \r\n ''' + rb\"   \""),
        ("f'a{b!r:>{c}}d' + e", "f' {b!r: {c}} ' + e"),
        ("f'{a['b']:c}' # d", "f'{a[' ']: }'    "),
        ("import a # b\nfrom c import ( # d\n  e) # f", "import a    \nfrom c import (    \n  e)    "),
        ("a = 'b\nc", "a = ' \nc"),
        ("a = '''b # c\nd # e", "a = '''     \nd    "),
        ("a = f'''b {c} # d\n'e'", "a = f'''         \n' '"),
        (
            "\"\"Lost quote.\n\"\"\"\nimport a\ndef f():\n    \"\"\"b\"\"\"",
            "\"\"Lost quote.\n\"\"\"\nimport a\ndef f():\n    \"\"\" \"\"\"",
        ),
    ] {
        assert_eq!(String::from_utf8(blank(text.as_bytes())).unwrap(), code, "{text}");
    }
}

//! The scanner against texts whose rows are known; the same texts go to CPython's parser in `tests/oracle/python`.

mod plain;
mod properties;

use crate::lang::{File, Import, Language, SharedText};
use crate::text::Text;

use super::Python;

fn imports(text: &[u8]) -> Vec<Import<'_>> {
    Python.imports(File { path: b"x.py", text })
}

fn blank(text: &[u8]) -> Vec<u8> {
    Python.blank(File { path: b"x.py", text })
}

fn cell(text: Option<&str>) -> &str {
    text.unwrap_or("-")
}

fn row(text: &Text<'_>, import: &Import<'_>) -> String {
    let (line, name_line) = (text.line_of(import.statement.start), text.line_of(import.span.start));
    let [module, name, alias] = [import.module.as_deref(), import.name.as_deref(), import.alias.as_deref()].map(cell);
    format!("{} {module} {name} {alias} {} {line} {name_line}\n", import.kind.name(), import.level)
}

fn source(case: &str) -> String {
    case.replace('␍', "\r").replace('␌', "\x0c").replace('␀', "\0").replace("␄\n", "")
}

#[test]
fn hard_spots_have_the_rows_that_python_has() {
    let cases = include_str!("cases.txt").split("\n=== ").skip(1);
    let mut count = 0;
    for case in cases {
        let (title, rest) = case.split_once('\n').unwrap();
        let (body, rows) = rest.split_once("\n---").unwrap();
        let text = Text::new(source(&format!("{body}\n")).into_bytes());
        let found: String = imports(text.bytes()).iter().map(|import| row(&text, import)).collect();
        assert_eq!(found.trim(), rows.trim(), "{title}");
        count += 1;
    }
    assert!(count > 40, "{count} cases");
}

/// What the statement and the name of each row are in the text.
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

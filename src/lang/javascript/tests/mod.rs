//! The scanner against texts whose rows are known; the same texts go to TypeScript's parser in `tests/oracle/javascript`.

mod properties;

use std::ops::Range;

use super::JavaScript;
use crate::lang::{File, Import, Language, Shared, testing};

fn imports<'a>(path: &'a str, text: &'a str) -> Vec<Import<'a>> {
    JavaScript.imports(File { path: path.as_bytes(), text: text.as_bytes() })
}

#[test]
fn hard_spots_have_the_rows_that_typescript_has() {
    testing::cases(&JavaScript, "a.ts", include_str!("cases.txt"));
}

#[test]
fn spans_are_those_of_statement_and_name() {
    for (text, statement, names) in [
        (" import d, { a as b } from 'm' ; x", "import d, { a as b } from 'm'", &["d", "a"][..]),
        ("import * as a from 'm' // b", "import * as a from 'm'", &["'m'"]),
        ("import 'm'", "import 'm'", &["'m'"]),
        ("import a from 'm' with { type: 'json' };", "import a from 'm' with { type: 'json' }", &["a"]),
        ("import a = require('m')", "import a = require('m')", &["'m'"]),
        ("export * from 'm'", "export * from 'm'", &["*"]),
        ("export { type a } from 'm'", "export { type a } from 'm'", &["a"]),
        ("x = f(require( 'm' ), 1)", "require( 'm' )", &["'m'"]),
        ("const x = require('m').a.b", "require('m').a", &["a"]),
        ("var y, { a: b, c } = require('m');", "{ a: b, c } = require('m')", &["a", "c"]),
        ("const { a } = await import('m');", "const { a } = await import('m')", &["a"]),
        ("x = (await import('m')).a", "import('m')).a", &["a"]),
        ("let x: import('m').A.B", "import('m').A", &["A"]),
        ("jest.mock('m', () => {})", "jest.mock('m'", &["'m'"]),
        ("vi.mock(import('m'))", "vi.mock(import('m')", &["'m'"]),
        ("/// <reference types='m' /> x", "/// <reference types='m' />", &["'m'"]),
    ] {
        let slice = |range: &Range<usize>| text[range.clone()].to_owned();
        let found: Vec<_> = imports("a.ts", text).iter().map(|row| (slice(&row.statement), slice(&row.span))).collect();
        let expected: Vec<_> = names.iter().map(|&name| (statement.to_owned(), name.to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn texts_without_surprises_are_borrowed() {
    let imports = imports("a.ts", "import { a as b } from 'm'; const c = require('n').d");
    let borrowed = |text: &Option<std::borrow::Cow<'_, str>>| !matches!(text, Some(std::borrow::Cow::Owned(_)));
    assert!(imports.len() == 2 && imports.iter().all(|row| !matches!(row.module, Some(Shared::Respelt(_)))));
    assert!(imports.iter().all(|row| [&row.name, &row.alias].into_iter().all(borrowed)));
}

#[test]
fn only_code_is_left_of_a_text() {
    for (path, text, code) in [
        ("a.ts", "a = 'b' // c\nd", "a = ' '     \nd"),
        ("a.ts", "a = `b\r\n${c + 'd'}e`/* f */", "a = ` \r\n${c + ' '} `       "),
        ("a.ts", "import a /* b */ from 'c' // d", "import a         from ' '     "),
        ("a.ts", "a = /'b/ // c", "a = /'b/     "),
        ("a.ts", "a = 'b\nc", "a = ' \nc"),
        ("a.ts", "a = `b 'c'\nd", "a = `b ' '\nd"),
        ("a.jsx", "a = <b c='d'>it's {e}</b>; 'f'", "a = <b c=' '>     {e}</b>; ' '"),
        ("a.jsx", "a = <b>it's\n'c'", "a = <b>it' \n' '"),
        ("a.vue", "<p>'a'</p><!-- b -->\n<script>// c\nd</script>", "<p>'a'</p>          \n<script>    \nd</script>"),
    ] {
        let blank = JavaScript.blank(File { path: path.as_bytes(), text: text.as_bytes() });
        assert_eq!(String::from_utf8(blank).unwrap(), code, "{text}");
    }
}

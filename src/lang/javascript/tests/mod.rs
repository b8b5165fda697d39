//! Spans, blanked code and hostile texts. Texts with their rows are data: `tests/cases/javascript/rows.txt`.

mod properties;

use std::ops::Range;

use super::JavaScript;
use crate::kind::Kind;
use crate::lang::{Asked, File, Import, Language, SharedText};

fn imports<'a>(path: &'a str, text: &'a str) -> Vec<Import<'a>> {
    JavaScript.imports(File { path: path.as_bytes(), text: text.as_bytes() })
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
        ("x = (await import('m')).a", "(await import('m')).a", &["a"]),
        ("let x: import('m').A.B", "import('m').A", &["A"]),
        ("jest.mock('m', () => {})", "jest.mock('m'", &["'m'"]),
        ("vi.mock(import('m'))", "vi.mock(import('m'))", &["'m'"]),
        ("vi.mock(import('m'), () => {})", "vi.mock(import('m')", &["'m'"]),
        ("import.meta.glob(['m', '!n']) + x", "import.meta.glob(['m', '!n'])", &["'m'"]),
        ("require.ensure(['m', 'n'], f)", "require.ensure(['m', 'n']", &["'m'", "'n'"]),
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
    assert!(imports.len() == 2 && imports.iter().all(|row| !matches!(row.module, Some(SharedText::Respelt(_)))));
    assert!(imports.iter().all(|row| [&row.name, &row.alias].into_iter().all(borrowed)));
}

fn uses(path: &str, text: &str) -> Vec<String> {
    let file = File { path: path.as_bytes(), text: text.as_bytes() };
    let imports = JavaScript.imports(file);
    let through = vec![true; imports.len()];
    let uses = JavaScript.uses(file, &imports, Asked { through: &through, begins: &|_| true });
    let shown = |row: &Import<'_>| {
        let (module, name) = (row.module.as_deref().unwrap_or("-"), row.name.as_deref().unwrap_or("-"));
        assert!(
            matches!(row.kind, Kind::Attribute | Kind::TypeOnly)
                && text[row.statement.clone()].ends_with(&text[row.span.clone()])
        );
        format!("{module}#{name} {}", &text[row.statement.clone()])
    };
    uses.iter().map(shown).collect()
}

#[test]
fn members_of_what_an_import_binds_are_used() {
    for (text, expected) in [
        ("import * as a from 'm'; a.b(); a?.c; a\n  . d; new a.E.F", &["a.b", "a?.c", "a\n  . d", "a.E"][..]),
        ("import a from 'm'; a.b; import { default as c } from 'm'; c.d", &["a.b", "c.d"]),
        ("const a = require('m'), { default: b } = await import('m'); a.c; b.d", &["a.c", "b.d"]),
        ("import a = require('m'); let x: a.B<a.C> = a!.d", &["a.B", "a.C", "a!.d"]),
        ("import type * as a from 'm'; let x: a.B", &["a.B"]),
        ("import * as a from 'm'; <a.B>a.C</a.B>", &["a.B"]),
        ("import * as a from 'm'; [...a.b, x.a.c, { a: 1, a }, '' + a, f(a), a == 1, a <= 2]", &["a.b"]),
        ("a.b; if (a) { a.c } switch (a) {} import * as a from 'm'", &["a.b", "a.c"]),
        ("import * as a from 'm'; // a.b\n'a.b'; `a.b ${a.c}`; /a.b/; a[b]", &["a.c"]),
        ("import * as a from 'm'; interface I<b,\n a,\n c> { x: a.B<a> }", &["a.B"]),
        ("import * as a from 'm'; interface I<a = a.B> {} type T<b, a = {}> = a.C", &["a.B", "a.C"]),
        ("import * as a from 'm'; class C { static a = a.b; readonly a: a.C }", &["a.b", "a.C"]),
        ("import * as a from 'm'; f((x: a) => a.b)", &["a.b"]),
        ("import * as a from 'm'; a.b; f = <T, U = a>(x: T<U, a>, a: V) => 1", &[]),
        ("import * as a from 'm'; a.b; class C { constructor(private a: V) {} }", &[]),
        ("import * as a from 'm'; a.b; type F<T extends (b: V, a: V) => void> = T", &[]),
        ("import * as a from 'm'; a.b; x = 1 < 2, a = 3 > 1", &[]),
        ("import * as a from 'm'; f = (x): a => a.b; async (): a => 1", &["a.b"]),
        ("import * as a from 'm'; a.b; f = x ? (y) : a => 1", &[]),
        ("import * as a from 'm'; a.b; f = { x: a => 1 }", &[]),
        ("import * as a from 'm'; type C = new <b, a = never>(c: d) => a.b", &["a.b"]),
        ("import * as a from 'm'; declare function f(x: { y?: a } & T<a.b>): U", &["a.b"]),
        ("import * as a from 'm'; a.b; export { b, type a, c }", &["a.b"]),
        ("import * as a from 'm'; a.b; ({ x: { y: a } }) => 1", &[]),
        ("import * as a from 'm'; a.b; type a = 1", &[]),
        ("import { a } from 'm'; import 'n'; a.b; export * as c from 'm'; c.d", &[]),
        ("import * as a from 'm'; a.b; function f(a) {}", &[]),
        ("import * as a from 'm'; a.b; x = (b, { c: [a] }) => 1", &[]),
        ("import * as a from 'm'; a.b; const { a } = x", &[]),
        ("import * as a from 'm'; a.b; [b, a] = x", &[]),
        ("import * as a from 'm'; a.b; try {} catch (a) {}", &[]),
        ("import * as a from 'm'; a.b; a = x", &[]),
        ("import * as a from 'm'; a.b; a ||= x", &[]),
        ("import * as a from 'm'; a.b; a++", &[]),
        ("import * as a from 'm'; a.b; a => a", &[]),
        ("import * as a from 'm'; a.b; var b = 1, a;", &[]),
        ("import * as a from 'm'; a.b; class a {}", &[]),
        ("import * as a from 'm'; a.b; for (a of x) ;", &[]),
        ("import * as a from 'm'; a.b; function* a() {}", &[]),
        ("let a = require('m'); a.b; a = null", &[]),
    ] {
        let member = |written: &str| written.rsplit('.').next().unwrap_or_default().trim().to_owned();
        let expected: Vec<_> = expected.iter().map(|&written| format!("m#{} {written}", member(written))).collect();
        let path = if text.contains("</") { "a.tsx" } else { "a.ts" };
        assert_eq!(uses(path, text), expected, "{text}");
    }
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

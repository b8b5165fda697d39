//! Import declarations. `import` is a reserved word, so wherever it occurs in code, a declaration begins.
//!
//! Source: Java Language Specification 7.5; 3.9 for the reserved words.

use std::borrow::Cow;

use crate::kind::Kind;
use crate::lang::jvm::dotted::{self, Segment};
use crate::lang::jvm::walk::Walk;
use crate::lang::jvm::{Style, imports};
use crate::lang::lex::{byte, is_word, rest, word_is};
use crate::lang::{Form, Import, SharedText};

use super::keywords::is_keyword;

/// Returns every import of a text without escapes.
pub(super) fn imports(text: &[u8]) -> Vec<Import<'_>> {
    imports::of(text, Style::Java, None, statement)
}

/// Reads the import at `at`. Returns where to go on.
fn statement<'a>(walk: &mut Walk<'a>, at: usize, rows: &mut Vec<Import<'a>>) -> usize {
    let text = walk.text;
    let after = at + b"import".len();
    if is_part(byte(text, after))
        || at.checked_sub(1).is_some_and(|before| is_part(byte(text, before)) || byte(text, before) == b'.')
    {
        return after;
    }
    let mut first = walk.skip(after);
    let mut names_member = false;
    if word_is(text, first, b"static") && byte(text, first + 6) != b'$' {
        names_member = true;
        first = walk.skip(first + 6);
    } else if word_is(text, first, b"module") {
        // A package may be named `module`, too.
        let next = walk.skip(first + 6);
        if segment(text, next).is_some() {
            first = next;
        }
    }
    let Some(path) = dotted::path(walk, first, false, segment) else { return after };
    let end = if byte(text, path.next) == b';' { path.next + 1 } else { path.end };
    let mut module = path.text;
    let (mut name, mut span) = (None, first..path.end);
    if path.star {
        name = Some(Cow::Borrowed("*"));
        span = path.last..path.end;
    } else if names_member && let Some(dot) = module.rfind('.') {
        (module, name) = cut(module, dot);
        span = path.last..path.end;
    }
    rows.push(Import {
        kind: Kind::Import,
        form: Form::Plain,
        module: Some(SharedText::from(module)),
        name,
        alias: None,
        level: 0,
        statement: at..end,
        span,
    });
    end
}

fn cut(path: Cow<'_, str>, dot: usize) -> (Cow<'_, str>, Option<Cow<'_, str>>) {
    match path {
        Cow::Borrowed(path) => (Cow::Borrowed(&path[..dot]), Some(Cow::Borrowed(&path[dot + 1..]))),
        Cow::Owned(mut path) => {
            let name = path.split_off(dot + 1);
            path.pop();
            (Cow::Owned(path), Some(Cow::Owned(name)))
        }
    }
}

fn is_part(byte: u8) -> bool {
    is_word(byte) || byte == b'$'
}

/// Returns the name at `at`, if there is one.
fn segment(text: &[u8], at: usize) -> Option<Segment> {
    let end = at + rest(text, at).iter().take_while(|&&byte| is_part(byte)).count();
    let name = text.get(at..end)?;
    (!name.is_empty() && !byte(text, at).is_ascii_digit() && !is_keyword(name)).then_some((at..end, end))
}

//! Triple-slash directives: `/// <reference types="node" />`.
//!
//! Format: TypeScript handbook, "Triple-Slash Directives". They count before the first token only.
//! A `path` is relative to this file, with or without a leading dot; a `lib` is no module.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr2;

use crate::kind::Kind;
use crate::lang::lex::{byte, rest, starts};
use crate::lang::{Form, Import, MAX_IMPORTS};

use super::bytes::{line_end, past_comment, skip_spaces, starts_word, word_at};

/// Reads the directives in the comments at `at`.
pub(super) fn read<'a>(text: &'a [u8], mut at: usize, rows: &mut Vec<Import<'a>>) {
    if at == 0 && starts(text, 0, b"#!") {
        at = line_end(text, 0);
    }
    loop {
        at = skip_spaces(text, at);
        let end = past_comment(text, at);
        if end == at || rows.len() > MAX_IMPORTS {
            return;
        }
        if starts(text, at, b"///") {
            rows.extend(reference(text, at..end));
        }
        at = end;
    }
}

fn reference(text: &[u8], comment: Range<usize>) -> Option<Import<'_>> {
    let open = skip_spaces(text, comment.start + 3);
    let line = text.get(..comment.end)?;
    if byte(line, open) != b'<' || !word_at(line, open + 1, b"reference") {
        return None;
    }
    let mut at = open + 1 + b"reference".len();
    let (mut types, mut path) = (None, None);
    loop {
        let sign = at + rest(line, at).iter().position(|&byte| matches!(byte, b'=' | b'>'))?;
        if byte(line, sign) == b'>' {
            break;
        }
        let value = skip_spaces(line, sign + 1);
        let quote = byte(line, value);
        let content = rest(line, value + 1);
        let length = memchr2(quote, b'\n', content).filter(|_| matches!(quote, b'"' | b'\''))?;
        let name = line.get(at..sign)?.trim_ascii_end();
        let span = value..value + length + 2;
        let is = |word: &[u8]| name.ends_with(word) && starts_word(line, at + name.len() - word.len());
        if is(b"types") {
            types = Some(span.clone());
        } else if is(b"path") {
            path = Some(span.clone());
        } else if is(b"lib") || is(b"no-default-lib") {
            return None;
        }
        at = span.end;
    }
    let beside = types.is_none();
    let span = types.or(path).filter(|span| span.len() > 2)?;
    let mut module = String::from_utf8_lossy(line.get(span.start + 1..span.end - 1)?);
    if beside && !module.starts_with(['.', '/']) {
        module = Cow::Owned(format!("./{module}"));
    }
    let end = at + rest(line, at).iter().position(|&byte| byte == b'>')? + 1;
    Some(Import {
        kind: Kind::TypeOnly,
        form: Form::Plain,
        module: Some(module.into()),
        name: None,
        alias: None,
        level: 0,
        statement: comment.start..end,
        span,
    })
}

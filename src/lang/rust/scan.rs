//! The scanner: one pass over a text, skipping strings and comments, from one `use` or
//! `extern crate` to the next.
//!
//! Both are keywords everywhere, so the scanner needs to know nothing else of the language, and
//! finds imports in functions, blocks and macros alike.

use crate::lang::lex::{Quiet, byte, byte_classes, past_plain};
use crate::lang::{Form, Import, MAX_IMPORTS};

use super::bytes::{keyword_is, start};
use super::lexer::Lexer;
use super::statement::{self, Statement};

/// The construct that a byte may start.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum ByteClass {
    Plain,
    /// A comment, a string or a character may start.
    Quiet,
    /// `use` may start.
    Use,
    /// `pub` may start.
    Pub,
    /// The second letter of `extern`, as `x` is rare.
    Extern,
}

/// Class of every byte. The scanner's speed rests on one look-up per byte.
static CLASS: [ByteClass; 256] = byte_classes(
    ByteClass::Plain,
    [
        (b'"', ByteClass::Quiet),
        (b'\'', ByteClass::Quiet),
        (b'/', ByteClass::Quiet),
        (b'u', ByteClass::Use),
        (b'p', ByteClass::Pub),
        (b'x', ByteClass::Extern),
    ],
);

/// Returns every import of the text; of more than [`MAX_IMPORTS`] the first ones and one more.
pub(super) fn imports(text: &[u8]) -> Vec<Import<'_>> {
    let mut lexer = Lexer::new(text, Quiet::ignored());
    let mut rows = Vec::new();
    let mut at = start(text);
    while rows.len() <= MAX_IMPORTS {
        at = past_plain(text, at, &CLASS, ByteClass::Plain);
        let Some(&next) = text.get(at) else { break };
        at = match CLASS[usize::from(next)] {
            ByteClass::Plain => at + 1,
            ByteClass::Quiet => lexer.past(at),
            ByteClass::Use | ByteClass::Pub => item(&mut lexer, at, &mut rows).unwrap_or(at + 1),
            ByteClass::Extern => match at.checked_sub(1).filter(|&before| byte(text, before) == b'e') {
                Some(before) => item(&mut lexer, before, &mut rows).unwrap_or(at + 1),
                None => at + 1,
            },
        };
    }
    rows.truncate(MAX_IMPORTS + 1);
    rows
}

/// Reads the import that may start at `at`. Returns its end.
fn item<'a>(lexer: &mut Lexer<'a>, at: usize, rows: &mut Vec<Import<'a>>) -> Option<usize> {
    let (mut keyword, mut form) = (at, Form::Plain);
    if keyword_is(lexer.text, at, b"pub") {
        keyword = statement::past_visibility(lexer, at + 3);
        form = Form::Export;
    }
    if keyword_is(lexer.text, keyword, b"use") {
        return Some(Statement::new(lexer, at, form).uses(keyword + 3, rows));
    }
    if keyword_is(lexer.text, keyword, b"extern") {
        return Statement::new(lexer, at, form).extern_crate(keyword + 6, rows);
    }
    None
}

/// Returns the text with comments and the contents of strings replaced by spaces.
pub(super) fn blank(text: &[u8]) -> Vec<u8> {
    let mut lexer = Lexer::new(text, Quiet::blanking(text));
    let mut at = start(text);
    lexer.quiet.add(0..at);
    while let Some(length) = memchr::memchr3(b'"', b'\'', b'/', text.get(at..).unwrap_or_default()) {
        at = lexer.past(at + length);
    }
    lexer.quiet.into_code()
}

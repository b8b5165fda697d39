//! Import directives. `import` may also be a name, so the tokens after it decide: a path, followed by the end of the
//! line, a semicolon, or the beginning of a declaration.
//!
//! Source: Kotlin specification 1.2 (`IMPORT` is a soft keyword) and 1.3 (`importHeader`). Within a path, a line may
//! end only before a dot; it may also end before `as`.

use std::borrow::Cow;

use crate::kind::Kind;
use crate::lang::jvm::dotted::{self, Dotted, Segment, has_line_end};
use crate::lang::jvm::walk::{Walk, past_backtick};
use crate::lang::jvm::{Style, imports};
use crate::lang::lex::{byte, is_word, rest, word_is};
use crate::lang::{Form, Import, SharedText};

/// Returns every import of a text.
pub(super) fn imports(text: &[u8]) -> Vec<Import<'_>> {
    imports::of(text, Style::Kotlin, None, |walk, at, rows| {
        let (end, row) = directive(walk, at);
        rows.extend(row);
        end
    })
}

/// Reads the directive at `at`. Returns where to go on.
fn directive<'a>(walk: &mut Walk<'a>, at: usize) -> (usize, Option<Import<'a>>) {
    let text = walk.text;
    let after = at + b"import".len();
    if !word_is(text, at, b"import") || !may_begin(walk, at) {
        return (after, None);
    }
    let first = walk.skip(after);
    if has_line_end(text, after, first) {
        return (after, None);
    }
    let Some(path) = dotted::path(walk, first, true, segment) else { return (after, None) };
    let Dotted { mut end, mut next, .. } = path;
    let mut alias = None;
    if word_is(text, next, b"as") {
        let name = walk.skip(next + 2);
        if let Some((local, local_end)) = segment(text, name).filter(|_| !has_line_end(text, next, name)) {
            alias = text.get(local).map(String::from_utf8_lossy);
            end = local_end;
            next = walk.skip(end);
        }
    }
    if !ends(text, end, next) {
        return (after, None);
    }
    if byte(text, next) == b';' {
        end = next + 1;
    }
    walk.reset();
    let span = if path.star { path.end - 1..path.end } else { first..path.end };
    let row = Import {
        kind: Kind::Import,
        form: Form::Plain,
        module: Some(SharedText::from(path.text)),
        name: path.star.then_some(Cow::Borrowed("*")),
        alias,
        level: 0,
        statement: at..end,
        span,
    };
    (end, Some(row))
}

/// Returns whether a directive can begin after the code before it: not as a member, nor where a name is declared.
fn may_begin(walk: &Walk<'_>, at: usize) -> bool {
    let text = walk.text;
    let end = walk.before(at);
    // An unfinished expression on an earlier line is broken code.
    if end == 0 || has_line_end(text, end, at) {
        return true;
    }
    if matches!(byte(text, end - 1), b'.' | b':' | b'$' | b'=' | b'(' | b',') {
        return false;
    }
    let words: [&[u8]; 7] = [b"val", b"var", b"fun", b"class", b"return", b"object", b"in"];
    let before = text.get(..end).unwrap_or_default();
    !words.iter().any(|word| before.ends_with(word) && word_is(text, end - word.len(), word))
}

/// Returns whether the next token ends a directive: it is on another line, or begins another statement.
fn ends(text: &[u8], end: usize, next: usize) -> bool {
    const BEGIN: &[&[u8]] = &[
        b"import",
        b"package",
        b"class",
        b"interface",
        b"object",
        b"fun",
        b"val",
        b"var",
        b"typealias",
        b"abstract",
        b"annotation",
        b"data",
        b"enum",
        b"external",
        b"final",
        b"inline",
        b"internal",
        b"open",
        b"operator",
        b"private",
        b"public",
        b"sealed",
        b"suspend",
        b"value",
        b"const",
        b"expect",
        b"actual",
        b"infix",
        b"tailrec",
        b"lateinit",
        b"override",
    ];
    next >= text.len()
        || matches!(byte(text, next), b';' | b'@' | b'}')
        || has_line_end(text, end, next)
        || BEGIN.iter().any(|word| word_is(text, next, word))
}

/// Returns the name at `at`, and its end.
fn segment(text: &[u8], at: usize) -> Option<Segment> {
    if byte(text, at) == b'`' {
        let end = past_backtick(text, at).filter(|end| end - at > 2)?;
        return Some((at + 1..end - 1, end));
    }
    let end = at + rest(text, at).iter().take_while(|&&byte| is_word(byte)).count();
    let name = text.get(at..end)?;
    (!name.is_empty() && !byte(text, at).is_ascii_digit() && !HARD.contains(&name)).then_some((at..end, end))
}

/// Hard keywords, which are names only in backticks.
const HARD: &[&[u8]] = &[
    b"as",
    b"break",
    b"class",
    b"continue",
    b"do",
    b"else",
    b"false",
    b"for",
    b"fun",
    b"if",
    b"in",
    b"interface",
    b"is",
    b"null",
    b"object",
    b"package",
    b"return",
    b"super",
    b"this",
    b"throw",
    b"true",
    b"try",
    b"typealias",
    b"typeof",
    b"val",
    b"var",
    b"when",
    b"while",
];

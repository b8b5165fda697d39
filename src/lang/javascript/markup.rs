//! Scripts of a file: the whole text as a rule; the `<script>` blocks of `.vue`, `.svelte` and
//! `.astro` files, and the front matter between the `---` lines at the start of an `.astro` file.
//!
//! Format: the SFC syntax specification of Vue; the Svelte reference, ".svelte files"; the Astro
//! syntax reference; HTML, 13.1.2.1, for the end of a script's text.

use std::ops::Range;

use memchr::{memchr, memmem};

use crate::lang::File;
use crate::lang::lex::{byte, line_end, past, rest, starts};

use super::scanner::Dialect;

/// A stretch of code in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) dialect: Dialect,
}

/// Returns the dialect of the file at `path`, by its name.
fn dialect(path: &[u8]) -> Dialect {
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let ends = |ending: &[u8]| name.ends_with(ending);
    let types = ends(b".ts") || ends(b".tsx") || ends(b".mts") || ends(b".cts");
    let declarations = ends(b".d.ts") || ends(b".d.mts") || ends(b".d.cts") || (ends(b".ts") && has(name, b".d."));
    // A script without an ending may be in any dialect.
    let script = !name.contains(&b'.');
    Dialect { jsx: !types || ends(b".tsx"), types: types || script, declarations }
}

fn has(text: &[u8], needle: &[u8]) -> bool {
    memmem::find(text, needle).is_some()
}

/// Returns the scripts of a file; calls `comment` with the comments between them.
pub(super) fn parts(file: File<'_>, comment: impl FnMut(Range<usize>)) -> Vec<Part> {
    let File { path, text } = file;
    if path.ends_with(b".vue") || path.ends_with(b".svelte") {
        return scripts(text, 0, Dialect::default(), comment);
    }
    if path.ends_with(b".astro") {
        let types = Dialect { types: true, ..Dialect::default() };
        let Some(front) = front_matter(text) else { return scripts(text, 0, types, comment) };
        let mut parts = vec![Part { start: front.start, end: front.end, dialect: types }];
        parts.extend(scripts(text, front.end, types, comment));
        return parts;
    }
    vec![Part { start: 0, end: text.len(), dialect: dialect(path) }]
}

/// Returns the range between the first two `---`, if only whitespace precedes them.
fn front_matter(text: &[u8]) -> Option<Range<usize>> {
    let open = text.len() - text.trim_ascii_start().len();
    if !starts(text, open, b"---") {
        return None;
    }
    let start = open + 3;
    let mut at = start;
    loop {
        let line = line_end(text, at);
        at = (line + 1).min(text.len());
        let code = rest(text, at);
        let indented = code.len() - code.trim_ascii_start().len();
        if code.is_empty() || starts(text, at + indented, b"---") {
            return Some(start..at);
        }
    }
}

/// Returns the `<script>` blocks from `at` on, outside comments.
fn scripts(text: &[u8], mut at: usize, dialect: Dialect, mut comment: impl FnMut(Range<usize>)) -> Vec<Part> {
    let mut parts = Vec::new();
    while let Some(length) = memchr(b'<', rest(text, at)) {
        at += length;
        if starts(text, at, b"<!--") {
            let end = past(text, at + 4, b"-->");
            comment(at..end);
            at = end;
            continue;
        }
        let raw = [&b"script"[..], b"style"].into_iter().find(|name| tag_is(text, at + 1, name));
        let Some(name) = raw else {
            at += 1;
            continue;
        };
        let Some(tag) = tag_end(text, at + 1) else { return parts };
        if byte(text, tag - 2) == b'/' {
            at = tag;
            continue;
        }
        let end = closing(text, tag, name);
        let attributes = text.get(at..tag).unwrap_or_default();
        if name == b"script" && is_code(attributes) {
            parts.push(Part { start: tag, end, dialect: with_language(dialect, attributes) });
        }
        at = end;
    }
    parts
}

fn tag_is(text: &[u8], at: usize, name: &[u8]) -> bool {
    let found = text.get(at..at + name.len()).unwrap_or_default();
    let after = byte(text, at + name.len());
    found.eq_ignore_ascii_case(name) && (after.is_ascii_whitespace() || matches!(after, b'>' | b'/'))
}

/// Returns the offset past the `>` of the tag that contains `at`; quotes may contain others.
fn tag_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match text.get(at)? {
            b'>' => return Some(at + 1),
            quote @ (b'"' | b'\'') => at += 2 + memchr(*quote, rest(text, at + 1))?,
            _ => at += 1,
        }
    }
}

/// Returns the end of the raw text at `at`: the start of its closing tag `</name`.
fn closing(text: &[u8], mut at: usize, name: &[u8]) -> usize {
    while let Some(length) = memmem::find(rest(text, at), b"</") {
        at += length;
        if tag_is(text, at + 2, name) {
            return at;
        }
        at += 2;
    }
    text.len()
}

/// Returns the value of an attribute, without its opening quote if it has quotes.
fn attribute<'t>(tag: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    let mut words = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'>');
    let value = words.find_map(|word| word.strip_prefix(name)?.strip_prefix(b"="))?;
    Some(value.trim_ascii().strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value))
}

/// Returns whether a script is code by its tag, not data (`type="application/json"`).
fn is_code(tag: &[u8]) -> bool {
    let data = |kind: &[u8]| has(kind, b"json") || has(kind, b"template") || has(kind, b"html");
    !attribute(tag, b"type").is_some_and(data)
}

fn with_language(dialect: Dialect, tag: &[u8]) -> Dialect {
    let language = attribute(tag, b"lang").unwrap_or_default();
    let is = |name: &[u8]| language.starts_with(name);
    Dialect {
        jsx: is(b"tsx") || is(b"jsx"),
        types: dialect.types || is(b"ts") || is(b"typescript"),
        declarations: false,
    }
}

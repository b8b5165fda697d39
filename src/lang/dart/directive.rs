//! A directive: its URIs, its prefix, the names it shows.
//!
//! Source: Dart language specification, "Imports", "Exports", "Parts".

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::lex::{byte, is_word, line_end, past_nested, rest, skip_spaces, starts};
use crate::lang::{Form, Import};

use super::text::strings;

/// Maximum length of a condition.
const MAX_CONDITION_BYTES: usize = 512;
/// Maximum number of names in a list.
const MAX_NAMES: usize = 10_000;

/// A directive as written.
pub(super) struct Directive<'a> {
    pub(super) form: Form,
    /// The URI, followed by those of its conditions.
    pub(super) uris: Vec<(Cow<'a, str>, Range<usize>)>,
    /// The prefix of `as p` or `deferred as p`.
    pub(super) prefix: Option<Range<usize>>,
    pub(super) deferred: bool,
    /// The names listed after `show`, if any.
    pub(super) shown: Vec<Range<usize>>,
    /// Span from the keyword to the semicolon.
    pub(super) place: Range<usize>,
}

/// Reads the directive whose keyword is at `at`.
pub(super) fn read(text: &[u8], at: usize) -> Option<Directive<'_>> {
    let (form, end) = match word(text, at) {
        b"import" => (Form::Plain, at + 6),
        b"export" => (Form::Export, at + 6),
        b"part" => (Form::Include, at + 4),
        _ => return None,
    };
    let first = strings(text, skip_spaces(text, end))?;
    let mut place = at..first.1.end;
    let mut directive =
        Directive { form, uris: vec![first], prefix: None, deferred: false, shown: Vec::new(), place: place.clone() };
    loop {
        let next = skip_trivia(text, place.end);
        let end = next + word(text, next).len();
        match word(text, next) {
            b"if" => {
                let Some(uri) = past_condition(text, end).and_then(|at| strings(text, skip_trivia(text, at))) else {
                    break;
                };
                place.end = uri.1.end;
                directive.uris.push(uri);
            }
            b"deferred" => {
                directive.deferred = true;
                place.end = end;
            }
            b"as" => {
                let name = skip_trivia(text, end);
                let range = name..name + word(text, name).len();
                if range.is_empty() {
                    break;
                }
                place.end = range.end;
                directive.prefix = Some(range);
            }
            b"show" => place.end = names(text, end, &mut directive.shown),
            b"hide" => place.end = names(text, end, &mut Vec::new()),
            _ => {
                if byte(text, next) == b';' {
                    place.end = next + 1;
                }
                break;
            }
        }
    }
    directive.place = place;
    Some(directive)
}

/// Reads a list of names. Returns its end.
fn names(text: &[u8], at: usize, names: &mut Vec<Range<usize>>) -> usize {
    let mut end = at;
    while names.len() < MAX_NAMES {
        let start = skip_trivia(text, end);
        let name = word(text, start);
        if name.is_empty() {
            return end;
        }
        end = start + name.len();
        names.push(start..end);
        let comma = skip_trivia(text, end);
        if byte(text, comma) != b',' {
            return end;
        }
        end = comma + 1;
    }
    end
}

/// Returns the offset past the parentheses after `if`.
fn past_condition(text: &[u8], at: usize) -> Option<usize> {
    let open = skip_trivia(text, at);
    let near = text.get(open..(open + MAX_CONDITION_BYTES).min(text.len()))?;
    if byte(near, 0) != b'(' {
        return None;
    }
    let mut depth = 0_usize;
    for (length, byte) in near.iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(open + length + 1),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Returns the offset past whitespace, line ends and comments.
fn skip_trivia(text: &[u8], mut at: usize) -> usize {
    loop {
        at = skip_spaces(text, at);
        if starts(text, at, b"//") {
            at = line_end(text, at);
        } else if starts(text, at, b"/*") {
            at = past_nested(text, at + 2, *b"/*", *b"*/");
        } else {
            return at;
        }
    }
}

/// Returns the word at `at`; `$` counts as a word character.
fn word(text: &[u8], at: usize) -> &[u8] {
    let text = rest(text, at);
    if byte(text, 0).is_ascii_digit() {
        return b"";
    }
    text.get(..text.iter().take_while(|&&byte| is_word(byte) || byte == b'$').count()).unwrap_or_default()
}

impl<'a> Directive<'a> {
    /// Adds an import for each URI and each name.
    pub(super) fn rows(&self, text: &'a [u8], rows: &mut Vec<Import<'a>>) {
        let written = |range: &Range<usize>| String::from_utf8_lossy(text.get(range.clone()).unwrap_or_default());
        let alias = self.prefix.as_ref().map(written);
        for (uri, place) in &self.uris {
            let module: crate::lang::SharedText<'a> = uri.clone().into();
            let row = |name: Option<Cow<'a, str>>, span: Range<usize>| {
                let (form, alias, statement) = (self.form, alias.clone(), self.place.clone());
                Import {
                    kind: Kind::Import,
                    form,
                    module: Some(module.clone()),
                    name,
                    alias,
                    level: 0,
                    statement,
                    span,
                }
            };
            if !self.shown.is_empty() {
                rows.extend(self.shown.iter().map(|name| row(Some(written(name)), name.clone())));
            } else if self.prefix.is_some() || self.form == Form::Include {
                rows.push(row(None, place.clone()));
            } else {
                rows.push(row(Some(Cow::Borrowed("*")), place.clone()));
            }
        }
    }
}

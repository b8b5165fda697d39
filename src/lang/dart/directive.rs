//! A directive: its URIs, its prefix, the names it shows.
//!
//! Source: Dart language specification, "Imports", "Exports", "Parts".

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::backtrack::Budget;
use crate::lang::lex::{byte, is_word, rest};
use crate::lang::{Form, Import};

use super::text::{skip_trivia, strings};

/// Maximum length of a condition, without white space and comments.
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

/// Reads the directive whose keyword is at `at`, and whose URI is at `uri` if that is known. Comments that are never
/// closed cost `budget`.
pub(super) fn read<'a>(text: &'a [u8], at: usize, uri: Option<usize>, budget: &mut Budget) -> Option<Directive<'a>> {
    let (form, end) = match word(text, at) {
        b"import" => (Form::Plain, at + 6),
        b"export" => (Form::Export, at + 6),
        b"part" => (Form::Include, at + 4),
        _ => return None,
    };
    let first = uri.unwrap_or_else(|| skip_trivia(text, end, budget));
    let first = strings(text, first, budget)?;
    let mut place = at..first.1.end;
    let mut directive =
        Directive { form, uris: vec![first], prefix: None, deferred: false, shown: Vec::new(), place: place.clone() };
    loop {
        let next = skip_trivia(text, place.end, budget);
        let end = next + word(text, next).len();
        match word(text, next) {
            b"if" => {
                let Some(at) = past_condition(text, end, budget) else { break };
                let at = skip_trivia(text, at, budget);
                let Some(uri) = strings(text, at, budget) else { break };
                place.end = uri.1.end;
                directive.uris.push(uri);
            }
            b"deferred" => {
                directive.deferred = true;
                place.end = end;
            }
            b"as" => {
                let name = skip_trivia(text, end, budget);
                let range = name..name + word(text, name).len();
                if range.is_empty() {
                    break;
                }
                place.end = range.end;
                directive.prefix = Some(range);
            }
            b"show" => place.end = names(text, end, &mut directive.shown, budget),
            b"hide" => place.end = names(text, end, &mut Vec::new(), budget),
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
fn names(text: &[u8], at: usize, names: &mut Vec<Range<usize>>, budget: &mut Budget) -> usize {
    let mut end = at;
    while names.len() < MAX_NAMES {
        let start = skip_trivia(text, end, budget);
        let name = word(text, start);
        if name.is_empty() {
            return end;
        }
        end = start + name.len();
        names.push(start..end);
        let comma = skip_trivia(text, end, budget);
        if byte(text, comma) != b',' {
            return end;
        }
        end = comma + 1;
    }
    end
}

/// Returns the offset past the parentheses after `if`.
fn past_condition(text: &[u8], at: usize, budget: &mut Budget) -> Option<usize> {
    let mut at = skip_trivia(text, at, budget);
    if byte(text, at) != b'(' {
        return None;
    }
    let (mut depth, mut tokens) = (0_usize, 0);
    while tokens < MAX_CONDITION_BYTES {
        match *text.get(at)? {
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at + 1),
            b')' => depth -= 1,
            _ => {}
        }
        at = skip_trivia(text, at + 1, budget);
        tokens += 1;
    }
    None
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

//! Using directives. Unlike using statements, they hold a name, or an alias for a type, and a semicolon.
//!
//! Format: C# language specification, 14.5; C# 10, "Global using directive".

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::lex::{Quiet, byte, is_space, is_word, starts, unicode_space_end, word_is};
use crate::lang::{Form, Import};

use super::identifiers;
use super::literals::gap;
use super::types::{self, Name};

/// Maximum length of a directive; it bounds failed lookaheads.
const MAX_DIRECTIVE_BYTES: usize = 1 << 14;

/// Returns whether `at..end` is a whole word, not part of a longer name.
fn stands_alone(text: &[u8], at: usize, end: usize) -> bool {
    let spaced = |length: usize| at >= length && unicode_space_end(text, at - length) == at;
    let before = at.checked_sub(1).map_or(b' ', |before| byte(text, before));
    let begins = !matches!(before, b'@' | b'.') && (!is_word(before) || spaced(2) || spaced(3));
    begins && (!is_word(byte(text, end)) || unicode_space_end(text, end) > end)
}

/// Returns whether a directive starts with the `using` at `at`.
pub(super) fn is_one(text: &[u8], at: usize) -> bool {
    read(text, at, &mut Vec::new(), &mut Quiet::ignored()).is_some()
}

/// Adds the imports of the directive whose `using` is at `at`. Returns its end; `None` if it is not a directive.
pub(super) fn read<'a>(text: &'a [u8], at: usize, rows: &mut Vec<Import<'a>>, quiet: &mut Quiet) -> Option<usize> {
    let end = at + b"using".len();
    if !starts(text, at, b"using") || !stands_alone(text, at, end) {
        return None;
    }
    let near = text.get(..text.len().min(at + MAX_DIRECTIVE_BYTES))?;
    let mut next = gap(near, end, quiet);
    let mut of_type = false;
    loop {
        let end = identifiers::end(near, next);
        match near.get(next..end)? {
            b"static" => of_type = true,
            b"unsafe" => {}
            _ => break,
        }
        next = gap(near, end, quiet);
    }
    let end = identifiers::end(near, next);
    if end == next {
        // C# 12: only an alias may name a tuple.
        return None;
    }
    let sign = gap(near, end, quiet);
    let aliased = byte(near, sign) == b'=' && !matches!(byte(near, sign + 1), b'=' | b'>');
    let alias = aliased.then(|| identifiers::read(near.get(next..end).unwrap_or_default()));
    let (names, named, semicolon) = if aliased {
        let target = gap(near, sign + 1, quiet);
        types::read(near, target, quiet)?
    } else {
        types::read(near, next, quiet)?
    };
    if alias.is_none() && (!named || (!of_type && names.len() > 1)) {
        return None;
    }
    let statement = start(text, at)..semicolon + 1;
    for (number, name) in names.iter().enumerate() {
        let first = number == 0 && named;
        let star = first && alias.is_none();
        let alias = alias.clone().filter(|_| first);
        rows.extend(row(text, name, star.then_some(Cow::Borrowed("*")), alias, &statement));
    }
    Some(semicolon + 1)
}

fn row<'a>(
    text: &'a [u8],
    name: &Name,
    star: Option<Cow<'a, str>>,
    alias: Option<Cow<'a, str>>,
    statement: &Range<usize>,
) -> Option<Import<'a>> {
    Some(Import {
        kind: Kind::Import,
        form: Form::Plain,
        module: Some(name.path(text)?.into()),
        name: star,
        alias,
        level: 0,
        statement: statement.clone(),
        span: name.span()?,
    })
}

/// Returns the start of the directive whose `using` is at `at`: `global` may precede it.
fn start(text: &[u8], at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let blanks = before.iter().rev().take_while(|&&byte| is_space(byte)).count();
    let Some(word) = (at - blanks).checked_sub(b"global".len()) else { return at };
    if blanks > 0 && word_is(text, word, b"global") { word } else { at }
}

//! Import statements.
//!
//! Format: Python language reference, 7.11 "The import statement"; PEP 810 (`lazy`).

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::{Form, Import, MAX_IMPORTS, SharedText};

use super::bytes::{byte, dotted, identifier, is_line_end, line_end, skip_lines, skip_spaces, word_end, word_is};

/// Words that cannot be names (reference, 2.3.1); one in place of a name ends the statement early.
const KEYWORDS: [&[u8]; 35] = [
    b"False",
    b"None",
    b"True",
    b"and",
    b"as",
    b"assert",
    b"async",
    b"await",
    b"break",
    b"class",
    b"continue",
    b"def",
    b"del",
    b"elif",
    b"else",
    b"except",
    b"finally",
    b"for",
    b"from",
    b"global",
    b"if",
    b"import",
    b"in",
    b"is",
    b"lambda",
    b"nonlocal",
    b"not",
    b"or",
    b"pass",
    b"raise",
    b"return",
    b"try",
    b"while",
    b"with",
    b"yield",
];

/// Reads the import statement at `at`, if there is one: adds a row per name and returns its end.
pub(super) fn read<'a>(text: &'a [u8], at: usize, kind: Kind, rows: &mut Vec<Import<'a>>) -> Option<usize> {
    let keyword = if word_is(text, at, b"lazy") { skip_spaces(text, at + 4) } else { at };
    let first = rows.len();
    let mut reader = Reader { text, kind, rows, module: None, level: 0, end: keyword };
    if word_is(text, keyword, b"import") {
        reader.modules(keyword + 6);
    } else if word_is(text, keyword, b"from") {
        reader.names_of(keyword + 4);
    }
    let end = reader.end;
    for row in rows.get_mut(first..).unwrap_or_default() {
        row.statement = at..end;
    }
    (rows.len() > first).then_some(end)
}

/// Returns whether an import statement surely begins at `at`. Asked inside brackets, where valid
/// programs have none (only `from`, after `yield`): then the brackets were left open by mistake.
pub(super) fn is_import_statement(text: &[u8], at: usize) -> bool {
    let at = if word_is(text, at, b"lazy") { skip_spaces(text, at + 4) } else { at };
    if word_is(text, at, b"import") {
        let name = skip_spaces(text, at + 6);
        return dotted(text, name, skip_spaces).is_some_and(|(_, range)| follows_name(text, range.end));
    }
    word_is(text, at, b"from") && {
        let (_, _, keyword) = module_of(text, at + 4);
        let next = byte(text, skip_spaces(text, keyword + 6));
        word_is(text, keyword, b"import") && (matches!(next, b'(' | b'*' | b'_') || next.is_ascii_alphabetic())
    }
}

/// Reads what follows `from`: the number of dots, the module, and the offset of `import`.
fn module_of(text: &[u8], mut at: usize) -> (u32, Option<SharedText<'_>>, usize) {
    let mut level = 0;
    loop {
        at = skip_spaces(text, at);
        if byte(text, at) != b'.' {
            break;
        }
        level += 1;
        at += 1;
    }
    if word_is(text, at, b"import") {
        return (level, None, at);
    }
    match dotted(text, at, skip_spaces) {
        Some((module, range)) => (level, Some(module.into()), skip_spaces(text, range.end)),
        None => (level, None, at),
    }
}

/// Returns whether an imported name may be followed by what is at `at`; this rules out prose
/// ("import the file.").
fn follows_name(text: &[u8], at: usize) -> bool {
    let next = skip_spaces(text, at);
    match byte(text, next) {
        b'(' | b'[' | b'{' | b'=' | b':' | b'.' | b'"' | b'\'' => false,
        _ => word_end(text, next) == next || word_is(text, next, b"as"),
    }
}

struct Reader<'a, 'r> {
    text: &'a [u8],
    kind: Kind,
    rows: &'r mut Vec<Import<'a>>,
    module: Option<SharedText<'a>>,
    level: u32,
    /// End of the statement's last token.
    end: usize,
}

impl<'a> Reader<'a, '_> {
    /// `import a.b as c, d`
    fn modules(&mut self, mut at: usize) {
        while let Some((module, span)) = dotted(self.text, skip_spaces(self.text, at), skip_spaces) {
            if is_keyword(&self.text[span.clone()]) || !follows_name(self.text, span.end) {
                return;
            }
            self.module = Some(module.into());
            at = self.row(None, span, skip_spaces);
            if byte(self.text, at) != b',' {
                return;
            }
            at += 1;
        }
    }

    /// `from a.b import c as d, e`, `from . import *`, `from a import (b, c)`
    fn names_of(&mut self, at: usize) {
        let keyword;
        (self.level, self.module, keyword) = module_of(self.text, at);
        if !word_is(self.text, keyword, b"import") || (self.level == 0 && self.module.is_none()) {
            return;
        }
        let at = skip_spaces(self.text, keyword + 6);
        match byte(self.text, at) {
            b'*' => _ = self.row(Some(Cow::Borrowed("*")), at..at + 1, skip_spaces),
            b'(' => self.names_in_brackets(at + 1),
            _ => self.names(at),
        }
    }

    fn names(&mut self, mut at: usize) {
        while let Some(span) = self.name(at).filter(|span| follows_name(self.text, span.end)) {
            at = self.row(Some(identifier(&self.text[span.clone()])), span, skip_spaces);
            if byte(self.text, at) != b',' {
                return;
            }
            at = skip_spaces(self.text, at + 1);
        }
    }

    /// Reads names up to the closing bracket. Lines without one (a conflict marker, an accident)
    /// are skipped; a keyword, or a line that is clearly another statement, ends an unclosed list.
    fn names_in_brackets(&mut self, mut at: usize) {
        let mut listed = true;
        loop {
            at = skip_lines(self.text, at);
            if byte(self.text, at) == b')' {
                self.end = at + 1;
                return;
            }
            if at >= self.text.len() {
                return;
            }
            if let Some(span) = self.name(at) {
                if !listed || !self.follows_listed(span.end) {
                    if !listed || !self.accident_at(span.end) {
                        return;
                    }
                    at = line_end(self.text, at);
                    continue;
                }
                at = self.row(Some(identifier(&self.text[span.clone()])), span, skip_lines);
                listed = byte(self.text, at) == b',';
                at += usize::from(listed);
            } else if word_end(self.text, at) > at || (!listed && !is_marker(self.text, at)) {
                return;
            } else {
                listed = true;
                at = line_end(self.text, at);
            }
        }
    }

    /// Returns whether what follows a name inside brackets lets it be a name of the list: a comma,
    /// the bracket, `as`, a comment, or another line.
    fn follows_listed(&self, at: usize) -> bool {
        let next = skip_spaces(self.text, at);
        let byte = byte(self.text, next);
        matches!(byte, b',' | b')' | b'#')
            || is_line_end(byte)
            || next >= self.text.len()
            || word_is(self.text, next, b"as")
    }

    /// Returns whether only a stray bracket or quote is between a name and the end of its line.
    fn accident_at(&self, at: usize) -> bool {
        let stray = skip_spaces(self.text, at);
        let comma = skip_spaces(self.text, stray + 1);
        let end = if byte(self.text, comma) == b',' { skip_spaces(self.text, comma + 1) } else { comma };
        matches!(byte(self.text, stray), b'(' | b'[' | b']' | b'{' | b'}' | b'"' | b'\'')
            && is_line_end(byte(self.text, end))
    }

    fn name(&self, at: usize) -> Option<Range<usize>> {
        let end = word_end(self.text, at);
        (end > at && !is_keyword(&self.text[at..end])).then_some(at..end)
    }

    /// Adds the row of a name, with its alias, and returns the start of the next token.
    fn row(&mut self, name: Option<Cow<'a, str>>, span: Range<usize>, skip: fn(&[u8], usize) -> usize) -> usize {
        self.end = span.end;
        let mut next = skip(self.text, span.end);
        let mut alias = None;
        if word_is(self.text, next, b"as")
            && let Some(local) = self.name(skip(self.text, next + 2))
        {
            self.end = local.end;
            next = skip(self.text, local.end);
            alias = Some(identifier(&self.text[local]));
        }
        let module = match &self.module {
            Some(_) if name.is_none() => self.module.take(),
            module => module.clone(),
        };
        if self.rows.len() <= MAX_IMPORTS {
            self.rows.push(Import {
                kind: self.kind,
                form: Form::Plain,
                module,
                name,
                alias,
                level: self.level,
                statement: 0..0,
                span,
            });
        }
        next
    }
}

pub(super) fn is_keyword(word: &[u8]) -> bool {
    KEYWORDS.binary_search(&word).is_ok()
}

/// Returns whether a conflict marker starts at `at`: one sign seven times, never in a program.
pub(super) fn is_marker(text: &[u8], at: usize) -> bool {
    let sign = byte(text, at);
    matches!(sign, b'<' | b'=' | b'>' | b'|')
        && text.get(at..at + 7).is_some_and(|signs| signs.iter().all(|&next| next == sign))
}

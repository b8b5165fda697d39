//! An import declaration: attributes, access level, kind, path.
//!
//! Source: The Swift Programming Language, "Declarations: Import Declaration".

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr2;

use crate::kind::Kind;
use crate::lang::backtrack::Budget;
use crate::lang::lex::{byte, is_word, line_end, past_nested, skip_blanks, skip_spaces, starts, word_end};
use crate::lang::{Form, Import};

/// Maximum number of attributes before an import.
const MAX_ATTRIBUTES: usize = 16;
/// Maximum length of a name in backticks; a failed lookahead that is no longer costs nothing.
const MAX_NAME_BYTES: usize = 256;

/// An import declaration, and the contents of the comments within it.
pub(super) struct Declaration<'a> {
    pub(super) import: Import<'a>,
    pub(super) comments: Vec<Range<usize>>,
}

/// Reads the import that starts at `at`, if there is one.
pub(super) fn read<'a>(text: &'a [u8], at: usize, budget: &mut Budget) -> Option<Declaration<'a>> {
    let mut reader = Reader { text, reached: at, is_poor: budget.is_spent(), comments: Vec::new() };
    let import = reader.import(at);
    if import.is_none() {
        budget.affords(reader.reached.saturating_sub(at + MAX_NAME_BYTES));
    }
    let import = import?;
    let mut comments = reader.comments;
    comments.retain(|comment| comment.start < import.statement.end);
    Some(Declaration { import, comments })
}

struct Reader<'a> {
    text: &'a [u8],
    /// End of what was looked at.
    reached: usize,
    /// Whether failed lookaheads have cost so much that comments and arguments must end soon.
    is_poor: bool,
    comments: Vec<Range<usize>>,
}

impl<'a> Reader<'a> {
    fn import(&mut self, at: usize) -> Option<Import<'a>> {
        let (mut next, mut form) = (at, Form::Plain);
        for _ in 0..MAX_ATTRIBUTES {
            if byte(self.text, next) == b'@' {
                let end = attribute_name(self.text, next + 1);
                if self.text.get(next..end) == Some(b"@_exported") {
                    form = Form::Export;
                }
                next = self.skip(end)?;
                if byte(self.text, next) == b'(' {
                    let end = self.past_arguments(next)?;
                    next = self.skip(end)?;
                }
                continue;
            }
            let end = word_end(self.text, next);
            match self.text.get(next..end)? {
                b"import" => return self.path(at, end, form),
                b"public" | b"package" | b"internal" | b"fileprivate" | b"private" | b"open" => {
                    next = self.skip(end)?;
                }
                _ => return None,
            }
        }
        None
    }

    /// Returns the offset past white space, line ends and comments; `None` if a comment is never closed.
    fn skip(&mut self, mut at: usize) -> Option<usize> {
        loop {
            at = skip_spaces(self.text, at);
            let next = if starts(self.text, at, b"//") {
                let end = line_end(self.text, at);
                self.comments.push(at + 2..end);
                end
            } else {
                self.skip_within_line(at)?
            };
            if next == at {
                return Some(at);
            }
            at = next;
        }
    }

    /// Returns the offset past blanks and comments with an end of their own; `None` if one is never closed.
    fn skip_within_line(&mut self, mut at: usize) -> Option<usize> {
        loop {
            at = skip_blanks(self.text, at);
            if !starts(self.text, at, b"/*") {
                return Some(at);
            }
            let near = self.near(at);
            let end = past_nested(near, at + 2, *b"/*", *b"*/");
            self.reached = self.reached.max(end);
            if end == near.len() && !near.ends_with(b"*/") {
                return None;
            }
            self.comments.push(at + 2..end - 2);
            at = end;
        }
    }

    /// Returns the offset past the `(…)` at `at`.
    fn past_arguments(&mut self, at: usize) -> Option<usize> {
        let near = self.near(at);
        let (mut next, mut depth) = (at, 0_usize);
        while next < near.len() {
            self.reached = self.reached.max(next);
            match byte(near, next) {
                b'(' => depth += 1,
                b')' if depth == 1 => return Some(next + 1),
                b')' => depth -= 1,
                b'/' => {
                    next = self.skip(next)?.max(next + 1);
                    continue;
                }
                _ => {}
            }
            next += 1;
        }
        None
    }

    /// Returns the text as far as a comment or arguments at `at` may extend.
    fn near(&self, at: usize) -> &'a [u8] {
        if self.is_poor { self.text.get(..at + MAX_NAME_BYTES).unwrap_or(self.text) } else { self.text }
    }

    /// Reads the path after the keyword that ends at `at`.
    fn path(&mut self, start: usize, at: usize, form: Form) -> Option<Import<'a>> {
        let text = self.text;
        let mut first = self.skip(at)?;
        if first == at && byte(text, at) != b'`' {
            return None;
        }
        let word = text.get(first..word_end(text, first))?;
        let kind = matches!(
            word,
            b"typealias"
                | b"struct"
                | b"class"
                | b"enum"
                | b"protocol"
                | b"let"
                | b"var"
                | b"func"
                | b"actor"
                | b"macro"
        );
        let after = if kind { self.skip(first + word.len())? } else { first };
        let scoped = kind && after > first + word.len() && part(text, after).is_some();
        if scoped {
            first = after;
        }
        let mut parts = vec![part(text, first)?];
        let mut end = parts.first()?.end;
        loop {
            let dot = self.skip_within_line(end).unwrap_or(end);
            if byte(text, dot) != b'.' {
                break;
            }
            let next = self.skip_within_line(dot + 1)?;
            let Some(range) = part(text, next).or_else(|| operator(text, next)) else { break };
            end = range.end;
            parts.push(range);
        }
        if !ends(text, end) {
            return None;
        }
        let name = if scoped && parts.len() > 1 { parts.pop() } else { None };
        let module = match parts.as_slice() {
            [one] => written(text, one)?,
            [from, .., to] if text.get(from.start..to.end)?.iter().all(|&byte| is_word(byte) || byte == b'.') => {
                written(text, &(from.start..to.end))?
            }
            _ => {
                let names: Option<Vec<_>> = parts.iter().map(|part| written(text, part)).collect();
                Cow::Owned(names?.join("."))
            }
        };
        let name = match name {
            Some(range) => Some(written(text, &range)?),
            None => None,
        };
        let (statement, span) = (start..end, first..end);
        Some(Import {
            kind: Kind::Import,
            form,
            module: Some(module.into()),
            name,
            alias: None,
            level: 0,
            statement,
            span,
        })
    }
}

fn attribute_name(text: &[u8], mut at: usize) -> usize {
    at = word_end(text, at);
    while byte(text, at) == b'.' && is_word(byte(text, at + 1)) {
        at = word_end(text, at + 1);
    }
    at
}

/// Returns the span of a name, with or without backticks.
fn part(text: &[u8], at: usize) -> Option<Range<usize>> {
    if byte(text, at) != b'`' {
        let end = word_end(text, at);
        return (end > at).then_some(at..end);
    }
    let near = text.get(at + 1..(at + MAX_NAME_BYTES).min(text.len()))?;
    let length = memchr2(b'`', b'\n', near).filter(|&length| length > 0 && near.get(length) == Some(&b'`'))?;
    Some(at..at + length + 2)
}

/// Returns the span of an operator, as in `import func Foo.==`.
fn operator(text: &[u8], at: usize) -> Option<Range<usize>> {
    let ends =
        |at: usize| !b"/=-+!*%<>&|^~?.".contains(&byte(text, at)) || starts(text, at, b"//") || starts(text, at, b"/*");
    let end = (at..=text.len()).find(|&at| ends(at)).unwrap_or(at);
    (end > at).then_some(at..end)
}

fn written<'a>(text: &'a [u8], range: &Range<usize>) -> Option<Cow<'a, str>> {
    let bytes = text.get(range.clone())?;
    let bytes = bytes.strip_prefix(b"`").and_then(|bytes| bytes.strip_suffix(b"`")).unwrap_or(bytes);
    Some(String::from_utf8_lossy(bytes))
}

/// Returns whether a declaration may end at `at`.
fn ends(text: &[u8], at: usize) -> bool {
    let next = skip_blanks(text, at);
    matches!(byte(text, next), b'\n' | b'\r' | b';' | b'}' | b'#')
        || next >= text.len()
        || starts(text, next, b"//")
        || starts(text, next, b"/*")
}

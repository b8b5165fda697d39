//! `use` and `extern crate` from the keyword on: one row for each leaf of the use tree.
//!
//! Format: the Rust reference, chapters "Use declarations" and "Extern crates". In macros, the
//! meaning of a `$variable` or a `#variable` (of `quote!`) is unknown, so a path ends there.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use crate::kind::Kind;
use crate::lang::lex::{byte, starts};
use crate::lang::{Form, Import, MAX_IMPORTS, SharedText};

use super::bytes::{identifier, identifier_end, is_keyword, keyword_is, segment, word_end, word_is};
use super::lexer::Lexer;

/// Length in bytes past which a path is cut: each leaf of a tree has the whole path before it.
const MAX_PATH_BYTES: usize = 4096;
/// Maximum depth of groups that is followed, in levels of nesting.
const MAX_GROUPS: usize = 1000;

/// Reader of one statement.
pub(super) struct Statement<'l, 'a> {
    lexer: &'l mut Lexer<'a>,
    /// Start of the statement, its visibility included.
    start: usize,
    form: Form,
    /// End of its last token read.
    end: usize,
    /// Segments on the way to the current leaf.
    path: String,
    /// Start of the current tree in the text.
    from: usize,
    groups: Vec<Group>,
    /// Whether more than a word was read, so that it is a path whatever follows.
    sure: bool,
}

/// An open group: the length in bytes of the path before it, and that path once a leaf has asked
/// for it.
struct Group {
    length: usize,
    shared: Option<Rc<str>>,
}

/// Token after a tree.
enum Next {
    Tree(usize),
    Semicolon,
    Else,
}

impl<'l, 'a> Statement<'l, 'a> {
    pub(super) fn new(lexer: &'l mut Lexer<'a>, start: usize, form: Form) -> Self {
        Self { lexer, start, form, end: start, path: String::new(), from: start, groups: Vec::new(), sure: false }
    }

    /// Reads a `use` after its keyword. Returns its end.
    pub(super) fn uses(mut self, at: usize, rows: &mut Vec<Import<'a>>) -> usize {
        let first = rows.len();
        self.end = at;
        if !self.trees(at, rows) && !self.sure {
            // One word after another is not an import unless a semicolon follows.
            rows.truncate(first);
        }
        for row in rows.get_mut(first..).unwrap_or_default() {
            row.statement.end = self.end;
        }
        self.end
    }

    /// Reads an `extern crate` after `extern`. Returns its end.
    pub(super) fn extern_crate(mut self, at: usize, rows: &mut Vec<Import<'a>>) -> Option<usize> {
        let text = self.lexer.text;
        let keyword = self.lexer.trivia(at);
        if !keyword_is(text, keyword, b"crate") {
            return None;
        }
        let name = self.lexer.trivia(keyword + 5);
        let end = identifier_end(text, name);
        let word = text.get(name..end).filter(|word| !word.is_empty() && !is_keyword(word))?;
        let (alias, end) = alias(self.lexer, end);
        let semicolon = self.lexer.trivia(end);
        if byte(text, semicolon) != b';' {
            return None;
        }
        self.end = semicolon + 1;
        let mut row = self.row(Some(identifier(word).into()), None, alias, name..name + word.len());
        row.statement.end = self.end;
        rows.push(row);
        Some(self.end)
    }

    /// Reads tree by tree up to the semicolon. Returns false if anything else ends them.
    fn trees(&mut self, mut at: usize, rows: &mut Vec<Import<'a>>) -> bool {
        loop {
            let Some(opened) = self.tree(at, rows) else { return false };
            if rows.len() > MAX_IMPORTS || self.groups.len() > MAX_GROUPS {
                return true;
            }
            match self.next(opened) {
                Next::Tree(next) => at = next,
                Next::Semicolon => return true,
                Next::Else => return false,
            }
        }
    }

    /// Reads a path and its leaf. Returns whether it opens a group instead; `None` if it is broken.
    fn tree(&mut self, at: usize, rows: &mut Vec<Import<'a>>) -> Option<bool> {
        let text = self.lexer.text;
        let mut at = self.lexer.trivia(at);
        self.from = at;
        if starts(text, at, b"::") && self.path.is_empty() {
            self.path.push_str("::");
            at = self.lexer.trivia(at + 2);
        }
        loop {
            match byte(text, at) {
                b'{' => {
                    self.groups.push(Group { length: self.path.len(), shared: None });
                    (self.sure, self.end) = (true, at + 1);
                    return Some(true);
                }
                b'*' => {
                    let module = self.module();
                    rows.push(self.row(module, Some(Cow::Borrowed("*")), None, at..at + 1));
                    self.end = at + 1;
                    return Some(false);
                }
                b'$' | b'#' if segment(text, at).is_none() => return self.unknown(at, rows),
                _ => {}
            }
            let (name, end) = segment(text, at)?;
            let next = self.lexer.trivia(end);
            if !starts(text, next, b"::") {
                rows.push(self.leaf(name, at..end));
                return Some(false);
            }
            self.push(&name);
            (self.sure, self.end) = (true, next + 2);
            at = self.lexer.trivia(next + 2);
        }
    }

    /// Returns the row of the leaf that ends here.
    fn leaf(&mut self, name: Cow<'a, str>, span: Range<usize>) -> Import<'a> {
        let (alias, end) = alias(self.lexer, span.end);
        self.end = end;
        if matches!(self.path.as_str(), "" | "::") {
            self.push(&name);
            let module = self.module();
            return self.row(module, None, alias, span);
        }
        let module = self.module();
        self.row(module, Some(name).filter(|name| name != "self"), alias, span)
    }

    /// Reads a leaf that a macro fills in: its meaning begins with the path before it.
    fn unknown(&mut self, at: usize, rows: &mut Vec<Import<'a>>) -> Option<bool> {
        let text = self.lexer.text;
        let end = word_end(text, at + 1).max(at + 1);
        self.end = end;
        if !matches!(self.path.as_str(), "" | "::") {
            let name = String::from_utf8_lossy(text.get(at..end).unwrap_or_default());
            let module = self.module();
            rows.push(self.row(module, Some(name), None, at..end));
        }
        let (mut at, mut depth) = (end, 0_usize);
        loop {
            at = self.lexer.trivia(at);
            match byte(text, at) {
                // The separator and operator of a repetition: `$(…),*`.
                b',' if depth == 0 && byte(text, self.end - 1) == b')' && self.repeats(at + 1) => {
                    at = self.lexer.trivia(at + 1);
                }
                b',' | b'}' | b';' if depth == 0 => return Some(false),
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
                b'$' | b'#' | b':' | b'*' | b'+' | b'?' | b',' => {}
                _ => {
                    let end = identifier_end(text, at);
                    if end == at || keyword_is(text, at, b"use") {
                        return None;
                    }
                    (at, self.end) = (end, end);
                    continue;
                }
            }
            at += 1;
            self.end = at;
        }
    }

    /// Returns whether the operator of a repetition is the next token.
    fn repeats(&mut self, at: usize) -> bool {
        let next = self.lexer.trivia(at);
        matches!(byte(self.lexer.text, next), b'*' | b'+')
    }

    /// Reads on after a tree, or within a new group.
    fn next(&mut self, mut opened: bool) -> Next {
        let text = self.lexer.text;
        loop {
            self.path.truncate(self.groups.last().map_or(0, |group| group.length));
            let at = self.lexer.trivia(self.end);
            match byte(text, at) {
                b'}' if self.groups.pop().is_some() => opened = false,
                b',' if !opened && !self.groups.is_empty() => opened = true,
                b';' if self.groups.is_empty() => {
                    self.end = at + 1;
                    return Next::Semicolon;
                }
                _ if opened => return Next::Tree(at),
                _ => return Next::Else,
            }
            self.end = at + 1;
        }
    }

    fn push(&mut self, segment: &str) {
        if self.path.len() > MAX_PATH_BYTES {
            return;
        }
        if !matches!(self.path.as_str(), "" | "::") {
            self.path.push_str("::");
        }
        self.path.push_str(segment);
    }

    /// Returns the path before the leaf. The leaves of a group share one text.
    fn module(&mut self) -> Option<SharedText<'a>> {
        if self.path.is_empty() {
            return None;
        }
        if let Some(group) = self.groups.last_mut().filter(|group| group.length == self.path.len()) {
            let shared = group.shared.get_or_insert_with(|| self.path.as_str().into());
            return Some(SharedText::Respelt(Rc::clone(shared)));
        }
        let written = self.lexer.text.get(self.from..self.from + self.path.len());
        let written = written.filter(|written| self.groups.is_empty() && *written == self.path.as_bytes());
        let written = written.and_then(|written| std::str::from_utf8(written).ok());
        Some(written.map_or_else(|| SharedText::Respelt(self.path.as_str().into()), SharedText::Written))
    }

    fn row(
        &self,
        module: Option<SharedText<'a>>,
        name: Option<Cow<'a, str>>,
        alias: Option<Cow<'a, str>>,
        span: Range<usize>,
    ) -> Import<'a> {
        let statement = self.start..span.end;
        Import { kind: Kind::Import, form: self.form, module, name, alias, level: 0, statement, span }
    }
}

/// Returns the offset past a visibility whose `pub` ends at `at`, and past trivia up to the next
/// word. The `pub` of a field may precede a type in parentheses, which is not skipped.
pub(super) fn past_visibility(lexer: &mut Lexer<'_>, at: usize) -> usize {
    let open = lexer.trivia(at);
    if byte(lexer.text, open) != b'(' {
        return open;
    }
    let first = lexer.trivia(open + 1);
    let path = word_is(lexer.text, first, b"in");
    let mut at = if path { first + 2 } else { first };
    loop {
        at = lexer.trivia(at);
        at = match segment(lexer.text, at) {
            Some((name, end)) if path || matches!(&*name, "crate" | "self" | "super") => end,
            None if path && matches!(byte(lexer.text, at), b':' | b'$') => at + 1,
            None if byte(lexer.text, at) == b')' => return lexer.trivia(at + 1),
            _ => return open,
        };
    }
}

/// Returns the alias that `as` gives after a name, and its end.
fn alias<'a>(lexer: &mut Lexer<'a>, at: usize) -> (Option<Cow<'a, str>>, usize) {
    let text = lexer.text;
    let next = lexer.trivia(at);
    if !word_is(text, next, b"as") {
        return (None, at);
    }
    let start = lexer.trivia(next + 2);
    let variable = matches!(byte(text, start), b'$' | b'#');
    let end = if variable { word_end(text, start + 1) } else { identifier_end(text, start) };
    match text.get(start..end) {
        Some(name) if !name.is_empty() && (name == b"_" || !is_keyword(name)) => (Some(identifier(name)), end),
        _ => (None, at),
    }
}

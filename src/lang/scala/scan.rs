//! Import clauses. `import` is a reserved word, so wherever it occurs in code, a clause begins; `export` is reserved
//! only in Scala 3, and counts only where a statement can begin and a path follows.
//!
//! Sources: Scala 2.13 specification 4.7; Scala 3 reference, "Syntax" (`ImportExpr`, `ImportSpecifier`, `NamedSelector`).

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::kind::Kind;
use crate::lang::jvm::dotted::{self, Dotted, has_line_end};
use crate::lang::jvm::walk::Walk;
use crate::lang::jvm::{Style, imports};
use crate::lang::lex::{byte, starts, word_is};
use crate::lang::{Form, Import, MAX_IMPORTS, SharedText};

use super::names::{segment, star_end};

static EXPORT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("export"));

/// Returns every import of a text.
pub(super) fn imports(text: &[u8]) -> Vec<Import<'_>> {
    imports::of(text, Style::Scala, Some(&EXPORT), clause)
}

/// The selectors in a pair of braces.
pub(super) struct Group {
    pub(super) braces: Range<usize>,
    /// Names that it takes, renames or hides: its star brings all others.
    pub(super) names: HashSet<String>,
}

/// Returns the groups of a clause, in the order of the text.
pub(super) fn groups(statement: &[u8]) -> Vec<Group> {
    let mut walk = Walk::to(statement, Style::Scala, &[]);
    let mut clause = Clause { form: Form::Plain, start: 0, end: 0, rows: Vec::new(), groups: Some(Vec::new()) };
    // Both keywords have the same length.
    let mut first = walk.skip(b"import".len());
    while let Some(next) = clause.expression(&mut walk, first) {
        if byte(statement, next) != b',' || clause.rows.len() > MAX_IMPORTS {
            break;
        }
        first = walk.skip(next + 1);
    }
    clause.groups.unwrap_or_default()
}

/// Reads the clause at `at`. Returns where to go on.
fn clause<'a>(walk: &mut Walk<'a>, at: usize, rows: &mut Vec<Import<'a>>) -> usize {
    let text = walk.text;
    let after = at + b"import".len();
    let export = byte(text, at) == b'e';
    let word = if export { &b"export"[..] } else { b"import" };
    let before = at.checked_sub(1).map_or(0, |before| byte(text, before));
    if !word_is(text, at, word) || matches!(before, b'$' | b'.') || byte(text, after) == b'$' {
        return after;
    }
    if export && !begins_statement(walk, at) {
        return after;
    }
    let form = if export { Form::Export } else { Form::Plain };
    let mut clause = Clause { form, start: at, end: after, rows: Vec::new(), groups: None };
    let mut first = walk.skip(after);
    while let Some(next) = clause.expression(walk, first) {
        if byte(text, next) != b',' || clause.rows.len() > MAX_IMPORTS {
            break;
        }
        first = walk.skip(next + 1);
    }
    let dotted =
        |row: &Import<'_>| row.name.is_some() || row.module.as_deref().is_some_and(|module| module.contains('.'));
    if export && !clause.rows.iter().all(dotted) {
        return after;
    }
    let end = clause.end;
    for mut row in clause.rows {
        row.statement.end = end;
        rows.push(row);
    }
    end
}

/// Returns whether a statement can begin after the code before it.
fn begins_statement(walk: &Walk<'_>, at: usize) -> bool {
    let end = walk.before(at);
    let text = walk.text;
    end == 0 || has_line_end(text, end, at) || matches!(byte(text, end - 1), b';' | b'{' | b'}' | b':')
}

struct Clause<'a> {
    form: Form,
    start: usize,
    end: usize,
    rows: Vec<Import<'a>>,
    /// Its groups, if they are asked for.
    groups: Option<Vec<Group>>,
}

impl<'a> Clause<'a> {
    fn add(
        &mut self,
        module: SharedText<'a>,
        name: Option<Cow<'a, str>>,
        alias: Option<Cow<'a, str>>,
        span: Range<usize>,
    ) {
        let statement = self.start..span.end;
        let form = self.form;
        self.rows.push(Import {
            kind: Kind::Import,
            form,
            module: Some(module),
            name,
            alias,
            level: 0,
            statement,
            span,
        });
    }

    /// Reads one path of a clause. Returns the offset of the next token; `None` if the path is broken.
    fn expression(&mut self, walk: &mut Walk<'a>, first: usize) -> Option<usize> {
        let text = walk.text;
        let path = dotted::path_before_group(walk, first, segment)?;
        let Dotted { text: module, end, next, last, .. } = path;
        if byte(text, next) == b'.' {
            // The selector: a group, all members, or all givens.
            let selector = walk.skip(next + 1);
            let module = shared(module);
            return match star_end(text, selector) {
                Some(star_end) => {
                    self.end = star_end;
                    self.add(module, Some(Cow::Borrowed("*")), None, selector..star_end);
                    Some(walk.skip(star_end))
                }
                None if byte(text, selector) == b'{' => self.group(walk, selector, &module),
                None => None,
            };
        }
        self.end = end;
        let (mut follows, mut alias) = (next, None);
        if word_is(text, next, b"as") && !has_line_end(text, end, next) {
            let name = walk.skip(next + 2);
            if word_is(text, name, b"_") {
                // Hides the name, and imports nothing.
                self.end = name + 1;
                return Some(walk.skip(name + 1));
            }
            if let Some((local, local_end)) = segment(text, name) {
                self.end = local_end;
                alias = text.get(local).map(String::from_utf8_lossy);
                follows = walk.skip(local_end);
            }
        }
        if word_is(text, last, b"given") && module.contains('.') {
            let parent = module.rsplit_once('.').map(|(parent, _)| parent.to_owned()).unwrap_or_default();
            self.add(SharedText::Respelt(parent.into()), Some(Cow::Borrowed("given")), None, last..end);
        } else {
            self.add(SharedText::from(module), None, alias, first..end);
        }
        Some(follows)
    }

    /// Reads the selectors in braces at `at`. Returns the offset of the next token; `None` if the group is broken.
    fn group(&mut self, walk: &mut Walk<'a>, at: usize, module: &SharedText<'a>) -> Option<usize> {
        let text = walk.text;
        let (open, mut names) = (at, HashSet::new());
        let mut at = walk.skip(at + 1);
        while self.rows.len() <= MAX_IMPORTS {
            if byte(text, at) == b'}' {
                self.end = at + 1;
                if let Some(groups) = &mut self.groups {
                    groups.push(Group { braces: open..at + 1, names });
                }
                return Some(walk.skip(at + 1));
            }
            if let Some(star_end) = star_end(text, at) {
                self.end = star_end;
                self.add(module.clone(), Some(Cow::Borrowed("*")), None, at..star_end);
                at = walk.skip(star_end);
            } else {
                let (name, name_end) = segment(text, at)?;
                let span = at..name_end;
                self.end = name_end;
                if self.groups.is_some() {
                    names.extend(text.get(name.clone()).map(|name| String::from_utf8_lossy(name).into_owned()));
                }
                at = walk.skip(name_end);
                let given = text.get(name.clone()) == Some(b"given");
                let arrow = starts(text, at, b"=>") || starts(text, at, "⇒".as_bytes());
                let mut alias = None;
                let mut hidden = false;
                if given {
                    at = past_type(walk, at);
                } else if arrow || word_is(text, at, b"as") {
                    let local = walk.skip(at + if starts(text, at, "⇒".as_bytes()) { 3 } else { 2 });
                    hidden = word_is(text, local, b"_");
                    let (local, local_end) = if hidden { (local..local, local + 1) } else { segment(text, local)? };
                    alias = text.get(local).map(String::from_utf8_lossy);
                    self.end = local_end;
                    at = walk.skip(local_end);
                }
                if !hidden {
                    let name = text.get(name).map(String::from_utf8_lossy);
                    self.add(module.clone(), name, alias, span);
                }
            }
            match byte(text, at) {
                b',' => at = walk.skip(at + 1),
                b'}' => {}
                _ => return None,
            }
        }
        None
    }
}

fn shared(text: Cow<'_, str>) -> SharedText<'_> {
    match text {
        Cow::Borrowed(text) => SharedText::Written(text),
        Cow::Owned(text) => SharedText::Respelt(Rc::from(text)),
    }
}

/// Skips the type of a given. Returns the offset of the token that ends the selector.
fn past_type(walk: &mut Walk<'_>, mut at: usize) -> usize {
    let mut depth = 0_usize;
    loop {
        at = walk.skip(at);
        match byte(walk.text, at) {
            b'[' | b'(' => depth += 1,
            b']' | b')' if depth > 0 => depth -= 1,
            b',' if depth > 0 => {}
            b',' | b'}' | b'{' | b';' | 0 => return at,
            _ => {}
        }
        at += 1;
    }
}

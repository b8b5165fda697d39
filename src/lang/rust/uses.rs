//! Uses: paths written out in full, and paths through imports (`git::open()` after
//! `use crate::git;`).
//!
//! Source: the Rust reference, chapters "Paths", "Namespaces" and "Scopes". Only types, modules and
//! crates occur before `::`, so a variable or a function of the same name binds nothing here.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::kind::Kind;
use crate::lang::lex::{Quiet, byte, starts};
use crate::lang::{Asked, Form, Import, MAX_IMPORTS};

use super::bytes::{goes_on, identifier_end, is_keyword, keyword_is, segment, start, word_end};
use super::lexer::Lexer;
use super::resolve::local_name;
use super::statement::{Statement, past_visibility};
use super::structure::Structure;

/// Maximum number of imports that bind one name; a name with more is looked up as if none did.
const MAX_ALIKE: usize = 16;
/// Maximum number of segments of a path; the rest is left out.
const MAX_SEGMENTS: usize = 64;

/// Returns what the text uses of its `imports`, and by paths written out in full.
pub(super) fn uses<'a>(text: &'a [u8], imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
    let structure = Structure::read(text, imports);
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut globs = HashSet::new();
    for (index, import) in imports.iter().enumerate() {
        if let Some(local) = local_name(import) {
            by_name.entry(local).or_default().push(index);
        }
        if import.name.as_deref() == Some("*") && import.module.as_deref() == Some("super") {
            globs.extend(structure.holding(import.statement.start));
        }
    }
    let lexer = Lexer::new(text, Quiet::ignored());
    let mut uses = Uses { lexer, structure: &structure, imports, by_name, globs, asked, rows: Vec::new() };
    uses.read();
    uses.rows.truncate(MAX_IMPORTS + 1);
    uses.rows
}

struct Uses<'s, 'a> {
    lexer: Lexer<'a>,
    structure: &'s Structure,
    imports: &'s [Import<'a>],
    by_name: HashMap<&'s str, Vec<usize>>,
    /// Inline modules that see all names of the module that contains them.
    globs: HashSet<usize>,
    asked: Asked<'s>,
    rows: Vec<Import<'a>>,
}

/// A path as written.
struct Path<'a> {
    /// Start of its first token, and end of its last segment.
    from: usize,
    to: usize,
    segments: Vec<Cow<'a, str>>,
    /// Start of its last segment.
    last: usize,
}

impl<'a> Uses<'_, 'a> {
    fn read(&mut self) {
        let text = self.lexer.text;
        let mut at = start(text);
        let mut left = self.imports;
        while at < text.len() && self.rows.len() <= MAX_IMPORTS {
            while let Some((import, rest)) = left.split_first().filter(|(import, _)| import.statement.start <= at) {
                left = rest;
                at = at.max(import.statement.end);
            }
            at = match byte(text, at) {
                b'"' | b'\'' | b'/' => self.lexer.past(at),
                b':' if starts(text, at, b"::") => self.all_crates(at),
                b'$' | b'#' => self.variable(at),
                b'0'..=b'9' => word_end(text, at),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(at),
                _ => at + 1,
            };
        }
    }

    fn word(&mut self, at: usize) -> usize {
        let text = self.lexer.text;
        let end = identifier_end(text, at);
        let Some(word) = text.get(at..end).filter(|word| !word.is_empty()) else { return at + 1 };
        if word == b"pub" && !goes_on(text, at) {
            return past_visibility(&mut self.lexer, end);
        }
        if keyword_is(text, at, b"use") {
            // A `use` without rows is filled in by a macro.
            return Statement::new(&mut self.lexer, at, Form::Plain).uses(end, &mut Vec::new());
        }
        // `dyn` is a keyword since the second edition; before it, nobody had a module of that name.
        if is_keyword(word) || word == b"dyn" || matches!(byte(text, end), b'"' | b'\'') {
            return end;
        }
        let (path, next) = self.path(at, at);
        let field = at > 0 && byte(text, at - 1) == b'.' && (at < 2 || byte(text, at - 2) != b'.');
        if !field && let Some(path) = path {
            self.tell(&path);
        }
        next
    }

    /// Reads a path that starts with `::`, unless it continues what precedes the colons.
    fn all_crates(&mut self, at: usize) -> usize {
        let text = self.lexer.text;
        let first = self.lexer.trivia(at + 2);
        let before = |distance: usize| at.checked_sub(distance).map_or(0, |before| byte(text, before));
        let goes_on = before(1) == b'>' && !matches!(before(2), b'-' | b'=');
        let (path, next) = self.path(at, first);
        if !goes_on
            && let Some(mut path) = path
            && path.segments.first().is_some_and(|name| (self.asked.begins)(&[name]) || (self.asked.begins)(&[""]))
        {
            path.segments.insert(0, Cow::Borrowed(""));
            self.add(&path, &path.segments, 1);
        }
        next.max(at + 2)
    }

    /// Returns the offset past a macro variable and the path that it begins; `$crate` is the own
    /// crate.
    fn variable(&mut self, at: usize) -> usize {
        let text = self.lexer.text;
        let (path, next) = if byte(text, at) == b'$' && segment(text, at).is_some() {
            self.path(at, at)
        } else {
            let end = word_end(text, at + 1);
            let next = self.lexer.trivia(end);
            if end == at + 1 || !starts(text, next, b"::") {
                return end.max(at + 1);
            }
            let first = self.lexer.trivia(next + 2);
            return self.path(at, first).1.max(next + 2);
        };
        if let Some(path) = path {
            self.tell(&path);
        }
        next
    }

    /// Reads a path whose first segment starts at `at`. Returns it, and where to go on.
    fn path(&mut self, from: usize, mut at: usize) -> (Option<Path<'a>>, usize) {
        let text = self.lexer.text;
        let mut path = Path { from, to: at, segments: Vec::new(), last: at };
        while let Some((name, end)) = segment(text, at) {
            if path.segments.len() < MAX_SEGMENTS {
                path.segments.push(name);
                (path.last, path.to) = (at, end);
            }
            let next = self.lexer.trivia(end);
            if !starts(text, next, b"::") {
                at = end;
                break;
            }
            at = self.lexer.trivia(next + 2);
        }
        ((!path.segments.is_empty()).then_some(path), at)
    }

    /// Records a path that begins with a name, as far as it is asked for.
    fn tell(&mut self, path: &Path<'a>) {
        let [first, _, ..] = path.segments.as_slice() else { return };
        if !matches!(&**first, "crate" | "$crate" | "self" | "super") {
            if first == "Self" || self.structure.has_type(first) {
                return;
            }
            let bindings = self.bindings(first, path.from);
            if !bindings.is_empty() {
                for import in bindings {
                    self.through(import, path);
                }
                return;
            }
            if !self.structure.declares(first, path.from) && !(self.asked.begins)(&[first]) {
                return;
            }
        }
        self.add(path, &path.segments, 0);
    }

    /// Returns the imports that bind a name at `at`: those of the innermost block that has any.
    fn bindings(&self, name: &str, at: usize) -> Vec<usize> {
        let Some(known) = self.by_name.get(name).filter(|known| known.len() <= MAX_ALIKE) else { return Vec::new() };
        let seen = known.iter().filter_map(|&import| Some((self.structure.shared_block(import, at)?, import)));
        let seen: Vec<_> = seen.filter(|&(_, import)| self.levels(import, at).is_some()).collect();
        let innermost = seen.iter().map(|(block, _)| *block).max();
        seen.into_iter().filter(|(block, _)| Some(*block) == innermost).map(|(_, import)| import).collect()
    }

    /// Returns how many modules deeper `at` is than the import; `None` if the import is not visible
    /// there.
    fn levels(&self, import: usize, at: usize) -> Option<usize> {
        let outer = self.structure.holding(self.imports.get(import)?.statement.start);
        let mut module = self.structure.holding(at);
        let mut levels = 0;
        while module != outer {
            let inner = module.filter(|inner| self.globs.contains(inner))?;
            module = self.structure.parent(inner);
            levels += 1;
        }
        Some(levels)
    }

    /// Records a path that begins with the name of an import as if it were imported.
    fn through(&mut self, index: usize, path: &Path<'a>) {
        if !self.asked.through.get(index).is_some_and(|&asked| asked) {
            return;
        }
        let (Some(import), Some(levels)) = (self.imports.get(index), self.levels(index, path.from)) else { return };
        let module = import.module.as_deref().unwrap_or_default();
        // A relative path is relative to the module of the import.
        let relative = matches!(module.split("::").next(), Some("self" | "super"));
        let mut segments: Vec<Cow<'_, str>> = Vec::new();
        if relative {
            segments.extend(std::iter::repeat_n(Cow::Borrowed("super"), levels));
        }
        segments.extend(module.split("::").take(MAX_SEGMENTS).map(Cow::Borrowed));
        segments.extend(import.name.as_deref().map(Cow::Borrowed));
        segments.extend(path.segments.iter().skip(1).cloned());
        self.add(path, &segments, 0);
    }

    fn add(&mut self, path: &Path<'a>, segments: &[Cow<'_, str>], colons: usize) {
        let Some((name, module)) = segments.split_last() else { return };
        if module.len() <= colons && colons > 0 {
            return;
        }
        let module: Vec<&str> = module.iter().map(AsRef::as_ref).collect();
        let name = Some(Cow::Owned(name.to_string()));
        let (kind, form, statement) = (Kind::Attribute, Form::Plain, path.from..path.to);
        let module = Some(Cow::<str>::Owned(module.join("::")).into());
        self.rows.push(Import { kind, form, module, name, alias: None, level: 0, statement, span: path.last..path.to });
    }
}

#[cfg(test)]
mod tests;

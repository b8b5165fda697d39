//! Uses of the modules that a file's imports bind: `ns.X` after `import * as ns from "m"`.
//!
//! A default import and `const x = require("m")` count alike, as CommonJS modules are imported so.
//! A name that anything else in the file may bind (a declaration, a parameter, an assignment) has
//! no uses in the whole file: scopes are not tracked. A name counts as bound if the text alone
//! cannot tell.

mod bindings;

use std::collections::HashMap;

use crate::kind::Kind;
use crate::lang::lex::{byte, rest};
use crate::lang::{Asked, File, Form, Import, MAX_IMPORTS};

use super::angles::Angles;
use super::blank;
use super::bytes::{back_over_spaces, is_name, name_end, skip_spaces, word_at};
use super::literal::name;
use super::markup;

/// Maximum nesting of brackets, in levels; a file with deeper nesting has no uses.
const MAX_BRACKETS: usize = 1 << 16;

/// Maximum number of modules per name, if several imports bind it.
const MAX_MODULES: usize = 8;

/// Returns the uses of the modules that the imports bind, in file order.
pub(super) fn uses<'a>(file: File<'a>, imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
    let mut names: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, import) in imports.iter().enumerate() {
        let module = matches!(import.name.as_deref(), None | Some("default")) && import.form != Form::Export;
        if let Some(alias) = import.alias.as_deref().filter(|_| module && asked.through.get(number) == Some(&true)) {
            let numbers = names.entry(alias).or_default();
            let known =
                numbers.iter().any(|&other| imports.get(other).is_some_and(|other| other.module == import.module));
            if !known && numbers.len() < MAX_MODULES {
                numbers.push(number);
            }
        }
    }
    if names.is_empty() {
        return Vec::new();
    }
    let code = blank::bare(file);
    let mut furthest = 0;
    let ends = imports.iter().map(|import| {
        furthest = furthest.max(import.statement.end);
        furthest
    });
    let ends = ends.collect();
    let (open, found, angles) = (Vec::new(), Vec::new(), Angles::of(&code));
    let mut finder = Finder { code: &code, imports, ends, names, open, found, types: false, angles, round: (0, 0) };
    for part in markup::parts(file, |_| {}) {
        finder.types = part.dialect.types;
        finder.open.clear();
        if finder.part(part.start, part.end).is_none() {
            return Vec::new();
        }
    }
    let Finder { names, found, .. } = finder;
    let rows = found.into_iter().filter_map(|(number, at, member, end)| {
        let import = imports.get(number)?;
        names.get(import.alias.as_deref()?)?;
        let (module, name) = (import.module.clone(), Some(name(file.text, member..end)));
        let (kind, form, level) = (Kind::Attribute, Form::Plain, 0);
        Some(Import { kind, form, module, name, alias: None, level, statement: at..end, span: member..end })
    });
    rows.take(MAX_IMPORTS + 1).collect()
}

/// An open bracket, and the names it binds if it is a pattern or a list of parameters.
struct Open<'n> {
    at: usize,
    names: Vec<&'n str>,
}

struct Finder<'c, 'i, 'a> {
    code: &'c [u8],
    imports: &'i [Import<'a>],
    /// For each import, the furthest statement end up to and including it.
    ends: Vec<usize>,
    /// Indices of the imports that bind each name; a name that something else binds is removed.
    names: HashMap<&'i str, Vec<usize>>,
    open: Vec<Open<'i>>,
    /// Index of the import, and the offsets of the name, of the member, and of its end.
    found: Vec<(usize, usize, usize, usize)>,
    types: bool,
    angles: Angles,
    /// Offsets at which the last parentheses opened and closed.
    round: (usize, usize),
}

impl<'i> Finder<'_, 'i, '_> {
    fn part(&mut self, mut at: usize, end: usize) -> Option<()> {
        while at < end {
            let next = byte(self.code, at);
            if matches!(next, b'(' | b'[' | b'{') {
                if self.open.len() >= MAX_BRACKETS {
                    return None;
                }
                self.open.push(Open { at, names: Vec::new() });
                at += 1;
            } else if matches!(next, b')' | b']' | b'}') {
                self.close(at);
                at += 1;
            } else if next == b'<' {
                if self.types {
                    self.angles.open(self.code, at, self.open.len());
                }
                at += 1;
            } else if next.is_ascii_digit() {
                at += rest(self.code, at).iter().take_while(|&&byte| is_name(byte)).count();
            } else {
                match name_end(self.code, at) {
                    end if end > at => {
                        self.word(at, end);
                        at = end;
                    }
                    _ => at += 1,
                }
            }
        }
        Some(())
    }

    fn word(&mut self, at: usize, end: usize) {
        let written = name(self.code, at..end);
        let Some((&known, numbers)) = self.names.get_key_value(&*written) else { return };
        let before = back_over_spaces(self.code, at);
        let is_member = self.code.get(..before).is_some_and(|code| code.ends_with(b".") && !code.ends_with(b"..."));
        let next = skip_spaces(self.code, end);
        let own = byte(self.code, next) == b'=' && self.imported_by(next + 1);
        if is_member || own || byte(self.code, before.wrapping_sub(1)) == b'#' || self.in_import(at) {
            return;
        }
        if let Some(member) = self.member(end) {
            // A closing tag repeats the name that its opening tag used.
            let closes = self.code.get(..before).is_some_and(|code| code.ends_with(b"</"));
            if !closes && self.found.len() <= MAX_IMPORTS {
                self.found.extend(numbers.iter().map(|&number| (number, at, member, name_end(self.code, member))));
            }
        } else if self.angles.hold(at, self.open.len()) {
            // A type may have the name of a module: it does not shadow it.
        } else if self.binds(before, end) {
            self.names.remove(known);
        } else if self.may_bind(before, end)
            && let Some(open) = self.open.last_mut()
        {
            open.names.push(known);
        }
    }

    /// Returns whether `at` is within an import statement.
    fn in_import(&self, at: usize) -> bool {
        let until = self.imports.partition_point(|import| import.statement.start <= at);
        until.checked_sub(1).and_then(|last| self.ends.get(last)).is_some_and(|&end| at < end)
    }

    /// Returns the offset of the member's name after an object that ends at `end`.
    fn member(&self, end: usize) -> Option<usize> {
        let mut at = skip_spaces(self.code, end);
        if matches!(byte(self.code, at), b'?' | b'!') && byte(self.code, at + 1) == b'.' {
            at += 1;
        }
        let member = skip_spaces(self.code, at + 1);
        (byte(self.code, at) == b'.' && name_end(self.code, member) > member).then_some(member)
    }

    /// Returns whether the value assigned at `at` is a call that imports.
    fn imported_by(&self, at: usize) -> bool {
        let mut at = skip_spaces(self.code, at);
        if byte(self.code, at) == b'(' {
            at = skip_spaces(self.code, at + 1);
        }
        if word_at(self.code, at, b"await") {
            at = skip_spaces(self.code, at + b"await".len());
        }
        self.imports.binary_search_by_key(&at, |import| import.statement.start).is_ok()
    }

    /// Closes the bracket at `at`; the tokens around it tell whether its names are bound.
    fn close(&mut self, at: usize) {
        let Some(Open { at: open, names }) = self.open.pop() else { return };
        if byte(self.code, at) == b')' {
            self.round = (open, at);
        }
        if names.is_empty() {
            return;
        }
        let before = back_over_spaces(self.code, open);
        let word = self.word_before(before);
        let next = skip_spaces(self.code, at + 1);
        let (follows, after) = (byte(self.code, next), byte(self.code, next + 1));
        let bound = if byte(self.code, at) == b')' {
            let head = matches!(word, b"if" | b"while" | b"for" | b"switch" | b"with");
            match follows {
                b'=' => after == b'>',
                b'{' => !head,
                // `(a): T => b`; after a call, the colon belongs to a conditional expression.
                b':' => self.types && (head || !is_name(byte(self.code, before.wrapping_sub(1)))),
                _ => false,
            }
        } else {
            let declared = matches!(word, b"const" | b"let" | b"var");
            declared || (follows == b'=' && !matches!(after, b'=' | b'>')) || word_at(self.code, next, b"of")
        };
        if bound {
            for name in names {
                self.names.remove(name);
            }
        } else if byte(self.code, at) != b')'
            && self.may_stand_after(byte(self.code, before.wrapping_sub(1)))
            && let Some(outer) = self.open.last_mut()
        {
            outer.names.extend(names);
        }
    }
}

//! One pass over a file's code that finds what is taken from modules, and what binds their names.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::lang::lex::{byte, rest};
use crate::lang::{Import, MAX_IMPORTS};

use super::callbacks::{Callback, Callbacks};
use super::{Found, taken};
use crate::lang::javascript::angles::Angles;
use crate::lang::javascript::bytes::{back_over_spaces, is_name, name_end, skip_spaces, word_at};
use crate::lang::javascript::literal::name;

/// Maximum nesting of brackets, in levels; a file with deeper nesting has no uses.
const MAX_BRACKETS: usize = 1 << 16;

/// An open bracket, and the names it binds if it is a pattern or a list of parameters.
pub(super) struct Open<'i> {
    pub(super) at: usize,
    names: Vec<Module<'i>>,
}

/// What a name means: a module.
#[derive(Clone, Copy)]
pub(super) enum Module<'i> {
    /// The imports that bind this name.
    Named(&'i str),
    /// The parameter of the callback with this index.
    Parameter(usize),
}

/// The search in one file.
pub(super) struct Finder<'c, 'i, 'a> {
    pub(super) text: &'a [u8],
    pub(super) code: &'c [u8],
    imports: &'i [Import<'a>],
    /// For each import, the furthest statement end up to and including it.
    ends: Vec<usize>,
    /// Indices of the imports that bind each name; a name that something else binds is removed.
    names: HashMap<&'i str, Vec<usize>>,
    pub(super) callbacks: Callbacks<'c>,
    pub(super) open: Vec<Open<'i>>,
    found: Vec<Found<'a>>,
    pub(super) types: bool,
    angles: Angles,
    /// Offsets at which the last parentheses opened and closed.
    pub(super) round: (usize, usize),
    /// Offsets at which the last braces opened and closed.
    pub(super) braces: (usize, usize),
    /// Remaining budget for reading patterns, in bytes, as one may hold others.
    pub(super) budget: usize,
}

impl<'c, 'i, 'a> Finder<'c, 'i, 'a> {
    pub(super) fn new(
        text: &'a [u8],
        code: &'c [u8],
        imports: &'i [Import<'a>],
        names: HashMap<&'i str, Vec<usize>>,
        callbacks: Vec<Callback<'c>>,
    ) -> Self {
        let mut furthest = 0;
        let ends = imports.iter().map(|import| {
            furthest = furthest.max(import.statement.end);
            furthest
        });
        Self {
            text,
            code,
            imports,
            ends: ends.collect(),
            names,
            callbacks: Callbacks::new(callbacks),
            open: Vec::new(),
            found: Vec::new(),
            types: false,
            angles: Angles::of(code),
            round: (0, 0),
            braces: (0, 0),
            budget: code.len().saturating_mul(4),
        }
    }

    /// Returns what was found through names that nothing else binds.
    pub(super) fn found(self) -> Vec<Found<'a>> {
        let Self { imports, names, callbacks, mut found, .. } = self;
        found.retain(|found| match found.callback {
            Some(callback) => callbacks.is_alone(callback),
            None => imports.get(found.import).and_then(|import| names.get(import.alias.as_deref()?)).is_some(),
        });
        found
    }

    /// Searches a part of the file; `None` if brackets nest too deep.
    pub(super) fn part(&mut self, mut at: usize, end: usize, types: bool) -> Option<()> {
        self.types = types;
        self.open.clear();
        self.callbacks.close_all();
        while at < end {
            let next = byte(self.code, at);
            if matches!(next, b'(' | b'[' | b'{') {
                if self.open.len() >= MAX_BRACKETS {
                    return None;
                }
                self.open.push(Open { at, names: Vec::new() });
                if next == b'('
                    && let Some(callback) = self.callbacks.opened(at, self.open.len())
                {
                    self.parameter(callback);
                }
                at += 1;
            } else if matches!(next, b')' | b']' | b'}') {
                self.close(at);
                at += 1;
            } else if next == b',' {
                self.callbacks.close(self.open.len());
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
        let module = match self.callbacks.parameter(&written) {
            Some(callback) if at < self.callbacks.body(callback) => return,
            Some(callback) => Module::Parameter(callback),
            None => match self.names.get_key_value(&*written) {
                Some((&known, _)) => Module::Named(known),
                None => return,
            },
        };
        let before = back_over_spaces(self.code, at);
        let is_member = self.code.get(..before).is_some_and(|code| code.ends_with(b".") && !code.ends_with(b"..."));
        let next = skip_spaces(self.code, end);
        let own = byte(self.code, next) == b'=' && self.imported_by(next + 1);
        if is_member || own || byte(self.code, before.wrapping_sub(1)) == b'#' || self.in_import(at) {
            return;
        }
        if let Some(member) = taken::member(self.text, self.code, end) {
            // A closing tag repeats the name that its opening tag used.
            if !self.code.get(..before).is_some_and(|code| code.ends_with(b"</")) {
                self.add(module, member.name.clone(), &(at..member.end), &member.span);
            }
        } else if self.angles.hold(at, self.open.len()) {
            // A type may have the name of a module: it does not shadow it.
        } else if let Some(braces) = self.pattern_before(before).filter(|_| self.ends_value(end)) {
            let whole = braces.start..end;
            for entry in self.pattern(braces) {
                self.add(module, entry.0.clone(), &whole, &entry.1);
            }
        } else if self.binds(before, end) {
            self.unbind(module);
        } else if self.may_bind(before, end)
            && let Some(open) = self.open.last_mut()
        {
            open.names.push(module);
        }
    }

    /// Adds a name that is taken from a module.
    pub(super) fn add(
        &mut self,
        module: Module<'_>,
        name: impl Into<Cow<'a, str>>,
        whole: &Range<usize>,
        span: &Range<usize>,
    ) {
        let name = name.into();
        if self.found.len() > MAX_IMPORTS {
            return;
        }
        let (numbers, callback) = match module {
            Module::Named(known) => (self.names.get(known).map_or(&[][..], Vec::as_slice), None),
            Module::Parameter(callback) => (self.callbacks.import(callback), Some(callback)),
        };
        let found =
            |&import: &usize| Found { import, callback, name: name.clone(), whole: whole.clone(), span: span.clone() };
        self.found.extend(numbers.iter().map(found));
    }

    fn unbind(&mut self, module: Module<'_>) {
        match module {
            Module::Named(known) => {
                self.names.remove(known);
            }
            Module::Parameter(callback) => self.callbacks.bind(callback),
        }
    }

    /// Returns whether `at` is within an import statement.
    fn in_import(&self, at: usize) -> bool {
        let until = self.imports.partition_point(|import| import.statement.start <= at);
        until.checked_sub(1).and_then(|last| self.ends.get(last)).is_some_and(|&end| at < end)
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
        // Objects may lead to the callee: `module.createRequire(…)("m")`.
        while self.imports.binary_search_by_key(&at, |import| import.statement.start).is_err() {
            let end = name_end(self.code, at);
            let dot = skip_spaces(self.code, end);
            if end == at || byte(self.code, dot) != b'.' {
                return false;
            }
            at = skip_spaces(self.code, dot + 1);
        }
        true
    }

    /// Closes the bracket at `at`; the tokens around it tell whether its names are bound.
    fn close(&mut self, at: usize) {
        self.callbacks.close(self.open.len());
        let Some(Open { at: open, names }) = self.open.pop() else { return };
        match byte(self.code, at) {
            b')' => self.round = (open, at),
            b'}' => self.braces = (open, at),
            _ => {}
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
            for module in names {
                self.unbind(module);
            }
        } else if byte(self.code, at) != b')'
            && self.may_stand_after(byte(self.code, before.wrapping_sub(1)))
            && let Some(outer) = self.open.last_mut()
        {
            outer.names.extend(names);
        }
    }
}

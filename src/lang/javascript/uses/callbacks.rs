//! Callbacks of imports: `import("m").then(m => …)`, whose parameter is the module.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::finder::{Finder, Module};
use crate::kind::Kind;
use crate::lang::Import;
use crate::lang::javascript::bytes::{name_end, skip_spaces, word_at};
use crate::lang::javascript::literal::name;
use crate::lang::javascript::pattern::past_value;
use crate::lang::lex::byte;

/// Maximum length of an import call's further arguments, and of a parameter, in bytes.
const MAX_ARGUMENT_BYTES: usize = 1024;

/// A callback of an import.
pub(super) struct Callback<'c> {
    /// Offset of the bracket after `then`.
    open: usize,
    /// Index of the import.
    import: [usize; 1],
    /// Name of the parameter; `None` if it is a pattern, or there is none.
    parameter: Option<Cow<'c, str>>,
    /// Braces of the parameter's pattern; empty if it is a name.
    pattern: Range<usize>,
    /// Offset at which the body starts.
    body: usize,
    /// Whether something else binds the name within the callback.
    bound: bool,
}

/// Returns the callbacks of the imports with these indices, in the order of the file.
pub(super) fn callbacks<'c>(code: &'c [u8], imports: &[Import<'_>], numbers: &[usize]) -> Vec<Callback<'c>> {
    let mut callbacks: Vec<Callback<'c>> =
        numbers.iter().filter_map(|&number| callback(code, imports.get(number)?, number)).collect();
    callbacks.sort_by_key(|callback| callback.open);
    callbacks
}

fn callback<'c>(code: &'c [u8], import: &Import<'_>, number: usize) -> Option<Callback<'c>> {
    let mut at = import.statement.end;
    if byte(code, at - 1) != b')' {
        at = past_value(code, at, code.len().min(at + MAX_ARGUMENT_BYTES), true) + 1;
    }
    at = skip_spaces(code, at);
    if byte(code, at) == b'?' {
        at += 1;
    }
    let then = skip_spaces(code, at + 1);
    if import.kind != Kind::Dynamic || byte(code, at) != b'.' || !word_at(code, then, b"then") {
        return None;
    }
    let open = skip_spaces(code, then + b"then".len());
    if byte(code, open) != b'(' {
        return None;
    }
    at = skip_spaces(code, open + 1);
    let mut end = name_end(code, at);
    if word_at(code, at, b"async") && byte(code, skip_spaces(code, end)) != b'=' {
        at = skip_spaces(code, end);
        end = name_end(code, at);
    }
    let mut callback =
        Callback { open, import: [number], parameter: None, pattern: 0..0, body: usize::MAX, bound: false };
    if word_at(code, at, b"function") {
        at = skip_spaces(code, end);
        if byte(code, at) == b'*' {
            at = skip_spaces(code, at + 1);
        }
        at = skip_spaces(code, name_end(code, at));
    } else if end > at {
        let sign = skip_spaces(code, end);
        callback.parameter = Some(name(code, at..end));
        callback.body = sign + 2;
        return (byte(code, sign) == b'=' && byte(code, sign + 1) == b'>').then_some(callback);
    }
    if byte(code, at) != b'(' {
        return None;
    }
    let first = skip_spaces(code, at + 1);
    let most = code.len().min(first + MAX_ARGUMENT_BYTES);
    if byte(code, first) == b'{' {
        let close = past_value(code, first + 1, most, true);
        callback.pattern = first..close + 1;
        return (byte(code, close) == b'}').then_some(callback);
    }
    let end = name_end(code, first);
    callback.parameter = (end > first).then(|| name(code, first..end));
    callback.body = past_value(code, end, most, true);
    callback.parameter.is_some().then_some(callback)
}

/// The callbacks of a file, and those that are open.
pub(super) struct Callbacks<'c> {
    all: Vec<Callback<'c>>,
    /// Index of the first one that has not opened yet.
    next: usize,
    /// Open ones, with the number of brackets that are open within them.
    open: Vec<(usize, usize)>,
    /// By parameter, the open ones, innermost last.
    by_name: HashMap<Cow<'c, str>, Vec<usize>>,
}

impl<'c> Callbacks<'c> {
    pub(super) fn new(all: Vec<Callback<'c>>) -> Self {
        Self { all, next: 0, open: Vec::new(), by_name: HashMap::new() }
    }

    /// Opens the callback whose bracket is at `at`, the `depth`th that is open; returns its index if there is one.
    pub(super) fn opened(&mut self, at: usize, depth: usize) -> Option<usize> {
        while self.all.get(self.next).is_some_and(|callback| callback.open < at) {
            self.next += 1;
        }
        let index = self.next;
        let callback = self.all.get(index).filter(|callback| callback.open == at)?;
        self.next += 1;
        if let Some(parameter) = &callback.parameter {
            self.by_name.entry(parameter.clone()).or_default().push(index);
            self.open.push((index, depth));
        }
        Some(index)
    }

    /// Closes the callback that is an argument within `depth` brackets: a comma or bracket ends it.
    pub(super) fn close(&mut self, depth: usize) {
        if let Some((index, _)) = self.open.pop_if(|(_, within)| *within >= depth)
            && let Some(parameter) = self.all.get(index).and_then(|callback| callback.parameter.as_ref())
            && let Some(open) = self.by_name.get_mut(parameter)
        {
            open.pop();
            if open.is_empty() {
                self.by_name.remove(parameter);
            }
        }
    }

    pub(super) fn close_all(&mut self) {
        self.open.clear();
        self.by_name.clear();
    }

    /// Returns the innermost callback with a parameter of this name.
    pub(super) fn parameter(&self, name: &str) -> Option<usize> {
        if self.open.is_empty() {
            return None;
        }
        self.by_name.get(name)?.last().copied()
    }

    /// Returns the offset at which the body of a callback starts.
    pub(super) fn body(&self, index: usize) -> usize {
        self.all.get(index).map_or(usize::MAX, |callback| callback.body)
    }

    pub(super) fn import(&self, index: usize) -> &[usize] {
        self.all.get(index).map_or(&[], |callback| &callback.import)
    }

    /// Records that something else binds the name of the parameter.
    pub(super) fn bind(&mut self, index: usize) {
        if let Some(callback) = self.all.get_mut(index) {
            callback.bound = true;
        }
    }

    /// Returns whether nothing else binds the name of the parameter.
    pub(super) fn is_alone(&self, index: usize) -> bool {
        self.all.get(index).is_some_and(|callback| !callback.bound)
    }

    fn pattern(&self, index: usize) -> Range<usize> {
        self.all.get(index).map_or(0..0, |callback| callback.pattern.clone())
    }
}

impl Finder<'_, '_, '_> {
    /// Adds the names that the parameter of a callback takes.
    pub(super) fn parameter(&mut self, index: usize) {
        let braces = self.callbacks.pattern(index);
        if braces.is_empty() {
            return;
        }
        for (name, span) in self.pattern(braces.clone()) {
            self.add(Module::Parameter(index), name, &braces, &span);
        }
    }
}

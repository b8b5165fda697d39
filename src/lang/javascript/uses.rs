//! Uses of the modules that a file's imports bind: `ns.X` after `import * as ns from "m"`, `const { X } = ns`,
//! `import("m").then(m => m.X)`.
//!
//! A default import and `const x = require("m")` count alike, as CommonJS modules are imported so.
//! A name that anything else in the file may bind (a declaration, a parameter, an assignment) has
//! no uses in the whole file: scopes are not tracked, but for the parameter of `.then`. A name counts as bound if the
//! text alone cannot tell.

mod bindings;
mod callbacks;
mod finder;
mod taken;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::{Asked, File, Form, Import, MAX_IMPORTS};

use super::blank;
use super::markup;
use callbacks::callbacks;
use finder::Finder;

/// Maximum number of modules per name, if several imports bind it.
const MAX_MODULES: usize = 8;

/// A name taken from a module.
struct Found<'a> {
    /// Index of the import.
    import: usize,
    /// Callback whose parameter is the module, if any: its index.
    callback: Option<usize>,
    name: Cow<'a, str>,
    /// Range of the whole expression or pattern, and of the name in it.
    whole: Range<usize>,
    span: Range<usize>,
}

/// Returns the uses of the modules that the imports bind, in file order.
pub(super) fn uses<'a>(file: File<'a>, imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
    let mut names: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut unbound = Vec::new();
    for (number, import) in imports.iter().enumerate() {
        let module = matches!(import.name.as_deref(), None | Some("default")) && import.form != Form::Export;
        if !module || asked.through.get(number) != Some(&true) {
            continue;
        }
        let Some(alias) = import.alias.as_deref() else {
            if import.kind == Kind::Dynamic && import.name.is_none() {
                unbound.push(number);
            }
            continue;
        };
        let numbers = names.entry(alias).or_default();
        let known = numbers.iter().any(|&other| imports.get(other).is_some_and(|other| other.module == import.module));
        if !known && numbers.len() < MAX_MODULES {
            numbers.push(number);
        }
    }
    if names.is_empty() && unbound.is_empty() {
        return Vec::new();
    }
    let code = blank::bare(file);
    let callbacks = callbacks(&code, imports, &unbound);
    if names.is_empty() && callbacks.is_empty() {
        return Vec::new();
    }
    let mut finder = Finder::new(file.text, &code, imports, names, callbacks);
    for part in markup::parts(file, |_| {}) {
        if finder.part(part.start, part.end, part.dialect.types).is_none() {
            return Vec::new();
        }
    }
    let mut found = finder.found();
    found.sort_by_key(|found| (found.span.start, found.import));
    let rows = found.into_iter().filter_map(|found| {
        let import = imports.get(found.import)?;
        let kind = if import.kind == Kind::TypeOnly { Kind::TypeOnly } else { Kind::Attribute };
        let Found { name, whole: statement, span, .. } = found;
        let (module, name, form) = (import.module.clone(), Some(name), Form::Use);
        Some(Import { kind, form, module, name, alias: None, level: 0, statement, span })
    });
    rows.take(MAX_IMPORTS + 1).collect()
}

//! Uses of imported names: `import a.b` … `a.b.manager.X`.
//!
//! Source: Python language reference, 4.2 "Naming and binding". A name counts if imports bind it
//! and nothing else in the whole file does, in any scope: then it cannot mean anything else. Where
//! several imports bind it, those of the innermost scope around a use count.

mod bindings;
mod context;
pub(super) mod names;
mod roles;
mod scopes;
mod targets;
pub(super) mod tokens;

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::{Asked, Form, Import, MAX_IMPORTS, SharedText, shortened};

use super::bytes::{normalized, skip_lines};
use super::recover;
use super::scan::scan;

use bindings::{AllBindings, Bindings};
use names::Names;
use tokens::Tokens;

/// Returns the uses of what `imports` bind, as far as they are asked for.
pub(super) fn uses<'a>(text: &'a [u8], imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
    let names = Names::asked(imports, asked);
    if names.len() == 0 {
        return Vec::new();
    }
    let first = scan(text, Tokens::new(&names), None);
    let watch = if first.unclosed_quotes > 0 {
        let stray = recover::scanned(text).1;
        scan(text, Tokens::new(&names), stray).watch
    } else {
        first.watch
    };
    let (chains, scopes) = watch.into_chains();
    let all = AllBindings::new(&names, imports, asked, &scopes);
    let mut found = Vec::new();
    for chain in chains {
        let Some(bindings) = all.of(chain.name, chain.scope, &scopes) else { continue };
        found.extend(rows(text, bindings, &chain.span).take(MAX_IMPORTS + 1 - found.len()));
        if found.len() > MAX_IMPORTS {
            break;
        }
    }
    found
}

/// Returns the rows of a chain, one for each path that it may mean, as if it were imported.
fn rows<'r, 'a>(
    text: &'a [u8],
    bindings: &'r Bindings<'_, 'a>,
    span: &'r Range<usize>,
) -> impl Iterator<Item = Import<'a>> + 'r {
    let path = dotted_name(text, span);
    let path = match path {
        Cow::Borrowed(path) => Cow::Borrowed(shortened(path)),
        Cow::Owned(path) => Cow::Owned(shortened(&path).to_owned()),
    };
    let rest = path.split_once('.').map(|(_, rest)| rest.to_owned());
    let renamed = bindings.renamed.iter().filter_map(move |binding| {
        let path = beneath(binding.import, rest.as_deref()?);
        row(Cow::Owned(path), binding.import.level, binding.kind, span)
    });
    let plain = bindings.plain.as_ref().filter(|plain| plain.is_asked(&path));
    renamed.chain(plain.and_then(|plain| row(path, 0, plain.kind, span)))
}

fn row<'a>(path: Cow<'a, str>, level: u32, kind: Kind, span: &Range<usize>) -> Option<Import<'a>> {
    let (module, name) = match path {
        Cow::Borrowed(path) => {
            let (module, name) = path.rsplit_once('.')?;
            (SharedText::Written(module), Cow::Borrowed(name))
        }
        Cow::Owned(path) => {
            let (module, name) = path.rsplit_once('.')?;
            (SharedText::Respelt(module.into()), Cow::Owned(name.to_owned()))
        }
    };
    Some(Import {
        kind,
        form: Form::Use,
        module: Some(module),
        name: Some(name),
        alias: None,
        level,
        statement: span.clone(),
        span: span.clone(),
    })
}

/// Returns the path of `rest` beneath an imported name.
fn beneath(import: &Import<'_>, rest: &str) -> String {
    let segments = [import.module.as_deref(), import.name.as_deref(), Some(rest)];
    let path: Vec<&str> = segments.into_iter().flatten().map(shortened).collect();
    shortened(&path.join(".")).to_owned()
}

/// Returns a dotted name as Python compares it, without what separates its tokens.
pub(super) fn dotted_name<'a>(text: &'a [u8], span: &Range<usize>) -> Cow<'a, str> {
    let written = text.get(span.clone()).unwrap_or_default();
    let plain = |&byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    match std::str::from_utf8(written) {
        Ok(written) if written.bytes().all(|byte| plain(&byte)) => Cow::Borrowed(written),
        _ => Cow::Owned(normalized(text, span.clone(), skip_lines)),
    }
}

#[cfg(test)]
mod tests;

//! Uses of imported names: `import a.b` … `a.b.manager.X`.
//!
//! Source: Python language reference, 4.2 "Naming and binding". A name counts if imports bind it
//! and nothing else in the whole file does, in any scope: then it cannot mean anything else.

mod context;
mod names;
mod roles;
mod targets;
mod tokens;

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::{Asked, Form, Import, MAX_IMPORTS, SharedText, shortened};

use super::bytes::{normalized, skip_lines};
use super::recover;
use super::scan::scan;

use names::Names;
use tokens::{Chain, Tokens};

/// Returns the uses of what `imports` bind, as far as they are asked for.
pub(super) fn uses<'a>(text: &'a [u8], imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
    let Some(names) = Names::new(imports, asked) else { return Vec::new() };
    let first = scan(text, Tokens::new(&names), None);
    let watch = if first.unclosed_quotes > 0 {
        let stray = recover::imports(text).1;
        scan(text, Tokens::new(&names), stray).watch
    } else {
        first.watch
    };
    watch.into_chains().filter_map(|chain| row(text, &names, &chain)).take(MAX_IMPORTS + 1).collect()
}

/// Returns the row of a chain, as if it were imported.
fn row<'a>(text: &'a [u8], names: &Names<'_, 'a>, chain: &Chain) -> Option<Import<'a>> {
    let name = names.get(chain.name)?;
    let path = dotted_name(text, &chain.span);
    let path = match path {
        Cow::Borrowed(path) => Cow::Borrowed(shortened(path)),
        Cow::Owned(path) => Cow::Owned(shortened(&path).to_owned()),
    };
    let plain = name.plain.filter(|_| name.is_asked(&path));
    let renamed = name.renamed.filter(|(index, _)| plain.is_none_or(|plain| *index < plain));
    let (path, level) = match (renamed, plain) {
        (None, None) => return None,
        (None, Some(_)) => (path, 0),
        (Some((_, import)), _) => (Cow::Owned(beneath(import, path.split_once('.')?.1)), import.level),
    };
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
        kind: Kind::Attribute,
        form: Form::Plain,
        module: Some(module),
        name: Some(name),
        alias: None,
        level,
        statement: chain.span.clone(),
        span: chain.span.clone(),
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

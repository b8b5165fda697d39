//! Replacement of an import specification, or of a use of a package.

use std::borrow::Cow;

use crate::kind::Kind;
use crate::lang::files::folder_of;
use crate::lang::lex::{byte, word_is};
use crate::lang::paths::changed_path;
use crate::lang::{Change, Import, Rewrite, Statement, Surroundings};
use crate::tree::TreeError;

use super::literal::quoted;
use super::modules::Modules;
use super::names::{package_name, package_names};
use super::resolve::{HERE, parts};

/// Rewrites the one import of a statement: the path changes in place, the name by which the file
/// knows the package stays.
pub(super) fn rewrite(
    statement: &Statement<'_>,
    changes: &[Change<'_>],
    around: &Surroundings<'_>,
) -> Result<Rewrite, TreeError> {
    let Some(change) = changes.first() else { return Ok(Rewrite::default()) };
    let Some(import) = statement.imports.get(change.import) else { return Ok(Rewrite::default()) };
    let changed = changed_path(change);
    let (package, name) = parts(changed);
    let mut notes = Vec::new();
    let path = match package.as_slice() {
        [HERE, folder @ ..] => {
            let modules = Modules::around(folder_of(statement.file.path), around)?;
            let known = modules.path_in(&folder.join("/"), around.tree)?;
            known.unwrap_or_else(|| {
                notes.push("no go.mod says by which path this folder is imported".to_owned());
                package.join("/")
            })
        }
        path => path.join("/"),
    };
    let text = if import.kind == Kind::Attribute {
        used(statement, import, &path, name, &mut notes)
    } else {
        if let Some(name) = name {
            notes.push(format!("then use `{name}` of it"));
        }
        imported(statement, import, &path, &mut notes)
    };
    Ok(Rewrite { text, note: (!notes.is_empty()).then(|| notes.join("; ")) })
}

fn imported(statement: &Statement<'_>, import: &Import<'_>, path: &str, notes: &mut Vec<String>) -> String {
    let slice = |range| String::from_utf8_lossy(statement.file.text.get(range).unwrap_or_default());
    let before = slice(import.statement.start..import.span.start);
    let after = slice(import.span.end..import.statement.end);
    let mut local = String::new();
    if import.alias.is_none() && import.name.is_none() {
        let old = import.module.as_deref().and_then(|path| local_name(statement.file.text, path));
        match (old, package_name(path)) {
            (Some(old), new) if new == Some(&*old) => {}
            (Some(old), _) => local = format!("{old} "),
            (None, _) => notes.push("then use the name that the package has".to_owned()),
        }
    }
    format!("{before}{local}{}{after}", quoted(path))
}

/// Returns the name by which the text knows a package that it imports without one.
fn local_name<'p>(text: &[u8], path: &'p str) -> Option<Cow<'p, str>> {
    /// Number of bytes in which a use is looked for.
    const NEAR_BYTES: usize = 1 << 16;
    let near = text.get(..NEAR_BYTES).unwrap_or(text);
    let mut names = package_names(path);
    let is_used = |name: &str| {
        let mut places = memchr::memmem::find_iter(near, name.as_bytes());
        places.any(|at| word_is(near, at, name.as_bytes()) && byte(near, at + name.len()) == b'.')
    };
    let usual = package_name(path);
    if names.len() > 1 || usual.is_none() {
        let used = names.iter().position(|name| is_used(name));
        return used.map(|used| names.swap_remove(used)).or(usual.map(Cow::Borrowed));
    }
    usual.map(Cow::Borrowed)
}

fn used(
    statement: &Statement<'_>,
    import: &Import<'_>,
    path: &str,
    name: Option<&str>,
    notes: &mut Vec<String>,
) -> String {
    let text = statement.file.text.get(import.statement.start..import.span.start).unwrap_or_default();
    let local = String::from_utf8_lossy(text);
    let local = local.split('.').next().unwrap_or_default().trim_end();
    let name = name.or(import.name.as_deref()).unwrap_or_default();
    if import.module.as_deref() == Some(path) {
        return format!("{local}.{name}");
    }
    // A use's row is none of an import statement.
    let imports = || statement.of_file.iter().filter(|import| import.kind == Kind::Import && import.name.is_none());
    let local = |import: &Import<'_>| match import.alias.as_deref() {
        Some("_") => None,
        Some(alias) => Some(alias.to_owned()),
        None => package_name(import.module.as_deref()?).map(str::to_owned),
    };
    let known = imports().find(|import| import.module.as_deref() == Some(path)).and_then(local);
    if let Some(known) = known {
        return format!("{known}.{name}");
    }
    notes.push(format!("import {}", quoted(path)));
    let Some(package) = package_name(path) else { return name.to_owned() };
    if imports().filter_map(local).any(|local| local == package) {
        notes.push(format!("the name {package} is taken in this file: give it another"));
    }
    format!("{package}.{name}")
}

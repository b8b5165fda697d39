//! Rewrites: the statement to write instead of a forbidden one.
//!
//! Recommended segments replace the matched ones; the segments after them and the local name stay,
//! so that no other code has to change. A statement of which only the module changes is edited in
//! place, with its comments and line breaks; one that must be split by module is rendered anew.

mod calls;
mod edits;
mod layout;
mod render;
mod spell;
#[cfg(test)]
mod tests;
mod used;

use std::collections::BTreeMap;

use crate::kind::Kind;
use crate::lang::paths::{self, changed_path};
use crate::lang::{Change, Import, Rewrite, Statement, Surroundings};
use crate::tree::TreeError;

use super::resolve;
use edits::{Edits, StatementPosition};
use layout::{Layout, completed};
use render::{Group, Item, bound};
use spell::escaped;

const NO_MODULE: &str = "the policy recommends a name, and nothing can be taken from a name";
const NO_URL: &str = "`new URL` takes the address of a file, and a package has none: change it by hand";

/// Returns whether an import is a `new URL("./m", import.meta.url)`.
fn is_url(import: &Import<'_>, statement: &Statement<'_>) -> bool {
    let written = statement.file.text.get(import.statement.clone()).unwrap_or_default();
    import.kind == Kind::Dynamic && written.starts_with(b"new")
}

/// Returns whether a specifier names a package: it is no path, no address, and nothing of the package itself.
fn is_package(specifier: &str) -> bool {
    !specifier.starts_with(['.', '/', '#']) && resolve::specifier::scheme(specifier).is_none()
}

/// Rewrites a statement according to `changes`.
///
/// # Errors
/// When the tree cannot be read.
pub(super) fn rewrite(
    statement: &Statement<'_>,
    changes: &[Change<'_>],
    around: &Surroundings<'_>,
) -> Result<Rewrite, TreeError> {
    let imports = statement.imports;
    let mut replacements: Vec<Option<New>> = imports.iter().map(|_| None).collect();
    for change in changes {
        let (Some(import), Some(place)) = (imports.get(change.import), replacements.get_mut(change.import)) else {
            continue;
        };
        let path: Vec<String> = changed_path(change).into_iter().map(str::to_owned).collect();
        let end = path.iter().position(|segment| segment.starts_with('#')).unwrap_or(path.len());
        let (module, names) = path.split_at(end);
        if names.len() > 1 || module.is_empty() {
            return Ok(Rewrite { text: String::new(), note: Some(NO_MODULE.to_owned()) });
        }
        let old = import.module.as_deref().unwrap_or_default();
        let specifier = spell::specifier(module, old, statement.file, around)?;
        let name = names.first().and_then(|name| name.strip_prefix('#')).map(str::to_owned);
        let by_name = change.resolved.iter().take(change.matched).any(|segment| segment.starts_with('#'));
        place.get_or_insert(New { specifier, name, path, by_name });
    }
    let Some(first) = imports.iter().zip(&replacements).find_map(|(import, new)| new.as_ref().map(|_| import)) else {
        return Ok(Rewrite::default());
    };
    if replacements.iter().flatten().any(|new| is_url(first, statement) && is_package(&new.specifier)) {
        return Ok(Rewrite { text: String::new(), note: Some(NO_URL.to_owned()) });
    }
    let written = Written { statement: *statement, replacements: &replacements };
    let layout = Layout::of(statement.file.text, imports);
    if first.is_use() {
        return Ok(written.used());
    }
    let text = match (first.kind, layout) {
        (_, Some(layout)) if layout.keyword.is_empty() => {
            let text = written.call(&layout);
            return Ok(text.map_or_else(|| Rewrite { text: written.paths(), note: None }, completed));
        }
        (Kind::Import | Kind::TypeOnly, Some(layout)) => {
            if let Some(text) = written.in_place(&layout) {
                Some(text)
            } else if let Some(text) = written.anew(&layout) {
                let note = layout.has_comments.then(|| "the comments within the statement are left out".to_owned());
                return Ok(Rewrite { text, note });
            } else {
                None
            }
        }
        _ => None,
    };
    Ok(Rewrite { text: text.unwrap_or_else(|| written.paths()), note: None })
}

/// The replacement of a row.
struct New {
    specifier: String,
    name: Option<String>,
    path: Vec<String>,
    /// Whether a name is forbidden, not its module.
    by_name: bool,
}

struct Written<'s, 'a> {
    statement: Statement<'a>,
    /// Replacement of each row; `None` if it stays.
    replacements: &'s [Option<New>],
}

impl Written<'_, '_> {
    /// Returns the specifiers alone, or the paths if specifiers would say too little.
    fn paths(&self) -> String {
        let rows = self
            .statement
            .imports
            .iter()
            .zip(self.replacements)
            .filter_map(|(import, new)| Some((import, new.as_ref()?)));
        let path = |(import, new): (&Import<'_>, &New)| {
            if matches!(import.kind, Kind::Dynamic | Kind::String) && new.name.as_deref() == import.name.as_deref() {
                return new.specifier.clone();
            }
            paths::joined(&new.path.iter().map(String::as_str).collect::<Vec<_>>(), "/")
        };
        rows.map(path).collect::<Vec<_>>().join("\n")
    }

    /// Returns the specifier that all rows get, if it is the same.
    fn one_specifier(&self) -> Option<&str> {
        let mut replacements = self.replacements.iter();
        let first = replacements.next()?.as_ref()?;
        let all = replacements.all(|new| new.as_ref().is_some_and(|new| new.specifier == first.specifier));
        all.then_some(first.specifier.as_str())
    }

    /// Edits the module and the names in place; `None` if names must move.
    fn in_place(&self, layout: &Layout<'_>) -> Option<String> {
        let specifier = self.one_specifier()?;
        let mut edits = Edits::default();
        edits.specifier(layout, specifier);
        for (import, new) in self.statement.imports.iter().zip(self.replacements) {
            let new = new.as_ref()?;
            let old = import.name.as_deref().filter(|&name| name != "*");
            match (old, new.name.as_deref()) {
                (None, None) => {}
                (Some("default"), Some("default")) if !layout.is_braced(import) => {}
                (Some(old), Some(name)) if layout.is_braced(import) => {
                    if old != name {
                        edits.add(layout.with_alias(import), bound(name, import.alias.as_deref().unwrap_or(old)));
                    }
                }
                _ => return None,
            }
        }
        Some(edits.applied(self.statement.file.text, &layout.statement))
    }

    /// Renders statements for the changed rows, by module, and one for those that stay.
    fn anew(&self, layout: &Layout<'_>) -> Option<String> {
        let quote = char::from(layout.quote());
        let tail = if layout.required { "" } else { layout.tail() };
        let mut groups: Vec<Group> = Vec::new();
        let mut by_module: BTreeMap<&str, usize> = BTreeMap::new();
        let mut stays = Group { from: format!("{}{tail}", layout.slice(layout.string.clone())), items: Vec::new() };
        for (import, new) in self.statement.imports.iter().zip(self.replacements) {
            let Some(new) = new else {
                stays.items.push(unchanged(layout, import));
                continue;
            };
            let item = changed(layout, import, new.name.as_deref())?;
            let end = groups.len();
            let place = *by_module.entry(new.specifier.as_str()).or_insert(end);
            if place == end {
                let from = format!("{quote}{}{quote}{tail}", escaped(&new.specifier, layout.quote()));
                groups.push(Group { from, items: Vec::new() });
            }
            if let Some(group) = groups.get_mut(place).filter(|group| !group.items.contains(&item)) {
                group.items.push(item);
            }
        }
        if !stays.items.is_empty() {
            groups.push(stays);
        }
        let place = StatementPosition::of(self.statement.file.text, &layout.statement);
        let statements = |group: &Group| render::statements(group, layout.keyword, layout.modifier, place.column);
        let lines: Vec<String> = groups.iter().flat_map(statements).collect();
        Some(lines.join(place.separator))
    }
}

/// Returns the item of a row that stays.
fn unchanged(layout: &Layout<'_>, import: &Import<'_>) -> Item {
    let alias = import.alias.as_deref();
    match import.name.as_deref() {
        None => alias.map_or(Item::Bare, |alias| Item::Namespace(alias.to_owned())),
        Some("*") => Item::Star,
        Some("default") if layout.keyword == "import" && !layout.is_braced(import) => {
            Item::Default(alias.unwrap_or_default().to_owned())
        }
        Some(name) => named(layout, import, name, alias.unwrap_or(name)),
    }
}

/// Returns the item of a row whose new path ends in `name`, or in a module.
fn changed(layout: &Layout<'_>, import: &Import<'_>, name: Option<&str>) -> Option<Item> {
    let local = match (import.name.as_deref(), import.alias.as_deref()) {
        (Some("*"), _) => return name.is_none().then_some(Item::Star),
        (None, None) => return Some(Item::Bare),
        (_, Some(alias)) => alias,
        (Some(name), None) => name,
    };
    let inline = import.kind == Kind::TypeOnly && layout.modifier.is_empty();
    Some(match name {
        None => Item::Namespace(local.to_owned()),
        // `import { type default as x }` is the only way to import a type default beside others.
        Some("default") if layout.keyword == "import" && !inline => Item::Default(local.to_owned()),
        Some(name) => named(layout, import, name, local),
    })
}

fn named(layout: &Layout<'_>, import: &Import<'_>, name: &str, local: &str) -> Item {
    let inline = import.kind == Kind::TypeOnly && layout.modifier.is_empty();
    let inline = if inline { layout.inline(import) } else { "" };
    Item::Named { inline, name: name.to_owned(), local: local.to_owned() }
}

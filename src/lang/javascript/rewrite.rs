//! Rewrites: the statement to write instead of a forbidden one.
//!
//! Recommended segments replace the matched ones; the segments after them and the local name stay,
//! so that no other code has to change. A statement of which only the module changes is edited in
//! place, with its comments and line breaks; one that must be split by module is rendered anew.

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

use edits::{Edits, StatementPosition};
use layout::{Layout, completed};
use render::{Group, Item, bound, is_identifier};
use spell::escaped;

const NO_MODULE: &str = "the policy recommends a name, and nothing can be taken from a name";

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
    let written = Written { statement: *statement, replacements: &replacements };
    let layout = Layout::of(statement.file.text, imports);
    if first.is_use() {
        return Ok(written.used());
    }
    let text = match (first.kind, layout) {
        (Kind::Dynamic | Kind::String, Some(layout)) => {
            let text = written.call(&layout);
            return Ok(
                text.map_or_else(|| Rewrite { text: written.paths(), note: None }, |text| completed(text, statement))
            );
        }
        (Kind::Import | Kind::TypeOnly, Some(layout)) if layout.keyword.is_empty() => written.call(&layout),
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

    /// Edits a call in place: its string, and the names taken from it; or splits its pattern.
    fn call(&self, layout: &Layout<'_>) -> Option<String> {
        let by_name = self.replacements.iter().flatten().any(|new| new.by_name);
        let others = by_name && layout.entries().len() > self.replacements.len();
        let text = self.one_specifier().filter(|_| !others).and_then(|specifier| self.call_in_place(layout, specifier));
        text.map(|text| layout.declared(&text)).or_else(|| self.calls(layout))
    }

    fn call_in_place(&self, layout: &Layout<'_>, specifier: &str) -> Option<String> {
        let mut edits = Edits::default();
        edits.specifier(layout, specifier);
        for (import, new) in self.statement.imports.iter().zip(self.replacements) {
            let new = new.as_ref()?;
            let name = new.name.as_deref();
            let is_member = import.span.start >= layout.string.end;
            match (import.name.as_deref(), name) {
                (old, name) if old == name => {}
                (Some(_), Some(name)) if is_member && is_identifier(name) => {
                    edits.add(import.span.clone(), name.to_owned());
                }
                (Some(_), None) if is_member && import.kind != Kind::TypeOnly => {
                    let before = layout.slice(layout.string.end..import.span.start);
                    edits.add(layout.string.end + before.rfind(')')? + 1..import.span.end, String::new());
                }
                (Some(old), Some(name)) if layout.is_braced(import) => {
                    let local = if layout.is_renamed(import) { String::new() } else { format!(": {old}") };
                    edits.add(import.span.clone(), format!("{}{local}", bound(name, name)));
                }
                // A mock replaces the whole module.
                (None, Some(_)) if import.kind == Kind::String => {}
                (None, Some(name)) if is_identifier(name) && layout.tail().trim_end().ends_with(')') => {
                    let taken = match import.kind {
                        Kind::Dynamic => format!(".then((m) => m.{name})"),
                        _ => format!(".{name}"),
                    };
                    edits.add(layout.statement.end..layout.statement.end, taken);
                }
                _ => return None,
            }
        }
        Some(edits.applied(self.statement.file.text, &layout.statement))
    }

    /// Splits `const { a, b } = require("m")` into one declaration per module.
    fn calls(&self, layout: &Layout<'_>) -> Option<String> {
        let pattern = layout.pattern()?;
        let quote = char::from(layout.quote());
        let line = |names: &str, module: &str| {
            let text = format!("{}{names}{}{module}{}", pattern.head, pattern.middle, layout.tail());
            layout.declared(&text)
        };
        let (mut groups, mut lines): (Vec<(String, Vec<String>)>, Vec<String>) = (Vec::new(), Vec::new());
        let mut stays = layout.entries();
        for (import, new) in self.statement.imports.iter().zip(self.replacements) {
            let (old, Some(new)) = (import.name.as_deref()?, new) else { continue };
            stays.retain(|entry| !entry.contains(&import.span.start));
            let local = import.alias.as_deref().unwrap_or(old);
            let module = format!("{quote}{}{quote}", escaped(&new.specifier, layout.quote()));
            let Some(name) = new.name.as_deref() else {
                lines.push(line(local, &module));
                continue;
            };
            let name = if name == local { name.to_owned() } else { format!("{}: {local}", bound(name, name)) };
            match groups.iter_mut().find(|(known, _)| *known == module) {
                Some((_, names)) => names.push(name),
                None => groups.push((module, vec![name])),
            }
        }
        let stay: Vec<String> = stays.into_iter().map(|entry| layout.slice(entry).to_owned()).collect();
        if !stay.is_empty() {
            groups.push((layout.slice(layout.string.clone()).to_owned(), stay));
        }
        lines.extend(groups.iter().map(|(module, names)| line(&format!("{{ {} }}", names.join(", ")), module)));
        Some(lines.join(StatementPosition::of(self.statement.file.text, &layout.statement).separator))
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

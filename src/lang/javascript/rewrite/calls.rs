//! Replacement of a call: its string, and the names that are taken from what it returns.

use super::Written;
use super::edits::{Edits, StatementPosition};
use super::layout::Layout;
use super::render::{bound, is_identifier};
use super::spell::escaped;
use crate::kind::Kind;

impl Written<'_, '_> {
    /// Edits a call in place: its string, and the names taken from it; or splits its pattern.
    pub(super) fn call(&self, layout: &Layout<'_>) -> Option<String> {
        let by_name = self.replacements.iter().flatten().any(|new| new.by_name);
        let others = by_name && layout.entries().len() > self.replacements.len();
        let text = self.one_specifier().filter(|_| !others).and_then(|specifier| self.call_in_place(layout, specifier));
        let text = text.map(|text| layout.declared(&text)).or_else(|| self.calls(layout));
        text.or_else(|| self.listed(layout))
    }

    /// Edits the strings of a list: `require.ensure(["a", "b"])`.
    fn listed(&self, layout: &Layout<'_>) -> Option<String> {
        let mut edits = Edits::default();
        for (import, new) in self.statement.imports.iter().zip(self.replacements) {
            let quote = *self.statement.file.text.get(import.span.start)?;
            if import.name.is_some() || !matches!(quote, b'"' | b'\'' | b'`') {
                return None;
            }
            let Some(new) = new else { continue };
            if new.name.is_some() {
                return None;
            }
            edits.add(import.span.start + 1..import.span.end - 1, escaped(&new.specifier, quote));
        }
        Some(edits.applied(self.statement.file.text, &layout.statement))
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
                (Some(_), Some(name)) if layout.is_braced(import) && layout.is_computed(import) => {
                    edits.add(import.span.clone(), format!("\"{}\"", escaped(name, b'"')));
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
}

//! Replacement of a use: `ns.X` becomes the name that the new module has for it, with the import that it needs.

use std::ops::Range;

use memchr::memmem;

use super::edits::Edits;
use super::render::{Group, Item, is_identifier, statements};
use super::spell::escaped;
use super::{New, Written};
use crate::kind::Kind;
use crate::lang::{Form, Import, Rewrite};

/// Maximum number of imports of one name that are looked at.
const MAX_ALIKE: usize = 8;

impl Written<'_, '_> {
    /// Returns the code to write instead of a use.
    pub(super) fn used(&self) -> Rewrite {
        let rows: Vec<(&Import<'_>, &New)> = self
            .statement
            .imports
            .iter()
            .zip(self.replacements)
            .filter_map(|(import, new)| Some((import, new.as_ref()?)))
            .collect();
        let Some((first, _)) = rows.first() else { return Rewrite::default() };
        let text = self.statement.file.text;
        let written = String::from_utf8_lossy(text.get(first.statement.clone()).unwrap_or_default());
        if written.starts_with('{') {
            return self.taken(&rows, &written);
        }
        let Some((import, new)) = rows.first() else { return Rewrite::default() };
        let name = new.name.as_deref();
        if import.module.as_deref() == Some(&*new.specifier)
            && let Some(name) = name.filter(|name| is_identifier(name))
        {
            let object = text.get(import.statement.start..import.span.start).unwrap_or_default();
            let object = String::from_utf8_lossy(object);
            let object = object.trim_end().trim_end_matches('[').trim_end();
            let dot = if object.ends_with('.') { "" } else { "." };
            return Rewrite { text: format!("{object}{dot}{name}"), note: None };
        }
        if let Some(known) = self.known(import, new) {
            return Rewrite { text: known.to_owned(), note: None };
        }
        let local = local(import, new);
        let needed = self.import_of(import, new, &local).join("; ");
        let taken = if self.is_taken(&local, new) {
            format!("; the name {local} is taken in this file")
        } else {
            String::new()
        };
        Rewrite { text: local, note: Some(format!("needs `{needed}`{taken}")) }
    }

    /// Returns the local name of what replaces a use, if an import binds it where the use is.
    fn known(&self, import: &Import<'_>, new: &New) -> Option<&str> {
        let same = self
            .imports()
            .filter(|other| (import.kind == Kind::TypeOnly || other.kind == Kind::Import) && new.is_brought_by(other));
        let known = same.take(MAX_ALIKE).find(|other| self.sees(import.span.start, other)).and_then(local_of);
        known.filter(|known| is_identifier(known))
    }

    /// Returns whether what an import binds is in scope at `at`: the innermost braces around the import hold both.
    fn sees(&self, at: usize, import: &Import<'_>) -> bool {
        let between = |from: usize, to: usize| self.statement.code.get(from..to).unwrap_or_default().iter();
        let Range { start, end } = import.statement;
        // A statement of modules stands outside all braces, whatever broken code around it says.
        if import.form == Form::Plain && import.kind != Kind::Dynamic {
            return true;
        }
        if at < start {
            never_leaves(between(at, start).rev(), b'}', b'{')
        } else {
            never_leaves(between(end, at), b'{', b'}')
        }
    }

    /// Returns whether an import of something else, or a declaration of the file, binds a name.
    fn is_taken(&self, name: &str, new: &New) -> bool {
        let code = self.statement.code;
        let declares = |at: usize| {
            let before = code.get(..at).unwrap_or_default();
            let word = before.trim_ascii_end();
            let keyword = [&b"const"[..], b"let", b"var", b"function", b"class", b"enum"];
            let follows = code.get(at + name.len()..).unwrap_or_default();
            before.len() > word.len()
                && keyword.iter().any(|keyword| word.ends_with(keyword))
                && !follows.first().is_some_and(|&next| next.is_ascii_alphanumeric() || matches!(next, b'_' | b'$'))
        };
        self.imports().any(|import| local_of(import) == Some(name) && !new.is_brought_by(import))
            || memmem::find_iter(code, name.as_bytes()).any(declares)
    }

    /// Returns the imports of the file that bind names.
    fn imports(&self) -> impl Iterator<Item = &Import<'_>> {
        let binds = |import: &&Import<'_>| {
            let is_statement = import.form == Form::Plain && matches!(import.kind, Kind::Import | Kind::TypeOnly);
            let written = self.statement.file.text.get(import.statement.start..).unwrap_or_default();
            let declares = || [&b"const"[..], b"let", b"var"].iter().any(|word| written.starts_with(word));
            !import.is_use() && (is_statement || import.alias.is_some() || declares())
        };
        self.statement.of_file.iter().filter(binds)
    }

    /// Returns the code to write instead of names that a pattern takes.
    fn taken(&self, rows: &[(&Import<'_>, &New)], written: &str) -> Rewrite {
        if !written.contains('=') || written.ends_with('}') {
            // The parameter of a callback.
            let names: Vec<String> =
                rows.iter().filter_map(|(import, new)| property(new.name.as_deref()?, &self.alias(import))).collect();
            let Some((_, new)) = rows.first().filter(|_| names.len() == rows.len()) else {
                return Rewrite { text: self.paths(), note: None };
            };
            if rows.iter().all(|(import, new)| import.module.as_deref() == Some(&*new.specifier)) {
                return Rewrite { text: self.renamed(rows), note: None };
            }
            let note = format!("take it from `import(\"{}\")`", escaped(&new.specifier, b'"'));
            return Rewrite { text: format!("{{ {} }}", names.join(", ")), note: Some(note) };
        }
        let mut lines = Vec::new();
        for (import, new) in rows {
            lines.extend(self.import_of(import, new, &self.alias(import)));
        }
        Rewrite { text: lines.join("\n"), note: Some("take these names out of the pattern".to_owned()) }
    }

    /// Returns a pattern that takes other names from the same module.
    fn renamed(&self, rows: &[(&Import<'_>, &New)]) -> String {
        let mut edits = Edits::default();
        let text = self.statement.file.text;
        for (import, new) in rows {
            let name = new.name.as_deref().unwrap_or_default();
            let follows = text.get(import.span.end..).unwrap_or_default().trim_ascii_start().first();
            let written = match follows {
                Some(b']') => format!("\"{}\"", escaped(name, b'"')),
                Some(b':') => property(name, name).unwrap_or_default(),
                _ => property(name, import.name.as_deref().unwrap_or_default()).unwrap_or_default(),
            };
            edits.add(import.span.clone(), written);
        }
        rows.first().map_or_else(String::new, |(first, _)| edits.applied(text, &first.statement))
    }

    /// Returns the local name that a pattern gives to a name.
    fn alias(&self, import: &Import<'_>) -> String {
        let after = self.statement.file.text.get(import.span.end..import.statement.end).unwrap_or_default();
        let after = String::from_utf8_lossy(after);
        let after = after.trim_start();
        let after = after.strip_prefix(']').map_or(after, str::trim_start);
        let named = after.strip_prefix(':').map(str::trim_start);
        let end = |text: &str| {
            text.find(|sign: char| !is_identifier(&sign.to_string()) && !sign.is_numeric()).unwrap_or(text.len())
        };
        let alias = named.map(|named| &named[..end(named)]).filter(|alias| is_identifier(alias));
        alias.map_or_else(|| import.name.as_deref().unwrap_or_default().to_owned(), str::to_owned)
    }

    /// Returns the statement that imports what replaces a use, as `local`.
    fn import_of(&self, import: &Import<'_>, new: &New, local: &str) -> Vec<String> {
        let from = format!("\"{}\"", escaped(&new.specifier, b'"'));
        if self.requires() {
            return vec![match new.name.as_deref() {
                None => format!("const {local} = require({from})"),
                Some(name) => match property(name, local) {
                    Some(property) => format!("const {{ {property} }} = require({from})"),
                    None => format!("require({from})"),
                },
            }];
        }
        let item = match new.name.as_deref() {
            None => Item::Namespace(local.to_owned()),
            Some("default") => Item::Default(local.to_owned()),
            Some(name) => Item::Named { inline: "", name: name.to_owned(), local: local.to_owned() },
        };
        let modifier = if import.kind == Kind::TypeOnly { "type" } else { "" };
        statements(&Group { from, items: vec![item] }, "import", modifier, 0)
    }

    /// Returns whether the file takes modules by `require` alone.
    fn requires(&self) -> bool {
        let has = |word: &[u8]| memmem::find(self.statement.code, word).is_some();
        let path = self.statement.file.path;
        path.ends_with(b".cjs") || (has(b"require(") && !has(b"import ") && !has(b"export "))
    }
}

impl New {
    /// Returns whether an import brings just this.
    fn is_brought_by(&self, import: &Import<'_>) -> bool {
        import.module.as_deref() == Some(&*self.specifier) && import.name.as_deref() == self.name.as_deref()
    }
}

/// Returns whether code that begins within braces never leaves them.
fn never_leaves<'c>(mut code: impl Iterator<Item = &'c u8>, enters: u8, leaves: u8) -> bool {
    let mut depth = 0_usize;
    code.all(|&sign| {
        if sign == leaves && depth == 0 {
            return false;
        }
        depth = depth + usize::from(sign == enters) - usize::from(sign == leaves);
        true
    })
}

/// Returns the local name that an import statement binds.
fn local_of<'i>(import: &'i Import<'_>) -> Option<&'i str> {
    import.alias.as_deref().or(import.name.as_deref())
}

/// Returns the name that replaces a use: the new one, or the old one where the new path is a module's.
fn local(import: &Import<'_>, new: &New) -> String {
    let names = [new.name.as_deref().filter(|&name| name != "default"), import.name.as_deref()];
    let last = new.specifier.rsplit('/').next();
    let names = names.into_iter().chain([last]).flatten();
    names.into_iter().find(|name| *name != "default" && is_identifier(name)).unwrap_or("value").to_owned()
}

/// Returns the property of a pattern that takes `name` as `local`.
fn property(name: &str, local: &str) -> Option<String> {
    if name == local {
        return Some(name.to_owned());
    }
    let name = if is_identifier(name) { name.to_owned() } else { format!("\"{}\"", escaped(name, b'"')) };
    Some(format!("{name}: {local}"))
}

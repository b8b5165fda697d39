//! Suggested calls: in the style of the old one, relative where it was relative, with its quotes.

use crate::lang::files::{folder, relative};
use crate::lang::paths::{escaped, in_place};
use crate::lang::{Change, Form, Import, Rewrite, Statement};

use super::notation::NOTATION;

/// Rewrites a call. A path that `require_relative` cannot reach is loaded by `require`, and the other way round.
pub(super) fn rewrite(statement: &Statement<'_>, changes: &[Change<'_>]) -> Rewrite {
    let path = String::from_utf8_lossy(statement.file.path);
    let text = statement.file.text;
    let mut word = None;
    let mut note = None;
    let write = |import: &Import<'_>, segments: &[&str]| {
        let old = text.get(import.span.clone())?;
        let quote = match old.last() {
            Some(b'"') => '"',
            _ => '\'',
        };
        let module: Vec<&str> = segments.iter().copied().filter(|segment| !segment.starts_with('#')).collect();
        let written = import.module.as_deref().unwrap_or_default();
        let new = to_write(&path, import, &module)?;
        let ending = if written.ends_with(".rb") { ".rb" } else { "" };
        let new = escaped(&new, if quote == '"' { "\\\"#" } else { "\\'" });
        Some(format!("{quote}{new}{ending}{quote}"))
    };
    let mut rewrite = in_place(statement, changes, NOTATION.join, write);
    for change in changes {
        let Some(import) = statement.imports.get(change.import) else { continue };
        let new = crate::lang::paths::changed_path(change);
        if import.form == Form::Require {
            let before = text.get(import.statement.start..import.span.start).unwrap_or_default();
            let of_rails = memchr::memmem::find(before, b"require_dependency").is_some();
            word = swapped(import, &new).map(|(old, new)| (if of_rails { "require_dependency" } else { old }, new));
        }
        if let (Some(old), Some(name)) = (&import.name, new.last().and_then(|last| last.strip_prefix('#')))
            && old != name
        {
            note = Some(format!("then change `{old}` to `{name}`"));
        }
    }
    if let Some((old, new)) = word {
        rewrite.text = rewrite.text.replacen(old, new, 1);
    }
    rewrite.note = note;
    rewrite
}

/// Returns the old and the new method name if the new path needs another one.
fn swapped(import: &Import<'_>, new: &[&str]) -> Option<(&'static str, &'static str)> {
    let ours = new.first() == Some(&".");
    match (import.level > 0, ours, new.get(1)) {
        (true, false, _) => Some(("require_relative", "require")),
        (false, true, second) if second != Some(&"lib") && !starts_at_top(import) => {
            Some(("require", "require_relative"))
        }
        _ => None,
    }
}

/// Returns whether the old path is explicitly relative to the top.
fn starts_at_top(import: &Import<'_>) -> bool {
    import.module.as_deref().is_some_and(|module| module.starts_with("./"))
}

fn to_write(path: &str, import: &Import<'_>, new: &[&str]) -> Option<String> {
    let Some((&".", inner)) = new.split_first() else { return Some(new.join("/")) };
    if import.level > 0 || swapped(import, new).is_some() {
        return Some(relative(folder(path), inner));
    }
    match inner.split_first() {
        _ if starts_at_top(import) => Some(new.join("/")),
        Some((&"lib", beneath)) if !beneath.is_empty() && import.form != Form::Include => Some(beneath.join("/")),
        _ => Some(inner.join("/")),
    }
}

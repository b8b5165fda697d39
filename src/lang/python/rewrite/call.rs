//! Replacement of a call that names a module by a string: the same call with another string.

use crate::lang::Rewrite;

use super::super::bytes::HIDDEN_LINE_END;
use super::Changed;

/// Maximum length of a call that is shown as a whole.
const MAX_CALL_BYTES: usize = 400;

/// Rewrites calls, one row each; where the path cannot be written in the call, the path is all that
/// is shown.
pub(super) fn rewrite<'r>(text: &[u8], rows: impl Iterator<Item = &'r Changed<'r>>) -> Rewrite {
    let mut lines = Vec::new();
    let mut note = None;
    for row in rows {
        let call = whole(text, row);
        if call.is_some() {
            note = note.or_else(|| note_on(text, row));
        }
        lines.push(call.unwrap_or_else(|| row.path()));
    }
    Rewrite { text: lines.join("\n"), note }
}

/// Returns the call with the new path; `None` if it is broken or long, or if the path would not
/// mean the same there.
fn whole(text: &[u8], row: &Changed<'_>) -> Option<String> {
    let (call, string) = (&row.import.statement, &row.import.span);
    if call.end <= string.end || call.len() > MAX_CALL_BYTES {
        return None;
    }
    let old = text.get(string.clone())?;
    let written = text.get(call.clone())?;
    let quote = *old.iter().find(|byte| matches!(byte, b'"' | b'\''))?;
    if written.contains(&HIDDEN_LINE_END) || !written.ends_with(b")") {
        return None;
    }
    let new = match &row.import.name {
        // A name of `fromlist`: only the last segment stands there.
        Some(_) => {
            let ((name, module), (_, old_module)) = (row.new.split_last()?, row.old.split_last()?);
            (module == old_module).then(|| (*name).to_owned())?
        }
        // Only in `import_module(".m", __package__)` do the dots stand in the string.
        None if row.import.level > 0 && !old.contains(&b'.') => return None,
        None => row.path(),
    };
    let part = |from: usize, to: usize| Some(String::from_utf8_lossy(text.get(from..to)?));
    let quote = char::from(quote);
    Some(format!("{}{quote}{new}{quote}{}", part(call.start, string.start)?, part(string.end, call.end)?))
}

/// Returns what is lost with the old string, or changed by the new one.
fn note_on(text: &[u8], row: &Changed<'_>) -> Option<String> {
    let import = row.import;
    let (call, string) = (text.get(import.statement.clone())?, text.get(import.span.clone())?);
    if string.contains(&b'#') {
        return Some("the comments within the string are left out".to_owned());
    }
    let callee = call.split(|&byte| byte == b'(').find(|part| !part.trim_ascii().is_empty())?;
    let (old, new) = (row.old.first()?, row.new.first()?);
    let returns_top = import.name.is_none() && row.old.len() > 1 && callee.trim_ascii_end().ends_with(b"__import__");
    (returns_top && old != new).then(|| format!("`__import__` returns `{new}` now, not `{old}`"))
}

#[cfg(test)]
mod tests {
    use super::super::rewrite;
    use crate::lang::python::Python;
    use crate::lang::{Change, File, Language};

    fn path(text: &str) -> Vec<String> {
        text.split('.').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn calls_keep_all_but_the_path() {
        let entries = [("a.b.manager", "a.b.canonical"), ("top.old", "new")];
        let run = |text: &str| {
            let imports = Python.imports(File { path: b"x.py", text: text.as_bytes() });
            let import = imports.last().unwrap();
            let package = if import.level > 0 { "a.b" } else { "" };
            let paths = [Some(package), import.module.as_deref(), import.name.as_deref()];
            let resolved = path(&paths.map(Option::unwrap_or_default).join("."));
            let (entry, instead) = entries.iter().find(|(entry, _)| resolved.starts_with(&path(entry))).unwrap();
            let instead = path(instead);
            let change = Change { import: 0, matched: path(entry).len(), resolved, instead: &instead };
            let rewrite = rewrite(text.as_bytes(), b"", std::slice::from_ref(import), &[change]);
            rewrite.text + &rewrite.note.map(|note| format!(" ! {note}")).unwrap_or_default()
        };
        for (text, expected) in [
            ("x = patch('a.b.manager.X', new = 1) # c", "patch('a.b.canonical.X', new = 1)"),
            (
                "importlib.import_module(\n  r\"a.b.\" \"manager\",\n)",
                "importlib.import_module(\n  \"a.b.canonical\",\n)",
            ),
            ("import_module('.manager', __package__)", "import_module('a.b.canonical', __package__)"),
            ("import_module('.manager', package='a.b')", "import_module('a.b.canonical', package='a.b')"),
            ("pkgutil.resolve_name('a.b.manager:X')", "pkgutil.resolve_name('a.b.canonical.X')"),
            ("f'{patch(\"\"\"a.b.manager.X\"\"\")}'", "patch(\"a.b.canonical.X\")"),
            ("__import__('a.b.manager')", "__import__('a.b.canonical')"),
            ("__import__('top.old.x')", "__import__('new.x') ! `__import__` returns `new` now, not `top`"),
            ("__import__('a.b', fromlist=['x', 'manager'])", "__import__('a.b', fromlist=['x', 'canonical'])"),
            ("__import__('top', fromlist=['old'])", "new"),
            ("__import__('manager', globals(), None, [], 1)", "a.b.canonical"),
            (
                "patch('a.b.' # c\n 'manager.X')",
                "patch('a.b.canonical.X') ! the comments within the string are left out",
            ),
            ("patch('a.b.manager.X', 1", "a.b.canonical.X"),
        ] {
            assert_eq!(run(text), expected, "{text}");
        }
        let long = format!("patch('a.b.manager.X', {})", "1, ".repeat(200));
        assert_eq!(run(&long), "a.b.canonical.X");
    }
}

//! Suggested statements: one for each changed name, which keeps its local name, and one for the unchanged names after
//! them.

use crate::kind::Kind;
use crate::lang::jvm::{Style, notation, rewrite};
use crate::lang::paths::changed_path;
use crate::lang::{Change, Form, Import, Rewrite, Statement};

/// Syntax of the Scala version in which the statement is written.
struct Signs {
    word: &'static str,
    star: &'static str,
    renames: &'static str,
}

/// Rewrites a statement.
pub(super) fn rewrite(statement: &Statement<'_>, changes: &[Change<'_>]) -> Rewrite {
    let Some(first) = statement.imports.first() else { return Rewrite::default() };
    if first.kind != Kind::Import {
        return rewrite::paths(statement, changes, Style::Scala);
    }
    let text = statement.file.text.get(first.statement.clone()).unwrap_or_default();
    let has = |sign: &str| memchr::memmem::find(text, sign.as_bytes()).is_some();
    let export = first.form == Form::Export;
    // Scala 3 also accepts the syntax of Scala 2.
    let new = export || has(".*") || has(" as ") || has("{*") || has(" *");
    let signs = Signs {
        word: if export { "export" } else { "import" },
        star: if new && !has("_}") && !has("._") { "*" } else { "_" },
        renames: if new && !has("=>") { "as" } else { "=>" },
    };
    let mut lines: Vec<String> = Vec::new();
    let mut left: Vec<&Import<'_>> = Vec::new();
    for (at, import) in statement.imports.iter().enumerate() {
        match changes.iter().find(|change| change.import == at) {
            Some(change) => lines.push(changed(import, &changed_path(change), &signs)),
            None => left.push(import),
        }
    }
    for rows in left.chunk_by(|a, b| a.name.is_some() && b.name.is_some() && a.module == b.module) {
        lines.push(untouched(rows, &signs));
    }
    let commented = has("//") || has("/*");
    Rewrite {
        text: lines.join("\n"),
        note: commented.then(|| "the comments within the statement are left out".to_owned()),
    }
}

/// Returns the statement of an import whose path changes.
fn changed(import: &Import<'_>, path: &[&str], signs: &Signs) -> String {
    let star = import.name.as_deref() == Some("*");
    let last = || import.module.as_deref().and_then(|module| module.rsplit('.').next());
    let local = import.alias.as_deref().or(import.name.as_deref()).or_else(last).unwrap_or_default();
    let segments: Vec<_> = path.iter().map(|segment| quoted(segment)).collect();
    match segments.split_last() {
        _ if star => format!("{} {}.{}", signs.word, segments.join("."), signs.star),
        Some((name, module)) if path.last() != Some(&local) && !module.is_empty() => {
            format!("{} {}.{{{name} {} {}}}", signs.word, module.join("."), signs.renames, quoted(local))
        }
        _ => format!("{} {}", signs.word, segments.join(".")),
    }
}

/// Returns the statement of the imports that stay.
fn untouched(rows: &[&Import<'_>], signs: &Signs) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let dotted = |path: &str| path.split('.').map(quoted).collect::<Vec<_>>().join(".");
    let module = dotted(first.module.as_deref().unwrap_or_default());
    let names = rows.iter().filter_map(|row| {
        let name = match row.name.as_deref()? {
            "*" => signs.star.to_owned(),
            "given" => "given".to_owned(),
            name => quoted(name),
        };
        Some(match &row.alias {
            Some(alias) => format!("{name} {} {}", signs.renames, quoted(alias)),
            None => name,
        })
    });
    let names: Vec<_> = names.collect();
    match (names.as_slice(), &first.alias) {
        ([], Some(alias)) => format!("{} {module} as {}", signs.word, quoted(alias)),
        ([], None) => format!("{} {module}", signs.word),
        ([name], None) => format!("{} {module}.{name}", signs.word),
        (names, _) => format!("{} {module}.{{{}}}", signs.word, names.join(", ")),
    }
}

/// Returns a name, in backticks unless it is a plain one.
fn quoted(name: &str) -> String {
    let plain = notation::is_name(name) && (name.is_ascii() || rewrite::is_plain(name));
    if (plain || notation::is_operator(name)) && !super::names::is_keyword(name) {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

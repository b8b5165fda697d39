//! Suggested includes: the same delimiters as the forbidden one, found by the same search where possible.

use crate::lang::files::folder_of;
use crate::lang::paths;
use crate::lang::{Change, Form, Import, Rewrite, Statement};

use super::notation::join;

/// Folders that builds pass to the compiler, so that includes omit them.
const NAMED: [&str; 2] = ["include", "src"];

/// Rewrites a statement.
pub(super) fn rewrite(statement: &Statement<'_>, changes: &[Change<'_>]) -> Rewrite {
    let resolved = |import: &Import<'_>| {
        let same = |change: &&Change<'_>| {
            statement.imports.get(change.import).is_some_and(|changed| changed.span == import.span)
        };
        changes.iter().find(same).map(|change| change.resolved.as_slice()).unwrap_or_default()
    };
    paths::in_place(statement, changes, join, |import, path| {
        Some(if import.form != Form::Include {
            join(path)
        } else if import.level > 0 {
            format!("\"{}\"", header(statement.file.path, import, resolved(import), path))
        } else {
            format!("<{}>", header(statement.file.path, import, resolved(import), path))
        })
    })
}

/// Returns a header as an include names it: for a file of the repository, relative to the folder in which the old one
/// was found.
fn header(file: &[u8], import: &Import<'_>, old: &[String], new: &[&str]) -> String {
    let [".", new @ ..] = new else { return join(new) };
    let written: Vec<&str> = import.module.as_deref().unwrap_or_default().split(['/', '\\']).collect();
    let own = String::from_utf8_lossy(folder_of(file)).into_owned();
    let own: Vec<&str> = own.split('/').filter(|segment| !segment.is_empty()).collect();
    if let [first, old @ ..] = old
        && first == "."
    {
        // Without the segments that the author wrote, this is the folder in which the compiler found the header.
        let kept = old.len().saturating_sub(written.len());
        let (folder, rest) = old.split_at(kept);
        let found = rest.iter().map(String::as_str).eq(written.iter().copied());
        let folder: Vec<&str> = folder.iter().map(String::as_str).collect();
        if let Some(rest) = new.strip_prefix(folder.as_slice()).filter(|rest| found && !rest.is_empty()) {
            return rest.join("/");
        }
    }
    if import.level == 0 {
        let rest = new.split_first().filter(|(first, rest)| NAMED.contains(first) && !rest.is_empty());
        return rest.map_or(new, |(_, rest)| rest).join("/");
    }
    let shared = own.iter().zip(new).take_while(|(one, two)| one == two).count().min(new.len().saturating_sub(1));
    let up = "../".repeat(own.len() - shared);
    up + &new.get(shared..).unwrap_or_default().join("/")
}

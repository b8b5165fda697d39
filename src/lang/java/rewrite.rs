//! Suggested import declarations, or the reason why there is none.
//!
//! Source: Java Language Specification 7.5 (an import names a member of a package) and 3.9.

use std::borrow::Cow;

use crate::kind::Kind;
use crate::lang::jvm::rewrite;
use crate::lang::paths::changed_path;
use crate::lang::{Change, Rewrite, Statement};

use super::escapes::Translated;
use super::keywords::is_keyword;

/// Rewrites a statement.
pub(super) fn rewrite(statement: &Statement<'_>, changes: &[Change<'_>]) -> Rewrite {
    match unwritable(statement, changes) {
        Some(why) => Rewrite { text: String::new(), note: Some(why) },
        None => rewrite::java(statement, changes, |text| {
            Translated::of(text).map_or(Cow::Borrowed(text), |translated| Cow::Owned(translated.text))
        }),
    }
}

/// Returns the reason why no import can name the new path.
fn unwritable(statement: &Statement<'_>, changes: &[Change<'_>]) -> Option<String> {
    let change = changes.first()?;
    let import = statement.imports.get(change.import)?;
    if !matches!(import.kind, Kind::Import | Kind::TypeOnly) {
        return None;
    }
    let path = changed_path(change);
    let because = match path.iter().find(|segment| is_keyword(segment.as_bytes())) {
        Some(word) => format!("`{word}` is a word of Java"),
        None if path.len() == 1 && import.name.as_deref() != Some("*") => "it is in no package".to_owned(),
        None => return None,
    };
    Some(format!("no import can name `{}`: {because}", path.join(".")))
}

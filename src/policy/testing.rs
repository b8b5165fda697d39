//! What the tests of policies share.

use std::borrow::Cow;

use super::{Date, Policy};
use crate::notation::Notation;

/// Two languages whose paths have dots, and one whose paths have slashes.
pub(super) const NOTATIONS: [Notation; 3] = [
    Notation { language: "python", aliases: &[], split: |path| split(path, '.'), join: |parts| parts.join(".") },
    Notation { language: "java", aliases: &[], split: |path| split(path, '.'), join: |parts| parts.join(".") },
    Notation {
        language: "javascript",
        aliases: &["typescript"],
        split: |path| split(path, '/'),
        join: |parts| parts.join("/"),
    },
];

fn split(path: &str, at: char) -> Result<Vec<String>, String> {
    if path.is_empty() {
        return Err("it is empty".to_owned());
    }
    let parts: Vec<String> = path.split(at).map(str::to_owned).collect();
    if parts.iter().any(String::is_empty) { Err("a segment is empty".to_owned()) } else { Ok(parts) }
}

/// The policy of `rules`, which lacks only the format.
pub(super) fn policy(rules: &str) -> Policy {
    let source = format!("importgate = 1\n{rules}");
    match Policy::parse(&source, "policy.toml", &NOTATIONS) {
        Ok(policy) => policy.unwrap(),
        Err(invalid) => panic!("{invalid}"),
    }
}

/// A path with dots, as a scanner resolves it.
pub(super) fn candidate(path: &str) -> Vec<Cow<'_, str>> {
    path.split('.').map(Cow::from).collect()
}

/// Before any date of a test.
pub(super) fn some_day() -> Date {
    jiff::civil::date(2026, 1, 1)
}

//! Helpers shared by the policy tests.

use std::borrow::Cow;

use super::{Date, Policy};
use crate::kind::{Kind, Written};
use crate::notation::{Names, Notation};

/// Two languages with dotted paths, and one with slashes.
pub(super) const NOTATIONS: [Notation; 3] = [
    dotted("python"),
    dotted("java"),
    Notation {
        language: "javascript",
        aliases: &["typescript"],
        names: Names::Apart,
        split: |path| split(path, '/'),
        join: |parts| parts.join("/"),
    },
];

const fn dotted(language: &'static str) -> Notation {
    Notation {
        language,
        aliases: &[],
        names: Names::Alike,
        split: |path| split(path, '.'),
        join: |parts| parts.join("."),
    }
}

fn split(path: &str, at: char) -> Result<Vec<String>, String> {
    if path.is_empty() {
        return Err("it is empty".to_owned());
    }
    let parts: Vec<String> = path.split(at).map(str::to_owned).collect();
    if parts.iter().any(String::is_empty) { Err("a segment is empty".to_owned()) } else { Ok(parts) }
}

/// Parses `rules`, adding the format line.
pub(super) fn policy(rules: &str) -> Policy {
    let source = format!("importgate = 1\n{rules}");
    match Policy::parse(&source, "policy.toml", &NOTATIONS) {
        Ok(policy) => policy.unwrap(),
        Err(invalid) => panic!("{invalid}"),
    }
}

/// Splits a dotted path as a scanner resolves it.
pub(super) fn candidate(path: &str) -> Vec<Cow<'_, str>> {
    path.split('.').map(Cow::from).collect()
}

/// A star import, as written.
pub(super) const STAR: Written = Written { kind: Kind::Import, star: true, local: false };

/// Returns a date before all dates in the tests.
pub(super) fn some_day() -> Date {
    jiff::civil::date(2026, 1, 1)
}

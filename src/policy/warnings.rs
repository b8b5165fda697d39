//! Warnings about a policy that contradicts itself: migrations change direction, so one rule may forbid what another
//! recommends.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::effective::{Hit, most_specific};
use super::kinds;
use super::lookup::Bindings;
use super::{Entry, Policy, Rule, Severity};
use crate::kind::Kind;

/// Returns a sentence for each recommended path that the policy itself forbids.
pub(super) fn of(policy: &Policy) -> Vec<String> {
    let mut warnings = Vec::new();
    for rule in policy.rules.iter().filter(|rule| rule.severity != Severity::Off) {
        let mut told = BTreeSet::new();
        for entry in rule.entries() {
            let Some(path) = entry.use_instead_path().filter(|path| !told.contains(path)) else { continue };
            if let Some(forbids) = forbidding(policy, rule, entry) {
                let by = if forbids.rule.id == rule.id { "the same rule" } else { &format!("`{}`", forbids.rule.id) };
                let (id, forbidden) = (&rule.id, &forbids.entry.path);
                warnings.push(format!("`{id}` recommends `{path}`, which {by} forbids with `{forbidden}`"));
                told.insert(path);
            }
        }
    }
    warnings
}

/// Returns the entry that forbids the recommended path in files where both rules apply.
fn forbidding<'p>(policy: &'p Policy, rule: &Rule, entry: &Entry) -> Option<Hit<'p>> {
    let path: Vec<Cow<'_, str>> = entry.use_instead.as_ref()?.segments.iter().map(Cow::from).collect();
    let mut hits = Vec::new();
    policy.index().of_language(entry.language)?.matches(&path, &Bindings::default(), |at, matched| {
        let hit = policy.entry(at).map(|(rule, entry)| Hit { at, rule, entry, candidate: 0, matched });
        let together = |other: &Rule| {
            (other.paths.is_empty() || other.paths == rule.paths) && kinds::judges(&other.kinds, Kind::Import.into())
        };
        let is_meant = |entry: &Entry| entry.pattern.beneath || matched == path.len();
        hits.extend(hit.filter(|hit| is_meant(hit.entry) && hit.rule.severity != Severity::Off && together(hit.rule)));
    });
    most_specific(hits, &|hit| hit.rule.severity)
}

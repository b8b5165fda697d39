//! Limits of what is held in memory: a push of a few kilobytes can hold millions of forbidden lines.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::occurrence::Fresh;
use crate::finding::Unlisted;
use crate::policy::{Policy, Severity};

/// How much a run may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Forbidden occurrences in changed files, old ones included. With more, nothing can be said.
    pub occurrences: usize,
    /// The same, each counted once for each side of the change: a merge may have thousands.
    pub counts: usize,
    /// Findings that are written out; the strictest ones, and the rest is counted.
    pub findings: usize,
}

impl Limits {
    /// No limit, for changes of the user's own.
    pub const NONE: Self = Self { occurrences: usize::MAX, counts: usize::MAX, findings: usize::MAX };
    /// For what strangers push: some 20 MB, and as much again for merges of very many sides.
    pub const PUSH: Self = Self { occurrences: 100_000, counts: 1_000_000, findings: 5_000 };
}

/// Keeps the strictest new occurrences, `most` in number and in their order; counts the others.
pub(super) fn keep_strictest(
    fresh: &mut Vec<Fresh>,
    most: usize,
    policy: &Policy,
    of: impl Fn(&Fresh) -> (usize, Severity),
) -> Vec<Unlisted> {
    if fresh.len() <= most {
        return Vec::new();
    }
    fresh.sort_unstable_by_key(|fresh| (Reverse(of(fresh).1), *fresh));
    let mut counts: BTreeMap<(usize, Severity), usize> = BTreeMap::new();
    for fresh in fresh.split_off(most) {
        *counts.entry(of(&fresh)).or_default() += 1;
    }
    fresh.sort_unstable();
    let unlisted = counts.into_iter().filter_map(|((rule, severity), count)| {
        let rule = policy.name_of(policy.rules().get(rule)?);
        Some(Unlisted { rule, severity, count })
    });
    unlisted.collect()
}

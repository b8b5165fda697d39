//! Comparison of the settings.

use std::collections::HashSet;

use super::{Comparison, parts};
use crate::globs::GlobId;
use crate::policy::{Policy, Rule, Severity};

impl<'p> Comparison<'p> {
    /// Returns what the settings weaken.
    pub(super) fn settings(&self) -> Vec<String> {
        let mut told = Vec::new();
        let (old, new) = (self.old, self.new);
        let before = parts::texts(&old.globs, &old.ignore);
        for glob in parts::texts(&new.globs, &new.ignore) {
            if !self.covers(&before, glob) {
                told.push(format!("settings: `ignore` now holds `{glob}`"));
            }
        }
        told.extend(self.files());
        if new.too_large < old.too_large {
            let word = |severity: Severity| if severity == Severity::Off { "pass" } else { severity.name() };
            let (before, now) = (word(old.too_large), word(new.too_large));
            told.push(format!("settings: `too-large` lowered from {before} to {now}"));
        }
        let roots = |policy: &'p Policy| {
            let mut roots = parts::texts(&policy.roots, &policy.root_ids);
            roots.sort_unstable();
            roots.dedup();
            roots
        };
        let tests = |policy: &'p Policy| {
            let mut tests = policy.tests.as_ref().map(|tests| parts::texts(&policy.globs, tests));
            tests.iter_mut().for_each(|tests| tests.sort_unstable());
            tests
        };
        if tests(old) != tests(new) {
            told.push("settings: `tests` changed, which make no room for other files".to_owned());
        }
        let own_policy = |policy: &'p Policy| {
            let mut branches: Vec<_> = policy.own_policy.texts().collect();
            branches.sort_unstable();
            branches.dedup();
            branches
        };
        let (before, now) = (own_policy(old), own_policy(new));
        for branch in now.iter().filter(|branch| !before.contains(branch)) {
            told.push(format!("settings: `own-policy` now holds `{branch}`: it is judged by its own policy"));
        }
        // Of a branch that had a policy of its own, what comes from it into others was judged again.
        for branch in before.iter().filter(|branch| !now.contains(branch)) {
            told.push(format!(
                "settings: `own-policy` no longer holds `{branch}`: its commits are not judged again where they are merged"
            ));
        }
        if roots(old) != roots(new) {
            told.push("settings: `roots` changed, which decide what relative imports mean".to_owned());
        }
        told
    }

    /// Returns what `files` of the settings weakens: a file that no longer has its language, or may get another. A line rule
    /// on code sees less of a file once its language is known.
    fn files(&self) -> Vec<String> {
        let of = |policy: &Policy| -> Vec<(&'static str, Vec<String>)> {
            let globs = |ids: &[GlobId]| parts::texts(&policy.globs, ids).into_iter().map(str::to_owned).collect();
            policy.files.iter().map(|(language, ids)| (*language, globs(ids))).collect()
        };
        let (before, now) = (of(self.old), of(self.new));
        let globs = |files: &[(&'static str, Vec<String>)], language: &str| -> HashSet<String> {
            let own = files.iter().filter(|(own, _)| *own == language);
            own.flat_map(|(_, globs)| globs).cloned().collect()
        };
        let loses = before.iter().any(|(language, _)| !globs(&before, language).is_subset(&globs(&now, language)));
        let sees_raw = |rule: &Rule| rule.severity != Severity::Off && rule.is_on_code();
        let is_shared = now.iter().any(|(one, _)| now.iter().any(|(two, _)| one != two));
        let may_take = now != before && (is_shared || self.old.rules.iter().any(sees_raw));
        let what = "settings: `files` changed, which decide what language files are read in";
        (loses || may_take).then(|| what.to_owned()).into_iter().collect()
    }
}

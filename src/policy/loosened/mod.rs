//! Comparison of two policies: what the new one weakens.
//!
//! Rules are compared by id, and every change that could let through something that was reported or blocked is listed.
//! If nothing is listed, every import and line is judged at least as severely as before, on any date. Comparing rules
//! pairwise by id is not enough for imports, because the most specific entry of all rules decides alone: a new entry that
//! is softer than a broader one above it weakens that one ([`shadows`]). If a cheap comparison cannot decide, the new
//! policy counts as weaker.

mod kinds;
mod parts;
mod settings;
mod shadows;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::HashMap;

use super::path::{PathPattern, Rank};
use super::{Body, Policy, Rule, Severity};

/// Maximum number of steps of a comparison, about 0.1 s. Policies of two thousand rules need fewer, unless all of them
/// change.
const MAX_STEPS: usize = 5_000_000;

/// Two policies with their rules paired up.
struct Comparison<'p> {
    old: &'p Policy,
    new: &'p Policy,
    /// For each rule of the old policy, its index in the new one.
    now: Vec<Option<usize>>,
    /// For each rule of the new policy, its index in the old one.
    before: Vec<Option<usize>>,
    steps: Cell<usize>,
}

/// A rule and the policy that its globs belong to.
#[derive(Clone, Copy)]
struct RuleOf<'p> {
    policy: &'p Policy,
    rule: &'p Rule,
}

impl Policy {
    /// Returns a sentence for everything that `new` weakens compared with this policy; empty if it judges everything at
    /// least as severely. Changes of reasons, ids and recommendations are not listed, but for a recommendation that makes
    /// an exception.
    #[must_use]
    pub fn loosened_by(&self, new: &Self) -> Vec<String> {
        let comparison = Comparison::new(self, new);
        let mut told = comparison.settings();
        for (at, rule) in self.rules.iter().enumerate().filter(|(_, rule)| rule.severity != Severity::Off) {
            let old = RuleOf { policy: self, rule };
            let id = &rule.id;
            match comparison.now(at) {
                Some(new) => told.extend(comparison.rule(old, new).iter().map(|what| format!("rule `{id}`: {what}"))),
                None => told.push(format!("rule `{id}` removed")),
            }
        }
        told.extend(comparison.shadows());
        told
    }
}

impl<'p> Comparison<'p> {
    fn new(old: &'p Policy, new: &'p Policy) -> Self {
        let by_id: HashMap<&str, usize> =
            new.rules.iter().enumerate().map(|(at, rule)| (rule.id.as_str(), at)).collect();
        let now: Vec<_> = old.rules.iter().map(|rule| by_id.get(rule.id.as_str()).copied()).collect();
        let steps = Cell::new(MAX_STEPS);
        let mut own = Self { old, new, now, before: vec![None; new.rules.len()], steps };
        own.pair_up();
        own.pair_up_renamed();
        own
    }

    fn pair_up(&mut self) {
        for (at, now) in self.now.iter().enumerate() {
            if let Some(before) = now.and_then(|now| self.before.get_mut(now)) {
                *before = Some(at);
            }
        }
    }

    /// Pairs rules whose id changed, if they have the same body and are no weaker.
    fn pair_up_renamed(&mut self) {
        /// Maximum number of new rules with the same body that are tried for an old rule.
        const MAX_TRIED_RULES: usize = 8;
        let mut by_body: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, rule) in self.new.rules.iter().enumerate().filter(|(at, _)| self.before.get(*at) == Some(&None)) {
            by_body.entry(body(rule)).or_default().push(at);
        }
        for (at, rule) in self.old.rules.iter().enumerate() {
            if self.now.get(at) != Some(&None) {
                continue;
            }
            let Some(candidates) = by_body.get_mut(&body(rule)) else { continue };
            let old = RuleOf { policy: self.old, rule };
            let same = |&&now: &&usize| {
                let rule = self.new.rules.get(now);
                rule.filter(|rule| !self.becomes_excused(old.rule, rule))
                    .is_some_and(|rule| self.rule(old, RuleOf { policy: self.new, rule }).is_empty())
            };
            let Some(now) = candidates.iter().take(MAX_TRIED_RULES).find(same).copied() else { continue };
            candidates.retain(|&candidate| candidate != now);
            if let (Some(there), Some(before)) = (self.now.get_mut(at), self.before.get_mut(now)) {
                (*there, *before) = (Some(now), Some(at));
            }
        }
    }

    /// Returns the rule of the new policy that a rule of the old one is paired with.
    fn now(&self, at: usize) -> Option<RuleOf<'p>> {
        let rule = self.new.rules.get(self.now.get(at).copied().flatten()?)?;
        Some(RuleOf { policy: self.new, rule })
    }

    /// Returns whether what `old` decided is excused once `new` decides it: nobody but the admin may excuse more.
    fn becomes_excused(&self, old: &Rule, new: &Rule) -> bool {
        let is_excused = |rule: &Rule| self.old.excuses.contains_key(&rule.id);
        is_excused(new) && !is_excused(old)
    }

    /// Takes steps; returns false if they exceed the limit.
    fn step(&self, steps: usize) -> bool {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Returns what a rule weakens compared with its old version.
    fn rule(&self, old: RuleOf<'_>, new: RuleOf<'_>) -> Vec<String> {
        let mut told: Vec<_> = parts::severity(old.rule, new.rule).into_iter().collect();
        if new.rule.severity == Severity::Off {
            return told;
        }
        match (&old.rule.body, &new.rule.body) {
            (Body::Forbid(_), Body::Forbid(_)) => told.extend(self.entries(old.rule, new.rule)),
            (Body::Pattern(before), Body::Pattern(now)) => {
                if before.pattern != now.pattern {
                    told.push("`pattern` changed".to_owned());
                }
                if before.on_text != now.on_text {
                    let word = |on_text| if on_text { "text" } else { "code" };
                    let (before, now) = (word(before.on_text), word(now.on_text));
                    told.push(format!("`in` changed from `{before}` to `{now}`"));
                }
                let any = new.rule.languages.is_empty();
                let (before, now) = (&old.rule.languages, &new.rule.languages);
                if !any && (before.is_empty() || before.iter().any(|language| !now.contains(language))) {
                    told.push("`language` narrowed".to_owned());
                }
            }
            (Body::Forbid(_), Body::Pattern(_)) => told.push("it no longer forbids any import".to_owned()),
            (Body::Pattern(_), Body::Forbid(_)) => told.push("it no longer forbids any line".to_owned()),
        }
        // Either may let in what the other does not: files may be split, or names be added.
        if old.rule.counts != new.rule.counts {
            let (before, now) = (old.rule.counts.name(), new.rule.counts.name());
            told.push(format!("`counts` changed from {before} to {now}"));
        }
        told.extend(self.paths(old, new));
        if kinds::is_narrower(old.rule, new.rule) {
            told.push("`kinds` narrowed".to_owned());
        }
        told.extend(self.allow_in(old, new));
        told.extend(self.caps(old, new));
        told
    }
}

/// Returns a text that is equal for rules with equal bodies.
fn body(rule: &Rule) -> String {
    match &rule.body {
        Body::Forbid(entries) => {
            let mut entries: Vec<_> =
                entries.iter().map(|entry| format!("{}\0{}\0", entry.language, entry.path)).collect();
            entries.sort_unstable();
            entries.concat()
        }
        Body::Pattern(own) => format!("\0\0{}", own.pattern),
    }
}

/// Returns the ranks of the segments; patterns with equal ranks are equally specific.
fn shape(pattern: &PathPattern) -> Vec<Rank> {
    pattern.segments.iter().map(super::path::Segment::rank).collect()
}

//! Search for softer entries that now decide instead of another rule's entry.
//!
//! Suppose entry E of rule R decided so far. Now entry F of rule Q may decide, if both match and F is at least as
//! specific. That is not reported if F of Q already did so before.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::{Comparison, RuleOf, kinds, parts};
use crate::policy::path::{PathPattern, Segment};
use crate::policy::{Entry, Rule, Severity};

/// An entry of the old policy with the index of its rule.
type OldEntry<'p> = (usize, &'p Entry);

/// Entries of the old policy, indexed to find those that a new entry may overlap with.
#[derive(Default)]
struct Old<'p> {
    /// Entries whose first segment is literal, by language and that segment.
    by_name: HashMap<(&'static str, &'p str), Vec<OldEntry<'p>>>,
    by_language: HashMap<&'static str, Vec<OldEntry<'p>>>,
    globs: HashMap<&'static str, Vec<OldEntry<'p>>>,
}

impl<'p> Comparison<'p> {
    pub(super) fn shadows(&self) -> Vec<String> {
        let old = self.old_entries();
        let mut told = Vec::new();
        for (at, rule) in self.new.rules.iter().enumerate().filter(|(_, rule)| rule.severity != Severity::Off) {
            let mut known = HashSet::new();
            let own = RuleOf { policy: self.new, rule };
            let mut softer: HashMap<usize, Softer> = HashMap::new();
            let before = self.before.get(at).copied().flatten();
            let before = before.and_then(|place| Some((place, self.old.rules.get(place)?)));
            let held = before.filter(|(_, before)| self.held(before, own));
            let entries = |rule: &'p Rule| rule.entries().iter().filter(|entry| !entry.exception);
            let held_entries: HashSet<_> = held
                .iter()
                .flat_map(|(_, before)| entries(before))
                .map(|entry| (entry.language, &entry.pattern))
                .collect();
            for entry in entries(rule) {
                for &(place, other) in old.meeting(entry).filter(|(place, _)| self.now.get(*place) != Some(&Some(at))) {
                    if !self.step(1) {
                        return vec!["too much changed to compare every rule with every other".to_owned()];
                    }
                    let order = entry.pattern.specificity(&other.pattern);
                    if order == Ordering::Greater || known.contains(&place) {
                        continue;
                    }
                    let Some(theirs) = self.old.rules.get(place) else { continue };
                    let theirs = RuleOf { policy: self.old, rule: theirs };
                    let softer = *softer.entry(place).or_insert_with(|| self.softer(theirs, own));
                    let was_so = held_entries.contains(&(entry.language, &entry.pattern))
                        && (order == Ordering::Less
                            || held.is_some_and(|(before, _)| self.ties_as_before(before, at, place)));
                    // Of equally specific entries the stricter decides, so the softer one can only excuse.
                    let weakens = softer.excuses || (softer.lower && order == Ordering::Less);
                    if weakens && !was_so && self.overlap(&entry.pattern, &other.pattern) {
                        known.insert(place);
                        let (id, path, other_id, other_path) = (&rule.id, &entry.path, &theirs.rule.id, &other.path);
                        told.push(format!(
                            "rule `{id}` now decides on `{path}` instead of rule `{other_id}` (`{other_path}`), and is weaker"
                        ));
                    }
                }
            }
        }
        told
    }

    fn old_entries(&self) -> Old<'p> {
        let mut old = Old::default();
        for (place, rule) in self.old.rules.iter().enumerate().filter(|(_, rule)| rule.severity != Severity::Off) {
            for entry in rule.entries().iter().filter(|entry| !entry.exception) {
                match entry.pattern.segments.first() {
                    Some(Segment::Literal(name)) => {
                        old.by_name.entry((entry.language, name)).or_default().push((place, entry));
                    }
                    _ => old.globs.entry(entry.language).or_default().push((place, entry)),
                }
                old.by_language.entry(entry.language).or_default().push((place, entry));
            }
        }
        old
    }

    /// Returns whether the rule decided before wherever its unchanged entries decide now.
    fn held(&self, before: &'p Rule, now: RuleOf<'p>) -> bool {
        let before = RuleOf { policy: self.old, rule: before };
        before.rule.severity != Severity::Off
            && !self.narrows(now, before)
            && !kinds::is_narrower(now.rule, before.rule)
            && parts::keeps_exceptions(before.rule, now.rule)
            && parts::clashes(before.rule) == parts::clashes(now.rule)
    }

    /// Returns whether a rule is as strict as before, and on the same side of another one in file order.
    fn ties_as_before(&self, before: usize, now: usize, other: usize) -> bool {
        let (Some(was), Some(is)) = (self.old.rules.get(before), self.new.rules.get(now)) else { return false };
        let Some(other_now) = self.now.get(other).copied().flatten() else { return false };
        let caps = |policy: &'p crate::policy::Policy, rule: &'p Rule| -> Vec<_> {
            rule.caps.iter().map(|cap| (parts::texts(&policy.globs, &cap.files), &cap.kinds, cap.severity)).collect()
        };
        (was.severity, was.warn_from, was.block_from) == (is.severity, is.warn_from, is.block_from)
            && caps(self.old, was) == caps(self.new, is)
            && (before < other) == (now < other_now)
    }

    /// Returns how `new` may be weaker than `old` in files that both judge.
    fn softer(&self, old: RuleOf<'p>, new: RuleOf<'p>) -> Softer {
        if self.apart(old, new) || kinds::are_apart(old.rule, new.rule) {
            return Softer { excuses: false, lower: false };
        }
        let counts_differ = old.rule.counts != new.rule.counts;
        let lower = counts_differ
            || kinds::eases_whole_stars(new.rule).is_some()
            || parts::is_softer(old.rule, new.rule)
            || self.becomes_excused(old.rule, new.rule)
            || !self.caps(old, new).is_empty();
        Softer { excuses: !self.allow_in(old, new).is_empty(), lower }
    }

    /// Returns whether no file is judged by both, as far as literal globs show.
    fn apart(&self, old: RuleOf<'p>, new: RuleOf<'p>) -> bool {
        let (one, two) = (&old.rule.paths, &new.rule.paths);
        let literal = one.iter().all(|&id| old.policy.globs.is_literal(id))
            && two.iter().all(|&id| new.policy.globs.is_literal(id));
        if one.is_empty() || two.is_empty() || !literal || parts::is_relative(old, new) {
            return false;
        }
        let (one, two) = (parts::texts(&old.policy.globs, one), parts::texts(&new.policy.globs, two));
        // `covers` is always false once steps run out, so `together` would be meaningless.
        let steps = 2 * one.len() * two.len();
        let together =
            || one.iter().any(|glob| self.covers(&two, glob)) || two.iter().any(|glob| self.covers(&one, glob));
        self.steps.get() > steps && !together()
    }

    /// Returns whether some path is matched by both; true if finding out takes too many steps.
    pub(super) fn overlap(&self, one: &PathPattern, two: &PathPattern) -> bool {
        let (rows, columns) = (one.segments.len(), two.segments.len());
        if !self.step(rows.saturating_mul(columns)) {
            return true;
        }
        // `reached[n]`: the segments of `one` so far can match the same path as the first n of `two`.
        let mut reached = vec![false; columns + 1];
        reached[0] = true;
        for first in &one.segments {
            let mut next = vec![false; columns + 1];
            for (column, second) in two.segments.iter().enumerate() {
                if !reached[column] {
                    continue;
                }
                match (first, second) {
                    // `**` matches no segment, or the other's.
                    (Segment::Any, _) | (_, Segment::Any) => (next[column], reached[column + 1]) = (true, true),
                    (Segment::Literal(a), Segment::Literal(b)) if a != b => {}
                    (Segment::Literal(text), Segment::Part(part)) | (Segment::Part(part), Segment::Literal(text))
                        if !part.matches(text, one.names_apart) => {}
                    // Two parts may have a segment in common, as may a name and a star: nothing is missed.
                    _ => next[column + 1] = true,
                }
            }
            // `two` is at its end, and matches everything beneath.
            if reached[columns] {
                return true;
            }
            reached = next;
        }
        reached.contains(&true)
    }
}

/// Ways in which a rule may be weaker than another.
#[derive(Clone, Copy)]
struct Softer {
    /// Its `allow-in` excuses more.
    excuses: bool,
    /// Its severity, or a cap, is lower.
    lower: bool,
}

impl<'p> Old<'p> {
    fn meeting<'s>(&'s self, entry: &'s Entry) -> impl Iterator<Item = &'s OldEntry<'p>> {
        let (first, second) = match entry.pattern.segments.first() {
            Some(Segment::Literal(name)) => {
                (self.by_name.get(&(entry.language, name.as_str())), self.globs.get(entry.language))
            }
            _ => (self.by_language.get(entry.language), None),
        };
        first.into_iter().chain(second).flatten()
    }
}

//! Comparison of the parts of one rule.

use std::collections::{BTreeSet, HashSet};

use super::{Comparison, RuleOf, kinds, shape};
use crate::globs::{GlobId, Globs};
use crate::policy::path::{PathPattern, Segment};
use crate::policy::severity::Cap;
use crate::policy::{Allow, Date, Entry, Rule, Severity};

/// Returns globs as written.
pub(super) fn texts<'g>(globs: &'g Globs, ids: &[GlobId]) -> Vec<&'g str> {
    ids.iter().map(|&id| globs.text(id)).collect()
}

/// Returns the date from which the rule has at least this severity; [`Date::MIN`] for always, `None` for never.
fn first_day(rule: &Rule, level: Severity) -> Option<Date> {
    if rule.severity == Severity::Off {
        return None;
    }
    if rule.severity >= level {
        return Some(Date::MIN);
    }
    match level {
        Severity::Block => rule.block_from,
        _ => rule.warn_from.into_iter().chain(rule.block_from).min(),
    }
}

/// Returns whether `new` reaches some severity later than `old`.
pub(super) fn is_softer(old: &Rule, new: &Rule) -> bool {
    [Severity::Track, Severity::Warn, Severity::Block].into_iter().any(|level| is_later(old, new, level))
}

fn is_later(old: &Rule, new: &Rule, level: Severity) -> bool {
    match (first_day(old, level), first_day(new, level)) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(old), Some(new)) => new > old,
    }
}

/// Returns what the rule's severity and dates weaken.
pub(super) fn severity(old: &Rule, new: &Rule) -> Option<String> {
    if !is_softer(old, new) {
        return None;
    }
    let (before, now) = (old.severity.name(), new.severity.name());
    if new.severity < old.severity {
        let day = if old.severity == Severity::Block { new.block_from } else { None };
        let until = day.map(|day| format!(" until {day}")).unwrap_or_default();
        return Some(format!("severity lowered from {before} to {now}{until}"));
    }
    let (key, before, now) = match is_later(old, new, Severity::Block) {
        true => ("block-from", old.block_from, new.block_from),
        false => ("warn-from", first_day(old, Severity::Warn), first_day(new, Severity::Warn)),
    };
    let before = before.map(|day| day.to_string()).unwrap_or_default();
    Some(match now {
        Some(now) => format!("`{key}` moved from {before} to {now}"),
        None => format!("`{key}` ({before}) removed"),
    })
}

/// Returns the highest severity that the rule ever has.
fn strongest(rule: &Rule) -> Severity {
    let levels = Severity::ALL.into_iter().rev();
    levels
        .filter(|&level| level > Severity::Off)
        .find(|&level| first_day(rule, level).is_some())
        .unwrap_or(Severity::Off)
}

/// Returns whether every file of `inner` is certainly one of `outer`.
fn is_within(inner: &str, outer: &str) -> bool {
    let is_literal = !outer.contains(['*', '?', '[', ']', '{', '}', '\\']);
    let beneath = || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    inner == outer || outer.is_empty() || outer == "**" || (is_literal && beneath())
}

/// Returns whether every import of `inner` is certainly one of `outer`.
fn is_part(inner: &PathPattern, outer: &PathPattern) -> bool {
    let is_literal = || outer.segments.iter().all(|segment| matches!(segment, Segment::Literal(_)));
    inner == outer || (is_literal() && inner.segments.starts_with(&outer.segments))
}

/// Returns the entries or the exceptions of a rule, by language and pattern.
fn patterns(rule: &Rule, exceptions: bool) -> HashSet<(&'static str, &PathPattern)> {
    let of = rule.entries().iter().filter(|entry| entry.exception == exceptions);
    of.map(|entry| (entry.language, &entry.pattern)).collect()
}

/// Returns the entries and exceptions that can be equally specific, so that file order decides, in that order.
pub(super) fn clashes(rule: &Rule) -> Vec<(&'static str, bool, &PathPattern)> {
    let shapes = |exceptions: bool| -> HashSet<_> {
        let of = rule.entries().iter().filter(|entry| entry.exception == exceptions);
        of.map(|entry| shape(&entry.pattern)).collect()
    };
    let (forbidden, excepted) = (shapes(false), shapes(true));
    let both: HashSet<_> = forbidden.intersection(&excepted).collect();
    let clash = |entry: &&Entry| !both.is_empty() && both.contains(&shape(&entry.pattern));
    rule.entries().iter().filter(clash).map(|entry| (entry.language, entry.exception, &entry.pattern)).collect()
}

/// Returns the entries that `other` has too, in file order.
fn in_common<'r>(rule: &'r Rule, other: &'r Rule) -> Vec<(&'static str, bool, &'r PathPattern)> {
    let known: [HashSet<_>; 2] = [patterns(other, false), patterns(other, true)];
    let own = rule.entries().iter().map(|entry| (entry.language, entry.exception, &entry.pattern));
    own.filter(|&(language, exception, pattern)| known[usize::from(exception)].contains(&(language, pattern))).collect()
}

/// Returns whether every exception of `old` is one of `new`.
pub(super) fn keeps_exceptions(old: &Rule, new: &Rule) -> bool {
    patterns(old, true).is_subset(&patterns(new, true))
}

impl Comparison<'_> {
    /// Returns whether every file of `inner` is certainly one of some glob in `outer`.
    pub(super) fn covers(&self, outer: &[&str], inner: &str) -> bool {
        self.step(outer.len()) && outer.iter().any(|outer| is_within(inner, outer))
    }

    pub(super) fn entries(&self, old: &Rule, new: &Rule) -> Vec<String> {
        let mut told = Vec::new();
        let gone: BTreeSet<_> = old.languages.iter().filter(|language| !new.languages.contains(language)).collect();
        told.extend(gone.iter().map(|language| format!("language `{language}` removed")));
        let (forbidden, excepted) = (patterns(new, false), patterns(old, true));
        let mut paths = BTreeSet::new();
        for entry in old.entries().iter().filter(|entry| !entry.exception && !gone.contains(&entry.language)) {
            let has = |beneath: bool| {
                let pattern = PathPattern { beneath, ..entry.pattern.clone() };
                forbidden.contains(&(entry.language, &pattern))
            };
            if has(true) || (!entry.pattern.beneath && has(false)) || !paths.insert(&entry.path) {
                continue;
            }
            let path = &entry.path;
            told.push(match has(false) {
                true => format!("`{path}` no longer means what is beneath it"),
                false => format!("`{path}` is no longer forbidden"),
            });
        }
        for entry in new.entries().iter().filter(|entry| entry.exception && old.languages.contains(&entry.language)) {
            if !excepted.contains(&(entry.language, &entry.pattern)) && paths.insert(&entry.path) {
                told.push(format!("exception `{}` added", entry.path));
            }
        }
        if let Some(kind) = kinds::eases_whole_stars(new) {
            told.extend(self.stars_matched_whole(old, new, kind.name()));
        }
        if told.is_empty() && !clashes(new).is_empty() && in_common(old, new) != in_common(new, old) {
            told.push("the order of entries and exceptions changed, and the first of equals decides".to_owned());
        }
        told
    }

    /// Returns the entries of `new` that may decide on stars which brought names that `old` forbids.
    fn stars_matched_whole(&self, old: &Rule, new: &Rule, capped: &str) -> Vec<String> {
        let before = patterns(old, false);
        let is_above =
            |one: &Entry, two: &Entry| one.language == two.language && self.overlap(&one.pattern, &two.pattern);
        let mut told = Vec::new();
        for entry in new.entries().iter().filter(|entry| !entry.exception) {
            if before.contains(&(entry.language, &entry.pattern)) {
                continue;
            }
            if old.entries().iter().any(|known| !known.exception && is_above(entry, known)) {
                let path = &entry.path;
                told.push(format!("`{path}` added, which now decides on star imports, and `{capped}` is capped"));
            }
        }
        told
    }

    pub(super) fn paths(&self, old: RuleOf<'_>, new: RuleOf<'_>) -> Option<String> {
        let what = if is_relative(old, new) { "changed, and with it what captures stand for" } else { "narrowed" };
        self.narrows(old, new).then(|| format!("`paths` {what}"))
    }

    /// Returns whether `new` may leave out files that `old` judges.
    pub(super) fn narrows(&self, old: RuleOf<'_>, new: RuleOf<'_>) -> bool {
        let (before, now) = (texts(&old.policy.globs, &old.rule.paths), texts(&new.policy.globs, &new.rule.paths));
        if is_relative(old, new) {
            return before != now;
        }
        match (before.is_empty(), now.is_empty()) {
            (_, true) => false,
            (true, false) => !self.covers(&now, ""),
            (false, false) => before.iter().any(|glob| !self.covers(&now, glob)),
        }
    }

    /// Returns what `allow-in` of `new` may excuse that `old` does not.
    pub(super) fn allow_in(&self, old: RuleOf<'_>, new: RuleOf<'_>) -> Vec<String> {
        let mut told = Vec::new();
        for allow in &new.rule.allow_in {
            for glob in texts(&new.policy.globs, &allow.files) {
                let excused = |before: &Allow| {
                    self.imports_are_part(old.rule, allow, before)
                        && self.covers(&texts(&old.policy.globs, &before.files), glob)
                };
                if !old.rule.allow_in.iter().any(excused) {
                    told.push(format!("`allow-in` now excuses `{glob}`"));
                }
            }
        }
        told.dedup();
        told
    }

    fn imports_are_part(&self, old: &Rule, now: &Allow, before: &Allow) -> bool {
        let part = |(language, pattern): &(&'static str, PathPattern)| {
            // The old rule forbade nothing in languages it did not name.
            let known = |(other, outer): &(&'static str, PathPattern)| other == language && is_part(pattern, outer);
            !old.languages.contains(language) || before.import.iter().any(known)
        };
        let steps = 1 + now.import.len() * before.import.len();
        self.step(steps) && (before.import.is_empty() || (!now.import.is_empty() && now.import.iter().all(part)))
    }

    /// Returns what the caps of `new` may lower that those of `old` do not.
    pub(super) fn caps(&self, old: RuleOf<'_>, new: RuleOf<'_>) -> Vec<String> {
        let most = strongest(old.rule);
        let mut told = Vec::new();
        for cap in new.rule.caps.iter().filter(|cap| cap.severity < most) {
            let files = files(new, cap);
            for kind in kinds::of(old.rule, new.rule).filter(|kind| kinds::may_name(cap, *kind)) {
                let lifts = |cap: &Cap| cap.kinds.contains(&kind) && cap.severity > Severity::Warn;
                if cap.severity == Severity::Warn && kinds::warns_at_most(kind) && !old.rule.caps.iter().any(lifts) {
                    continue;
                }
                let lower = |before: &Cap| before.severity <= cap.severity && kinds::names(old.rule, before, kind);
                let lowered = files.iter().find(|glob| !self.capped(old, lower, glob));
                if let Some(glob) = lowered {
                    let place = if glob.is_empty() { String::new() } else { format!(" in `{glob}`") };
                    let sort = if cap.kinds.is_empty() { String::new() } else { format!(" for `{}`", kind.name()) };
                    told.push(format!("capped at {}{place}{sort}", cap.severity.name()));
                }
            }
        }
        // A cap that names a kind lifts the kind's own limit and lets it block.
        let lifting = old.rule.caps.iter().filter(|cap| most > Severity::Warn && cap.severity > Severity::Warn);
        for cap in lifting {
            for kind in
                kinds::of(old.rule, new.rule).filter(|kind| kinds::warns_at_most(*kind) && cap.kinds.contains(kind))
            {
                let names = |now: &Cap| now.kinds.contains(&kind);
                if files(old, cap).iter().any(|glob| !self.capped(new, names, glob)) {
                    told.push(format!("`{}` no longer blocks: its `cap` was removed", kind.name()));
                }
            }
        }
        told.dedup();
        told
    }

    /// Returns whether a cap that satisfies `such` certainly applies to all files of the glob.
    fn capped(&self, rule: RuleOf<'_>, such: impl Fn(&Cap) -> bool, glob: &str) -> bool {
        let caps = rule.rule.caps.iter().filter(|cap| such(cap));
        let mut files = caps.map(|cap| files(rule, cap));
        self.step(rule.rule.caps.len()) && files.any(|files| self.covers(&files, glob))
    }
}

/// Returns whether one of the rules has captures: its globs also decide what entries mean.
pub(super) fn is_relative(one: RuleOf<'_>, two: RuleOf<'_>) -> bool {
    !one.rule.relative.is_empty() || !two.rule.relative.is_empty()
}

/// Returns the globs of a cap; the empty glob stands for all files.
fn files<'p>(rule: RuleOf<'p>, cap: &Cap) -> Vec<&'p str> {
    if cap.files.is_empty() { vec![""] } else { texts(&rule.policy.globs, &cap.files) }
}

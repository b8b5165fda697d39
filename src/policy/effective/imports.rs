//! Decisions about imports: which entry of which rule, and whether the file is excused.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::{Decision, IsModule, Scope};
use crate::kind::{Kind, Written};
use crate::notation::Names;
use crate::policy::kinds::{self, KindWord, Reported};
use crate::policy::lookup::EntryAt;
use crate::policy::path::PathPattern;
use crate::policy::{Entry, Rule, Severity};
use crate::words::WholeWords;

/// An entry that matches a candidate.
#[derive(Clone, Copy)]
pub(in crate::policy) struct Hit<'s> {
    pub(in crate::policy) at: EntryAt,
    pub(in crate::policy) rule: &'s Rule,
    pub(in crate::policy) entry: &'s Entry,
    pub(in crate::policy) candidate: usize,
    pub(in crate::policy) matched: usize,
}

impl<'s> Scope<'s> {
    /// Decides on an import of this kind, which may resolve to any of the candidates. `None` if no rule forbids it, or if
    /// the deciding rule allows it in this file or is capped to off.
    ///
    /// A star import has a last segment of its own (`*`, or `#*` where names are told from modules), which no entry
    /// writes: it is matched only by entries that match all names there. `is_module` is asked only for entries that mean no
    /// module beneath their path.
    #[must_use]
    pub fn decide(
        &self,
        written: impl Into<Written>,
        candidates: &[Vec<Cow<'_, str>>],
        is_module: IsModule<'_>,
    ) -> Option<Decision<'s>> {
        let written = written.into();
        let hit = self.deciding(written, candidates, is_module)?;
        self.verdict(Reported::new(written.kind, written), hit, candidates)
    }

    /// Decides on `from a.b import *`, where the candidates are paths of the module: whether a name right beneath it that
    /// the star `brings` is forbidden by an entry whose last segment is this name. The strictest such entry decides.
    #[must_use]
    pub fn decide_wildcard(
        &self,
        written: Written,
        candidates: &[Vec<Cow<'_, str>>],
        brings: &dyn Fn(&str) -> bool,
        is_module: IsModule<'_>,
    ) -> Option<Decision<'s>> {
        let reported = Reported::new(Kind::Wildcard, written);
        let mut best: Option<Decision<'s>> = None;
        for (candidate, path) in candidates.iter().enumerate() {
            let Some(trie) = self.trie() else { continue };
            trie.children(path, &self.relative().bindings, brings, |name, hits| {
                let named: Vec<Cow<'_, str>> =
                    path.iter().map(|segment| Cow::Borrowed(segment.as_ref())).chain([Cow::Borrowed(name)]).collect();
                // A star brings names alone.
                let is_module = |whole: &[Cow<'_, str>], at: usize| at < path.len() && is_module(whole, at);
                let hits = hits
                    .iter()
                    .filter_map(|&(at, matched)| self.hit(at, written, (candidate, matched), &named, &is_module));
                let hits: Vec<_> = hits.collect();
                // What a broader entry forbids, the star itself was asked about.
                let is_of_name = |hit: &Hit<'_>| hit.matched > path.len();
                let names = |hit: &Hit<'_>| !hit.entry.exception && hit.entry.pattern.names_beneath_a_path();
                if !hits.iter().any(|hit| is_of_name(hit) && names(hit)) {
                    return;
                }
                let hit = most_specific(hits, &|hit| self.effective_severity(hit.at.rule, hit.rule, reported));
                let Some(hit) = hit.filter(is_of_name) else { return };
                let decision = self.verdict(reported, Hit { matched: path.len(), ..hit }, &[named]);
                let order = |decision: &Decision<'_>| (decision.severity, Reverse(decision.rule_index));
                if let Some(decision) = decision
                    && best.is_none_or(|best| order(&best) < order(&decision))
                {
                    best = Some(decision);
                }
            });
        }
        best
    }

    /// Returns whether something beneath any of the candidates could be forbidden to use, other than by what decides on
    /// importing it: a rule may judge uses and not imports. What is used of a module is a name, where these are told apart.
    #[must_use]
    pub fn leads(&self, candidates: &[Vec<Cow<'_, str>>], names: Names, is_module: IsModule<'_>) -> bool {
        let (bindings, only_names) = (&self.relative().bindings, names == Names::Apart);
        let judges_uses_alone = |hit: &Hit<'_>| !kinds::judges(&hit.rule.kinds, Kind::Import.into());
        self.trie().is_some_and(|trie| candidates.iter().any(|path| trie.leads(path, bindings, only_names)))
            || self.deciding(Kind::Attribute.into(), candidates, is_module).is_some_and(|hit| judges_uses_alone(&hit))
    }

    /// Returns a searcher for the words with which all paths [begin](Self::begins) that could be forbidden without a star;
    /// with `all`, also those of rules that judge stars alone. `None` if one may begin with any word, if they are too many,
    /// or if searching a text of this length is not worthwhile.
    #[must_use]
    pub fn first_words(&self, all: bool, text_bytes: usize) -> Option<&'s WholeWords> {
        let trie = if all { self.trie() } else { self.starless_trie() };
        trie?.prefilter.first_words(text_bytes)
    }

    /// Returns whether a path that begins with these segments, written without a star, could be forbidden.
    #[must_use]
    pub fn reaches(&self, path: &[Cow<'_, str>]) -> bool {
        self.starless_trie().is_some_and(|trie| trie.reaches(path, &self.relative().bindings))
    }

    /// Returns whether it matters to any rule of the file whether an import is inside a function.
    #[must_use]
    pub fn tells_local(&self) -> bool {
        let names_local = |rule: &Rule| {
            let caps = rule.caps.iter().flat_map(|cap| &cap.kinds);
            caps.chain(&rule.kinds).any(|word| *word == KindWord::Local)
        };
        self.policy.rules.iter().enumerate().any(|(at, rule)| names_local(rule) && self.takes_part(at, rule))
    }

    /// Returns whether a path that begins with this segment could be forbidden.
    #[must_use]
    pub fn begins(&self, segment: &str) -> bool {
        self.trie().is_some_and(|trie| trie.begins(segment, &self.relative().bindings))
    }

    /// Returns whether an entry writes this segment out as its first.
    #[must_use]
    pub fn writes(&self, segment: &str) -> bool {
        self.trie().is_some_and(|trie| trie.writes(segment, &self.relative().bindings))
    }

    fn hit(
        &self,
        at: EntryAt,
        written: Written,
        (candidate, matched): (usize, usize),
        path: &[Cow<'_, str>],
        is_module: IsModule<'_>,
    ) -> Option<Hit<'s>> {
        let (rule, entry) = self.policy.entry(at)?;
        let is_meant = || entry.pattern.beneath || matched >= path.len() || !is_module(path, matched);
        let takes_part = self.takes_part(at.rule, rule) && kinds::judges(&rule.kinds, written);
        (takes_part && is_meant()).then_some(Hit { at, rule, entry, candidate, matched })
    }

    fn deciding(&self, written: Written, candidates: &[Vec<Cow<'_, str>>], is_module: IsModule<'_>) -> Option<Hit<'s>> {
        let trie = self.trie()?;
        let mut hits = Vec::new();
        for (candidate, path) in candidates.iter().enumerate() {
            trie.matches(path, &self.relative().bindings, |at, matched| {
                hits.extend(self.hit(at, written, (candidate, matched), path, is_module));
            });
        }
        let reported = Reported::new(written.kind, written);
        most_specific(hits, &|hit| self.effective_severity(hit.at.rule, hit.rule, reported))
    }

    /// Returns the decision for a hit, unless its rule allows the import here or is capped to off.
    fn verdict(&self, reported: Reported, hit: Hit<'s>, paths: &[Vec<Cow<'_, str>>]) -> Option<Decision<'s>> {
        let Hit { at, rule, entry, candidate, matched } = hit;
        let may_import = |import: &[(&str, PathPattern)]| {
            let own = import.iter().filter(|(language, _)| Some(*language) == self.language);
            import.is_empty() || own.map(|(_, pattern)| pattern).any(|pattern| any_path(pattern, paths))
        };
        let allowed =
            self.excuses && rule.allow_in.iter().any(|allow| self.file.any(&allow.files) && may_import(&allow.import));
        let severity = self.effective_severity(at.rule, rule, reported);
        if allowed || severity == Severity::Off {
            return None;
        }
        let block_from = self.block_from((at.rule, rule), reported, severity);
        let excuse = self.excuse((at.rule, rule), reported);
        Some(Decision { rule, rule_index: at.rule, entry, candidate, matched, severity, excuse, block_from })
    }
}

/// Selects the most specific entry (or exception) within each rule, then the most specific among the rules. In languages
/// that tell names from modules the candidates are names of one module, so an exception that decides on any of them is
/// one for all. In others they are guesses: a name may belong to any of the packages around.
pub(in crate::policy) fn most_specific<'s>(
    mut hits: Vec<Hit<'s>>,
    severity: &dyn Fn(&Hit<'s>) -> Severity,
) -> Option<Hit<'s>> {
    let more_specific = |one: &Hit<'_>, two: &Hit<'_>| one.entry.pattern.specificity(&two.entry.pattern);
    // The sort is stable, so that the first candidate and the shortest match of an entry stay in front.
    let first = |one: &Hit<'_>, two: &Hit<'_>| more_specific(one, two).then_with(|| one.at.entry.cmp(&two.at.entry));
    hits.sort_by(|one, two| {
        let of_rule = (one.at.rule, one.candidate).cmp(&(two.at.rule, two.candidate));
        of_rule.then_with(|| first(one, two))
    });
    hits.dedup_by_key(|hit| (hit.at.rule, hit.candidate));
    let of_rules = hits.chunk_by(|one, two| one.at.rule == two.at.rule);
    let excepted = |hits: &&[Hit<'_>]| {
        hits.iter().any(|hit| hit.entry.exception && hit.entry.pattern.names_apart)
            || hits.iter().min_by(|one, two| first(one, two)).is_some_and(|hit| hit.entry.exception)
    };
    let of_rules = of_rules.filter(|hits| !excepted(hits)).flatten().copied();
    let forbidding = of_rules.filter(|hit| !hit.entry.exception);
    // Of equals the first wins, in file order.
    forbidding.min_by(|one, two| {
        let by_rule = || severity(two).cmp(&severity(one)).then(one.at.rule.cmp(&two.at.rule));
        more_specific(one, two).then_with(by_rule).then_with(|| one.at.entry.cmp(&two.at.entry))
    })
}

fn any_path(pattern: &PathPattern, paths: &[Vec<Cow<'_, str>>]) -> bool {
    paths.iter().any(|path| pattern.matches(path))
}

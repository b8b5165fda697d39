//! The policy on a given date, and its decisions about one importing file.

mod imports;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::decision::{Decision, LineMatch};
use super::kinds::Reported;
use super::lines::LineRules;
use super::lookup::{Bindings, Trie};
use super::severity::{Cap, capped, on_day};
use super::{Date, Excuse, Policy, Rule, Severity};
use crate::globs::PathGlobs;
use crate::kind::Kind;
use crate::text::Text;
pub(super) use imports::{Hit, most_specific};

/// Returns whether the segment at this index of a path is a module, not a name taken from the module before it.
pub type IsModule<'f> = &'f dyn Fn(&[Cow<'_, str>], usize) -> bool;

/// A policy with its severities on a given date.
#[derive(Debug)]
pub struct EffectivePolicy<'p> {
    policy: &'p Policy,
    /// Severity of each rule, before caps.
    severities: Vec<Severity>,
    /// Those that would block without an admin's excuse.
    excused: BTreeMap<usize, &'p Excuse>,
    lines: LineRules,
    /// Whether `allow-in`, caps and excuses count.
    excuses: bool,
}

/// The policy applied to one importing file.
#[derive(Debug)]
pub struct Scope<'s> {
    policy: &'s Policy,
    severities: &'s [Severity],
    excused: &'s BTreeMap<usize, &'s Excuse>,
    lines: &'s LineRules,
    excuses: bool,
    language: Option<&'static str>,
    path: &'s [u8],
    file: PathGlobs<'s>,
    relative: OnceLock<Relative>,
}

/// What relative rules are for one importing file.
#[derive(Debug, Default)]
struct Relative {
    /// Those whose `paths` match it.
    rules: BTreeSet<usize>,
    bindings: Bindings,
}

impl<'p> EffectivePolicy<'p> {
    pub(super) fn new(policy: &'p Policy, today: Date) -> Self {
        let severity = |rule: &Rule| on_day(rule.severity, rule.warn_from, rule.block_from, today);
        let mut severities: Vec<_> = policy.rules.iter().map(severity).collect();
        let mut excused = BTreeMap::new();
        for (at, (rule, severity)) in policy.rules.iter().zip(&mut severities).enumerate() {
            let excuse = policy.excuses.get(&rule.id).filter(|excuse| today <= excuse.until);
            if let Some(excuse) = excuse.filter(|_| *severity == Severity::Block) {
                *severity = Severity::Warn;
                excused.insert(at, excuse);
            }
        }
        let lines = LineRules::new(&policy.rules, &severities);
        Self { policy, severities, excused, lines, excuses: true }
    }

    /// The policy itself.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// Returns the severity of a rule on this date, before caps.
    #[must_use]
    pub fn severity(&self, rule_index: usize) -> Severity {
        self.severities.get(rule_index).copied().unwrap_or(Severity::Off)
    }

    /// Returns whether some rule has `allow-in` or a cap, or is excused.
    #[must_use]
    pub fn has_excuses(&self) -> bool {
        !self.excused.is_empty()
            || self.policy.rules.iter().any(|rule| !rule.allow_in.is_empty() || !rule.caps.is_empty())
    }

    /// Returns the policy as it would be if no rule had `allow-in` or a cap, or were excused: what these let pass is found.
    #[must_use]
    pub fn without_excuses(mut self) -> Self {
        for at in std::mem::take(&mut self.excused).into_keys() {
            if let Some(severity) = self.severities.get_mut(at) {
                *severity = Severity::Block;
            }
        }
        Self { excuses: false, ..self }
    }

    /// Returns whether anything could be blocked on this date: no cap raises a severity.
    #[must_use]
    pub fn can_block(&self) -> bool {
        self.policy.too_large() == Severity::Block || self.severities.contains(&Severity::Block)
    }

    /// Applies the policy to the file at `path`, in the language of that name.
    #[must_use]
    pub fn scope<'s>(&'s self, path: &'s [u8], language: Option<&'static str>) -> Scope<'s> {
        Scope {
            policy: self.policy,
            severities: &self.severities,
            excused: &self.excused,
            lines: &self.lines,
            excuses: self.excuses,
            language,
            path,
            file: PathGlobs::new(&self.policy.globs, path),
            relative: OnceLock::new(),
        }
    }
}

impl<'s> Scope<'s> {
    /// Returns whether the file is not judged at all.
    #[must_use]
    pub fn ignored(&self) -> bool {
        self.file.any(&self.policy.ignore)
    }

    /// Returns whether the file counts as a test, if the policy says which do.
    #[must_use]
    pub fn is_test(&self) -> Option<bool> {
        self.policy.tests.as_ref().map(|tests| self.file.any(tests))
    }

    /// Returns whether any import rule applies to the file.
    #[must_use]
    pub fn judges_imports(&self) -> bool {
        self.language.is_some_and(|language| {
            let forbids = |rule: &Rule| !rule.entries().is_empty() && rule.languages.contains(&language);
            self.policy.rules.iter().enumerate().any(|(at, rule)| forbids(rule) && self.takes_part(at, rule))
        })
    }

    /// Returns whether any line rule applies to the file.
    #[must_use]
    pub fn judges_lines(&self) -> bool {
        self.line_rules().next().is_some()
    }

    /// Returns whether a line rule on code applies that could match this raw text.
    #[must_use]
    pub fn needs_code(&self, raw: &Text<'_>) -> bool {
        self.line_rules().any(|(_, rule, _)| rule.is_on_code())
            && self.lines.may_match_code(&self.policy.rules, self.language, raw)
    }

    /// Returns whether the text may contain a segment of a forbidden path as a word; also true until texts of `min_bytes`
    /// were asked about.
    #[must_use]
    pub fn may_be_named_in(&self, text: &[u8], min_bytes: usize) -> bool {
        self.trie().is_some_and(|trie| trie.prefilter.may_stand_in(text, min_bytes))
    }

    /// Returns the matches of line rules. `code` is the text with comments and the contents of strings blanked (or raw, if
    /// it is not [needed](Self::needs_code)), `raw` is the text as written; both have the same lines.
    #[must_use]
    pub fn match_lines(&self, code: &Text<'_>, raw: &Text<'_>) -> Vec<LineMatch<'s>> {
        let mut part = vec![None; self.policy.rules.len()];
        for (at, rule, severity) in self.line_rules() {
            part[at] = Some((rule, severity));
        }
        let takes_part: Vec<bool> = part.iter().map(Option::is_some).collect();
        let matches = self.lines.matches(&self.policy.rules, self.language, &takes_part, code, raw);
        let located = matches.into_iter().filter_map(|(line, rule_index, range)| {
            let (rule, severity) = part.get(rule_index).copied().flatten()?;
            let block_from = self.block_from((rule_index, rule), Kind::Line.into(), severity);
            let excuse = self.excuse_of_line(rule_index);
            Some(LineMatch { rule, rule_index, line, range, severity, excuse, block_from })
        });
        located.collect()
    }

    /// Returns the line rules that apply to the file, with their severities.
    fn line_rules(&self) -> impl Iterator<Item = (usize, &'s Rule, Severity)> {
        self.lines.of_language(self.language).filter_map(|at| {
            let rule = self.policy.rules.get(at)?;
            let allowed = || self.excuses && rule.allow_in.iter().any(|allow| self.file.any(&allow.files));
            if !self.takes_part(at, rule) || allowed() {
                return None;
            }
            let severity = self.effective_severity(at, rule, Kind::Line.into());
            (severity != Severity::Off).then_some((at, rule, severity))
        })
    }

    fn takes_part(&self, at: usize, rule: &Rule) -> bool {
        let is_judged = || match rule.relative.is_empty() {
            true => rule.paths.is_empty() || self.file.any(&rule.paths),
            false => self.relative().rules.contains(&at),
        };
        self.severity(at) != Severity::Off && is_judged()
    }

    /// The relative rules that judge the file, and what their captures stand for in it.
    fn relative(&self) -> &Relative {
        self.relative.get_or_init(|| {
            let mut relative = Relative::default();
            for (at, rule) in self.policy.rules.iter().enumerate() {
                // The first glob that matches counts.
                let Some(bound) = rule.relative.iter().find_map(|glob| glob.bind(self.path)) else { continue };
                relative.rules.insert(at);
                for (capture, folder) in bound {
                    self.policy.index().bind(at, capture, folder, &mut relative.bindings);
                }
            }
            relative
        })
    }

    fn severity(&self, at: usize) -> Severity {
        self.severities.get(at).copied().unwrap_or(Severity::Off)
    }

    fn effective_severity(&self, at: usize, rule: &Rule, reported: Reported) -> Severity {
        let caps: &[Cap] = if self.excuses { &rule.caps } else { &[] };
        capped(self.severity(at), caps, reported, &self.file)
    }

    /// Returns the date from which an occurrence that is not yet blocked will be.
    fn block_from(&self, (at, rule): (usize, &Rule), reported: Reported, severity: Severity) -> Option<Date> {
        // The excuse itself says until when it counts.
        let is_later = severity < Severity::Block && !self.excused.contains_key(&at);
        let day = rule.block_from.filter(|_| is_later && may_block(rule, reported, &self.file))?;
        let excused = self.policy.excuses.get(&rule.id).and_then(|excuse| excuse.until.tomorrow().ok());
        Some(excused.map_or(day, |after| day.max(after)))
    }

    /// Returns the excuse without which an occurrence would block.
    fn excuse(&self, (at, rule): (usize, &Rule), reported: Reported) -> Option<&'s Excuse> {
        self.excused.get(&at).copied().filter(|_| may_block(rule, reported, &self.file))
    }

    /// Returns the excuse without which a match of a line rule would block.
    #[must_use]
    pub fn excuse_of_line(&self, rule_index: usize) -> Option<&'s Excuse> {
        self.excuse((rule_index, self.policy.rules.get(rule_index)?), Kind::Line.into())
    }

    fn trie(&self) -> Option<&'s Trie> {
        self.policy.index().of_language(self.language?)
    }

    /// The entries that judge what is written without a star.
    fn starless_trie(&self) -> Option<&'s Trie> {
        self.policy.index().of_starless(self.language?)
    }
}

/// Returns whether a rule that blocks would block here: neither a cap nor the kind's own limit keeps it from that.
fn may_block(rule: &Rule, reported: Reported, file: &PathGlobs<'_>) -> bool {
    capped(Severity::Block, &rule.caps, reported, file) == Severity::Block
}

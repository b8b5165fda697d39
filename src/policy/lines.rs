//! Line rules: regular expressions on lines, matched in one pass.
//!
//! Compiling a pattern costs more than the rest of a commit's check. So a pattern is compiled only when a line contains
//! a word that it needs, and matched against such lines only. Patterns that need no word are matched in bundles: each is
//! small enough for an automaton that reads a line once, whatever the bundle holds, so the cost grows with the bundles.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::{Body, Rule, Severity};
use crate::text::Text;
use crate::words::Literals;

/// Memory limit of one compiled pattern; larger ones are rejected when the policy is read.
const MAX_PATTERN_BYTES: usize = 16 << 20;
/// Estimated size of the patterns of a bundle.
const MAX_BUNDLE_BYTES: usize = 4 << 20;
/// Memory limit of a compiled bundle.
const MAX_SET_BYTES: usize = 24 << 20;
/// Memory limit of a bundle's automaton, which is built as lines are read. Twice the bundle's size is enough; with less
/// than its size, each line would be matched a hundred times as slowly.
const MAX_AUTOMATON_BYTES: usize = 8 << 20;

/// Maximum number of lines per file that a rule may match; further ones are not looked at.
pub const MAX_MATCHES: usize = 20_000;

/// The pattern of a line rule.
#[derive(Debug)]
pub(super) struct LinePattern {
    pub(super) pattern: String,
    /// Whether it matches the raw line, comments and strings included.
    pub(super) on_text: bool,
    /// Words of which every match contains at least one; empty if there are none.
    pub(super) needs: Vec<Vec<u8>>,
    /// Upper bound of its compiled size.
    pub(super) size_bytes: usize,
    pub(super) regex: OnceLock<Option<Regex>>,
}

impl LinePattern {
    fn find(&self, line: &[u8]) -> Option<Range<usize>> {
        // An error is impossible: the pattern was checked when the policy was read.
        let regex = self.regex.get_or_init(|| regex(&self.pattern).ok());
        regex.as_ref()?.find(line).map(|found| found.range())
    }
}

/// Compiles the pattern of a line rule.
pub(super) fn regex(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(MAX_PATTERN_BYTES).build()
}

/// Line rules that are active on a date, by the language of the file.
#[derive(Debug)]
pub(super) struct LineRules {
    /// One group for each language that a line rule names, and one (`None`) for all others.
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    language: Option<&'static str>,
    code: Patterns,
    text: Patterns,
}

/// Patterns that match the same form of the lines: code or raw text.
#[derive(Debug)]
struct Patterns {
    with_needs: Vec<usize>,
    needs: OnceLock<Needs>,
    /// Those that need no word.
    bundles: Vec<Bundle>,
}

/// Patterns that are matched at once.
#[derive(Debug, Default)]
struct Bundle {
    rules: Vec<usize>,
    size_bytes: usize,
    /// `None` if it would be too large; the patterns are then matched one by one.
    set: OnceLock<Option<RegexSet>>,
}

/// Words of which every match of a pattern contains one.
#[derive(Debug)]
struct Needs {
    /// Index of the rule that needs each word.
    owners: Vec<usize>,
    /// Searcher for the words; `None` if there are too many.
    words: Option<Literals>,
    /// Whether one of the words contains a space.
    has_space: bool,
}

/// Match of a pattern: line number, rule index, byte range in the line.
pub(super) type Matched = (usize, usize, Range<usize>);

impl LineRules {
    pub(super) fn new(rules: &[Rule], severities: &[Severity]) -> Self {
        let active = rules.iter().zip(severities).enumerate().filter_map(|(at, (rule, severity))| match &rule.body {
            Body::Pattern(pattern) if *severity != Severity::Off => Some((at, rule, pattern)),
            _ => None,
        });
        let active: Vec<_> = active.collect();
        let mut languages: Vec<_> =
            active.iter().flat_map(|(_, rule, _)| &rule.languages).copied().map(Some).chain([None]).collect();
        languages.sort_unstable();
        languages.dedup();
        let group = |language: Option<&'static str>| {
            let fits = |rule: &Rule| rule.languages.is_empty() || language.is_some_and(|l| rule.languages.contains(&l));
            let of = |on_text| {
                let own = active.iter().filter(|(_, rule, pattern)| fits(rule) && pattern.on_text == on_text);
                let (with, without): (Vec<_>, Vec<_>) = own.partition(|(.., pattern)| !pattern.needs.is_empty());
                let indexes = |own: Vec<&(usize, _, _)>| own.into_iter().map(|(at, ..)| *at).collect();
                Patterns { with_needs: indexes(with), needs: OnceLock::new(), bundles: bundles(&without) }
            };
            Group { language, code: of(false), text: of(true) }
        };
        Self { groups: languages.into_iter().map(group).collect() }
    }

    /// Returns the indices of rules on code and on text for a file of the language.
    pub(super) fn of_language(&self, language: Option<&str>) -> impl Iterator<Item = usize> {
        let patterns = self.group(language).into_iter().flat_map(Group::both);
        patterns.flat_map(|own| own.with_needs.iter().chain(own.bundles.iter().flat_map(|own| &own.rules))).copied()
    }

    /// Returns whether a rule on code could match a line of this raw text once comments and strings are blanked.
    pub(super) fn may_match_code(&self, rules: &[Rule], language: Option<&str>, raw: &Text<'_>) -> bool {
        self.group(language).is_some_and(|group| group.code.may_match(rules, raw))
    }

    /// Returns the first match in each line of every rule that `takes_part`, by line and rule; at most one more than
    /// [`MAX_MATCHES`] per rule.
    pub(super) fn matches(
        &self,
        rules: &[Rule],
        language: Option<&str>,
        takes_part: &[bool],
        code: &Text<'_>,
        raw: &Text<'_>,
    ) -> Vec<Matched> {
        let mut found = Vec::new();
        if let Some(group) = self.group(language) {
            group.code.matches(rules, takes_part, code, &mut found);
            group.text.matches(rules, takes_part, raw, &mut found);
        }
        found.sort_by_key(|(line, rule, _)| (*line, *rule));
        found
    }

    fn group(&self, language: Option<&str>) -> Option<&Group> {
        let of = |wanted: Option<&str>| self.groups.iter().find(|group| group.language == wanted);
        of(language).or_else(|| of(None))
    }
}

impl Group {
    fn both(&self) -> [&Patterns; 2] {
        [&self.code, &self.text]
    }
}

impl Patterns {
    fn matches(&self, rules: &[Rule], takes_part: &[bool], text: &Text<'_>, found: &mut Vec<Matched>) {
        let takes_part = |at: usize| takes_part.get(at).copied().unwrap_or(false);
        let mut counts = vec![0; rules.len()];
        let mut ask = |at: usize, number: usize, line: &[u8]| {
            let Some(count) = counts.get_mut(at).filter(|count| **count <= MAX_MATCHES) else { return };
            let range = rules.get(at).and_then(pattern_of).and_then(|pattern| pattern.find(line));
            *count += usize::from(range.is_some());
            found.extend(range.map(|range| (number, at, range)));
        };
        if self.with_needs.iter().any(|&at| takes_part(at)) {
            self.with_needs(rules, text, |at, number| {
                if takes_part(at) {
                    ask(at, number, text.line(number));
                }
            });
        }
        for bundle in &self.bundles {
            bundle.matches(rules, &takes_part, text, &mut ask);
        }
    }

    /// Returns whether some pattern could match a line of the text or of its blanked form. Blanking creates no new words,
    /// except ones that contain a space.
    fn may_match(&self, rules: &[Rule], text: &Text<'_>) -> bool {
        let finds =
            |needs: &Needs| needs.has_space || needs.words.as_ref().is_none_or(|words| words.stand_in(text.bytes()));
        !self.bundles.is_empty() || finds(self.needs(rules))
    }

    fn needs(&self, rules: &[Rule]) -> &Needs {
        self.needs.get_or_init(|| {
            let own = |at: usize| rules.get(at).and_then(pattern_of).into_iter().flat_map(|pattern| &pattern.needs);
            let needs = || self.with_needs.iter().flat_map(move |&at| own(at).map(move |word| (at, word)));
            let words: Vec<&[u8]> = needs().map(|(_, word)| word.as_slice()).collect();
            let has_space = needs().any(|(_, word)| word.contains(&b' '));
            Needs { owners: needs().map(|(at, _)| at).collect(), words: Literals::new(&words), has_space }
        })
    }

    /// Calls `found` with each rule and each line that contains a word the rule needs.
    fn with_needs(&self, rules: &[Rule], text: &Text<'_>, mut found: impl FnMut(usize, usize)) {
        let Needs { owners, words, .. } = self.needs(rules);
        let Some(words) = words else {
            for number in 1..=text.line_count() {
                self.with_needs.iter().for_each(|&at| found(at, number));
            }
            return;
        };
        let mut last_line = vec![0; rules.len()];
        words.each(text.bytes(), |word, start| {
            let number = text.line_of(start);
            let Some(&at) = owners.get(word) else { return };
            if let Some(last) = last_line.get_mut(at).filter(|last| **last != number) {
                *last = number;
                found(at, number);
            }
        });
    }
}

impl Bundle {
    /// Calls `ask` with each line that a rule which takes part may match.
    fn matches(
        &self,
        rules: &[Rule],
        takes_part: &impl Fn(usize) -> bool,
        text: &Text<'_>,
        ask: &mut impl FnMut(usize, usize, &[u8]),
    ) {
        let part: Vec<usize> = self.rules.iter().copied().filter(|&at| takes_part(at)).collect();
        if part.is_empty() {
            return;
        }
        // A few single patterns match and compile faster than a set.
        const MAX_SINGLE_PATTERNS: usize = 3;
        let set = if part.len() > MAX_SINGLE_PATTERNS { self.set(rules) } else { None };
        for (number, line) in (1..).zip(text.lines()) {
            match set {
                Some(set) if !set.is_match(line) => {}
                Some(set) => {
                    let hits = set.matches(line).into_iter().filter_map(|place| self.rules.get(place));
                    hits.filter(|&&at| takes_part(at)).for_each(|&at| ask(at, number, line));
                }
                None => part.iter().for_each(|&at| ask(at, number, line)),
            }
        }
    }

    fn set(&self, rules: &[Rule]) -> Option<&RegexSet> {
        let compile = || {
            let patterns = self.rules.iter().filter_map(|&at| pattern_of(rules.get(at)?)).map(|own| &own.pattern);
            let mut builder = RegexSetBuilder::new(patterns);
            builder.size_limit(MAX_SET_BYTES).dfa_size_limit(MAX_AUTOMATON_BYTES).build().ok()
        };
        self.set.get_or_init(compile).as_ref()
    }
}

/// Puts patterns into as few bundles as their sizes allow, in their order.
fn bundles(patterns: &[&(usize, &Rule, &LinePattern)]) -> Vec<Bundle> {
    let mut bundles: Vec<Bundle> = Vec::new();
    for (at, _, pattern) in patterns {
        match bundles.last_mut().filter(|last| last.size_bytes + pattern.size_bytes <= MAX_BUNDLE_BYTES) {
            Some(last) => {
                last.rules.push(*at);
                last.size_bytes += pattern.size_bytes;
            }
            None => bundles.push(Bundle { rules: vec![*at], size_bytes: pattern.size_bytes, ..Bundle::default() }),
        }
    }
    bundles
}

fn pattern_of(rule: &Rule) -> Option<&LinePattern> {
    match &rule.body {
        Body::Pattern(pattern) => Some(pattern),
        Body::Forbid(_) => None,
    }
}

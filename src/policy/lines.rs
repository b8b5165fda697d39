//! Line rules: regular expressions on lines, all of them in one pass.
//!
//! Compiling a pattern costs more than the rest of a commit's check, so a pattern is compiled where a word that it needs
//! stands on a line, and asked about such lines alone. Patterns that need no word share one set.

use std::ops::Range;
use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::{Body, Rule, Severity};
use crate::text::Text;
use crate::words::Literals;

/// Memory that one pattern may take, out of reach as larger ones are refused; and that of a set of them.
const MAX_PATTERN_BYTES: usize = 16 << 20;
const MAX_SET_BYTES: usize = 24 << 20;

/// Lines of a file that are looked at, of those that a rule matches.
pub const MAX_MATCHES: usize = 20_000;

/// The pattern of a line rule.
#[derive(Debug)]
pub(super) struct LinePattern {
    pub(super) pattern: String,
    /// On the line as it stands, comments and strings included.
    pub(super) on_text: bool,
    /// Words of which every match holds one; empty where there are none.
    pub(super) needs: Vec<Vec<u8>>,
    pub(super) regex: OnceLock<Option<Regex>>,
}

impl LinePattern {
    fn find(&self, line: &[u8]) -> Option<Range<usize>> {
        // An error is out of reach: the pattern was checked when the policy was read.
        let regex = self.regex.get_or_init(|| regex(&self.pattern).ok());
        regex.as_ref()?.find(line).map(|found| found.range())
    }
}

/// Compiles a pattern as line rules have it.
pub(super) fn regex(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(MAX_PATTERN_BYTES).build()
}

/// The line rules that stand on a day, by the language of the file.
#[derive(Debug)]
pub(super) struct LineRules {
    /// For each language that a line rule names, and for `None`, which is any other.
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    language: Option<&'static str>,
    code: Patterns,
    text: Patterns,
}

/// Patterns on the same sort of lines.
#[derive(Debug)]
struct Patterns {
    with_needs: Vec<usize>,
    needs: OnceLock<Needs>,
    without: Vec<usize>,
    /// `None` where it would be too large; the patterns are then asked one by one.
    set: OnceLock<Option<RegexSet>>,
}

/// The words of which every match of a pattern holds one.
#[derive(Debug)]
struct Needs {
    /// For each word, the rule that needs it.
    owners: Vec<usize>,
    /// Finds the words; `None` where they are too many.
    words: Option<Literals>,
    /// Whether a space belongs to one of them.
    has_space: bool,
}

/// A line that a pattern matches: the line, the rule, the bytes in the line.
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
                Patterns {
                    with_needs: indexes(with),
                    needs: OnceLock::new(),
                    without: indexes(without),
                    set: OnceLock::new(),
                }
            };
            Group { language, code: of(false), text: of(true) }
        };
        Self { groups: languages.into_iter().map(group).collect() }
    }

    /// The rules on lines of code and of text, for a file of the language.
    pub(super) fn of_language(&self, language: Option<&str>) -> impl Iterator<Item = usize> {
        let patterns = self.group(language).into_iter().flat_map(Group::both);
        patterns.flat_map(|own| own.with_needs.iter().chain(&own.without)).copied()
    }

    /// Whether a rule on code could match a line of this raw text, once comments and strings are blanked.
    pub(super) fn may_match_code(&self, rules: &[Rule], language: Option<&str>, raw: &Text<'_>) -> bool {
        self.group(language).is_some_and(|group| group.code.may_match(rules, raw))
    }

    /// Every match of a rule that `takes_part`, the first one in each line, by line and rule; of more than
    /// [`MAX_MATCHES`] of a rule the first ones and one more.
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
        let part: Vec<usize> = self.without.iter().copied().filter(|&at| takes_part(at)).collect();
        if part.is_empty() {
            return;
        }
        // A few patterns alone are faster than a set, and compile faster.
        const MAX_ALONE: usize = 3;
        let set = if part.len() > MAX_ALONE { self.set(rules) } else { None };
        for (number, line) in (1..).zip(text.lines()) {
            match set {
                Some(set) if !set.is_match(line) => {}
                Some(set) => {
                    let hits = set.matches(line).into_iter().filter_map(|place| self.without.get(place));
                    hits.filter(|&&at| takes_part(at)).for_each(|&at| ask(at, number, line));
                }
                None => part.iter().for_each(|&at| ask(at, number, line)),
            }
        }
    }

    /// Whether some pattern could match a line of the text or of what blanking leaves of it: that makes no word, unless
    /// a space belongs to it.
    fn may_match(&self, rules: &[Rule], text: &Text<'_>) -> bool {
        let finds =
            |needs: &Needs| needs.has_space || needs.words.as_ref().is_none_or(|words| words.stand_in(text.bytes()));
        !self.without.is_empty() || finds(self.needs(rules))
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

    /// Hands out each rule with each line that holds a word the rule needs.
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

    fn set(&self, rules: &[Rule]) -> Option<&RegexSet> {
        let compile = || {
            let patterns = self.without.iter().filter_map(|&at| pattern_of(rules.get(at)?)).map(|own| &own.pattern);
            RegexSetBuilder::new(patterns).size_limit(MAX_SET_BYTES).build().ok()
        };
        self.set.get_or_init(compile).as_ref()
    }
}

fn pattern_of(rule: &Rule) -> Option<&LinePattern> {
    match &rule.body {
        Body::Pattern(pattern) => Some(pattern),
        Body::Forbid(_) => None,
    }
}

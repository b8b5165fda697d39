//! Tests of the lookup against a naive scan over all entries that does not use the index.

use proptest::prelude::*;

use super::testing::{candidate, policy, some_day};
use crate::kind::Kind;
use crate::text::Text;

/// A rule: its severity, and its entries as written.
type PlainRule = (&'static str, Vec<String>);

/// Returns whether the pattern matches exactly this path.
fn means(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**", rest @ ..], _) => (0..=path.len()).any(|skip| means(rest, &path[skip..])),
        (["*", rest @ ..], [_, tail @ ..]) => means(rest, tail),
        ([first, rest @ ..], [segment, tail @ ..]) => {
            let part = |(prefix, suffix): (&str, &str)| {
                segment.len() >= prefix.len() + suffix.len() && segment.starts_with(prefix) && segment.ends_with(suffix)
            };
            (first == segment || first.split_once('*').is_some_and(part)) && means(rest, tail)
        }
        _ => false,
    }
}

/// Sort key that orders by specificity: literals are `a`, `**` is `z`, and the end comes last.
fn key(entry: &str) -> String {
    let letters = entry.trim_start_matches('!').split('.').map(|segment| match segment {
        "**" => 'z',
        "*" => 'y',
        // Of two parts, the one with more letters first.
        part if part.contains('*') => char::from(b'x' - u8::try_from(part.len()).unwrap()),
        _ => 'a',
    });
    letters.chain(['{']).collect()
}

fn strictness(severity: &str) -> usize {
    ["block", "warn", "track", "off"].iter().position(|word| *word == severity).unwrap()
}

/// Returns the rule, entry, candidate and matched length that decide.
fn scan(rules: &[PlainRule], paths: &[String]) -> Option<(usize, usize, usize, usize)> {
    let mut winners = Vec::new();
    for (at, (severity, entries)) in rules.iter().enumerate().filter(|(_, rule)| rule.0 != "off") {
        let mut best: Option<(String, usize, usize, usize)> = None;
        for (number, entry) in entries.iter().enumerate() {
            let pattern: Vec<_> = entry.trim_start_matches('!').split('.').collect();
            for (candidate, path) in paths.iter().enumerate() {
                let path: Vec<_> = path.split('.').collect();
                if let Some(length) = (0..=path.len()).find(|&length| means(&pattern, &path[..length])) {
                    let found = (key(entry), number, candidate, length);
                    best = Some(best.map_or(found.clone(), |best| best.min(found)));
                }
            }
        }
        if let Some((key, number, candidate, length)) = best
            && !entries[number].starts_with('!')
        {
            winners.push((key, strictness(severity), at, number, candidate, length));
        }
    }
    winners.into_iter().min().map(|(_, _, at, number, candidate, length)| (at, number, candidate, length))
}

fn entry() -> impl Strategy<Value = String> {
    let part = "a\\*|\\*a|a\\*b|\\*bc";
    let segment = prop_oneof![6 => "[abc]", 1 => Just("*".to_owned()), 1 => part, 1 => Just("**".to_owned())];
    (prop::bool::weighted(0.2), prop::collection::vec(segment, 1..5))
        .prop_map(|(exception, path)| format!("{}{}", if exception { "!" } else { "" }, path.join(".")))
}

fn rules() -> impl Strategy<Value = Vec<PlainRule>> {
    let severity = prop::sample::select(vec!["off", "track", "warn", "block"]);
    let entries = prop::collection::vec(entry(), 1..6).prop_map(|mut entries| {
        // A rule with only exceptions is an error.
        entries.push("c.c.c.c".to_owned());
        entries
    });
    prop::collection::vec((severity, entries), 1..5)
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec("[abcd]{1,2}", 1..7).prop_map(|path| path.join("."))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn the_lookup_is_a_scan_over_the_entries(rules in rules(), paths in prop::collection::vec(path(), 1..4)) {
        let mut source = String::new();
        for (at, (severity, entries)) in rules.iter().enumerate() {
            source += &format!("[[rule]]\nid = 'r{at}'\nlanguage = 'python'\nseverity = '{severity}'\nforbid = {entries:?}\n");
        }
        let policy = policy(&source);
        let effective = policy.at(some_day());
        let candidates: Vec<_> = paths.iter().map(|path| candidate(path)).collect();
        let decision = effective.scope(b"f.py", Some("python")).decide(Kind::Import, &candidates, &|_, _| false);
        let found = decision.map(|found| {
            let place = found.rule.entries().iter().position(|entry| std::ptr::eq(entry, found.entry));
            (found.rule_index, place.unwrap(), found.candidate, found.matched)
        });
        prop_assert_eq!(found, scan(&rules, &paths));
    }
}

proptest! {
    #[test]
    fn lines_match_as_if_asked_one_by_one(
        rules in prop::collection::vec((0..PATTERNS.len(), any::<bool>()), 1..12),
        text in "[abxF \r\n=]{0,80}",
    ) {
        let mut source = String::new();
        for (at, (pattern, text)) in rules.iter().enumerate() {
            let sort = if *text { "text" } else { "code" };
            source += &format!("[[rule]]\nid = 'r{at}'\nin = '{sort}'\npattern = '{}'\n", PATTERNS[*pattern]);
        }
        let policy = policy(&source);
        let effective = policy.at(some_day());
        let raw = Text::new(text.as_bytes());
        let code = Text::new(text.replace('x', " ").into_bytes());
        let matches = effective.scope(b"f.py", None).match_lines(&code, &raw);
        let found: Vec<_> = matches.into_iter().map(|found| (found.line, found.rule_index, found.range)).collect();
        let mut expected = Vec::new();
        for line in 1..=raw.line_count() {
            for (at, (pattern, on_text)) in rules.iter().enumerate() {
                let regex = regex::bytes::Regex::new(PATTERNS[*pattern]).unwrap();
                let line_text = if *on_text { raw.line(line) } else { code.line(line) };
                expected.extend(regex.find(line_text).map(|found| (line, at, found.range())));
            }
        }
        prop_assert_eq!(found, expected);
    }
}

const PATTERNS: [&str; 10] =
    ["ab", "^a", "b$", "(ab|bx)=", "[ab]+=", r"a\s+b", "(?i)f", "^$", "(aa|b)x?F", r"\bab\b|xx"];

//! Tests of bundles: each is small enough to be matched at once, and all find what the patterns find alone.

use proptest::prelude::*;

use super::*;
use crate::policy::Policy;
use crate::policy::testing::{policy, some_day};

/// A policy of line rules with these patterns.
fn policy_of(patterns: &[String]) -> Policy {
    let rule =
        |(at, pattern): (usize, &String)| format!("[[rule]]\nid = 'r{at}'\nin = 'text'\npattern = '{pattern}'\n");
    policy(&patterns.iter().enumerate().map(rule).collect::<String>())
}

fn rules_of(policy: &Policy) -> LineRules {
    LineRules::new(policy.rules(), &vec![Severity::Block; policy.rules().len()])
}

#[test]
fn bundles_grow_with_the_rules_and_none_is_too_large() {
    for pattern in ["(?i)oldname", r"^\s*[A-Z]\w+\s", r"\w{4}\W{4}", r"(\w+\.)*\w+\s\w*", r"[^a]{200}\s", "(?i)k|x"] {
        let of = |count: usize| {
            let policy = policy_of(&vec![pattern.to_owned(); count]);
            let lines = rules_of(&policy);
            let bundles = &lines.group(None).unwrap().text.bundles;
            let rules: Vec<usize> = bundles.iter().flat_map(|bundle| bundle.rules.iter().copied()).collect();
            assert_eq!(rules, (0..count).collect::<Vec<_>>(), "{pattern}: none is left out");
            assert!(bundles[0].set(policy.rules()).is_some(), "{pattern}: one of {} rules", bundles[0].rules.len());
            bundles.len()
        };
        let (few, many) = (of(40), of(400));
        assert!(many <= 10 * few, "{pattern}: {few}, {many}");
    }
}

/// What patterns are made of: none has a word that each match needs.
const PARTS: [&str; 12] =
    [r"\w", r"\W", "[ab]", "(?i:a)", "(?:a|b|)", "^[ab]", "b*$", r"\b", r"[^a]{40}?", r"\w{20}", "(?:ab)?", r"\d"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn bundles_find_what_each_pattern_finds(
        patterns in prop::collection::vec(prop::collection::vec(prop::sample::select(PARTS.to_vec()), 1..4), 1..40),
        text in "[ab_1 é]{0,6}(\r?\n[abA ]{0,45}){0,6}",
    ) {
        let patterns: Vec<String> = patterns.iter().map(|parts| parts.concat()).collect();
        let policy = policy_of(&patterns);
        let text = Text::new(text.as_bytes());
        let effective = policy.at(some_day());
        let found = effective.scope(b"a.txt", None).match_lines(&text, &text);
        let found: Vec<_> = found.into_iter().map(|found| (found.line, found.rule.id.clone(), found.range)).collect();
        let mut expected = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            for (at, pattern) in patterns.iter().enumerate() {
                let range = regex(pattern).unwrap().find(line).map(|found| found.range());
                expected.extend(range.map(|range| (number, format!("r{at}"), range)));
            }
        }
        prop_assert_eq!(found, expected, "{:?}", patterns);
    }
}

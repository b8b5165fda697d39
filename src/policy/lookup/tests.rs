//! Tests of lookups: how many steps they take, and what stars have to do with them.

use super::*;
use crate::notation::Names;
use crate::policy::testing::{candidate, policy, some_day};

/// Returns the nodes visited to look a path up among `entries`.
fn steps(entries: &[String], path: &str) -> usize {
    let mut trie = Trie::default();
    for (entry, text) in entries.iter().enumerate() {
        let segments = text.split('/').map(str::to_owned).collect();
        let pattern = PathPattern::new(segments, Names::Apart, false).unwrap();
        trie.add(&pattern, EntryAt { rule: 0, entry }, &mut |_| 0);
    }
    let path: Vec<_> = path.split('/').map(Cow::from).collect();
    trie.walk(&path, &Bindings::default(), &mut |_, _| {}).steps
}

#[test]
fn entries_that_do_not_match_cost_no_step() {
    let forms = ["a/b{}", "a/b{}*", "a/*b{}", "a/{}b*c", "a{}*/x", "x/*/b{}", "a/#b{}*", "x/**/b{}"];
    let entries = |count: usize| -> Vec<String> {
        let numbers = (0..count).map(|number| format!("{number:04}"));
        numbers.flat_map(|number| forms.map(|form| form.replace("{}", &number))).collect()
    };
    for path in ["a/b", "a/zzz/y", "a/b0z/b", "q/r/s", "a/b7777", "a/b7777/#b", "x/y/z/b"] {
        assert_eq!(steps(&entries(2), path), steps(&entries(2000), path), "{path}");
    }
    assert_eq!(steps(&entries(2000), "q/r"), 1);
    assert_eq!(steps(&entries(2000), "a/b1234"), 5, "the top, `a`, and three entries");
}

#[test]
fn captures_that_stand_for_something_else_cost_no_step() {
    let (mut index, mut bindings) = (Index::default(), Bindings::default());
    let capture = |name: &str| Segment::Capture(name.to_owned());
    for rule in 0..1000 {
        let segments = vec![Segment::Literal("a".to_owned()), capture("one"), capture("two")];
        let pattern = PathPattern { segments, names_apart: false, beneath: true };
        index.add("x", &pattern, EntryAt { rule, entry: 0 }, true);
    }
    for rule in 0..1000 {
        index.bind(rule, "one", format!("folder{rule}").as_bytes(), &mut bindings);
        index.bind(rule, "two", b"same", &mut bindings);
    }
    index.bind(7, "one", b"*", &mut bindings);
    let trie = index.of_language("x").unwrap();
    let steps = |path: &str| {
        let path: Vec<_> = path.split('.').map(Cow::from).collect();
        let mut found = Vec::new();
        (trie.walk(&path, &bindings, &mut |at, _| found.push(at.rule)).steps, found)
    };
    assert_eq!(steps("a.folder7.same.x"), (4, vec![7]));
    assert_eq!(steps("a.folder7.other"), (3, vec![]));
    assert_eq!(steps("a.folder.same"), (2, vec![]));
    assert_eq!(steps("a.*.same"), (2, vec![]));
}

#[test]
fn rules_about_stars_alone_matter_only_to_stars() {
    let rules = "[[rule]]\nid = 'one'\nlanguage = 'java'\nforbid = ['a.b', '!c.d']\n";
    let stars = "[[rule]]\nid = 'stars'\nlanguage = ['java', 'python']\nforbid = ['**']\nkinds = ['wildcard']\n";
    for (rules, any_may_begin) in [(rules.to_owned(), false), (format!("{rules}{stars}"), true)] {
        let policy = policy(&rules);
        let effective = policy.at(some_day());
        let scope = effective.scope(b"A.java", Some("java"));
        let firsts =
            |all| scope.first_words(all, 4096).map(|words| words.find(b"a b c d").map(|(_, at)| at.start).collect());
        assert_eq!(firsts(false), Some(vec![0, 4]));
        assert_eq!(firsts(true), (!any_may_begin).then(|| vec![0, 4]));
        for (path, reached) in [("a", true), ("a.b.x", true), ("a.x", false), ("b", false), ("x", false)] {
            assert_eq!(scope.reaches(&candidate(path)), reached, "{path}");
        }
        assert!(scope.may_be_named_in(b"b", 0) && !scope.may_be_named_in(b"a c d x", 0));
    }
    let policy = policy(stars);
    let effective = policy.at(some_day());
    let scope = effective.scope(b"A.java", Some("java"));
    assert!(!scope.may_be_named_in(b"a b", 0));
    assert!(scope.first_words(false, 4096).is_some_and(|words| words.find(b"a b").next().is_none()));
}

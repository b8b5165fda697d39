//! Properties: where nothing is told, nothing is judged less severely.

use std::borrow::Cow;
use std::fmt::Write as _;

use proptest::prelude::*;

use crate::kind::{Kind, Written};
use crate::policy::testing::{candidate, policy};
use crate::policy::{Date, Policy, Severity};

/// A rule whose fields can be changed one at a time.
#[derive(Clone, Debug)]
struct Spec {
    id: usize,
    severity: usize,
    block_from: Option<u8>,
    entries: Vec<String>,
    paths: Vec<&'static str>,
    /// Globs with a capture instead of `paths`, and an entry that has it.
    relative: Option<(usize, &'static str)>,
    kinds: Vec<&'static str>,
    allow: Vec<(&'static str, Option<&'static str>)>,
    caps: Vec<(Option<&'static str>, Option<&'static str>, usize)>,
}

const GLOBS: [&str; 6] = ["src", "src/b", "tests", "**/t.py", "**", "x.py"];
const RELATIVE: [&[&str]; 3] = [&["src/<f>"], &["src/<f>", "<f>/*.py"], &["<f>/*.py", "src/<f>"]];
const FILES: [&str; 4] = ["src/a.py", "src/b/t.py", "tests/t.py", "x.py"];
const KINDS: [&str; 5] = ["import", "local", "string", "wildcard", "type-only"];
const SEVERITIES: [&str; 4] = ["off", "track", "warn", "block"];

fn source(rules: &[Spec]) -> String {
    let mut source = String::new();
    for rule in rules {
        let mut more = String::new();
        let written = |entry: &String| match entry.strip_suffix('~') {
            Some(path) => format!("{{ path = '{path}', beneath = false }}"),
            None => format!("'{entry}'"),
        };
        let mut entries: Vec<_> = rule.entries.iter().map(written).collect();
        if let Some((globs, entry)) = rule.relative {
            entries.push(format!("'{entry}'"));
            let _ = writeln!(more, "paths = {:?}", RELATIVE[globs]);
        } else if !rule.paths.is_empty() {
            let _ = writeln!(more, "paths = {:?}", rule.paths);
        }
        let _ = write!(
            source,
            "[[rule]]\nid = 'r{}'\nlanguage = 'python'\nseverity = '{}'\nforbid = [{}]\n",
            rule.id,
            SEVERITIES[rule.severity],
            entries.join(", ")
        );
        if let Some(month) = rule.block_from {
            let _ = writeln!(source, "block-from = 2026-{month:02}-01");
        }
        source += &more;
        if !rule.kinds.is_empty() {
            let _ = writeln!(source, "kinds = {:?}", rule.kinds);
        }
        let allow = rule.allow.iter().map(|(glob, import)| match import {
            Some(import) => format!("{{ in = '{glob}', import = '{import}' }}"),
            None => format!("'{glob}'"),
        });
        let _ = writeln!(source, "allow-in = [{}]", allow.collect::<Vec<_>>().join(", "));
        let caps = rule.caps.iter().map(|(glob, kind, severity)| {
            let place = glob.map(|glob| format!("in = '{glob}', ")).unwrap_or_default();
            let kind = kind.map(|kind| format!("kind = '{kind}', ")).unwrap_or_default();
            format!("{{ {place}{kind}severity = '{}' }}", SEVERITIES[*severity])
        });
        let _ = writeln!(source, "cap = [{}]", caps.collect::<Vec<_>>().join(", "));
    }
    source
}

fn entry() -> impl Strategy<Value = String> {
    let segment =
        prop_oneof![8 => "[abc]", 2 => Just("*".to_owned()), 2 => "[a-c]\\*|\\*[a-c]", 1 => Just("**".to_owned())];
    // With `~` behind it, an entry has `beneath = false`.
    let sign = prop::sample::select(vec![("!", ""), ("", "~"), ("", ""), ("", ""), ("", "")]);
    (sign, prop::collection::vec(segment, 1..4))
        .prop_map(|((before, after), path)| before.to_owned() + &path.join(".") + after)
}

fn cap() -> impl Strategy<Value = (Option<&'static str>, Option<&'static str>, usize)> {
    let glob = prop::option::of(prop::sample::select(GLOBS.to_vec()));
    (glob, prop::option::of(prop::sample::select(KINDS.to_vec())), 0..4_usize).prop_map(|(glob, kind, severity)| {
        if kind.is_none() { (Some(glob.unwrap_or("src")), kind, severity) } else { (glob, kind, severity) }
    })
}

fn spec(id: usize) -> impl Strategy<Value = Spec> {
    let globs = || prop::sample::select(GLOBS.to_vec());
    (
        prop_oneof![1 => Just(0_usize), 2 => Just(1), 3 => Just(2), 3 => Just(3)],
        prop::option::weighted(0.3, 1..12_u8),
        prop::collection::vec(entry(), 0..3),
        prop::collection::vec(globs(), 0..2),
        prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(prop::sample::select(KINDS.to_vec()), 1..3)],
        prop::collection::vec((globs(), prop::option::of(prop::sample::select(vec!["a.b", "a", "*.c"]))), 0..2),
        prop::collection::vec(cap(), 0..2),
        prop::option::weighted(0.2, (0..3_usize, prop::sample::select(vec!["!<f>", "<f>.a", "a.<f>", "!a.<f>"]))),
        "[abc](\\.[abc*]|\\.a\\*)?",
    )
        .prop_map(move |(severity, block_from, mut entries, paths, kinds, allow, caps, relative, last)| {
            // A rule with only exceptions is an error.
            entries.push(last);
            Spec { id, severity, block_from, entries, paths, relative, kinds, allow, caps }
        })
}

/// Generates one change, most often one that might strengthen the policy.
fn changed(rules: &mut Vec<Spec>, (what, at, other, fresh): &(usize, usize, usize, Spec)) {
    let (count, other) = (rules.len(), *other);
    let rule = &mut rules[at % count];
    match what {
        0 => rule.entries.insert(other % (rule.entries.len() + 1), fresh.entries[0].clone()),
        1 => rule.severity = (rule.severity + 1).min(3),
        2 => rule.block_from = rule.block_from.map(|month| month.min(fresh.block_from.unwrap_or(1))),
        3 => rule.paths.clear(),
        4 => rule.paths.extend(fresh.paths.first().filter(|_| !rule.paths.is_empty())),
        5 => rule.allow.clear(),
        6 => rule.caps.clear(),
        7 => rules.swap(at % count, other % count),
        8 => rules.push(fresh.clone()),
        9 => rules.insert(0, fresh.clone()),
        10 => rule.entries.retain(|entry| !entry.starts_with('!')),
        11 => rule.caps.extend(fresh.caps.first()),
        12 => rule.allow.extend(fresh.allow.first()),
        13 => rule.block_from = fresh.block_from,
        14 => rule.entries.reverse(),
        17 => rule.relative = None,
        18 => rule.relative = fresh.relative,
        16 => rule.entries.iter_mut().for_each(|entry| *entry = entry.trim_end_matches('~').to_owned()),
        19 => rule.kinds.clear(),
        20 => rule.kinds.extend(fresh.kinds.first().filter(|_| !rule.kinds.is_empty())),
        21 => rule.kinds.clone_from(&fresh.kinds),
        _ => rule.id += 20,
    }
}

/// Returns the severity of every import in every file on several dates.
fn judged(policy: &Policy) -> Vec<Severity> {
    let names = ["a", "b", "ca"];
    let mut paths: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    for length in 0..2 {
        let longer = paths.iter().filter(|path| path.matches('.').count() == length).cloned().collect::<Vec<_>>();
        paths.extend(longer.iter().flat_map(|path| names.iter().map(move |name| format!("{path}.{name}"))));
    }
    let is_module = |path: &[Cow<'_, str>], at: usize| path[at] == "ca" || path.len() > at + 1;
    let mut judged = Vec::new();
    for day in [Date::constant(2025, 1, 1), Date::constant(2026, 6, 15), Date::constant(2027, 1, 1)] {
        let effective = policy.at(day);
        for file in FILES {
            let scope = effective.scope(file.as_bytes(), Some("python"));
            for path in &paths {
                let candidates = [candidate(path)];
                let whole = format!("{path}.*");
                let whole = [candidate(&whole)];
                let kinds = [Kind::Import, Kind::String, Kind::TypeOnly].into_iter();
                let forms = kinds.flat_map(|kind| [false, true].map(|local| Written { kind, star: false, local }));
                // No string has a star.
                let stars = forms.clone().filter(|written| written.kind != Kind::String);
                let stars = stars.map(|written| Written { star: true, ..written });
                let of_star = |written: Written| {
                    let part = scope.decide_wildcard(written, &candidates, &|_| true, &is_module);
                    let found = scope.decide(written, &whole, &is_module);
                    found.into_iter().chain(part).max_by_key(|found| found.severity)
                };
                let decisions =
                    forms.map(|written| scope.decide(written, &candidates, &is_module)).chain(stars.map(of_star));
                judged.extend(decisions.map(|found| found.map_or(Severity::Off, |found| found.severity)));
            }
        }
    }
    judged
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn where_nothing_is_told_nothing_is_judged_less_severely(
        rules in (spec(0), spec(1), spec(2)),
        changes in prop::collection::vec((0..23_usize, 0..9_usize, 0..9_usize, spec(10)), 1..4),
    ) {
        let mut new = vec![rules.0, rules.1, rules.2];
        let old = source(&new);
        for (number, change) in changes.iter().enumerate() {
            let mut change = change.clone();
            change.3.id += number;
            changed(&mut new, &change);
        }
        let new = source(&new);
        let (before, now) = (policy(&old), policy(&new));
        if before.loosened_by(&now).is_empty() {
            let weaker = judged(&before).iter().zip(judged(&now)).any(|(before, now)| now < *before);
            prop_assert!(!weaker, "{}\n->\n{}", old, new);
        }
    }
}

//! The cases of `tests/cases`, judged at the commit, as a range, and by the server: number 29.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::cases::{self, Case, Cases};

/// Severity, rule and place of what people are told.
type Told = BTreeSet<String>;

/// What `check` finds; all but the commit.
fn found(site: &Site, arguments: &[&str], case: &Case) -> Vec<Value> {
    let mut arguments = [&["check", "--format", "json"], arguments].concat();
    arguments.extend(case.as_of.iter().flat_map(|day| ["--as-of", day.as_str()]));
    let run = site.client.importgate(&arguments);
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    let mut findings = report["findings"].as_array().unwrap().clone();
    for finding in &mut findings {
        finding.as_object_mut().unwrap().retain(|key, _| !key.starts_with("commit"));
    }
    findings
}

/// What people are told at a commit: `place  rule (remarks)`, each before a line of code.
fn told(text: &[u8]) -> Told {
    let text = String::from_utf8_lossy(text);
    let mut told = Told::new();
    for line in text.split("\n\n").skip(1).filter_map(|block| block.lines().next()) {
        let Some((place, rest)) = line.split_once("  ") else { continue };
        let (rule, remark) = rest.split_once(' ').unwrap_or((rest, ""));
        let severity = if remark.contains("warning") { "warning" } else { "error" };
        told.insert(format!("{severity}: [{rule}] {place}"));
    }
    told
}

fn told_on_the_wire(push: &Push) -> Told {
    push.findings().iter().map(|line| line.split(" (").next().unwrap().to_owned()).collect()
}

fn differences(cases: &Cases, case: &Case) -> Option<String> {
    let site = Site::ungated(&[]);
    case.put_before(cases, &site.client);
    site.client.git(&["commit", "-q", "-m", "before"]);
    site.client.git(&["push", "-q", "origin", "main"]);
    site.install();
    case.put_after(&site.client);
    let staged = found(&site, &["--staged"], case);
    let check = site.client.importgate(&["check"]);
    let commit = site.client.importgate(&["pre-commit"]);
    site.client.git(&["commit", "-q", "--allow-empty", "-m", "after"]);
    let range = found(&site, &["--range", "HEAD~..HEAD"], case);
    let push = site.push(&["main"]);
    if staged != range {
        return Some(format!("staged {staged:#?}\nrange {range:#?}"));
    }
    let (at_commit, wire) = (told(&commit.stderr), told_on_the_wire(&push));
    let count = staged.iter().filter(|finding| finding["severity"] == "block").count();
    // The cases' own day is not today, but both hooks' day is.
    let is_today = case.as_of.is_none();
    if at_commit != wire || commit.status.success() != push.is_through || is_today && (count == 0) != push.is_through {
        return Some(format!("{count} block; at commit {at_commit:#?}\non the wire {wire:#?}\n{}", push.text));
    }
    // `check` reads every import, to count them; hooks read only what could be forbidden.
    let checked = told(&check.stdout);
    if at_commit != checked {
        return Some(format!("at commit {at_commit:#?}\nbut checked {checked:#?}"));
    }
    None
}

#[test]
fn the_same_is_found_everywhere() {
    let (mut count, mut wrong) = (0, String::new());
    for (path, cases) in cases::all() {
        for case in &cases.case {
            count += 1;
            for case in [Some(case.clone()), case.longer()].into_iter().flatten() {
                if let Some(how) = differences(&cases, &case) {
                    wrong += &format!("\n{} · {}\n{how}\n", path.display(), case.name);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 50, "only {count} cases were found");
}

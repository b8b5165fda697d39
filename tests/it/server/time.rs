//! Time that ends: before the verdict nothing is known; after it, the verdict stands.
//!
//! The judging is called here without a hook, so that time ends at a certain point.

use std::time::{Duration, Instant};

use importgate::git::Repository;
use importgate::policy::Date;
use importgate::server::allow::Allowances;
use importgate::server::config::{Config, PolicySource};
use importgate::server::outcome::Outcome;
use importgate::server::push::Update;
use importgate::server::receive::{Push as Judged, receive};
use importgate::verdict::Verdict;

use super::*;

/// A rule that blocks, and one that warns.
const BOTH: &str = "\
[[rule]]
id = 'warned'
language = 'python'
forbid = ['b']
severity = 'warn'
";
const WARNED: &str = "from b import X\n";

impl Site {
    /// Judges a push of the client's branches; `seen` is called whenever an outcome is settled.
    fn judged(&self, config: &Config, branches: &[&str], seen: &mut dyn FnMut(&Repository, &Outcome)) -> Outcome {
        let updates = branches.iter().enumerate().map(|(at, branch)| {
            // Reference names that are not judged bring the objects, and no more.
            self.push(&[&format!("+{branch}:refs/pull/{at}/head")]);
            let name = format!("refs/heads/{branch}");
            let old = self.on_server(&["for-each-ref", "--format=%(objectname)", &name]);
            let old = if old.is_empty() { "0".repeat(40) } else { old };
            Update { name: name.into_bytes(), old, new: self.client.git(&["rev-parse", branch]) }
        });
        let updates: Vec<_> = updates.collect();
        let repository = Repository::open(&self.server).unwrap();
        let allowances = Allowances::default();
        let push = Judged { updates: &updates, config, allowances: &allowances, today: Date::constant(2026, 1, 1) };
        receive(&repository, &push, &mut |outcome| seen(&repository, outcome))
    }
}

fn end_time(repository: &Repository) {
    repository.set_deadline(Instant::now() - Duration::from_secs(1));
}

fn with_two_policies(site: &Site) -> Config {
    let org = site.client.beside("org.toml");
    std::fs::write(&org, POLICY.replace("a.old", "json")).unwrap();
    Config { policies: vec![PolicySource::File(org), PolicySource::Repository], ..Config::default() }
}

#[test]
fn what_only_warns_never_rejects() {
    let site = Site::new();
    site.commit("policy.toml", format!("{POLICY}{BOTH}"));
    site.push(&["main"]).is_silent();
    site.commit("fine.py", "import os\n");
    let brought = site.commit("warned.py", WARNED);
    site.branch("other", "main");
    site.commit("more.py", WARNED);
    for (config, branches) in [
        (Config::default(), &["main"][..]),
        (Config::default(), &["main", "other"]),
        (with_two_policies(&site), &["main"]),
        (with_two_policies(&site), &["other", "main"]),
    ] {
        let count = branches.len();
        let outcome = site.judged(&config, branches, &mut |_, _| {});
        let commits = |outcome: &Outcome| {
            let commits =
                outcome.found.report.findings.iter().map(|found| found.commit.clone().map(|brought| brought.id));
            commits.collect::<Vec<_>>()
        };
        assert!(commits(&outcome).contains(&Some(brought.clone())) && outcome.warnings.is_empty(), "{outcome:?}");
        // Time ends once the verdict is known.
        let mut settled = Vec::new();
        let outcome = site.judged(&config, branches, &mut |repository, outcome| {
            settled.push(outcome.clone());
            end_time(repository);
        });
        assert_eq!(settled.len(), 1);
        for outcome in [&outcome, &settled[0]] {
            assert_eq!(outcome.found.report.verdict, Verdict::Warn);
            assert!(!outcome.is_stuck() && !outcome.is_blocked() && outcome.fault.is_none(), "{outcome:?}");
            assert!(outcome.warnings[0].contains("which commits brought this"), "{:?}", outcome.warnings);
            assert_eq!(commits(outcome), vec![None; count]);
            let found: Vec<_> = outcome.found.report.findings.iter().take(1).collect();
            assert!(!outcome.refs(&found).is_empty());
        }
    }
}

#[test]
fn time_that_ends_before_a_shadow_policy_is_judged_changes_nothing() {
    let site = Site::new();
    site.commit("bad.py", BAD);
    site.branch("other", "main");
    site.client.git(&["reset", "-q", "--hard", "main~"]);
    site.commit("fine.py", "import json\n");
    let next = site.client.beside("next.toml");
    std::fs::write(&next, POLICY.replace("a.old", "json")).unwrap();
    let log = Some(site.client.beside("log"));
    let config = Config { shadow: vec![next.clone(), next], log, ..Config::default() };
    let plain = Config { shadow: Vec::new(), ..config.clone() };
    for branch in ["main", "other"] {
        let expected = site.judged(&plain, &[branch], &mut |_, _| {});
        // Time ends before the first one, and between the two.
        for ends_at in [2, 1] {
            let mut settled = Vec::new();
            let outcome = site.judged(&config, &[branch], &mut |repository, outcome| {
                settled.push(outcome.clone());
                if outcome.shadow.iter().filter(|shadow| shadow.judged.is_none()).count() == ends_at {
                    end_time(repository);
                }
            });
            for known in settled.iter().chain([&outcome]) {
                assert_eq!(known.is_blocked(), expected.is_blocked());
                assert!(!known.is_stuck() && known.fault.is_none(), "{known:?}");
                assert_eq!(known.found.report.findings.len(), expected.found.report.findings.len());
            }
            let judged: Vec<_> = outcome.shadow.iter().map(|shadow| shadow.judged.as_ref().unwrap().is_ok()).collect();
            assert_eq!(judged, [ends_at == 1, false]);
            assert!(settled.last().unwrap().shadow[1].judged.is_none());
        }
    }
}

#[test]
fn what_blocks_is_blocked_though_time_ends() {
    let site = Site::new();
    site.commit("fine.py", "import os\n");
    site.commit("bad.py", BAD);
    site.branch("other", "main");
    site.commit("more.py", "import os\n");
    for branches in [&["main"][..], &["main", "other"]] {
        let outcome = site.judged(&Config::default(), branches, &mut |repository, _| end_time(repository));
        assert!(outcome.is_blocked() && outcome.fault.is_none(), "{outcome:?}");
        assert_eq!(outcome.found.report.findings.len(), 1);
    }
}

#[test]
fn a_policy_that_only_warns_rejects_nothing_when_time_ends() {
    let site = Site::new();
    site.commit("policy.toml", POLICY.replace("'block'", "'warn'"));
    site.push(&["main"]);
    site.commit("bad.py", BAD);
    let ended = &mut |repository: &Repository, _: &Outcome| end_time(repository);
    let outcome = site.judged(&Config::default(), &["main"], ended);
    assert!(outcome.fault.is_some() && !outcome.is_stuck() && !outcome.is_blocked(), "{outcome:?}");
    // Before anything is known of the policies, nothing passes.
    site.branch("other", "main");
    site.admin("deadline = '1ns'\n").push(&["other"]).is_unjudged(&["the deadline of this run has passed"]);
    site.admin("");
    // What the push does to the policy is known by then, for each of its references.
    site.commit("policy.toml", "importgate = 1\nrules = 3\n");
    let outcome = site.judged(&Config::default(), &["main", "other"], ended);
    assert!(outcome.is_blocked() && outcome.refused.len() == 1, "{outcome:?}");
    // A policy that may block leaves it open what was not judged.
    let stricter = POLICY.replace("'block'", "'warn'\nblock-from = 2025-01-01");
    site.client.git(&["checkout", "-q", "main"]);
    site.commit("policy.toml", stricter);
    site.push(&["main"]);
    site.commit("worse.py", BAD);
    let mut count = 0;
    let outcome = site.judged(&Config::default(), &["main"], &mut |_, _| count += 1);
    assert!(outcome.is_blocked() && count == 1, "{outcome:?}");
}

#[test]
fn commits_are_told_alike_for_one_reference_and_for_several() {
    let site = Site::new();
    site.commit("fine.py", "import os\n");
    let bad = site.commit("bad.py", BAD);
    site.branch("other", "main");
    let worse = site.commit("worse.py", BAD);
    let outcome = site.judged(&Config::default(), &["main", "other"], &mut |_, _| {});
    let commits: Vec<_> = outcome.found.report.findings.iter().map(|found| found.commit.clone().unwrap().id).collect();
    assert_eq!(commits, [bad, worse]);
    assert_eq!(outcome.found.report.checked.files, 2 + 3);
    // A rollback among several references is known by its commit.
    let site = Site::new();
    site.client.write("old.py", "from a.new import X\n");
    let migration = site.client.commit("migrate");
    site.push(&["main"]).is_silent();
    site.client.git(&["revert", "--no-edit", &migration]);
    site.branch("other", "main");
    site.commit("fine.py", "import os\n");
    site.push(&["main", "other"]).warns(&["restored: it was there before commit"]);
}

#[test]
fn too_many_findings_hide_nothing_that_blocks() {
    let site = Site::new();
    let warns = format!("{POLICY}[[rule]]\nid = 'meh'\nlanguage = 'python'\nforbid = ['meh']\n");
    site.commit("policy.toml", &warns);
    site.ungated_push(&["main"]);
    for name in ["p", "q"] {
        site.branch(name, "main");
        site.commit("start.py", format!("x = '{name}'\n"));
        site.push(&[name]).is_silent();
    }
    site.admin("cannot-judge = { fault = 'report' }\ndeadline = '1h'\n");
    for (name, file, text) in [("p", "many.py", "import meh\n".repeat(5_100)), ("q", "bad.py", BAD.to_owned())] {
        site.client.git(&["checkout", "-q", name]);
        site.client.write(file, text).stage();
        site.client.git(&["commit", "-q", "--amend", "-m", "again"]);
    }
    let push = site.push(&["-f", "p", "q"]);
    assert!(!push.is_through && push.text.contains("error: [old] bad.py:1:1"), "{}", push.text);
}

#[test]
fn many_warnings_reject_nothing_either() {
    let site = Site::ungated(&[]);
    site.client.write("policy.toml", POLICY.replace("block", "warn")).commit("policy");
    site.client.git(&["push", "-q", "origin", "main"]);
    site.install();
    site.admin("deadline = '1h'\n");
    for name in ["p", "q"] {
        site.branch(name, "main");
        site.commit("many.py", format!("x = '{name}'\n{}", BAD.repeat(2_600)));
    }
    let push = site.push(&["p", "q"]);
    assert!(push.is_through, "{}", push.text);
}

//! `pre-receive` and `update`: what a server's hooks call.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::time::Instant;

use super::check::today;
use super::{BLOCKED, Console, FAULT, PASS, Receive};
use crate::finding::Finding;
use crate::git::Repository;
use crate::report::{Fault, Wire};
use crate::server::allow::Allowances;
use crate::server::log::{self, Entry, RefUpdate};
use crate::server::push::Update;
use crate::server::receive::{Outcome, Push, receive};
use crate::server::{self, config};
use crate::verdict::Verdict;

/// What git hands over is a line a reference; this is room for half a million.
const MOST: u64 = 64 << 20;
/// How many warnings of one line are told; the rest is counted.
const WARNINGS: usize = 50;

/// Reads `old new ref` lines and judges them all.
pub(super) fn pre_receive(options: &Receive, console: &mut Console<'_>) -> u8 {
    let updates = updates(console.input);
    hook(options, updates, "Push rejected.", console.err)
}

fn updates(input: &mut dyn Read) -> Result<Vec<Update>, Fault> {
    let mut lines = Vec::new();
    match input.take(MOST).read_to_end(&mut lines) {
        Ok(length) if length as u64 == MOST => Err(Fault::new("too many references are pushed at once")),
        Ok(_) => Update::of_lines(&lines),
        Err(error) => Err(Fault::new(format!("the references that are pushed cannot be read: {error}"))),
    }
}

/// Judges one reference, for hosts that call once for each.
pub(super) fn update(options: &super::Update, console: &mut Console<'_>) -> u8 {
    let update = Update::of_arguments(&options.reference, &options.old, &options.new);
    hook(&options.receive, update.map(|update| vec![update]), "Reference rejected.", console.err)
}

fn hook(options: &Receive, updates: Result<Vec<Update>, Fault>, consequence: &str, err: &mut dyn Write) -> u8 {
    let start = Instant::now();
    let web = std::env::var_os("GL_PROTOCOL").is_some_and(|protocol| protocol == "web");
    let wire = Wire { gitlab_web: web, consequence, ..Wire::default() };
    let opened = updates.and_then(|updates| {
        let repository = Repository::open(Path::new("."))?;
        let config = server::locate::config(&repository, options.config.as_deref(), options.hook.as_deref())?;
        Ok((updates, repository, config))
    });
    let (updates, mut repository, config) = match opened {
        Ok(opened) => opened,
        // Without the admin's word, nothing passes.
        Err(fault) => {
            let _ = wire.fault(&fault, true, err);
            return FAULT;
        }
    };
    if config.enforce == config::Enforce::Off {
        return PASS;
    }
    repository.set_deadline(start + config.deadline);
    let allowances = Allowances::read(&|name| std::env::var_os(name), &config.break_glass);
    let push = Push { updates: &updates, config: &config, allowances: &allowances, today: today() };
    let outcome = receive(&repository, &push);
    tell(&outcome, wire, err);
    if let Some(file) = &config.log
        && let Err(error) = keep(file, &outcome, &repository, &push, start)
    {
        let _ = wire.warning(&format!("this push is not in the log: {error}"), err);
    }
    if outcome.is_blocked() {
        BLOCKED
    } else if outcome.is_stuck() {
        FAULT
    } else {
        PASS
    }
}

fn tell(outcome: &Outcome, wire: Wire<'_>, err: &mut dyn Write) {
    let refs = |block: &[&Finding]| outcome.refs(block);
    let wire = Wire { enforce_note: outcome.lenient, refs: &refs, ..wire };
    for warning in outcome.warnings.iter().take(WARNINGS) {
        let _ = wire.warning(warning, err);
    }
    let more = outcome.warnings.len().saturating_sub(WARNINGS);
    if more > 0 {
        let _ = wire.warning(&format!("... and {more} more"), err);
    }
    for fault in &outcome.refused {
        let _ = wire.refusal(fault, err);
    }
    let _ = wire.write(&outcome.report, err);
    if let Some(fault) = &outcome.fault {
        let _ = wire.fault(fault, outcome.is_stuck(), err);
    }
}

/// Appends the push to the admin's log.
fn keep(
    file: &Path,
    outcome: &Outcome,
    repository: &Repository,
    push: &Push<'_>,
    start: Instant,
) -> std::io::Result<()> {
    let mut rules = BTreeMap::new();
    for finding in &outcome.report.findings {
        *rules.entry(finding.rule.id.as_str()).or_default() += 1;
    }
    for rest in &outcome.report.unlisted {
        *rules.entry(rest.rule.as_str()).or_default() += rest.count;
    }
    let why = outcome.fault.as_ref().or(outcome.refused.first()).and_then(|fault| fault.problems.first());
    let verdict = match (&outcome.fault, outcome.refused.is_empty()) {
        (Some(_), _) => "error",
        (None, false) => Verdict::Block.name(),
        (None, true) => outcome.report.verdict.name(),
    };
    let refs: Vec<_> = push
        .updates
        .iter()
        .map(|update| RefUpdate { name: &update.name, old: &update.old, new: &update.new })
        .collect();
    let git_dir = repository.git_dir();
    let git_dir = std::path::absolute(git_dir).unwrap_or_else(|_| git_dir.to_owned());
    let entry = Entry {
        time: jiff::Timestamp::now(),
        repository: &git_dir.to_string_lossy(),
        user: push.allowances.user.as_deref(),
        refs: &refs,
        verdict,
        rejected: outcome.is_blocked() || outcome.is_stuck(),
        rules,
        allowed: &outcome.allowed,
        commits: outcome.commits,
        ms: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
        why: why.map(|problem| problem.message.as_str()),
    };
    log::append(file, &entry)
}

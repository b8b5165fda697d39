//! `pre-receive` and `update`, which a server's hooks call.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::check::today;
use super::{BLOCKED, Console, FAULT, PASS, Receive, lines};
use crate::finding::Finding;
use crate::git::Repository;
use crate::policy::Date;
use crate::report::{Fault, Wire};
use crate::server::allow::Allowances;
use crate::server::log::{self, Entry, RefUpdate};
use crate::server::outcome::Outcome;
use crate::server::push::Update;
use crate::server::receive::{Push, out_of_time, receive};
use crate::server::{self, config};
use crate::verdict::Verdict;

/// Memory for the paths that a push changes, in bytes: some 150,000 files. What unfolds to more cannot be judged.
const MAX_HELD_BYTES: usize = 32 << 20;
/// Maximum number of one-line warnings shown; the rest are counted.
const MAX_SHOWN_WARNINGS: usize = 50;

/// Reads `old new ref` lines and judges them all.
#[inline(never)]
pub(super) fn pre_receive(options: &Receive, console: &mut Console<'_>) -> u8 {
    let lines = lines(console.input, "the references that are pushed");
    let updates = lines.and_then(|lines| Update::of_lines(&lines));
    hook(options, updates, "Push rejected.", console)
}

/// Judges one reference, for hosts that call the hook once for each.
#[inline(never)]
pub(super) fn update(options: &super::Update, console: &mut Console<'_>) -> u8 {
    let update = Update::of_arguments(&options.reference, &options.old, &options.new);
    hook(&options.receive, update.map(|update| vec![update]), "Reference rejected.", console)
}

fn hook(
    options: &Receive,
    updates: Result<Vec<Update>, Fault>,
    consequence: &'static str,
    console: &mut Console<'_>,
) -> u8 {
    let (err, give_up) = (&mut *console.err, console.give_up);
    let start = Instant::now();
    let web = std::env::var_os("GL_PROTOCOL").is_some_and(|protocol| protocol == "web");
    let repository = Repository::open_shared(Path::new("."));
    let (named, beside) = (options.config.as_deref(), options.hook.as_deref());
    // Looked up first, as it is for the day on which something else here is broken.
    let switch = server::locate::switch(repository.as_ref().ok(), named, beside);
    if switch == Some(config::Enforce::Off) {
        return PASS;
    }
    let opened = updates.and_then(|updates| {
        let repository = repository?;
        let config = server::locate::switched(&repository, named, beside, switch)?;
        Ok((updates, repository, config))
    });
    let (updates, mut repository, config) = match opened {
        Ok(opened) => opened,
        // Without the server configuration, nothing passes.
        Err(fault) => {
            let wire = Wire { gitlab_web: web, consequence, ..Wire::default() };
            let _ = wire.fault(&fault, switch.is_none(), err);
            return if switch.is_none() { FAULT } else { PASS };
        }
    };
    if config.enforce == config::Enforce::Off {
        return PASS;
    }
    let allowances = Allowances::read(&|name| std::env::var_os(name), &config.break_glass, config.host);
    let is_told = AtomicBool::new(false);
    let job = Arc::new(Job {
        updates,
        config,
        allowances,
        today: today(),
        start,
        web,
        consequence,
        is_told,
        settled: Mutex::default(),
    });
    repository.set_deadline(start + job.config.deadline);
    repository.hold_at_most(MAX_HELD_BYTES);
    in_time(&job, &repository, give_up, err)
}

/// Runs the job with a watchdog. Object reads check the deadline themselves, but a single file may take long too.
fn in_time(job: &Arc<Job>, repository: &Repository, give_up: fn(&[u8], u8) -> !, err: &mut dyn Write) -> u8 {
    let most = job.config.deadline + job.config.deadline / 8;
    let (_until_the_end, ended) = channel::<()>();
    let own = Arc::clone(job);
    let watch = move || {
        let left = most.saturating_sub(own.start.elapsed());
        if ended.recv_timeout(left) == Err(RecvTimeoutError::Timeout) && !own.is_told.swap(true, Ordering::AcqRel) {
            let mut told = Vec::new();
            let status = own.out_of_time(&mut told);
            give_up(&told, status);
        }
    };
    // Without the thread, the deadline is still checked when objects are read.
    let _ = std::thread::Builder::new().spawn(watch);
    let outcome = receive(repository, &job.push(), &mut |outcome| job.settle(outcome, repository));
    while job.is_told.swap(true, Ordering::AcqRel) {
        // The watchdog is writing its message and will exit.
        std::thread::park();
    }
    job.end(&outcome, repository, err)
}

/// A push to judge.
struct Job {
    updates: Vec<Update>,
    config: config::Config,
    allowances: Allowances,
    today: Date,
    start: Instant,
    web: bool,
    consequence: &'static str,
    /// Whether one of the two threads has started to report the outcome.
    is_told: AtomicBool,
    /// The end of the job if time ends now, where that is settled.
    settled: Mutex<Option<End>>,
}

/// An outcome as it is told.
struct End {
    /// What the pusher sees.
    told: Vec<u8>,
    status: u8,
    /// The line of the log, if there is a log.
    line: Option<std::io::Result<Vec<u8>>>,
}

impl Job {
    fn push(&self) -> Push<'_> {
        Push { updates: &self.updates, config: &self.config, allowances: &self.allowances, today: self.today }
    }

    fn wire(&self) -> Wire<'_> {
        let contact = &self.config.contact;
        Wire { gitlab_web: self.web, consequence: self.consequence, contact, ..Wire::default() }
    }

    /// Keeps what is told if time ends from now on.
    fn settle(&self, outcome: &Outcome, repository: &Repository) {
        // No commit is looked up for a line that only counts if time ends.
        let end = Some(self.end_of(outcome, repository, outcome.ungated(None)));
        *self.settled.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }

    fn out_of_time(&self, out: &mut dyn Write) -> u8 {
        if let Some(end) = self.settled.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return self.tell(end, out);
        }
        match Repository::open_shared(Path::new(".")) {
            Ok(repository) => self.end(&out_of_time(&repository, &self.push()), &repository, out),
            Err(error) => {
                let rejects = self.config.enforce == config::Enforce::Block;
                let _ = self.wire().fault(&error.into(), rejects, out);
                if rejects { FAULT } else { PASS }
            }
        }
    }

    /// Reports the outcome, logs it, and returns the exit status.
    fn end(&self, outcome: &Outcome, repository: &Repository, out: &mut dyn Write) -> u8 {
        let ungated = outcome.ungated(self.config.log.as_ref().map(|_| repository));
        self.tell(self.end_of(outcome, repository, ungated), out)
    }

    fn end_of(&self, outcome: &Outcome, repository: &Repository, ungated: Option<usize>) -> End {
        let mut told = Vec::new();
        tell(outcome, self.wire(), &mut told);
        let line = |_| line((outcome, ungated), repository, &self.push(), self.start);
        let line = self.config.log.as_ref().map(line);
        let status = if outcome.is_blocked() {
            BLOCKED
        } else if outcome.is_stuck() {
            FAULT
        } else {
            PASS
        };
        End { told, status, line }
    }

    fn tell(&self, end: End, out: &mut dyn Write) -> u8 {
        let _ = out.write_all(&end.told);
        if let (Some(file), Some(line)) = (&self.config.log, end.line)
            && let Err(error) = line.and_then(|line| log::append(file, &line))
        {
            let _ = self.wire().warning(&format!("this push is not in the log: {error}"), out);
        }
        end.status
    }
}

fn tell(outcome: &Outcome, wire: Wire<'_>, err: &mut dyn Write) {
    let refs = |block: &[&Finding]| outcome.refs(block);
    let wire = Wire { enforce_note: outcome.lenient, refs: &refs, ..wire };
    for warning in outcome.warnings.iter().take(MAX_SHOWN_WARNINGS) {
        let _ = wire.warning(warning, err);
    }
    let more = outcome.warnings.len().saturating_sub(MAX_SHOWN_WARNINGS);
    if more > 0 {
        let _ = wire.warning(&format!("... and {more} more"), err);
    }
    for fault in &outcome.refused {
        let _ = wire.refusal(fault, err);
    }
    let _ = wire.write(&outcome.found.report, err);
    if let Some(fault) = &outcome.fault {
        let _ = wire.fault(fault, outcome.is_stuck(), err);
    }
}

/// Returns the push's line of the admin's log.
fn line(
    (outcome, ungated): (&Outcome, Option<usize>),
    repository: &Repository,
    push: &Push<'_>,
    start: Instant,
) -> std::io::Result<Vec<u8>> {
    let (rules, blocks) = log::counts(&outcome.found.report);
    let why = outcome
        .fault
        .as_ref()
        .or(outcome.refused.first())
        .or(outcome.key_lost.as_ref())
        .and_then(|fault| fault.problems.first());
    let verdict = match (&outcome.fault, outcome.refused.is_empty()) {
        (Some(_), _) => "error",
        (None, false) => Verdict::Block.name(),
        (None, true) => outcome.found.report.verdict.name(),
    };
    let refs: Vec<_> = push
        .updates
        .iter()
        .map(|update| RefUpdate { name: &update.name, old: &update.old, new: &update.new })
        .collect();
    let hashed = |user: &String| match push.config.hash_users {
        true => crate::git::sha256(user.as_bytes()).unwrap_or_default(),
        false => user.clone(),
    };
    let user = push.allowances.user.as_ref().map(hashed);
    let git_dir = repository.git_dir();
    let git_dir = std::path::absolute(git_dir).unwrap_or_else(|_| git_dir.to_owned());
    let entry = Entry {
        time: jiff::Timestamp::now(),
        repository: &git_dir.to_string_lossy(),
        name: push.config.name.as_deref(),
        user: user.as_deref(),
        refs: &refs,
        verdict,
        policies: log::Policy::all(outcome, push.config),
        rejected: outcome.is_blocked() || outcome.is_stuck(),
        rules,
        blocks,
        allowed: &outcome.found.allowed,
        excused: outcome.excused.as_ref(),
        weakened: &outcome.weakened,
        commits: outcome.commits,
        ungated,
        ms: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
        why: why.map(|problem| problem.message.as_str()),
    };
    log::line(&entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_settled_is_told_when_time_ends() {
        let job = Job {
            updates: Vec::new(),
            config: config::Config::default(),
            allowances: Allowances::default(),
            today: today(),
            start: Instant::now(),
            web: false,
            consequence: "Push rejected.",
            is_told: AtomicBool::new(false),
            settled: Mutex::new(Some(End { told: b"warning: x\n".to_vec(), status: PASS, line: None })),
        };
        let mut told = Vec::new();
        assert_eq!((job.out_of_time(&mut told), told.as_slice()), (PASS, &b"warning: x\n"[..]));
        // Nothing is settled: without the verdict, the push does not pass.
        let mut told = Vec::new();
        assert_eq!(job.out_of_time(&mut told), FAULT);
        assert!(String::from_utf8(told).unwrap().starts_with("error: could not judge: "));
    }
}

//! `pre-push`: judges what is about to be pushed, as the server would.

use std::collections::HashMap;
use std::path::Path;

use super::check::{fail, tell, today};
use super::{Console, Push, lines};
use crate::finding::{Finding, Tally};
use crate::git::{Existing, Repository};
use crate::report::{Fault, Report};
use crate::server::push::is_something;
use crate::{Change, by_located, locate};

const CONSEQUENCE: &str = "Nothing pushed.";
/// Maximum number of refs named in a note; the rest are counted.
const MAX_NAMED_REFS: usize = 3;
const FIRST: &str = "nothing is known to be on any remote yet, so this may be old code";

/// Reads `local-ref local-oid remote-ref remote-oid` lines (githooks(5), pre-push) and judges them.
#[inline(never)]
pub(super) fn push(options: &Push, console: &mut Console<'_>) -> u8 {
    let lines = lines(console.input, "the references to push");
    let outcome =
        lines.and_then(|lines| report_of_push(&options.remote.to_string_lossy(), &String::from_utf8_lossy(&lines)));
    match outcome {
        Ok(None) => super::PASS,
        Ok(Some(report)) => tell(&report, CONSEQUENCE, console.err),
        Err(fault) => fail(&fault, CONSEQUENCE, console.err),
    }
}

/// A ref that is about to be pushed.
struct Update<'a> {
    /// Local ref, or any other name of a commit.
    name: &'a str,
    /// New object id on the remote.
    new: &'a str,
    /// Current object id on the remote; `None` for a new ref.
    old: Option<&'a str>,
}

impl<'a> Update<'a> {
    /// Parses a line; `None` for a ref that is deleted.
    fn of_line(line: &'a str) -> Result<Option<Self>, Fault> {
        // Revisions may contain spaces: `main^{/two words}`.
        let fields: Vec<&str> = line.rsplitn(4, ' ').collect();
        let &[old, _, new, name] = fields.as_slice() else {
            return Err(Fault::new(format!("git sent a line in an unknown form: {line}")));
        };
        // Deleted and not yet existing refs have a zero id.
        Ok(is_something(new).then(|| Self { name, new, old: Some(old).filter(|old| is_something(old)) }))
    }
}

/// Judges everything that is pushed; `None` if that is nothing.
fn report_of_push(remote: &str, lines: &str) -> Result<Option<Report>, Fault> {
    let updates = lines.lines().filter_map(|line| Update::of_line(line).transpose());
    let updates = updates.collect::<Result<Vec<_>, _>>()?;
    if updates.is_empty() {
        return Ok(None);
    }
    let repository = Repository::open(Path::new("."))?;
    let tips = repository.commits_of(updates.iter().map(|update| (update.new, update.name)))?;
    let known = known(&repository, remote, &updates)?;
    let ids: Vec<_> = tips.iter().map(|(tip, _)| *tip).collect();
    let new_commits = repository.new_commits(&ids, &Existing::Commits(&known), usize::MAX)?;
    let default_branch = repository.remote_head(remote)?;
    let mut joined: Option<Report> = None;
    let mut brought_by: HashMap<Finding, Vec<&str>> = HashMap::new();
    for (tip, names) in &tips {
        let changes = repository.changes_at(&new_commits, *tip, &[])?;
        let id = tip.to_string();
        let trusted: Vec<&str> = default_branch.iter().chain([&id]).map(String::as_str).collect();
        let located = locate::trusted(&repository, &changes, &trusted)?;
        let change = Change { changes: &changes, new_commits: Some((&new_commits, *tip)) };
        let mut report = by_located(&repository, change, &located, today(), Tally::Nothing)?;
        if known.is_empty() {
            report.soften(FIRST);
        }
        for finding in &report.findings {
            brought_by.entry(finding.clone()).or_default().extend(names);
        }
        match &mut joined {
            Some(joined) => joined.join(report),
            None => joined = Some(report),
        }
    }
    let named: usize = tips.iter().map(|(_, names)| names.len()).sum();
    for finding in joined.iter_mut().flat_map(|report| &mut report.findings) {
        // A note is useless for a finding that every pushed ref brings.
        if let Some(names) = brought_by.get(finding).filter(|names| names.len() < named) {
            finding.notes.push(with(names).into());
        }
    }
    Ok(joined)
}

/// Returns the ids of commits known to be on the remote.
fn known(repository: &Repository, remote: &str, updates: &[Update<'_>]) -> Result<Vec<String>, Fault> {
    let mut known = repository.remote_tips(Some(remote))?;
    if known.is_empty() {
        // For a plain URL or a new remote, commits that any other remote has do not count as new.
        known = repository.remote_tips(None)?;
    }
    for old in updates.iter().filter_map(|update| update.old) {
        // The object may be missing here if somebody else pushed it.
        known.extend(repository.resolve(old)?);
    }
    Ok(known)
}

/// Returns a note that names the refs that bring a finding.
fn with(names: &[&str]) -> String {
    let named = names.iter().take(MAX_NAMED_REFS).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MAX_NAMED_REFS) {
        0 => format!("comes with {named}"),
        more => format!("comes with {named} and {more} more"),
    }
}

//! `pre-push`: judges what is about to be pushed, as the server would.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use super::check::{fail, tell, today};
use super::remote::{Lane, Main, Update, lanes};
use super::{Console, Push, lines, pre_commit};
use crate::finding::{Checked, Finding};
use crate::git::{CommitId, NewCommits, Repository, Rewrite, Trust};
use crate::locate::{Located, Lookup};
use crate::report::{Fault, Report};
use crate::server::push::is_something;
use crate::server::rewritten::{milder_of, told};
use crate::{Change, Terms, listing, several};

const CONSEQUENCE: &str = "Nothing pushed.";
/// Maximum number of refs named in a note; the rest are counted.
const MAX_NAMED_REFS: usize = 3;
const FIRST: &str = "nothing is known to be on any remote yet, so this may be old code";

/// Reads `local-ref local-oid remote-ref remote-oid` lines (githooks(5), pre-push) and judges them.
#[inline(never)]
pub(super) fn push(options: &Push, console: &mut Console<'_>) -> u8 {
    // Git's lines come through a pipe. A terminal would be waited for.
    let is_device = stdin_is_device();
    let lines = match if is_device { Ok(Vec::new()) } else { lines(console.input, "the references to push") } {
        Ok(lines) => lines,
        Err(fault) => return fail(&fault, CONSEQUENCE, console.err),
    };
    if lines.is_empty() {
        return match pre_commit::asked() {
            Some(asked) => pre_commit::judge(asked, console).unwrap_or_else(|| pre_commit::branch(console)),
            // Git names the remote always, and sends no line if everything is there already.
            None if options.remote.is_some() && !is_device => super::PASS,
            None => fail(&no_lines(), CONSEQUENCE, console.err),
        };
    }
    let remote = options.remote.as_deref().unwrap_or_default();
    answer(report_of_lines(&remote.to_string_lossy(), &String::from_utf8_lossy(&lines)), console)
}

/// A reference of a push, as pre-commit and prek name it.
pub(super) struct PushedRef {
    /// The remote's name or address.
    pub(super) remote: String,
    /// Local name, or any other name of a commit.
    pub(super) name: String,
    /// The new commit.
    pub(super) new: String,
    /// Full name on the remote, where it is known.
    pub(super) remote_name: Option<String>,
    /// A commit that the remote has; `None` if none is known.
    pub(super) old: Option<String>,
}

/// Judges a push of one reference.
pub(super) fn push_ref(pushed: &PushedRef, console: &mut Console<'_>) -> u8 {
    answer(report_of_ref(pushed), console)
}

fn report_of_ref(pushed: &PushedRef) -> Result<Option<Report>, Fault> {
    let repository = Repository::open(Path::new("."))?;
    let tip = repository.resolve(&pushed.new)?;
    let tip = tip.ok_or_else(|| Fault::new(format!("what is pushed is no commit here: {}", pushed.new)))?;
    let remote_name = pushed.remote_name.as_deref();
    // For a new branch, the commit that the remote has is where it began.
    let branch = remote_name.and_then(|name| name.strip_prefix("refs/heads/"));
    let existed = branch.map_or(Ok(false), |branch| repository.is_on_remote(&pushed.remote, branch))?;
    let update = Update { name: &pushed.name, new: &tip, remote_name, old: pushed.old.as_deref(), existed };
    report_of_push(&repository, &pushed.remote, &[update])
}

fn answer(outcome: Result<Option<Report>, Fault>, console: &mut Console<'_>) -> u8 {
    match outcome {
        Ok(None) => super::PASS,
        Ok(Some(report)) => tell(&report, CONSEQUENCE, console.err),
        Err(fault) => fail(&fault, CONSEQUENCE, console.err),
    }
}

fn no_lines() -> Fault {
    Fault::new("git's lines about the references to push have not arrived on standard input").with_hint(
        "In a script: importgate pre-push \"$@\". In a job of lefthook: run: importgate pre-push {1} {2}, and use_stdin: true. \
         To judge a branch by hand: importgate check --range origin/main..HEAD",
    )
}

fn stdin_is_device() -> bool {
    let stdin = io::stdin().as_fd().try_clone_to_owned().map(File::from);
    stdin.and_then(|stdin| stdin.metadata()).is_ok_and(|meta| meta.file_type().is_char_device())
}

impl<'a> Update<'a> {
    /// Parses a line; `None` for a ref that is deleted.
    fn of_line(line: &'a str) -> Result<Option<Self>, Fault> {
        // Revisions may contain spaces: `main^{/two words}`.
        let fields: Vec<&str> = line.rsplitn(4, ' ').collect();
        let &[old, remote_name, new, name] = fields.as_slice() else {
            return Err(Fault::new(format!("git sent a line in an unknown form: {line}")));
        };
        // Deleted and not yet existing refs have a zero id.
        let old = Some(old).filter(|old| is_something(old));
        let existed = old.is_some();
        Ok(is_something(new).then_some(Self { name, new, remote_name: Some(remote_name), old, existed }))
    }
}

fn report_of_lines(remote: &str, lines: &str) -> Result<Option<Report>, Fault> {
    let updates = lines.lines().filter_map(|line| Update::of_line(line).transpose());
    let updates = updates.collect::<Result<Vec<_>, _>>()?;
    if updates.is_empty() {
        return Ok(None);
    }
    report_of_push(&Repository::open(Path::new("."))?, remote, &updates)
}

/// Judges everything that is pushed; `None` if that is nothing.
fn report_of_push(repository: &Repository, remote: &str, updates: &[Update<'_>]) -> Result<Option<Report>, Fault> {
    let main = Main::of(repository, remote)?;
    let lanes = lanes(repository, &main, updates)?;
    let mut joined: Option<Report> = None;
    let mut brought_by: HashMap<Finding, Vec<&str>> = HashMap::new();
    let mut named = 0;
    for lane in &lanes {
        let new_commits = &lane.new_commits;
        for (tip, updates) in &lane.tips {
            named += updates.len();
            let changes = repository.changes_at(new_commits, *tip, &[])?;
            let Lookup { located, notices } = main.judging(repository, lane, *tip)?;
            let change = Change::of_tip(&changes, new_commits, *tip);
            let mut reports = several::each(repository, change, &located, today(), Terms::HOOK)?;
            for report in &mut reports {
                report.notices.clone_from(&notices);
                if lane.is_first() {
                    report.soften(FIRST);
                }
            }
            for group in groups((repository, &main, lane), (new_commits, *tip), updates, (reports, &located)) {
                for finding in &group.report.findings {
                    brought_by.entry(finding.clone()).or_default().extend(&group.names);
                }
                match &mut joined {
                    Some(joined) => joined.join(group.report),
                    None => joined = Some(group.report),
                }
            }
        }
    }
    for finding in joined.iter_mut().flat_map(|report| &mut report.findings) {
        // A note is useless for a finding that every pushed ref brings.
        if let Some(names) = brought_by.get(finding).filter(|names| names.len() < named) {
            finding.notes.push(with(names).into());
        }
    }
    Ok(joined)
}

/// Refs that go to one commit, with what is found there.
struct Group<'a> {
    names: Vec<&'a str>,
    report: Report,
}

/// Splits the refs that go to `tip`: as on a server, what an old tip had added is not new for its own ref alone.
fn groups<'a>(
    (repository, main, lane): (&Repository, &Main<'_>, &Lane<'_>),
    (new_commits, tip): (&NewCommits, CommitId),
    updates: &[&Update<'a>],
    (reports, located): (Vec<Report>, &[Located]),
) -> Vec<Group<'a>> {
    let (mut names, mut groups) = (Vec::new(), Vec::new());
    for update in updates {
        let anew = reports.iter().any(|report| told(report) > 0).then(|| {
            let rewrite = rewrite((repository, main, lane), update, (new_commits, tip))?;
            let new_commits = Some((&rewrite.new_commits, tip));
            let change = Change { changes: &rewrite.changes, new_commits, is_staged: false, replaced: Some(&rewrite) };
            // What a partial clone lacks of the old tip is no fault of the push.
            several::each(repository, change, located, today(), Terms::HOOK).ok()
        });
        match anew.flatten() {
            Some(anew) => {
                let pairs = reports.iter().zip(anew);
                let milder = pairs.map(|(report, mut anew)| {
                    anew.notices.clone_from(&report.notices);
                    milder_of(report, anew)
                });
                groups.push(Group { names: vec![update.name], report: several::joined(milder.collect()) });
            }
            None => names.push(update.name),
        }
    }
    if !names.is_empty() {
        groups.insert(0, Group { names, report: several::joined(reports) });
    }
    // All of them judge the same files.
    groups.iter_mut().skip(1).for_each(|group| group.report.checked = Checked::default());
    groups
}

/// What goes and what comes where a ref is moved to a commit that does not contain its old tip, as far as the
/// remote-tracking branches tell.
fn rewrite<'r>(
    (repository, main, lane): (&'r Repository, &Main<'_>, &Lane<'_>),
    update: &Update<'_>,
    new: (&NewCommits, CommitId),
) -> Option<Rewrite<'r>> {
    let old = repository.peel(update.old?).ok()??;
    let all = format!("refs/remotes/{}/", main.remote);
    let own_branch = update.remote_name?.strip_prefix("refs/heads/");
    let own = |name: &[u8]| {
        let branch = name.strip_prefix(all.as_bytes());
        branch.is_some_and(|branch| {
            own_branch.is_none_or(|own| own.as_bytes() != branch) && main.counts(branch, lane.standing)
        })
    };
    let others = Trust { own: &own, lent: &|_| false };
    repository.rewrite(old, new, others, usize::MAX).ok()?
}

/// Returns a note that names the refs that bring a finding.
fn with(names: &[&str]) -> String {
    format!("comes with {}", listing::names(names, MAX_NAMED_REFS))
}

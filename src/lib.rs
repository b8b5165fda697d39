//! importgate stops forbidden imports before they land: it reads only what a commit or a push adds, finds the imports
//! in it as the language defines them, and says what to write instead.
//!
//! Data flows in one line, and [`judge`] is that line:
//!
//! git source → changed files → added lines → imports → findings → verdict → report
//!
//! | module | what it does | what only it knows |
//! |---|---|---|
//! | [`git`] | changed files, blobs, trees, added lines | gix |
//! | [`lang`] | text → its imports, the paths they resolve to, replacement statements | languages |
//! | [`policy`] | import path → the rule that decides | dates |
//! | [`toml_file`] | hand-written TOML → typed values, or every error in it | TOML |
//! | [`skew`] | which files are for a newer version of this program | |
//! | [`server`] | judging pushes by the server admin's configuration | |
//! | [`check`] | imports × policy → new occurrences → findings | |
//! | [`verdict`] | findings → pass, warn or block | |
//! | [`report`] | verdict → text | formats, escaping |
//! | [`request`] | the change to judge, the policy and the date | |
//! | [`locate`] | finds the policy files | |
//! | [`own_policy`] | branches that are judged by the policy of their own tip | |
//! | [`several`] | several policies → one report | |
//! | [`weakened`] | what a commit weakens, and uses at once | |
//! | [`remarks`] | what a run by hand is told besides its verdict | |
//! | [`hooks`] | install, uninstall, doctor | where git and its hosts keep hooks |
//! | [`cli`] | arguments → a run → an exit status | |
//!
//! The library serves the program and its tests; no part of its API is stable. The command line, the exit statuses, the
//! formats of the policy and of the server configuration, and the JSON report are.
//!
//! Invariants: nothing flows back. `git`, `lang` and `policy` do not know each other; they share [`text`], [`tree`],
//! [`kind`], [`notation`], [`words`] and globs. Only `main` prints and exits. A fault never counts as a pass. The
//! project's own `policy.toml` states these borders as rules.

// The module table links to private modules too.
#![allow(rustdoc::private_intra_doc_links)]

mod check;
pub mod cli;
pub mod finding;
pub mod git;
mod globs;
mod held;
pub mod hooks;
pub mod kind;
pub mod lang;
mod listing;
mod locate;
pub mod notation;
mod own_policy;
pub mod policy;
mod remarks;
pub mod report;
pub mod request;
pub mod server;
mod several;
pub mod skew;
#[cfg(test)]
mod testing;
pub mod text;
mod toml_file;
pub mod tree;
pub mod verdict;
mod weakened;
mod words;

use std::mem::ManuallyDrop;

use check::absent::{self, Absent};
use check::context::Context;
use check::diagnostics;
use check::limits::Limits;
use check::netting::new_occurrences;
use check::once::Once;
use check::provenance::{attribute, merged_main, replaced, reverts};
use check::source_file::SourceFiles;
use finding::{Finding, Tally};
use git::{Changes, CommitId, NewCommits, Repository, Rewrite};
use kind::Kind;
use locate::Located;
use policy::{Date, EffectivePolicy};
use report::{Fault, Report};
use request::{Request, Source};
use verdict::Verdict;

/// A change to be judged.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    /// Changed files, and the snapshots before and after.
    pub changes: &'a Changes<'a>,
    /// The new commits and the tip whose files are judged; in a merge that is staged, the parent that they lead to.
    pub new_commits: Option<(&'a NewCommits, CommitId)>,
    /// Whether the index is judged.
    pub is_staged: bool,
    /// Commits in whose place they come.
    pub replaced: Option<&'a Rewrite<'a>>,
}

impl<'a> Change<'a> {
    /// The change that a tip of new commits brings.
    #[must_use]
    pub fn of_tip(changes: &'a Changes<'a>, new_commits: &'a NewCommits, tip: CommitId) -> Self {
        Self { changes, new_commits: Some((new_commits, tip)), is_staged: false, replaced: None }
    }
}

/// Limits of a judgement, and the part of it that is told.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Counts that the report shows.
    pub tally: Tally,
    /// What was counted for another policy; `None` if one judges alone.
    pub once: Option<&'a Once>,
    /// How much may be held.
    pub limits: Limits,
    /// Files and folders whose findings are kept; empty for all. The whole change is judged.
    pub files: &'a [Vec<u8>],
    /// What to do without content that a partial clone has not fetched.
    pub absent: Absent,
    /// Whether all files of a tree are judged, of which none is new for that: no file is told to be a forbidden module.
    pub whole_tree: bool,
    /// Maximum number of threads; 0 for as many as there are cores.
    pub threads: usize,
}

impl Terms<'_> {
    /// Terms of a hook that a user's own git runs.
    pub const HOOK: Self = Self {
        tally: Tally::Nothing,
        once: None,
        limits: Limits::NONE,
        files: &[],
        absent: Absent::Warn,
        whole_tree: false,
        threads: 0,
    };
}

/// Judges the requested change by the policies in effect for it.
///
/// # Errors
/// When no verdict is possible: an invalid policy, an unreadable repository. Forbidden imports are not an error.
pub fn judge(repository: &Repository, request: &Request) -> Result<Report, Fault> {
    match request.source {
        Source::Worktree => requested(repository, &repository.with_all_staged()?, request),
        _ => requested(repository, repository, request),
    }
}

/// Judges what is requested of `judged`, which is the repository itself or as it would be with all staged.
fn requested(repository: &Repository, judged: &Repository, request: &Request) -> Result<Report, Fault> {
    let mut new_commits = None;
    let mut notices = Vec::new();
    let changes = match &request.source {
        Source::Staged | Source::Worktree => judged.staged()?,
        Source::All => judged.all()?,
        Source::Range(from, to) => {
            let (commits, tip) = new_commits.insert(judged.range(from, to)?);
            judged.changes_at(commits, *tip, &[])?
        }
        Source::Against(revision) => {
            let (changes, descent) = judged.against(revision)?;
            notices.extend(remarks::apart(revision, descent));
            changes
        }
    };
    remarks::known_files(judged, &changes, request)?;
    let lookup = locate::policies(repository, &changes, request)?;
    notices.extend(lookup.notices);
    // A run judges once and ends: to free a large policy's rules would take a twentieth of its time.
    let located = ManuallyDrop::new(lookup.located);
    let merged = match locate::naming_branches(located.iter()) {
        Some(policy) if changes.old_sides.len() > 1 && new_commits.is_none() => own_policy::merged(judged, policy)?,
        _ => None,
    };
    let change = match (&merged, &new_commits) {
        (Some(merged), _) => merged.change(),
        (None, Some((new_commits, tip))) => Change::of_tip(&changes, new_commits, *tip),
        (None, None) => Change { changes: &changes, new_commits: None, is_staged: true, replaced: None },
    };
    let changes = change.changes;
    let absent = match request.source {
        Source::Range(..) | Source::Against(_) if request.by_hand => Absent::Fetch,
        _ => Absent::Warn,
    };
    let whole_tree = request.source == Source::All;
    let terms = Terms { tally: request.tally, files: &request.files, absent, whole_tree, ..Terms::HOOK };
    let mut report = several::joined(several::each(judged, change, &located, request.today, terms)?);
    report.notices = notices;
    if matches!(request.source, Source::Staged | Source::Worktree) {
        report.notices.extend(weakened::notice(judged, changes, request, terms, &report)?);
    }
    report.unstaged = remarks::unstaged(repository, changes, request);
    Ok(report)
}

/// Judges a change by the result of the policy lookup; without a policy, nothing is forbidden.
///
/// # Errors
/// When the repository cannot be read.
pub fn by_located(
    repository: &Repository,
    change: Change<'_>,
    located: &Located,
    today: Date,
    terms: Terms<'_>,
) -> Result<Report, Fault> {
    let mut report = match located {
        Located::Policy(policy) => by_policy(repository, change, &policy.at(today), terms)?,
        Located::Foreign(origin) => Report { foreign_policy: Some(origin.clone()), ..Report::default() },
        Located::KeyLost(fault) => return Err(fault.clone()),
        Located::Nothing => Report::default(),
    };
    report.as_of = Some(today);
    Ok(report)
}

/// Judges a change by one policy with its severities on a given date.
///
/// # Errors
/// When the repository cannot be read.
pub fn by_policy(
    repository: &Repository,
    change: Change<'_>,
    effective: &EffectivePolicy<'_>,
    terms: Terms<'_>,
) -> Result<Report, Fault> {
    by_policy_in_steps(repository, change, effective, terms, None)
}

/// Judges a change as [`by_policy`] does. If there are findings, and commits cannot make the verdict stricter, `goes_on` is
/// told the report as it is before commits are searched for, and says whether they are; otherwise that is the report.
///
/// # Errors
/// When the repository cannot be read.
pub fn by_policy_in_steps(
    repository: &Repository,
    change: Change<'_>,
    effective: &EffectivePolicy<'_>,
    terms: Terms<'_>,
    goes_on: Option<&mut dyn FnMut(&Report) -> bool>,
) -> Result<Report, Fault> {
    let policy = effective.policy();
    let roots = |path: &[u8]| policy.roots_of(path);
    let Terms { tally, limits, absent, .. } = terms;
    let keeps = |path: &[u8]| request::is_within(path, terms.files);
    let has_history = change.new_commits.is_some_and(|(new_commits, _)| new_commits.count() > 1);
    let further = |path: &[u8]| policy.language_of(path).and_then(lang::named);
    let files = SourceFiles::new(repository, &further, has_history || tally >= Tally::ImportsAndLines);
    let context = Context {
        repository,
        changes: change.changes,
        effective,
        roots: &roots,
        files: &files,
        added: [&[]; 2],
        tally,
        once: terms.once,
        limits,
        keeps: &keeps,
        absent,
        threads: terms.threads,
    };
    absent::bring(&context, change.new_commits)?;
    let replaced = change.replaced;
    let added = |gone| {
        replaced.zip(gone).map(|(rewrite, gone)| replaced::added(&context, (&rewrite.gone.0, rewrite.gone.1), gone))
    };
    let at_all = added(replaced.map(|rewrite| &rewrite.at_all)).transpose()?.unwrap_or_default();
    let at_nearest = added(replaced.and_then(|rewrite| rewrite.at_nearest.as_ref())).transpose()?.unwrap_or_default();
    let context = Context { added: [&at_all, &at_nearest], ..context };
    let mut new = new_occurrences(&context)?;
    let (mut checked, skipped, unlisted) =
        (new.checked, std::mem::take(&mut new.skipped), std::mem::take(&mut new.unlisted));
    let is_told = |finding: &Finding| !(terms.whole_tree && finding.kind == Kind::Module);
    let is_told = |finding: &Finding| keeps(&finding.path) && is_told(finding);
    let mut report = Report { policies: vec![policy.origin().to_owned()], unlisted, skipped, ..Report::default() };
    let mut findings = diagnostics::findings(&context, &new)?;
    if let Some((new_commits, tip)) = change.new_commits {
        let since_merges = if change.is_staged { None } else { repository.changes_since_merges(new_commits, tip)? };
        if let Some(goes_on) = goes_on {
            report.findings = findings.iter().filter(|finding| is_told(finding)).cloned().collect();
            report.checked = checked;
            report.decide();
            // What main cleaned up, or what stands in place of a rollback, may block where the rest only warns.
            let is_certain = report.verdict == Verdict::Block || (since_merges.is_none() && new.spare.is_empty());
            if is_certain && !report.findings.is_empty() && !goes_on(&report) {
                return Ok(report);
            }
        }
        attribute::attribute(&context, new_commits, tip, &mut findings)?;
        let restored = reverts::soften(&context, new_commits, &mut findings)?;
        reverts::replace(&context, (new_commits, tip), new, &restored, &mut findings)?;
        if let Some(changes) = &since_merges {
            merged_main::add(&context, (new_commits, tip), changes, &mut findings)?;
        }
    }
    findings.retain(is_told);
    checked.reads = files.reads();
    report.checked = checked;
    report.findings = findings;
    report.decide();
    Ok(report)
}

//! `check` and the hooks that judge the index.

use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use super::{BLOCKED, Check, Console, FAULT, FailOn, FormatName, PASS, When, pre_commit};
use crate::finding::Tally;
use crate::git::Repository;
use crate::locate::{self, Located};
use crate::policy::Date;
use crate::report::{self, Fault, Format, Human, Report, escape};
use crate::request::{Request, Source};
use crate::verdict::Verdict;

/// Runs `importgate check`; the report goes to standard output.
#[inline(never)]
pub(super) fn check(options: &Check, console: &mut Console<'_>) -> u8 {
    let format = match options.format {
        FormatName::Human => Format::Human,
        FormatName::Json => Format::Json,
    };
    let color = options.color.color.decide(&io::stdout());
    let outcome = source(options).and_then(|source| {
        let repository = Repository::open(Path::new("."))?;
        let request = Request {
            source,
            policies: options.policy.clone(),
            rule: options.rule.clone(),
            files: options.files.iter().map(|file| in_repository(&repository, file)).collect::<Result<_, _>>()?,
            today: options.as_of.unwrap_or_else(today),
            tally: if format == Format::Json { Tally::ImportsAndLines } else { Tally::Imports },
            by_hand: true,
        };
        crate::judge(&repository, &request)
    });
    let human = Human { color, consequence: "", say_pass: true, whole_tree: options.all };
    match outcome {
        Ok(report) => {
            let left_out = report.left_out().filter(|_| format == Format::Json);
            notices(report.notices.iter().chain(&left_out), console.err);
            if format == Format::Human {
                no_policy(&report, console.err);
            }
            let _ = report::write(&report, format, &human, console.out);
            status(&report, options.fail_on)
        }
        Err(fault) => match format {
            Format::Human => fail(&fault, "", console.err),
            Format::Json => {
                let _ = report::json_fault(&fault, console.out);
                FAULT
            }
        },
    }
}

/// Runs a hook that judges the index. It writes to standard error, and nothing if all is well.
pub(super) fn hook(consequence: &'static str, console: &mut Console<'_>) -> u8 {
    let asked = pre_commit::asked_of_commit();
    let by_hand = asked.is_some();
    if let Some(status) = asked.and_then(|asked| pre_commit::judge(asked, console)) {
        return status;
    }
    let request = Request::new(Source::Staged, today());
    let outcome = Repository::open(Path::new(".")).map_err(Fault::from);
    match outcome.and_then(|repository| crate::judge(&repository, &request)) {
        Ok(report) if by_hand && nothing_staged(&report) => pre_commit::branch(console),
        Ok(report) => tell(&report, consequence, console.err),
        Err(fault) => fail(&fault, consequence, console.err),
    }
}

fn nothing_staged(report: &Report) -> bool {
    !report.policies.is_empty() && report.checked.files + report.checked.ignored == 0
}

/// Writes a hook's report and returns its exit status.
pub(super) fn tell(report: &Report, consequence: &'static str, err: &mut dyn Write) -> u8 {
    notices(report.notices.iter(), err);
    no_policy(report, err);
    let human = Human { color: When::Auto.decide(&io::stderr()), consequence, ..Human::default() };
    let _ = report::write(report, Format::Human, &human, err);
    status(report, FailOn::Block)
}

fn notices<'r>(notices: impl Iterator<Item = &'r String>, err: &mut dyn Write) {
    for notice in notices {
        let _ = writeln!(err, "importgate: {}", escape::text(notice));
    }
}

/// Writes why the run could not judge, and the consequence, because git prints nothing when a hook fails.
pub(super) fn fail(fault: &Fault, consequence: &str, err: &mut dyn Write) -> u8 {
    let _ = report::human_fault(fault, err);
    if !consequence.is_empty() {
        let _ = writeln!(err, "\n{consequence}");
    }
    FAULT
}

/// Returns the first policy for the next commit, which tells where packages start.
pub(super) fn next_policy(repository: &Repository) -> Result<Located, Fault> {
    Ok(next_policies(repository)?.into_iter().next().unwrap_or(Located::Nothing))
}

/// Returns the policies that the next commit will be judged by.
pub(super) fn next_policies(repository: &Repository) -> Result<Vec<Located>, Fault> {
    Ok(locate::policies(repository, &repository.staged()?, &Request::new(Source::Staged, today()))?.located)
}

/// Returns today's date in UTC.
pub(super) fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn no_policy(report: &Report, err: &mut dyn Write) {
    let _ = match (report.policies.first(), &report.foreign_policy) {
        (Some(_), _) => Ok(()),
        (None, Some(file)) => {
            let file = escape::text(file);
            writeln!(err, "importgate: {file} lacks the key `importgate`, so it is another tool's: nothing is checked.")
        }
        (None, None) => {
            writeln!(err, "importgate: no policy.toml at the top of this repository, so nothing is checked.")
        }
    };
}

fn status(report: &Report, fail_on: FailOn) -> u8 {
    let least = match fail_on {
        FailOn::Block => Verdict::Block,
        FailOn::Warn => Verdict::Warn,
    };
    if report.verdict >= least { BLOCKED } else { PASS }
}

fn source(options: &Check) -> Result<Source, Fault> {
    if let Some(revision) = &options.against {
        return Ok(Source::Against(revision.clone()));
    }
    let Some(range) = &options.range else {
        return Ok(match (options.all, options.worktree) {
            (true, _) => Source::All,
            (_, true) => Source::Worktree,
            _ => Source::Staged,
        });
    };
    match range.split_once("..") {
        Some((from, to)) if !from.is_empty() && !to.starts_with('.') => {
            let to = if to.is_empty() { "HEAD" } else { to };
            Ok(Source::Range(from.to_owned(), to.to_owned()))
        }
        _ => Err(Fault::new(format!("{range} is not a range")).with_hint("Write A..B, such as origin/main..HEAD.")),
    }
}

/// Returns the path from the top of the repository of a file that is named from the current folder; it need not exist.
fn in_repository(repository: &Repository, file: &Path) -> Result<Vec<u8>, Fault> {
    let outside = || {
        let hint = "Name files and folders of this repository, from the current folder.";
        Fault::new(format!("{} is outside of this repository", file.display())).with_hint(hint)
    };
    let bytes = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
    // A bare repository's files lie nowhere.
    let Some(top) = repository.top() else { return Ok(bytes(&plain(file))) };
    let top = top.canonicalize().map_err(|error| Fault::new(format!("{}: {error}", top.display())))?;
    let file = plain(&std::path::absolute(file).map_err(|error| Fault::new(error.to_string()))?);
    if let Ok(path) = file.strip_prefix(&top) {
        return Ok(bytes(path));
    }
    // The way here may lead through links.
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Err(outside()) };
    let folder = folder.canonicalize().map_err(|_| outside())?;
    folder.join(name).strip_prefix(&top).map(bytes).map_err(|_| outside())
}

/// Returns a path without `.` and `..`, as it is written; links are not followed, as git has none on the way to a file.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            part => plain.push(part),
        }
    }
    plain
}

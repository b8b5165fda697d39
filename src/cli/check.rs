//! `check` and the hooks that judge the index.

use std::io::{self, Write};
use std::path::Path;

use super::{BLOCKED, Check, Console, FAULT, FormatName, PASS, When, pre_commit};
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
        let request = Request {
            source,
            policy: options.policy.clone(),
            rule: options.rule.clone(),
            today: options.as_of.unwrap_or_else(today),
            tally: if format == Format::Json { Tally::ImportsAndLines } else { Tally::Imports },
        };
        crate::judge(&Repository::open(Path::new("."))?, &request)
    });
    let human = Human { color, consequence: "", say_pass: true, whole_tree: options.all };
    match outcome {
        Ok(report) => {
            if format == Format::Human {
                no_policy(&report, console.err);
            }
            let _ = report::write(&report, format, &human, console.out);
            status(&report)
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
    report.policy.is_some() && report.checked.files + report.checked.ignored == 0
}

/// Writes a hook's report and returns its exit status.
pub(super) fn tell(report: &Report, consequence: &'static str, err: &mut dyn Write) -> u8 {
    no_policy(report, err);
    let human = Human { color: When::Auto.decide(&io::stderr()), consequence, ..Human::default() };
    let _ = report::write(report, Format::Human, &human, err);
    status(report)
}

/// Writes why the run could not judge, and the consequence, because git prints nothing when a hook fails.
pub(super) fn fail(fault: &Fault, consequence: &str, err: &mut dyn Write) -> u8 {
    let _ = report::human_fault(fault, err);
    if !consequence.is_empty() {
        let _ = writeln!(err, "\n{consequence}");
    }
    FAULT
}

/// Returns the policy that the next commit will be judged by.
pub(super) fn next_policy(repository: &Repository) -> Result<Located, Fault> {
    locate::policy(repository, &repository.staged()?, &Request::new(Source::Staged, today()))
}

/// Returns today's date in UTC.
pub(super) fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn no_policy(report: &Report, err: &mut dyn Write) {
    let _ = match (&report.policy, &report.foreign_policy) {
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

fn status(report: &Report) -> u8 {
    if report.verdict == Verdict::Block { BLOCKED } else { PASS }
}

fn source(options: &Check) -> Result<Source, Fault> {
    let Some(range) = &options.range else {
        return Ok(if options.all { Source::All } else { Source::Staged });
    };
    match range.split_once("..") {
        Some((from, to)) if !from.is_empty() && !to.starts_with('.') => {
            let to = if to.is_empty() { "HEAD" } else { to };
            Ok(Source::Range(from.to_owned(), to.to_owned()))
        }
        _ => Err(Fault::new(format!("{range} is not a range")).with_hint("Write A..B, such as origin/main..HEAD.")),
    }
}

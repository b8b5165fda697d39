//! Judges what is staged in the repository here from another program, and lists the imports to write instead:
//!
//!     cargo run --example judge
//!
//! The library has no stable interface (see the crate's documentation); the json report does.

#![allow(clippy::print_stdout)]

use std::path::Path;
use std::process::ExitCode;

use importgate::git::Repository;
use importgate::report::Fault;
use importgate::request::{Request, Source};
use importgate::verdict::Verdict;

fn main() -> ExitCode {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let report = Repository::open(Path::new("."))
        .map_err(Fault::from)
        .and_then(|repository| importgate::judge(&repository, &Request::new(Source::Staged, today)));
    match report {
        Ok(report) => {
            for finding in &report.findings {
                let instead = finding.replacement.as_deref().unwrap_or("remove it");
                println!("{}:{}: {instead}", finding.path.escape_ascii(), finding.place.line);
            }
            ExitCode::from(u8::from(report.verdict == Verdict::Block))
        }
        Err(fault) => {
            for problem in fault.problems {
                println!("could not judge: {}", problem.message);
            }
            ExitCode::from(2)
        }
    }
}

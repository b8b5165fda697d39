//! `install`, `uninstall`, `doctor`.

use std::path::{Path, PathBuf};

use super::check::{fail, next_policy};
use super::{Console, FAULT, Install, PASS, Uninstall};
use crate::git::Repository;
use crate::hooks::{self, Check, Options, Outcome, ServerHook};
use crate::locate::Located;
use crate::report::{Fault, Problem, escape};

pub(super) fn install(wanted: &Install, console: &mut Console<'_>) -> u8 {
    let outcome = options(wanted.dry_run, wanted.global).and_then(|options| {
        Ok(match (wanted.server, wanted.update) {
            (false, _) => hooks::install(&options)?,
            (true, false) => hooks::install_server(&options, ServerHook::PreReceive)?,
            (true, true) => hooks::install_server(&options, ServerHook::Update)?,
        })
    });
    finish(outcome, console)
}

pub(super) fn uninstall(wanted: &Uninstall, console: &mut Console<'_>) -> u8 {
    let outcome = options(wanted.dry_run, wanted.global).and_then(|options| {
        Ok(match wanted.server || hooks::serves(&options.dir) {
            true => hooks::uninstall_server(&options)?,
            false => hooks::uninstall(&options)?,
        })
    });
    finish(outcome, console)
}

pub(super) fn doctor(console: &mut Console<'_>) -> u8 {
    match options(true, false) {
        Ok(options) => {
            let diagnosis = hooks::doctor(&options, if hooks::serves(&options.dir) { Vec::new() } else { policy() });
            let _ = diagnosis.write(console.out);
            diagnosis.status()
        }
        Err(fault) => fail(&fault, "", console.err),
    }
}

fn finish(outcome: Result<Outcome, Fault>, console: &mut Console<'_>) -> u8 {
    match outcome {
        Ok(outcome) => {
            let _ = outcome.write(console.out);
            PASS
        }
        Err(fault) => {
            let message = fault.problems.first().map_or("", |problem| problem.message.as_str());
            let _ = writeln!(console.err, "importgate: {}", escape::lines(message));
            FAULT
        }
    }
}

fn options(dry_run: bool, global: bool) -> Result<Options, Fault> {
    let program =
        hooks::program().map_err(|error| Fault::new(format!("the path of this program cannot be told: {error}")))?;
    Ok(Options { dir: PathBuf::from("."), program, dry_run, global })
}

/// What the next commit will be judged by.
fn policy() -> Vec<Check> {
    let opened = Repository::open(Path::new(".")).map_err(Fault::from);
    match opened.and_then(|repository| next_policy(&repository)) {
        Ok(Located::Policy(policy)) => {
            let rules = policy.rules().len();
            let found = format!("policy: {}, {rules} rule{}", policy.origin(), if rules == 1 { "" } else { "s" });
            let warnings = policy.warnings().into_iter().map(|warning| Check::warning(warning, ""));
            std::iter::once(Check::ok(escape::text(&found))).chain(warnings).collect()
        }
        Ok(Located::AnotherTools(origin)) => vec![Check::warning(
            format!("policy: {} lacks the key `importgate`, so it is another tool's", escape::text(&origin)),
            "write `importgate = 1` at its top, or name another file: git config importgate.policy FILE",
        )],
        Ok(Located::Nothing) => {
            vec![Check::warning(
                "policy: no policy.toml at the top, so nothing is checked",
                "write one; docs/policy.md",
            )]
        }
        Err(fault) => {
            let problem = |problem: &Problem| {
                let place = problem.place.as_ref();
                let place = place.map_or(String::new(), |(file, line, column)| format!("{file}:{line}:{column}: "));
                let said = format!("policy: {place}{}", problem.message);
                let hint = problem.hint.as_deref().or(fault.hint.as_deref()).unwrap_or("importgate check shows it");
                Check::problem(escape::text(&said), escape::text(hint))
            };
            fault.problems.iter().map(problem).collect()
        }
    }
}

impl From<hooks::Error> for Fault {
    fn from(error: hooks::Error) -> Self {
        Self::new(error.to_string())
    }
}

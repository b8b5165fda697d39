//! What `doctor` says about references: which of them, and of lenders, lead to nothing that is already there.

use crate::git::Repository;
use crate::hooks::Check;
use crate::listing;
use crate::report::escape;
use crate::server::config::{self, Config};
use crate::server::references::{Lender, References, Sums};

/// Maximum number of beginnings of names that are shown; the rest are counted.
const MAX_SHOWN_SUMS: usize = 10;

/// Checks what counts as already there when the next push is judged.
pub(super) fn checks(repository: &Repository, config: &Config) -> Vec<Check> {
    let references = match References::of(repository, config) {
        Ok(references) => references,
        Err(error) => return vec![Check::problem(escape::text(&format!("references: {error}")), "")],
    };
    let mut checks = Vec::new();
    if !references.unasked.is_empty() {
        let unasked = references.unasked.iter();
        let unasked: Vec<String> =
            unasked.map(|(host, start)| format!("{} ({host})", start.trim_end_matches('/'))).collect();
        let unasked = listing::names(&unasked, MAX_SHOWN_SUMS);
        checks.push(Check::warning(
            format!("configuration: trusted-refs has what hosts write without asking the hook: {unasked}"),
            "leave it out: whatever is put there counts as already there",
        ));
    }
    checks.extend(default_branch(repository, config));
    if !references.uncounted.is_empty() {
        let shown = shown(&references.uncounted);
        checks.push(Check::ok(format!("references that do not count as already there: {shown}")));
    }
    checks.extend(references.lenders.iter().map(|lender| of_lender(lender, config)));
    checks
}

/// Checks whether what the default branch has is already there.
fn default_branch(repository: &Repository, config: &Config) -> Option<Check> {
    let branch = repository.default_branch().ok().filter(|branch| branch.tip.is_some())?;
    let (what, fix) = match &branch.name {
        Some(name) if config.trusts(name) => return None,
        None if config.trusts("HEAD") => return None,
        Some(name) => (format!("the default branch, {name}, is not in trusted-refs"), "add it to trusted-refs"),
        None => {
            ("HEAD names a commit, not a branch".to_owned(), "name a branch: git symbolic-ref HEAD refs/heads/NAME")
        }
    };
    let found = format!("configuration: {what}, so what only it leads to does not count as already there");
    Some(Check::warning(escape::text(&found), fix))
}

fn of_lender(lender: &Lender, config: &Config) -> Check {
    let name = lender.git_dir.to_string_lossy();
    let name = escape::text(&name);
    match &lender.references {
        Err(error) => {
            let found =
                format!("lender {}: cannot be read, so nothing of it counts: {error}", lender.git_dir.display());
            Check::warning(escape::text(&found), "")
        }
        Ok(_) if config.lender == config::Lender::None => {
            Check::ok(format!("lender {name}: nothing of it counts as already there (lender = \"none\")"))
        }
        Ok((counted, uncounted)) => {
            let others = if uncounted.is_empty() { String::new() } else { format!(", not {}", shown(uncounted)) };
            Check::ok(format!("lender {name}: its heads and tags ({counted}) count as already there{others}"))
        }
    }
}

fn shown(sums: &Sums) -> String {
    let sums: Vec<String> = sums.iter().map(|(start, count)| format!("{} ({count})", escape::text(start))).collect();
    listing::names(&sums, MAX_SHOWN_SUMS)
}

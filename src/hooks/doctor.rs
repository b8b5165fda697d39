//! `doctor` for clones: checks whether git will really run the hooks, and says how to fix it if not.

use super::checks::{folder, hook_checks, shadowed, shell};
use super::diagnosis::{Check, Diagnosis};
use super::location::HooksLocation;
use super::script::HOOKS;
use super::{Options, managers, server, show};

/// Checks everything between `git commit` and a verdict. `policy` holds the caller's checks of the policy.
#[must_use]
pub fn doctor(options: &Options, policy: Vec<Check>) -> Diagnosis {
    if server::serves(&options.dir) {
        return server::doctor(options, policy);
    }
    let location = match HooksLocation::find(&options.dir) {
        Ok(location) => location,
        Err(error) => return Diagnosis::unknown(&error),
    };
    let mut checks = vec![Check::ok(&location.git), Check::ok(repository(&location)), shell()];
    checks.push(folder(&location));
    if !location.is_off() {
        let install = how_to_install(&location);
        checks.extend(shadowed(&location, HOOKS.iter(), &install));
        for hook in &HOOKS {
            let managed = managers::checks::hook_checks(hook, &location, &install);
            checks.extend(managed.unwrap_or_else(|| hook_checks(hook, &location.folder, &install)));
            checks.extend(managers::checks::lasting(hook, &location));
        }
    }
    checks.extend(policy);
    // This repository may receive pushes too.
    checks.extend(server::checks(options));
    Diagnosis { checks, told: true }
}

fn how_to_install(location: &HooksLocation) -> String {
    if location.is_shared() {
        format!("importgate install --global, or {} and importgate install", location.go_own())
    } else {
        "importgate install".into()
    }
}

fn repository(location: &HooksLocation) -> String {
    let kind = match (location.submodule, location.linked) {
        (true, _) => "submodule",
        (false, true) => "linked worktree",
        (false, false) => "repository",
    };
    format!("{kind} {}", show(&location.top))
}

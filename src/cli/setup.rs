//! `install`, `uninstall`, `doctor`.

use std::path::{Path, PathBuf};

use super::check::{fail, next_policies, today};
use super::{Console, FAULT, Install, PASS, Uninstall, excuses, own_policies, references};
use crate::git::{DefaultBranch, Repository};
use crate::hooks::{self, Check, Options, Outcome, ServerHook};
use crate::locate::{self, Located};
use crate::policy::{Policy, RuleName};
use crate::report::{Fault, escape};
use crate::server;
use crate::server::config::{Config, Enforce, PolicySource};

#[inline(never)]
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

#[inline(never)]
pub(super) fn uninstall(wanted: &Uninstall, console: &mut Console<'_>) -> u8 {
    let outcome = options(wanted.dry_run, wanted.global).and_then(|options| {
        Ok(match wanted.server || hooks::serves(&options.dir) {
            true => hooks::uninstall_server(&options)?,
            false => hooks::uninstall(&options)?,
        })
    });
    finish(outcome, console)
}

#[inline(never)]
pub(super) fn doctor(console: &mut Console<'_>) -> u8 {
    match options(true, false) {
        Ok(options) => {
            let policy = if hooks::serves(&options.dir) { here(&options.dir) } else { commits() };
            let diagnosis = hooks::doctor(&options, policy);
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
        hooks::program().map_err(|error| Fault::new(format!("cannot find the path of this program: {error}")))?;
    Ok(Options { dir: PathBuf::from("."), program, dry_run, global })
}

/// Checks the policies that the next commit will be judged by.
fn commits() -> Vec<Check> {
    let opened = Repository::open(Path::new(".")).map_err(Fault::from);
    let nothing =
        || Check::warning("policy: no policy.toml at the top, so nothing is checked", "write one; docs/policy.md");
    let fix = "write `importgate = 1` at its top, or name another file: git config importgate.policy FILE";
    let repository = match opened {
        Ok(repository) => repository,
        Err(fault) => return policy(Err(fault), nothing, fix),
    };
    let mut checks = match next_policies(&repository) {
        Ok(located) => {
            let naming = locate::naming_branches(&located);
            let naming = naming.and_then(|policy| own_policies::in_clone(&repository, policy));
            let policies = located.into_iter().flat_map(|located| policy(Ok(located), nothing, fix));
            policies.chain(naming).collect()
        }
        Err(fault) => policy(Err(fault), nothing, fix),
    };
    checks.extend(own_policies::at_top(&repository));
    checks
}

/// Checks what the next push here will be judged by; empty in a folder that is not a repository.
fn here(dir: &Path) -> Vec<Check> {
    // As the hook does, which a linked worktree's HEAD is nothing to.
    let Ok(repository) = Repository::open_shared(Path::new(".")) else { return Vec::new() };
    pushes(&repository, hooks::judging_hook(dir).as_deref()).checks
}

/// What the next push to a repository will be judged by.
#[derive(Default)]
pub(super) struct Pushes {
    /// The checks of it.
    pub(super) checks: Vec<Check>,
    /// The admin's configuration; `None` if it is broken.
    pub(super) config: Option<Config>,
    /// The policies in effect, by where they come from.
    pub(super) policies: Vec<String>,
}

/// Checks what the next push will be judged by: policies, the log, and what counts as already there.
pub(super) fn pushes(repository: &Repository, hook: Option<&Path>) -> Pushes {
    let mut pushes = Pushes::default();
    match server::locate::config(repository, None, hook) {
        Ok(config) => {
            pushes.checks = configured(repository, &config, &mut pushes.policies);
            pushes.config = Some(config);
        }
        // An unreadable file is reported by the check of its location.
        Err(fault) if fault.problems.iter().any(|problem| problem.message.starts_with(server::locate::UNREAD)) => {}
        Err(fault) => pushes.checks.extend(problems("configuration", &fault)),
    }
    pushes
}

fn configured(repository: &Repository, config: &Config, policies: &mut Vec<String>) -> Vec<Check> {
    if config.is_switched {
        let found = format!("kill switch: pulled, all repositories are turned to {:?}", config.enforce.name());
        return vec![Check::warning(found, "remove the line `all-repositories` from the admin's file")];
    }
    if config.enforce == Enforce::Off {
        return vec![Check::warning("configuration: enforce is \"off\" here, so nothing is checked", "")];
    }
    let mut checks: Vec<Check> = match server::locate::switch_file() {
        Ok(None) => Vec::new(),
        Ok(Some(file)) => {
            let found = format!("kill switch: not pulled; the key `all-repositories` in {}", file.display());
            vec![Check::ok(escape::text(&found))]
        }
        Err(fault) => problems("kill switch", &fault).collect(),
    };
    checks.push(Check::ok(match config.enforce {
        Enforce::Report => "mode: report, so nothing is rejected",
        _ => "mode: block",
    }));
    let mut known = Some(Vec::new());
    for (source, name) in config.policies.iter().zip(config.policy_names()) {
        let (found, branch) = match source {
            PolicySource::File(file) => {
                let named = server::shadow::check_file(file).and_then(|()| locate::named(file));
                let named = named.map_err(|fault| config.naming(file, fault));
                (named.map(|policy| Located::Policy(Box::new(policy))), String::new())
            }
            PolicySource::Repository => match repository.default_branch() {
                Ok(DefaultBranch { name, tip }) => {
                    let name = name.unwrap_or_else(|| "HEAD".to_owned());
                    let found = tip.map(|tip| locate::at_commit(repository, tip, &name));
                    (found.unwrap_or(Ok(Located::Nothing)), name)
                }
                Err(error) => (Err(error.into()), String::new()),
            },
        };
        let nothing = || {
            let found = format!("policy: no policy.toml on the default branch, {branch}, so nothing is checked");
            let fix = "push one to it; if another branch is the default: git symbolic-ref HEAD refs/heads/NAME";
            Check::warning(escape::text(&found), fix)
        };
        match (&found, &mut known) {
            (Ok(Located::Policy(own)), Some(known)) => {
                known.extend(own.rules().iter().map(|rule| RuleName::new(name.as_deref(), &rule.id)));
            }
            (Ok(Located::KeyLost(_)) | Err(_), _) => known = None,
            _ => {}
        }
        let mut branches = None;
        if let Ok(Located::Policy(policy)) = &found {
            policies.push(match source {
                PolicySource::File(file) => {
                    if !policy.own_policy().is_empty() {
                        let found = format!("policy: `own-policy` of {} names no branch", file.display());
                        let fix = "write it into the policy of the repository's default branch; this file judges all branches";
                        checks.push(Check::warning(escape::text(&found), fix));
                    }
                    file.display().to_string()
                }
                PolicySource::Repository => {
                    branches = own_policies::on_server(repository, policy);
                    "the repository's own".to_owned()
                }
            });
        }
        checks.extend(policy(found, nothing, "write `importgate = 1` at its top"));
        checks.extend(branches);
    }
    if config.lacks_protection {
        let found =
            "configuration: `policy-owners` without `protect-policy = true` here: anybody may weaken the policy";
        checks.push(Check::warning(found, "write `protect-policy = true` in the same table, or leave the owners out"));
    }
    checks.extend(excuses::checks(config, known.as_deref(), today()));
    checks.extend(config.shadow.iter().map(|file| shadow(file)));
    checks.extend(config.log.as_deref().map(log));
    checks.extend(references::checks(repository, config));
    checks
}

/// Checks a shadow policy. One that cannot be read keeps nothing from being judged.
fn shadow(file: &Path) -> Check {
    let name = file.display();
    match server::shadow::check_file(file).and_then(|()| locate::named(file)) {
        Ok(policy) => {
            let found = format!("shadow policy: {name}, {}, for the log alone", rules(&policy));
            Check::ok(escape::text(&found))
        }
        Err(fault) => {
            let said = server::shadow::why(&fault);
            let found = format!("shadow policy: {name} judges nothing: {said}");
            Check::warning(escape::text(&found), "mend it, or remove it from `shadow` in the admin's file")
        }
    }
}

/// Checks whether this user can write the log.
fn log(file: &Path) -> Check {
    let shown = file.display().to_string();
    match hooks::may_write(file) {
        true => Check::ok(escape::text(&format!("log: {shown}"))),
        false => Check::warning(
            escape::text(&format!("log: {shown} cannot be written by this user, so pushes leave no line")),
            "let the user who runs git write it, and its folder",
        ),
    }
}

/// Checks a policy lookup; `fix` is the advice if the file belongs to another tool.
fn policy(found: Result<Located, Fault>, nothing: impl Fn() -> Check, fix: &str) -> Vec<Check> {
    match found {
        Ok(Located::Policy(policy)) => {
            let found = format!("policy: {}, {}", policy.origin(), rules(&policy));
            let warnings = policy.warnings().into_iter().map(|warning| Check::warning(warning, ""));
            std::iter::once(Check::ok(escape::text(&found))).chain(warnings).collect()
        }
        Ok(Located::Foreign(origin)) => {
            let found =
                format!("policy: {} lacks the key `importgate`, so it is another tool's", escape::text(&origin));
            vec![Check::warning(found, fix)]
        }
        Ok(Located::Nothing) => vec![nothing()],
        Ok(Located::KeyLost(fault)) | Err(fault) => problems("policy", &fault).collect(),
    }
}

fn rules(policy: &Policy) -> String {
    let count = policy.rules().len();
    format!("{count} rule{}", if count == 1 { "" } else { "s" })
}

fn problems<'a>(what: &'a str, fault: &'a Fault) -> impl Iterator<Item = Check> + 'a {
    fault.problems.iter().map(move |problem| {
        let place = problem.place.as_ref();
        let place = place.map_or(String::new(), |(file, line, column)| format!("{file}:{line}:{column}: "));
        let said = format!("{what}: {place}{}", problem.message);
        let hint = problem.hint.as_deref().or(fault.hint.as_deref()).unwrap_or_default();
        Check::problem(escape::text(&said), escape::text(hint))
    })
}

impl From<hooks::Error> for Fault {
    fn from(error: hooks::Error) -> Self {
        Self::new(error.to_string())
    }
}

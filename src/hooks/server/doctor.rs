//! `doctor` for servers: checks whether pushes will really be judged, and says how to fix it if not.

use std::path::{Path, PathBuf};

use super::super::checks::{folder, hook_checks, shadowed, shell};
use super::super::location::{HooksLocation, configured, version};
use super::super::script::{self, PRE_RECEIVE, UPDATE};
use super::super::{Check, Diagnosis, Error, Level, Options, show};
use super::site::{HOOKS, Host, Site};
use super::{CONFIG, access, config_setting, sshd};
use crate::git::Repository;

/// Checks everything between a push and a verdict, in a repository or a host's hooks folder.
/// `policy` holds the caller's checks of the policy.
pub(in crate::hooks) fn doctor(options: &Options, policy: Vec<Check>) -> Diagnosis {
    let found = Served::find(&options.dir).and_then(|served| {
        let mut checks = vec![shell()];
        checks.extend(served.checks(&options.dir)?);
        if !served.is_off() {
            checks.extend(sshd::checks(Path::new("/etc/ssh")));
        }
        checks.extend(policy);
        Ok(checks)
    });
    match found {
        Ok(checks) => Diagnosis { checks, told: true },
        Err(error) => Diagnosis::unknown(&error),
    }
}

/// Checks what all repositories of a server share, and returns git's version with them.
///
/// # Errors
/// If git cannot be run, or is too old.
pub fn fleet_checks(dir: &Path) -> Result<(String, Vec<Check>), Error> {
    let git = version(dir)?;
    let mut checks = vec![shell()];
    checks.extend(sshd::checks(Path::new("/etc/ssh")));
    Ok((git, checks))
}

/// A repository, or a host's hooks folder, that pushes are judged in.
pub struct Served {
    /// Where `pre-receive` is, or would be.
    site: Site,
    /// The sites where importgate's hooks are installed.
    ours: Vec<Site>,
}

impl Served {
    /// Asks git where the hooks of a folder are.
    fn find(dir: &Path) -> Result<Self, Error> {
        Ok(Self { site: Site::find(dir, &PRE_RECEIVE)?, ours: installed(dir)? })
    }

    /// Reads where the hooks of a repository are, without starting git. `git` is git's version.
    ///
    /// # Errors
    /// If the repository's configuration cannot be read.
    pub fn read(repository: &Repository, git: &str) -> Result<Self, Error> {
        let location = HooksLocation::read(repository, git)?;
        let ours = ours(HOOKS.map(|hook| Site::of(location.clone(), hook)).into());
        Ok(Self { site: Site::of(location, &PRE_RECEIVE), ours })
    }

    /// Returns the path by which git calls importgate's hook; `None` if there is none.
    #[must_use]
    pub fn judging_hook(&self) -> Option<PathBuf> {
        self.ours.first().map(|site| site.folder.join(site.hook.name))
    }

    /// Returns whether git runs no hooks here at all.
    fn is_off(&self) -> bool {
        self.site.location().is_some_and(HooksLocation::is_off)
    }

    /// Checks where git looks for hooks, the hooks, their programs and configuration. `dir` is where git is asked.
    ///
    /// # Errors
    /// If git fails.
    pub fn checks(&self, dir: &Path) -> Result<Vec<Check>, Error> {
        let mut checks = host(&self.site);
        if !self.is_off() {
            let sites = if self.ours.is_empty() { std::slice::from_ref(&self.site) } else { &self.ours };
            checks.extend(judging(sites, dir)?);
        }
        Ok(checks)
    }
}

/// Checks for pushes to a repository with a worktree; empty if none of importgate's hooks judges them.
pub(in crate::hooks) fn checks(options: &Options) -> Vec<Check> {
    let checks = installed(&options.dir).and_then(|sites| {
        let mut checks = judging(&sites, &options.dir)?;
        if !sites.is_empty() {
            checks.extend(sshd::checks(Path::new("/etc/ssh")));
        }
        Ok(checks)
    });
    checks.unwrap_or_else(|error| vec![Check::problem(error.to_string(), "")])
}

/// Returns the path by which git calls importgate's hook for pushes to `dir`; `None` if there is
/// none.
#[must_use]
pub fn judging_hook(dir: &Path) -> Option<PathBuf> {
    let site = installed(dir).ok()?.into_iter().next()?;
    Some(site.folder.join(site.hook.name))
}

/// Returns the sites where importgate's hooks are installed.
fn installed(dir: &Path) -> Result<Vec<Site>, Error> {
    Ok(ours(HOOKS.into_iter().map(|hook| Site::find(dir, hook)).collect::<Result<Vec<_>, _>>()?))
}

fn ours(sites: Vec<Site>) -> Vec<Site> {
    let ours = |site: &Site| site.linked().is_some() || script::is_ours(&site.folder.join(site.hook.name));
    let mut sites: Vec<Site> = sites.into_iter().filter(ours).collect();
    sites.dedup_by(|one, other| one.folder == other.folder && one.hook.name == other.hook.name);
    sites
}

fn host(site: &Site) -> Vec<Check> {
    let shown = show(&site.folder);
    match &site.host {
        Host::Gitolite => {
            vec![Check::ok(format!(
                "gitolite links the hooks of {shown} into repositories: gitolite setup --hooks-only"
            ))]
        }
        Host::Several(location) => {
            let mut checks: Vec<Check> = location.iter().map(|location| repository(location)).collect();
            checks.push(Check::ok(format!("another program runs every hook in {shown}")));
            checks
        }
        Host::Git(location) => {
            let mut checks = vec![Check::ok(&location.git), repository(location), hooks_folder(location)];
            if !location.is_off() {
                checks.extend(shadowed(location, HOOKS.into_iter(), install(site)));
            }
            checks
        }
    }
}

fn repository(location: &HooksLocation) -> Check {
    let kind = if location.bare { "bare repository" } else { "repository" };
    Check::ok(format!("{kind} {}", show(&location.top)))
}

/// Checks where git looks for hooks. On a server, a setting of the system is the admin's own, for all repositories.
fn hooks_folder(location: &HooksLocation) -> Check {
    let check = folder(location);
    let is_systems = location.setting.as_ref().is_some_and(|setting| setting.scope == "system");
    if check.level == Level::Warning && is_systems { Check::ok(check.found) } else { check }
}

/// Returns the command that writes a hook.
fn install(site: &Site) -> &'static str {
    match site.hook.name == UPDATE.name || site.folder.ends_with("update.d") {
        true => "importgate install --server --update",
        false => "importgate install --server",
    }
}

/// Checks the hooks, their programs and configuration.
fn judging(sites: &[Site], dir: &Path) -> Result<Vec<Check>, Error> {
    let mut checks = Vec::new();
    for site in sites {
        let linked = site.linked();
        let folder = linked.as_deref().and_then(Path::parent).unwrap_or(&site.folder);
        if let Some(target) = &linked {
            checks.push(Check::ok(format!("{} is a link to {}", site.hook.name, show(target))));
        }
        checks.extend(hook_checks(&site.hook, folder, install(site)));
        let bytes = script::read(&folder.join(site.hook.name)).unwrap_or_default();
        if let Some(program) = script::ours(&bytes).and_then(|ours| ours.program) {
            checks.extend(running(&program, &site.folder));
        }
    }
    if let Some(site) = sites.first() {
        let (check, file) = configuration(site, dir)?;
        checks.push(check);
        if let Some(location) = site.location() {
            checks.extend(push_options(location, dir, file.as_deref())?);
        }
    }
    Ok(checks)
}

fn running(program: &Path, folder: &Path) -> Option<Check> {
    if let Some(found) = access::unreachable(program, folder) {
        return Some(Check::warning(found, ""));
    }
    Some(match access::is_static(program)? {
        true => Check::ok("the program is static: it runs in a chroot as well"),
        false => Check::ok("the program needs this system's libraries: it would not run in a chroot"),
    })
}

/// Checks whether the admin's file can be read, and returns its path. Its content is checked at a
/// push.
fn configuration(site: &Site, dir: &Path) -> Result<(Check, Option<PathBuf>), Error> {
    let setting = config_setting(dir, site)?;
    let because = if setting.is_some() { " (git config importgate.server)" } else { "" };
    let beside = site.folder.join(CONFIG);
    let file = setting.or_else(|| beside.symlink_metadata().is_ok().then_some(beside));
    let Some(file) = file else {
        return Ok((Check::ok("configuration: none, so the repository's own policy is enforced"), None));
    };
    let check = match script::read(&file) {
        Ok(_) => Check::ok(format!("configuration: {}{because}", show(&file))),
        Err(error) => Check::problem(format!("configuration: {error}{because}"), "nothing is judged without it"),
    };
    Ok((check, Some(file)))
}

/// Checks that the server accepts push options, which break-glass needs and git refuses by default.
fn push_options(location: &HooksLocation, dir: &Path, config: Option<&Path>) -> Result<Option<Check>, Error> {
    const KEY: &str = "receive.advertisePushOptions";
    let text = config.and_then(|file| script::read(file).ok()).unwrap_or_default();
    let wanted = text.split(|&byte| byte == b'\n').any(|line| line.trim_ascii_start().starts_with(b"break-glass"));
    let taken = match &location.known {
        Some(known) => known.takes_push_options,
        None => configured(dir, &["--type=bool"], KEY)?.is_some_and(|value| value.starts_with(b"true")),
    };
    Ok((wanted && !taken).then(|| {
        let found = "break-glass is configured, but this server does not accept push options";
        Check::warning(found, format!("git config {KEY} true"))
    }))
}

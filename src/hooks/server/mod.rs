//! Server hooks: installation in a bare repository, among a host's hooks, or for all of gitolite's.

mod access;
mod doctor;
mod site;
mod sshd;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

pub use doctor::{Served, fleet_checks, judging_hook};
pub(super) use doctor::{checks, doctor};
pub use site::serves;

use super::location::configured;
use super::plan::Plan;
use super::script::{self, Hook, PRE_RECEIVE, UPDATE};
use super::uninstall::{remove, remove_hook};
use super::{Error, Options, Outcome, is_program, show};
use site::{Host, Site};

/// Name of the admin's file beside the hook.
const CONFIG: &str = "importgate-server.toml";
/// Starter configuration that `install` writes if there is none; all of it commented out.
const STARTER: &str = include_str!("../../../hooks/starter-server.toml");

/// Git hook that judges pushes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerHook {
    /// Runs once for each push: all its references pass, or none.
    PreReceive,
    /// Runs once for each reference: the passing ones are updated.
    Update,
}

impl ServerHook {
    const fn hook(self) -> &'static Hook {
        match self {
            Self::PreReceive => &PRE_RECEIVE,
            Self::Update => &UPDATE,
        }
    }
}

/// Writes the hook, and a commented configuration beside it if there is none, or reports what
/// would be written. Idempotent.
///
/// # Errors
/// If git cannot say where hooks live, if they live in a shared folder without `global`, if an
/// existing file can be neither kept nor replaced, or if a file cannot be written.
pub fn install(options: &Options, which: ServerHook) -> Result<Outcome, Error> {
    let site = Site::find(&options.dir, which.hook())?;
    if let Host::Git(location) = &site.host {
        location.writable(options.global)?;
    }
    if !options.program.is_absolute() || !is_program(&options.program) {
        return Err(Error::Program(show(&options.program)));
    }
    let mut outcome = Outcome::default();
    if let Some(target) = site.linked() {
        let path = show(&site.folder.join(site.hook.name));
        outcome.lines.push(format!("unchanged {path}, a link to {}", show(&target)));
        return Ok(outcome);
    }
    let path = site.folder.join(site.hook.name);
    if matches!(site.host, Host::Several(_)) && path.symlink_metadata().is_ok() && !script::is_ours(&path) {
        // A hook kept beside importgate's would still be run, by its new name.
        let obstacle = format!("{} is another program; move it out of the folder", show(&path));
        return Err(Error::InTheWay(vec![obstacle]));
    }
    let plan = Plan::new(&site.hook, &site.folder, &options.program)?;
    if !options.dry_run {
        fs::create_dir_all(&site.folder).map_err(Error::io("create the folder", &site.folder))?;
        plan.carry_out()?;
    }
    plan.tell(options.dry_run, &mut outcome);
    configure(&site, options, &mut outcome)?;
    outcome.notes.extend(notes(&site, options));
    Ok(outcome)
}

/// Writes the starter beside the hook, unless the admin has a file.
fn configure(site: &Site, options: &Options, outcome: &mut Outcome) -> Result<(), Error> {
    let path = site.folder.join(CONFIG);
    if path.symlink_metadata().is_ok() {
        return Ok(());
    }
    if let Some(file) = config_setting(&options.dir, site)? {
        outcome.notes.push(format!("the server's configuration is {} (git config importgate.server)", show(&file)));
        return Ok(());
    }
    outcome.changed = true;
    let would = if options.dry_run { "would " } else { "" };
    outcome.lines.push(format!("{would}write {}", show(&path)));
    if options.dry_run {
        return Ok(());
    }
    fs::write(&path, STARTER).map_err(Error::io("write", &path))
}

/// Returns the admin's file, if the configuration of the repository or of the system names one.
/// Git's other scopes are not read at a push, as a client could set them.
fn config_setting(dir: &Path, site: &Site) -> Result<Option<PathBuf>, Error> {
    let Some(location) = site.location() else { return Ok(None) };
    if let Some(known) = &location.known {
        return Ok(known.server.as_ref().map(|path| location.common.join(path)));
    }
    for scope in ["--local", "--system"] {
        if let Some(said) = configured(dir, &[scope, "--includes"], "importgate.server")? {
            let path = OsStr::from_bytes(said.strip_suffix(b"\n").unwrap_or(&said));
            return Ok(Some(location.common.join(path)));
        }
    }
    Ok(None)
}

fn notes(site: &Site, options: &Options) -> Vec<String> {
    let mut notes = Vec::new();
    let folder = show(&site.folder);
    match &site.host {
        Host::Gitolite => {
            notes.push("this takes effect when gitolite has linked it: gitolite setup --hooks-only".into());
        }
        Host::Several(_) => notes.push(format!("the program that runs the hooks in {folder} now runs importgate too")),
        Host::Git(location) => {
            if location.is_shared() {
                notes.push(format!("every repository that looks for hooks in {folder} now runs importgate"));
            }
            if !location.bare {
                notes.push(
                    "this judges what is pushed to this repository, not commits made in it: importgate install".into(),
                );
            }
        }
    }
    notes.extend(access::unreachable(&options.program, &site.folder));
    if options.program.components().any(|part| part.as_os_str() == "target") {
        notes.push(format!("the hook runs {}: `cargo clean` removes it", show(&options.program)));
    }
    notes
}

/// Removes importgate's hooks from every folder that a push to `dir` may use, restores the hooks
/// they replaced, and removes an unchanged starter configuration. Idempotent.
///
/// # Errors
/// If git cannot say where hooks live, or a file cannot be changed.
pub fn uninstall(options: &Options) -> Result<Outcome, Error> {
    let shared = match Site::find(&options.dir, &PRE_RECEIVE)?.location() {
        Some(location) if location.is_shared() && !options.global => {
            Some((location.folder.clone(), location.because()))
        }
        _ => None,
    };
    let mut outcome = Outcome::default();
    let mut cleared: Vec<PathBuf> = Vec::new();
    for (hook, folder) in site::all(&options.dir)? {
        if let Some((_, because)) = shared.as_ref().filter(|(stays, _)| folder.starts_with(stays)) {
            if script::is_ours(&folder.join(hook.name)) {
                outcome.notes.push(format!(
                    "the hook in {} stays: other repositories run it too ({because}). To remove it as well: \
                     importgate uninstall --server --global",
                    show(&folder)
                ));
            }
            continue;
        }
        let before = outcome.lines.len();
        remove_hook(&hook, &folder, options.dry_run, &mut outcome)?;
        if outcome.lines.len() > before && !cleared.contains(&folder) {
            cleared.push(folder);
        }
    }
    for folder in &cleared {
        remove_starter(&folder.join(CONFIG), options.dry_run, &mut outcome)?;
    }
    outcome.changed = !cleared.is_empty();
    if !outcome.changed {
        outcome.lines.push("nothing to remove".into());
    }
    Ok(outcome)
}

fn remove_starter(config: &Path, dry_run: bool, outcome: &mut Outcome) -> Result<(), Error> {
    if config.symlink_metadata().is_err() {
        return Ok(());
    }
    if script::read(config).is_ok_and(|text| text == STARTER.as_bytes()) {
        outcome.lines.push(remove(config, dry_run)?);
    } else {
        outcome.notes.push(format!("{} was edited, so it is kept", show(config)));
    }
    Ok(())
}

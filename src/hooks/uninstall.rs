//! Removal: deletes only files with importgate's marker, and restores what they replaced.

use std::fs;
use std::path::Path;

use super::location::HooksLocation;
use super::plan::same;
use super::script::{self, HOOKS, Hook};
use super::{Error, Options, Outcome, show};

/// Removes importgate's hooks from the folder where git looks, and from the one where it would
/// look without `core.hooksPath`, and restores the hooks they replaced. Idempotent.
///
/// # Errors
/// If git cannot say where hooks live, or a file cannot be changed.
pub fn uninstall(options: &Options) -> Result<Outcome, Error> {
    let location = HooksLocation::find(&options.dir)?;
    let own = location.own_folder();
    let mut outcome = Outcome::default();
    if location.is_shared() && !options.global {
        if HOOKS.iter().any(|hook| script::is_ours(&location.folder.join(hook.name))) {
            outcome.notes.push(format!(
                "the hooks in {} stay: other repositories run them too ({}). To remove them as well: \
                 importgate uninstall --global",
                show(&location.folder),
                location.because()
            ));
        }
    } else if !location.is_off() {
        clear(&location.folder, options.dry_run, &mut outcome)?;
    }
    if own.canonicalize().is_ok_and(|own| own != location.folder && own.starts_with(&location.common)) {
        clear(&own, options.dry_run, &mut outcome)?;
    }
    if !outcome.changed {
        outcome.lines.push("nothing to remove".into());
    }
    Ok(outcome)
}

fn clear(folder: &Path, dry_run: bool, outcome: &mut Outcome) -> Result<(), Error> {
    for hook in &HOOKS {
        let before = outcome.lines.len();
        remove_hook(hook, folder, dry_run, outcome)?;
        outcome.changed |= outcome.lines.len() > before;
    }
    Ok(())
}

pub(super) fn remove_hook(hook: &Hook, folder: &Path, dry_run: bool, outcome: &mut Outcome) -> Result<(), Error> {
    let (named, path, kept) = (folder.join(hook.name), hook.file(folder), hook.kept(folder));
    let mut has_kept = fs::symlink_metadata(&kept).is_ok();
    if has_kept && !script::is_ours(&named) && same(&named, &kept) {
        // The hook's manager has already restored it.
        outcome.lines.push(remove(&kept, dry_run)?);
        has_kept = false;
    }
    let ours = script::is_ours(&path);
    let gone = fs::symlink_metadata(&path).is_err();
    if has_kept && (ours || gone) {
        if !dry_run {
            fs::rename(&kept, &path).map_err(Error::io("restore", &path))?;
        }
        let would = if dry_run { "would " } else { "" };
        outcome.lines.push(format!("{would}restore {}", show(&path)));
    } else if ours {
        outcome.lines.push(remove(&path, dry_run)?);
    } else if has_kept {
        let (path, kept) = (show(&path), show(&kept));
        outcome.notes.push(format!("{path} is not importgate's and stays; {kept}, the hook kept earlier, stays too"));
    }
    // A moved hook that nothing calls any more.
    let legacy = hook.legacy(folder);
    if path != legacy && script::is_ours(&legacy) {
        outcome.lines.push(remove(&legacy, dry_run)?);
    }
    Ok(())
}

pub(super) fn remove(path: &Path, dry_run: bool) -> Result<String, Error> {
    if dry_run {
        return Ok(format!("would remove {}", show(path)));
    }
    fs::remove_file(path).map_err(Error::io("remove", path))?;
    Ok(format!("remove {}", show(path)))
}

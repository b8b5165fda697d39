//! Installation: a plan for all hooks first, then the files. A plan that cannot be carried out changes nothing.

use std::fs;

use super::location::HooksLocation;
use super::managers::{self, TakePart};
use super::plan::Plan;
use super::script::HOOKS;
use super::{Error, Options, Outcome, is_program, show};

/// Writes the hooks, or reports what would be written. Idempotent.
///
/// # Errors
/// If git cannot say where hooks live, if they live in a shared folder without `global`, if an
/// existing file can be neither kept nor replaced, or if a file cannot be written.
pub fn install(options: &Options) -> Result<Outcome, Error> {
    let location = HooksLocation::find(&options.dir)?;
    let folder = location.writable(options.global)?;
    if !options.program.is_absolute() || !is_program(&options.program) {
        return Err(Error::Program(show(&options.program)));
    }
    let mut outcome = Outcome::default();
    let mut plans = Vec::new();
    let mut obstacles = Vec::new();
    for hook in &HOOKS {
        match managers::take_part(hook, &location) {
            Some(TakePart::Already(line)) => {
                outcome.lines.push(line);
                continue;
            }
            Some(TakePart::OnlyByEntry(obstacle)) => {
                obstacles.push(obstacle);
                continue;
            }
            None => {}
        }
        match Plan::new(hook, folder, &options.program) {
            Ok(plan) => plans.push((hook, plan)),
            Err(Error::InTheWay(more)) => obstacles.extend(more),
            Err(error) => return Err(error),
        }
    }
    if !obstacles.is_empty() {
        return Err(Error::InTheWay(obstacles));
    }
    if !options.dry_run {
        fs::create_dir_all(folder).map_err(Error::io("create the folder", folder))?;
    }
    for (hook, plan) in &plans {
        if !options.dry_run {
            plan.carry_out()?;
        }
        plan.tell(options.dry_run, &mut outcome);
        outcome.notes.extend(managers::note(hook, &location));
    }
    outcome.notes.extend(notes(&location, options));
    Ok(outcome)
}

fn notes(location: &HooksLocation, options: &Options) -> Vec<String> {
    let folder = show(&location.folder);
    let mut notes = Vec::new();
    if location.is_shared() {
        notes.push(format!("every repository that looks for hooks in {folder} now runs importgate"));
    } else if managers::is_husky(&location.folder) {
        return notes;
    } else if location.folder.starts_with(&location.top) && !location.folder.starts_with(&location.common) {
        notes.push(format!(
            "{folder} is in the worktree: if its hooks are committed, others run these too, with importgate from their PATH"
        ));
    } else if location.linked {
        notes.push(format!("every worktree of {} runs these hooks", show(&location.common)));
    }
    if options.program.components().any(|part| part.as_os_str() == "target") {
        notes.push(format!("the hooks run {}: `cargo clean` removes it", show(&options.program)));
    }
    notes
}

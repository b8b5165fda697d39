//! Installing: first a plan for all hooks, then the files. A plan that cannot be carried out changes nothing.

use std::fs;

use super::place::Place;
use super::plan::Plan;
use super::script::HOOKS;
use super::{Error, Options, Outcome, is_program, show};

/// Writes the hooks, or says what would be written. Doing it again changes nothing.
///
/// # Errors
/// If git cannot say where hooks live, if they live in a shared folder without `global`, if something is in the way
/// that cannot be kept, or if a file cannot be written.
pub fn install(options: &Options) -> Result<Outcome, Error> {
    let place = Place::find(&options.dir)?;
    let folder = place.writable(options.global)?;
    if !options.program.is_absolute() || !is_program(&options.program) {
        return Err(Error::Program(show(&options.program)));
    }
    let mut outcome = Outcome::default();
    let mut plans = Vec::new();
    let mut obstacles = Vec::new();
    for hook in &HOOKS {
        match Plan::new(hook, folder, &options.program) {
            Ok(plan) => plans.push(plan),
            Err(Error::InTheWay(more)) => obstacles.extend(more),
            Err(error) => return Err(error),
        }
    }
    if !obstacles.is_empty() {
        return Err(Error::InTheWay(obstacles));
    }
    if !options.dry_run {
        fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
    }
    for plan in &plans {
        if !options.dry_run {
            plan.carry_out()?;
        }
        plan.tell(options.dry_run, &mut outcome);
    }
    outcome.notes.extend(notes(&place, options));
    Ok(outcome)
}

fn notes(place: &Place, options: &Options) -> Vec<String> {
    let folder = show(&place.folder);
    let mut notes = Vec::new();
    if place.is_shared() {
        notes.push(format!("every repository that looks for hooks in {folder} now runs importgate"));
    } else if place.folder.ends_with(".husky/_") {
        notes.push(
            "husky writes this folder anew at every `npm install`, and these hooks are gone then. \
             What lasts is a line in .husky/pre-commit and .husky/pre-push: importgate pre-commit \"$@\", importgate pre-push \"$@\""
                .into(),
        );
    } else if place.folder.starts_with(&place.top) && !place.folder.starts_with(&place.common) {
        notes.push(format!(
            "{folder} is in the worktree: if its hooks are committed, others run these too, with importgate from their PATH"
        ));
    } else if place.linked {
        notes.push(format!("every worktree of {} runs these hooks", show(&place.common)));
    }
    if options.program.components().any(|part| part.as_os_str() == "target") {
        notes.push(format!("the hooks run {}: `cargo clean` takes that away", show(&options.program)));
    }
    notes
}

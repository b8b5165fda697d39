//! Installing: first a plan for all hooks, then the files. A plan that cannot be carried out changes nothing.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::place::Place;
use super::script::{self, HOOKS, Hook};
use super::{Error, Options, Outcome, is_executable, is_program, show};

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
        match Plan::new(hook, folder, &options.program)? {
            Ok(plan) => plans.push(plan),
            Err(obstacle) => obstacles.push(obstacle),
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

/// What is to happen to one hook.
struct Plan {
    path: PathBuf,
    script: Vec<u8>,
    doing: Doing,
    kept: PathBuf,
    notes: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    Write,
    Update,
    /// The hook that is there becomes the kept one.
    Keep,
    /// The hook that is there is the kept one again (husky writes its stubs anew).
    Replace,
}

/// What stands under a name.
enum Present {
    Nothing,
    Ours(Vec<u8>, bool),
    Foreign,
}

impl Plan {
    /// Ok(Err(…)) says what is in the way.
    fn new(hook: &Hook, folder: &Path, program: &Path) -> Result<Result<Self, String>, Error> {
        let path = folder.join(hook.name);
        let kept = hook.kept(folder);
        for path in [&path, &kept] {
            if fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_symlink()) {
                return Ok(Err(format!("{} is in the way: it is not a file. Move it away", show(path))));
            }
        }
        let present = present(&path)?;
        let has_kept = fs::symlink_metadata(&kept).is_ok();
        let doing = match &present {
            Present::Nothing => Doing::Write,
            Present::Ours(..) => Doing::Update,
            Present::Foreign if !has_kept => Doing::Keep,
            Present::Foreign if same(&path, &kept) => Doing::Replace,
            Present::Foreign => {
                let (path, kept) = (show(&path), show(&kept));
                return Ok(Err(format!(
                    "{path} is not importgate's, and {kept} is kept from before: neither may be lost. \
                     Make one hook of the two, or move one of them away, then install again"
                )));
            }
        };
        let first = if doing == Doing::Keep { &path } else { &kept };
        // a link that leads nowhere has nothing to say
        let text = if first.exists() { script::read(first)? } else { Vec::new() };
        let reader = script::reader(&text);
        let script = hook.render(program, reader);
        let unchanged = matches!(&present, Present::Ours(bytes, runs) if *runs && *bytes == script);
        let mut notes = Vec::new();
        if first.exists() {
            if !fs::metadata(first).is_ok_and(|meta| is_executable(&meta)) {
                notes.push(format!("{} is not executable: git did not run it, and importgate does not", show(&kept)));
            } else if reader.is_none() && script::asks_its_name(&String::from_utf8_lossy(&text)) {
                notes
                    .push(format!("{} looks at its own name, which has changed: see that it still works", show(&kept)));
            }
        }
        let doing = if unchanged { Doing::Nothing } else { doing };
        Ok(Ok(Self { path, script, doing, kept, notes }))
    }

    /// The hook is whole at every moment: a complete file takes its name in one step.
    fn carry_out(&self) -> Result<(), Error> {
        if self.doing == Doing::Nothing {
            return Ok(());
        }
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let fresh = self.path.with_file_name(format!(".{name}.importgate-{}", std::process::id()));
        // what an interrupted run left; process ids come again
        let _ = fs::remove_file(&fresh);
        let result = self.write(&fresh).and_then(|()| self.take_name(&fresh));
        if result.is_err() {
            // the error is told; that the rest could not be cleaned up adds nothing
            let _ = fs::remove_file(&fresh);
        }
        result
    }

    fn write(&self, fresh: &Path) -> Result<(), Error> {
        let written = OpenOptions::new().write(true).create_new(true).open(fresh).and_then(|mut file| {
            file.write_all(&self.script)?;
            file.set_permissions(Permissions::from_mode(0o755))?;
            file.sync_all()
        });
        written.map_err(Error::io("write", &self.path))
    }

    fn take_name(&self, fresh: &Path) -> Result<(), Error> {
        let mut moved = false;
        if self.doing == Doing::Keep {
            // a second name first, so that there is no moment without a hook; some file systems know no second names
            match fs::hard_link(&self.path, &self.kept) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    return Err(Error::io("keep", &self.kept)(error));
                }
                Err(_) => {
                    fs::rename(&self.path, &self.kept).map_err(Error::io("keep", &self.kept))?;
                    moved = true;
                }
            }
        }
        fs::rename(fresh, &self.path).map_err(|error| {
            if moved {
                let _ = fs::rename(&self.kept, &self.path);
            }
            Error::io("write", &self.path)(error)
        })
    }

    fn tell(&self, dry_run: bool, outcome: &mut Outcome) {
        let would = if dry_run { "would " } else { "" };
        let path = show(&self.path);
        outcome.changed |= self.doing != Doing::Nothing;
        outcome.lines.push(match self.doing {
            Doing::Nothing => format!("unchanged {path}"),
            Doing::Write => format!("{would}write {path}"),
            Doing::Update | Doing::Replace => format!("{would}update {path}"),
            Doing::Keep => format!("{would}write {path}, keep what was there as {}", show(&self.kept)),
        });
        outcome.notes.extend(self.notes.iter().cloned());
    }
}

fn present(path: &Path) -> Result<Present, Error> {
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Present::Nothing),
        Err(error) => return Err(Error::io("read", path)(error)),
    };
    // a link is never ours: we write files
    if meta.is_symlink() {
        return Ok(Present::Foreign);
    }
    let bytes = script::read(path)?;
    let ours = script::ours(&bytes).is_some();
    Ok(if ours { Present::Ours(bytes, is_executable(&meta)) } else { Present::Foreign })
}

/// Whether two hooks are the same in all that uninstalling would bring back.
fn same(one: &Path, other: &Path) -> bool {
    let (Ok(a), Ok(b)) = (fs::symlink_metadata(one), fs::symlink_metadata(other)) else { return false };
    if a.is_symlink() || b.is_symlink() {
        return matches!((fs::read_link(one), fs::read_link(other)), (Ok(a), Ok(b)) if a == b);
    }
    a.permissions() == b.permissions()
        && a.len() == b.len()
        && matches!((fs::read(one), fs::read(other)), (Ok(a), Ok(b)) if a == b)
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

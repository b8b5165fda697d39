//! Plan for one hook, and carrying it out.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::script::{self, Hook};
use super::{Error, Outcome, is_executable, show};

/// Planned change of one hook.
pub(super) struct Plan {
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
    /// The existing hook becomes the kept one.
    Keep,
    /// The existing hook equals the kept one, and is replaced (husky rewrites its stubs).
    Replace,
}

impl Plan {
    /// Plans the change without making it. [`Error::InTheWay`] names a file that can neither be kept nor replaced.
    pub(super) fn new(hook: &Hook, folder: &Path, program: &Path) -> Result<Self, Error> {
        let (path, kept) = (hook.file(folder), hook.kept(folder));
        let mut doing = choose(&path, &kept).map_err(|obstacle| Error::InTheWay(vec![obstacle]))?;
        let first = if doing == Doing::Keep { &path } else { &kept };
        // A dangling symlink has no text.
        let text = if first.exists() { script::read(first)? } else { Vec::new() };
        let reader = script::reader(&text);
        let script = hook.render(program, reader);
        if doing == Doing::Update && runs(&path) && script::read(&path)? == script {
            doing = Doing::Nothing;
        }
        let mut notes = Vec::new();
        if first.exists() && !runs(first) {
            notes.push(format!("{} is not executable: git did not run it, and importgate does not", show(&kept)));
        } else if reader.is_none() && script::asks_its_name(&String::from_utf8_lossy(&text)) {
            notes.push(format!("{} looks at its own name, which has changed: check that it still works", show(&kept)));
        }
        if path == hook.legacy(folder) {
            notes.push(format!("{} is another tool's and calls {}", show(&folder.join(hook.name)), show(&path)));
        }
        Ok(Self { path, script, doing, kept, notes })
    }

    /// Carries out the plan. The hook is complete at every moment: a finished file is renamed into
    /// place.
    pub(super) fn carry_out(&self) -> Result<(), Error> {
        if self.doing == Doing::Nothing {
            return Ok(());
        }
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let fresh = self.path.with_file_name(format!(".{name}.importgate-{}", std::process::id()));
        // An interrupted run may have left this file, as process ids repeat.
        let _ = fs::remove_file(&fresh);
        let result = self.write(&fresh).and_then(|()| self.rename_into_place(&fresh));
        if result.is_err() {
            // The first error is reported; one from cleaning up would add nothing.
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

    fn rename_into_place(&self, fresh: &Path) -> Result<(), Error> {
        let mut moved = false;
        if self.doing == Doing::Keep {
            // A hard link first, so that the hook is never missing; some file systems have none.
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

    pub(super) fn tell(&self, dry_run: bool, outcome: &mut Outcome) {
        let would = if dry_run { "would " } else { "" };
        let path = show(&self.path);
        outcome.changed |= self.doing != Doing::Nothing;
        outcome.lines.push(match self.doing {
            Doing::Nothing => format!("unchanged {path}"),
            Doing::Write => format!("{would}write {path}"),
            Doing::Update | Doing::Replace => format!("{would}update {path}"),
            Doing::Keep => format!("{would}write {path}, keep the existing hook as {}", show(&self.kept)),
        });
        outcome.notes.extend(self.notes.iter().cloned());
    }
}

/// Chooses the change by the existing file; an error names the obstacle.
fn choose(path: &Path, kept: &Path) -> Result<Doing, String> {
    for path in [path, kept] {
        if fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_symlink()) {
            return Err(format!("{} is not a file; move it away", show(path)));
        }
    }
    if fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(Doing::Write);
    }
    if script::is_ours(path) {
        return Ok(Doing::Update);
    }
    if fs::symlink_metadata(kept).is_err() {
        return Ok(Doing::Keep);
    }
    if same(path, kept) {
        return Ok(Doing::Replace);
    }
    Err(format!(
        "{} is not importgate's, and {} is the hook kept earlier: importgate overwrites neither. \
         Make one hook of the two, or move one of them away, then install again",
        show(path),
        show(kept)
    ))
}

fn runs(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| is_executable(&meta))
}

/// Returns whether two hooks are the same in everything that uninstalling would restore.
pub(super) fn same(one: &Path, other: &Path) -> bool {
    let (Ok(a), Ok(b)) = (fs::symlink_metadata(one), fs::symlink_metadata(other)) else { return false };
    if a.is_symlink() || b.is_symlink() {
        return matches!((fs::read_link(one), fs::read_link(other)), (Ok(a), Ok(b)) if a == b);
    }
    a.permissions() == b.permissions()
        && a.len() == b.len()
        && matches!((fs::read(one), fs::read(other)), (Ok(a), Ok(b)) if a == b)
}

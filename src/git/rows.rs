//! What stands at one place at every side becomes a file that differs, or a folder to be compared.

use gix::hash::{ObjectId, oid};

use super::error::Error;
use super::listing::{Folder, Item, Kind};
use super::{Blob, ChangedFile};

/// Beyond what git itself writes (`core.maxTreeDepth` is 2048 by default, 4096 before).
const MAX_DEPTH: usize = 4096;
/// A repository of some hundred bytes can unfold to billions of paths, and each path can have megabytes.
const MAX_FILES: usize = 1_000_000;
const MAX_FOLDERS: usize = 1_000_000;
const MAX_PATHS: usize = 256 << 20;
/// What a path has on average, in bytes, at the most.
const PATH: usize = 256;

/// A folder to be compared, its path with a slash at the end.
pub(super) struct Task {
    pub path: Vec<u8>,
    pub depth: usize,
    pub old: Vec<Option<ObjectId>>,
    pub new: Option<Folder>,
}

/// What a walk has found, and where it has yet to go.
pub(super) struct Rows {
    pub tasks: Vec<Task>,
    pub files: Vec<ChangedFile>,
    /// How many files and folders may yet be found, and how many bytes their paths may have.
    files_left: usize,
    folders_left: usize,
    bytes_left: usize,
}

impl Rows {
    /// For a walk from `top`.
    pub fn new(top: Task) -> Self {
        let (files_left, folders_left, bytes_left) = (MAX_FILES, MAX_FOLDERS, MAX_PATHS);
        Self { tasks: vec![top], files: Vec::new(), files_left, folders_left, bytes_left }
    }

    /// The same where one side is an index of so many entries: it bounds its files itself.
    pub fn allow(&mut self, entries: usize) {
        self.files_left = self.files_left.max(entries.saturating_mul(2));
        self.folders_left = self.folders_left.max(entries.saturating_mul(2));
        self.bytes_left = self.bytes_left.max(entries.saturating_mul(2 * PATH));
    }

    /// Takes what stands at one place of the folder `task`, `least` among it, unless all sides hold the same. For a
    /// folder `node` is its number in the cache-tree.
    pub fn take(
        &mut self,
        task: &Task,
        least: &Item<'_>,
        old: &[Option<Item<'_>>],
        new: Option<&Item<'_>>,
        node: impl FnOnce() -> Option<usize>,
    ) -> Result<(), Error> {
        if !old.is_empty() && old.iter().all(|old| same_item(old.as_ref(), new)) {
            return Ok(());
        }
        if least.kind == Kind::Folder {
            take(&mut self.folders_left, 1, "the number of changed folders", MAX_FOLDERS)?;
            self.take_path(task, least)?;
            self.tasks.push(subfolder(task, least, old, new, node())?);
        } else if let Some(file) = changed_file(&task.path, least, old, new) {
            take(&mut self.files_left, 1, "the number of changed files", MAX_FILES)?;
            self.take_path(task, least)?;
            self.files.push(file);
        }
        Ok(())
    }

    fn take_path(&mut self, task: &Task, least: &Item<'_>) -> Result<(), Error> {
        let length = task.path.len() + least.name.len();
        take(&mut self.bytes_left, length, "what the paths of changed files take, in bytes,", MAX_PATHS)
    }
}

/// Takes some of what is left of a limit.
fn take(left: &mut usize, count: usize, what: &str, limit: usize) -> Result<(), Error> {
    let over = || Error::TooLarge { what: what.into(), limit: limit.to_string() };
    *left = left.checked_sub(count).ok_or_else(over)?;
    Ok(())
}

/// Whether two sides hold the same for sure. A folder of the index without known tree has no id, and equals nothing.
fn same_item(old: Option<&Item<'_>>, new: Option<&Item<'_>>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => old.kind == new.kind && old.id == new.id,
        (None, None) => true,
        _ => false,
    }
}

fn subfolder(
    task: &Task,
    least: &Item<'_>,
    old: &[Option<Item<'_>>],
    new: Option<&Item<'_>>,
    node: Option<usize>,
) -> Result<Task, Error> {
    if task.depth >= MAX_DEPTH {
        return Err(Error::TooDeep { limit: MAX_DEPTH });
    }
    let path = [&task.path, least.name, b"/"].concat();
    let old = old.iter().map(|item| item.as_ref().and_then(tree_id)).collect();
    let new = new.and_then(|item| {
        if item.slots.is_empty() {
            tree_id(item).map(Folder::Tree)
        } else {
            Some(Folder::Index { slots: item.slots.clone(), node })
        }
    });
    Ok(Task { path, depth: task.depth + 1, old, new })
}

fn changed_file(
    folder: &[u8],
    least: &Item<'_>,
    old: &[Option<Item<'_>>],
    new: Option<&Item<'_>>,
) -> Option<ChangedFile> {
    let old: Vec<_> = old.iter().map(|item| item.as_ref().and_then(blob)).collect();
    let new = new.and_then(blob);
    let changed = if old.is_empty() { new.is_some() } else { old.iter().any(|&old| old != new) };
    changed.then(|| ChangedFile { path: [folder, least.name].concat(), old, new })
}

fn blob(item: &Item<'_>) -> Option<Blob> {
    if item.kind != Kind::File {
        return None;
    }
    oid::try_from_bytes(item.id).ok().map(|id| Blob(id.to_owned()))
}

fn tree_id(item: &Item<'_>) -> Option<ObjectId> {
    ObjectId::try_from(item.id).ok()
}

/// Trees that are not in git's order yield one path in several rows; what one row lacks, another one has.
pub(super) fn join_halves(files: &mut Vec<ChangedFile>) {
    files.dedup_by(|later, kept| {
        let fits = |a: Option<Blob>, b: Option<Blob>| a.is_none() || b.is_none();
        let joins = later.path == kept.path
            && fits(later.new, kept.new)
            && later.old.iter().zip(&kept.old).all(|(&a, &b)| fits(a, b));
        if joins {
            kept.new = kept.new.or(later.new);
            for (kept, later) in kept.old.iter_mut().zip(&later.old) {
                *kept = kept.or(*later);
            }
        }
        joins
    });
    files.retain(|file| file.old.is_empty() || file.old.iter().any(|&old| old != file.new));
}

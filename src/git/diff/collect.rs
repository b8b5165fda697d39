//! Collects the entries of one name at every side into a file that differs, or a folder to be compared.

use gix::hash::{ObjectId, oid};

use super::tree_iter::{Folder, Item};
use crate::git::change::{Blob, ChangedFile, EntryKind};
use crate::git::error::Error;
use crate::git::per_side::PerSide;

/// The deepest folder; git writes none as deep (`core.maxTreeDepth` is 2048 by default, 4096 before).
const MAX_DEPTH_FOLDERS: usize = 4096;
/// A repository of some hundred bytes can unfold to billions of paths, and each path can have megabytes.
const MAX_FILES: usize = 1_000_000;
const MAX_FOLDERS: usize = 1_000_000;
const MAX_PATH_BYTES_IN_ALL: usize = 256 << 20;
/// Memory that a changed file takes beside its path, with one run of old sides, and what is noted of it later.
const BYTES_BESIDE_PATH: usize = size_of::<ChangedFile>() + size_of::<(u32, Option<Blob>)>() + 64;
/// The longest path, on average, of the entries of an index.
const MAX_AVERAGE_PATH_BYTES: usize = 256;

/// A folder to be compared, its path with a slash at the end.
pub(in crate::git) struct Task {
    pub path: Vec<u8>,
    pub depth: usize,
    pub old: PerSide<Option<ObjectId>>,
    pub new: Option<Folder>,
}

/// What differs between the sides of a change.
#[derive(Default)]
pub(in crate::git) struct Difference {
    /// The files that differ between the new side and any old one, sorted by path.
    pub files: Vec<ChangedFile>,
    /// Whether no more than what files hold differs: nothing comes, goes, or is of another kind.
    pub is_in_place: bool,
}

/// The files that a walk has found, and the folders that it has yet to visit.
pub(in crate::git) struct Collector {
    pub tasks: Vec<Task>,
    pub found: Difference,
    /// The number of folders found, and of bytes in the paths of files and folders.
    folders: usize,
    bytes: usize,
    /// The number of entries of an index that is one side: it bounds its files itself.
    entries: usize,
    /// The most bytes of memory for what is collected.
    max_held_bytes: usize,
}

impl Collector {
    /// A collector for a walk from `top`.
    pub fn new(top: Task) -> Self {
        let found = Difference { files: Vec::new(), is_in_place: true };
        Self { tasks: vec![top], found, folders: 0, bytes: 0, entries: 0, max_held_bytes: usize::MAX }
    }

    /// Raises the limits for a side that is an index of so many `entries`.
    pub fn allow(&mut self, entries: usize) {
        self.entries = self.entries.max(entries);
    }

    /// Bounds the memory for what is collected.
    pub fn hold_at_most(&mut self, bytes: usize) {
        self.max_held_bytes = bytes;
    }

    /// Takes the entries of one name in the folder `task`, `least` among them, unless they are the same at all sides. For a
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
        let is_of_kind = |item: Option<&Item<'_>>| item.is_some_and(|item| item.kind == least.kind);
        self.found.is_in_place &= is_of_kind(new) && old.iter().all(|old| is_of_kind(old.as_ref()));
        if least.kind == EntryKind::Folder {
            self.tasks.push(subfolder(task, least, old, new, node())?);
            self.folders += 1;
        } else if let Some(file) = changed_file(&task.path, least, old, new) {
            self.found.files.push(file);
        } else {
            return Ok(());
        }
        self.bytes += task.path.len() + least.name.len();
        self.within_limits()
    }

    fn within_limits(&self) -> Result<(), Error> {
        let most = |limit: usize, each: usize| limit.max(self.entries.saturating_mul(each));
        for (what, count, limit) in [
            ("the number of changed files", self.found.files.len(), most(MAX_FILES, 2)),
            ("the number of changed folders", self.folders, most(MAX_FOLDERS, 2)),
            (
                "the size of all changed paths in bytes",
                self.bytes,
                most(MAX_PATH_BYTES_IN_ALL, 2 * MAX_AVERAGE_PATH_BYTES),
            ),
        ] {
            if count > limit {
                return Err(Error::TooLarge { what: what.into(), limit: limit.to_string() });
            }
        }
        let held = self.bytes + self.found.files.len() * BYTES_BESIDE_PATH + self.folders * size_of::<Task>();
        if held > self.max_held_bytes {
            let limit = format!("{} MiB", self.max_held_bytes >> 20);
            return Err(Error::TooLarge { what: "the memory for all changed paths".into(), limit });
        }
        Ok(())
    }
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
    if task.depth >= MAX_DEPTH_FOLDERS {
        return Err(Error::TooDeep { limit: MAX_DEPTH_FOLDERS });
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
    let old: PerSide<_> = old.iter().map(|item| item.as_ref().and_then(blob)).collect();
    let new = new.and_then(blob);
    let changed = if old.is_empty() { new.is_some() } else { old.values().any(|&old| old != new) };
    changed.then(|| ChangedFile { path: [folder, least.name].concat(), old, new })
}

fn blob(item: &Item<'_>) -> Option<Blob> {
    if item.kind != EntryKind::File {
        return None;
    }
    oid::try_from_bytes(item.id).ok().map(|id| Blob(id.to_owned()))
}

fn tree_id(item: &Item<'_>) -> Option<ObjectId> {
    ObjectId::try_from(item.id).ok()
}

/// Sorts files by path.
pub(in crate::git) fn sort_by_path(files: &mut [ChangedFile]) {
    files.sort_by(|a, b| a.path.cmp(&b.path));
}

/// Joins files of one path: trees that are not in git's order yield it twice, each time with some of the sides.
pub(in crate::git) fn join_halves(files: &mut Vec<ChangedFile>) {
    files.dedup_by(|later, kept| {
        let fits = |a: Option<Blob>, b: Option<Blob>| a.is_none() || b.is_none();
        let joins = later.path == kept.path
            && fits(later.new, kept.new)
            && later.old.iter().zip(kept.old.iter()).all(|(a, b)| fits(a, b));
        if joins {
            kept.new = kept.new.or(later.new);
            kept.old = kept.old.iter().zip(later.old.iter()).map(|(kept, later)| kept.or(later)).collect();
        }
        joins
    });
    files.retain(|file| file.old.is_empty() || file.old.values().any(|&old| old != file.new));
}

//! A commit's changes to some paths, as in `git log -- path`.

use std::rc::Rc;
use std::sync::Arc;

use gix::hash::ObjectId;

use super::new_commits::NewCommits;
use crate::git::change::{Blob, ChangedFile, CommitId, EntryKind};
use crate::git::diff::collect::{Difference, sort_by_path};
use crate::git::error::Error;
use crate::git::odb::tree_cache::SortedTree;
use crate::git::repository::Repository;
use crate::git::snapshot::{Changes, Files};

/// A folder that contains watched paths.
struct Task {
    /// Index of the first path in it; `end` is the index past the last.
    first: usize,
    end: usize,
    /// Length of its path in bytes, with the slash.
    prefix: usize,
    new: ObjectId,
    old: Vec<Option<ObjectId>>,
}

impl Repository {
    /// Returns the files among the sorted `paths` that differ at a new commit from every parent, in
    /// their order; for a commit that is not new, all its changes.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn changes_in(
        &self,
        new_commits: &NewCommits,
        commit: CommitId,
        paths: &[Arc<[u8]>],
    ) -> Result<Changes<'_>, Error> {
        let mut buffer = Vec::new();
        let Some(this) = new_commits.get(&commit.0) else { return self.changes_of(commit) };
        let mut old = Vec::new();
        for parent in &this.parents {
            let tree = match new_commits.get(parent) {
                Some(parent) => parent.tree,
                None => self.objects.commit(parent, &mut buffer)?.tree,
            };
            if !old.contains(&tree) {
                old.push(tree);
            }
        }
        let mut files = Vec::new();
        if !old.contains(&this.tree) {
            let sides = old.iter().copied().map(Some).collect();
            let mut tasks = vec![Task { first: 0, end: paths.len(), prefix: 0, new: this.tree, old: sides }];
            while let Some(task) = tasks.pop() {
                self.watch(&task, paths, &mut tasks, &mut files)?;
            }
            sort_by_path(&mut files);
        }
        // Other files may come and go.
        let found = Difference { files, is_in_place: false };
        Ok(self.changes(found, Files::Tree(this.tree), old))
    }

    fn watch(
        &self,
        task: &Task,
        paths: &[Arc<[u8]>],
        tasks: &mut Vec<Task>,
        files: &mut Vec<ChangedFile>,
    ) -> Result<(), Error> {
        let new = self.trees.get(&self.objects, &task.new)?;
        let mut old: Option<Vec<Option<Rc<SortedTree>>>> = None;
        let mut at = task.first;
        while let Some(path) = paths.get(at).filter(|_| at < task.end) {
            let rest = path.get(task.prefix..).unwrap_or_default();
            let slash = memchr::memchr(b'/', rest);
            let name = rest.get(..slash.unwrap_or(rest.len())).unwrap_or_default();
            let prefix = task.prefix + name.len() + 1;
            let first = at;
            at += 1;
            if slash.is_some() {
                // Sorted paths of one folder are adjacent.
                let folder = path.get(..prefix).unwrap_or_default();
                at += paths.get(at..task.end).unwrap_or_default().partition_point(|path| path.starts_with(folder));
            }
            let wanted = if slash.is_some() { EntryKind::Folder } else { EntryKind::File };
            let of = |names: &SortedTree| names.find(name).filter(|(kind, _)| *kind == wanted).map(|(_, id)| id);
            let Some(id) = of(&new) else { continue };
            let old = match &old {
                Some(old) => old,
                None => {
                    let read = |id: &Option<ObjectId>| id.map(|id| self.trees.get(&self.objects, &id)).transpose();
                    old.insert(task.old.iter().map(read).collect::<Result<Vec<_>, _>>()?)
                }
            };
            let was: Vec<Option<ObjectId>> = old.iter().map(|names| names.as_deref().and_then(of)).collect();
            if was.contains(&Some(id)) {
                continue;
            }
            if slash.is_some() {
                tasks.push(Task { first, end: at, prefix, new: id, old: was });
            } else {
                let old = was.into_iter().map(|id| id.map(Blob)).collect();
                files.push(ChangedFile { path: path.to_vec(), old, new: Some(Blob(id)) });
            }
        }
        Ok(())
    }
}

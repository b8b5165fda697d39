//! The staged change: the index against the commits that become the new commit's parents.

use std::sync::Arc;

use gix::hash::ObjectId;

use super::collect::Difference;
use super::trees::{NewSide, TreeDiff, difference};
use crate::git::change::CommitId;
use crate::git::error::Error;
use crate::git::index::cache_tree::Root;
use crate::git::index::entries::Entries;
use crate::git::index::file::Index;
use crate::git::repository::Repository;
use crate::git::snapshot::{Changes, Files, Snapshot};

/// Changed folders from which on the index's entries are cheaper than the new trees, each a file of its own.
const MAX_TREES: usize = 250;
/// Changed folders, known and not yet visited, that foretell more than [`MAX_TREES`].
const MAX_WAITING_TREES: usize = 40;
/// Files in a folder, on average, from which on the index's entries are cheaper than any new tree.
const MAX_FILES_PER_TREE: usize = 200;
/// Average size of a cache-tree node.
const NODE_BYTES: usize = 40;

impl Repository {
    /// The index against HEAD and, in a merge, the other parents (`MERGE_HEAD`; before it exists, `GITHEAD_<oid>` in
    /// the environment). Before the first commit there is no old side, and every file is new.
    ///
    /// Of a conflict "ours" counts, and nothing where ours has no file. Entries that are only intended to be added
    /// are not there yet. With `--amend` it is what the amendment adds to HEAD: a hook cannot know of it.
    ///
    /// # Errors
    /// When index, references or objects cannot be read.
    pub fn staged(&self) -> Result<Changes<'_>, Error> {
        self.staged_against(&self.parents()?)
    }

    /// The index against these commits.
    ///
    /// # Errors
    /// When index or objects cannot be read.
    pub fn staged_against(&self, commits: &[CommitId]) -> Result<Changes<'_>, Error> {
        let commits: Vec<ObjectId> = commits.iter().map(|commit| commit.0).collect();
        let old = self.objects.trees_of(&commits)?;
        let (found, new) = self.compare_index(&old)?;
        Ok(self.changes(found, new, old))
    }

    /// The commits that become the new commit's parents, as far as a hook can know: HEAD first.
    ///
    /// # Errors
    /// When references or objects cannot be read.
    pub fn parents(&self) -> Result<Vec<CommitId>, Error> {
        let Some(head) = self.head()? else { return Ok(Vec::new()) };
        let others = self.other_parents(&head)?;
        Ok(std::iter::once(head).chain(others).map(CommitId).collect())
    }

    /// The files of the index.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn index(&self) -> Result<Snapshot<'_>, Error> {
        let entries = Entries::read(Index::open(self.index_path(), self.objects.hash())?)?;
        Ok(Snapshot::new(self, Files::Index(Arc::new(entries))))
    }

    /// Every file of the index as new.
    ///
    /// # Errors
    /// When index or objects cannot be read.
    pub fn all(&self) -> Result<Changes<'_>, Error> {
        let entries = Entries::read(Index::open(self.index_path(), self.objects.hash())?)?;
        let found = difference(&self.objects, &self.trees, &[], &NewSide::Index(&entries), usize::MAX)?;
        Ok(self.changes(found, Files::Index(Arc::new(entries)), Vec::new()))
    }

    fn compare_index(&self, old: &[ObjectId]) -> Result<(Difference, Files), Error> {
        let index = Index::open(self.index_path(), self.objects.hash())?;
        let cache_tree = index.cache_tree();
        let root = cache_tree.and_then(|(root, _)| root);
        let has_large_folders =
            cache_tree.is_some_and(|(_, nodes)| index.count / MAX_FILES_PER_TREE > nodes.len() / NODE_BYTES);
        let max_trees = if has_large_folders { 0 } else { MAX_TREES };
        if let Some(Root { id, .. }) = root.filter(|root| root.entries == index.count) {
            match self.compare_root(old, id, max_trees, MAX_WAITING_TREES)? {
                Some((walk, true)) => return Ok((walk.finish(), Files::Tree(id))),
                Some((walk, false)) => {
                    let rest = self.compare_rest(walk, index)?;
                    return rest.map_or_else(|| self.compare_trees(old, id), Ok);
                }
                None => {}
            }
        }
        let told = index.count;
        let entries = Entries::read(index)?;
        // A split index has its entries elsewhere, so that only now they can be counted.
        if let Some(root) = root.filter(|root| root.entries != told && root.entries == entries.all().len())
            && let Some((walk, true)) = self.compare_root(old, root.id, usize::MAX, usize::MAX)?
        {
            return Ok((walk.finish(), Files::Tree(root.id)));
        }
        let found = difference(&self.objects, &self.trees, old, &NewSide::Index(&entries), usize::MAX)?;
        Ok((found, Files::Index(Arc::new(entries))))
    }

    fn compare_trees(&self, old: &[ObjectId], root: ObjectId) -> Result<(Difference, Files), Error> {
        Ok((difference(&self.objects, &self.trees, old, &NewSide::Tree(root), usize::MAX)?, Files::Tree(root)))
    }

    /// Goes on with a walk over trees by the index's entries. `None` where the entries are not what the trees hold.
    fn compare_rest(&self, walk: TreeDiff<'_>, index: Index) -> Result<Option<(Difference, Files)>, Error> {
        let entries = Entries::read(index)?;
        let Some(mut walk) = walk.turn_to(&entries) else { return Ok(None) };
        walk.run()?;
        Ok(Some((walk.finish(), Files::Index(Arc::new(entries)))))
    }

    /// Compares with the root of a whole cache-tree, the tree about to be committed; `None` if git has not written it yet.
    /// Says whether at most `folders`, with at most `waiting` known to follow, were all.
    fn compare_root(
        &self,
        old: &[ObjectId],
        root: ObjectId,
        folders: usize,
        waiting: usize,
    ) -> Result<Option<(TreeDiff<'_>, bool)>, Error> {
        let mut walk = TreeDiff::new(&self.objects, &self.trees, old, &NewSide::Tree(root));
        Ok(unless_entries_decide(walk.run_short(folders, waiting))?.map(|done| (walk, done)))
    }

    /// The parents besides HEAD of a merge about to be committed.
    fn other_parents(&self, head: &ObjectId) -> Result<Vec<ObjectId>, Error> {
        let path = self.git_dir().join("MERGE_HEAD");
        let mut parents: Vec<ObjectId> = match std::fs::read(&path) {
            Ok(content) => {
                content.split(|&byte| byte == b'\n').filter_map(|hex| ObjectId::from_hex(hex).ok()).collect()
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => self.announced_parents()?,
            Err(error) => return Err(Error::io(&path)(error)),
        };
        parents.retain(|parent| parent != head);
        Ok(parents)
    }

    /// `git merge` tells its pre-merge-commit hook the other parents in the names of variables only.
    fn announced_parents(&self) -> Result<Vec<ObjectId>, Error> {
        let mut parents = Vec::new();
        for (name, _) in std::env::vars_os() {
            let hex = name.as_encoded_bytes().strip_prefix(b"GITHEAD_");
            let Some(id) = hex.and_then(|hex| ObjectId::from_hex(hex).ok()) else { continue };
            if self.objects.kind(&id)? == Some(gix::objs::Kind::Commit) {
                parents.push(id);
            }
        }
        // The environment has no order; reports must not depend on it.
        parents.sort_unstable();
        Ok(parents)
    }
}

/// The result of a walk over trees; `None` where git has not written one of them yet, or where they unfold beyond a limit:
/// the entries are there, and bound themselves. If an old tree is missing, comparing with the entries meets that too.
fn unless_entries_decide<T>(walked: Result<T, Error>) -> Result<Option<T>, Error> {
    match walked {
        Ok(found) => Ok(Some(found)),
        Err(Error::MissingObject { what: "tree", .. } | Error::TooLarge { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

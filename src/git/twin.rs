//! A repository and a snapshot of it, opened once more for another thread.

use std::path::PathBuf;

use std::time::Instant;

use super::error::Error;
use super::odb::alternates::ObjectDirs;
use super::odb::store::ObjectStore;
use super::odb::tree_cache::TreeCache;
use super::refs::Held;
use super::repository::Repository;
use super::snapshot::{Files, Snapshot};

/// What it takes to open a repository in another thread.
pub struct Twin {
    pub(super) gix: gix::Repository,
    pub(super) git_dir: PathBuf,
    pub(super) common_dir: PathBuf,
    pub(super) top: Option<PathBuf>,
    pub(super) index_path: PathBuf,
    pub(super) is_partial: bool,
    pub(super) max_held_bytes: usize,
    pub(super) deadline: Option<Instant>,
    pub(super) files: Files,
}

/// A twin, opened.
pub struct Opened {
    repository: Repository,
    files: Files,
}

impl Twin {
    /// Opens it.
    ///
    /// # Errors
    /// When the object directories cannot be read.
    pub fn open(self) -> Result<Opened, Error> {
        let folders = ObjectDirs::of_environment(self.common_dir.join("objects"));
        let objects = ObjectStore::open(folders, self.gix.object_hash(), self.is_partial)?;
        let repository = Repository {
            gix: Box::new(self.gix),
            git_dir: self.git_dir,
            objects,
            trees: TreeCache::default(),
            common_dir: self.common_dir,
            top: self.top,
            index_path: self.index_path,
            max_held_bytes: self.max_held_bytes,
            references: Held::default(),
            temporary: None,
        };
        if let Some(deadline) = self.deadline {
            repository.set_deadline(deadline);
        }
        Ok(Opened { repository, files: self.files })
    }
}

impl Opened {
    /// The repository.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        Snapshot::new(&self.repository, self.files.clone())
    }
}

impl Snapshot<'_> {
    /// What opens this snapshot, and its repository, in another thread; `None` where its objects last no longer than a value
    /// of this one.
    #[must_use]
    pub fn twin(&self) -> Option<Twin> {
        let (repository, files) = self.parts();
        if repository.temporary.is_some() {
            return None;
        }
        Some(Twin {
            gix: repository.gix().clone(),
            git_dir: repository.git_dir.clone(),
            common_dir: repository.common_dir.clone(),
            top: repository.top.clone(),
            index_path: repository.index_path.clone(),
            is_partial: repository.is_partial(),
            max_held_bytes: repository.max_held_bytes,
            deadline: repository.objects.deadline(),
            files: files.clone(),
        })
    }
}

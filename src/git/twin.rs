//! A repository and a snapshot of it, opened once more for another thread.

use std::time::Instant;

use super::error::Error;
use super::repository::{Place, Repository};
use super::snapshot::{Files, Snapshot};

/// What it takes to open a repository in another thread.
pub struct Twin {
    gix: gix::Repository,
    place: Place,
    is_partial: bool,
    deadline: Option<Instant>,
    files: Files,
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
        let repository = Repository::at(Box::new(self.gix), self.place, self.is_partial)?;
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
        if repository.is_temporary() {
            return None;
        }
        Some(Twin {
            gix: repository.gix().clone(),
            place: repository.place().clone(),
            is_partial: repository.is_partial(),
            deadline: repository.objects.deadline(),
            files: files.clone(),
        })
    }
}

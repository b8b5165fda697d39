//! A repository and a change in it, opened once more for another thread.

use std::time::Instant;

use super::error::Error;
use super::repository::{Place, Repository};
use super::snapshot::{Changes, Sides};

/// What it takes to open a change, and its repository, in another thread.
pub struct Twin {
    gix: gix::Repository,
    place: Place,
    is_partial: bool,
    deadline: Option<Instant>,
    sides: Sides,
}

/// A twin, opened.
pub struct Opened {
    repository: Repository,
    sides: Sides,
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
        Ok(Opened { repository, sides: self.sides })
    }
}

impl Opened {
    /// The repository.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The change.
    #[must_use]
    pub fn changes(&self) -> Changes<'_> {
        self.repository.changes_between(self.sides.clone())
    }
}

impl Changes<'_> {
    /// What opens this change, and its repository, in another thread; `None` where its objects last no longer than a value of
    /// this one.
    #[must_use]
    pub fn twin(&self) -> Option<Twin> {
        let repository = self.repository();
        if repository.is_temporary() {
            return None;
        }
        Some(Twin {
            gix: repository.gix().clone(),
            place: repository.place().clone(),
            is_partial: repository.is_partial(),
            deadline: repository.objects.deadline(),
            sides: self.sides(),
        })
    }
}

//! Branches that a policy names, by globs of their short names.

use crate::globs::{BadGlob, GlobId, Globs, PathGlobs};

/// Globs of branches' short names. `*` does not cross `/`, `**` does; a name means everything beneath it too.
#[derive(Clone, Debug, Default)]
pub struct Branches {
    globs: Globs,
    ids: Vec<GlobId>,
}

impl Branches {
    pub(super) fn add(&mut self, glob: &str) -> Result<(), BadGlob> {
        self.ids.push(self.globs.add(glob)?);
        Ok(())
    }

    /// Returns whether there is no glob.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns whether a branch is named, by its short name.
    #[must_use]
    pub fn has(&self, branch: &[u8]) -> bool {
        PathGlobs::new(&self.globs, branch).any(&self.ids)
    }

    /// Returns the globs as they are written.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(|id| self.globs.text(*id))
    }
}

//! What the imports of a file mean, as the language and the tree have it.

use std::borrow::Cow;

use super::{Candidate, Import};
use crate::tree::TreeError;

/// Resolves the imports of one file. There is one resolver per file, so that each look-up is made
/// once.
pub trait Resolver {
    /// Returns the absolute paths that the import may mean, most likely first; none if it can mean
    /// nothing. A star adds no segment: the path is that of the module.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError>;

    /// Returns the paths that uses of the import's local name extend, if they are not the ones that
    /// it means: a default import stands for its module too.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn leads<'i>(&self, _import: &'i Import<'_>) -> Result<Option<Vec<Candidate<'i>>>, TreeError> {
        Ok(None)
    }

    /// Returns the segment that stands for all names that an import brings, if it brings all of its
    /// module: `*`, or `#*` where names are told from modules.
    fn star(&self, import: &Import<'_>) -> Option<&'static str> {
        (import.name.as_deref() == Some("*")).then_some("*")
    }

    /// Returns names with which paths in the file may begin, each with the segment that policies have for it: a
    /// dependency that its package renames. An empty name is any path that begins with no name (`::a`).
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn other_names(&self) -> Result<Vec<(String, String)>, TreeError> {
        Ok(Vec::new())
    }

    /// Returns whether a path in code looks like one that is written out in full, by its first
    /// segments: most names in code begin none. Only asked where no policy writes the first segment.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn is_full_path(&self, _path: &[&str]) -> Result<bool, TreeError> {
        Ok(true)
    }

    /// Returns the number of segments by which a use is counted, as an import of them would be; what
    /// is done with these makes no other use. An entry matches the first `matched` ones.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn counted(&self, import: &Import<'_>, path: &[Cow<'_, str>], matched: usize) -> Result<usize, TreeError> {
        let mut last = matched;
        while last + 1 < path.len() && self.is_module(import, path, last)? {
            last += 1;
        }
        Ok((last + 1).min(path.len()))
    }

    /// Returns whether the segment at `at` of a path that the import means is a module beneath the
    /// one before it, not a name taken from that: as the tree shows, else by the language's habit.
    /// A star is the last segment of its path.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn is_module(&self, _import: &Import<'_>, path: &[Cow<'_, str>], at: usize) -> Result<bool, TreeError> {
        Ok(!path.get(at).is_some_and(|segment| segment.starts_with('#')))
    }

    /// Returns whether a star import may bring the name that a policy writes as this segment
    /// beneath the module's path: not if segments without `#` are separate modules, nor if the
    /// import hides the name.
    fn star_brings(&self, _import: &Import<'_>, _segment: &str) -> bool {
        true
    }
}

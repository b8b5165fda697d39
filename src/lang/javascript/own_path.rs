//! Path of a file as other files import it.

use std::borrow::Cow;

use crate::lang::{Candidate, File, Surroundings};
use crate::tree::TreeError;

use super::resolve::folder_of;
use super::resolve::specifier::in_repository;

/// Returns the path from the top of the repository, without ending and index.
///
/// # Errors
/// Never: the tree is not read.
#[allow(clippy::unnecessary_wraps)] // as the trait has it
pub(super) fn own_paths(file: File<'_>, _around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
    Ok(vec![path_of(file.path).into_iter().map(Cow::Owned).collect()])
}

/// Returns the segments of that path.
pub(super) fn path_of(path: &[u8]) -> Vec<String> {
    let mut segments = folder_of(path);
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    segments.push(String::from_utf8_lossy(name).into_owned());
    in_repository(segments)
}

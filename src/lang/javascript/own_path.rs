//! The path that a file has for whoever imports it.

use std::borrow::Cow;

use crate::lang::{Candidate, File, Surroundings};
use crate::tree::TreeError;

use super::resolve::folder_of;
use super::resolve::specifier::in_repository;

/// From the top of the repository, without ending and index.
///
/// # Errors
/// None: the tree is not asked.
#[allow(clippy::unnecessary_wraps)] // as the trait has it
pub(super) fn own_paths(file: File<'_>, _around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
    Ok(vec![path_of(file.path).into_iter().map(Cow::Owned).collect()])
}

/// The same in segments.
pub(super) fn path_of(path: &[u8]) -> Vec<String> {
    let mut segments = folder_of(path);
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    segments.push(String::from_utf8_lossy(name).into_owned());
    in_repository(segments)
}

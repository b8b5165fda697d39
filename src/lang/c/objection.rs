//! Whether the tree bears out a recommended path.

use crate::lang::Surroundings;
use crate::tree::TreeError;

/// Why the path `instead` cannot be recommended to the file at `path`. Only paths of the repository can be looked up.
///
/// # Errors
/// When the tree cannot be read.
pub(super) fn objection(
    path: &[u8],
    instead: &[String],
    around: &Surroundings<'_>,
) -> Result<Option<String>, TreeError> {
    let [top, segments @ ..] = instead else { return Ok(None) };
    if top != "." {
        return Ok(None);
    }
    let file = segments.join("/");
    Ok(if file.as_bytes() == path {
        Some(format!("this file is `./{file}` itself"))
    } else if around.tree.is_file(file.as_bytes())? {
        None
    } else {
        Some(format!("`./{file}` does not exist in this tree"))
    })
}

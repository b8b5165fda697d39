//! Files mapped into memory: a hook reads a few pages of files that have many megabytes.

use std::fs::File;
use std::io::{ErrorKind, Result};
use std::path::Path;

use memmap2::Mmap;

/// Maps the file at `path`; `None` if there is none.
pub(super) fn map(path: &Path) -> Result<Option<Mmap>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // SAFETY: only files that git never writes into are mapped: it renames finished ones over them, so what is mapped
    // does not change. Whoever truncates them by other means can stop this process, as they could stop git.
    #[allow(unsafe_code)]
    unsafe { Mmap::map(&file) }.map(Some)
}

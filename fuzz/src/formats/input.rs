//! Helpers of all targets: cutting up an input, and files for readers that take paths.

use std::path::PathBuf;
use std::sync::LazyLock;

use gix::hash::Kind as HashKind;

/// Folder of this process, in memory if the system has such a place; `run` removes it.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let parent = std::env::var_os("FUZZ_SCRATCH").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = parent.join(format!("importgate-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for scratch files");
    folder
});

/// Overwrites a file; readers of the previous one have been dropped.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = FOLDER.join(name);
    std::fs::write(&path, bytes).expect("a scratch file");
    path
}

/// Returns the hash that the lowest bit of an input's first byte selects.
pub fn hash(flags: u8) -> HashKind {
    if flags & 1 == 0 { HashKind::Sha1 } else { HashKind::Sha256 }
}

/// Returns the 32-bit number at `at`, most significant byte first.
pub fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Cuts a 16-bit number off the input's start.
pub fn be16(input: &mut &[u8]) -> Option<usize> {
    let (number, rest) = input.split_first_chunk()?;
    *input = rest;
    Some(usize::from(u16::from_be_bytes(*number)))
}

//! Checks whether a program can be run by the hook's user, and from within a chroot.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::super::show;

/// Returns a warning if the owner of `folder` cannot reach `program`: a server's hooks run as its
/// user, and programs are often installed into another user's home.
pub(super) fn unreachable(program: &Path, folder: &Path) -> Option<String> {
    // A folder that does not exist yet will belong to its parent's owner.
    let owner = folder.ancestors().find_map(|folder| fs::metadata(folder).ok())?.uid();
    let program = program.canonicalize().ok()?;
    let closed = program.ancestors().find(|part| {
        fs::metadata(part).is_ok_and(|meta| owner != 0 && meta.uid() != owner && meta.mode() & 0o001 == 0)
    })?;
    Some(format!(
        "the owner of {} may not be able to run {}: {} is not accessible to other users. Put the program into /usr/local/bin",
        show(folder),
        show(&program),
        show(closed)
    ))
}

/// Returns whether a program runs without the system's loader and libraries, and so in an empty
/// chroot; `None` if it is not a 64-bit little-endian ELF file.
/// See <https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.pheader.html>.
pub(super) fn is_static(program: &Path) -> Option<bool> {
    const PT_INTERP: u32 = 3;
    let mut head = Vec::new();
    File::open(program).ok()?.take(4096).read_to_end(&mut head).ok()?;
    if !head.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let offset = usize::try_from(u64::from_le_bytes(head.get(32..40)?.try_into().ok()?)).ok()?;
    let size = usize::from(u16::from_le_bytes(head.get(54..56)?.try_into().ok()?));
    let count = u16::from_le_bytes(head.get(56..58)?.try_into().ok()?);
    let table = head.get(offset..)?;
    let mut kinds = table.chunks(size.max(4)).take(usize::from(count));
    Some(!kinds.any(|entry| entry.starts_with(&PT_INTERP.to_le_bytes())))
}

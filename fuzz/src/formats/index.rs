//! The index: compared with gix by paths, ids and kinds, and by the cache-tree's root.
//!
//! Input: a byte for the hash, then the file.

use gix::hash::Kind as HashKind;
use gix::index::decode::Options;
use gix::index::entry::Flags;
use gix::index::extension::Tree;

use crate::git::fuzzing::index::{Root, Row, entries, root};
use crate::input;

/// Bits of a mode that gix drops. Git keeps them, and takes such an entry for no regular file.
const DROPPED_MODE_BITS: u32 = 0o010_000;
/// Length from which a path's length does not fit into an entry's twelve bits, in bytes. Git pads
/// such an entry like any other (`ondisk_ce_size` in its read-cache code), gix ends it at its first
/// NUL.
const LONG_PATH_BYTES: usize = 0xfff;

pub fn run(input: &[u8]) {
    let Some((&flags, bytes)) = input.split_first() else { return };
    let hash = input::hash(flags);
    let path = input::file("index", bytes);
    let ours = entries(&path, hash);
    let options = Options { thread_limit: Some(1), ..Options::default() };
    let theirs = gix::index::File::at(&path, hash, true, options);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => compare(ours, theirs, bytes, hash),
        (Ok(ours), Err(error)) => assert!(only_ours(ours, bytes, hash), "only gix refuses it: {error}"),
        (Err(error), Ok(theirs)) => {
            let is_long = theirs.entries().iter().any(|entry| entry.path(theirs).len() >= LONG_PATH_BYTES);
            assert!(is_long || only_theirs(error) || ends_in_head(bytes, hash), "only gix reads it: {error}");
        }
        (Err(_), Err(_)) => {}
    }
    if let Ok(theirs) = &theirs
        && let Some(ours) = root(&path, hash)
    {
        compare_roots(&ours, theirs.tree(), bytes, hash);
    }
}

fn compare(ours: &[Row], theirs: &gix::index::File, bytes: &[u8], hash: HashKind) {
    let stays =
        |entry: &&gix::index::Entry| !entry.flags.contains(Flags::INTENT_TO_ADD) && matches!(entry.stage_raw(), 0 | 2);
    let expected: Vec<_> = theirs.entries().iter().filter(stays).collect();
    if ours.iter().any(|row| row.path.len() >= LONG_PATH_BYTES) {
        return;
    }
    assert_eq!(ours.len(), expected.len());
    for (ours, theirs_entry) in std::iter::zip(ours, expected) {
        assert_eq!(ours.path, theirs_entry.path(theirs));
        assert_eq!(ours.id, theirs_entry.id.as_slice());
        let kind = match theirs_entry.mode.bits() & 0o170_000 {
            0o100_000 => 'f',
            0o040_000 => 'd',
            _ => 'o',
        };
        assert!(ours.kind == kind || has_dropped_bits(&ours.id, bytes, hash), "{} {kind}", ours.kind);
    }
}

/// Returns whether an entry with this id has such bits in its mode, which is 16 bytes before it.
fn has_dropped_bits(id: &[u8], bytes: &[u8], hash: HashKind) -> bool {
    let ids = bytes.windows(hash.len_in_bytes()).enumerate().filter(|&(_, window)| window == id);
    let modes = ids.filter_map(|(at, _)| input::be32(bytes, at.checked_sub(16)?));
    modes.into_iter().any(|mode| mode & DROPPED_MODE_BITS != 0)
}

/// Returns whether importgate reads an index for a known reason that gix refuses.
fn only_ours(ours: &[Row], bytes: &[u8], hash: HashKind) -> bool {
    ours.iter().any(|row| row.path.len() >= LONG_PATH_BYTES || is_told_long(&row.id, bytes, hash))
}

/// Returns whether an entry with this id tells a path too long for its bits, which stand behind the id. Where the path is
/// short, git pads the entry all the same, and gix does not.
fn is_told_long(id: &[u8], bytes: &[u8], hash: HashKind) -> bool {
    let length = hash.len_in_bytes();
    let ids = bytes.windows(length).enumerate().filter(|&(_, window)| window == id);
    let told = ids.filter_map(|(at, _)| bytes.get(at + length..at + length + 2)?.try_into().ok());
    told.map(u16::from_be_bytes).any(|flags| usize::from(flags) & LONG_PATH_BYTES == LONG_PATH_BYTES)
}

/// Returns whether importgate refuses an index for a known reason that gix reads: to git, an
/// extension is optional only if its first letter is upper-case (`read_index_extension`), to gix
/// if it is not lower-case.
fn only_theirs(why: &str) -> bool {
    // Gix and git ignore the excess of the first path; importgate refuses it.
    if why.contains("drops more of the path before it than there is") {
        return true;
    }
    why.split_once("its extension ")
        .is_some_and(|(_, name)| !name.starts_with(|letter: char| letter.is_ascii_lowercase()))
}

/// Returns whether the last extension ends after its head: gix ignores it, importgate refuses the
/// index.
fn ends_in_head(bytes: &[u8], hash: HashKind) -> bool {
    let Some(mut at) = extensions_start(bytes, hash) else { return false };
    let end = bytes.len().saturating_sub(hash.len_in_bytes());
    while at + 8 < end {
        at += 8 + input::be32(bytes, at + 4).unwrap_or_default() as usize;
    }
    at + 8 == end
}

/// Compares the roots. Importgate finds the root from the file's end, and an entry's ids and times,
/// which git fills from the repository, may imitate one: such a root is not compared, nor is one
/// in an extension that gix finds malformed.
fn compare_roots(ours: &Root, theirs: Option<&Tree>, bytes: &[u8], hash: HashKind) {
    let Some(theirs) = theirs else { return };
    let start = extensions_start(bytes, hash);
    if start.is_none_or(|start| ours.at < start) {
        return;
    }
    let expected = theirs.num_entries.map(|entries| (entries as usize, theirs.id));
    assert_eq!(ours.valid, expected);
}

/// Returns the offset at which the entries end.
fn extensions_start(bytes: &[u8], hash: HashKind) -> Option<usize> {
    let is_v4 = input::be32(bytes, 4)? == 4;
    let mut at = 12;
    for _ in 0..input::be32(bytes, 8)? {
        let flags = at + 40 + hash.len_in_bytes();
        let is_extended = bytes.get(flags)? & 0x40 != 0;
        let mut name = flags + if is_extended { 4 } else { 2 };
        if is_v4 {
            while bytes.get(name)? & 0x80 != 0 {
                name += 1;
            }
            name += 1;
            at = name + bytes.get(name..)?.iter().position(|&byte| byte == 0)? + 1;
        } else {
            let length = usize::from(bytes.get(flags)? & 0x0f) << 8 | usize::from(*bytes.get(flags + 1)?);
            let known = length < LONG_PATH_BYTES;
            let to_nul = || bytes.get(name..)?.iter().position(|&byte| byte == 0);
            let length = if known { length } else { to_nul()? };
            at += (name - at + length + 8) & !7;
        }
    }
    Some(at)
}

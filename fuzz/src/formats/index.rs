//! The index: the same paths, ids and kinds as gix reads, and the cache-tree's root as it has it.
//!
//! Input: a byte for the hash, then the file.

use gix::hash::Kind as HashKind;
use gix::index::decode::Options;
use gix::index::entry::Flags;
use gix::index::extension::Tree;

use crate::git::fuzzing::index::{Root, Row, entries, root};
use crate::input;

/// A mode's bits that gix drops. Git keeps them: such an entry is no regular file to it.
const DROPPED_MODE_BITS: u32 = 0o010_000;
/// The paths whose length does not fit into an entry's twelve bits. Git pads such an entry like any other (`ondisk_ce_size`
/// in its read-cache code), gix takes it to end at its first NUL.
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

/// Whether an entry with this id has a mode that gix does not keep whole: it stands 16 bytes before.
fn has_dropped_bits(id: &[u8], bytes: &[u8], hash: HashKind) -> bool {
    let ids = bytes.windows(hash.len_in_bytes()).enumerate().filter(|&(_, window)| window == id);
    let modes = ids.filter_map(|(at, _)| input::be32(bytes, at.checked_sub(16)?));
    modes.into_iter().any(|mode| mode & DROPPED_MODE_BITS != 0)
}

/// An index that we read and gix refuses, for a reason that is known.
fn only_ours(ours: &[Row], _bytes: &[u8], _hash: HashKind) -> bool {
    ours.iter().any(|row| row.path.len() >= LONG_PATH_BYTES)
}

/// An index that gix reads and we refuse, for a reason that is known: to git an extension is optional only if its first
/// letter is a capital one (`read_index_extension`), to gix if it is no small one.
fn only_theirs(why: &str) -> bool {
    // gix and git pass over the excess of an index's first path; we refuse it
    if why.contains("drops more of the path before it than there is") {
        return true;
    }
    why.split_once("its extension ")
        .is_some_and(|(_, name)| !name.starts_with(|letter: char| letter.is_ascii_lowercase()))
}

/// Whether the last extension is cut off behind its head: gix passes over it, we refuse the index.
fn ends_in_head(bytes: &[u8], hash: HashKind) -> bool {
    let Some(mut at) = extensions_start(bytes, hash) else { return false };
    let end = bytes.len().saturating_sub(hash.len_in_bytes());
    while at + 8 < end {
        at += 8 + input::be32(bytes, at + 4).unwrap_or_default() as usize;
    }
    at + 8 == end
}

/// The root is told from the file's tail. In an entry's ids and times anything can stand, which git makes of the repository:
/// a root that is found there counts for nothing here. Nor does one beneath which gix finds the extension malformed.
fn compare_roots(ours: &Root, theirs: Option<&Tree>, bytes: &[u8], hash: HashKind) {
    let Some(theirs) = theirs else { return };
    let start = extensions_start(bytes, hash);
    if start.is_none_or(|start| ours.at < start) {
        return;
    }
    let expected = theirs.num_entries.map(|entries| (entries as usize, theirs.id));
    assert_eq!(ours.valid, expected);
}

/// Where the entries end.
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

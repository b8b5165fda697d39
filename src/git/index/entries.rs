//! The index's entries, for where its cache-tree does not tell all.
//!
//! Format: "Index entry" in git's Documentation/gitformat-index.

use std::ops::Range;

use memchr::memchr;

use super::buffered::Buffered;
use super::cache_tree::CacheTree;
use super::extensions::extension;
use super::file::{ID_OFFSET, Index, MODE_OFFSET};
use crate::git::change::EntryKind;
use crate::git::error::{Error, one_line};
use crate::git::file::be32;

const STAGE_OURS: u16 = 2;
/// Git reads no index with others: intended to be added, and left out of the worktree.
const KNOWN_EXTENDED_FLAGS: u16 = 0x6000;

/// The files that a commit of the index would hold, in path order.
///
/// Left out: entries that are only intended to be added, and of a conflict all but "ours" (stage 2), as that is what
/// stands in the file's stead at the commit that the change is compared with.
pub(in crate::git) struct Entries {
    /// The mapped file, where paths lie that were not decoded.
    index: Index,
    decoded: Vec<u8>,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy)]
struct Slot {
    path: u32,
    path_len: u32,
    id: u32,
    kind: EntryKind,
    /// Whether path and id lie in `decoded`, not in the file.
    path_decoded: bool,
    id_decoded: bool,
}

/// The outcome of reading the entries alone.
enum Lean {
    Read {
        decoded: Vec<u8>,
        slots: Vec<Slot>,
    },
    /// A split index, which gix reads.
    Split,
}

impl Entries {
    /// Reads all entries of `index`.
    pub fn read(index: Index) -> Result<Self, Error> {
        let (decoded, slots) = match read_lean(&index)? {
            Lean::Read { decoded, slots } => (decoded, slots),
            Lean::Split => read_split(&index)?,
        };
        Ok(Self { index, decoded, slots })
    }

    /// The cache-tree, for the folders that it still knows.
    pub fn nodes(&self) -> Option<CacheTree<'_>> {
        self.index.nodes()
    }

    /// All places, for a walk over everything.
    pub fn all(&self) -> Range<usize> {
        0..self.slots.len()
    }

    /// The path of the entry at `place`; that of a folder left out by a sparse checkout ends with `/`.
    pub fn path(&self, place: usize) -> &[u8] {
        self.slots.get(place).map_or(&[], |slot| {
            let bytes = if slot.path_decoded { &self.decoded } else { self.index.body() };
            bytes.get(slot.path as usize..slot.path as usize + slot.path_len as usize).unwrap_or_default()
        })
    }

    /// The id of the entry at `place`, as bytes.
    pub fn id(&self, place: usize) -> &[u8] {
        self.slots.get(place).map_or(&[], |slot| {
            let bytes = if slot.id_decoded { &self.decoded } else { self.index.body() };
            bytes.get(slot.id as usize..slot.id as usize + self.index.hash.len_in_bytes()).unwrap_or_default()
        })
    }

    /// The kind of the entry at `place`.
    pub fn kind(&self, place: usize) -> EntryKind {
        self.slots.get(place).map_or(EntryKind::Other, |slot| slot.kind)
    }

    /// The place of the entry with exactly this path.
    pub fn find(&self, path: &[u8]) -> Option<usize> {
        let place = self.start_of(path);
        (place < self.slots.len() && self.path(place) == path).then_some(place)
    }

    /// The first place whose path is not before `path`.
    pub fn start_of(&self, path: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.slots.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.path(middle) < path { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Where the entries end that share the bytes `within` of their path with the one at `place`, before `end`; all
    /// share what comes before these. Asks at `guess` first, then nearby: most folders are small.
    pub fn end_of(&self, place: usize, within: Range<usize>, end: usize, guess: Option<usize>) -> usize {
        let name = self.path(place).get(within.clone()).unwrap_or_default();
        let has = |place: usize| self.path(place).get(within.clone()) == Some(name);
        if let Some(guess) = guess.filter(|&guess| place < guess && guess <= end)
            && has(guess - 1)
            && (guess == end || !has(guess))
        {
            return guess;
        }
        let mut step = 1;
        let mut low = place + 1;
        while low < end && has(low.saturating_add(step).min(end) - 1) {
            low = low.saturating_add(step).min(end);
            step *= 2;
        }
        let mut high = low.saturating_add(step).min(end);
        while low < high {
            let middle = low + (high - low) / 2;
            if has(middle) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

/// Reads entries without their stat data.
fn read_lean(index: &Index) -> Result<Lean, Error> {
    let body = index.body();
    let id_len = index.hash.len_in_bytes();
    let cut = || index.bad("an entry is cut short");
    let mut slots = Vec::with_capacity(index.count);
    let mut decoded = Vec::new();
    let mut path = Vec::new();
    let mut at = index.entries_start();
    let mut buffered = Buffered::of(index);
    for _ in 0..index.count {
        let buffered = buffered.as_mut().ok_or_else(cut)?;
        if at >= body.len() {
            return Err(cut());
        }
        buffered.hold(at).ok_or_else(|| index.bad("it cannot be read, or changed while it was read"))?;
        let head = buffered.from(at).ok_or_else(cut)?;
        let mode = be32(head, MODE_OFFSET).ok_or_else(cut)?;
        let flags = be16(head, ID_OFFSET + id_len).ok_or_else(cut)?;
        let extended = if flags & 0x4000 != 0 { be16(head, ID_OFFSET + id_len + 2).ok_or_else(cut)? } else { 0 };
        if extended & !KNOWN_EXTENDED_FLAGS != 0 {
            return Err(index.bad("an entry has flags that are unknown"));
        }
        let name = ID_OFFSET + id_len + if flags & 0x4000 != 0 { 4 } else { 2 };
        let id = at + ID_OFFSET;
        // A path that goes on beyond the buffer is longer than any that a file system takes.
        let to_nul = |from: usize| up_to_nul(head, from).or_else(|| up_to_nul(body, at + from));
        let (start, path_len);
        if index.version == 4 {
            let malformed = || index.bad("an entry drops more of the path before it than there is");
            let (keep, after) = prefix(head, name, path.len()).ok_or_else(malformed)?;
            let rest = to_nul(after).ok_or_else(cut)?;
            path.truncate(keep);
            path.extend_from_slice(rest);
            start = decoded.len();
            decoded.extend_from_slice(&path);
            path_len = path.len();
            at += after + rest.len() + 1;
        } else {
            let known = usize::from(flags & 0x0fff);
            // Twelve bits hold most lengths; longer paths end at a NUL.
            path_len = if known < 0x0fff { known } else { to_nul(name).ok_or_else(cut)?.len() };
            start = at + name;
            if path_len >= body.len().saturating_sub(start) {
                return Err(cut());
            }
            // One to eight NULs, so that an entry's length is a multiple of eight.
            at += (name + path_len + 8) & !7;
        }
        let stage = (flags >> 12) & 3;
        let intended = extended & 0x2000 != 0;
        if intended || !(stage == 0 || stage == STAGE_OURS) {
            continue;
        }
        slots.push(Slot {
            path: offset(index, start)?,
            path_len: offset(index, path_len)?,
            id: offset(index, id)?,
            kind: EntryKind::of(mode),
            path_decoded: index.version == 4,
            id_decoded: false,
        });
    }
    while let Some(extension) = extension(body, at) {
        match &extension.signature {
            b"link" => return Ok(Lean::Split),
            // A sparse index only says that folders may stand among the entries.
            b"sdir" => {}
            // Lower case: a reader that does not know it must not go on.
            [first, ..] if !first.is_ascii_uppercase() => {
                let name = String::from_utf8_lossy(&extension.signature).escape_debug().to_string();
                return Err(index.bad(&format!("its extension {name} is unknown")));
            }
            _ => {}
        }
        at = extension.next;
    }
    if at != body.len() {
        return Err(index.bad("its extensions do not end at its end"));
    }
    Ok(Lean::Read { decoded, slots })
}

/// A split index: gix merges it with the file that it shares.
fn read_split(index: &Index) -> Result<(Vec<u8>, Vec<Slot>), Error> {
    let options = gix::index::decode::Options { thread_limit: Some(1), ..Default::default() };
    let file = gix::index::File::at(&index.path, index.hash, true, options);
    let file = file.map_err(|error| index.bad(&one_line(&error)))?;
    let mut decoded = Vec::new();
    let mut slots = Vec::with_capacity(file.entries().len());
    for entry in file.entries() {
        let intended = entry.flags.contains(gix::index::entry::Flags::INTENT_TO_ADD);
        if intended || !matches!(entry.stage_raw(), 0 | 2) {
            continue;
        }
        let (path, id) = (entry.path(&file), decoded.len());
        decoded.extend_from_slice(entry.id.as_slice());
        slots.push(Slot {
            path: offset(index, decoded.len())?,
            path_len: offset(index, path.len())?,
            id: offset(index, id)?,
            kind: EntryKind::of(entry.mode.bits()),
            path_decoded: true,
            id_decoded: true,
        });
        decoded.extend_from_slice(path);
    }
    Ok((decoded, slots))
}

/// Version 4: how much of the path before to keep, and where the rest of the path starts. The number is that of the
/// bytes to cut, in the variable width of pack offsets.
fn prefix(body: &[u8], at: usize, before: usize) -> Option<(usize, usize)> {
    let mut at = at;
    let mut byte = *body.get(at)?;
    let mut cut = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        at += 1;
        byte = *body.get(at)?;
        cut = cut.checked_add(1)?.checked_mul(128)? | usize::from(byte & 0x7f);
    }
    Some((before.checked_sub(cut)?, at + 1))
}

fn up_to_nul(data: &[u8], from: usize) -> Option<&[u8]> {
    let rest = data.get(from..)?;
    rest.get(..memchr(0, rest)?)
}

fn be16(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*data.get(at..)?.first_chunk::<2>()?))
}

fn offset(index: &Index, number: usize) -> Result<u32, Error> {
    u32::try_from(number).map_err(|_| index.bad("its paths are over 4 GiB"))
}

#[cfg(test)]
mod tests;

//! A pack index: look-ups return gix's offsets, both before and after the file is mapped.
//!
//! Input: a byte for the hash, then the file.

use gix::hash::{Kind as HashKind, ObjectId};

use crate::git::fuzzing::odb::PackIndex;
use crate::input;

/// Maximum number of ids that are looked up; enough for a reader to map the file.
const MAX_IDS: usize = 48;
const IDS_START: usize = 8 + 256 * 4;

pub fn run(input: &[u8]) {
    let Some((&flags, bytes)) = input.split_first() else { return };
    let hash = input::hash(flags);
    let path = input::file("pack.idx", bytes);
    let Some(ours) = PackIndex::open(&path) else { return };
    let theirs = gix::odb::pack::index::File::from_data(bytes, path.clone(), hash).ok();
    let ids: Vec<ObjectId> = ids(bytes, hash).collect();
    let is_sorted = ids.is_sorted() && theirs.as_ref().is_some_and(|theirs| theirs.num_objects() as usize == ids.len());
    let step = ids.len().div_ceil(MAX_IDS).max(1);
    let asked = ids.iter().step_by(step).flat_map(|&id| {
        let mut other = id;
        other.as_mut_slice()[hash.len_in_bytes() - 1] ^= flags | 1;
        [id, other]
    });
    let first: Vec<_> = asked.map(|id| (id, ours.look_up(&id))).collect();
    for (id, found) in &first {
        assert_eq!(ours.look_up(id), *found, "mapped by now");
        if let Some(Some(offset)) = found {
            assert!(stands(bytes, &ids, id, *offset), "{id} {offset}: it is not in the file");
        }
        // Searches of an unsorted table may have any result.
        if let Some(theirs) = theirs.as_ref().filter(|_| is_sorted) {
            let expected = theirs.lookup(id).map(|number| theirs.pack_offset_at_index(number));
            let twins = ids.iter().filter(|other| *other == id).count() > 1;
            assert!(*found == Some(expected) || twins, "{id}: {found:?}, {expected:?}");
        }
    }
}

/// Returns all ids of an index of version 2; its last fan-out entry is their number.
fn ids(bytes: &[u8], hash: HashKind) -> impl Iterator<Item = ObjectId> {
    let count = input::be32(bytes, IDS_START - 4).unwrap_or_default() as usize;
    let table = bytes.get(IDS_START..).unwrap_or_default();
    table.chunks_exact(hash.len_in_bytes()).take(count).map(ObjectId::from_bytes_or_panic)
}

/// Returns whether the index has an object of this id and offset.
fn stands(bytes: &[u8], ids: &[ObjectId], id: &ObjectId, offset: u64) -> bool {
    let id_len = id.as_bytes().len();
    let Some(count) = input::be32(bytes, IDS_START - 4).map(|count| count as usize) else { return false };
    let offsets = IDS_START + count * (id_len + 4);
    ids.iter().enumerate().filter(|(_, other)| *other == id).any(|(number, _)| {
        let small = input::be32(bytes, offsets + number * 4);
        small.is_some_and(|small| match small.checked_sub(0x8000_0000) {
            None => u64::from(small) == offset,
            Some(large) => {
                let at = offsets + count * 4 + large as usize * 8;
                bytes.get(at..).and_then(<[u8]>::first_chunk).map(|bytes| u64::from_be_bytes(*bytes)) == Some(offset)
            }
        })
    })
}

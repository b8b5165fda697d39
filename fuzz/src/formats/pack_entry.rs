//! Entries of a pack as they are in the file: heads, and streams that are repaired to fit their
//! checksum.
//!
//! Input: a byte for the hash, the number of objects, for each its id and offset (four bytes), then
//! the pack.

use std::collections::BTreeMap;

use gix::hash::ObjectId;
use gix::odb::pack::data::Entry;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use crate::{input, pack};

/// Maximum size of a stream that is repaired, in bytes.
const MAX_MENDED_BYTES: usize = 1 << 20;
const MAX_OBJECTS: usize = 64;

pub fn run(input: &[u8]) {
    let Some((&[flags, count], mut rest)) = input.split_first_chunk() else { return };
    let hash = input::hash(flags);
    let mut offsets = BTreeMap::new();
    for _ in 0..usize::from(count).min(MAX_OBJECTS) {
        let Some((id, after)) = rest.split_at_checked(hash.len_in_bytes()) else { return };
        let Some(offset) = input::be32(after, 0) else { return };
        // Offsets of 2 GiB and more are in another table, which is part of the pack-index target.
        offsets.insert(ObjectId::from_bytes_or_panic(id), offset & 0x7fff_ffff);
        rest = &after[4..];
    }
    let mut bytes = rest.to_vec();
    if flags & 2 == 0 {
        for &offset in offsets.values() {
            mend(&mut bytes, offset, hash);
        }
    }
    pack::compare(&bytes, &offsets, hash, &|_| None);
}

/// Gives an entry's stream the head and the checksum that it should have.
fn mend(pack: &mut [u8], offset: u32, hash: gix::hash::Kind) -> Option<()> {
    let entry = Entry::from_bytes(pack.get(offset as usize..)?, u64::from(offset), hash).ok()?;
    let stream = pack.get_mut(usize::try_from(entry.data_offset).ok()?..)?;
    stream.get_mut(..2)?.copy_from_slice(b"\x78\x9c");
    let mut content = vec![0; usize::try_from(entry.decompressed_size).ok()?.min(MAX_MENDED_BYTES)];
    let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut inflater = Box::<DecompressorOxide>::default();
    let (status, read, written) = decompress(&mut inflater, &stream[2..], &mut content, 0, flags);
    if status == TINFLStatus::Done {
        let sum = adler32(&content[..written]);
        stream.get_mut(2 + read..)?.get_mut(..4)?.copy_from_slice(&sum.to_be_bytes());
    }
    Some(())
}

/// Returns the checksum of zlib streams (RFC 1950, 8.2).
pub fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1, 0), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

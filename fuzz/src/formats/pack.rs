//! A pack with its index, read by importgate and by gix alone. Importgate uses gix too, but within
//! limits, with cached bases, and with offsets from its own index reader: none of these may change
//! an object.

use std::collections::BTreeMap;

use gix::hash::{Kind as HashKind, ObjectId, oid};
use gix::objs::Kind;
use gix::odb::pack::cache::Never;
use gix::odb::pack::data::File;
use gix::odb::pack::data::decode::entry::ResolvedBase;
use gix::zlib::Inflate;

use crate::git::fuzzing::odb::PackReader;
use crate::input;

/// Maximum size of an object that is read, in bytes. An answer that is missing for that reason is
/// asked for again with `MAX_ROOM_BYTES`.
const MAX_OBJECT_BYTES: usize = 1 << 20;
const MAX_ROOM_BYTES: usize = 64 << 20;
/// Size above which only an object's size is read, in bytes.
const MOST: u64 = 100;

/// Reads the object at each offset twice, as bases are cached the second time. `known` returns the
/// expected content, if it is known.
pub fn compare(pack: &[u8], offsets: &BTreeMap<ObjectId, u32>, hash: HashKind, known: &dyn Fn(u64) -> Option<Vec<u8>>) {
    let index = input::file("pack.idx", &index(offsets, hash));
    let path = input::file("pack.pack", pack);
    let mut ours = PackReader::new(&index, hash, MAX_OBJECT_BYTES);
    let theirs = File::from_data(pack, path, hash).ok();
    let theirs = theirs.map(|file| file.with_alloc_limit_bytes(Some(MAX_OBJECT_BYTES)));
    for &offset in offsets.values().chain(offsets.values().rev()) {
        let offset = u64::from(offset);
        let expected = theirs.as_ref().and_then(|file| decode(file, offset, offsets));
        let found = ours.read(offset, u64::MAX);
        match (&found, &expected) {
            (Some((kind, Ok(content))), Some(expected)) => {
                assert!((*kind, content) == (expected.0, &expected.1), "{offset}")
            }
            (Some((_, Err(size))), _) => panic!("{offset}: {size} bytes are not too many"),
            (Some((_, Ok(content))), None) => {
                // With cached bases, less room is needed.
                let file = File::from_data(pack, index.clone(), hash).ok();
                let file = file.map(|file| file.with_alloc_limit_bytes(Some(MAX_ROOM_BYTES)));
                let again = file.and_then(|file| decode(&file, offset, offsets));
                assert!(again.is_some_and(|(_, other)| other == *content), "{offset}: gix does not read it");
            }
            (None, Some(expected)) => {
                let again = PackReader::new(&index, hash, MAX_ROOM_BYTES).read(offset, u64::MAX);
                assert!(again == Some((expected.0, Ok(expected.1.clone()))), "{offset}: only gix reads it");
            }
            (None, None) => {}
        }
        if let Some((_, Ok(content))) = &found
            && let Some(known) = known(offset)
        {
            assert!(known == *content, "{offset}: made from its base otherwise");
        }
        match ours.read(offset, MOST) {
            Some((kind, Ok(content))) => assert!(found == Some((kind, Ok(content))), "{offset}"),
            // The head alone gives the size, whatever follows.
            Some((kind, Err(size))) => {
                let fits = |(known, content): &(Kind, Vec<u8>)| *known == kind && content.len() as u64 == size;
                assert!(size > MOST && expected.as_ref().is_none_or(fits), "{offset}: {kind} {size}");
            }
            None => assert!(found.is_none(), "{offset}"),
        }
    }
}

fn decode(file: &File<&[u8]>, offset: u64, offsets: &BTreeMap<ObjectId, u32>) -> Option<(Kind, Vec<u8>)> {
    let entry = file.entry(offset).ok()?;
    let base = |id: &oid, _: &mut Vec<u8>| {
        let offset = offsets.get(id).map(|&offset| u64::from(offset));
        Ok(offset.map(|offset| file.entry(offset)).transpose()?.map(ResolvedBase::InPack))
    };
    let mut content = Vec::new();
    let outcome = file.decode_entry(entry, &mut content, &mut Inflate::default(), &base, &mut Never).ok()?;
    Some((outcome.kind, content))
}

/// Returns a pack index of version 2.
fn index(offsets: &BTreeMap<ObjectId, u32>, hash: HashKind) -> Vec<u8> {
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for byte in 0..=255 {
        let count = offsets.keys().filter(|id| id.as_bytes()[0] <= byte).count() as u32;
        index.extend(count.to_be_bytes());
    }
    offsets.keys().for_each(|id| index.extend(id.as_bytes()));
    offsets.keys().for_each(|_| index.extend([0; 4]));
    offsets.values().for_each(|offset| index.extend(offset.to_be_bytes()));
    index.extend(vec![0; 2 * hash.len_in_bytes()]);
    index
}

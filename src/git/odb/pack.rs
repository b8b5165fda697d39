//! Packs. Offsets come from the index reader of this crate, objects from gix's decoder, with its cache of delta bases.
//!
//! gix's own index reader looks at the offset of every object when it opens an index: see docs/design.md.

<<<<<<< HEAD
use std::cell::OnceCell;
=======
use std::cell::{OnceCell, RefCell};
use std::fs::File;
>>>>>>> 539b7f6 (Packed objects are read by gix; docs/design.md says what is still read by hand)
use std::path::PathBuf;

use gix::hash::{Kind as HashKind, oid};
use gix::objs::Kind;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use gix::odb::pack::data::decode::{entry, header};
use gix::odb::pack::data::{self, Entry};
use gix::zlib::Inflate;
use sirocco::inflate::Decoder;

use super::pack_index::PackIndex;

/// The objects of a pack that are kept, as others are deltas of them.
const CACHE_BYTES: usize = 8 << 20;

/// A pack and its index.
pub(super) struct Pack {
    path: PathBuf,
    hash: HashKind,
    /// The largest object that is read, in bytes.
    limit: usize,
    index: OnceCell<Option<PackIndex>>,
    data: OnceCell<Option<PackData>>,
}

/// A pack's data, mapped, and the objects that were read of it.
struct PackData {
    file: data::File<gix::odb::pack::MMap>,
    cache: RefCell<MemoryCappedHashmap>,
}

/// An object that was read, or that is too large for that.
pub(in crate::git) struct Found {
    pub kind: Kind,
    /// Its size in bytes, where that is over the limit asked for, so that it was not read.
    pub too_large: Option<u64>,
}

<<<<<<< HEAD
/// Buffers and decoder, used again for each object.
=======
/// A tree that stands whole, in a pack or loose, for reading it in parts.
pub(in crate::git) struct Stored {
    pub file: File,
    /// Where what is compressed starts.
    pub at: u64,
    /// How many inflated bytes come before the tree.
    pub skip: usize,
    /// The tree's size in bytes.
    pub size: usize,
}

/// Buffers and decoders, used again for each object.
>>>>>>> 539b7f6 (Packed objects are read by gix; docs/design.md says what is still read by hand)
pub(super) struct Scratch {
    /// Boxed, as it is large and its holder is moved about.
    pub decoder: Box<Decoder>,
    pub compressed: Vec<u8>,
    inflate: Inflate,
}

impl Default for Scratch {
    fn default() -> Self {
        let decoder = Box::new(Decoder::new(sirocco::Format::Zlib));
        Self { decoder, compressed: Vec::new(), inflate: Inflate::default() }
    }
}

impl Pack {
    /// The pack whose index is at `path`; nothing is touched yet.
    pub fn new(path: PathBuf, hash: HashKind, limit: usize) -> Self {
        Self { path, hash, limit, index: OnceCell::new(), data: OnceCell::new() }
    }

    /// The object's offset in the pack.
    pub fn offset(&self, id: &oid) -> Option<u64> {
        self.look_up(id).flatten()
    }

    /// Whether the object is certainly not in the pack.
    pub fn surely_lacks(&self, id: &oid) -> bool {
        matches!(self.look_up(id), Some(None))
    }

    fn look_up(&self, id: &oid) -> Option<Option<u64>> {
        self.index.get_or_init(|| PackIndex::open(&self.path)).as_ref()?.look_up(id)
    }

    fn data(&self) -> Option<&PackData> {
        let open = || {
            let file = data::File::at(self.path.with_extension("pack"), self.hash).ok()?;
            let file = file.with_alloc_limit_bytes(Some(self.limit));
            Some(PackData { file, cache: RefCell::new(MemoryCappedHashmap::new(CACHE_BYTES)) })
        };
        self.data.get_or_init(open).as_ref()
    }

    /// The base of a delta that names it by id.
    fn base(&self, file: &data::File<gix::odb::pack::MMap>, id: &oid) -> Option<Entry> {
        file.entry(self.offset(id)?).ok()
    }

    /// Reads the object at `offset`, of at most `most` bytes, into `out`, which holds nothing else afterwards; of a
    /// larger one, its size alone. `None` where anything is unusual.
    pub fn read(&self, offset: u64, most: u64, scratch: &mut Scratch, out: &mut Vec<u8>) -> Option<Found> {
        let PackData { file, cache } = self.data()?;
        let entry = file.entry(offset).ok()?;
        let base = |id: &oid| Ok(self.base(file, id).map(header::ResolvedBase::InPack));
        let head = file.decode_header(entry.clone(), &mut scratch.inflate, &base).ok()?;
        if head.object_size > most {
            return Some(Found { kind: head.kind, too_large: Some(head.object_size) });
        }
        let base = |id: &oid, _: &mut Vec<u8>| Ok(self.base(file, id).map(entry::ResolvedBase::InPack));
        let cache = &mut *cache.borrow_mut();
        let object = file.decode_entry(entry, out, &mut scratch.inflate, &base, cache).ok()?;
        (out.len() as u64 == head.object_size).then_some(Found { kind: object.kind, too_large: None })
    }

<<<<<<< HEAD
    /// Reads the head of the entry at `at`, and its content as far as one read goes.
    fn entry(&self, data: &PackData, at: u64, scratch: &mut Scratch) -> Option<Entry> {
        let data = data.part(at, FIRST_READ_BYTES, &mut scratch.compressed)?;
        let mut head = 0;
        let mut next = || {
            let byte = *data.get(head)?;
            head += 1;
            Some(byte)
        };
        let mut byte = next()?;
        let number = (byte >> 4) & 7;
        let mut size = u64::from(byte & 0x0f);
        let mut shift = 4;
        while byte & 0x80 != 0 {
            byte = next()?;
            size |= u64::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 57)?;
            shift += 7;
        }
        let kind = match number {
            1 => Encoding::Whole(Kind::Commit),
            2 => Encoding::Whole(Kind::Tree),
            3 => Encoding::Whole(Kind::Blob),
            4 => Encoding::Whole(Kind::Tag),
            6 => {
                let mut byte = next()?;
                let mut back = u64::from(byte & 0x7f);
                while byte & 0x80 != 0 {
                    byte = next()?;
                    back = back.checked_add(1)?.checked_mul(128)? | u64::from(byte & 0x7f);
                }
                Encoding::Delta(at.checked_sub(back).filter(|_| back > 0)?)
            }
            7 => {
                let id = oid::try_from_bytes(data.get(head..head + self.hash.len_in_bytes())?).ok()?;
                head += self.hash.len_in_bytes();
                Encoding::Delta(self.offset(id)?)
            }
            _ => return None,
        };
        let entry = Entry { kind, size: usize::try_from(size).ok()?, head, at: at + head as u64, read: data.len() };
        // A whole object is checked for its size by the caller first.
        if matches!(entry.kind, Encoding::Whole(_)) { Some(entry) } else { self.within(entry) }
    }

    fn within(&self, entry: Entry) -> Option<Entry> {
        (entry.size <= self.limit).then_some(entry)
    }
}

/// Inflates the entry that `Pack::entry` has just found.
fn inflate(data: &PackData, entry: &Entry, scratch: &mut Scratch, out: &mut Vec<u8>) -> Option<()> {
    let Scratch { decoder, compressed, .. } = scratch;
    // All of it is written anew, or none of it is used.
    out.resize(entry.size, 0);
    decoder.reset();
    let mut at = entry.at;
    let mut input = match data.mapped(at) {
        Some(input) => input,
        None => compressed.get(entry.head..entry.read)?,
    };
    loop {
        let progress = decoder.decompress(input, out, false).ok()?;
        if progress.done {
            return (decoder.total_out() == entry.size as u64).then_some(());
        }
        // Either all input is used, or there is more than there should be.
        if progress.consumed < input.len() {
            return None;
        }
        at += input.len() as u64;
        // A stream is hardly longer than its content.
        let left = (entry.size as u64).saturating_sub(decoder.total_out());
        input = data.part(at, NEXT_READ_BYTES.min(usize::try_from(left).ok()? + STREAM_OVERHEAD_BYTES), compressed)?;
=======
    /// The tree at `offset` for reading it in parts, if it has at least `least` bytes and stands whole.
    pub fn stored_tree(&self, offset: u64, least: usize) -> Option<Stored> {
        let entry = self.data()?.file.entry(offset).ok()?;
        let size = usize::try_from(entry.decompressed_size).ok()?;
        let is_it = entry.header.as_kind() == Some(Kind::Tree) && (least..=self.limit).contains(&size);
        let file = is_it.then(|| File::open(self.path.with_extension("pack")).ok())??;
        Some(Stored { file, at: entry.data_offset, skip: 0, size })
>>>>>>> 539b7f6 (Packed objects are read by gix; docs/design.md says what is still read by hand)
    }
}

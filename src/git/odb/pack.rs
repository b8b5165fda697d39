//! Packs. Offsets come from the index reader of this crate, objects from gix's decoder.
//!
//! gix's own index reader looks at the offset of every object when it opens an index: see docs/design.md.

use std::cell::{Cell, OnceCell};
use std::path::PathBuf;

use gix::hash::{Kind as HashKind, oid};
use gix::objs::Kind;
use gix::odb::pack::data::decode::{entry, header};
use gix::odb::pack::data::{self, Entry};
use gix::zlib::Inflate;
use sirocco::inflate::Decoder;

use super::delta_base_cache::DeltaBaseCache;
use super::pack_index::PackIndex;
use crate::git::file::SharedMap;

/// Gix holds a delta's base, its result, and the deltas of the whole chain at once, within one limit.
const WORK_BUFFERS: usize = 3;
/// The largest work buffer that is kept for the next object.
const MAX_KEPT_WORK_BYTES: usize = 16 << 20;

/// Objects that are read before the pack's pages are given back: each touch brings some 16 pages along, which count as
/// memory.
const READS_BEFORE_RELEASE: u32 = 128;

/// A pack and its index.
pub(super) struct Pack {
    /// Its place in the cache of delta bases.
    number: u32,
    path: PathBuf,
    hash: HashKind,
    /// The largest object that is read, in bytes.
    limit: usize,
    index: OnceCell<Option<PackIndex>>,
    data: OnceCell<Option<PackData>>,
}

/// A pack's data, mapped.
struct PackData {
    file: data::File<SharedMap>,
    map: SharedMap,
    /// Objects that were read.
    reads: Cell<u32>,
}

/// An object that was read, or that is too large for that.
pub(in crate::git) struct Found {
    pub kind: Kind,
    /// Its size in bytes, where that is over the limit asked for, so that it was not read.
    pub too_large: Option<u64>,
}

/// Buffers and decoders, used again for each object.
pub(super) struct Scratch {
    /// Boxed, as it is large and its holder is moved about.
    pub decoder: Box<Decoder>,
    pub compressed: Vec<u8>,
    inflate: Inflate,
    /// Where deltas are resolved: this takes far more room than the object.
    work: Vec<u8>,
    bases: DeltaBaseCache,
}

impl Default for Scratch {
    fn default() -> Self {
        let decoder = Box::new(Decoder::new(sirocco::Format::Zlib));
        Self {
            decoder,
            compressed: Vec::new(),
            inflate: Inflate::default(),
            work: Vec::new(),
            bases: DeltaBaseCache::default(),
        }
    }
}

impl Pack {
    /// The pack whose index is at `path`, with a number that no other pack of its reader has; nothing is touched yet.
    pub fn new(number: u32, path: PathBuf, hash: HashKind, limit: usize) -> Self {
        Self { number, path, hash, limit, index: OnceCell::new(), data: OnceCell::new() }
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
            let path = self.path.with_extension("pack");
            let map = SharedMap::open(&path).ok()?;
            let mut file = data::File::from_data(map.clone(), path, self.hash).ok()?;
            file.id = self.number;
            let file = file.with_alloc_limit_bytes(Some(self.limit.saturating_mul(WORK_BUFFERS)));
            Some(PackData { file, map, reads: Cell::new(0) })
        };
        self.data.get_or_init(open).as_ref()
    }

    /// The base of a delta that names it by id.
    fn base(&self, file: &data::File<SharedMap>, id: &oid) -> Option<Entry> {
        file.entry(self.offset(id)?).ok()
    }

    /// Reads the object at `offset`, of at most `most` bytes, into `out`, which holds nothing else afterwards; of a
    /// larger one, its size alone. `None` where anything is unusual.
    pub fn read(&self, offset: u64, most: u64, scratch: &mut Scratch, out: &mut Vec<u8>) -> Option<Found> {
        let PackData { file, map, reads } = self.data()?;
        reads.set(reads.get().wrapping_add(1));
        if reads.get() % READS_BEFORE_RELEASE == 0 {
            map.release_pages();
        }
        let entry = file.entry(offset).ok()?;
        let base = |id: &oid| Ok(self.base(file, id).map(header::ResolvedBase::InPack));
        let head = file.decode_header(entry.clone(), &mut scratch.inflate, &base).ok()?;
        if head.object_size > most {
            return Some(Found { kind: head.kind, too_large: Some(head.object_size) });
        }
        if head.object_size > self.limit as u64 {
            return None;
        }
        let base = |id: &oid, _: &mut Vec<u8>| Ok(self.base(file, id).map(entry::ResolvedBase::InPack));
        let Scratch { inflate, work, bases: cache, .. } = scratch;
        let kind = if entry.header.is_delta() {
            let object = file.decode_entry(entry, work, inflate, &base, cache).ok();
            if object.is_some() {
                out.clear();
                out.extend_from_slice(work);
            }
            if work.capacity() > MAX_KEPT_WORK_BYTES {
                *work = Vec::new();
            }
            object?.kind
        } else {
            file.decode_entry(entry, out, inflate, &base, cache).ok()?.kind
        };
        (out.len() as u64 == head.object_size).then_some(Found { kind, too_large: None })
    }
}

//! Packs: objects, and what they are made from.
//!
//! Format: git's Documentation/gitformat-pack ("pack-*.pack files").

use std::cell::OnceCell;
use std::path::PathBuf;
use std::rc::Rc;

use gix::hash::{Kind as HashKind, oid};
use gix::objs::Kind;
use sirocco::inflate::Decoder;

use super::delta;
use super::delta_base_cache::DeltaBaseCache;
use super::pack_data::PackData;
use super::pack_index::PackIndex;

/// The deltas of a chain that are held at once; those beyond are read twice.
const HELD_DELTA_BYTES: usize = 1 << 20;
/// The first read of an entry: all of most, and the base's head where it follows.
const FIRST_READ_BYTES: usize = 2 << 10;
/// Each read of an entry after the first.
const NEXT_READ_BYTES: usize = 64 << 10;
/// The room of a stream beyond its content: heads of blocks, and the checksum.
const STREAM_OVERHEAD_BYTES: usize = 4 << 10;
/// Git packs chains of 50 deltas, at most 4095 by configuration.
const MAX_CHAIN_DELTAS: usize = 10_000;

/// A pack and its index.
pub(super) struct Pack {
    path: PathBuf,
    hash: HashKind,
    /// The largest object that is read, in bytes.
    limit: usize,
    index: OnceCell<Option<PackIndex>>,
    data: OnceCell<Option<PackData>>,
    cache: DeltaBaseCache,
}

/// An object that was read, or that is too large for that.
pub(in crate::git) struct Found {
    pub kind: Kind,
    /// Its size in bytes, where that is over the limit asked for, so that it was not read.
    pub too_large: Option<u64>,
}

/// Buffers and decoder, used again for each object.
pub(super) struct Scratch {
    /// Boxed, as it is large and its holder is moved about.
    pub decoder: Box<Decoder>,
    pub compressed: Vec<u8>,
    own: Vec<u8>,
}

impl Default for Scratch {
    fn default() -> Self {
        let decoder = Box::new(Decoder::new(sirocco::Format::Zlib));
        Self { decoder, compressed: Vec::new(), own: Vec::new() }
    }
}

/// The head of an entry.
struct Entry {
    kind: Encoding,
    /// In bytes, inflated.
    size: usize,
    /// The start of the compressed bytes, in `Scratch::compressed` and in the pack.
    head: usize,
    at: u64,
    /// The end of the bytes read so far, in `Scratch::compressed`.
    read: usize,
}

/// A whole object, or a delta.
enum Encoding {
    Whole(Kind),
    /// With its base's offset.
    Delta(u64),
}

impl Pack {
    /// The pack whose index is at `path`; nothing is touched yet.
    pub fn new(path: PathBuf, hash: HashKind, limit: usize) -> Self {
        Self { path, hash, limit, index: OnceCell::new(), data: OnceCell::new(), cache: DeltaBaseCache::default() }
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

    /// Reads the object at `offset`, of at most `most` bytes, into `out`, which holds nothing else afterwards; of a
    /// larger one, its size alone. `None` where anything is unusual.
    pub fn read(&self, offset: u64, most: u64, scratch: &mut Scratch, out: &mut Vec<u8>) -> Option<Found> {
        let data = self.data.get_or_init(|| PackData::open(&self.path)).as_ref()?;
        if let Some((kind, known)) = self.cache.get(offset) {
            let too_large = Some(known.len() as u64).filter(|&size| size > most);
            if too_large.is_none() {
                out.clear();
                out.extend_from_slice(&known);
            }
            return Some(Found { kind, too_large });
        }
        let entry = self.entry(data, offset, scratch)?;
        let base_at = match entry.kind {
            Encoding::Whole(kind) if entry.size as u64 > most => {
                return Some(Found { kind, too_large: Some(entry.size as u64) });
            }
            Encoding::Whole(kind) => {
                inflate(data, &self.within(entry)?, scratch, out)?;
                return Some(Found { kind, too_large: None });
            }
            Encoding::Delta(base) => base,
        };
        let mut own = std::mem::take(&mut scratch.own);
        let found = inflate(data, &entry, scratch, &mut own).and_then(|()| {
            let size = delta::size(&own).filter(|&size| size <= self.limit)?;
            let (kind, base) = self.base(data, base_at, size as u64 > most, scratch)?;
            let Some(base) = base else { return Some(Found { kind, too_large: Some(size as u64) }) };
            delta::apply(&base, &own, out)?;
            if kind != Kind::Blob {
                self.cache.keep(offset, &(kind, Rc::new(out.clone())));
            }
            Some(Found { kind, too_large: None })
        });
        scratch.own = own;
        found
    }

    /// The delta base at `offset`; its kind alone, if that is `enough`.
    fn base(
        &self,
        data: &PackData,
        offset: u64,
        enough: bool,
        scratch: &mut Scratch,
    ) -> Option<(Kind, Option<Rc<Vec<u8>>>)> {
        let mut at = offset;
        // The deltas from here to the object that stands whole, or is cached.
        let mut chain = Vec::new();
        let mut held = 0;
        let (kind, mut base) = loop {
            if chain.len() > MAX_CHAIN_DELTAS {
                return None;
            }
            if let Some(known) = self.cache.get(at) {
                break known;
            }
            let entry = self.entry(data, at, scratch)?;
            match entry.kind {
                Encoding::Delta(next) => {
                    let mut change = None;
                    if !enough && held + entry.size <= HELD_DELTA_BYTES {
                        held += entry.size;
                        inflate(data, &entry, scratch, change.insert(Vec::new()))?;
                    }
                    chain.push((at, change));
                    at = next;
                }
                Encoding::Whole(kind) if enough => return Some((kind, None)),
                Encoding::Whole(kind) => {
                    let mut whole = Vec::new();
                    inflate(data, &self.within(entry)?, scratch, &mut whole)?;
                    let base = (kind, Rc::new(whole));
                    self.cache.keep(at, &base);
                    break base;
                }
            }
        };
        if enough {
            return Some((kind, None));
        }
        while let Some((at, change)) = chain.pop() {
            let change = match change {
                Some(change) => change,
                None => {
                    let mut change = Vec::new();
                    inflate(data, &self.entry(data, at, scratch)?, scratch, &mut change)?;
                    change
                }
            };
            delta::size(&change).filter(|&size| size <= self.limit)?;
            let mut made = Vec::new();
            delta::apply(&base, &change, &mut made)?;
            base = Rc::new(made);
            self.cache.keep(at, &(kind, Rc::clone(&base)));
        }
        Some((kind, Some(base)))
    }

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
    }
}

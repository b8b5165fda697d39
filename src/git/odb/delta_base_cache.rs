//! Cache of delta base objects, by pack and offset, shared by all packs of a reader.
//!
//! gix's own (`MemoryCappedHashmap`) counts the bytes that its buffers hold, not those that they can hold, and gives a
//! large evicted buffer to the next small object: a pack of mixed sizes makes it grow far beyond its limit.

use std::hash::RandomState;
use std::num::NonZeroUsize;

use clru::{CLruCache, CLruCacheConfig, WeightScale};
use gix::objs::Kind;
use gix::odb::pack::cache::DecodeEntry;

/// Limit of the objects that are kept, in bytes, each with [`ENTRY_BYTES`].
const CACHE_BYTES: NonZeroUsize = NonZeroUsize::new(8 << 20).unwrap();
/// Memory that an entry takes beside its object, in bytes, rounded up.
const ENTRY_BYTES: usize = 128;

/// Least recently used objects go first.
pub(super) struct DeltaBaseCache(CLruCache<(u32, u64), Entry, RandomState, Bytes>);

struct Entry {
    data: Box<[u8]>,
    kind: Kind,
    compressed_size: usize,
}

struct Bytes;

impl WeightScale<(u32, u64), Entry> for Bytes {
    fn weight(&self, _: &(u32, u64), entry: &Entry) -> usize {
        entry.data.len() + ENTRY_BYTES
    }
}

impl Default for DeltaBaseCache {
    fn default() -> Self {
        Self(CLruCache::with_config(CLruCacheConfig::new(CACHE_BYTES).with_scale(Bytes)))
    }
}

impl DecodeEntry for DeltaBaseCache {
    fn put(&mut self, pack_id: u32, offset: u64, data: &[u8], kind: Kind, compressed_size: usize) {
        if data.len() + ENTRY_BYTES < CACHE_BYTES.get() {
            // An object that does not fit is handed back, and read again when it is needed.
            let _ = self.0.put_with_weight((pack_id, offset), Entry { data: data.into(), kind, compressed_size });
        }
    }

    fn get(&mut self, pack_id: u32, offset: u64, out: &mut Vec<u8>) -> Option<(Kind, usize)> {
        let entry = self.0.get(&(pack_id, offset))?;
        out.clear();
        out.extend_from_slice(&entry.data);
        Some((entry.kind, entry.compressed_size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that the cache holds, by what the allocations of its objects are.
    fn held(cache: &DeltaBaseCache) -> usize {
        cache.0.iter().map(|(_, entry)| entry.data.len() + ENTRY_BYTES).sum()
    }

    #[test]
    fn objects_of_mixed_sizes_stay_within_the_limit() {
        let mut cache = DeltaBaseCache::default();
        let large = vec![b'x'; 5 << 20];
        for offset in 0..60 {
            // A large object evicts the small ones, and these evict it.
            cache.put(0, 1_000 * offset, &large, Kind::Blob, 7);
            (1..900).for_each(|small| cache.put(0, 1_000 * offset + small, &large[..8 << 10], Kind::Blob, 7));
            assert!(held(&cache) <= CACHE_BYTES.get());
        }
    }

    #[test]
    fn empty_objects_count() {
        let mut cache = DeltaBaseCache::default();
        (0..200_000).for_each(|offset| cache.put(0, offset, b"", Kind::Blob, 1));
        assert!(cache.0.len() <= CACHE_BYTES.get() / ENTRY_BYTES);
    }

    #[test]
    fn packs_of_one_reader_are_told_apart() {
        let (mut cache, mut out) = (DeltaBaseCache::default(), Vec::new());
        cache.put(1, 12, b"one", Kind::Blob, 5);
        cache.put(2, 12, b"two", Kind::Tree, 6);
        assert_eq!((cache.get(1, 12, &mut out), out.as_slice()), (Some((Kind::Blob, 5)), b"one".as_slice()));
        assert_eq!((cache.get(2, 12, &mut out), out.as_slice()), (Some((Kind::Tree, 6)), b"two".as_slice()));
        assert_eq!(cache.get(3, 12, &mut out), None);
        cache.put(1, 90, &vec![0; CACHE_BYTES.get()], Kind::Blob, 9);
        assert_eq!(cache.get(1, 90, &mut out), None);
    }
}

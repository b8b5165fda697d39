//! Cache of delta base objects, by pack offset.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gix::objs::Kind;

/// The size of the cache.
const MAX_CACHE_BYTES: usize = 8 << 20;
/// The rough cost of an entry beside the object's own bytes.
const ENTRY_BYTES: usize = 64;

pub(super) type Base = (Kind, Rc<Vec<u8>>);

/// Two generations; when the young half fills, the old half is dropped.
#[derive(Default)]
pub(super) struct DeltaBaseCache {
    generations: RefCell<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<u64, Base>,
    young_bytes: usize,
    old: HashMap<u64, Base>,
}

impl DeltaBaseCache {
    /// The object at `at`, if it is cached; it counts as young again.
    pub fn get(&self, at: u64) -> Option<Base> {
        let mut generations = self.generations.borrow_mut();
        if let Some(base) = generations.young.get(&at) {
            return Some(base.clone());
        }
        let base = generations.old.remove(&at)?;
        generations.add(at, base.clone());
        Some(base)
    }

    /// Caches an object, unless it is so large that it would drive out most of the others.
    pub fn keep(&self, at: u64, (kind, data): &Base) {
        if data.len() <= MAX_CACHE_BYTES / 4 {
            self.generations.borrow_mut().add(at, (*kind, Rc::clone(data)));
        }
    }
}

impl Generations {
    fn add(&mut self, at: u64, base: Base) {
        let size = base.1.len() + ENTRY_BYTES;
        if self.young_bytes + size > MAX_CACHE_BYTES / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += size;
        self.young.insert(at, base);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let cache = DeltaBaseCache::default();
        let base = (Kind::Blob, Rc::new(vec![0; 1 << 20]));
        for at in 0..100 {
            cache.keep(at, &base);
            assert!(cache.get(0).is_some(), "{at}");
        }
        let kept = (0..100).filter(|&at| cache.get(at).is_some()).count();
        assert!((2..=8).contains(&kept), "{kept}");
    }

    #[test]
    fn the_largest_are_not_kept() {
        let cache = DeltaBaseCache::default();
        cache.keep(1, &(Kind::Blob, Rc::new(vec![0; MAX_CACHE_BYTES / 4 + 1])));
        assert!(cache.get(1).is_none());
    }
}

//! Objects of a pack that others are likely to be made from, as they were read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gix::objs::Kind;

/// What is kept, in bytes.
const MOST: usize = 8 << 20;
/// What keeping an object costs beside its own bytes, roughly.
const EACH: usize = 64;

pub(super) type Base = (Kind, Rc<Vec<u8>>);

/// By where they stand. Those that nobody has asked for in a while go first, all at once.
#[derive(Default)]
pub(super) struct Bases {
    kept: RefCell<Kept>,
}

#[derive(Default)]
struct Kept {
    young: HashMap<u64, Base>,
    /// In bytes.
    young_size: usize,
    old: HashMap<u64, Base>,
}

impl Bases {
    pub fn get(&self, at: u64) -> Option<Base> {
        let mut kept = self.kept.borrow_mut();
        if let Some(base) = kept.young.get(&at) {
            return Some(base.clone());
        }
        let base = kept.old.remove(&at)?;
        kept.add(at, base.clone());
        Some(base)
    }

    pub fn keep(&self, at: u64, (kind, data): &Base) {
        if data.len() <= MOST / 4 {
            self.kept.borrow_mut().add(at, (*kind, Rc::clone(data)));
        }
    }
}

impl Kept {
    fn add(&mut self, at: u64, base: Base) {
        let size = base.1.len() + EACH;
        if self.young_size + size > MOST / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_size = 0;
        }
        self.young_size += size;
        self.young.insert(at, base);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let bases = Bases::default();
        let base = (Kind::Blob, Rc::new(vec![0; 1 << 20]));
        for at in 0..100 {
            bases.keep(at, &base);
            assert!(bases.get(0).is_some(), "{at}");
        }
        let kept = (0..100).filter(|&at| bases.get(at).is_some()).count();
        assert!((2..=8).contains(&kept), "{kept}");
    }

    #[test]
    fn the_largest_are_not_kept() {
        let bases = Bases::default();
        bases.keep(1, &(Kind::Blob, Rc::new(vec![0; MOST / 4 + 1])));
        assert!(bases.get(1).is_none());
    }
}

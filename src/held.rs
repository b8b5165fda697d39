//! Values derived from files of a tree that may be large or many: held within limits.

use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::tree::{Tree, TreeError, made_once};

/// Maximum number of values held for a tree; what is beyond it begins anew.
const MAX_VALUES: usize = 32_768;
/// Maximum memory of the values held for a tree, in bytes.
const MAX_BYTES: usize = 8 << 20;

/// Type of a value, and path of the file it was derived from.
type Key = (TypeId, Vec<u8>);

#[derive(Default)]
struct Held {
    values: RefCell<HashMap<Key, Rc<dyn Any>>>,
    bytes: Cell<usize>,
}

/// Returns the value of type `T` derived from `path`, if the tree still holds it from before; `size` tells its bytes, nearly.
///
/// # Errors
/// When `make` fails.
pub fn held_once<T: 'static>(
    tree: &dyn Tree,
    path: &[u8],
    size: impl FnOnce(&T) -> usize,
    make: impl FnOnce() -> Result<T, TreeError>,
) -> Result<Rc<T>, TreeError> {
    let held = made_once(tree, b"", || Ok(Held::default()))?;
    let key = (TypeId::of::<T>(), path.to_vec());
    let known = held.values.borrow().get(&key).cloned();
    if let Some(known) = known.and_then(|known| known.downcast().ok()) {
        return Ok(known);
    }
    let made = Rc::new(make()?);
    held.keep(key, size(&made), Rc::clone(&made) as Rc<dyn Any>);
    Ok(made)
}

impl Held {
    fn keep(&self, key: Key, size: usize, value: Rc<dyn Any>) {
        let mut values = self.values.borrow_mut();
        let size = size + key.1.len();
        if values.len() >= MAX_VALUES || self.bytes.get() + size > MAX_BYTES {
            values.clear();
            self.bytes.set(0);
        }
        self.bytes.update(|bytes| bytes + size);
        values.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NoFiles;

    #[test]
    fn what_is_held_is_bounded() {
        let tree = NoFiles::default();
        let held = made_once(&tree, b"", || Ok(Held::default())).unwrap();
        for number in 0..2 * MAX_VALUES {
            held_once(&tree, &number.to_ne_bytes(), |_| 0, || Ok(number)).unwrap();
            assert_eq!(*held_once(&tree, &number.to_ne_bytes(), |_| 0, || Ok(0)).unwrap(), number);
        }
        assert!(held.values.borrow().len() <= MAX_VALUES);
        for number in 0..100_usize {
            held_once(&tree, &number.to_ne_bytes(), |_| MAX_BYTES / 10, || Ok("large")).unwrap();
        }
        assert!(held.bytes.get() <= MAX_BYTES);
        // What is larger than all is held by itself.
        held_once(&tree, b"x", |_| 2 * MAX_BYTES, || Ok(1_u8)).unwrap();
        assert_eq!(held.values.borrow().len(), 1);
        assert!(held_once::<bool>(&tree, b"y", |_| 0, || Err("unreadable".into())).is_err());
    }
}

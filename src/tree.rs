//! File tree of one side of a change, for code that must look at files beside the one being judged.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Error from reading a tree: a fault of the repository, never an answer.
pub type TreeError = Box<dyn std::error::Error + Send + Sync>;

/// Files of one side of a change. Paths start at the top of the repository, without a leading slash.
pub trait Tree {
    /// Returns whether `path` is a regular file.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError>;

    /// Returns whether `path` is a folder.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError>;

    /// Returns the content of the regular file at `path`; `None` if there is none or it is over the size limit.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError>;

    /// Cache of values derived from its files; `None` if it has no cache.
    fn memo(&self) -> Option<&Memo> {
        None
    }
}

/// Maximum number of values cached for a tree.
const MAX_MEMO_ENTRIES: usize = 4096;

/// Cache of values derived from files of a tree, so that a manifest is parsed once instead of for each file beneath it.
#[derive(Default)]
pub struct Memo {
    made: RefCell<HashMap<MemoKey, Rc<dyn Any>>>,
}

/// Cache key: type of the value, and path of the file it was derived from.
type MemoKey = (TypeId, Vec<u8>);

impl std::fmt::Debug for Memo {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Memo({})", self.made.borrow().len())
    }
}

/// Returns the value of type `T` derived from `path`, from the tree's cache if it was made before.
///
/// # Errors
/// When `make` fails.
pub fn made_once<T: 'static>(
    tree: &dyn Tree,
    path: &[u8],
    make: impl FnOnce() -> Result<T, TreeError>,
) -> Result<Rc<T>, TreeError> {
    let key = (TypeId::of::<T>(), path.to_vec());
    let memo = tree.memo();
    let known = memo.and_then(|memo| memo.made.borrow().get(&key).cloned());
    if let Some(known) = known.and_then(|known| known.downcast().ok()) {
        return Ok(known);
    }
    let made = Rc::new(make()?);
    if let Some(memo) = memo {
        let mut kept = memo.made.borrow_mut();
        if kept.len() < MAX_MEMO_ENTRIES {
            kept.insert(key, Rc::clone(&made) as Rc<dyn Any>);
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    struct Empty(Memo);

    impl Tree for Empty {
        fn is_file(&self, _: &[u8]) -> Result<bool, TreeError> {
            Ok(false)
        }
        fn is_folder(&self, _: &[u8]) -> Result<bool, TreeError> {
            Ok(false)
        }
        fn read(&self, _: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
            Ok(None)
        }
        fn memo(&self) -> Option<&Memo> {
            Some(&self.0)
        }
    }

    #[test]
    fn what_is_made_is_kept_by_path_and_type() {
        let (tree, times) = (Empty(Memo::default()), Cell::new(0));
        let number = |path: &[u8]| {
            made_once(&tree, path, || {
                times.set(times.get() + 1);
                Ok(times.get())
            })
        };
        assert_eq!((*number(b"a").unwrap(), *number(b"a").unwrap(), *number(b"b").unwrap()), (1, 1, 2));
        assert_eq!(*made_once(&tree, b"a", || Ok("text")).unwrap(), "text");
        assert!(made_once::<bool>(&tree, b"a", || Err("unreadable".into())).is_err());
        assert!(*made_once(&tree, b"a", || Ok(true)).unwrap());
    }
}

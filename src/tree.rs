//! One side of a change as a tree of files, for whoever must look beside the file at hand.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Why a tree could not be read: a fault of the repository, never an answer.
pub type TreeError = Box<dyn std::error::Error + Send + Sync>;

/// The files of one side of a change. Paths start at the top of the repository, without a leading slash.
pub trait Tree {
    /// Whether a regular file stands at `path`.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError>;

    /// Whether a folder stands at `path`.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError>;

    /// The content of the regular file at `path`; `None` where there is none or it is over the size limit.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError>;

    /// What is kept of what was made of its files; `None` where nothing is.
    fn memo(&self) -> Option<&Memo> {
        None
    }
}

/// How much of a tree is kept.
const KEPT: usize = 4096;

/// What was made of the files of a tree, so that a manifest is read once, and not for each file beneath it.
#[derive(Default)]
pub struct Memo {
    made: RefCell<HashMap<Made, Rc<dyn Any>>>,
}

/// What was made: its type, and the path that it was made of.
type Made = (TypeId, Vec<u8>);

impl std::fmt::Debug for Memo {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Memo({})", self.made.borrow().len())
    }
}

/// What is made of `path`, or was made of it before: by whoever reads a manifest. Of one path each type is made once.
///
/// # Errors
/// When it cannot be made.
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
        if kept.len() < KEPT {
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

//! Reads loose and packed objects without opening gix's store, whose preparations pay only in a long run.
//!
//! `None` is no answer: an object that is not found here, or is unusual or broken, is then asked of gix's store.

use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};

use gix::hash::{Kind as HashKind, oid};

use super::loose::{self, Loose};
use super::pack::{Found, Pack, Scratch};

/// Loose objects and packs of some object folders.
pub(super) struct Reader {
    folders: Vec<PathBuf>,
    hash: HashKind,
    /// The largest object that is read, in bytes.
    limit: usize,
    packs: OnceCell<RefCell<Vec<Pack>>>,
    /// Whether all packs of all folders are known, and can be asked here.
    all_known: OnceCell<bool>,
    scratch: RefCell<Scratch>,
}

impl Reader {
    /// Prepares for the object folders `folders`, alternates included; touches nothing yet.
    pub fn new(folders: Vec<PathBuf>, hash: HashKind, limit: usize) -> Self {
        let (packs, all_known) = (OnceCell::new(), OnceCell::new());
        Self { folders, hash, limit, packs, all_known, scratch: RefCell::default() }
    }

    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    fn packs(&self) -> &RefCell<Vec<Pack>> {
        self.packs.get_or_init(|| RefCell::new(self.list_packs()))
    }

    /// Reads an object of at most `most` bytes into `out`, which holds nothing else afterwards; of a larger one, its
    /// size alone. Size and content take one call, as opening the object is most of the cost.
    pub fn find(&self, id: &oid, most: u64, out: &mut Vec<u8>) -> Option<Found> {
        let scratch = &mut *self.scratch.borrow_mut();
        let packed = self.in_pack(id, |pack, offset| pack.read(offset, most, scratch, out));
        packed.or_else(|| self.folders.iter().find_map(|folder| self.loose(folder, id, most, scratch, out)))
    }

    /// Whether an object is in none of the folders, beyond doubt.
    pub fn surely_lacks(&self, id: &oid) -> bool {
        let absent = |path: &Path| {
            std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
        };
        let packs = self.packs();
        // A list that could not be had is no list.
        let all_known = *self.all_known.get_or_init(|| {
            let lists = |folder: &PathBuf| {
                let folder = folder.join("pack");
                absent(&folder) || std::fs::read_dir(&folder).is_ok()
            };
            self.folders.iter().all(lists)
        });
        all_known
            && packs.borrow().iter().all(|pack| pack.surely_lacks(id))
            && self.folders.iter().all(|folder| absent(&loose::path(folder, id)))
    }

    /// Asks the packs for an object, the one that had the last one first.
    fn in_pack<T>(&self, id: &oid, read: impl FnOnce(&Pack, u64) -> Option<T>) -> Option<T> {
        let packs = self.packs();
        let found = packs.borrow().iter().enumerate().find_map(|(at, pack)| Some((at, pack.offset(id)?)));
        let (at, offset) = found?;
        packs.borrow_mut().swap(0, at);
        read(packs.borrow().first()?, offset)
    }

    fn list_packs(&self) -> Vec<Pack> {
        let mut packs = Vec::new();
        for folder in &self.folders {
            let Ok(files) = std::fs::read_dir(folder.join("pack")) else { continue };
            let paths = files.flatten().map(|file| file.path()).filter(|path| path.extension() == Some("idx".as_ref()));
            let numbered = (packs.len() as u32..).zip(paths);
            packs.extend(numbered.map(|(number, path)| Pack::new(number, path, self.hash, self.limit)));
        }
        packs
    }

    /// Reads a loose object.
    fn loose(&self, folder: &Path, id: &oid, most: u64, scratch: &mut Scratch, out: &mut Vec<u8>) -> Option<Found> {
        let loose = Loose::open(folder, id, scratch, out)?;
        if loose.size > most {
            return Some(Found { kind: loose.kind, too_large: Some(loose.size) });
        }
        loose.read(self.limit, scratch, out)
    }
}

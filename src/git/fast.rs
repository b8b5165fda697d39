//! The short way to an object: what a hook needs, without the preparations that pay only for a long run.
//!
//! It answers only when all is plain. Whatever it does not find or cannot read, the full store is asked for.
//! Format of loose objects: git's Documentation/gitformat-loose.

use std::cell::{OnceCell, RefCell};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use gix::hash::{Kind as HashKind, oid};
use gix::objs::Kind;

use super::mapped::room;
use super::pack::{Found, Pack, Stored, Work};

/// The longest head of a loose object: kind, space, size in decimal, NUL.
const LOOSE_HEAD: usize = 32;
/// What is read of a loose object at first: all of nearly every one.
const LOOSE_PART: usize = 16 << 10;

/// Loose objects and packs of some object folders.
pub(super) struct Fast {
    folders: Vec<PathBuf>,
    hash: HashKind,
    /// The largest object that is read, in bytes.
    limit: usize,
    packs: OnceCell<RefCell<Vec<Pack>>>,
    /// Whether all packs of all folders are known, and can be asked here.
    all_known: OnceCell<bool>,
    work: RefCell<Work>,
}

impl Fast {
    /// Prepares for the object folders `folders`, alternates included; touches nothing yet.
    pub fn new(folders: Vec<PathBuf>, hash: HashKind, limit: usize) -> Self {
        let (packs, all_known) = (OnceCell::new(), OnceCell::new());
        Self { folders, hash, limit, packs, all_known, work: RefCell::default() }
    }

    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// How many packs there are.
    pub fn count_packs(&self) -> usize {
        self.packs().borrow().len()
    }

    fn packs(&self) -> &RefCell<Vec<Pack>> {
        self.packs.get_or_init(|| RefCell::new(self.list_packs()))
    }

    /// Reads an object of at most `most` bytes into `out`, which holds nothing else afterwards; of a larger one, its
    /// size alone. One way to the object, as opening it is most of the cost.
    pub fn find(&self, id: &oid, most: u64, out: &mut Vec<u8>) -> Option<Found> {
        let work = &mut *self.work.borrow_mut();
        let packed = self.in_pack(id, |pack, offset| pack.read(offset, most, work, out));
        packed.or_else(|| self.folders.iter().find_map(|folder| self.loose(folder, id, most, work, out)))
    }

    /// A tree of at least `least` bytes for reading it in parts, if it stands whole.
    pub fn stored_tree(&self, id: &oid, least: usize) -> Option<Stored> {
        let work = &mut *self.work.borrow_mut();
        let packed = self.in_pack(id, |pack, offset| pack.stored_tree(offset, least, work));
        packed.or_else(|| self.folders.iter().find_map(|folder| self.stored_loose(folder, id, least, work)))
    }

    fn stored_loose(&self, folder: &Path, id: &oid, least: usize, work: &mut Work) -> Option<Stored> {
        let mut head = Vec::new();
        let loose = open_loose(folder, id, work, &mut head)?;
        let is_it = loose.kind == Kind::Tree && loose.size <= self.limit as u64 && loose.size >= least as u64;
        let size = usize::try_from(loose.size).ok().filter(|_| is_it)?;
        Some(Stored { file: loose.file, at: 0, skip: loose.skip, size })
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
            && self.folders.iter().all(|folder| absent(&loose_path(folder, id)))
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
            packs.extend(paths.map(|path| Pack::new(path, self.hash, self.limit)));
        }
        packs
    }

    /// Reads a loose object.
    fn loose(&self, folder: &Path, id: &oid, most: u64, work: &mut Work, out: &mut Vec<u8>) -> Option<Found> {
        let loose = open_loose(folder, id, work, out)?;
        let Loose { kind, skip, mut read, consumed, mut done, .. } = loose;
        if loose.size > most {
            return Some(Found { kind, too_large: Some(loose.size) });
        }
        let size = usize::try_from(loose.size).ok().filter(|&size| size <= self.limit)?;
        if !done {
            if read == LOOSE_PART {
                work.compressed.truncate(read);
                read += loose.file.take(self.limit as u64).read_to_end(&mut work.compressed).ok()?;
            }
            // The decoder needs the head before what follows it.
            out.resize((skip + size).max(LOOSE_HEAD), 0);
            done = work.decoder.decompress(work.compressed.get(consumed..read)?, out, true).ok()?.done;
        }
        let complete = done && work.decoder.total_out() == (skip + size) as u64;
        out.truncate(skip + size);
        out.drain(..skip.min(out.len()));
        complete.then_some(Found { kind, too_large: None })
    }
}

/// A loose object whose head is read.
struct Loose {
    file: File,
    kind: Kind,
    /// In bytes, as the head has it.
    size: u64,
    /// How long the head is.
    skip: usize,
    /// How much was read into `Work::compressed`, how much of that is used up, and whether that was all.
    read: usize,
    consumed: usize,
    done: bool,
}

/// Reads the first part of a loose object, and inflates its head into `out`. Files are read, not mapped: most are
/// smaller than a page.
fn open_loose(folder: &Path, id: &oid, work: &mut Work, out: &mut Vec<u8>) -> Option<Loose> {
    let mut file = File::open(loose_path(folder, id)).ok()?;
    let part = room(&mut work.compressed, LOOSE_PART)?;
    let read = file.read(part).ok()?;
    work.decoder.reset();
    out.clear();
    out.resize(LOOSE_HEAD, 0);
    let head = work.decoder.decompress(part.get(..read)?, out, false).ok()?;
    let (kind, size, skip) = gix::objs::decode::loose_header(head.output).ok()?;
    Some(Loose { file, kind, size, skip, read, consumed: head.consumed, done: head.done })
}

fn loose_path(folder: &Path, id: &oid) -> PathBuf {
    let hex = id.to_hex().to_string();
    let (first, rest) = hex.split_at(2.min(hex.len()));
    [folder, first.as_ref(), rest.as_ref()].iter().collect()
}

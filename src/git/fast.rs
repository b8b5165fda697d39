//! The short way to an object: what a hook needs, without the preparations that pay only for a long run.
//!
//! It answers only when all is plain. Whatever it does not find or cannot read, the full store is asked for.
//! Formats: git's Documentation/gitformat-pack ("pack-*.idx files, version 2") and gitformat-loose.

use std::cell::{OnceCell, RefCell};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use gix::hash::{Kind as HashKind, oid};
use gix::objs::Kind;
use gix::odb::pack;
use gix::odb::pack::data::decode::entry::ResolvedBase as EntryBase;
use gix::odb::pack::data::decode::header::ResolvedBase as HeaderBase;
use gix::zlib::{Inflate, Status};
use memmap2::Mmap;

use super::index::be32;
use super::mapped::map;

/// What delta bases may keep; enough for the trees of one commit.
const CACHE: usize = 16 << 20;
/// The longest head of a loose object: kind, space, size in decimal, NUL.
const LOOSE_HEAD: usize = 32;
/// What is read of a loose object at first: all of nearly every one.
const LOOSE_PART: usize = 16 << 10;
/// How far off a guess at a name's place usually is, as a power of two.
const GUESS: u32 = 4;
/// Where names start in a pack's index: after signature, version and the 256 counts.
const NAMES: usize = 8 + 256 * 4;

/// Loose objects and packs of some object folders.
pub(super) struct Fast {
    folders: Vec<PathBuf>,
    hash: HashKind,
    /// The largest object that is read, in bytes.
    limit: usize,
    packs: OnceCell<RefCell<Vec<Pack>>>,
    work: RefCell<Work>,
}

/// An object that was read, or that is too large for that.
pub(super) struct Found {
    pub kind: Kind,
    /// Its size in bytes, where it is over what was asked for and so was not read.
    pub too_large: Option<u64>,
}

/// What is used again for each object.
struct Work {
    inflate: Inflate,
    compressed: Vec<u8>,
    cache: pack::cache::lru::StaticLinkedList<64>,
}

struct Pack {
    path: PathBuf,
    hash: HashKind,
    limit: usize,
    index: OnceCell<Option<Mmap>>,
    data: OnceCell<Option<pack::data::File>>,
}

impl Fast {
    /// Prepares for the object folders `folders`, alternates included; touches nothing yet.
    pub fn new(folders: Vec<PathBuf>, hash: HashKind, limit: usize) -> Self {
        let cache = pack::cache::lru::StaticLinkedList::new(CACHE);
        let work = RefCell::new(Work { inflate: Inflate::default(), compressed: Vec::new(), cache });
        Self { folders, hash, limit, packs: OnceCell::new(), work }
    }

    /// Reads an object of at most `most` bytes into `out`, which holds nothing else afterwards; of a larger one, its
    /// size alone. One way to the object, as opening it is most of the cost.
    pub fn find(&self, id: &oid, most: u64, out: &mut Vec<u8>) -> Option<Found> {
        let work = &mut *self.work.borrow_mut();
        let packed = self.in_pack(id, |pack, offset| {
            let data = pack.data()?;
            let base = |id: &oid, _: &mut Vec<u8>| {
                pack.offset(id).map(|offset| data.entry(offset).map(EntryBase::InPack)).transpose()
            };
            let head_base =
                |id: &oid| pack.offset(id).map(|offset| data.entry(offset).map(HeaderBase::InPack)).transpose();
            let head = data.decode_header(data.entry(offset).ok()?, &mut work.inflate, &head_base).ok()?;
            if head.object_size > most {
                return Some(Found { kind: head.kind, too_large: Some(head.object_size) });
            }
            let entry = data.entry(offset).ok()?;
            let found = data.decode_entry(entry, out, &mut work.inflate, &base, &mut work.cache).ok()?;
            Some(Found { kind: found.kind, too_large: None })
        });
        packed.or_else(|| self.folders.iter().find_map(|folder| self.loose(folder, id, most, work, out)))
    }

    /// Asks the packs for an object, the one that had the last one first.
    fn in_pack<T>(&self, id: &oid, read: impl FnOnce(&Pack, u64) -> Option<T>) -> Option<T> {
        let packs = self.packs.get_or_init(|| RefCell::new(self.list_packs()));
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
            packs.extend(paths.map(|path| Pack {
                path,
                hash: self.hash,
                limit: self.limit,
                index: OnceCell::new(),
                data: OnceCell::new(),
            }));
        }
        packs
    }

    /// Reads a loose object. Files are read, not mapped: most are smaller than a page.
    fn loose(&self, folder: &Path, id: &oid, most: u64, work: &mut Work, out: &mut Vec<u8>) -> Option<Found> {
        let mut file = std::fs::File::open(loose_path(folder, id)).ok()?;
        work.compressed.resize(LOOSE_PART, 0);
        let length = file.read(&mut work.compressed).ok()?;
        work.compressed.truncate(length);
        let mut head = [0; LOOSE_HEAD];
        work.inflate.reset();
        let (status, read, written) = work.inflate.prefix(&work.compressed, &mut head).ok()?;
        let head = head.get(..written)?;
        let (kind, size, skip) = gix::objs::decode::loose_header(head).ok()?;
        if size > most {
            return Some(Found { kind, too_large: Some(size) });
        }
        let size = usize::try_from(size).ok().filter(|&size| size <= self.limit)?;
        if length == LOOSE_PART {
            file.take(self.limit as u64).read_to_end(&mut work.compressed).ok()?;
        }
        out.clear();
        let length = if status == Status::StreamEnd {
            out.extend_from_slice(head.get(skip..)?);
            out.len()
        } else {
            work.inflate.rest(work.compressed.get(read..)?, head, skip, out, size).ok()?
        };
        (length == size && out.len() == size).then_some(Found { kind, too_large: None })
    }
}

fn loose_path(folder: &Path, id: &oid) -> PathBuf {
    let hex = id.to_hex().to_string();
    let (first, rest) = hex.split_at(2.min(hex.len()));
    [folder, first.as_ref(), rest.as_ref()].iter().collect()
}

impl Pack {
    /// Where the object lies in the pack.
    fn offset(&self, id: &oid) -> Option<u64> {
        let index = self.index.get_or_init(|| map(&self.path).ok().flatten()).as_deref()?;
        if !index.starts_with(b"\xfftOc\0\0\0\x02") {
            return None;
        }
        let id_len = self.hash.len_in_bytes();
        let first = usize::from(*id.as_bytes().first()?);
        let count = |byte: usize| be32(index, 8 + byte * 4).map(|count| count as usize);
        let (mut low, mut high) = (if first == 0 { 0 } else { count(first - 1)? }, count(first)?);
        let total = count(255)?;
        let name = |at: usize| index.get(NAMES + at * id_len..NAMES + (at + 1) * id_len);
        // Ids are evenly spread, so the second to fifth byte tell nearly where one stands: each probe less is a page less.
        let spread = id.as_bytes().get(1..).and_then(|rest| be32(rest, 0)).unwrap_or_default();
        let guess = low + (((high - low) as u64 * u64::from(spread)) >> 32) as usize;
        let mut step = 1 << GUESS;
        let mut probe = guess;
        while low < high {
            let middle = probe.clamp(low, high - 1);
            match name(middle)?.cmp(id.as_bytes()) {
                std::cmp::Ordering::Less => {
                    low = middle + 1;
                    probe = if step < high - low { middle + step } else { low + (high - low) / 2 };
                }
                std::cmp::Ordering::Greater => {
                    high = middle;
                    probe = if step < high - low { middle - step } else { low + (high - low) / 2 };
                }
                std::cmp::Ordering::Equal => {
                    // Behind the names: checksums of four bytes, offsets of four, and the larger offsets of eight.
                    let offsets = NAMES + total * (id_len + 4);
                    let offset = be32(index, offsets + middle * 4)?;
                    if offset & 0x8000_0000 == 0 {
                        return Some(u64::from(offset));
                    }
                    let large = offsets + total * 4 + (offset & 0x7fff_ffff) as usize * 8;
                    return Some(u64::from_be_bytes(*index.get(large..)?.first_chunk()?));
                }
            }
            step *= 4;
        }
        None
    }

    fn data(&self) -> Option<&pack::data::File> {
        let open = || pack::data::File::at(self.path.with_extension("pack"), self.hash).ok();
        let data = self.data.get_or_init(|| open().map(|data| data.with_alloc_limit_bytes(Some(self.limit))));
        data.as_ref()
    }
}

/// The object folders that `folder` borrows from, itself first.
pub(super) fn with_alternates(folder: &Path) -> Result<Vec<PathBuf>, gix::Error> {
    let here = std::env::current_dir().unwrap_or_default();
    let mut folders = vec![folder.to_path_buf()];
    folders.extend(gix::odb::alternate::resolve(folder.to_path_buf(), &here)?);
    Ok(folders)
}

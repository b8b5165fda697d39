//! Packs, read in the few bytes that an object takes. They are not mapped: each page of a mapped file that is touched
//! brings its neighbours along, and costs more than reading what is needed.
//!
//! Format: git's Documentation/gitformat-pack ("pack-*.pack files").

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use gix::hash::{Kind as HashKind, oid};
use gix::objs::Kind;
use sirocco::inflate::Decoder;

use super::crowd::Stored;
use super::delta;
use super::index::be32;
use super::pack_index::PackIndex;

/// What delta bases may keep, in bytes.
const BASES: usize = 16 << 20;
/// What is read of an entry at first: all of most, and the base's head where it follows.
const PART: usize = 4 << 10;
/// What is read of it from then on.
const MORE: usize = 64 << 10;
/// Git packs chains of 50, at most 4095 by configuration.
const LONGEST_CHAIN: usize = 10_000;

/// A pack and its index.
pub(super) struct Pack {
    path: PathBuf,
    hash: HashKind,
    /// The largest object that is read, in bytes.
    limit: usize,
    index: OnceCell<Option<PackIndex>>,
    data: OnceCell<Option<File>>,
    bases: Bases,
}

/// An object that was read, or that is too large for that.
pub(super) struct Found {
    pub kind: Kind,
    /// Its size in bytes, where it is over what was asked for and so was not read.
    pub too_large: Option<u64>,
}

/// What is used again for each object.
pub(super) struct Work {
    pub decoder: Decoder,
    pub compressed: Vec<u8>,
    delta: Vec<u8>,
    base: Vec<u8>,
}

impl Default for Work {
    fn default() -> Self {
        let decoder = Decoder::new(sirocco::Format::Zlib);
        Self { decoder, compressed: Vec::new(), delta: Vec::new(), base: Vec::new() }
    }
}

type Base = (Kind, Rc<[u8]>);

/// Objects of the pack that others were made from, by where they stand.
#[derive(Default)]
struct Bases {
    kept: RefCell<HashMap<u64, Base>>,
    size: Cell<usize>,
}

/// The head of an entry.
struct Entry {
    kind: EntryKind,
    /// Of what is compressed, in bytes.
    size: usize,
    /// Where that starts, in `Work::compressed` and in the pack.
    head: usize,
    at: u64,
}

enum EntryKind {
    Whole(Kind),
    /// With the place of its base.
    Delta(u64),
}

impl Pack {
    /// The pack whose index is at `path`; nothing is touched yet.
    pub fn new(path: PathBuf, hash: HashKind, limit: usize) -> Self {
        Self { path, hash, limit, index: OnceCell::new(), data: OnceCell::new(), bases: Bases::default() }
    }

    /// Where the object lies in the pack.
    pub fn offset(&self, id: &oid) -> Option<u64> {
        self.look_up(id).flatten()
    }

    /// Whether the object is not in the pack, beyond doubt.
    pub fn surely_lacks(&self, id: &oid) -> bool {
        matches!(self.look_up(id), Some(None))
    }

    fn look_up(&self, id: &oid) -> Option<Option<u64>> {
        self.index.get_or_init(|| PackIndex::open(&self.path)).as_ref()?.look_up(id, &self.path)
    }

    /// Reads the object at `offset`, of at most `most` bytes, into `out`, which holds nothing else afterwards; of a
    /// larger one, its size alone. `None` where anything is unusual.
    pub fn read(&self, offset: u64, most: u64, work: &mut Work, out: &mut Vec<u8>) -> Option<Found> {
        let file = self.data.get_or_init(|| open_data(&self.path)).as_ref()?;
        if let Some((kind, data)) = self.bases.get(offset) {
            let too_large = Some(data.len() as u64).filter(|&size| size > most);
            if too_large.is_none() {
                out.clear();
                out.extend_from_slice(&data);
            }
            return Some(Found { kind, too_large });
        }
        let entry = self.entry(file, offset, work)?;
        let mut base_at = match entry.kind {
            EntryKind::Whole(kind) if entry.size as u64 > most => {
                return Some(Found { kind, too_large: Some(entry.size as u64) });
            }
            EntryKind::Whole(kind) => {
                inflate(file, &self.within(entry)?, work, out)?;
                return Some(Found { kind, too_large: None });
            }
            EntryKind::Delta(base) => base,
        };
        let mut own = Vec::new();
        inflate(file, &entry, work, &mut own)?;
        let size = delta::size(&own).filter(|&size| size <= self.limit)?;
        // From here to the object that stands whole, or is known.
        let mut chain = Vec::new();
        let (kind, mut base) = loop {
            if chain.len() > LONGEST_CHAIN {
                return None;
            }
            if let Some(known) = self.bases.get(base_at) {
                break known;
            }
            let entry = self.entry(file, base_at, work)?;
            match entry.kind {
                EntryKind::Delta(next) => {
                    chain.push(base_at);
                    base_at = next;
                }
                EntryKind::Whole(kind) if size as u64 > most => {
                    return Some(Found { kind, too_large: Some(size as u64) });
                }
                EntryKind::Whole(kind) => {
                    let mut whole = std::mem::take(&mut work.base);
                    inflate(file, &self.within(entry)?, work, &mut whole)?;
                    let base = Rc::from(whole.as_slice());
                    work.base = whole;
                    self.bases.keep(base_at, kind, &base);
                    break (kind, base);
                }
            }
        };
        if size as u64 > most {
            return Some(Found { kind, too_large: Some(size as u64) });
        }
        while let Some(at) = chain.pop() {
            let entry = self.entry(file, at, work)?;
            let mut change = std::mem::take(&mut work.delta);
            inflate(file, &entry, work, &mut change)?;
            delta::size(&change).filter(|&size| size <= self.limit)?;
            delta::apply(&base, &change, out)?;
            work.delta = change;
            base = Rc::from(out.as_slice());
            self.bases.keep(at, kind, &base);
        }
        delta::apply(&base, &own, out)?;
        if kind != Kind::Blob {
            self.bases.keep(offset, kind, &Rc::from(out.as_slice()));
        }
        Some(Found { kind, too_large: None })
    }

    /// The tree at `offset` for reading it in parts, if it has at least `least` bytes and stands whole.
    pub fn stored_tree(&self, offset: u64, least: usize, work: &mut Work) -> Option<Stored> {
        let file = self.data.get_or_init(|| open_data(&self.path)).as_ref()?;
        let entry = self.within(self.entry(file, offset, work)?)?;
        let is_it = matches!(entry.kind, EntryKind::Whole(Kind::Tree)) && entry.size >= least;
        Some(Stored { file: file.try_clone().ok().filter(|_| is_it)?, at: entry.at, skip: 0, size: entry.size })
    }

    /// Reads the head of the entry at `at`, and what follows as far as one read goes.
    fn entry(&self, file: &File, at: u64, work: &mut Work) -> Option<Entry> {
        work.compressed.resize(PART, 0);
        let length = read_full(file, &mut work.compressed, at)?;
        work.compressed.truncate(length);
        let data = work.compressed.as_slice();
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
            1 => EntryKind::Whole(Kind::Commit),
            2 => EntryKind::Whole(Kind::Tree),
            3 => EntryKind::Whole(Kind::Blob),
            4 => EntryKind::Whole(Kind::Tag),
            6 => {
                let mut byte = next()?;
                let mut back = u64::from(byte & 0x7f);
                while byte & 0x80 != 0 {
                    byte = next()?;
                    back = back.checked_add(1)?.checked_mul(128)? | u64::from(byte & 0x7f);
                }
                EntryKind::Delta(at.checked_sub(back).filter(|_| back > 0)?)
            }
            7 => {
                let id = oid::try_from_bytes(data.get(head..head + self.hash.len_in_bytes())?).ok()?;
                head += self.hash.len_in_bytes();
                EntryKind::Delta(self.offset(id)?)
            }
            _ => return None,
        };
        let entry = Entry { kind, size: usize::try_from(size).ok()?, head, at: at + head as u64 };
        // What stands whole is sized by the caller first.
        if matches!(entry.kind, EntryKind::Whole(_)) { Some(entry) } else { self.within(entry) }
    }

    fn within(&self, entry: Entry) -> Option<Entry> {
        (entry.size <= self.limit).then_some(entry)
    }
}

/// Inflates what `Pack::entry` has just found.
fn inflate(file: &File, entry: &Entry, work: &mut Work, out: &mut Vec<u8>) -> Option<()> {
    out.clear();
    out.resize(entry.size, 0);
    work.decoder.reset();
    let mut at = entry.at;
    let mut rest = entry.head;
    loop {
        let input = work.compressed.get(rest..)?;
        let progress = work.decoder.decompress(input, out, false).ok()?;
        if progress.done {
            return (work.decoder.total_out() == entry.size as u64).then_some(());
        }
        // Either all input is used, or there is more than there should be.
        if progress.consumed < input.len() {
            return None;
        }
        at += input.len() as u64;
        work.compressed.resize(MORE, 0);
        let length = read_full(file, &mut work.compressed, at)?;
        work.compressed.truncate(length);
        rest = 0;
    }
}

/// Reads as much as there is; `None` if that is nothing.
pub(super) fn read_full(file: &File, buffer: &mut [u8], at: u64) -> Option<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, at + length as u64) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    (length > 0).then_some(length)
}

fn open_data(path: &Path) -> Option<File> {
    let file = File::open(path.with_extension("pack")).ok()?;
    let mut head = [0; 8];
    file.read_exact_at(&mut head, 0).ok()?;
    (head.starts_with(b"PACK") && matches!(be32(&head, 4), Some(2 | 3))).then_some(file)
}

impl Bases {
    fn get(&self, at: u64) -> Option<Base> {
        self.kept.borrow().get(&at).cloned()
    }

    fn keep(&self, at: u64, kind: Kind, data: &Rc<[u8]>) {
        if data.len() > BASES / 4 {
            return;
        }
        if self.size.get() + data.len() > BASES {
            self.kept.borrow_mut().clear();
            self.size.set(0);
        }
        self.size.set(self.size.get() + data.len());
        self.kept.borrow_mut().insert(at, (kind, Rc::clone(data)));
    }
}

//! A folder of tens of thousands of files: its old tree is compared with the index's entries while it is inflated, so
//! that neither ever stands in memory as a whole. Fresh memory would cost as much as inflating does.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::fs::File;
use std::ops::Range;

use gix::hash::ObjectId;
use sirocco::inflate::Decoder;

use super::cache_tree::{CacheTree, Children};
use super::error::Error;
use super::index::{EntryHead, Heads, Index};
use super::listing::{Item, Kind, tree_line};
use super::pack_data::read_full;
use super::places::Places;
use super::rows::Task;
use super::walk::Walk;

/// What is inflated at once; the decoder needs the last 32 KiB of it.
const WINDOW: usize = 128 << 10;
const INPUT: usize = 64 << 10;

/// A tree that stands whole, in a pack or loose.
pub(super) struct Stored {
    pub file: File,
    /// Where what is compressed starts.
    pub at: u64,
    /// How many inflated bytes come before the tree.
    pub skip: usize,
    /// The tree's size in bytes.
    pub size: usize,
}

/// The folder, before and now.
pub(super) struct Crowd<'a> {
    pub old: ObjectId,
    pub new: ObjectId,
    pub lines: Lines,
    pub entries: EntriesOf<'a>,
    /// Filled once all entries were walked over.
    pub places: &'a OnceCell<Places>,
}

/// One of the two cannot be read in this way.
#[derive(Debug)]
pub(super) struct Unusual;

/// The lines of a tree that is still being inflated.
pub(super) struct Lines {
    file: File,
    offset: u64,
    input: Vec<u8>,
    unread: Range<usize>,
    decoder: Box<Decoder>,
    window: Vec<u8>,
    /// What is inflated and not yet compared.
    ready: Range<usize>,
    full: bool,
    done: bool,
    id_len: usize,
    /// How many bytes will have been inflated at the end.
    total: u64,
}

impl Walk<'_> {
    /// Compares a folder in parts; false where that cannot be done.
    pub fn crowd(&mut self, task: &Task, crowd: Crowd<'_>) -> Result<bool, Error> {
        let Crowd { mut lines, mut entries, places, .. } = crowd;
        let first_task = self.rows.tasks.len();
        loop {
            lines.skip_same(&mut entries);
            let Ok(new) = entries.peek() else { return Ok(false) };
            let Some((old, length)) = lines.peek() else {
                match lines.more() {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(Unusual) => return Ok(false),
                }
                let Some((new, count)) = new else { break };
                self.row(task, None, Some(&new))?;
                if entries.pass(count).is_err() {
                    return Ok(false);
                }
                continue;
            };
            let order = new.as_ref().map_or(Ordering::Less, |(new, _)| old.order(new));
            let new = new.filter(|_| order.is_ge());
            let old = Some(old).filter(|_| order.is_le());
            self.row(task, old.as_ref(), new.as_ref().map(|(new, _)| new))?;
            if old.is_some() {
                lines.skip(length);
            }
            if new.is_some_and(|(_, count)| entries.pass(count).is_err()) {
                return Ok(false);
            }
        }
        self.rows.tasks.get_mut(first_task..).unwrap_or_default().reverse();
        let _ = places.set(entries.places);
        Ok(true)
    }

    fn row(&mut self, task: &Task, old: Option<&Item<'_>>, new: Option<&Item<'_>>) -> Result<(), Error> {
        let Some(least) = old.or(new) else { return Ok(()) };
        // A folder here is a tree object at both sides.
        self.rows.take(task, least, &[old.cloned()], new, || None)
    }
}

impl Lines {
    pub fn new(stored: Stored, id_len: usize) -> Self {
        Self {
            file: stored.file,
            offset: stored.at,
            input: vec![0; INPUT],
            unread: 0..0,
            decoder: Box::new(Decoder::new(sirocco::Format::Zlib)),
            window: vec![0; WINDOW],
            ready: stored.skip..0,
            full: false,
            done: false,
            id_len,
            total: (stored.skip + stored.size) as u64,
        }
    }

    /// The next line, with its length; `None` where it is not whole yet.
    pub fn peek(&self) -> Option<(Item<'_>, usize)> {
        let rest = self.window.get(self.ready.clone())?;
        let (item, after) = tree_line(rest, self.id_len)?;
        Some((item, rest.len() - after.len()))
    }

    /// Goes past a line of `length` bytes.
    pub fn skip(&mut self, length: usize) {
        self.ready.start += length;
    }

    /// Goes past all lines that say the same as the entries next to come.
    pub fn skip_same(&mut self, entries: &mut EntriesOf<'_>) {
        while let Some((entry, name)) = entries.file()
            && let Some(rest) = self.window.get(self.ready.clone())
            && let Some(length) = same_line(rest, &entry, name)
        {
            self.ready.start += length;
            entries.skip(&entry);
        }
    }

    /// Inflates more; false at the end.
    pub fn more(&mut self) -> Result<bool, Unusual> {
        if self.done {
            return if self.ready.is_empty() { Ok(false) } else { Err(Unusual) };
        }
        if self.full {
            let dropped = self.decoder.make_room(&mut self.window);
            // A line that is longer than what is kept is none that any file system takes.
            self.ready.start = self.ready.start.checked_sub(dropped).filter(|_| dropped > 0).ok_or(Unusual)?;
            self.ready.end -= dropped;
        }
        if self.unread.is_empty() {
            let length = read_full(&self.file, &mut self.input, self.offset).ok_or(Unusual)?;
            self.offset += length as u64;
            self.unread = 0..length;
        }
        let input = self.input.get(self.unread.clone()).ok_or(Unusual)?;
        let progress = self.decoder.decompress(input, &mut self.window, false).map_err(|_| Unusual)?;
        self.unread.start += progress.consumed;
        self.ready.end += progress.output.len();
        (self.full, self.done) = (progress.full, progress.done);
        let inflated = self.decoder.total_out();
        if inflated > self.total || (self.done && inflated < self.total) { Err(Unusual) } else { Ok(true) }
    }
}

/// The length of the tree's line at the start of `rest`, if it is for this entry; without looking for its end.
fn same_line(rest: &[u8], entry: &EntryHead<'_>, name: &[u8]) -> Option<usize> {
    let mode: &[u8; 7] = match entry.mode {
        0o100_644 => b"100644 ",
        0o100_755 => b"100755 ",
        _ => return None,
    };
    let (line_mode, rest) = rest.split_first_chunk()?;
    let (line_name, rest) = rest.split_at_checked(name.len())?;
    let (zero, rest) = rest.split_first()?;
    // of a length that is known beforehand, comparing takes no call
    let same_id = match entry.id.first_chunk::<20>() {
        Some(id) if entry.id.len() == id.len() => rest.first_chunk() == Some(id),
        _ => rest.starts_with(entry.id),
    };
    let same = line_mode == mode && *zero == 0 && same_id && line_name == name;
    same.then(|| mode.len() + name.len() + 1 + entry.id.len())
}

/// The entries of one folder of an index whose cache-tree is whole, subfolders standing for theirs.
pub(super) struct EntriesOf<'a> {
    heads: Heads<'a>,
    cache: &'a CacheTree,
    nodes: Children<'a>,
    at: usize,
    /// How many entries are to come.
    left: usize,
    prefix: usize,
    places: Places,
}

impl<'a> EntriesOf<'a> {
    /// The entries beneath `path`, which ends with a slash; `None` where they cannot be read in this way.
    pub fn of(index: &'a Index, cache: &'a CacheTree, path: &[u8]) -> Option<Self> {
        let number = cache.find(path)?;
        let mut entries = Self {
            heads: index.entries()?,
            cache,
            nodes: cache.children(number),
            at: index.entries_start(),
            left: index.count,
            prefix: path.len(),
            places: Places::default(),
        };
        while !entries.head()?.path.starts_with(path) {
            entries.skip(&entries.head()?);
        }
        entries.places = Places::default();
        entries.left = cache.count(number).filter(|&count| count <= entries.left)?;
        Some(entries)
    }

    #[inline]
    fn head(&self) -> Option<EntryHead<'a>> {
        if self.left == 0 { None } else { self.heads.at(self.at) }
    }

    /// The next entry and its name, if it stands for a file in this very folder, or for anything else that is none.
    #[inline]
    fn file(&self) -> Option<(EntryHead<'a>, &'a [u8])> {
        let head = self.head()?;
        let name = head.path.get(self.prefix..)?;
        Some((head, name))
    }

    fn skip(&mut self, entry: &EntryHead<'_>) {
        self.places.pass(self.at);
        self.at = entry.next;
        self.left -= 1;
    }

    /// The next line as a tree would have it, and how many entries it stands for; `None` at the end.
    pub fn peek(&self) -> Result<Option<(Item<'a>, usize)>, Unusual> {
        if self.left == 0 {
            return Ok(None);
        }
        let (head, rest) = self.file().ok_or(Unusual)?;
        let Some(slash) = memchr::memchr(b'/', rest) else {
            let kind = Kind::of(head.mode);
            // A folder that stands as one entry has a slash at its end.
            let item = Item { name: rest, kind, id: head.id, slots: 0..0 };
            return if kind == Kind::Folder { Err(Unusual) } else { Ok(Some((item, 1))) };
        };
        let name = rest.get(..slash).unwrap_or_default();
        let node = self.nodes.node(name).ok_or(Unusual)?;
        let count = self.cache.count(node).filter(|&count| 0 < count && count <= self.left).ok_or(Unusual)?;
        let id = self.cache.id(node, &(0..count)).ok_or(Unusual)?;
        Ok(Some((Item { name, kind: Kind::Folder, id, slots: 0..0 }, count)))
    }

    /// Goes past `count` entries.
    pub fn pass(&mut self, count: usize) -> Result<(), Unusual> {
        for _ in 0..count {
            let head = self.head().ok_or(Unusual)?;
            self.skip(&head);
        }
        Ok(())
    }
}

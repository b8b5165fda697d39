//! The entries of one folder of an index, as a tree would list them.

use memchr::memchr;

use crate::git::change::EntryKind;
use crate::git::diff::tree_iter::Item;
use crate::git::index::buffered::BufferedEntries;
use crate::git::index::cache_tree::{CacheTree, Children};
use crate::git::index::file::{EntryHead, Index};
use crate::git::inflate::Unusual;
use crate::git::places::Places;

/// What the entries take that are looked at together, in bytes.
const AT_HAND: usize = 40 << 10;

/// The entries of one folder of an index whose cache-tree is whole, subfolders standing for theirs. How many entries each
/// has is the cache-tree's word; where it is wrong, that shows at the folder's end.
pub(in crate::git) struct EntriesOf<'a> {
    stretch: BufferedEntries<'a>,
    cache: CacheTree<'a>,
    nodes: Children<'a>,
    /// The folder's path, with a slash at the end.
    path: &'a [u8],
    /// Where the next entry starts, and the one before it.
    pub(super) at: usize,
    before: usize,
    /// How many entries are to come, and how many of the index follow them.
    pub(super) left: usize,
    following: usize,
    places: Places,
}

impl<'a> EntriesOf<'a> {
    /// The entries beneath `path`, which ends with a slash; `None` where they cannot be read in this way.
    pub fn of(index: &'a Index, cache: CacheTree<'a>, path: &'a [u8]) -> Option<Self> {
        index.entries()?;
        let mut stretch = BufferedEntries::of(index, AT_HAND)?;
        let (mut at, mut following) = (index.entries_start(), index.count);
        loop {
            stretch.hold(at).ok()?;
            let head = stretch.at(at).filter(|_| following > 0)?;
            if head.path.starts_with(path) {
                break;
            }
            (at, following) = (head.next, following - 1);
        }
        let number = cache.find(path)?;
        let left = cache.count(number)?;
        let following = following.checked_sub(left)?;
        let nodes = cache.children(number);
        Some(Self { stretch, cache, nodes, path, at, before: at, left, following, places: Places::default() })
    }

    /// Makes sure that the next entries are at hand.
    #[inline]
    pub(super) fn hold(&mut self) -> Result<(), Unusual> {
        self.stretch.hold(self.before)
    }

    /// The next entry, and its path within the folder.
    #[inline]
    pub(super) fn next(&self) -> Option<(EntryHead<'_>, &[u8])> {
        if self.left == 0 { None } else { self.starting_at(self.at) }
    }

    /// The same of the entry that starts at `at`.
    #[inline]
    pub(super) fn starting_at(&self, at: usize) -> Option<(EntryHead<'_>, &[u8])> {
        let head = self.stretch.at(at)?;
        let within = head.path.get(self.path.len()..)?;
        Some((head, within))
    }

    /// Goes past the next entry, to the one that starts at `next`.
    #[inline(always)]
    pub(super) fn go_to(&mut self, next: usize) {
        self.places.pass(self.at);
        self.before = self.at;
        self.at = next;
        self.left -= 1;
    }

    /// The next line as a tree would have it, and how many entries it stands for; `None` at the end.
    pub fn peek(&mut self) -> Result<Option<(Item<'_>, usize)>, Unusual> {
        if self.left == 0 {
            return Ok(None);
        }
        self.hold()?;
        let (head, rest) = self.next().ok_or(Unusual)?;
        let Some(slash) = memchr(b'/', rest) else {
            let kind = EntryKind::of(head.mode);
            // A folder that stands as one entry has a slash at its end.
            let item = Item { name: rest, kind, id: head.id, slots: 0..0 };
            return if kind == EntryKind::Folder { Err(Unusual) } else { Ok(Some((item, 1))) };
        };
        let name = rest.get(..slash).unwrap_or_default();
        let node = self.nodes.node(name).ok_or(Unusual)?;
        let count = self.cache.count(node).filter(|&count| 0 < count && count <= self.left).ok_or(Unusual)?;
        let id = self.cache.id(node, &(0..count)).ok_or(Unusual)?;
        Ok(Some((Item { name, kind: EntryKind::Folder, id, slots: 0..0 }, count)))
    }

    /// Goes past what `peek` has told.
    pub fn pass(&mut self, count: usize) -> Result<(), Unusual> {
        let (first, rest) = self.next().ok_or(Unusual)?;
        let folder = memchr(b'/', rest).and_then(|slash| first.path.get(..=self.path.len() + slash));
        let folder = folder.map(<[u8]>::to_vec);
        for _ in 0..count {
            self.hold()?;
            let next = self.next().ok_or(Unusual)?.0.next;
            self.go_to(next);
        }
        match folder {
            // Some of it may have been passed as files, by a tree that has slashes in its names.
            Some(folder) if !self.ends_here(&folder, self.left + self.following)? => Err(Unusual),
            _ => Ok(()),
        }
    }

    /// Where the entries stand, once all were passed.
    pub fn into_places(mut self) -> Result<Places, Unusual> {
        let is_whole = self.left == 0 && self.ends_here(self.path, self.following)?;
        if is_whole { Ok(self.places) } else { Err(Unusual) }
    }

    /// Whether the entry before is the last one beneath `folder`, where `following` entries of the index follow.
    fn ends_here(&mut self, folder: &[u8], following: usize) -> Result<bool, Unusual> {
        self.hold()?;
        let is_beneath = |at: usize| self.stretch.at(at).map(|head| head.path.starts_with(folder));
        Ok(is_beneath(self.before) == Some(true) && (following == 0 || is_beneath(self.at) == Some(false)))
    }
}

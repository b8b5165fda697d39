//! The lines of a large tree, inflated as what the entries of an index foresee.

use std::ops::Range;

use super::EntriesOf;
use crate::git::diff::tree_iter::{Item, tree_line};
use crate::git::index::file::EntryHead;
use crate::git::inflate::{HISTORY, Inflater, LONGEST_COPY, Unusual};
use crate::git::odb::pack::Stored;

/// What stands in memory of the tree, in bytes.
const WINDOW: usize = 128 << 10;
/// What is inflated at once where nothing is foreseen: some lines.
const FEW_LINES: usize = 256;
/// The least and the most that is foreseen at once: twice as much each time that it was right.
const LEAST: usize = 256;
const MOST: usize = 16 << 10;

/// The lines of a tree that is still being inflated.
pub(in crate::git) struct Lines {
    inflater: Inflater,
    window: Vec<u8>,
    /// What is inflated and not yet compared.
    ready: Range<usize>,
    id_len: usize,
    /// How many bytes are yet to be inflated.
    left: usize,
    /// How much is foreseen at once.
    trust: usize,
    /// Of each entry that is foreseen, where its id starts in the window, and where the next entry starts.
    ids: Vec<usize>,
    nexts: Vec<usize>,
    line: Vec<u8>,
}

impl Lines {
    /// The lines of the tree, and the inflated bytes before it.
    pub fn new(stored: Stored, id_len: usize) -> Self {
        let left = stored.skip + stored.size;
        Self {
            inflater: Inflater::new(stored.file, stored.at, left),
            window: vec![0; WINDOW],
            ready: stored.skip..0,
            id_len,
            left,
            trust: LEAST,
            ids: Vec::new(),
            nexts: Vec::new(),
            line: Vec::new(),
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

    /// Goes past all lines that say the same as the entries next to come, as far as they are as foreseen.
    pub fn skip_same(&mut self, entries: &mut EntriesOf<'_>) -> Result<(), Unusual> {
        self.skip_ready(entries)?;
        while self.foresee(entries)? {
            let foreseen = self.ids.last().map_or(0, |id| id + self.id_len);
            let progress = self.inflater.follow(&mut self.window, self.ready.end, foreseen, &self.ids)?;
            self.inflated(progress.at)?;
            let right = self.ids.partition_point(|id| id + self.id_len <= progress.right);
            for (&id, &next) in self.ids.iter().zip(&self.nexts).take(right) {
                self.ready.start = id + self.id_len;
                entries.go_to(next);
            }
            if right < self.ids.len() {
                self.trust = LEAST;
                self.skip_ready(entries)?;
                break;
            }
            self.trust = MOST.min(self.trust * 2);
        }
        Ok(())
    }

    /// Goes past all whole lines that say the same as the entries next to come.
    fn skip_ready(&mut self, entries: &mut EntriesOf<'_>) -> Result<(), Unusual> {
        loop {
            entries.hold()?;
            let Some(next) = self.write_next(entries) else { break };
            if !self.window.get(self.ready.clone()).is_some_and(|rest| rest.starts_with(&self.line)) {
                break;
            }
            self.ready.start += self.line.len();
            entries.go_to(next);
        }
        Ok(())
    }

    /// Writes the line that the next entry would have into `line`, and says where the entry after it starts.
    fn write_next(&mut self, entries: &EntriesOf<'_>) -> Option<usize> {
        let (entry, name) = entries.next()?;
        self.line.resize(MODE + name.len() + 1 + self.id_len, 0);
        write_line(&mut self.line, &entry, name).map(|_| entry.next)
    }

    /// Writes the lines that the entries next to come would have after what is inflated; false if there are none, or if
    /// what is inflated of the first one says otherwise.
    fn foresee(&mut self, entries: &mut EntriesOf<'_>) -> Result<bool, Unusual> {
        entries.hold()?;
        self.make_room()?;
        self.ids.clear();
        self.nexts.clear();
        let (mut at, mut place) = (self.ready.end, entries.at);
        let most = at + self.trust;
        let room = self.window.len() - LONGEST_COPY;
        if self.ready.start > self.ready.end {
            // The tree has not begun.
            return Ok(false);
        }
        if self.ready.start < self.ready.end {
            let Some(next) = self.write_next(entries) else { return Ok(false) };
            let begun = self.window.get(self.ready.clone()).ok_or(Unusual)?;
            let Some(rest) = self.line.strip_prefix(begun) else { return Ok(false) };
            self.window.get_mut(at..at + rest.len()).ok_or(Unusual)?.copy_from_slice(rest);
            (at, place) = (at + rest.len(), next);
            self.ids.push(at - self.id_len);
            self.nexts.push(place);
        }
        while at < most
            && self.ids.len() < entries.left
            && let Some((entry, name)) = entries.starting_at(place)
            && let Some(out) = self.window.get_mut(at..room)
            && let Some(length) = write_line(out, &entry, name)
        {
            at += length;
            place = entry.next;
            self.ids.push(at - self.id_len);
            self.nexts.push(place);
        }
        Ok(!self.ids.is_empty())
    }

    /// Inflates a few lines more; false at the end.
    pub fn more(&mut self) -> Result<bool, Unusual> {
        if self.inflater.has_ended() {
            return if self.ready.is_empty() && self.left == 0 { Ok(false) } else { Err(Unusual) };
        }
        self.make_room()?;
        let at = self.inflater.inflate(&mut self.window, self.ready.end, self.ready.end + FEW_LINES)?;
        self.inflated(at)?;
        Ok(true)
    }

    fn inflated(&mut self, at: usize) -> Result<(), Unusual> {
        self.left = self.left.checked_sub(at - self.ready.end).ok_or(Unusual)?;
        self.ready.end = at;
        Ok(())
    }

    /// Drops what is compared and no longer copied from, once there is little room.
    fn make_room(&mut self) -> Result<(), Unusual> {
        const ENOUGH: usize = MOST + FEW_LINES + LONGEST_COPY;
        if self.window.len() - self.ready.end < ENOUGH {
            let dropped = self.ready.end.saturating_sub(HISTORY).min(self.ready.start);
            self.window.copy_within(dropped..self.ready.end, 0);
            self.ready = self.ready.start - dropped..self.ready.end - dropped;
        }
        // A line that is longer than what is kept is none that any file system takes.
        if self.window.len() - self.ready.end < ENOUGH { Err(Unusual) } else { Ok(()) }
    }
}

/// How long a mode and the space after it are.
const MODE: usize = 7;

/// How a tree has the mode of a file.
fn mode_text(mode: u32) -> Option<&'static [u8; MODE]> {
    match mode {
        0o100_644 => Some(b"100644 "),
        0o100_755 => Some(b"100755 "),
        0o120_000 => Some(b"120000 "),
        0o160_000 => Some(b"160000 "),
        _ => None,
    }
}

/// Writes the line that a tree would have for the entry, and says how long it is; `None` where there is no room.
#[inline]
fn write_line(out: &mut [u8], entry: &EntryHead<'_>, name: &[u8]) -> Option<usize> {
    let (mode, rest) = out.split_first_chunk_mut()?;
    let (name_out, rest) = rest.split_at_mut_checked(name.len())?;
    let (zero, rest) = rest.split_first_mut()?;
    *mode = *mode_text(entry.mode)?;
    copy(name_out, name);
    *zero = 0;
    // of a length that is known beforehand, copying takes no call
    match (entry.id.first_chunk::<20>(), rest.first_chunk_mut::<20>()) {
        (Some(id), Some(out)) if entry.id.len() == id.len() => *out = *id,
        _ => rest.get_mut(..entry.id.len())?.copy_from_slice(entry.id),
    }
    Some(MODE + name.len() + 1 + entry.id.len())
}

/// Copies a name, which seldom is long: without a call, some bytes twice. Both have the same length.
#[inline(always)]
fn copy(out: &mut [u8], name: &[u8]) {
    fn ends<const N: usize>(out: &mut [u8], name: &[u8]) -> Option<()> {
        let (first, last) = (name.first_chunk::<N>()?, name.last_chunk::<N>()?);
        *out.first_chunk_mut()? = *first;
        *out.last_chunk_mut()? = *last;
        Some(())
    }
    let copied = match name.len() {
        8..=16 => ends::<8>(out, name),
        17..=32 => ends::<16>(out, name),
        _ => None,
    };
    if copied.is_none() {
        out.copy_from_slice(name);
    }
}

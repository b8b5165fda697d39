//! Files scanned by several threads, before they are netted by one.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::context::{Context, Look, Scanned};
use super::netting::{added_lines, old_files};
use super::occurrence::Occurrence;
use super::scan;
use super::threads::by_threads;
use crate::finding::Tally;
use crate::git::{Blob, ChangedFile, Snapshot};
use crate::lang::MAX_IMPORTS;
use crate::tree::TreeError;

/// What is known of the sides of the changed files before they are netted, by index; shorter where no thread was started.
#[derive(Debug, Default)]
pub struct Ahead {
    new: Vec<Option<Seen>>,
    old: Vec<Option<Seen>>,
}

/// What a thread has found in a file.
#[derive(Debug)]
pub struct Seen {
    /// Every forbidden occurrence.
    pub occurrences: Vec<Occurrence>,
    /// Number of its imports, if they are counted.
    pub imports: usize,
    /// Number of its added lines, if they are counted.
    pub added_lines: usize,
}

impl Ahead {
    /// Scans the new sides and, once anything is found in one, the old sides too: they will be asked for, and the thread
    /// has just read what stands around them.
    #[must_use]
    pub fn of(context: &Context<'_>) -> Self {
        let (room, found_any) = (Room::of(context), AtomicBool::new(false));
        let sides = |context: &Context<'_>, index: usize| {
            if room.is_full() {
                return Ok(None);
            }
            let new = new_side(context, index, &room)?;
            if new.as_ref().is_some_and(|new| !new.occurrences.is_empty()) {
                found_any.store(true, Ordering::Relaxed);
            }
            let is_asked = found_any.load(Ordering::Relaxed);
            Ok(Some((new, if is_asked { old_side(context, index, &room) } else { None })))
        };
        let sides = by_threads(context, context.changes.files.len(), &sides);
        let (new, old) = sides.into_iter().map(Option::unwrap_or_default).unzip();
        Self { new, old }
    }

    /// Scans the old sides that were not.
    pub fn rest_of_old_sides(&mut self, context: &Context<'_>) {
        if context.changes.old_sides.len() != 1 {
            return;
        }
        let files = context.changes.files.iter().zip(&self.old).enumerate();
        let rest = files.filter(|(_, (file, seen))| seen.is_none() && file.old.values().any(Option::is_some));
        let rest: Vec<usize> = rest.map(|(index, _)| index).collect();
        let room = Room::of(context);
        let side = |context: &Context<'_>, number: usize| {
            Ok(if room.is_full() { None } else { old_side(context, rest[number], &room) })
        };
        let sides = by_threads(context, rest.len(), &side);
        for (index, seen) in rest.iter().zip(sides) {
            self.old[*index] = seen;
        }
    }

    /// Takes what is known of a file's new side.
    pub fn take_new(&mut self, index: usize) -> Option<Seen> {
        self.new.get_mut(index).and_then(Option::take)
    }

    /// Takes what is known of a file's old side, of a change that has one.
    pub fn take_old(&mut self, index: usize) -> Option<Seen> {
        self.old.get_mut(index).and_then(Option::take)
    }
}

/// How many more occurrences threads may hold.
struct Room(AtomicUsize);

impl Room {
    fn of(context: &Context<'_>) -> Self {
        Self(AtomicUsize::new(context.limits.occurrences))
    }

    /// Takes room for occurrences; once it does not suffice, none is left.
    fn take(&self, occurrences: usize) -> bool {
        let take = |room: usize| room.checked_sub(occurrences);
        let is_taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok();
        if !is_taken {
            self.0.store(0, Ordering::Relaxed);
        }
        is_taken
    }

    fn is_full(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

fn new_side(context: &Context<'_>, index: usize, room: &Room) -> Result<Option<Seen>, TreeError> {
    let Some(file) = context.changes.files.get(index) else { return Ok(None) };
    let scanned = file.new_to_all().and_then(|blob| scanned(context, file, blob, &context.changes.new_side, room));
    let Some((source, scan)) = scanned else { return Ok(None) };
    let imports = if context.tally >= Tally::Imports { scan::imports(context.effective, &source, &scan) } else { 0 };
    if imports > MAX_IMPORTS || scan.used_too_often {
        return Ok(None);
    }
    let counts_lines = context.tally >= Tally::ImportsAndLines;
    let added_lines = if counts_lines { added_lines(&source, &old_files(context, file)?).count() } else { 0 };
    Ok(Some(Seen { occurrences: scan.occurrences.clone(), imports, added_lines }))
}

fn old_side(context: &Context<'_>, index: usize, room: &Room) -> Option<Seen> {
    let file = context.changes.files.get(index)?;
    let [snapshot] = context.changes.old_sides.as_slice() else { return None };
    let blob = file.old.values().flatten().next().copied()?;
    let (_, scan) = scanned(context, file, blob, snapshot, room)?;
    Some(Seen { occurrences: scan.occurrences.clone(), imports: 0, added_lines: 0 })
}

/// Scans a side of a file, if it is scanned whole, and there is room for what is found.
fn scanned(
    context: &Context<'_>,
    file: &ChangedFile,
    blob: Blob,
    snapshot: &Snapshot<'_>,
    room: &Room,
) -> Option<Scanned> {
    if !scan::needs_content(context.effective, &file.path) {
        return None;
    }
    match context.look(&file.path, blob, snapshot, false) {
        Ok(Look::Scanned(source, scan)) if !scan.too_many_matches && room.take(scan.occurrences.len()) => {
            Some((source, scan))
        }
        _ => None,
    }
}

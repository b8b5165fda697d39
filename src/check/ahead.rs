//! Files looked at by several threads, before their findings are made by one: few files need to be looked at again for that.
//!
//! What threads find out of a file depends on nothing but the file. Where one cannot be had, or meets a fault, its files are
//! judged as if there were none, so that findings, their order and faults are the same with any number of them.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::absent::Absent;
use super::context::{Context, Look, Scanned};
use super::limits::Limits;
use super::netting::{added_lines, old_files};
use super::occurrence::Occurrence;
use super::scan;
use super::source_file::SourceFiles;
use crate::finding::{Reads, Tally};
use crate::git::{Blob, ChangedFile, Changes, Snapshot, Twin};
use crate::lang::{self, MAX_IMPORTS};
use crate::policy::EffectivePolicy;
use crate::tree::TreeError;

/// Number of files for each thread, at least: starting one costs about as much as judging some.
const MIN_FILES: usize = 32;
/// Number of files that a thread takes at a time.
const FILES_AT_ONCE: usize = 16;
/// Maximum number of threads.
const MAX_THREADS: usize = 16;

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

/// Returns what threads have found at the new sides of the changed files, as far as they could; empty where none were
/// started.
#[must_use]
pub fn new_sides(context: &Context<'_>) -> Vec<Option<Seen>> {
    by_threads(context, &context.changes.new_side, new_side)
}

/// Returns the same of the old sides, of a change that has one.
#[must_use]
pub fn old_sides(context: &Context<'_>) -> Vec<Option<Seen>> {
    match context.changes.old_sides.as_slice() {
        [old] => by_threads(context, old, old_side),
        _ => Vec::new(),
    }
}

/// Looks at one side of a file; `None` where only the caller can.
type LookAt = fn(&Work<'_>, &Context<'_>, &ChangedFile) -> Result<Option<Seen>, TreeError>;

fn by_threads(context: &Context<'_>, side: &Snapshot<'_>, look: LookAt) -> Vec<Option<Seen>> {
    let files = &context.changes.files;
    let most = match context.threads {
        0 => thread::available_parallelism().map_or(1, NonZeroUsize::get),
        threads => threads,
    };
    let threads = most.min(MAX_THREADS).min(files.len() / MIN_FILES);
    if threads < 2 {
        return Vec::new();
    }
    let work = Work {
        files,
        look,
        effective: context.effective,
        tally: context.tally,
        next: AtomicUsize::new(0),
        room: AtomicUsize::new(context.limits.occurrences),
    };
    let twins: Vec<Twin> = (0..threads).map_while(|_| side.twin()).collect();
    let mut found: Vec<Option<Seen>> = Vec::new();
    found.resize_with(files.len(), || None);
    let mut reads = Reads::default();
    thread::scope(|scope| {
        let work = &work;
        let run = |twin: Twin| thread::Builder::new().spawn_scoped(scope, move || judged(work, twin)).ok();
        let running: Vec<_> = twins.into_iter().map_while(run).collect();
        for thread in running {
            let Ok((of_thread, read)) = thread.join() else { continue };
            for (index, seen) in of_thread {
                found[index] = Some(seen);
            }
            reads = reads.and(read);
        }
    });
    context.files.count(reads);
    found
}

/// What threads share.
struct Work<'a> {
    files: &'a [ChangedFile],
    look: LookAt,
    effective: &'a EffectivePolicy<'a>,
    tally: Tally,
    /// Index of the next file.
    next: AtomicUsize,
    /// How many more occurrences may be held.
    room: AtomicUsize,
}

impl Work<'_> {
    /// Takes room for occurrences; once it does not suffice, none is left.
    fn take_room(&self, occurrences: usize) -> bool {
        let take = |room: usize| room.checked_sub(occurrences);
        let taken = self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok();
        if !taken {
            self.room.store(0, Ordering::Relaxed);
        }
        taken
    }

    fn is_full(&self) -> bool {
        self.room.load(Ordering::Relaxed) == 0
    }
}

/// Judges files as long as there are any. Returns what was found, by index.
fn judged(work: &Work<'_>, twin: Twin) -> (Vec<(usize, Seen)>, Reads) {
    let Ok(opened) = twin.open() else { return Default::default() };
    let repository = opened.repository();
    let policy = work.effective.policy();
    let roots = |path: &[u8]| policy.roots_of(path);
    let further = |path: &[u8]| policy.language_of(path).and_then(lang::named);
    let sources = SourceFiles::new(repository, &further, false);
    // The one side that is looked at takes the place of all.
    let changes = Changes { files: Vec::new(), new_side: opened.snapshot(), old_sides: Vec::new() };
    let context = Context {
        repository,
        changes: &changes,
        effective: work.effective,
        roots: &roots,
        files: &sources,
        added: [&[]; 2],
        tally: work.tally,
        once: None,
        limits: Limits::NONE,
        keeps: &|_| true,
        absent: Absent::Fault,
        threads: 1,
    };
    let mut found = Vec::new();
    loop {
        let start = work.next.fetch_add(FILES_AT_ONCE, Ordering::Relaxed);
        let end = work.files.len().min(start + FILES_AT_ONCE);
        let Some(some) = work.files.get(start..end).filter(|some| !some.is_empty() && !work.is_full()) else {
            return (found, sources.reads());
        };
        for (index, file) in (start..).zip(some) {
            found.extend((work.look)(work, &context, file).ok().flatten().map(|seen| (index, seen)));
        }
    }
}

fn new_side(work: &Work<'_>, context: &Context<'_>, file: &ChangedFile) -> Result<Option<Seen>, TreeError> {
    let Some((source, scan)) = file.new_to_all().and_then(|blob| scanned(work, context, file, blob)) else {
        return Ok(None);
    };
    let imports = if context.tally >= Tally::Imports { scan::imports(context.effective, &source, &scan) } else { 0 };
    if imports > MAX_IMPORTS || scan.used_too_often {
        return Ok(None);
    }
    let counts_lines = context.tally >= Tally::ImportsAndLines;
    let added_lines = if counts_lines { added_lines(&source, &old_files(context, file)?).count() } else { 0 };
    Ok(Some(Seen { occurrences: scan.occurrences.clone(), imports, added_lines }))
}

fn old_side(work: &Work<'_>, context: &Context<'_>, file: &ChangedFile) -> Result<Option<Seen>, TreeError> {
    let blob = file.old.values().flatten().next().copied();
    let seen = |(_, scan): Scanned| Seen { occurrences: scan.occurrences.clone(), imports: 0, added_lines: 0 };
    Ok(blob.and_then(|blob| scanned(work, context, file, blob)).map(seen))
}

/// Scans a side of a file, if it is scanned whole, and there is room for what is found.
fn scanned(work: &Work<'_>, context: &Context<'_>, file: &ChangedFile, blob: Blob) -> Option<Scanned> {
    if !scan::needs_content(context.effective, &file.path) {
        return None;
    }
    match context.look(&file.path, blob, &context.changes.new_side, false) {
        Ok(Look::Scanned(source, scan)) if !scan.too_many_matches && work.take_room(scan.occurrences.len()) => {
            Some((source, scan))
        }
        _ => None,
    }
}

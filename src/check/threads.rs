//! Work on the files of a change, done by several threads, each with its own repository.
//!
//! What a thread makes of a file depends on nothing but the change: what is known from other files saves time and changes
//! no answer. Where a thread cannot be had, or meets a fault, the caller does its files as if there were none, so that results, their order and faults are the same with any number of them.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::absent::Absent;
use super::context::Context;
use super::limits::Limits;
use super::source_file::SourceFiles;
use crate::finding::{Reads, Tally};
use crate::git::Twin;
use crate::lang;
use crate::policy::EffectivePolicy;
use crate::tree::TreeError;

/// Number of items for each thread, at least: starting one costs about as much as judging some files.
const MIN_ITEMS: usize = 32;
/// Number of items that a thread takes at a time.
const ITEMS_AT_ONCE: usize = 16;
/// Maximum number of threads.
const MAX_THREADS: usize = 16;

/// Makes something of an item, by its number; `None` where only the caller can.
type Make<'m, T> = &'m (dyn Fn(&Context<'_>, usize) -> Result<Option<T>, TreeError> + Sync);

/// What threads share.
struct Work<'a, T> {
    effective: &'a EffectivePolicy<'a>,
    tally: Tally,
    items: usize,
    /// Number of the next item.
    next: AtomicUsize,
    make: Make<'a, T>,
}

/// Returns what threads have made of the items, as far as they could; empty where none were started.
pub fn by_threads<T: Send>(context: &Context<'_>, items: usize, make: Make<'_, T>) -> Vec<Option<T>> {
    let useful = MAX_THREADS.min(items / MIN_ITEMS);
    let threads = match context.threads {
        // To ask for the number of cores takes a commit of one file a tenth of its time.
        0 if useful > 1 => useful.min(thread::available_parallelism().map_or(1, NonZeroUsize::get)),
        threads => useful.min(threads),
    };
    if threads < 2 {
        return Vec::new();
    }
    let work = Work { effective: context.effective, tally: context.tally, items, next: AtomicUsize::new(0), make };
    let twins: Vec<Twin> = (0..threads).map_while(|_| context.changes.twin()).collect();
    let mut made: Vec<Option<T>> = Vec::new();
    made.resize_with(items, || None);
    let mut reads = Reads::default();
    thread::scope(|scope| {
        let work = &work;
        let run = |twin: Twin| thread::Builder::new().spawn_scoped(scope, move || worked(work, twin)).ok();
        let running: Vec<_> = twins.into_iter().map_while(run).collect();
        for thread in running {
            let Ok((of_thread, read)) = thread.join() else { continue };
            for (number, of_item) in of_thread {
                made[number] = Some(of_item);
            }
            reads = reads.and(read);
        }
    });
    context.files.count(reads);
    made
}

/// Works as long as there are items. Returns what was made, by number.
fn worked<T>(work: &Work<'_, T>, twin: Twin) -> (Vec<(usize, T)>, Reads) {
    let Ok(opened) = twin.open() else { return Default::default() };
    let repository = opened.repository();
    let policy = work.effective.policy();
    let roots = |path: &[u8]| policy.roots_of(path);
    let further = |path: &[u8]| policy.language_of(path).and_then(lang::named);
    let sources = SourceFiles::new(repository, &further, false);
    let changes = opened.changes();
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
    let mut made = Vec::new();
    loop {
        let start = work.next.fetch_add(ITEMS_AT_ONCE, Ordering::Relaxed);
        let numbers = start..work.items.min(start.saturating_add(ITEMS_AT_ONCE));
        if numbers.is_empty() {
            return (made, sources.reads());
        }
        for number in numbers {
            made.extend((work.make)(&context, number).ok().flatten().map(|of_item| (number, of_item)));
        }
    }
}

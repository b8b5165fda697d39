//! Files in which nothing is forbidden, found by several threads: most files are such, and need not be looked at again.
//!
//! What threads find out of a file depends on nothing but the file. Where one cannot be had, or meets a fault, its files are
//! judged as if there were none, so that findings, their order and faults are the same with any number of them.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::absent::Absent;
use super::context::{Context, Look};
use super::limits::Limits;
use super::netting::{added_lines, old_files};
use super::scan;
use super::source_file::SourceFiles;
use crate::finding::{Reads, Tally};
use crate::git::{ChangedFile, Changes, Twin};
use crate::lang::{self, MAX_IMPORTS};
use crate::policy::EffectivePolicy;
use crate::tree::TreeError;

/// Number of files for each thread, at least: starting one costs about as much as judging some.
const MIN_FILES: usize = 32;
/// Number of files that a thread takes at a time.
const FILES_AT_ONCE: usize = 16;
/// Maximum number of threads.
const MAX_THREADS: usize = 16;

/// What is counted of a file in which nothing is forbidden.
#[derive(Clone, Copy, Debug)]
pub struct Nothing {
    /// Number of its imports.
    pub imports: usize,
    /// Number of its added lines, if they are counted.
    pub added_lines: usize,
}

/// Returns, for each changed file, whether nothing is forbidden in it, as far as threads have found that out; empty where
/// none were started.
#[must_use]
pub fn nothing(context: &Context<'_>) -> Vec<Option<Nothing>> {
    let files = &context.changes.files;
    let most = match context.threads {
        0 => thread::available_parallelism().map_or(1, NonZeroUsize::get),
        threads => threads,
    };
    let threads = most.min(MAX_THREADS).min(files.len() / MIN_FILES);
    if threads < 2 {
        return Vec::new();
    }
    let (next, effective, tally) = (AtomicUsize::new(0), context.effective, context.tally);
    let twins: Vec<Twin> = (0..threads).map_while(|_| context.changes.new_side.twin()).collect();
    let mut found = vec![None; files.len()];
    let mut reads = Reads::default();
    thread::scope(|scope| {
        let next = &next;
        let work = move |twin: Twin| move || judged(twin, files, next, (effective, tally));
        let running = twins.into_iter().map_while(|twin| thread::Builder::new().spawn_scoped(scope, work(twin)).ok());
        for thread in running.collect::<Vec<_>>() {
            let Ok((of_thread, read)) = thread.join() else { continue };
            for (index, nothing) in of_thread {
                found[index] = Some(nothing);
            }
            reads = reads.and(read);
        }
    });
    context.files.count(reads);
    found
}

/// Judges files as long as there are any. Returns those in which nothing is forbidden, by index.
fn judged(
    twin: Twin,
    files: &[ChangedFile],
    next: &AtomicUsize,
    (effective, tally): (&EffectivePolicy<'_>, Tally),
) -> (Vec<(usize, Nothing)>, Reads) {
    let Ok(opened) = twin.open() else { return Default::default() };
    let repository = opened.repository();
    let policy = effective.policy();
    let roots = |path: &[u8]| policy.roots_of(path);
    let further = |path: &[u8]| policy.language_of(path).and_then(lang::named);
    let sources = SourceFiles::new(repository, &further, false);
    let changes = Changes { files: Vec::new(), new_side: opened.snapshot(), old_sides: Vec::new() };
    let context = Context {
        repository,
        changes: &changes,
        effective,
        roots: &roots,
        files: &sources,
        added: [&[]; 2],
        tally,
        once: None,
        limits: Limits::NONE,
        keeps: &|_| true,
        absent: Absent::Fault,
        threads: 1,
    };
    let mut found = Vec::new();
    loop {
        let start = next.fetch_add(FILES_AT_ONCE, Ordering::Relaxed);
        let Some(some) = files.get(start..files.len().min(start + FILES_AT_ONCE)).filter(|some| !some.is_empty())
        else {
            return (found, sources.reads());
        };
        for (index, file) in (start..).zip(some) {
            if let Ok(Some(nothing)) = of_file(&context, file) {
                found.push((index, nothing));
            }
        }
    }
}

fn of_file(context: &Context<'_>, file: &ChangedFile) -> Result<Option<Nothing>, TreeError> {
    let Some(blob) = file.new.filter(|new| !file.old.values().any(|old| *old == Some(*new))) else { return Ok(None) };
    let is_ignored = scan::scope(context.effective, &file.path, lang::of_path(&file.path)).ignored();
    if is_ignored || !scan::needs_content(context.effective, &file.path) {
        return Ok(None);
    }
    let Look::Scanned(source, scan) = context.look(&file.path, blob, &context.changes.new_side, false)? else {
        return Ok(None);
    };
    if !scan.occurrences.is_empty() || scan.too_many_matches || scan.used_too_often {
        return Ok(None);
    }
    let imports = if context.tally >= Tally::Imports { scan::imports(context.effective, &source, &scan) } else { 0 };
    if imports > MAX_IMPORTS {
        return Ok(None);
    }
    let added_lines = match context.tally {
        Tally::ImportsAndLines => added_lines(&source, &old_files(context, file)?).count(),
        _ => 0,
    };
    Ok(Some(Nothing { imports, added_lines }))
}

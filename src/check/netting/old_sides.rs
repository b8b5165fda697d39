//! The old sides of changed files: how often they have what the new ones have.

use std::collections::HashSet;
use std::rc::Rc;

use super::before::added_lines;
use super::counted::Counted;
use super::counts::Counts;
use super::forms::Starred;
use super::moves::Moves;
use super::renames::Renames;
use super::{Netting, offsets};
use crate::check::context::{Context, Look};
use crate::check::occurrence::Key;
use crate::check::scan;
use crate::check::source_file::SourceFile;
use crate::git::ChangedFile;
use crate::tree::TreeError;

impl Netting<'_> {
    /// Counts the keys over all files that differ from any old side, at every side, and offsets what has risen by the
    /// same under other keys. Gives what a star may have brought, too.
    pub(super) fn count(&mut self, keys: &HashSet<Key>) -> Result<(Counts, Starred), TreeError> {
        let context = self.context;
        let mut moves = Moves::of(context);
        let renames = Renames::of(context, &mut moves, &self.new_sides)?;
        let mut counted = Counted::new(context, keys, moves, &renames, &self.new_sides);
        // A new file is searched for among the files that are gone.
        let has_new = context.changes.files.iter().zip(&self.new_sides);
        let has_new =
            has_new.into_iter().any(|(file, new)| new.scan.is_some() && file.old.values().all(Option::is_none));
        for (index, file) in context.changes.files.iter().enumerate() {
            // What a file too large holds is not known, so it sets nothing free elsewhere.
            if self.new_sides[index].is_too_large || !scan::needs_content(context.effective, &file.path) {
                continue;
            }
            let seen = self.ahead.take_old(index);
            let old = match &seen {
                Some(seen) => {
                    counted.add(index, Some(0), &seen.occurrences);
                    Vec::new()
                }
                None => self.count_old(index, file, &mut counted)?,
            };
            match file.new.filter(|new| file.old.values().any(|old| *old == Some(*new))) {
                None => counted.add(index, None, self.new_sides[index].occurrences()),
                Some(blob) => {
                    let same = old.iter().find(|old| old.blob() == blob);
                    let look = match same {
                        Some(file) => context.look_at(Rc::clone(file), &context.changes.new_side, false)?,
                        None => context.look(&file.path, blob, &context.changes.new_side, false)?,
                    };
                    match look {
                        Look::Scanned(_, scan) => counted.add(index, None, &scan.occurrences),
                        Look::TooLarge(..) => {}
                        Look::NotFetched => self.lack_old_side(&file.path)?,
                    }
                }
            }
            if seen.is_some() {
                continue;
            }
            if self.new_sides[index].scan.is_some() {
                if !self.results.before.contains_key(&index)
                    && !context.files.hold(&old)
                    && let Some((new, scan)) = context.look_again(file)?
                {
                    self.keep_before(index, &new, &scan, &added_lines(&new, &old), &old);
                }
            } else if has_new && file.new.is_none() {
                context.files.hold(&old);
            }
        }
        let starred = offsets::offset(context, &mut counted, &renames, |key| keys.contains(key))?;
        Ok((counted.counts, starred))
    }

    /// Counts the keys of a file at its old sides; gives those that could be read.
    fn count_old(
        &mut self,
        index: usize,
        file: &ChangedFile,
        counted: &mut Counted<'_>,
    ) -> Result<Vec<Rc<SourceFile>>, TreeError> {
        let context = self.context;
        let keeps = self.new_sides[index].scan.is_some();
        let mut read: Vec<Rc<SourceFile>> = Vec::new();
        for (side, old) in file.old.iter().enumerate() {
            let Some(blob) = old else { continue };
            let snapshot = &context.changes.old_sides[side];
            let look = match read.iter().find(|read| read.blob() == blob) {
                Some(same) => context.look_at(Rc::clone(same), snapshot, keeps)?,
                None => context.look(&file.path, blob, snapshot, keeps)?,
            };
            // Its lines all look added: better a warning than old code that blocks. A large file excuses itself
            // alone, or taking one away would be a way to bring anything in.
            match look {
                Look::Scanned(source, scan) => {
                    if scan.too_many_matches {
                        self.results.too_many_matches.insert(index);
                    }
                    counted.add(index, Some(side), &scan.occurrences);
                    read.push(source);
                }
                Look::TooLarge(_, source) => {
                    self.results.too_large_before.insert(index);
                    read.extend(source);
                }
                Look::NotFetched => self.lack_old_side(&file.path)?,
            }
        }
        Ok(read)
    }

    fn lack_old_side(&mut self, path: &[u8]) -> Result<(), TreeError> {
        self.results.lacks_old_side = true;
        self.context.do_without(path)
    }
}

/// The old sides of a file, as far as they can be read.
pub(in crate::check) fn old_files(context: &Context<'_>, file: &ChangedFile) -> Result<Vec<Rc<SourceFile>>, TreeError> {
    let mut old: Vec<Rc<SourceFile>> = Vec::new();
    for blob in file.old.values().flatten() {
        if !old.iter().any(|old| old.blob() == *blob) {
            old.extend(context.file(&file.path, Some(*blob))?);
        }
    }
    Ok(old)
}

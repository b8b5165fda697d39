//! The deleted file that a new file was before, when nobody wrote its lines anew.

use std::collections::HashSet;

use crate::check::context::Context;
use crate::check::occurrence::{Key, Occurrence};
use crate::check::scan;
use crate::check::source_file::SourceFile;
use crate::git::{self, AddedLines, ChangedFile};
use crate::tree::TreeError;

/// Deleted files that are searched.
const MAX_SEARCHED_FILES: usize = 64;
/// Bytes compared in a run: the search only words a note.
const MAX_COMPARED_BYTES: usize = 64 << 20;
/// What a comparison costs besides its bytes, as if it had so many more: small files may be very many.
const BYTES_OF_COMPARISON: usize = 4 << 10;

/// The deleted file that a new file was before.
pub(super) struct MovedFrom {
    why: String,
    keys: HashSet<Key>,
    /// The lines that it did not have.
    added: AddedLines,
}

impl MovedFrom {
    /// Why an occurrence is a finding although its line was there before; `None` where it was not, or was one there too.
    pub(super) fn note(&self, found: &Occurrence) -> Option<String> {
        (!self.added.contains(found.line) && !self.keys.contains(&found.key)).then(|| self.why.clone())
    }
}

/// The search of a run for the files that new ones were before.
pub(super) struct Search<'a> {
    context: &'a Context<'a>,
    gone: Vec<&'a ChangedFile>,
    bytes_left: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(context: &'a Context<'a>) -> Self {
        let gone = context.changes.files.iter().filter(|file| file.new.is_none());
        Self { context, gone: gone.take(MAX_SEARCHED_FILES).collect(), bytes_left: MAX_COMPARED_BYTES }
    }

    /// A deleted file that shares most of its lines with the new one, if there is one.
    pub(super) fn find(&mut self, file: &ChangedFile, source: &SourceFile) -> Result<Option<MovedFrom>, TreeError> {
        let context = self.context;
        if context.changes.old_sides.is_empty() || file.old.values().any(Option::is_some) {
            return Ok(None);
        }
        // Once the bytes do not suffice, none are left.
        let mut take = |bytes: usize| {
            let left = self.bytes_left.checked_sub(bytes);
            self.bytes_left = left.unwrap_or_default();
            left.is_some()
        };
        for gone in &self.gone {
            let Some((side, blob)) = gone.old.iter().enumerate().find_map(|(side, old)| Some((side, old?))) else {
                continue;
            };
            if !take(BYTES_OF_COMPARISON) {
                return Ok(None);
            }
            let Some(was) = context.file(&gone.path, Some(blob))? else { continue };
            context.files.hold([&was]);
            if !take(was.text().bytes().len() + source.text().bytes().len()) {
                return Ok(None);
            }
            source.count_comparison();
            let added = git::added_lines(&[&was.text_in_place_of(source)], source.text());
            if Some(blob) != file.new && added.count() * 2 >= source.text().line_count() {
                continue;
            }
            let scope = scan::scope(context.effective, was.path(), was.language());
            let keys = if scan::needs_content(context.effective, was.path()) {
                let snapshot = &context.changes.old_sides[side];
                let scan = scan::scan(&was, context.effective, snapshot, context.roots, true)?;
                scan.occurrences.iter().map(|found| found.key).collect()
            } else {
                HashSet::new()
            };
            let path = String::from_utf8_lossy(&gone.path);
            let why = match (was.language(), source.language()) {
                (None, Some(now)) => format!("moved from {path}, where it was not read as {}", now.notation().language),
                _ if scope.ignored() => format!("moved from {path}, which is not judged"),
                _ => format!("moved from {path}, where it was allowed or meant another module"),
            };
            return Ok(Some(MovedFrom { why, keys, added }));
        }
        Ok(None)
    }
}

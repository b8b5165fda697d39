//! The deleted file that a new file was before, when nobody wrote its lines anew.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::check::context::Context;
use crate::check::occurrence::{Key, Occurrence};
use crate::check::scan;
use crate::check::source_file::SourceFile;
use crate::git::{self, AddedLines, Blob, ChangedFile};
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
    /// Files that are gone, looked for where a file is new; none once the bytes are used up.
    gone: OnceCell<Vec<&'a ChangedFile>>,
    bytes_left: usize,
    /// Deleted files for which there was no room; each is opened for one new file alone.
    not_held: HashSet<Blob>,
}

impl<'a> Search<'a> {
    pub(super) fn new(context: &'a Context<'a>) -> Self {
        Self { context, gone: OnceCell::new(), bytes_left: MAX_COMPARED_BYTES, not_held: HashSet::new() }
    }

    fn gone(&self) -> &[&'a ChangedFile] {
        self.gone.get_or_init(|| {
            let gone = self.context.changes.files.iter().filter(|file| file.new.is_none());
            gone.take(MAX_SEARCHED_FILES).collect()
        })
    }

    /// A deleted file that shares most of its lines with the new one, if there is one.
    pub(super) fn find(&mut self, file: &ChangedFile, source: &SourceFile) -> Result<Option<MovedFrom>, TreeError> {
        let context = self.context;
        let is_new = !context.changes.old_sides.is_empty() && file.old.values().all(Option::is_none);
        for number in 0..if is_new { self.gone().len() } else { 0 } {
            let gone = self.gone()[number];
            let first = gone.old.iter().enumerate().find_map(|(side, old)| Some((side, old?)));
            let Some((side, blob)) = first.filter(|(_, blob)| !self.not_held.contains(blob)) else { continue };
            let Some(was) = context.file(&gone.path, Some(blob))? else { continue };
            if !context.files.hold([&was]) {
                self.not_held.insert(blob);
            }
            let bytes = BYTES_OF_COMPARISON + was.text().bytes().len() + source.text().bytes().len();
            let Some(rest) = self.bytes_left.checked_sub(bytes) else {
                self.gone = OnceCell::from(Vec::new());
                return Ok(None);
            };
            self.bytes_left = rest;
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

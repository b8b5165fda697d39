//! The new sides of changed files: what is forbidden in them, old or new.

use std::rc::Rc;

use super::Netting;
use super::before::added_lines;
use super::old_sides::old_files;
use crate::check::context::{Look, not_fetched, too_many_imports};
use crate::check::occurrence::{Occurrence, Scan};
use crate::check::once::Part;
use crate::check::scan;
use crate::finding::{Skipped, Tally};
use crate::git::ChangedFile;
use crate::lang::{self, MAX_IMPORTS};
use crate::policy::MAX_MATCHES;
use crate::tree::TreeError;

/// The new side of a file that differs from every old side.
#[derive(Default)]
pub(super) struct NewSide {
    /// The scan, where anything is forbidden that is asked for.
    pub scan: Option<Rc<Scan>>,
    pub is_too_large: bool,
}

impl NewSide {
    pub fn occurrences(&self) -> &[Occurrence] {
        self.scan.as_ref().map_or(&[], |scan| &scan.occurrences)
    }
}

impl Netting<'_> {
    /// Looks at the new side of a file.
    pub(super) fn new_side(&mut self, index: usize, file: &ChangedFile) -> Result<NewSide, TreeError> {
        let context = self.context;
        let Some(blob) = file.new_to_all() else { return Ok(NewSide::default()) };
        let is_kept = (context.keeps)(&file.path);
        if scan::scope(context.effective, &file.path, lang::of_path(&file.path)).ignored() {
            self.results.checked.ignored += usize::from(is_kept);
            return Ok(NewSide::default());
        }
        self.results.checked.files += usize::from(is_kept && context.counts(Part::File, &file.path));
        if !scan::needs_content(context.effective, &file.path) {
            return Ok(NewSide::default());
        }
        if let Some(seen) = self.ahead.take_new(index) {
            if context.tally >= Tally::Imports && is_kept {
                self.count_imports(file, seen.imports);
            }
            if context.tally >= Tally::ImportsAndLines {
                self.count_lines(file, is_kept, seen.added_lines);
            }
            let scan = Some(seen.occurrences).filter(|found| !found.is_empty());
            let scan = scan.map(|occurrences| Rc::new(Scan { occurrences, ..Scan::default() }));
            return Ok(NewSide { scan, is_too_large: false });
        }
        let (source, scan) = match context.look(&file.path, blob, &context.changes.new_side, false)? {
            Look::Scanned(source, scan) => (source, scan),
            Look::TooLarge(why, _) => return Ok(self.skip_whole(file, why)),
            Look::NotFetched => return Err(not_fetched(&file.path)),
        };
        if context.tally >= Tally::Imports && is_kept {
            let imports = scan::imports(context.effective, &source, &scan);
            if imports > MAX_IMPORTS {
                return Ok(self.skip_whole(file, too_many_imports()));
            }
            self.count_imports(file, imports);
        }
        if scan.too_many_matches {
            self.skip(file, format!("a rule matches more than {MAX_MATCHES} lines: the rest is not judged"));
        }
        if scan.used_too_often {
            self.skip(file, format!("uses through imports are not judged: over {MAX_IMPORTS} places"));
        }
        let is_wanted = scan.occurrences.iter().any(|found| self.may_count(&found.key));
        let is_held = is_wanted && context.files.hold([&source]);
        if context.tally >= Tally::ImportsAndLines {
            let old = old_files(self.context, file)?;
            let added = added_lines(&source, &old);
            self.count_lines(file, is_kept, added.count());
            if is_wanted {
                self.keep_before(index, &source, &scan, &added, &old);
            }
        } else if is_wanted && !is_held {
            let old = old_files(self.context, file)?;
            self.keep_before(index, &source, &scan, &added_lines(&source, &old), &old);
        }
        let scan = if is_held { scan } else { Rc::new(scan.without_uses()) };
        Ok(NewSide { scan: Some(scan).filter(|_| is_wanted), is_too_large: false })
    }

    fn count_imports(&mut self, file: &ChangedFile, imports: usize) {
        let is_counted = self.context.counts(Part::Imports, &file.path);
        self.results.checked.imports += if is_counted { imports } else { 0 };
    }

    fn count_lines(&mut self, file: &ChangedFile, is_kept: bool, lines: usize) {
        let is_counted = is_kept && self.context.counts(Part::Lines, &file.path);
        *self.results.checked.added_lines.get_or_insert(0) += if is_counted { lines } else { 0 };
    }

    fn skip(&mut self, file: &ChangedFile, why: String) {
        if !(self.context.keeps)(&file.path) {
            return;
        }
        let severity = self.context.effective.policy().too_large();
        self.results.skipped.push(Skipped { path: file.path.clone(), why, severity });
    }

    fn skip_whole(&mut self, file: &ChangedFile, why: String) -> NewSide {
        self.skip(file, why);
        NewSide { scan: None, is_too_large: true }
    }
}

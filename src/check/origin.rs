//! Where the code of a new file was before, when nobody wrote its lines anew.

use std::collections::HashSet;

use super::ratchet::Judge;
use super::scan::{self, Key, Subject};
use crate::git::{self, ChangedFile};
use crate::text::Text;
use crate::tree::TreeError;

/// How many deleted files are searched.
const SEARCHED: usize = 64;

/// The deleted file that a new file was before.
pub(super) struct Origin {
    why: String,
    keys: HashSet<Key>,
}

impl Origin {
    /// A deleted file that shares most of its lines with the new one, if there is one.
    pub(super) fn find(
        judge: &Judge<'_>,
        file: &ChangedFile,
        subject: &Subject<'_>,
        text: &Text<'_>,
    ) -> Result<Option<Self>, TreeError> {
        if judge.changes.old_sides.is_empty() || file.old.iter().any(Option::is_some) {
            return Ok(None);
        }
        for gone in judge.changes.files.iter().filter(|file| file.new.is_none()).take(SEARCHED) {
            let first = gone.old.iter().enumerate().find_map(|(side, old)| Some((side, (*old)?)));
            let Some((side, blob)) = first else { continue };
            let Some(bytes) = judge.repository.read(blob)?.bytes() else { continue };
            let added = git::added_lines(&[&subject.text(&bytes)], text).count();
            if Some(blob) != file.new && added * 2 >= text.line_count() {
                continue;
            }
            let was = Subject::new(&gone.path, judge.standing);
            let old_text = was.text(&bytes);
            let keys = if was.is_judged() {
                let tree = &judge.changes.old_sides[side];
                scan::occurrences(&was, &old_text, tree, judge.roots)?.0.into_iter().map(|found| found.key).collect()
            } else {
                HashSet::new()
            };
            let path = String::from_utf8_lossy(&gone.path);
            let why = match (was.language, subject.language) {
                (None, Some(now)) => format!("moved from {path}, where it was not read as {}", now.notation().language),
                _ if was.scope.ignored() => format!("moved from {path}, which is not judged"),
                _ => format!("moved from {path}, where it was allowed or meant another module"),
            };
            return Ok(Some(Self { why, keys }));
        }
        Ok(None)
    }

    /// Why an occurrence is a finding although its line was there before; `None` where it was one there too.
    pub(super) fn note(&self, key: &Key) -> Option<String> {
        (!self.keys.contains(key)).then(|| self.why.clone())
    }
}

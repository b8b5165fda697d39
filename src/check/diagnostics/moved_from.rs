//! Where the code of a new file was before, when nobody wrote its lines anew.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::check::netting::Context;
use crate::check::occurrence::Key;
use crate::check::scan;
use crate::check::source_file::SourceFile;
use crate::git::{self, ChangedFile};
use crate::kind::Kind;
use crate::lang::Import;
use crate::text::Text;
use crate::tree::TreeError;

/// How many deleted files are searched.
const SEARCHED: usize = 64;
/// How many bytes are compared in search of origins in a run: the search only words a note.
pub(super) const COMPARED: usize = 64 << 20;

/// The deleted file that a new file was before.
pub(super) struct MovedFrom {
    why: String,
    keys: HashSet<Key>,
}

impl MovedFrom {
    /// A deleted file that shares most of its lines with the new one, if there is one. At most as many bytes as are
    /// `left` are compared in search of it.
    pub(super) fn find(
        context: &Context<'_>,
        file: &ChangedFile,
        source: &SourceFile<'_>,
        text: &Text<'_>,
        left: &mut usize,
    ) -> Result<Option<Self>, TreeError> {
        if context.changes.old_sides.is_empty() || file.old.iter().any(Option::is_some) {
            return Ok(None);
        }
        for gone in context.changes.files.iter().filter(|file| file.new.is_none()).take(SEARCHED) {
            let first = gone.old.iter().enumerate().find_map(|(side, old)| Some((side, (*old)?)));
            let Some((side, blob)) = first else { continue };
            let Some(bytes) = context.repository.read(blob)?.bytes() else { continue };
            let Some(rest) = left.checked_sub(bytes.len() + text.bytes().len()) else { return Ok(None) };
            *left = rest;
            let added = git::added_lines(&[&source.text(&bytes)], text).count();
            if Some(blob) != file.new && added * 2 >= text.line_count() {
                continue;
            }
            let was = SourceFile::of(&gone.path, context.effective, &bytes);
            let old_text = was.text(&bytes);
            let keys = if was.is_judged() {
                let tree = &context.changes.old_sides[side];
                scan::occurrences(&was, &old_text, tree, context.roots)?.0.into_iter().map(|found| found.key).collect()
            } else {
                HashSet::new()
            };
            let path = String::from_utf8_lossy(&gone.path);
            let why = match (was.language, source.language) {
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

/// The imports that a changed file had before, by their text, and of which kind.
pub(super) struct OldImports(HashSet<(u64, Kind)>);

impl OldImports {
    pub(super) fn of(context: &Context<'_>, file: &ChangedFile) -> Result<Self, TreeError> {
        let mut before = HashSet::new();
        for blob in &file.old {
            let bytes = context.bytes(*blob)?;
            let source = SourceFile::of(&file.path, context.effective, &bytes);
            before.extend(source.imports(&source.text(&bytes)).iter().map(|import| (digest(import), import.kind)));
        }
        Ok(Self(before))
    }

    /// Whether the same was imported, whatever it meant then.
    pub(super) fn has(&self, import: &Import<'_>) -> bool {
        self.0.contains(&(digest(import), import.kind))
    }

    /// The same, of whatever kind.
    pub(super) fn has_of_any_kind(&self, import: &Import<'_>) -> bool {
        let what = digest(import);
        Kind::ALL.into_iter().any(|kind| self.0.contains(&(what, kind)))
    }
}

/// Enough to choose between two sentences.
fn digest(import: &Import<'_>) -> u64 {
    let what = (import.level, import.module.as_deref(), import.name.as_deref());
    BuildHasherDefault::<DefaultHasher>::default().hash_one(what)
}

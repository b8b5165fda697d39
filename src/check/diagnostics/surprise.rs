//! Why a finding is one although nobody wrote its line anew.

use std::cell::OnceCell;
use std::sync::Arc;

use super::moved_from::MovedFrom;
use crate::check::context::Context;
use crate::check::netting::{Before, OldImports, old_files};
use crate::check::occurrence::{Eased, Fresh, Occurrence};
use crate::git::ChangedFile;
use crate::kind::Written;
use crate::lang::Import;
use crate::tree::TreeError;

/// What the file of findings was before.
pub(super) struct Surprise<'a> {
    context: &'a Context<'a>,
    file: &'a ChangedFile,
    occurrences: &'a [Occurrence],
    /// What each occurrence was, where that is known already.
    before: Option<&'a [Before]>,
    /// What the file was, where it is new.
    moved_from: Option<MovedFrom>,
    /// The imports of its old sides, once they are asked for.
    old_imports: OnceCell<OldImports>,
}

impl<'a> Surprise<'a> {
    pub(super) fn of(
        context: &'a Context<'a>,
        file: &'a ChangedFile,
        occurrences: &'a [Occurrence],
        before: Option<&'a [Before]>,
        moved_from: Option<MovedFrom>,
    ) -> Self {
        Self { context, file, occurrences, before, moved_from, old_imports: OnceCell::new() }
    }

    /// Why a line that nobody wrote anew is a finding.
    pub(super) fn why(
        &self,
        fresh: Fresh,
        import: Option<(&Import<'_>, Written)>,
    ) -> Result<Option<Arc<str>>, TreeError> {
        if fresh.eased == Some(Eased::OldUse) {
            return Ok(None);
        }
        if fresh.on_added_line {
            let found = self.moved_from.as_ref().zip(self.occurrences.get(fresh.ordinal));
            return Ok(found.and_then(|(moved_from, found)| moved_from.note(found)).map(Into::into));
        }
        let before = match (import, self.before) {
            (_, Some(before)) => before.get(fresh.ordinal).copied().unwrap_or(Before::NoCode),
            (Some((import, written)), None) => self.old_imports()?.before(import, written),
            (None, None) => Before::NoCode,
        };
        let why = match before {
            _ if import.is_some_and(|(import, _)| import.is_use()) => {
                "this line is not new, but it means the module now: the imports of the file have changed"
            }
            Before::SameImport => {
                "this line is not new, but it means another module now: the packages around the file have changed"
            }
            Before::OtherKind => "this line is not new, but it is of another kind now: the code around it has changed",
            Before::Absent | Before::OldUse | Before::NoCode => {
                "this line is not new, but it is code now: what made it a string or a comment was removed"
            }
        };
        Ok(Some(why.into()))
    }

    fn old_imports(&self) -> Result<&OldImports, TreeError> {
        if let Some(imports) = self.old_imports.get() {
            return Ok(imports);
        }
        let imports = OldImports::of(&old_files(self.context, self.file)?, self.context.effective);
        Ok(self.old_imports.get_or_init(|| imports))
    }
}

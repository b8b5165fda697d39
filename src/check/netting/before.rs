//! The new side of a file compared with its old sides: which lines are added, and what the others were before.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::rc::Rc;

use super::old_uses::OldUses;
use crate::check::occurrence::{At, Scan};
use crate::check::scan;
use crate::check::source_file::SourceFile;
use crate::check::written::Forms;
use crate::git::{self, AddedLines};
use crate::kind::{Kind, Written};
use crate::lang::Import;
use crate::policy::EffectivePolicy;
use crate::text::Text;

/// What the line of an occurrence was at the old sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Not there: it is added.
    Absent,
    /// The same import, which meant another module or was allowed.
    SameImport,
    /// The same import of another kind.
    OtherKind,
    /// A use of what an import binds, which is not on an added line either.
    OldUse,
    /// Text or comment.
    NoCode,
}

/// The lines of `new` that none of its old sides has.
pub(in crate::check) fn added_lines(new: &SourceFile, old: &[Rc<SourceFile>]) -> AddedLines {
    new.count_comparison();
    let old: Vec<Cow<'_, Text<'_>>> = old.iter().map(|old| old.text_in_place_of(new)).collect();
    git::added_lines(&old.iter().map(AsRef::as_ref).collect::<Vec<_>>(), new.text())
}

/// What each occurrence of `new` was before, now that its added lines are known.
pub(super) fn before_each(
    new: &SourceFile,
    scan: &Scan,
    added: &AddedLines,
    old: &[Rc<SourceFile>],
    effective: &EffectivePolicy<'_>,
) -> Vec<Before> {
    let (imports, forms) = (OnceCell::new(), OnceCell::new());
    let old_uses = OldUses::of(new, scan, added);
    let before = scan.occurrences.iter().map(|occurrence| match occurrence.at {
        _ if added.contains(occurrence.line) => Before::Absent,
        _ if old_uses.contains(occurrence) => Before::OldUse,
        At::Import(number) => match scan.import(new.imports(), number) {
            Some(import) => {
                let forms = forms.get_or_init(|| forms_of(new, effective));
                let form = forms.as_ref().map_or(import.kind.into(), |forms| forms.form(number, import));
                imports.get_or_init(|| OldImports::of(old, effective)).before(import, form)
            }
            None => Before::NoCode,
        },
        At::OwnPath | At::Line(..) => Before::NoCode,
    });
    before.collect()
}

/// The forms of a file's imports, as far as rules ask for them.
fn forms_of<'f>(file: &'f SourceFile, effective: &EffectivePolicy<'_>) -> Option<Forms<'f>> {
    let scope = scan::scope(effective, file.path(), file.language());
    Forms::of(file, file.imports(), scope.judges_imports() && scope.tells_local())
}

/// The imports that a changed file had before: their text, their kind, and whether they were inside a function.
pub struct OldImports {
    known: HashSet<(u64, Kind, bool)>,
    /// Whether a rule asks which of them are inside functions; else they are taken for outside.
    tells_local: bool,
}

impl OldImports {
    /// The imports of the old sides of a file, as far as rules judge them.
    #[must_use]
    pub fn of(old: &[Rc<SourceFile>], effective: &EffectivePolicy<'_>) -> Self {
        let judged = old.iter().filter(|old| scan::scope(effective, old.path(), old.language()).judges_imports());
        let (mut known, mut tells_local) = (HashSet::new(), false);
        for old in judged {
            tells_local |= scan::scope(effective, old.path(), old.language()).tells_local();
            let forms = forms_of(old, effective);
            let local = |number, import| forms.as_ref().is_some_and(|forms| forms.form(number, import).local);
            let imports = old.imports().iter().enumerate();
            known.extend(imports.map(|(number, import)| (digest(import), import.kind, local(number, import))));
        }
        Self { known, tells_local }
    }

    /// What an import was before whose line is not added.
    #[must_use]
    pub fn before(&self, import: &Import<'_>, form: Written) -> Before {
        let digest = digest(import);
        let is_of = |kind| [false, true].into_iter().any(|local| self.known.contains(&(digest, kind, local)));
        if self.known.contains(&(digest, import.kind, form.local && self.tells_local)) {
            Before::SameImport
        } else if Kind::ALL.into_iter().any(is_of) {
            Before::OtherKind
        } else {
            Before::NoCode
        }
    }
}

/// Enough to choose between two sentences.
fn digest(import: &Import<'_>) -> u64 {
    let what = (import.level, import.module.as_deref(), import.name.as_deref());
    BuildHasherDefault::<DefaultHasher>::default().hash_one(what)
}

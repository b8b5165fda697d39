//! The import to write instead, as far as neither the policy nor the tree speaks against it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::check::forbidden::with_modules;
use crate::check::occurrence::{Fresh, Judged};
use crate::check::source_file::SourceFile;
use crate::kind::{Kind, Written};
use crate::lang::{self, Change, Import, Language, Surroundings};
use crate::policy::{IsModule, Scope};
use crate::tree::TreeError;

/// A fresh import, and what the policy says of it.
pub(super) struct Hit<'s, 'i> {
    /// Index into the file's imports.
    pub(super) index: usize,
    pub(super) judged: Judged<'s, 'i>,
    pub(super) written: Written,
    pub(super) fresh: Fresh,
}

impl Hit<'_, '_> {
    fn has_path(&self) -> bool {
        self.judged.decision.entry.use_instead.is_some() && !self.judged.by_star
    }
}

/// Names of one statement that one rule forbids.
pub(super) type Group<'h, 's, 'i> = Vec<&'h Hit<'s, 'i>>;

/// Names of one statement that one rule forbids are told together, apart from those without a path to use instead.
pub(super) fn groups<'h, 's, 'i>(hits: &'h [Hit<'s, 'i>], imports: &[Import<'_>]) -> Vec<Group<'h, 's, 'i>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for hit in hits {
        let import = &imports[hit.index];
        // Calls stand alone: one may hold another.
        let alone = matches!(import.kind, Kind::Dynamic | Kind::String).then_some(hit.index);
        let key = (import.statement.start, alone, hit.judged.decision.rule_index, hit.has_path());
        groups.entry(key).or_default().push(hit);
    }
    groups.into_values().collect()
}

/// Suggests paths to a file, where they can be recommended.
pub(super) struct Suggester<'a> {
    pub(super) language: &'a dyn Language,
    pub(super) source: &'a SourceFile,
    pub(super) scope: &'a Scope<'a>,
    pub(super) imports: &'a [Import<'a>],
    pub(super) around: &'a Surroundings<'a>,
}

impl Suggester<'_> {
    /// The changes to the rows of a statement from `first` on, or what speaks against a path that the policy names.
    pub(super) fn changes<'h>(
        &self,
        group: &[&'h Hit<'_, '_>],
        first: usize,
    ) -> Result<Result<Vec<Change<'h>>, String>, TreeError> {
        let mut changes = Vec::new();
        for hit in group.iter().filter(|hit| !hit.judged.by_star) {
            let Some(instead) = &hit.judged.decision.entry.use_instead else { continue };
            let import = &self.imports[hit.index];
            let mut paths = [import.module.as_deref(), import.name.as_deref()].into_iter().flatten();
            if paths.any(|path| lang::shortened(path) != path) {
                return Ok(Err("the path is too long to rewrite".to_owned()));
            }
            let resolved: Vec<String> =
                hit.judged.resolved.iter().map(|segment| segment.clone().into_owned()).collect();
            let matched = hit.judged.decision.matched.min(resolved.len());
            let kept = &resolved[matched..hit.judged.counted.clamp(matched, resolved.len())];
            let whole: Vec<String> = instead.segments.iter().chain(kept).cloned().collect();
            if let Some(objection) = self.why_unavailable(import, &whole)? {
                return Ok(Err(objection));
            }
            changes.push(Change { import: hit.index - first, resolved, matched, instead: &instead.segments });
        }
        Ok(Ok(changes))
    }

    /// Adds the changes that other rules ask for in the same statement: else each would recommend what another forbids.
    pub(super) fn add_others<'h>(
        &self,
        changes: &mut Vec<Change<'h>>,
        others: &[&'h Hit<'_, '_>],
        first: usize,
    ) -> Result<(), TreeError> {
        for other in others.iter().filter(|other| other.has_path()) {
            if let Ok(more) = self.changes(&[other], first)? {
                changes.extend(more);
            }
        }
        Ok(())
    }

    /// Why a path cannot be recommended: the policy, or the tree.
    fn why_unavailable(&self, import: &Import<'_>, whole: &[String]) -> Result<Option<String>, TreeError> {
        let path: Vec<_> = whole.iter().map(|segment| Cow::Borrowed(segment.as_str())).collect();
        let resolver = self.language.resolver(self.source.file(), self.around);
        let ask = |is_module: IsModule<'_>| self.scope.decide(Kind::Import, &[path], is_module);
        let decision = with_modules(resolver.as_ref(), import, ask)?;
        if let Some(decision) = decision {
            let segments: Vec<&str> = whole.iter().map(String::as_str).collect();
            let path = (self.language.notation().join)(&segments);
            return Ok(Some(format!("the policy forbids {path} too (rule {})", decision.rule.id)));
        }
        self.language.why_unavailable(self.source.path(), whole, self.around)
    }
}

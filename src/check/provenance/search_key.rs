//! Search keys for attributing findings to commits.

use std::collections::HashMap;
use std::sync::Arc;

use crate::check::context::Context;
use crate::check::occurrence::Key;
use crate::check::scan;
use crate::finding::Finding;
use crate::git::{Blob, Snapshot};
use crate::lang::MAX_IMPORTS;
use crate::policy::Severity;
use crate::tree::TreeError;

/// A key, as far as it is at least so severe.
pub(super) type Ranked = (Key, Severity);

/// All that an occurrence counts for.
pub(super) fn ranks(key: Key, severity: Severity) -> impl Iterator<Item = Ranked> {
    let levels = [Severity::Block, Severity::Warn, Severity::Track];
    levels.into_iter().filter(move |&level| level <= severity).map(move |level| (key, level))
}

/// The search key of a finding.
pub(super) struct SearchKey {
    pub key: Ranked,
    pub path: Arc<[u8]>,
    /// Its line at the tip, from 1.
    pub line: usize,
}

/// The search keys of findings, in their order; `None` where the rule is unknown.
///
/// # Errors
/// When the repository cannot be read.
pub(super) fn search_keys(context: &Context<'_>, findings: &[Finding]) -> Result<Vec<Option<SearchKey>>, TreeError> {
    let rules: HashMap<&str, usize> =
        context.effective.policy().rules().iter().enumerate().map(|(index, rule)| (rule.id.as_str(), index)).collect();
    let mut all = Vec::with_capacity(findings.len());
    for group in findings.chunk_by(|left, right| left.path == right.path) {
        let Some(first) = group.first() else { continue };
        // What a report shows of a line may be a part.
        let is_read = group.iter().any(|finding| finding.import.is_none());
        let blob = if is_read { context.changes.new_side.blob(&first.path)? } else { None };
        let file = context.file(&first.path, blob)?;
        let text = |line| file.as_ref().map_or(&[][..], |file| file.text().line(line));
        all.extend(group.iter().map(|finding| {
            let line = finding.place.line;
            let key = match finding.entry.as_deref().or(finding.import.as_deref()) {
                Some(import) => Key::new(*rules.get(finding.rule.name.id())?, import.as_bytes()),
                None => Key::new(*rules.get(finding.rule.name.id())?, text(line).trim_ascii()),
            };
            Some(SearchKey { key: (key, finding.severity), path: Arc::clone(&finding.path), line })
        }));
    }
    Ok(all)
}

/// The keys that the file `blob` at `path` of a snapshot counts for, each as often as it occurs; none where it is over a
/// limit or was not fetched.
pub(super) fn ranks_of(
    context: &Context<'_>,
    path: &[u8],
    blob: Blob,
    snapshot: &Snapshot<'_>,
) -> Result<Vec<Ranked>, TreeError> {
    if !scan::needs_content(context.effective, path) {
        return Ok(Vec::new());
    }
    let Some(file) = context.file(path, Some(blob))? else { return Ok(Vec::new()) };
    let scan = scan::scan(&file, context.effective, snapshot, context.roots, true)?;
    context.files.hold([&file]);
    if scan.imports > Some(MAX_IMPORTS) {
        return Ok(Vec::new());
    }
    Ok(scan.occurrences.iter().flat_map(|found| ranks(found.key, found.severity)).collect())
}

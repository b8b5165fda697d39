//! One file at one side → its forbidden occurrences, old or new.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::occurrence::{Judged, Key, Occurrence};
use super::source_file::SourceFile;
use crate::kind::Kind;
use crate::lang::{Import, Resolver, Surroundings};
use crate::policy::{LineMatch, MAX_MATCHES, Scope, Severity};
use crate::text::Text;
use crate::tree::{Tree, TreeError};

/// Asks the policy about one import.
///
/// # Errors
/// When the tree cannot be read.
pub fn forbidden<'s, 'i>(
    scope: &'s Scope<'_>,
    resolver: &dyn Resolver,
    import: &'i Import<'_>,
) -> Result<Option<Judged<'s, 'i>>, TreeError> {
    let mut candidates = resolver.resolve(import)?;
    if let Some(decision) = scope.decide(import.kind, &candidates) {
        let mut resolved = candidates.swap_remove(decision.candidate);
        if import.kind == Kind::Attribute {
            // as far as an import of it would name it: what is done with it makes no other use
            resolved.truncate(decision.matched + 1);
        }
        return Ok(Some(Judged { decision, kind: import.kind, resolved }));
    }
    if import.name.as_deref() != Some("*") {
        return Ok(None);
    }
    let brings = |segment: &str| resolver.star_brings(import, segment);
    Ok(scope.decide_wildcard(&candidates, &brings).map(|decision| {
        let mut resolved = candidates.swap_remove(decision.candidate);
        resolved.push(Cow::Borrowed("*"));
        Judged { decision, kind: Kind::Wildcard, resolved }
    }))
}

/// What a match of a line rule is counted by.
#[must_use]
pub fn line_key(matched: &LineMatch<'_>, text: &Text<'_>) -> Key {
    Key::new(matched.rule_index, text.line(matched.line).trim_ascii())
}

/// How far a file was read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Read {
    /// How many imports it has; `None` where it was not scanned, as rules could forbid none of them.
    pub imports: Option<usize>,
    /// Whether it has so many uses that none of them is judged.
    pub used_too_often: bool,
    /// Whether a rule matches more than [`MAX_MATCHES`] lines.
    pub overrun: bool,
}

/// Every forbidden occurrence of a file, and how far it was read.
///
/// # Errors
/// When the tree around the file cannot be read.
pub fn occurrences(
    source: &SourceFile<'_>,
    text: &Text<'_>,
    tree: &dyn Tree,
    roots: &dyn Fn(&[u8]) -> Vec<usize>,
) -> Result<(Vec<Occurrence>, Read), TreeError> {
    let mut found = Vec::new();
    let read = each(source, text, tree, roots, &mut |key, at, severity| {
        let line = match at {
            At::Offset(offset) => text.line_of(offset),
            At::Line(line) => line,
        };
        found.push(Occurrence { key, line, severity });
    })?;
    Ok((found, read))
}

/// What every forbidden occurrence of a file is counted by, with its severity, and how far it was read: for whoever needs
/// no lines, which cost a walk through the text.
///
/// # Errors
/// When the tree around the file cannot be read.
pub fn keys(
    source: &SourceFile<'_>,
    text: &Text<'_>,
    tree: &dyn Tree,
    roots: &dyn Fn(&[u8]) -> Vec<usize>,
) -> Result<(Vec<(Key, Severity)>, Read), TreeError> {
    let mut found = Vec::new();
    let read = each(source, text, tree, roots, &mut |key, _, severity| found.push((key, severity)))?;
    Ok((found, read))
}

/// Where an occurrence is.
enum At {
    Offset(usize),
    Line(usize),
}

fn each(
    source: &SourceFile<'_>,
    text: &Text<'_>,
    tree: &dyn Tree,
    roots: &dyn Fn(&[u8]) -> Vec<usize>,
    found: &mut dyn FnMut(Key, At, Severity),
) -> Result<Read, TreeError> {
    let mut read = Read::default();
    if let Some(language) = source.language.filter(|_| source.may_import(text)) {
        let mut imports = source.imports(text);
        read.imports = Some(imports.len());
        let around = Surroundings { tree, roots };
        let resolver = language.resolver(source.file(text), &around);
        let uses = source.add_uses(text, resolver.as_ref(), &mut imports)?;
        read.used_too_often = uses.too_many;
        for (_, import) in imports.iter().enumerate().filter(|&(number, _)| !uses.is_harmless(number)) {
            if let Some(judged) = forbidden(&source.scope, resolver.as_ref(), import)? {
                found(judged.key(language), At::Offset(import.span.start), judged.decision.severity);
            }
        }
        if let Some(judged) = source.own_path(text, &around)? {
            found(judged.key(language), At::Line(1), judged.decision.severity);
        }
    }
    if source.scope.judges_lines() {
        let code = Text::new(source.code(text));
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for matched in source.scope.match_lines(&code, text) {
            let count = counts.entry(matched.rule_index).or_default();
            *count += 1;
            read.overrun |= *count > MAX_MATCHES;
            found(line_key(&matched, text), At::Line(matched.line), matched.severity);
        }
    }
    Ok(read)
}

//! What the policy says of one import, or of a file as a module.

use std::borrow::Cow;
use std::cell::Cell;

use super::occurrence::{Judged, Key, joined};
use super::source_file::SourceFile;
use crate::kind::{Kind, Written};
use crate::lang::{Candidate, Import, Language, Resolver, Surroundings};
use crate::policy::{Decision, IsModule, Scope};
use crate::tree::TreeError;

/// Asks the policy about one import that is `written` in some form.
///
/// # Errors
/// When the tree cannot be read.
pub fn forbidden<'s, 'i>(
    scope: &'s Scope<'_>,
    resolver: &dyn Resolver,
    import: &'i Import<'_>,
    written: Written,
) -> Result<Option<Judged<'s, 'i>>, TreeError> {
    let (mut candidates, star) = meanings(resolver, import)?;
    let whole = with_modules(resolver, import, |is_module| scope.decide(written, &candidates, is_module))?;
    let Some(star) = star else {
        let Some(decision) = whole else { return Ok(None) };
        let resolved = candidates.swap_remove(decision.candidate);
        let counted = counted(resolver, import, &resolved, &decision)?;
        let (kind, others) = (import.kind, candidates);
        return Ok(Some(Judged { decision, kind, resolved, counted, by_star: false, others }));
    };
    candidates.iter_mut().for_each(|path| _ = path.pop());
    let brings = |segment: &str| resolver.star_brings(import, segment);
    // A rule about all that a star brings must not hide a stricter one about a name that it may bring.
    let is_stricter = |part: &Decision<'_>| whole.as_ref().is_none_or(|whole| whole.severity < part.severity);
    let part = with_modules(resolver, import, |is_module| {
        scope.decide_wildcard(written, &candidates, &brings, is_module).filter(is_stricter)
    })?;
    let kind = if part.is_some() { Kind::Wildcard } else { import.kind };
    Ok(part.or(whole).map(|decision| {
        let mut resolved = candidates.swap_remove(decision.candidate);
        let by_star = kind == Kind::Wildcard || decision.matched > resolved.len();
        resolved.extend(by_star.then_some(Cow::Borrowed(star)));
        Judged { decision, kind, counted: resolved.len(), resolved, by_star, others: Vec::new() }
    }))
}

/// The number of segments by which an import or a use is counted.
fn counted(
    resolver: &dyn Resolver,
    import: &Import<'_>,
    path: &Candidate<'_>,
    decision: &Decision<'_>,
) -> Result<usize, TreeError> {
    if import.is_use() { resolver.counted(import, path, decision.matched) } else { Ok(path.len()) }
}

/// Asks the policy, which asks back what the tree knows of an import's modules. It does so without handling errors: one is
/// kept until it has answered.
///
/// # Errors
/// When the tree cannot be read.
pub fn with_modules<T>(
    resolver: &dyn Resolver,
    import: &Import<'_>,
    ask: impl FnOnce(IsModule<'_>) -> T,
) -> Result<T, TreeError> {
    let error = Cell::new(None);
    let answer = ask(&|path, at| {
        resolver.is_module(import, path, at).unwrap_or_else(|why| {
            error.set(Some(why));
            false
        })
    });
    error.take().map_or(Ok(answer), Err)
}

/// The paths that an import may mean, as the policy is asked about them: a star is their last segment. Also returns that
/// segment.
pub(super) fn meanings<'i>(
    resolver: &dyn Resolver,
    import: &'i Import<'_>,
) -> Result<(Vec<Candidate<'i>>, Option<&'static str>), TreeError> {
    let mut candidates = resolver.resolve(import)?;
    let star = resolver.star(import);
    if let Some(star) = star {
        candidates.iter_mut().for_each(|path| path.push(Cow::Borrowed(star)));
    }
    Ok((candidates, star))
}

/// The keys of the other paths that a forbidden import may mean, as far as they are forbidden too.
pub(super) fn other_keys(
    scope: &Scope<'_>,
    language: &dyn Language,
    resolver: &dyn Resolver,
    (import, written): (&Import<'_>, Written),
    judged: &Judged<'_, '_>,
) -> Result<Vec<Key>, TreeError> {
    let mut keys = Vec::new();
    for path in &judged.others {
        let decision =
            with_modules(resolver, import, |is_module| scope.decide(written, std::slice::from_ref(path), is_module))?;
        let Some(decision) = decision else { continue };
        let counted = counted(resolver, import, path, &decision)?;
        keys.push(Key::new(decision.rule_index, joined(language, &path[..counted.min(path.len())]).as_bytes()));
    }
    Ok(keys)
}

/// The paths of the file itself that a rule forbids.
///
/// # Errors
/// When the tree cannot be read.
pub fn own_path<'s>(
    file: &SourceFile,
    scope: &'s Scope<'_>,
    around: &Surroundings<'_>,
) -> Result<Option<Judged<'s, 'static>>, TreeError> {
    let Some(language) = file.language().filter(|_| scope.judges_imports()) else { return Ok(None) };
    let mut candidates = language.own_paths(file.file(), around)?;
    // What forbids every module but some is about imports: a new file is no way around it.
    let decision =
        scope.decide(Kind::Module, &candidates, &|_, _| true).filter(|decision| !decision.entry.names_nothing());
    Ok(decision.map(|decision| {
        let resolved = candidates.swap_remove(decision.candidate);
        let counted = resolved.len();
        Judged { decision, kind: Kind::Module, resolved, counted, by_star: false, others: Vec::new() }
    }))
}

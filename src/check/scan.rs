//! A file of a snapshot → its forbidden occurrences, old or new.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::forbidden::{forbidden, meanings, other_keys, own_path, with_modules};
use super::occurrence::{At, Key, Kin, Occurrence, Scan};
use super::source_file::SourceFile;
use super::written::Forms;
use crate::git::Snapshot;
use crate::kind::Kind;
use crate::lang::{self, Asked, Import, Language, MAX_IMPORTS, Plainness, Resolver, Sought, Surroundings, own_imports};
use crate::policy::{EffectivePolicy, LineMatch, MAX_MATCHES, Scope};
use crate::text::Text;
use crate::tree::TreeError;

/// The rules that take part in a file at `path`, in its language.
#[must_use]
pub fn scope<'s>(
    effective: &'s EffectivePolicy<'_>,
    path: &'s [u8],
    language: Option<&'static dyn Language>,
) -> Scope<'s> {
    effective.scope(path, language.map(|language| language.notation().language))
}

/// The language of the file at `path`, if its name or the policy tells it.
#[must_use]
pub fn language_at(effective: &EffectivePolicy<'_>, path: &[u8]) -> Option<&'static dyn Language> {
    lang::of_path(path).or_else(|| effective.policy().language_of(path).and_then(lang::named))
}

/// Whether the file at `path` is a test, as the policy has it or by the habits of its language.
#[must_use]
pub fn is_test(effective: &EffectivePolicy<'_>, path: &[u8]) -> bool {
    let language = language_at(effective, path);
    scope(effective, path, language).is_test().unwrap_or_else(|| lang::is_test(path, language))
}

/// Whether any rule needs the content of the file at `path`, whose first line may tell its language.
#[must_use]
pub fn needs_content(effective: &EffectivePolicy<'_>, path: &[u8]) -> bool {
    let scope = scope(effective, path, language_at(effective, path));
    let is_script = || effective.policy().forbids() && lang::may_be_script(path);
    !scope.ignored() && (scope.judges_imports() || scope.judges_lines() || is_script())
}

/// Scans a file of a snapshot for every forbidden occurrence; gives the scan of before if there was one.
///
/// With `keeps`, the file keeps what it takes to scan it again elsewhere; so it does where anything is forbidden.
///
/// # Errors
/// When the tree around the file cannot be read.
pub fn scan(
    file: &SourceFile,
    effective: &EffectivePolicy<'_>,
    snapshot: &Snapshot<'_>,
    roots: &dyn Fn(&[u8]) -> Vec<usize>,
    keeps: bool,
) -> Result<Rc<Scan>, TreeError> {
    if let Some(scan) = file.scan_in(snapshot.id()) {
        return Ok(scan);
    }
    let scope = scope(effective, file.path(), file.language());
    let mut scan = Scan::default();
    if may_import(file, &scope) {
        scan = snapshot.look_around(|tree| scan_imports(file, &scope, &Surroundings { tree, roots }, keeps))?;
    }
    if scope.judges_lines() {
        scan_lines(file, &scope, &mut scan);
    }
    let scan = Rc::new(scan);
    if keeps || !scan.occurrences.is_empty() {
        file.keep_scan(snapshot.id(), &scan);
    }
    Ok(scan)
}

/// Whether rules could forbid anything that the file imports, uses or is. A plain text without any word of theirs
/// has nothing, and need not be scanned.
fn may_import(file: &SourceFile, scope: &Scope<'_>) -> bool {
    let Some(language) = file.language().filter(|_| scope.judges_imports()) else { return false };
    let Some(Plainness { is_plain, min_bytes }) = language.plainness() else { return true };
    let file = file.file();
    let may_be_named_in = |text| scope.may_be_named_in(text, min_bytes);
    may_be_named_in(file.text) || may_be_named_in(file.path) || !is_plain(file)
}

/// Returns the number of a scanned file's imports, for a report.
#[must_use]
pub fn imports(effective: &EffectivePolicy<'_>, file: &SourceFile, scan: &Scan) -> usize {
    let count = || {
        let scope = scope(effective, file.path(), file.language());
        if scope.judges_imports() { file.borrow_imports().len() } else { 0 }
    };
    scan.imports.unwrap_or_else(count)
}

fn scan_imports(
    file: &SourceFile,
    scope: &Scope<'_>,
    around: &Surroundings<'_>,
    keeps: bool,
) -> Result<Scan, TreeError> {
    let mut scan = Scan::default();
    let Some(language) = file.language() else { return Ok(scan) };
    let text = file.text();
    let imports = file.borrow_imports();
    let resolver = language.resolver(file.file(), around);
    let Some(forms) = Forms::of(file, &imports, scope.tells_local()) else { return Ok(scan) };
    let Uses { uses, too_many, harmless } = find_uses(file, language, scope, resolver.as_ref(), &imports, &forms)?;
    scan.imports = Some(imports.len());
    scan.used_too_often = too_many;
    for (number, import) in imports.iter().chain(&uses).enumerate() {
        if harmless.get(number) == Some(&true) {
            continue;
        }
        let written = forms.form(number, import);
        if let Some(judged) = forbidden(scope, resolver.as_ref(), import, written)? {
            let (key, severity) = (judged.key(language), judged.decision.severity);
            let others = other_keys(scope, language, resolver.as_ref(), (import, written), &judged)?;
            let kin = judged.kin(language, import, resolver.star(import).is_some(), others);
            let line = text.line_of(import.span.start);
            let is_of_file = judged.entry().is_some();
            scan.occurrences.push(Occurrence { key, line, severity, at: At::Import(number), is_of_file, kin });
        }
    }
    if let Some(judged) = own_path(file, scope, around)? {
        let (key, severity) = (judged.key(language), judged.decision.severity);
        let is_of_file = judged.entry().is_some();
        scan.occurrences.push(Occurrence { key, line: 1, severity, at: At::OwnPath, is_of_file, kin: Kin::default() });
    }
    if keeps || !scan.occurrences.is_empty() {
        scan.uses = own_imports(uses);
        drop(resolver);
        file.keep_imports(imports);
    }
    Ok(scan)
}

/// Uses of what imports bind, and by paths written out in full.
struct Uses<'t> {
    uses: Vec<Import<'t>>,
    /// Whether there are so many that none is given.
    too_many: bool,
    /// For each import, whether no rule can forbid it.
    harmless: Vec<bool>,
}

/// Finds uses, as far as a rule could forbid them.
fn find_uses<'t>(
    file: &'t SourceFile,
    language: &dyn Language,
    scope: &Scope<'_>,
    resolver: &dyn Resolver,
    imports: &[Import<'t>],
    forms: &Forms<'_>,
) -> Result<Uses<'t>, TreeError> {
    let mut through = Vec::with_capacity(imports.len());
    let mut harmless = Vec::with_capacity(imports.len());
    let mut may_use = false;
    let names = language.notation().names;
    for (number, import) in imports.iter().enumerate() {
        let (mut candidates, star) = meanings(resolver, import)?;
        let written = forms.form(number, import);
        let forbidden =
            with_modules(resolver, import, |is_module| scope.decide(written, &candidates, is_module).is_some())?;
        if star.is_some() {
            candidates.iter_mut().for_each(|path| _ = path.pop());
        }
        let binds = matches!(import.kind, Kind::Import | Kind::TypeOnly | Kind::Dynamic) && !forbidden;
        let prefixes = if binds { resolver.leads(import)?.unwrap_or(candidates) } else { Vec::new() };
        let leads = binds && with_modules(resolver, import, |is_module| scope.leads(&prefixes, names, is_module))?;
        through.push(leads);
        may_use |= leads && star.is_none() && prefixes.iter().any(|path| scope.reaches(path));
        harmless.push(!forbidden && star.is_none());
    }
    if let Some(skim) = language.skim().filter(|_| !may_use)
        && let Some(words) = scope.first_words(skim.is_relative, file.file().text.len())
        && !(skim.may_use)(file.file(), imports, Sought { words, reaches: &|path| scope.reaches(path) })
    {
        return Ok(Uses { uses: Vec::new(), too_many: false, harmless });
    }
    let others = resolver.other_names()?.into_iter().filter(|(_, other)| scope.begins(other));
    let others: HashSet<String> = others.map(|(name, _)| name).collect();
    let error = Cell::new(None);
    let is_full_path = |path: &[&str]| {
        resolver.is_full_path(path).unwrap_or_else(|why| {
            error.set(Some(why));
            false
        })
    };
    // An entry that begins with a star does not tell paths from the names that code is full of.
    let begins = |path: &[&str]| {
        let Some(first) = path.first() else { return false };
        others.contains(*first) || (scope.begins(first) && (scope.writes(first) || is_full_path(path)))
    };
    let uses = language.uses(file.file(), imports, Asked { through: &through, begins: &begins });
    if let Some(error) = error.take() {
        return Err(error);
    }
    let too_many = uses.len() > MAX_IMPORTS;
    Ok(Uses { uses: if too_many { Vec::new() } else { uses }, too_many, harmless })
}

fn scan_lines(file: &SourceFile, scope: &Scope<'_>, scan: &mut Scan) {
    let text = file.text();
    // Line rules see the raw text where the language is unknown, or no rule on code could match.
    let code = match file.language() {
        Some(language) if scope.needs_code(text) => Cow::Owned(language.blank(file.file())),
        _ => Cow::Borrowed(text.bytes()),
    };
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for matched in scope.match_lines(&Text::new(code), text) {
        let count = counts.entry(matched.rule_index).or_default();
        *count += 1;
        scan.too_many_matches |= *count > MAX_MATCHES;
        let LineMatch { rule_index, line, severity, block_from, .. } = matched;
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let at = At::Line(offset(matched.range.start)..offset(matched.range.end), block_from);
        let key = Key::new(rule_index, text.line(line).trim_ascii());
        scan.occurrences.push(Occurrence { key, line, severity, at, is_of_file: false, kin: Kin::default() });
    }
}

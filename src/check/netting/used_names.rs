//! Names that an old file used through what it imported as a whole.

use std::collections::{HashMap, HashSet};

use crate::check::context::Context;
use crate::check::occurrence::{Family, Key, joined};
use crate::check::source_file::SourceFile;
use crate::check::written::Forms;
use crate::check::{forbidden, scan};
use crate::git::ChangedFile;
use crate::kind::Kind;
use crate::lang::{Asked, Import, Language, Surroundings};
use crate::notation::Names;
use crate::tree::TreeError;

/// The keys of names that a file of an old side uses through imports of the modules `wholes`, as if each were imported;
/// `None` where uses are not read in its language.
pub(super) fn used_names(
    context: &Context<'_>,
    side: usize,
    file: &ChangedFile,
    wholes: &HashSet<Family>,
) -> Result<Option<HashSet<Key>>, TreeError> {
    let mut names = HashSet::new();
    let blob = file.old.get(side).flatten();
    let (Some(source), Some(tree)) = (context.file(&file.path, blob)?, context.changes.old_sides.get(side)) else {
        return Ok(Some(names));
    };
    let Some(language) = source.language() else { return Ok(Some(names)) };
    if !language.reads_uses() {
        return Ok(None);
    }
    let scope = scan::scope(context.effective, source.path(), Some(language));
    let around = Surroundings { tree, roots: context.roots };
    let resolver = language.resolver(source.file(), &around);
    let imports = source.imports();
    let Some(forms) = Forms::of(&source, imports, scope.tells_local()) else { return Ok(Some(names)) };
    let mut through = vec![false; imports.len()];
    // Of the modules, the rule and the number of segments.
    let mut lengths: HashSet<(usize, usize)> = HashSet::new();
    for (number, (import, through)) in imports.iter().zip(&mut through).enumerate() {
        if !matches!(import.kind, Kind::Import | Kind::TypeOnly | Kind::Dynamic) {
            continue;
        }
        let written = forms.form(number, import);
        let Some(judged) = forbidden::forbidden(&scope, resolver.as_ref(), import, written)? else { continue };
        let (rule, whole) = (judged.decision.rule_index, judged.whole(language));
        if wholes.contains(&Key::new(rule, joined(language, whole).as_bytes()).family()) {
            *through = true;
            lengths.insert((rule, whole.len()));
        }
    }
    if lengths.is_empty() {
        return Ok(Some(names));
    }
    let mut uses = language.uses(source.file(), imports, Asked { through: &through, begins: &|_| false });
    if language.notation().names == Names::Apart {
        uses.extend(named_as_whole(&source, language, imports, &through));
    }
    for used in uses {
        for path in resolver.resolve(&used)? {
            for &(rule, length) in lengths.iter().filter(|(_, length)| *length < path.len()) {
                let key = |length: usize| Key::new(rule, joined(language, &path[..length]).as_bytes());
                if wholes.contains(&key(length).family()) {
                    names.insert(key(length + 1));
                }
            }
        }
    }
    Ok(Some(names))
}

/// For each default, or module under a local name, that the file uses as it is (`<Button/>`), the import of that name: a
/// module that is imported by names instead calls the same thing so (`import { Button } from "ui"`).
fn named_as_whole(
    source: &SourceFile,
    language: &dyn Language,
    imports: &[Import<'static>],
    through: &[bool],
) -> Vec<Import<'static>> {
    let is_whole = |import: &Import<'_>| matches!(import.name.as_deref(), None | Some("default"));
    let bound = imports.iter().zip(through).filter(|(import, through)| **through && is_whole(import));
    let bound: Vec<(&str, &Import<'static>)> =
        bound.filter_map(|(import, _)| Some((import.alias.as_deref()?, import))).collect();
    if bound.is_empty() {
        return Vec::new();
    }
    let code = language.blank(source.file());
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii();
    let mut words: HashMap<&[u8], usize> = HashMap::new();
    for word in code.split(|byte| !is_part(byte)) {
        *words.entry(word).or_default() += 1;
    }
    // Once it is bound.
    let is_used = |name: &str| words.get(name.as_bytes()).is_some_and(|times| *times > 1);
    let used = bound.into_iter().filter(|(name, _)| is_used(name));
    used.map(|(name, import)| Import { name: Some(name.to_owned().into()), ..import.clone() }).collect()
}

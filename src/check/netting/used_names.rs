//! Names that an old file used through what it imported as a whole.

use std::collections::HashSet;

use crate::check::context::Context;
use crate::check::occurrence::{Family, Key, joined};
use crate::check::written::Forms;
use crate::check::{forbidden, scan};
use crate::git::ChangedFile;
use crate::kind::Kind;
use crate::lang::{Asked, Surroundings};
use crate::tree::TreeError;

/// The keys of names that a file of an old side uses through imports of the modules `wholes`, as if each were imported.
pub(super) fn used_names(
    context: &Context<'_>,
    side: usize,
    file: &ChangedFile,
    wholes: &HashSet<Family>,
) -> Result<HashSet<Key>, TreeError> {
    let mut names = HashSet::new();
    let blob = file.old.get(side).copied().flatten();
    let (Some(source), Some(tree)) = (context.file(&file.path, blob)?, context.changes.old_sides.get(side)) else {
        return Ok(names);
    };
    let Some(language) = source.language() else { return Ok(names) };
    let scope = scan::scope(context.effective, source.path(), Some(language));
    let around = Surroundings { tree, roots: context.roots };
    let resolver = language.resolver(source.file(), &around);
    let imports = source.imports();
    let Some(forms) = Forms::of(&source, imports, scope.tells_local()) else { return Ok(names) };
    let mut through = vec![false; imports.len()];
    // Of the modules, the rule and the number of segments.
    let mut lengths: HashSet<(usize, usize)> = HashSet::new();
    for (number, (import, through)) in imports.iter().zip(&mut through).enumerate() {
        if !matches!(import.kind, Kind::Import | Kind::TypeOnly) {
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
        return Ok(names);
    }
    for used in language.uses(source.file(), imports, Asked { through: &through, begins: &|_| false }) {
        for path in resolver.resolve(&used)? {
            for &(rule, length) in lengths.iter().filter(|(_, length)| *length < path.len()) {
                let key = |length: usize| Key::new(rule, joined(language, &path[..length]).as_bytes());
                if wholes.contains(&key(length).family()) {
                    names.insert(key(length + 1));
                }
            }
        }
    }
    Ok(names)
}

//! Imports whose target the change itself has moved: their new path counts as the old one.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::NewSide;
use super::alike;
use super::modules::{self, FileAt};
use super::moves::Moves;
use crate::check::context::Context;
use crate::check::occurrence::{At, Judged, Key, joined};
use crate::check::written::Forms;
use crate::check::{forbidden, scan};
use crate::git::{Blob, Snapshot};
use crate::lang::{Candidate, Language, Surroundings};
use crate::tree::TreeError;

/// For each old side, keys of paths whose target was moved, and the keys that they had there.
#[derive(Default)]
pub(super) struct Renames(Vec<HashMap<Key, Key>>);

/// Moved modules, by language and new path.
type Modules = HashMap<(&'static str, String), Moved>;

/// A file that was moved, as a module.
struct Moved {
    /// Indices into [`Changes::files`](crate::git::Changes::files): the file that is gone, and what it has become.
    files: (usize, usize),
    /// The old path and the new one.
    was: Candidate<'static>,
    now: Candidate<'static>,
    /// The folders of what lies beneath it, the old one and the new one, if the module was moved, not the file alone;
    /// asked once, where something is imported by its new path.
    folders: OnceCell<Option<[Vec<u8>; 2]>>,
}

impl Renames {
    /// The renames of what the new sides import.
    pub fn of(context: &Context<'_>, moves: &Moves, new_sides: &[NewSide]) -> Result<Self, TreeError> {
        let mut all = Vec::with_capacity(context.changes.old_sides.len());
        for side in 0..context.changes.old_sides.len() {
            let modules = modules(context, moves, side)?;
            all.push(if modules.is_empty() { HashMap::new() } else { renamed(context, side, new_sides, &modules)? });
        }
        Ok(Self(all))
    }

    /// The key that an old side has of what is imported by a path now.
    pub fn old(&self, side: usize, key: &Key) -> Option<&Key> {
        self.0.get(side)?.get(key)
    }

    /// All keys that old sides have.
    pub fn old_keys(&self) -> impl Iterator<Item = &Key> {
        self.0.iter().flat_map(HashMap::values)
    }
}

/// The modules that a side had at another path, which no side has at the new one.
fn modules(context: &Context<'_>, moves: &Moves, side: usize) -> Result<Modules, TreeError> {
    let mut modules = Modules::new();
    for pair in moves.of_side(side).chain(edited(context, moves, side)?) {
        let Some((own, now)) = new_module(context, pair.1)? else { continue };
        let Some((old, was)) = gone_module(context, side, pair.0)? else { continue };
        let name = own.notation().language;
        if old.notation().language != name {
            continue;
        }
        for (now, was) in now.iter().zip(was).filter(|(now, was)| *now != was) {
            let moved = Moved { files: pair, was, now: now.clone(), folders: OnceCell::new() };
            modules.insert((name, joined(own, now)), moved);
        }
    }
    Ok(modules)
}

/// Gone and new files without a pair by name or content that are alike, of those that imports may mean.
fn edited(context: &Context<'_>, moves: &Moves, side: usize) -> Result<Vec<(usize, usize)>, TreeError> {
    let (files, (gone, new)) = (&context.changes.files, moves.unpaired(side));
    let mut of_languages: BTreeMap<&str, [alike::Files; 2]> = BTreeMap::new();
    for &file in new.iter().filter(|_| !gone.is_empty()) {
        if let Some((language, _)) = new_module(context, file)?
            && let Some(source) = context.file(&files[file].path, files[file].new)?
        {
            let [_, new] = of_languages.entry(language.notation().language).or_default();
            new.add(file, &source);
        }
    }
    let gone = if of_languages.is_empty() { &[] } else { gone };
    for &file in gone {
        if let Some((language, _)) = gone_module(context, side, file)?
            && let Some([gone, _]) = of_languages.get_mut(language.notation().language)
            && let Some(source) = context.file(&files[file].path, files[file].old.get(side).copied().flatten())?
        {
            gone.add(file, &source);
        }
    }
    Ok(of_languages.values().flat_map(|[gone, new]| alike::pairs(gone, new)).collect())
}

/// The language and the paths by which others import a file.
type Module = (&'static dyn Language, Vec<Candidate<'static>>);

/// A file as the module that it is now, if no side has it and rules may forbid it.
fn new_module(context: &Context<'_>, file: usize) -> Result<Option<Module>, TreeError> {
    let file = &context.changes.files[file];
    if file.old.iter().any(Option::is_some) {
        return Ok(None);
    }
    module(context, &file.path, file.new, &context.changes.new_side)
}

/// A file as the module that it was at a side, if rules may forbid it.
fn gone_module(context: &Context<'_>, side: usize, file: usize) -> Result<Option<Module>, TreeError> {
    let file = &context.changes.files[file];
    module(context, &file.path, file.old.get(side).copied().flatten(), &context.changes.old_sides[side])
}

fn module(
    context: &Context<'_>,
    path: &[u8],
    blob: Option<Blob>,
    tree: &Snapshot<'_>,
) -> Result<Option<Module>, TreeError> {
    let Some(language) = scan::language_at(context.effective, path) else { return Ok(None) };
    let paths = own_paths(context, language, path, blob, tree)?;
    let scope = context.effective.scope(path, Some(language.notation().language));
    let is_judged = paths.iter().filter_map(|path| path.first()).any(|first| scope.begins(first));
    Ok(is_judged.then_some((language, paths)))
}

fn own_paths(
    context: &Context<'_>,
    language: &dyn Language,
    path: &[u8],
    blob: Option<Blob>,
    tree: &Snapshot<'_>,
) -> Result<Vec<Candidate<'static>>, TreeError> {
    let Some(file) = context.file(path, blob)? else { return Ok(Vec::new()) };
    language.own_paths(file.file(), &Surroundings { tree, roots: context.roots })
}

/// The keys of what new sides import of `modules`, with the keys that these were imported by.
fn renamed(
    context: &Context<'_>,
    side: usize,
    new_sides: &[NewSide],
    modules: &Modules,
) -> Result<HashMap<Key, Key>, TreeError> {
    let (mut renamed, mut seen) = (HashMap::new(), HashSet::new());
    let around = Surroundings { tree: &context.changes.new_side, roots: context.roots };
    for (file, scan) in
        context.changes.files.iter().zip(new_sides).filter_map(|(file, new)| Some((file, new.scan.as_ref()?)))
    {
        if scan.occurrences.iter().all(|found| seen.contains(&found.key)) {
            continue;
        }
        let Some(source) = context.file(&file.path, file.new)? else { continue };
        let Some(language) = source.language() else { continue };
        let scope = scan::scope(context.effective, source.path(), Some(language));
        let resolver = language.resolver(source.file(), &around);
        let Some(forms) = Forms::of(&source, source.imports(), scope.tells_local()) else { continue };
        for found in &scan.occurrences {
            if !seen.insert(found.key) {
                continue;
            }
            let judged = match &found.at {
                At::Import(number) => match scan.import(source.imports(), *number) {
                    Some(import) => {
                        forbidden::forbidden(&scope, resolver.as_ref(), import, forms.form(*number, import))?
                    }
                    None => None,
                },
                At::OwnPath => forbidden::own_path(&source, &scope, &around)?,
                At::Line(..) => None,
            };
            let Some(judged) = judged else { continue };
            renamed.extend(old_key(context, side, language, &judged, modules)?.map(|old| (found.key, old)));
        }
    }
    Ok(renamed)
}

/// The key of what is imported, if it is a moved module or beneath one.
fn old_key(
    context: &Context<'_>,
    side: usize,
    language: &'static dyn Language,
    judged: &Judged<'_, '_>,
    modules: &Modules,
) -> Result<Option<Key>, TreeError> {
    let path = judged.counted();
    let name = language.notation().language;
    for length in (1..=path.len()).rev() {
        let Some(moved) = modules.get(&(name, joined(language, &path[..length]))) else { continue };
        let folders = match moved.folders.get() {
            Some(known) => known,
            None => {
                let known = folders(context, side, language, moved)?;
                moved.folders.get_or_init(|| known)
            }
        };
        let Some([gone, new]) = folders else { continue };
        let beneath = &path[length..];
        // Not moved with the module is what its old path has still, or its new one had before.
        let mut is_apart = modules::has_beneath(&context.changes.new_side, language, gone, beneath)?;
        for old in &context.changes.old_sides {
            is_apart = is_apart || modules::has_beneath(old, language, new, beneath)?;
        }
        if is_apart {
            continue;
        }
        let old: Vec<Cow<'_, str>> = moved.was.iter().chain(&path[length..]).cloned().collect();
        return Ok(Some(Key::new(judged.decision.rule_index, joined(language, &old).as_bytes())));
    }
    Ok(None)
}

/// The folders of what lies beneath a moved module, if the new tree has it nowhere at its old path, and no old one had it
/// at the new path.
fn folders(
    context: &Context<'_>,
    side: usize,
    language: &'static dyn Language,
    moved: &Moved,
) -> Result<Option<[Vec<u8>; 2]>, TreeError> {
    let changes = context.changes;
    let (gone, new) = (&changes.files[moved.files.0], &changes.files[moved.files.1]);
    let blob = gone.old.get(side).copied().flatten();
    let gone = FileAt { path: &gone.path, blob, side: &changes.old_sides[side] };
    let new = FileAt { path: &new.path, blob: new.new, side: &changes.new_side };
    if modules::has(context, language, gone, &moved.was, &changes.new_side)? {
        return Ok(None);
    }
    for old in &changes.old_sides {
        if modules::has(context, language, new, &moved.now, old)? {
            return Ok(None);
        }
    }
    let folder = |file, own| modules::folder_beneath(context, language, file, own);
    Ok(Some([folder(gone, &moved.was)?, folder(new, &moved.now)?]))
}

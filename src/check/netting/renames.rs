//! Imports whose target the change itself has moved: their new path counts as the old one.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::alike;
use super::modules::{self, FileAt};
use super::moves::Moves;
use super::new_sides::NewSide;
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
    /// The renames of what the new sides import. Adds to `moves` the modules that were renamed and edited.
    pub fn of(context: &Context<'_>, moves: &mut Moves, new_sides: &[NewSide]) -> Result<Self, TreeError> {
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
fn modules(context: &Context<'_>, moves: &mut Moves, side: usize) -> Result<Modules, TreeError> {
    let (sure, (gone_files, new_files)) = (moves.of_side(side).collect::<Vec<_>>(), moves.unpaired(side));
    let (mut modules, mut gone, mut new) = (Modules::new(), HashMap::new(), HashMap::new());
    // The usual case, in which no file need be looked at.
    if sure.is_empty() && gone_files.is_empty() {
        return Ok(modules);
    }
    for &file in sure.iter().map(|(_, new)| new).chain(new_files) {
        new.extend(new_module(context, file)?.map(|module| (file, module)));
    }
    for &file in sure.iter().map(|(gone, _)| gone).chain(gone_files).filter(|_| !new.is_empty()) {
        gone.extend(gone_module(context, side, file)?.map(|module| (file, module)));
    }
    let edited = edited(context, side, &gone, gone_files, &new, new_files)?;
    let paths = |module: &Module| module.paths.iter().map(|path| joined(module.language, path)).collect::<Vec<_>>();
    let there: HashSet<String> = new.values().flat_map(paths).collect();
    for &pair in sure.iter().chain(&edited) {
        let (Some(was), Some(now)) = (gone.get(&pair.0), new.get(&pair.1)) else { continue };
        if was.name() != now.name() || paths(was).iter().any(|path| there.contains(path)) {
            continue;
        }
        for (now_path, was) in now.paths.iter().zip(&was.paths).filter(|(now, was)| now != was) {
            let moved = Moved { files: pair, was: was.clone(), now: now_path.clone(), folders: OnceCell::new() };
            // What moved for sure comes first.
            modules.entry((now.name(), joined(now.language, now_path))).or_insert(moved);
        }
    }
    moves.add(side, &edited);
    Ok(modules)
}

/// Pairs of unpaired files that are alike. Where several files are one module, those alike must be half of what it had.
fn edited(
    context: &Context<'_>,
    side: usize,
    gone: &HashMap<usize, Module>,
    gone_files: &[usize],
    new: &HashMap<usize, Module>,
    new_files: &[usize],
) -> Result<Vec<(usize, usize)>, TreeError> {
    let files = &context.changes.files;
    let languages: HashSet<&str> = gone_files.iter().filter_map(|file| gone.get(file)).map(Module::name).collect();
    let mut of_languages: BTreeMap<&str, [alike::Files; 2]> = BTreeMap::new();
    for (place, all, modules) in [(0, gone_files, gone), (1, new_files, new)] {
        let modules = all.iter().filter_map(|file| Some((*file, modules.get(file)?)));
        for (file, module) in modules.filter(|(_, module)| languages.contains(module.name())) {
            let blob = if place == 0 { files[file].old.get(side).flatten() } else { files[file].new };
            if let Some(source) = context.file(&files[file].path, blob)? {
                of_languages.entry(module.name()).or_default()[place].add(file, &source);
            }
        }
    }
    let mut pairs = Vec::new();
    for [gone_files, new_files] in of_languages.values() {
        let bytes: HashMap<usize, usize> = gone_files.code_bytes().collect();
        let mut had: HashMap<&[Candidate<'_>], usize> = HashMap::new();
        for (file, bytes) in &bytes {
            *had.entry(&gone[file].paths).or_default() += bytes;
        }
        let alike = alike::pairs(gone_files, new_files);
        let mut moved: HashMap<[&[Candidate<'_>]; 2], usize> = HashMap::new();
        for (old, now) in &alike {
            *moved.entry([&gone[old].paths, &new[now].paths]).or_default() += bytes[old];
        }
        pairs.extend(
            alike
                .into_iter()
                .filter(|(old, now)| 2 * moved[&[&*gone[old].paths, &*new[now].paths]] >= had[&*gone[old].paths]),
        );
    }
    Ok(pairs)
}

/// A file as a module.
struct Module {
    language: &'static dyn Language,
    /// The paths by which others import it.
    paths: Vec<Candidate<'static>>,
}

impl Module {
    fn name(&self) -> &'static str {
        self.language.notation().language
    }
}

/// A file as the module that it is now, if no side has it and rules may forbid it.
fn new_module(context: &Context<'_>, file: usize) -> Result<Option<Module>, TreeError> {
    let file = &context.changes.files[file];
    if file.old.values().any(Option::is_some) {
        return Ok(None);
    }
    module(context, &file.path, file.new, &context.changes.new_side)
}

/// A file as the module that it was at a side, if rules may forbid it.
fn gone_module(context: &Context<'_>, side: usize, file: usize) -> Result<Option<Module>, TreeError> {
    let file = &context.changes.files[file];
    module(context, &file.path, file.old.get(side).flatten(), &context.changes.old_sides[side])
}

fn module(
    context: &Context<'_>,
    path: &[u8],
    blob: Option<Blob>,
    tree: &Snapshot<'_>,
) -> Result<Option<Module>, TreeError> {
    let language = scan::language_at(context.effective, path).filter(|_| !modules::describes_package(path));
    let Some(language) = language else { return Ok(None) };
    let paths = own_paths(context, language, path, blob, tree)?;
    let scope = context.effective.scope(path, Some(language.notation().language));
    let is_judged = paths.iter().filter_map(|path| path.first()).any(|first| scope.begins(first));
    Ok(is_judged.then_some(Module { language, paths }))
}

fn own_paths(
    context: &Context<'_>,
    language: &dyn Language,
    path: &[u8],
    blob: Option<Blob>,
    tree: &Snapshot<'_>,
) -> Result<Vec<Candidate<'static>>, TreeError> {
    let Some(file) = context.file(path, blob)? else { return Ok(Vec::new()) };
    // It is compared with others, and counted, next.
    context.files.hold([&file]);
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
        let Some((source, scan)) = context.look_again(file)? else { continue };
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
    let blob = gone.old.get(side).flatten();
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

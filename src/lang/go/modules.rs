//! Package folders in a repository, by its module files.
//!
//! Format: Go Modules Reference, "Resolving a package to a module", "replace directive", "Workspaces".

use std::rc::Rc;

use crate::held::held_once;
use crate::lang::Surroundings;
use crate::lang::files::{self, joined};
use crate::tree::{Tree, TreeError};

use super::modfile::ModFile;

/// Module paths and their folders, as seen from one folder. Folders have no trailing slash; the top
/// of the repository is empty.
#[derive(Debug, Default)]
pub(super) struct Modules {
    known: Vec<(String, String)>,
    /// Path and folder of the module that contains the folder.
    own: Option<(String, String)>,
}

/// The modules of a folder.
struct OfFolder(Rc<Modules>);

/// A module file, and its folder.
type Found<'f> = (&'f str, Rc<ModFile>);

/// Maximum number of folders searched upwards for a module file; nobody nests deeper.
const MAX_FOLDERS_ABOVE: usize = 64;

impl Modules {
    /// Reads the module of the nearest `go.mod` up from `folder`, the folders by which it replaces
    /// modules, and those of the nearest workspace; once for all files that share them.
    pub(super) fn around(folder: &[u8], around: &Surroundings<'_>) -> Result<Rc<Self>, TreeError> {
        let tree = around.tree;
        let of_folder = held_once(
            tree,
            folder,
            |_| 0,
            || {
                let folder = String::from_utf8_lossy(folder);
                let (module, work) = (nearest(tree, &folder, "go.mod")?, nearest(tree, &folder, "go.work")?);
                let place = |nearest: &Option<(&str, _)>| nearest.as_ref().map_or("\0", |(place, _)| place).to_owned();
                let key = format!("{}\0{}", place(&module), place(&work));
                Ok(OfFolder(held_once(tree, key.as_bytes(), Self::size, || Self::of(module, work, tree))?))
            },
        )?;
        Ok(Rc::clone(&of_folder.0))
    }

    fn of(module: Option<Found<'_>>, work: Option<Found<'_>>, tree: &dyn Tree) -> Result<Self, TreeError> {
        let mut modules = Self::default();
        if let Some((place, file)) = module {
            if let Some(path) = &file.module {
                modules.own = Some((path.clone(), place.to_owned()));
                modules.known.push((path.clone(), place.to_owned()));
            }
            modules.replace(place, &file.replaced);
        }
        if let Some((place, file)) = work {
            for used in &file.used {
                let Some(folder) = joined(place, used) else { continue };
                let module = read(tree, &folder, "go.mod")?.and_then(|file| file.module.clone());
                modules.known.extend(module.map(|module| (module, folder)));
            }
            modules.replace(place, &file.replaced);
        }
        // The longest path decides; of equal ones, the first.
        modules.known.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        Ok(modules)
    }

    /// Returns the bytes of memory that they take, nearly.
    fn size(&self) -> usize {
        self.known.iter().map(|(path, folder)| path.len() + folder.len() + 2 * size_of::<String>()).sum()
    }

    fn replace(&mut self, place: &str, replaced: &[(String, String)]) {
        let folders = replaced.iter().filter_map(|(path, folder)| Some((path.clone(), joined(place, folder)?)));
        self.known.extend(folders);
    }

    /// Returns the folder of the package that `path` imports, if it is of this repository.
    pub(super) fn folder(&self, path: &str) -> Option<String> {
        self.known.iter().find_map(|(module, folder)| {
            let beneath = path.strip_prefix(module.as_str())?;
            match beneath.strip_prefix('/') {
                None if beneath.is_empty() => Some(folder.clone()),
                None => None,
                Some(beneath) if folder.is_empty() => Some(beneath.to_owned()),
                Some(beneath) => Some(format!("{folder}/{beneath}")),
            }
        })
    }

    /// Returns the path that imports the package in `folder`: by its own module's file, unless a
    /// module known from here is as near to it.
    pub(super) fn path_in(&self, folder: &str, tree: &dyn Tree) -> Result<Option<String>, TreeError> {
        let Some((place, file)) = nearest(tree, folder, "go.mod")? else { return Ok(self.path(folder)) };
        let is_known =
            self.known.iter().any(|(_, known)| known.len() >= place.len() && beneath(folder, known).is_some());
        let Some(module) = file.module.as_ref().filter(|_| !is_known) else { return Ok(self.path(folder)) };
        let rest = beneath(folder, place).unwrap_or_default();
        Ok(Some(if rest.is_empty() { module.clone() } else { format!("{module}/{rest}") }))
    }

    /// Returns the path that imports the package in `folder`, if its module is known; of equally
    /// near modules by its own, which needs no replacing.
    pub(super) fn path(&self, folder: &str) -> Option<String> {
        let known = self.own.iter().chain(&self.known).filter_map(|(path, place)| {
            let beneath = beneath(folder, place)?;
            Some((place.len(), if beneath.is_empty() { path.clone() } else { format!("{path}/{beneath}") }))
        });
        // The innermost module contains the folder.
        known.min_by_key(|(depth, _)| std::cmp::Reverse(*depth)).map(|(_, path)| path)
    }
}

/// Returns the part of `folder` beneath `place`; `None` if it is elsewhere.
fn beneath<'f>(folder: &'f str, place: &str) -> Option<&'f str> {
    if place.is_empty() {
        return Some(folder);
    }
    let rest = folder.strip_prefix(place)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Returns the nearest module file of this name up from `folder`, and its folder.
fn nearest<'f>(tree: &dyn Tree, folder: &'f str, name: &str) -> Result<Option<Found<'f>>, TreeError> {
    let mut here = folder;
    for _ in 0..MAX_FOLDERS_ABOVE {
        if let Some(file) = read(tree, here, name)? {
            return Ok(Some((here, file)));
        }
        if here.is_empty() {
            break;
        }
        here = files::folder(here);
    }
    Ok(None)
}

/// Reads a module file, once.
fn read(tree: &dyn Tree, folder: &str, name: &str) -> Result<Option<Rc<ModFile>>, TreeError> {
    let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let size = |file: &Option<Rc<ModFile>>| file.as_ref().map_or(0, |file| file.size());
    let file = held_once(tree, path.as_bytes(), size, || {
        let text = if tree.is_file(path.as_bytes())? { tree.read(path.as_bytes())? } else { None };
        Ok(text.map(|text| Rc::new(ModFile::read(&text))))
    })?;
    Ok((*file).clone())
}

//! Package folders in a repository, by its module files.
//!
//! Format: Go Modules Reference, "Resolving a package to a module", "replace directive", "Workspaces".

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

/// Maximum number of folders searched upwards for a module file; nobody nests deeper.
const MAX_FOLDERS_ABOVE: usize = 64;

impl Modules {
    /// Reads the module of the nearest `go.mod` up from `folder`, the folders by which it replaces
    /// modules, and those of the nearest workspace.
    pub(super) fn around(folder: &[u8], around: &Surroundings<'_>) -> Result<Self, TreeError> {
        let mut modules = Self::default();
        let folder = String::from_utf8_lossy(folder);
        if let Some((place, file)) = nearest(around.tree, &folder, "go.mod")? {
            if let Some(path) = file.module {
                modules.own = Some((path.clone(), place.clone()));
                modules.known.push((path, place.clone()));
            }
            modules.replace(&place, file.replaced);
        }
        if let Some((place, file)) = nearest(around.tree, &folder, "go.work")? {
            for used in &file.used {
                let Some(folder) = joined(&place, used) else { continue };
                let module = read(around.tree, &folder, "go.mod")?.and_then(|file| file.module);
                modules.known.extend(module.map(|module| (module, folder)));
            }
            modules.replace(&place, file.replaced);
        }
        // The longest path decides; of equal ones, the first.
        modules.known.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        Ok(modules)
    }

    fn replace(&mut self, place: &str, replaced: Vec<(String, String)>) {
        let folders = replaced.into_iter().filter_map(|(path, folder)| Some((path, joined(place, &folder)?)));
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
        let Some(module) = file.module.filter(|_| !is_known) else { return Ok(self.path(folder)) };
        let rest = beneath(folder, &place).unwrap_or_default();
        Ok(Some(if rest.is_empty() { module } else { format!("{module}/{rest}") }))
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
fn nearest(tree: &dyn Tree, folder: &str, name: &str) -> Result<Option<(String, ModFile)>, TreeError> {
    let mut here = folder;
    for _ in 0..MAX_FOLDERS_ABOVE {
        if let Some(file) = read(tree, here, name)? {
            return Ok(Some((here.to_owned(), file)));
        }
        if here.is_empty() {
            break;
        }
        here = files::folder(here);
    }
    Ok(None)
}

fn read(tree: &dyn Tree, folder: &str, name: &str) -> Result<Option<ModFile>, TreeError> {
    let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    if !tree.is_file(path.as_bytes())? {
        return Ok(None);
    }
    Ok(tree.read(path.as_bytes())?.map(|text| ModFile::read(&text)))
}

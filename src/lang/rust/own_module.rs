//! A file's crate, and its module in the crate.
//!
//! Format: the Rust reference, "Module source filenames"; the Cargo book, "Target auto-discovery".

use std::rc::Rc;

use crate::lang::Surroundings;
use crate::tree::{Tree, TreeError, made_once};

use super::manifest::Manifest;

/// A crate's root, as far as the tree shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Root {
    /// Folder of its modules, with a trailing slash.
    pub(super) folder: String,
    /// Its file; empty if unknown.
    pub(super) file: String,
    /// Its name for other crates, or for a rule; `None` if it has none of its own.
    pub(super) name: Option<String>,
}

/// A file's crate, and its module in the crate.
#[derive(Clone, Debug)]
pub(super) struct OwnModule {
    pub(super) root: Root,
    /// Path of its module from the crate's root on.
    pub(super) module: Vec<String>,
    /// Whether paths start at the crate's root, as in the first edition.
    pub(super) first_edition: bool,
    /// Library of its package.
    pub(super) library: Option<Root>,
}

impl OwnModule {
    /// Returns the crate and module of the file at `path`; `None` if no crate is found.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub(super) fn find(path: &[u8], around: &Surroundings<'_>) -> Result<Option<Self>, TreeError> {
        let (tree, path) = (around.tree, String::from_utf8_lossy(path));
        let Some((base, manifest)) = package_of(tree, &path)? else {
            return Ok(bare_root(tree, &path, 0)?.map(|root| Self::of(&path, root, false, None)));
        };
        let first_edition = match &*manifest {
            Manifest { inherited, .. } if inherited.iter().any(|key| key == "edition") => {
                let workspace = workspace_of(tree, base)?;
                workspace.is_some_and(|manifest| manifest.workspace.as_ref().is_some_and(|all| all.first_edition))
            }
            manifest => manifest.first_edition,
        };
        let package = Package { tree, base, manifest: &manifest };
        let library = package.library()?;
        let root = package.root(path.get(base.len()..).unwrap_or_default(), library.as_ref())?;
        let root = match root {
            Some(root) => Some(root),
            None => bare_root(tree, &path, base.len())?,
        };
        Ok(root.map(|root| Self::of(&path, root, first_edition, library)))
    }

    fn of(path: &str, root: Root, first_edition: bool, library: Option<Root>) -> Self {
        let module = if path == root.file { Vec::new() } else { module(path, &root.folder) };
        Self { root, module, first_edition, library }
    }

    /// Returns whether the file is its crate's root.
    pub(super) fn is_root(&self) -> bool {
        self.module.is_empty()
    }
}

/// Returns the module path of a file, by its path below its crate's folder.
fn module(path: &str, folder: &str) -> Vec<String> {
    let below = path.get(folder.len()..).unwrap_or_default();
    let below = below.strip_suffix(".rs").unwrap_or(below);
    let mut segments: Vec<_> = below.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
    segments.pop_if(|last| last == "mod");
    segments
}

/// Returns the folder of a file, with a trailing slash.
fn folder_of(path: &str) -> &str {
    path.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or_default()
}

/// Returns the folders above a file, from its own up to the top.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    const MAX_FOLDERS_ABOVE: usize = 64;
    std::iter::successors(Some(folder_of(path)), |folder| folder.strip_suffix('/').map(folder_of))
        .take(MAX_FOLDERS_ABOVE)
}

/// Returns the nearest package above the file: its folder and manifest.
pub(super) fn package_of<'p>(tree: &dyn Tree, path: &'p str) -> Result<Option<(&'p str, Rc<Manifest>)>, TreeError> {
    for folder in folders(path) {
        if let Some(manifest) = manifest_in(tree, folder)? {
            return Ok(manifest.package.is_some().then_some((folder, manifest)));
        }
    }
    Ok(None)
}

/// Returns the manifest of the workspace of the package in the folder `base`.
pub(super) fn workspace_of(tree: &dyn Tree, base: &str) -> Result<Option<Rc<Manifest>>, TreeError> {
    for folder in folders(base) {
        if let Some(manifest) = manifest_in(tree, folder)?.filter(|manifest| manifest.workspace.is_some()) {
            return Ok(Some(manifest));
        }
    }
    Ok(None)
}

fn manifest_in(tree: &dyn Tree, folder: &str) -> Result<Option<Rc<Manifest>>, TreeError> {
    let file = format!("{folder}Cargo.toml");
    let manifest = made_once(tree, file.as_bytes(), || {
        Ok(tree.read(file.as_bytes())?.map(|text| Rc::new(Manifest::read(&text))))
    })?;
    Ok(manifest.as_ref().clone())
}

/// Returns the root where no manifest names one: the nearest `lib.rs` or `main.rs` above the file,
/// but not above the first `top` bytes of its path.
fn bare_root(tree: &dyn Tree, path: &str, top: usize) -> Result<Option<Root>, TreeError> {
    for folder in folders(path).take_while(|folder| folder.len() >= top) {
        for name in ["lib.rs", "main.rs"] {
            let file = format!("{folder}{name}");
            if path == file || tree.is_file(file.as_bytes())? {
                return Ok(Some(Root { folder: folder.to_owned(), file, name: None }));
            }
        }
    }
    Ok(None)
}

struct Package<'a> {
    tree: &'a dyn Tree,
    base: &'a str,
    manifest: &'a Manifest,
}

impl Package<'_> {
    fn at(&self, folder: &str, file: &str, name: Option<&str>) -> Root {
        let name = name.map(|name| name.replace('-', "_"));
        let full = |path: &str| format!("{}{path}", self.base);
        Root { folder: full(folder), file: if file.is_empty() { String::new() } else { full(file) }, name }
    }

    fn has(&self, file: &str) -> Result<bool, TreeError> {
        self.tree.is_file(format!("{}{file}", self.base).as_bytes())
    }

    fn library(&self) -> Result<Option<Root>, TreeError> {
        let lib = &self.manifest.lib;
        let path = lib.path.as_deref().map_or("src/lib.rs", plain);
        if lib.path.is_none() && !self.has(path)? {
            return Ok(None);
        }
        let name = lib.name.as_deref().or(self.manifest.package.as_deref());
        Ok(Some(self.at(folder_of(path), path, name)))
    }

    /// Returns the root of the crate that contains the file; `file` is relative to the package's
    /// folder.
    fn root(&self, file: &str, library: Option<&Root>) -> Result<Option<Root>, TreeError> {
        // A program named like its library has no path of its own.
        let main_name = self.manifest.package.as_deref().filter(|_| library.is_none());
        let named = || self.manifest.targets.iter().filter_map(|target| Some((target, plain(target.path.as_deref()?))));
        if let Some((target, path)) = named().find(|(_, path)| *path == file) {
            let name = target.name.as_deref().filter(|name| {
                library
                    .and_then(|library| library.name.as_deref())
                    .is_none_or(|library| library != name.replace('-', "_"))
            });
            return Ok(Some(self.at(folder_of(path), path, name)));
        }
        let full = format!("{}{file}", self.base);
        if let Some(library) = library.filter(|library| library.file == full) {
            return Ok(Some(library.clone()));
        }
        if file == self.manifest.build.as_deref().unwrap_or("build.rs") {
            return Ok(Some(self.at(folder_of(file), file, None)));
        }
        if file == "src/main.rs" {
            return Ok(Some(self.at("src/", file, main_name)));
        }
        if let Some(root) = self.discovered(file)? {
            return Ok(Some(root));
        }
        let of_library =
            |folder: &str| library.is_some_and(|library| library.folder == format!("{}{folder}", self.base));
        let holding = named().filter(|(_, path)| {
            let folder = folder_of(path);
            !folder.is_empty() && folder != "src/" && file.starts_with(folder) && !of_library(folder)
        });
        if let Some((target, path)) = holding.max_by_key(|(_, path)| folder_of(path).len()) {
            return Ok(Some(self.at(folder_of(path), path, target.name.as_deref())));
        }
        if let Some(library) = library.filter(|library| full.starts_with(&library.folder)) {
            return Ok(Some(library.clone()));
        }
        Ok(file.starts_with("src/").then(|| self.at("src/", "src/main.rs", main_name)))
    }

    /// Returns the root of the crate that Cargo discovers by the file's place.
    fn discovered(&self, file: &str) -> Result<Option<Root>, TreeError> {
        for folder in ["src/bin/", "tests/", "examples/", "benches/"] {
            let Some(below) = file.strip_prefix(folder) else { continue };
            if folder == "src/bin/" && self.has("src/bin/mod.rs")? {
                // The file belongs to a module named `bin`.
                return Ok(None);
            }
            let Some((name, _)) = below.split_once('/') else {
                return Ok(Some(self.at(folder, file, below.strip_suffix(".rs"))));
            };
            let main = format!("{folder}{name}/main.rs");
            if self.has(&main)? {
                return Ok(Some(self.at(&format!("{folder}{name}/"), &main, Some(name))));
            }
            return Ok(Some(self.at(folder, "", None)));
        }
        Ok(None)
    }
}

/// Returns a path of a manifest without its leading `./`.
fn plain(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

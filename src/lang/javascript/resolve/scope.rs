//! What the manifests around a folder say, made once for all files that share them.
//!
//! Each is made with lookups of its own: what one file may still look up must not decide what others see.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::held::held_once;
use crate::tree::{Tree, TreeError, made_once};

use super::Paths;
use super::lookup::{Lookups, below};
use super::tsconfig::{self, Config};
use super::workspaces::Workspaces;

/// Maximum memory for the paths of specifiers that are kept for other files of a tree, in bytes.
const MAX_KNOWN_BYTES: usize = 4 << 20;

/// What files share that have the same manifests.
pub(super) struct Scope {
    pub(super) configs: Rc<Vec<Config>>,
    /// Folder of the package.
    pub(super) package: Option<Vec<String>>,
    pub(super) workspaces: Workspaces,
    known: RefCell<HashMap<Box<str>, Known>>,
    known_bytes: Rc<KnownBytes>,
}

/// What a specifier means, and what it took to find out.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) paths: Paths,
    /// Number of lookups.
    pub(super) questions: usize,
    /// Size of the paths that aliases yielded, in bytes.
    pub(super) aliased_bytes: usize,
}

/// The manifests that apply in a folder: how many of its segments lead to the folder of each.
#[derive(Clone, Copy, Default)]
struct Nearest {
    config: Option<(usize, &'static str)>,
    package: Option<usize>,
}

/// Memory for the paths of specifiers, of all scopes together.
#[derive(Default)]
struct KnownBytes(Cell<usize>);

/// The scope of a folder.
struct OfFolder(Rc<Scope>);

impl Scope {
    /// Returns the scope of the files in a folder.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub(super) fn of(folder: &[String], tree: &dyn Tree) -> Result<Rc<Self>, TreeError> {
        let of_folder = held_once(
            tree,
            folder.join("/").as_bytes(),
            |_| 0,
            || {
                let Nearest { config, package } = nearest(folder, tree)?;
                let beginning = |length: usize| folder.get(..length).unwrap_or_default();
                let config = config.map(|(length, name)| (beginning(length), name));
                let path = config.map(|(folder, name)| below(&folder.join("/"), name)).unwrap_or_default();
                let package = package.map(beginning);
                let key = format!("{path}\0{}", package.map_or_else(|| "\0".to_owned(), |folder| folder.join("/")));
                let scope = held_once(
                    tree,
                    key.as_bytes(),
                    |_| size_of::<Self>(),
                    || {
                        let configs = held_once(
                            tree,
                            path.as_bytes(),
                            |_| 0,
                            || match config {
                                Some((folder, _)) => tsconfig::at(&path, folder, &Lookups::new(tree)),
                                None => Ok(Vec::new()),
                            },
                        )?;
                        let workspaces = Workspaces::around(package.unwrap_or_default(), &Lookups::new(tree))?;
                        let known_bytes = made_once(tree, b"", || Ok(KnownBytes::default()))?;
                        let package = package.map(<[String]>::to_vec);
                        Ok(Self { configs, package, workspaces, known: RefCell::default(), known_bytes })
                    },
                )?;
                Ok(OfFolder(scope))
            },
        )?;
        Ok(Rc::clone(&of_folder.0))
    }

    /// Returns what a specifier is known to mean.
    pub(super) fn known(&self, specifier: &str) -> Option<Known> {
        self.known.borrow().get(specifier).cloned()
    }

    /// Keeps what a specifier means in every file.
    pub(super) fn keep(&self, specifier: &str, known: Known) {
        let of_path =
            |path: &Vec<String>| path.iter().map(|segment| segment.len() + size_of::<String>()).sum::<usize>();
        let size = specifier.len() + size_of::<Known>() + known.paths.iter().map(of_path).sum::<usize>();
        let KnownBytes(bytes) = &*self.known_bytes;
        if bytes.get() + size <= MAX_KNOWN_BYTES {
            bytes.update(|bytes| bytes + size);
            self.known.borrow_mut().insert(specifier.into(), known);
        }
    }
}

/// Finds the manifests that apply in a folder. From the top on: what holds above is known from other folders.
fn nearest(folder: &[String], tree: &dyn Tree) -> Result<Nearest, TreeError> {
    let mut nearest = Nearest::default();
    for length in 0..=folder.len() {
        let path = folder.get(..length).unwrap_or_default().join("/");
        let above = nearest;
        nearest = *held_once(
            tree,
            path.as_bytes(),
            |_| size_of::<Nearest>(),
            || {
                let lookups = Lookups::new(tree);
                let is_here = |name: &str| lookups.is_file(&below(&path, name));
                let config = match ["tsconfig.json", "jsconfig.json"] {
                    [first, _] if is_here(first)? => Some((length, first)),
                    [_, second] if is_here(second)? => Some((length, second)),
                    _ => above.config,
                };
                let package = is_here("package.json")?.then_some(length);
                Ok(Nearest { config, package: package.or(above.package) })
            },
        )?;
    }
    Ok(nearest)
}

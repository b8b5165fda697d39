//! Import resolution: a specifier becomes a package's path, or one from the repository's top.
//!
//! Sources: Node.js documentation, "Modules"; TypeScript handbook, "Modules - Reference". A
//! specifier may resolve to several paths: an alias to itself as written and to its target, so that
//! a rule may name either.

pub(super) mod builtins;
mod jsonc;
pub(super) mod lookup;
mod package;
mod registry;
mod respell;
mod scope;
pub(super) mod specifier;
#[cfg(test)]
pub(super) mod tests;
mod tsconfig;
mod workspaces;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use crate::kind::Kind;
use crate::lang::files;
use crate::lang::{Candidate, File, Form, Import, Resolver, Surroundings, shortened};
use crate::tree::{Tree, TreeError};

use builtins::is_builtin;
use lookup::Lookups;
use package::{Package, Target};
use scope::{Known, Scope};
use specifier::{Sort, Specifier, in_package, in_repository, joined, of_scheme, package_length, percent_decoded};
use tsconfig::Config;

/// Length up to which any specifier is read, and at which paths are cut off, in bytes.
const MAX_SPECIFIER_BYTES: usize = 4096;
/// Maximum total of longer specifiers read in full per file, in bytes: `./` may repeat endlessly.
const MAX_LONG_BYTES: usize = 1 << 20;
/// Maximum total size of the paths that aliases yield per file, in bytes, as all are kept; beyond
/// it, aliases are ignored.
const MAX_ALIASED_BYTES: usize = 8 << 20;
/// Maximum length of a path, in segments; the rest is cut off, as longer ones name no file.
const MAX_SEGMENTS: usize = 64;

type Paths = Rc<[Vec<String>]>;

/// Resolves the imports of one file.
pub(super) struct FromFile<'a> {
    folder: Vec<String>,
    lookups: Lookups<'a>,
    tree: &'a dyn Tree,
    scope: OnceCell<Rc<Scope>>,
    package: OnceCell<Option<Package>>,
    /// Total length of the long specifiers read so far, in bytes.
    long: Cell<usize>,
    aliased: Cell<usize>,
}

/// Returns the folder of the file at `path`, in segments.
pub(super) fn folder_of(path: &[u8]) -> Vec<String> {
    let segments = files::folder_of(path).split(|&byte| byte == b'/').filter(|segment| !segment.is_empty());
    segments.map(|segment| String::from_utf8_lossy(segment).into_owned()).collect()
}

impl<'a> FromFile<'a> {
    pub(super) fn new(file: File<'a>, around: &'a Surroundings<'a>) -> Self {
        Self::at(folder_of(file.path), around)
    }

    /// Creates a resolver for any file of a folder.
    pub(super) fn at(folder: Vec<String>, around: &'a Surroundings<'a>) -> Self {
        Self {
            folder,
            lookups: Lookups::new(around.tree),
            tree: around.tree,
            scope: OnceCell::new(),
            package: OnceCell::new(),
            long: Cell::new(0),
            aliased: Cell::new(0),
        }
    }

    fn scope(&self) -> Result<&Scope, TreeError> {
        if let Some(scope) = self.scope.get() {
            return Ok(scope);
        }
        let scope = Scope::of(&self.folder, self.tree)?;
        Ok(self.scope.get_or_init(|| scope))
    }

    fn configs(&self) -> Result<&[Config], TreeError> {
        Ok(&self.scope()?.configs)
    }

    fn package(&self) -> Result<Option<&Package>, TreeError> {
        if let Some(package) = self.package.get() {
            return Ok(package.as_ref());
        }
        let package = match &self.scope()?.package {
            Some(folder) => Package::at(folder, &Lookups::new(self.tree))?,
            None => None,
        };
        Ok(self.package.get_or_init(|| package).as_ref())
    }

    /// Returns the part of the specifier that is read.
    fn within_limits<'s>(&self, text: &'s str) -> &'s str {
        if text.len() <= MAX_SPECIFIER_BYTES {
            return text;
        }
        let spent = self.long.get().saturating_add(text.len());
        if spent > MAX_LONG_BYTES {
            return text.get(..text.floor_char_boundary(MAX_SPECIFIER_BYTES)).unwrap_or_default();
        }
        self.long.set(spent);
        text
    }

    fn paths(&self, text: &str) -> Result<Paths, TreeError> {
        let text = self.within_limits(text);
        let specifier = Specifier::cut(text);
        // A relative one means another path in each folder.
        let scope = if specifier.sort == Sort::Relative { None } else { Some(self.scope()?) };
        // It counts as if it were looked up, or else what is beyond a limit would depend on the files before.
        if let Some(known) = scope.and_then(|scope| scope.known(text)) {
            let aliased = self.aliased.get() + known.aliased_bytes;
            if aliased <= MAX_ALIASED_BYTES && self.lookups.repeat(known.questions) {
                self.aliased.set(aliased);
                return Ok(known.paths);
            }
        }
        let before = (self.lookups.asked(), self.aliased.get());
        let mut found = Vec::new();
        let decoded = percent_decoded(&specifier.core);
        self.add(&decoded, specifier.sort, &mut found)?;
        if *decoded != *specifier.core {
            self.add(&specifier.core, specifier.sort, &mut found)?;
        }
        let paths: Paths = found.into();
        // What is beyond a limit of this file is not for others.
        let is_whole = !self.lookups.is_exhausted() && self.aliased.get() <= MAX_ALIASED_BYTES;
        if let Some(scope) = scope.filter(|_| is_whole && text.len() <= MAX_SPECIFIER_BYTES) {
            let (questions, aliased_bytes) = (self.lookups.asked() - before.0, self.aliased.get() - before.1);
            scope.keep(text, Known { paths: Rc::clone(&paths), questions, aliased_bytes });
        }
        Ok(paths)
    }

    fn add(&self, core: &str, sort: Sort, found: &mut Vec<Vec<String>>) -> Result<(), TreeError> {
        match sort {
            Sort::Relative => push(found, joined(&self.folder, core).map(in_repository)),
            Sort::Rooted => {
                self.add_aliases(core, found)?;
                let folder = self.package()?.map_or(&[][..], |package| &package.folder);
                push(found, joined(folder, core).map(in_repository));
            }
            Sort::Internal => {
                let targets = self.package()?.map_or_else(Vec::new, |package| package.internal(core));
                self.add_targets(targets, found)?;
                self.add_aliases(core, found)?;
                push(found, joined(&[], core).map(in_package));
            }
            Sort::Scheme => self.add_scheme(core, found),
            Sort::Bare => {
                self.add_aliases(core, found)?;
                if found.is_empty() {
                    self.add_workspace(core, found)?;
                }
                push(found, joined(&[], core).map(in_package));
            }
        }
        Ok(())
    }

    fn add_aliases(&self, core: &str, found: &mut Vec<Vec<String>>) -> Result<(), TreeError> {
        for config in self.configs()? {
            for path in config.meanings(core, &self.lookups)? {
                if self.aliased.get() > MAX_ALIASED_BYTES {
                    return Ok(());
                }
                let size = path.iter().map(|segment| segment.len() + size_of::<String>());
                self.aliased.set(self.aliased.get() + size.sum::<usize>());
                self.add_module(path, found)?;
            }
        }
        Ok(())
    }

    /// Adds a path; for a folder without an index, also the files that its `package.json` names.
    fn add_module(&self, path: Vec<String>, found: &mut Vec<Vec<String>>) -> Result<(), TreeError> {
        if !path.is_empty() && !self.lookups.is_exhausted() && self.lookups.files(&path, 1)?.is_empty() {
            let package = Package::at(&path, &self.lookups)?;
            for main in package.iter().flat_map(Package::main) {
                if self.lookups.exists(&main)? {
                    push(found, Some(in_repository(main)));
                }
            }
        }
        push(found, Some(in_repository(path)));
        Ok(())
    }

    /// Adds the targets that exist; all of them if none does, as they may be build output.
    fn add_targets(&self, targets: Vec<Target>, found: &mut Vec<Vec<String>>) -> Result<(), TreeError> {
        let (mut there, mut missing) = (Vec::new(), Vec::new());
        for target in targets {
            match target {
                Target::Path(path) if self.lookups.exists(&path)? => there.push(in_repository(path)),
                Target::Path(path) => missing.push(in_repository(path)),
                Target::Package(path) => there.extend(joined(&[], &path).map(in_package)),
            }
        }
        let paths = if there.is_empty() { missing } else { there };
        paths.into_iter().for_each(|path| push(found, Some(path)));
        Ok(())
    }

    /// Adds the paths in a package of this repository: the file's own, or another workspace.
    fn add_workspace(&self, core: &str, found: &mut Vec<Vec<String>>) -> Result<(), TreeError> {
        let Some(segments) = joined(&[], core) else { return Ok(()) };
        let length = package_length(&segments);
        let Some(name) = segments.get(..length).map(|name| name.join("/")) else { return Ok(()) };
        if name.is_empty() || is_builtin(&name) {
            return Ok(());
        }
        let beneath = segments.get(length..).unwrap_or_default().join("/");
        let subpath = if beneath.is_empty() { ".".to_owned() } else { format!("./{beneath}") };
        let own = self.package()?.filter(|package| package.name() == Some(name.as_str()));
        if let Some(targets) = own.and_then(|package| package.exported(&subpath)) {
            return self.add_targets(targets, found);
        }
        let Some(package) = self.scope()?.workspaces.package(&name, &self.lookups)? else { return Ok(()) };
        if let Some(targets) = package.exported(&subpath) {
            return self.add_targets(targets, found);
        }
        match joined(&package.folder, &beneath) {
            Some(path) => self.add_module(path, found),
            None => Ok(()),
        }
    }

    fn add_scheme(&self, core: &str, found: &mut Vec<Vec<String>>) {
        match core.split_once(':') {
            Some(("node", rest)) if is_builtin(rest.split('/').next().unwrap_or_default()) => {
                push(found, joined(&[], rest));
            }
            Some(("data" | "blob", _)) => {}
            Some(("npm" | "jsr", _)) => registry::paths(core).into_iter().for_each(|path| push(found, Some(path))),
            _ => push(found, Some(of_scheme(core))),
        }
    }
}

fn push(found: &mut Vec<Vec<String>>, path: Option<Vec<String>>) {
    if let Some(mut path) = path {
        let mut left = MAX_SPECIFIER_BYTES;
        path.truncate(MAX_SEGMENTS);
        for segment in &mut path {
            segment.truncate(segment.floor_char_boundary(left));
            left -= segment.len();
        }
        path.retain(|segment| !segment.is_empty());
        if !path.is_empty() && !found.contains(&path) {
            found.push(path);
        }
    }
}

impl FromFile<'_> {
    fn candidates<'i>(&self, import: &Import<'_>, name: Option<&str>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let Some(module) = import.module.as_deref() else { return Ok(Vec::new()) };
        let paths = self.paths(module)?;
        let candidate = |path: &Vec<String>| {
            let segments = path.iter().map(|segment| Cow::Owned(segment.clone()));
            segments.chain(name.map(|name| Cow::Owned(format!("#{}", shortened(name))))).collect()
        };
        Ok(paths.iter().map(candidate).collect())
    }
}

/// Returns whether an import binds all names of a module as one: `* as m`.
fn is_namespace(import: &Import<'_>) -> bool {
    let is_statement = matches!(import.kind, Kind::Import | Kind::TypeOnly);
    let is_star = matches!(import.form, Form::Plain | Form::Export);
    is_statement && is_star && import.name.is_none() && import.alias.is_some()
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        self.candidates(import, import.name.as_deref().filter(|&name| name != "*"))
    }

    fn leads<'i>(&self, import: &'i Import<'_>) -> Result<Option<Vec<Candidate<'i>>>, TreeError> {
        (import.name.as_deref() == Some("default")).then(|| self.candidates(import, None)).transpose()
    }

    fn star(&self, import: &Import<'_>) -> Option<&'static str> {
        (import.name.as_deref() == Some("*") || is_namespace(import)).then_some("#*")
    }

    fn star_brings(&self, import: &Import<'_>, segment: &str) -> bool {
        // What is used through a namespace is found; what is exported with it is not.
        let is_told = is_namespace(import) && import.form != Form::Export;
        segment.starts_with('#') && segment != "#default" && !is_told
    }
}

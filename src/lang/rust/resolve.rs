//! Path resolution: from the crate's root for the file's own crate, as written for others.
//!
//! Source: the Rust reference, chapters "Paths" and "Use declarations"; RFC 2126 for the editions.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::kind::Kind;
use crate::lang::paths::counted_by_case;
use crate::lang::{Candidate, File, Import, Resolver, Surroundings, shortened};
use crate::tree::TreeError;

use super::crate_names::{self, CrateNames};
use super::manifest::Manifest;
use super::own_module::{OwnModule, package_of};
use super::scan;
use super::structure::Structure;

/// Maximum number of imports of one name that are followed.
const MAX_ALIKE: usize = 4;
/// Maximum number of imports followed one after another.
const MAX_DEPTH: usize = 2;

/// Resolves the imports of a file. Each look-up is made when the first path needs it.
pub(super) struct FromFile<'a> {
    file: File<'a>,
    around: &'a Surroundings<'a>,
    place: OnceCell<Option<OwnModule>>,
    package: OnceCell<Option<Rc<Manifest>>>,
    names: OnceCell<CrateNames>,
    structure: OnceCell<Structure>,
    locals: OnceCell<Locals<'a>>,
}

/// Imports of the file by the names that they bind.
struct Locals<'a> {
    imports: Vec<Import<'a>>,
    by_name: HashMap<String, Vec<usize>>,
}

impl<'a> FromFile<'a> {
    pub(super) fn new(file: File<'a>, around: &'a Surroundings<'a>) -> Self {
        let (place, package, names) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { file, around, place, package, names, structure: OnceCell::new(), locals: OnceCell::new() }
    }

    fn place(&self) -> Result<Option<&OwnModule>, TreeError> {
        if let Some(place) = self.place.get() {
            return Ok(place.as_ref());
        }
        let place = OwnModule::find(self.file.path, self.around)?;
        Ok(self.place.get_or_init(|| place).as_ref())
    }

    fn package(&self) -> Result<Option<&Manifest>, TreeError> {
        if let Some(package) = self.package.get() {
            return Ok(package.as_deref());
        }
        let path = String::from_utf8_lossy(self.file.path);
        let package = package_of(self.around.tree, &path)?.map(|(_, manifest)| manifest);
        Ok(self.package.get_or_init(|| package).as_deref())
    }

    fn names(&self) -> Result<&CrateNames, TreeError> {
        if let Some(names) = self.names.get() {
            return Ok(names);
        }
        let names = match self.place()? {
            Some(place) => crate_names::of(self.file.path, place, self.around)?,
            None => CrateNames::new(),
        };
        Ok(self.names.get_or_init(|| names))
    }

    fn structure(&self) -> &Structure {
        self.structure.get_or_init(|| Structure::modules(self.file.text))
    }

    fn locals(&self) -> &Locals<'a> {
        self.locals.get_or_init(|| {
            let imports = scan::imports(self.file.text);
            let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
            for (index, import) in imports.iter().enumerate() {
                let Some(local) = local_name(import) else { continue };
                let known = by_name.entry(local.to_owned()).or_default();
                if known.len() < MAX_ALIKE {
                    known.push(index);
                }
            }
            Locals { imports, by_name }
        })
    }

    /// Adds the path in the file's own crate, by `crate` and by the crate's name.
    fn own<'i>(&self, path: &[Cow<'i, str>], found: &mut Vec<Candidate<'i>>) -> Result<(), TreeError> {
        let named = |name: Cow<'i, str>| std::iter::once(name).chain(path.iter().cloned()).collect();
        add(found, named(Cow::Borrowed("crate")));
        if let Some(name) = self.place()?.and_then(|place| place.root.name.clone()) {
            add(found, named(Cow::Owned(name)));
        }
        Ok(())
    }

    /// Adds a path that begins with a crate, as written and by the name that policies have for the crate.
    fn of_crate<'i>(&self, path: &[Cow<'i, str>], found: &mut Vec<Candidate<'i>>) -> Result<(), TreeError> {
        let Some((first, rest)) = path.split_first() else { return Ok(()) };
        add(found, path.to_vec());
        for other in self.names()?.get(&**first).into_iter().flatten() {
            add(found, std::iter::once(Cow::Owned(other.clone())).chain(rest.iter().cloned()).collect());
        }
        Ok(())
    }

    /// Returns the module that contains `offset`, from the crate's root on.
    fn module_at(&self, offset: usize) -> Result<Option<Vec<String>>, TreeError> {
        Ok(self.place()?.map(|place| {
            let within = self.structure().path_at(offset).into_iter().map(str::to_owned);
            place.module.iter().cloned().chain(within).collect()
        }))
    }

    fn candidates<'i>(
        &self,
        import: &'i Import<'_>,
        depth: usize,
        found: &mut Vec<Candidate<'i>>,
    ) -> Result<(), TreeError> {
        let path = segments(import);
        let (offset, follows) = (import.statement.start, import.kind != Kind::Attribute);
        let Some(first) = path.first() else { return Ok(()) };
        match &**first {
            "" => {
                let rest = path.get(1..).unwrap_or_default();
                self.of_crate(rest, found)?;
                if self.place()?.is_some_and(|place| place.first_edition) {
                    self.own(rest, found)?;
                }
            }
            "crate" | "$crate" | "self" | "super" => {
                if let Some(path) = self.absolute(&path, offset)? {
                    self.own(&path, found)?;
                }
            }
            name => {
                let declared = self.structure().declares(name, offset);
                if declared && let Some(module) = self.module_at(offset)? {
                    let module = module.into_iter().map(Cow::Owned);
                    self.own(&module.chain(path.iter().cloned()).collect::<Vec<_>>(), found)?;
                }
                if follows && depth < MAX_DEPTH {
                    self.followed(import, &path, depth, found)?;
                }
                let first_edition = follows && self.place()?.is_some_and(|place| place.first_edition);
                if declared {
                    add(found, path.clone());
                } else {
                    self.of_crate(&path, found)?;
                }
                if first_edition {
                    self.own(&path, found)?;
                }
            }
        }
        Ok(())
    }

    /// Adds the meanings of a path whose first name another import binds in the same module.
    fn followed<'i>(
        &self,
        import: &Import<'_>,
        path: &[Cow<'i, str>],
        depth: usize,
        found: &mut Vec<Candidate<'i>>,
    ) -> Result<(), TreeError> {
        let (Some(name), locals) = (path.first(), self.locals()) else { return Ok(()) };
        let within = |offset| self.structure().holding(offset);
        for &index in locals.by_name.get(&**name).into_iter().flatten() {
            let Some(binding) = locals.imports.get(index) else { continue };
            let (one, other) = (binding.statement.start, import.statement.start);
            if one == other || within(one) != within(other) {
                continue;
            }
            let mut means = Vec::new();
            self.candidates(binding, depth + 1, &mut means)?;
            for base in means {
                let base = base.into_iter().map(|segment| Cow::Owned(segment.into_owned()));
                add(found, base.chain(path.iter().skip(1).cloned()).collect());
            }
        }
        Ok(())
    }

    /// Resolves a path that begins with `crate`, `self` or `super` from the crate's root on; `None`
    /// if it leads above the root, or the module is unknown.
    fn absolute<'i>(&self, path: &[Cow<'i, str>], offset: usize) -> Result<Option<Vec<Cow<'i, str>>>, TreeError> {
        let mut base: Option<Vec<String>> = None;
        let mut at = 0;
        while let Some(segment) = path.get(at) {
            match &**segment {
                "crate" | "$crate" => base = Some(Vec::new()),
                "self" | "super" => {
                    let Some(mut module) = base.map_or_else(|| self.module_at(offset), |base| Ok(Some(base)))? else {
                        return Ok(None);
                    };
                    if segment == "super" && module.pop().is_none() {
                        return Ok(None);
                    }
                    base = Some(module);
                }
                _ => break,
            }
            at += 1;
        }
        let rest = path.get(at..).unwrap_or_default().iter().cloned();
        Ok(Some(base.unwrap_or_default().into_iter().map(Cow::Owned).chain(rest).collect()))
    }
}

fn add<'i>(found: &mut Vec<Candidate<'i>>, path: Candidate<'i>) {
    if !found.contains(&path) {
        found.push(path);
    }
}

/// Returns the segments of a row's path; the first is empty if the path starts with `::`.
fn segments<'i>(import: &'i Import<'_>) -> Candidate<'i> {
    let module = import.module.as_deref().map(|module| shortened(module).trim_end_matches(':'));
    let name = import.name.as_deref().filter(|&name| name != "*").map(shortened);
    module.into_iter().flat_map(|module| module.split("::")).chain(name).map(Cow::Borrowed).collect()
}

/// Returns the name that an import binds; `None` for a star, and if it binds none.
pub(super) fn local_name<'i>(import: &'i Import<'_>) -> Option<&'i str> {
    let own = || match import.name.as_deref() {
        Some(name) => Some(name),
        None => import.module.as_deref()?.rsplit("::").next(),
    };
    import.alias.as_deref().or_else(own).filter(|name| !matches!(*name, "_" | "*" | "" | "self" | "super" | "crate"))
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let mut found = Vec::new();
        self.candidates(import, 0, &mut found)?;
        Ok(found)
    }

    fn other_names(&self) -> Result<Vec<(String, String)>, TreeError> {
        let names = self.names()?.iter();
        let mut names: Vec<_> =
            names.flat_map(|(name, others)| others.iter().map(|other| (name.clone(), other.clone()))).collect();
        if self.place()?.is_some_and(|place| place.first_edition) {
            // `::a` may be a crate or a module of the own one.
            names.push((String::new(), "crate".to_owned()));
            names.extend(self.place()?.and_then(|place| place.root.name.clone()).map(|name| (String::new(), name)));
        }
        Ok(names)
    }

    fn is_full_path(&self, path: &[&str]) -> Result<bool, TreeError> {
        let Some(&first) = path.first() else { return Ok(false) };
        // The prelude's types, enums of other modules and the names of tools begin no path in full.
        if matches!(first, "" | "crate" | "$crate" | "self" | "super" | "std" | "core" | "alloc" | "proc_macro")
            || self.names()?.contains_key(first)
        {
            return Ok(true);
        }
        Ok(self.package()?.is_some_and(|manifest| manifest.dependencies.contains(first)))
    }

    fn counted(&self, _: &Import<'_>, path: &[Cow<'_, str>], matched: usize) -> Result<usize, TreeError> {
        Ok(counted_by_case(path, matched))
    }

    fn is_module(&self, _: &Import<'_>, path: &[Cow<'_, str>], at: usize) -> Result<bool, TreeError> {
        if at + 1 < path.len() {
            return Ok(true);
        }
        let Some(root) = self.place()?.map(|place| &place.root) else { return Ok(false) };
        let is_own = path.first().is_some_and(|first| first == "crate" || Some(&**first) == root.name.as_deref());
        let Some(names) = path.get(1..=at).filter(|_| is_own) else { return Ok(false) };
        let stem = format!("{}{}", root.folder, names.join("/"));
        let tree = self.around.tree;
        Ok(tree.is_file(format!("{stem}.rs").as_bytes())? || tree.is_file(format!("{stem}/mod.rs").as_bytes())?)
    }
}

#[cfg(test)]
mod tests;

//! Import resolution: the path as written, and the folder if the package is of this repository.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use crate::lang::files::{folder_of, in_repository, joined};
use crate::lang::{Candidate, Import, Resolver, Surroundings, shortened};
use crate::tree::TreeError;

use super::modules::Modules;

/// The first segment of a path from the top of the repository.
pub(super) const HERE: &str = ".";

/// Resolves the imports of the file at `path`.
pub(super) struct FromFile<'a> {
    path: &'a [u8],
    around: &'a Surroundings<'a>,
    modules: OnceCell<Rc<Modules>>,
}

impl<'a> FromFile<'a> {
    pub(super) fn new(path: &'a [u8], around: &'a Surroundings<'a>) -> Self {
        Self { path, around, modules: OnceCell::new() }
    }

    fn modules(&self) -> Result<&Modules, TreeError> {
        if let Some(modules) = self.modules.get() {
            return Ok(modules);
        }
        let modules = Modules::around(folder_of(self.path), self.around)?;
        Ok(self.modules.get_or_init(|| modules))
    }
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let Some(module) = import.module.as_deref().map(shortened) else { return Ok(Vec::new()) };
        let name = import.name.as_deref().filter(|&name| name != "*").map(|name| format!("#{}", shortened(name)));
        let named = |mut path: Candidate<'i>| {
            path.extend(name.clone().map(Cow::Owned));
            path
        };
        if module.starts_with("./") || module.starts_with("../") || matches!(module, "." | "..") {
            let folder = joined(&String::from_utf8_lossy(folder_of(self.path)), module);
            return Ok(folder.into_iter().map(|folder| named(in_repository(folder.as_bytes()))).collect());
        }
        let mut candidates = vec![named(module.split('/').map(Cow::Borrowed).collect())];
        if let Some(folder) = self.modules()?.folder(module) {
            candidates.push(named(in_repository(folder.as_bytes())));
        }
        Ok(candidates)
    }

    fn star(&self, import: &Import<'_>) -> Option<&'static str> {
        (import.name.as_deref() == Some("*")).then_some("#*")
    }

    fn star_brings(&self, _import: &Import<'_>, segment: &str) -> bool {
        segment.starts_with('#')
    }
}

/// Returns the paths of the package that contains the file at `path`; none for a test, which cannot
/// be imported.
pub(super) fn own_paths(path: &[u8], around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
    if path.ends_with(b"_test.go") {
        return Ok(Vec::new());
    }
    let folder = folder_of(path);
    let text = String::from_utf8_lossy(folder);
    let vendored = text.rsplit_once("vendor/").filter(|(above, _)| above.is_empty() || above.ends_with('/'));
    let known = match vendored {
        Some((_, beneath)) => Some(beneath.to_owned()),
        None => Modules::around(folder, around)?.path(&text),
    };
    let known = known.map(|path| shortened(&path).split('/').map(|segment| Cow::Owned(segment.to_owned())).collect());
    Ok(known.into_iter().chain([in_repository(text.as_bytes())]).collect())
}

/// Returns the reason why the package `instead` cannot be recommended to the file at `path`: its
/// folder is missing, or is the file's own.
pub(super) fn why_unavailable(
    path: &[u8],
    instead: &[String],
    around: &Surroundings<'_>,
) -> Result<Option<String>, TreeError> {
    let folder = folder_of(path);
    let Some(there) = folder_named(instead, folder, around)? else { return Ok(None) };
    let shown = if there.is_empty() { HERE.to_owned() } else { format!("{HERE}/{there}") };
    Ok(if there.as_bytes() == folder {
        Some(format!("this file is of the package `{shown}` itself"))
    } else if !there.is_empty() && !around.tree.is_folder(there.as_bytes())? {
        Some(format!("`{shown}` does not exist in this tree"))
    } else {
        None
    })
}

/// Returns the folder of the package that a policy's segments name, if it is of this repository.
fn folder_named(segments: &[String], from: &[u8], around: &Surroundings<'_>) -> Result<Option<String>, TreeError> {
    let (package, _) = parts(segments.iter().map(String::as_str));
    match package.as_slice() {
        [HERE, folder @ ..] => Ok(Some(folder.join("/"))),
        path => Ok(Modules::around(from, around)?.folder(&path.join("/"))),
    }
}

/// Returns the package of a policy's path, and the name in it that the path names, if any.
pub(super) fn parts<'s>(segments: impl IntoIterator<Item = &'s str>) -> (Vec<&'s str>, Option<&'s str>) {
    let mut package: Vec<&str> = segments.into_iter().collect();
    let name = package.last().and_then(|last| last.strip_prefix('#'));
    if name.is_some() {
        package.pop();
    }
    (package, name)
}

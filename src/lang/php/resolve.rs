//! Import resolution: fully qualified names, and the files of the repository that a path may refer to.
//!
//! Source: PHP manual, "include". Paths without a folder are looked for in the folders of `include_path`, by convention
//! the top of the project, then in the folder of the file.

use std::borrow::Cow;

use crate::lang::files::in_repository;
use crate::lang::{Candidate, Form, Import, Resolver, Surroundings, shortened};
use crate::tree::TreeError;

/// Resolves the imports of the file at `path`.
pub(super) struct FromFile<'a> {
    path: &'a [u8],
    around: &'a Surroundings<'a>,
}

/// Returns the name of a file without its extension.
pub(super) fn stem(path: &[u8]) -> String {
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let name = String::from_utf8_lossy(name);
    name.split_once('.').map_or(&*name, |(stem, _)| stem).to_owned()
}

/// Returns the folder `up` steps above the file; `None` if that is outside the repository.
pub(super) fn folder(path: &[u8], up: u32) -> Option<Vec<&[u8]>> {
    let mut folder: Vec<&[u8]> = path.split(|&byte| byte == b'/').collect();
    for _ in 0..up {
        folder.pop()?;
    }
    Some(folder)
}

/// Joins a path to a folder; `None` if it leaves the repository.
fn joined<'p>(mut folder: Vec<&'p [u8]>, written: &'p str) -> Option<Vec<u8>> {
    for segment in written.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => {
                folder.pop()?;
            }
            _ => folder.push(segment.as_bytes()),
        }
    }
    (!folder.is_empty()).then(|| folder.join(&b'/'))
}

/// Returns whether an import names a file, not a class or the like.
pub(super) const fn names_file(import: &Import<'_>) -> bool {
    matches!(import.form, Form::Require | Form::Include)
}

impl<'a> FromFile<'a> {
    pub(super) fn new(path: &'a [u8], around: &'a Surroundings<'a>) -> Self {
        Self { path, around }
    }

    fn file(&self, import: &Import<'_>, written: &str) -> Result<Vec<Candidate<'static>>, TreeError> {
        if import.level > 0 {
            // Text that follows a folder without a slash changes the folder's name.
            let path = folder(self.path, import.level).filter(|_| written.starts_with('/'));
            return Ok(path
                .and_then(|folder| joined(folder, written))
                .iter()
                .map(|path| in_repository(path))
                .collect());
        }
        if written.starts_with(['/', '\\']) || written.contains(':') {
            return Ok(Vec::new());
        }
        let mut candidates: Vec<Candidate<'static>> = Vec::new();
        if let Some(path) = folder(self.path, 1).and_then(|folder| joined(folder, written))
            && self.around.tree.is_file(&path)?
        {
            candidates.push(in_repository(&path));
        }
        if let Some(path) = joined(Vec::new(), written) {
            let top = in_repository(&path);
            if !candidates.contains(&top) {
                candidates.push(top);
            }
        }
        Ok(candidates)
    }
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let module = shortened(import.module.as_deref().unwrap_or_default());
        if names_file(import) {
            return self.file(import, module);
        }
        let name = import.name.as_deref().map(shortened);
        let segments = module.split('\\').chain(name.into_iter().flat_map(|name| name.split('\\')));
        Ok(vec![segments.map(Cow::Borrowed).collect()])
    }

    fn is_module(&self, _: &Import<'_>, path: &[Cow<'_, str>], at: usize) -> Result<bool, TreeError> {
        let is_file = path.first().is_some_and(|first| first == ".");
        Ok(is_file || at + 1 < path.len())
    }
}

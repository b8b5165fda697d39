//! Call resolution: a path as in `require`, and the file of the repository that it finds.
//!
//! Source: `Kernel#require` (the load path, here folders named `lib`, and the source roots of the policy),
//! `Kernel#require_relative` (the folder of the file), `Kernel#load` (the load path, then the working directory).

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::lang::files::{folder, joined};
use crate::lang::{Candidate, Form, Import, Resolver, Surroundings, shortened};
use crate::tree::TreeError;

use super::files::{beneath_lib, from_top, stem};

/// Maximum number of folders on the load path.
const MAX_FOLDERS: usize = 4;

/// Resolves the calls of the file at `path`.
pub(super) struct FromFile<'a> {
    path: Cow<'a, str>,
    around: &'a Surroundings<'a>,
    /// Existing folders of the load path; looked up for the first call that needs them.
    folders: OnceCell<Vec<String>>,
}

impl<'a> FromFile<'a> {
    pub(super) fn new(path: &'a [u8], around: &'a Surroundings<'a>) -> Self {
        Self { path: String::from_utf8_lossy(path), around, folders: OnceCell::new() }
    }

    fn folders(&self) -> Result<&[String], TreeError> {
        if let Some(folders) = self.folders.get() {
            return Ok(folders);
        }
        let mut found: Vec<String> = Vec::new();
        let mut above = folder(&self.path);
        loop {
            let lib = if above.is_empty() { "lib".to_owned() } else { format!("{above}/lib") };
            if found.len() < MAX_FOLDERS && self.around.tree.is_folder(lib.as_bytes())? {
                found.push(lib);
            }
            if above.is_empty() {
                break;
            }
            above = folder(above);
        }
        for length in (self.around.roots)(self.path.as_bytes()) {
            let root = self.path.get(..length).unwrap_or_default().trim_end_matches('/').to_owned();
            if !root.is_empty() && found.len() < MAX_FOLDERS && !found.contains(&root) {
                found.push(root);
            }
        }
        Ok(self.folders.get_or_init(|| found))
    }

    /// Adds the files of the repository that a path may refer to by the load path.
    fn files(&self, path: &str, named: &mut Vec<Candidate<'_>>) -> Result<(), TreeError> {
        for folder in self.folders()? {
            let Some(file) = joined(folder, path) else { continue };
            if self.around.tree.is_file(format!("{file}.rb").as_bytes())? {
                named.push(from_top(&file));
            }
        }
        Ok(())
    }
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let written = stem(shortened(import.module.as_deref().unwrap_or_default()));
        let mut found: Vec<Candidate<'i>> = Vec::new();
        let relative = written == "." || written.starts_with("./") || written.starts_with("../");
        if import.level > 0 || relative {
            // Other calls resolve relative paths from the working directory, normally the top.
            let start = if import.level > 0 { folder(&self.path) } else { "" };
            if let Some(file) = joined(start, written) {
                found.push(from_top(&file));
                found.extend(beneath_lib(&file).map(segments));
            }
        } else if !written.starts_with(['/', '~']) && !written.is_empty() {
            found.push(segments(written));
            self.files(written, &mut found)?;
            if import.form == Form::Include && self.around.tree.is_file(format!("{written}.rb").as_bytes())? {
                found.push(from_top(written));
            }
        }
        if let Some(name) = &import.name {
            found.iter_mut().for_each(|path| path.push(Cow::Owned(format!("#{}", shortened(name)))));
        }
        found.retain(|path| !path.is_empty());
        Ok(found)
    }
}

fn segments(path: &str) -> Candidate<'static> {
    let inner = path.split('/').filter(|segment| !matches!(*segment, "" | "."));
    inner.map(|segment| Cow::Owned(segment.to_owned())).collect()
}

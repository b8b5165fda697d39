//! Modules of a tree, which may lie in other files than the one that a change has moved: in another file of a package, in
//! `a/__init__.py` for `a.py`.

use std::borrow::Cow;

use crate::check::context::Context;
use crate::git::{Blob, Snapshot};
use crate::lang::{self, Candidate, File, Language, Surroundings};
use crate::tree::{Tree, TreeError};

/// Names of files, without ending, that stand for their folder.
const OF_FOLDERS: [&str; 3] = ["__init__", "index", "mod"];

/// A file of some side.
#[derive(Clone, Copy)]
pub(super) struct FileAt<'a> {
    pub path: &'a [u8],
    pub blob: Option<Blob>,
}

/// Whether a tree has the module `own`, of which a file is at some side, in whatever file.
pub(super) fn has(
    context: &Context<'_>,
    language: &'static dyn Language,
    file: FileAt<'_>,
    own: &[Cow<'_, str>],
    tree: &Snapshot<'_>,
) -> Result<bool, TreeError> {
    let text = context.file(file.path, file.blob)?;
    let text = text.as_ref().map_or(&[][..], |source| source.file().text);
    let is_of = |path: &[u8]| -> Result<bool, TreeError> {
        let around = Surroundings { tree, roots: context.roots };
        let paths: Vec<Candidate<'_>> = language.own_paths(File { path, text }, &around)?;
        Ok(paths.iter().any(|path| path == own))
    };
    let (folder, stem) = split(file.path);
    let extensions = language.about().extensions;
    // Where all files of a folder are one module, any of them will do.
    let other = extensions.first().map(|ending| [folder, b"another.", ending.as_bytes()].concat());
    if let Some(other) = other
        && is_of(&other)?
    {
        for name in tree.file_names(folder.strip_suffix(b"/").unwrap_or(folder))? {
            let path = [folder, &name].concat();
            let is_same = lang::of_path(&path).is_some_and(|of| of.notation().language == language.notation().language);
            if is_same && is_of(&path)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let base = base(folder, stem);
    let within = OF_FOLDERS.map(|name| [base.as_slice(), b"/", name.as_bytes()].concat());
    for stem in within.iter().chain([&base]) {
        for ending in extensions {
            let path = [stem.as_slice(), b".", ending.as_bytes()].concat();
            if tree.is_file(&path)? && is_of(&path)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a tree has a module `beneath` that of a file with the path `own`, by the names of files and folders.
pub(super) fn has_beneath(
    tree: &Snapshot<'_>,
    language: &'static dyn Language,
    file: &[u8],
    own: &[Cow<'_, str>],
    beneath: &[Cow<'_, str>],
) -> Result<bool, TreeError> {
    let (folder, stem) = split(file);
    let name = folder.strip_suffix(b"/").unwrap_or(folder).rsplit(|&byte| byte == b'/').next();
    // The file is of its folder's module.
    let is_of_folder = own.last().is_some_and(|last| name == Some(last.as_bytes()) && stem != last.as_bytes());
    let mut place =
        if is_of_folder { folder.strip_suffix(b"/").unwrap_or(folder).to_vec() } else { base(folder, stem) };
    for (at, segment) in beneath.iter().enumerate() {
        place.push(b'/');
        place.extend_from_slice(segment.as_bytes());
        for ending in language.about().extensions {
            if tree.is_file(&[place.as_slice(), b".", ending.as_bytes()].concat())? {
                return Ok(true);
            }
        }
        if !tree.is_folder(&place)? {
            return Ok(false);
        }
        if at + 1 == beneath.len() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The folder of a file, with its slash, and its name without the ending.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let start = path.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
    let (folder, name) = path.split_at(start);
    (folder, &name[..name.iter().rposition(|&byte| byte == b'.').unwrap_or(name.len())])
}

/// The path of a module's files without what tells them apart.
fn base(folder: &[u8], stem: &[u8]) -> Vec<u8> {
    if OF_FOLDERS.iter().any(|name| name.as_bytes() == stem) && !folder.is_empty() {
        folder.strip_suffix(b"/").unwrap_or(folder).to_vec()
    } else {
        [folder, stem].concat()
    }
}

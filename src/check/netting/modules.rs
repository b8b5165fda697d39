//! Modules of a tree, which may lie in other files than the one that a change has moved: in another file of a package, in
//! `a/__init__.py` for `a.py`.

use std::borrow::Cow;

use crate::check::context::Context;
use crate::check::source_file::SourceFile;
use crate::git::{Blob, Snapshot};
use crate::lang::{self, Candidate, File, Language, Surroundings};
use crate::tree::{Tree, TreeError};

/// Names of files, without ending, that stand for their folder.
const OF_FOLDERS: [&str; 3] = ["__init__", "index", "mod"];

/// Whether a file says something about its package, of which it holds nothing.
pub(super) fn describes_package(path: &[u8]) -> bool {
    split(path).1 == b"package-info"
}

/// A file of some side.
#[derive(Clone, Copy)]
pub(super) struct FileAt<'a> {
    pub path: &'a [u8],
    pub blob: Option<Blob>,
    pub side: &'a Snapshot<'a>,
}

/// Whether a tree has the module `own`, of which a file is at some side, in whatever file.
pub(super) fn has(
    context: &Context<'_>,
    language: &'static dyn Language,
    file: FileAt<'_>,
    own: &[Cow<'_, str>],
    tree: &Snapshot<'_>,
) -> Result<bool, TreeError> {
    let source = context.file(file.path, file.blob)?;
    let is_of = |path: &[u8]| is_of(context, language, like(source.as_deref(), path), own, tree);
    let (folder, stem) = split(file.path);
    let extensions = language.about().extensions;
    // Where all files of a folder are one module, any of them will do.
    if is_of(&another(language, folder))? {
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

/// The folder in which modules beneath that of a file lie, which has the path `own`.
pub(super) fn folder_beneath(
    context: &Context<'_>,
    language: &'static dyn Language,
    file: FileAt<'_>,
    own: &[Cow<'_, str>],
) -> Result<Vec<u8>, TreeError> {
    let (folder, stem) = split(file.path);
    let (source, other) = (context.file(file.path, file.blob)?, another(language, folder));
    let is_of_folder = is_of(context, language, like(source.as_deref(), &other), own, file.side)?;
    Ok(if is_of_folder { folder.strip_suffix(b"/").unwrap_or(folder).to_vec() } else { base(folder, stem) })
}

/// Whether a tree has a module `beneath` the one that has a folder, by the names of files and folders.
pub(super) fn has_beneath(
    tree: &Snapshot<'_>,
    language: &dyn Language,
    folder: &[u8],
    beneath: &[Cow<'_, str>],
) -> Result<bool, TreeError> {
    let mut place = folder.to_vec();
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

/// Whether a file of a tree has the path `own`.
fn is_of(
    context: &Context<'_>,
    language: &'static dyn Language,
    file: File<'_>,
    own: &[Cow<'_, str>],
    tree: &Snapshot<'_>,
) -> Result<bool, TreeError> {
    let paths: Vec<Candidate<'_>> = language.own_paths(file, &Surroundings { tree, roots: context.roots })?;
    Ok(paths.iter().any(|path| path == own))
}

/// A file of another path with the text of one.
fn like<'a>(source: Option<&'a SourceFile>, path: &'a [u8]) -> File<'a> {
    File { path, text: source.map_or(&[], |source| source.file().text) }
}

/// Another file of a folder, which has the path of one beside it only where a folder's files are one module.
fn another(language: &dyn Language, folder: &[u8]) -> Vec<u8> {
    let ending = language.about().extensions.first().copied().unwrap_or_default();
    [folder, b"another.", ending.as_bytes()].concat()
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

//! Include resolution: the path as written, and the files of the repository that it may refer to.
//!
//! Source: GCC's manual, "Search Path". The tree does not say which folders a build passes to the compiler, so the
//! folders that projects use by convention are tried.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::lang::files::{folder_of, in_repository};
use crate::lang::{Candidate, Form, Import, Resolver, Surroundings, shortened};
use crate::tree::TreeError;

/// Maximum number of folders above a file in which an `include` folder is looked for.
const MAX_FOLDERS_ABOVE: usize = 8;
/// Maximum number of parts of a module name that a rule can distinguish.
const MAX_MODULE_PARTS: usize = 8;

/// Resolves the includes of the file at `path`.
pub(super) struct FromFile<'a> {
    path: &'a [u8],
    around: &'a Surroundings<'a>,
    /// Existing folders in which headers are looked for; computed for the first include that needs them.
    folders: OnceCell<Vec<Vec<u8>>>,
}

/// Returns the segments of a path as written, with `.` and `a/..` removed. Leading `..` segments stay.
fn as_written(path: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    for segment in path.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|&last| last != "..") => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    segments
}

/// Joins a path to a folder; `None` if it leaves the repository.
fn joined(folder: &[u8], written: &[&str]) -> Option<Vec<u8>> {
    let mut path: Vec<&[u8]> = folder.split(|&byte| byte == b'/').filter(|segment| !segment.is_empty()).collect();
    for segment in written {
        match *segment {
            ".." => {
                path.pop()?;
            }
            segment => path.push(segment.as_bytes()),
        }
    }
    (!path.is_empty()).then(|| path.join(&b'/'))
}

impl<'a> FromFile<'a> {
    pub(super) fn new(path: &'a [u8], around: &'a Surroundings<'a>) -> Self {
        Self { path, around, folders: OnceCell::new() }
    }

    fn folders(&self) -> Result<&[Vec<u8>], TreeError> {
        if let Some(folders) = self.folders.get() {
            return Ok(folders);
        }
        let folders = self.look_up()?;
        Ok(self.folders.get_or_init(|| folders))
    }

    /// Returns the folders to search: `include` beside each folder above the file, closest first; the policy's roots;
    /// `src`; the top.
    fn look_up(&self) -> Result<Vec<Vec<u8>>, TreeError> {
        let mut wanted = Vec::new();
        let mut folder = folder_of(self.path);
        for _ in 0..MAX_FOLDERS_ABOVE {
            wanted.push(if folder.is_empty() { b"include".to_vec() } else { [folder, b"/include"].concat() });
            if folder.is_empty() {
                break;
            }
            folder = folder_of(folder);
        }
        wanted.push(b"include".to_vec());
        let roots = (self.around.roots)(self.path).into_iter();
        let roots = roots.filter_map(|length| self.path.get(..length));
        wanted.extend(roots.map(|root| root.strip_suffix(b"/").unwrap_or(root).to_vec()));
        wanted.extend([b"src".to_vec(), Vec::new()]);
        let mut folders: Vec<Vec<u8>> = Vec::new();
        for folder in wanted {
            if !folders.contains(&folder) && (folder.is_empty() || self.around.tree.is_folder(&folder)?) {
                folders.push(folder);
            }
        }
        Ok(folders)
    }

    fn header<'i>(&self, import: &'i Import<'_>, module: &'i str) -> Result<Vec<Candidate<'i>>, TreeError> {
        let written = as_written(module);
        let mut candidates = Vec::new();
        let mut own = false;
        if import.level > 0
            && let Some(path) = joined(folder_of(self.path), &written)
        {
            // An explicitly relative path names its target whether or not the file exists.
            let stepped = matches!(module.split(['/', '\\']).next(), Some("." | ".."));
            own = self.around.tree.is_file(&path)?;
            if own || stepped {
                candidates.push(in_repository(&path));
            }
        }
        if !own && !module.starts_with(['/', '\\']) {
            for folder in self.folders()? {
                let Some(path) = joined(folder, &written) else { continue };
                let candidate = in_repository(&path);
                if !candidates.contains(&candidate) && self.around.tree.is_file(&path)? {
                    candidates.push(candidate);
                }
            }
        }
        if !written.is_empty() {
            candidates.push(written.into_iter().map(Cow::Borrowed).collect());
        }
        Ok(candidates)
    }
}

/// Returns a module name as a whole, then split at each of its separators, last first, so that a rule for `a` covers
/// `a.b`.
fn module_paths(name: &str) -> Vec<Candidate<'_>> {
    let signs = name.match_indices(['.', ':']).map(|(at, _)| at).filter(|&at| at > 0).take(MAX_MODULE_PARTS);
    let signs: Vec<usize> = signs.collect();
    let cut = |from: usize| {
        let mut starts = vec![0];
        starts.extend(signs.iter().skip(from));
        let ends = starts.iter().skip(1).copied().chain([name.len()]);
        starts.iter().zip(ends).filter_map(|(&start, end)| name.get(start..end)).map(Cow::Borrowed).collect()
    };
    (0..=signs.len()).rev().map(cut).collect()
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let module = shortened(import.module.as_deref().unwrap_or_default());
        if import.form == Form::Include { self.header(import, module) } else { Ok(module_paths(module)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::tree::Tree;

    struct Files(&'static [&'static str]);

    impl Tree for Files {
        fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
            Ok(self.0.iter().any(|file| file.as_bytes() == path))
        }
        fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError> {
            let folder = [path, b"/"].concat();
            Ok(self.0.iter().any(|file| file.as_bytes().starts_with(&folder)))
        }
        fn read(&self, _: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
            Err("unreadable".into())
        }
    }

    fn resolved(files: &'static [&'static str], path: &str, header: &str, roots: &[usize]) -> Vec<String> {
        let (level, module) = header.strip_prefix('"').map_or((0, header), |module| (1, module));
        let module = Some(Cow::Borrowed(module).into());
        let (form, kind) = (Form::Include, Kind::Import);
        let import = Import { kind, form, module, name: None, alias: None, level, statement: 0..0, span: 0..0 };
        let around = Surroundings { tree: &Files(files), roots: &|_| roots.to_vec() };
        let resolver = FromFile::new(path.as_bytes(), &around);
        let candidates = resolver.resolve(&import).unwrap();
        candidates.iter().map(|candidate| candidate.join("/")).collect()
    }

    #[test]
    fn headers_are_looked_for_where_compilers_would() {
        let files = &["a/x.h", "a/include/y.h", "include/y.h", "include/p/z.h", "src/w.h", "r/s/v.h", "top.h"];
        for (header, paths) in [
            ("\"x.h", &["./a/x.h", "x.h"][..]),
            ("x.h", &["x.h"]),
            ("y.h", &["./a/include/y.h", "./include/y.h", "y.h"]),
            ("\"./y.h", &["./a/b/y.h", "./a/include/y.h", "./include/y.h", "y.h"]),
            ("p/../p/./z.h", &["./include/p/z.h", "p/z.h"]),
            ("\"..\\x.h", &["./x.h", "./a/x.h", "../x.h"]),
            ("\"../../../x.h", &["../../../x.h"]),
            ("w.h", &["./src/w.h", "w.h"]),
            ("/top.h", &["top.h"]),
            ("\"top.h", &["./top.h", "top.h"]),
            ("v.h", &["v.h"]),
        ] {
            let path = if header == "\"x.h" || header.contains("..\\") { "a/i.c" } else { "a/b/i.c" };
            assert_eq!(resolved(files, path, header, &[0]), paths, "{header}");
        }
        assert_eq!(resolved(files, "r/s/t/i.c", "v.h", &[0, 4]), ["./r/s/v.h", "v.h"]);
    }

    #[test]
    fn a_module_is_beneath_its_parents() {
        let paths: Vec<String> = module_paths("a.b:c").iter().map(|path| path.join("|")).collect();
        assert_eq!(paths, ["a.b:c", "a.b|:c", "a|.b|:c"]);
        assert_eq!(module_paths(":c"), [vec![":c"]]);
    }
}

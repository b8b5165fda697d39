//! Import resolution: the absolute paths of an import's module and name.
//!
//! Source: Python language reference, 5.7 "Package Relative Imports"; PEP 328.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::kind::Kind;
use crate::lang::{Candidate, Import, Resolver, Surroundings, shortened};
use crate::tree::TreeError;

use super::availability::module_depth;
use super::bytes::{identifier, is_identifier};

/// Resolves the imports of the file at `path`.
pub(super) struct FromFile<'a> {
    path: &'a [u8],
    around: &'a Surroundings<'a>,
    /// Packages that the file may be in; looked up for the first relative import.
    packages: OnceCell<Vec<Vec<Cow<'a, str>>>>,
}

impl<'a> FromFile<'a> {
    pub(super) fn new(path: &'a [u8], around: &'a Surroundings<'a>) -> Self {
        Self { path, around, packages: OnceCell::new() }
    }

    fn packages(&self) -> Result<&[Vec<Cow<'a, str>>], TreeError> {
        if let Some(packages) = self.packages.get() {
            return Ok(packages);
        }
        let packages = self.look_up()?;
        Ok(self.packages.get_or_init(|| packages))
    }

    /// Returns the paths of the file itself, as its importers write them.
    pub(super) fn own_paths(&self) -> Result<Vec<Candidate<'static>>, TreeError> {
        let start = self.path.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
        let Some(stem) = stem(self.path.get(start..).unwrap_or_default()) else { return Ok(Vec::new()) };
        let owned = |segment: &Cow<'_, str>| Cow::Owned(segment.clone().into_owned());
        let mut paths: Vec<Candidate<'static>> =
            self.packages()?.iter().map(|package| package.iter().map(owned).collect()).collect();
        // A file directly beneath a root has no package.
        if (self.around.roots)(self.path).contains(&start.saturating_sub(1)) {
            paths.push(Vec::new());
        }
        for path in &mut paths {
            path.extend((stem != "__init__").then(|| Cow::Owned(stem.clone())));
        }
        paths.retain(|path| !path.is_empty());
        Ok(paths)
    }

    /// Looks up the packages. The file does not say where they start: at the topmost folder with an
    /// `__init__.py`, and at each root that holds the file.
    fn look_up(&self) -> Result<Vec<Vec<Cow<'a, str>>>, TreeError> {
        let Some(folder) = self.path.iter().rposition(|&byte| byte == b'/').map(|slash| &self.path[..slash]) else {
            return Ok(Vec::new());
        };
        let mut starts = vec![self.top_of(folder)?];
        starts.extend((self.around.roots)(self.path));
        let mut packages = Vec::new();
        for start in starts {
            let package: Vec<_> = folder
                .get(start..)
                .unwrap_or_default()
                .split(|&byte| byte == b'/')
                .filter(|segment| !segment.is_empty())
                .map(identifier)
                .collect();
            if !package.is_empty() && !packages.contains(&package) {
                packages.push(package);
            }
        }
        Ok(packages)
    }

    /// Returns the offset in `folder` of the topmost package, going up while each folder is one.
    fn top_of(&self, folder: &[u8]) -> Result<usize, TreeError> {
        let mut start = folder.len();
        let mut end = folder.len();
        while end > 0 && self.is_package(&folder[..end])? {
            let slash = folder[..end].iter().rposition(|&byte| byte == b'/');
            start = slash.map_or(0, |slash| slash + 1);
            end = slash.unwrap_or(0);
        }
        Ok(start)
    }

    fn is_package(&self, folder: &[u8]) -> Result<bool, TreeError> {
        for name in [&b"/__init__.py"[..], b"/__init__.pyi"] {
            if self.around.tree.is_file(&[folder, name].concat())? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Returns the module name of a file of this name; `None` if no import can name it.
fn stem(name: &[u8]) -> Option<String> {
    let endings = [&b".py"[..], b".pyi", b".pyw"];
    let stem = identifier(endings.iter().find_map(|ending| name.strip_suffix(*ending))?).into_owned();
    is_identifier(&stem).then_some(stem)
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let module = import.module.as_deref().into_iter().flat_map(|module| shortened(module).split('.'));
        let name = import.name.as_deref().filter(|&name| name != "*").map(shortened);
        let path: Candidate<'i> = module.chain(name).map(Cow::Borrowed).collect();
        if import.level == 0 {
            return Ok(if path.is_empty() { Vec::new() } else { vec![path] });
        }
        let mut candidates: Vec<Candidate<'i>> = Vec::new();
        for package in self.packages()? {
            // One dot is the package itself; more dots than it has segments lead nowhere.
            let Some(length) = (package.len() + 1).checked_sub(import.level as usize).filter(|&length| length > 0)
            else {
                continue;
            };
            let base = package[..length].iter().map(|segment| Cow::Owned(segment.to_string()));
            let candidate: Candidate<'i> = base.chain(path.iter().cloned()).collect();
            if !candidates.contains(&candidate) {
                candidates.push(candidate);
            }
        }
        Ok(candidates)
    }

    fn is_module(&self, import: &Import<'_>, path: &[Cow<'_, str>], at: usize) -> Result<bool, TreeError> {
        let is_known = match import.kind {
            // All but the name after `import` are modules.
            Kind::Import | Kind::TypeOnly | Kind::Dynamic => at + usize::from(import.name.is_some()) < path.len(),
            // The target of a test double: classes have capitals.
            Kind::String => at + 1 < path.len() && path.get(at).is_some_and(|name| !name.contains(char::is_uppercase)),
            _ => false,
        };
        let Some(dotted) = path.get(..=at).filter(|_| !is_known) else { return Ok(is_known) };
        let dotted: Vec<&str> = dotted.iter().map(AsRef::as_ref).collect();
        Ok(module_depth(self.path, &dotted, self.around)? == Some(dotted.len()))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::lang::Form;
    use crate::tree::Tree;

    struct Files(&'static [&'static str], Cell<usize>);

    impl Tree for Files {
        fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
            self.1.set(self.1.get() + 1);
            Ok(self.0.iter().any(|file| file.as_bytes() == path))
        }
        fn is_folder(&self, _: &[u8]) -> Result<bool, TreeError> {
            Ok(false)
        }
        fn read(&self, _: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
            Err("unreadable".into())
        }
    }

    fn import(level: u32, module: Option<&'static str>, name: Option<&'static str>) -> Import<'static> {
        let text = |text: Option<&'static str>| text.map(Cow::Borrowed);
        let (module, name) = (text(module).map(Into::into), text(name));
        Import { kind: Kind::Import, form: Form::Plain, module, name, alias: None, level, statement: 0..0, span: 0..0 }
    }

    fn resolved(files: &'static [&'static str], path: &str, roots: &[usize], import: &Import<'_>) -> Vec<String> {
        let tree = Files(files, Cell::new(0));
        let around = Surroundings { tree: &tree, roots: &|_| roots.to_vec() };
        let resolver = FromFile::new(path.as_bytes(), &around);
        let candidates = resolver.resolve(import).unwrap();
        candidates.iter().map(|candidate| candidate.join(".")).collect()
    }

    #[test]
    fn relative_imports_start_at_the_package() {
        let files = &["s/a/__init__.py", "s/a/b/__init__.pyi"];
        let m = import(1, Some("m"), Some("n"));
        assert_eq!(resolved(files, "s/a/b/x.py", &[], &m), ["a.b.m.n"]);
        assert_eq!(resolved(files, "s/a/b/__init__.py", &[], &m), ["a.b.m.n"]);
        assert_eq!(resolved(files, "s/a/b/x.py", &[0, 2], &m), ["a.b.m.n", "s.a.b.m.n"]);
        assert_eq!(resolved(files, "s/a/b/x.py", &[0], &import(2, None, Some("c"))), ["a.c", "s.a.c"]);
        assert_eq!(resolved(files, "s/a/b/x.py", &[], &import(3, None, Some("c"))), [""; 0]);
        assert_eq!(resolved(files, "s/a/b/x.py", &[0], &import(3, None, Some("*"))), ["s"]);
        assert_eq!(resolved(files, "s/a/b/x.py", &[0], &import(u32::MAX, None, None)), [""; 0]);
        assert_eq!(resolved(files, "s/x/y.py", &[], &m), [""; 0]);
        assert_eq!(resolved(files, "x.py", &[0], &m), [""; 0]);
    }

    #[test]
    fn a_file_is_what_its_importers_write() {
        for (path, roots, expected) in [
            ("s/a/b/x.py", &[][..], &["a.b.x"][..]),
            ("s/a/b/x.py", &[0, 1], &["a.b.x", "s.a.b.x"]),
            ("s/a/b/x.pyi", &[], &["a.b.x"]),
            ("s/a/b/__init__.py", &[], &["a.b"]),
            ("s/a/b/__main__.py", &[], &["a.b.__main__"]),
            ("s/a/b/x-y.py", &[0], &[]),
            ("s/a/b/x.cpython.py", &[0], &[]),
            ("s/a/b/x.ipynb", &[0], &[]),
            ("x.py", &[0], &["x"]),
            ("s/x.py", &[0, 1], &["s.x", "x"]),
            ("t/x.py", &[], &[]),
            ("s/__init__.py", &[1], &[]),
        ] {
            let tree = Files(&["s/a/__init__.py", "s/a/b/__init__.py"], Cell::new(0));
            let around = Surroundings { tree: &tree, roots: &|_| roots.to_vec() };
            let paths = FromFile::new(path.as_bytes(), &around).own_paths().unwrap();
            assert_eq!(paths.iter().map(|path| path.join(".")).collect::<Vec<_>>(), expected, "{path}");
        }
    }

    #[test]
    fn absolute_imports_are_as_written_and_look_nothing_up() {
        let tree = Files(&[], Cell::new(0));
        let around = Surroundings { tree: &tree, roots: &|_| vec![0] };
        let resolver = FromFile::new(b"a/b/c.py", &around);
        for (import, path) in [
            (import(0, Some("a.b"), Some("n")), "a.b.n"),
            (import(0, Some("a.b"), Some("*")), "a.b"),
            (import(0, Some("a.b"), None), "a.b"),
        ] {
            assert_eq!(resolver.resolve(&import).unwrap(), [path.split('.').map(Cow::Borrowed).collect::<Vec<_>>()]);
        }
        assert_eq!(tree.1.get(), 0);
        for _ in 0..3 {
            resolver.resolve(&import(1, None, Some("n"))).unwrap();
        }
        assert_eq!(tree.1.get(), 2, "looked up once");
    }
}

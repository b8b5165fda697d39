//! Files and their URIs. A file belongs to the package of the nearest `pubspec.yaml`.
//!
//! Source: Dart, "Package layout conventions" (`package:name/x.dart` is `lib/x.dart`), "The pubspec file".

use std::borrow::Cow;

use crate::lang::files::{folder, in_repository, joined};
use crate::lang::{Candidate, Surroundings};
use crate::tree::{Tree, TreeError, made_once};

/// Maximum number of folders above a file that are searched for its package.
const MAX_FOLDERS_ABOVE: usize = 32;

/// A package: its folder, without a trailing slash, and its name.
#[derive(Clone)]
pub(super) struct Package {
    pub(super) folder: String,
    pub(super) name: String,
}

/// The package name in a `pubspec.yaml`, if it has one.
struct Pubspec(Option<String>);

/// Returns the package of the file at `path`.
pub(super) fn package(path: &str, tree: &dyn Tree) -> Result<Option<Package>, TreeError> {
    let mut above = folder(path);
    for _ in 0..MAX_FOLDERS_ABOVE {
        let pubspec = if above.is_empty() { "pubspec.yaml".to_owned() } else { format!("{above}/pubspec.yaml") };
        let made = made_once(tree, pubspec.as_bytes(), || {
            let text = tree.read(pubspec.as_bytes())?;
            Ok(Pubspec(text.and_then(|text| name(&String::from_utf8_lossy(&text)))))
        })?;
        if let Some(name) = &made.0 {
            return Ok(Some(Package { folder: above.to_owned(), name: name.clone() }));
        }
        if above.is_empty() {
            break;
        }
        above = folder(above);
    }
    Ok(None)
}

/// Returns the name in a `pubspec.yaml`: a plain or quoted scalar at the top level, its key plain or quoted.
fn name(text: &str) -> Option<String> {
    let lines = text.trim_start_matches('\u{feff}').lines();
    let keys = lines.filter_map(|line| line.split_once(':'));
    let (_, value) = keys.into_iter().find(|(key, _)| matches!(key.trim_end(), "name" | "\"name\"" | "'name'"))?;
    let value = value.split('#').next()?.trim().trim_matches(['"', '\'']);
    let plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    (!value.is_empty() && value.chars().all(plain)).then(|| value.to_owned())
}

impl Package {
    /// Returns the file that a URI `package:name/rest` refers to.
    pub(super) fn file(&self, rest: &str) -> Option<String> {
        joined(&format!("{}/lib", self.folder), rest)
    }

    /// Returns the URI of a file under `lib`.
    pub(super) fn uri(&self, file: &str) -> Option<String> {
        let inner = if self.folder.is_empty() { file } else { file.strip_prefix(&self.folder)?.strip_prefix('/')? };
        Some(format!("package:{}/{}", self.name, inner.strip_prefix("lib/")?))
    }
}

/// Returns the segments of a URI.
pub(super) fn segments(path: &str) -> Candidate<'static> {
    path.split('/').filter(|segment| !segment.is_empty()).map(|segment| Cow::Owned(segment.to_owned())).collect()
}

/// Returns the paths by which other files import this one.
pub(super) fn names_of(path: &str, around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
    let mut names = vec![in_repository(path.as_bytes())];
    if let Some(uri) = package(path, around.tree)?.and_then(|package| package.uri(path)) {
        names.push(segments(&uri));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pubspec_names_its_package() {
        assert_eq!(name("description: a\nname: acme_ui # b\nversion: 1\n").as_deref(), Some("acme_ui"));
        assert_eq!(name("name: \"acme\"\r\n").as_deref(), Some("acme"));
        assert_eq!(name("  name: acme\n"), None);
        assert_eq!(name("name: a/b\n"), None);
        assert_eq!(name("\"name\": acme\n").as_deref(), Some("acme"));
        assert_eq!(name("'name' : 'acme'\n").as_deref(), Some("acme"));
        assert_eq!(name("\u{feff}name: acme\n").as_deref(), Some("acme"));
        assert_eq!(name("\u{feff}# a: b\n---\r\nname: acme\r\n").as_deref(), Some("acme"));
        assert_eq!(name("names: a\n \"name\": b\n\"name: c\n"), None);
    }

    #[test]
    fn files_of_a_package_have_a_uri() {
        let package = Package { folder: "packages/a".to_owned(), name: "acme".to_owned() };
        assert_eq!(package.uri("packages/a/lib/src/x.dart").as_deref(), Some("package:acme/src/x.dart"));
        assert_eq!(package.uri("packages/a/test/x.dart"), None);
        assert_eq!(package.uri("packages/ab/lib/x.dart"), None);
        assert_eq!(package.file("src/x.dart").as_deref(), Some("packages/a/lib/src/x.dart"));
        assert_eq!(package.file("../../../../x.dart"), None);
    }
}

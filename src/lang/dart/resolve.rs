//! URI resolution: the URI as written, and the file of the repository that it refers to.
//!
//! Source: Dart language specification, "URIs"; RFC 3986, chapter 5, as far as it concerns files.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::lang::files::{folder, in_repository, joined};
use crate::lang::{Candidate, File, Import, Resolver, Surroundings, shortened};
use crate::tree::TreeError;

use super::files::{Package, package, segments};

/// Resolves the directives of a file.
pub(super) struct FromFile<'a> {
    path: Cow<'a, str>,
    text: &'a [u8],
    around: &'a Surroundings<'a>,
    /// The package of the file; looked up for the first directive that needs it.
    package: OnceCell<Option<Package>>,
}

impl<'a> FromFile<'a> {
    pub(super) fn new(file: File<'a>, around: &'a Surroundings<'a>) -> Self {
        Self { path: String::from_utf8_lossy(file.path), text: file.text, around, package: OnceCell::new() }
    }

    fn package(&self) -> Result<Option<&Package>, TreeError> {
        if let Some(package) = self.package.get() {
            return Ok(package.as_ref());
        }
        let package = package(&self.path, self.around.tree)?;
        Ok(self.package.get_or_init(|| package).as_ref())
    }
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let uri = unescaped(shortened(import.module.as_deref().unwrap_or_default()));
        let mut found: Vec<Candidate<'i>> = Vec::new();
        match uri.split_once(':') {
            Some((scheme, rest)) if !scheme.contains('/') => {
                // RFC 3986, 6.2.2: schemes are case-insensitive, and dot segments are removed.
                let scheme = scheme.to_ascii_lowercase();
                let rest = joined("", rest).filter(|_| scheme == "package").unwrap_or_else(|| rest.to_owned());
                found.push(segments(&format!("{scheme}:{rest}")));
                let own = |package: &Package| {
                    let inner = rest.strip_prefix(package.name.as_str())?.strip_prefix('/')?;
                    package.file(inner).filter(|_| scheme == "package")
                };
                found.extend(self.package()?.and_then(own).map(|file| in_repository(file.as_bytes())));
            }
            _ if uri.starts_with('/') || uri.is_empty() => {}
            _ => {
                if let Some(file) = joined(folder(&self.path), &uri) {
                    let own = self.package()?.and_then(|package| package.uri(&file));
                    found.push(in_repository(file.as_bytes()));
                    found.extend(own.map(|uri| segments(&uri)));
                }
            }
        }
        if let Some(name) = import.name.as_deref().filter(|&name| name != "*") {
            found.iter_mut().for_each(|path| path.push(Cow::Owned(format!("#{}", shortened(name)))));
        }
        found.retain(|path| !path.is_empty());
        Ok(found)
    }

    fn star(&self, import: &Import<'_>) -> Option<&'static str> {
        let has_prefix = import.name.is_none() && import.alias.is_some();
        (import.name.as_deref() == Some("*") || has_prefix).then_some("#*")
    }

    fn star_brings(&self, import: &Import<'_>, segment: &str) -> bool {
        let statement = self.text.get(import.statement.clone()).unwrap_or_default();
        let is_star = import.name.is_some();
        is_star && segment.strip_prefix('#').is_some_and(|name| !hides(statement, name))
    }
}

/// Returns whether a directive hides a name: `hide A, B`. A list with a comment counts as hiding nothing.
fn hides(statement: &[u8], name: &str) -> bool {
    // The URI itself may contain the word.
    let start = statement.iter().rposition(|byte| matches!(byte, b'\'' | b'"')).unwrap_or(statement.len());
    let Some(after) = statement.get(start..).filter(|after| !after.contains(&b'/')) else { return false };
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let mut hidden = false;
    after.split(|byte| !is_name(byte)).filter(|word| !word.is_empty()).any(|word| {
        hidden = word == b"hide" || (hidden && !matches!(word, b"show" | b"as" | b"deferred" | b"if"));
        hidden && word == name.as_bytes()
    })
}

/// Returns the URI with percent escapes such as `%41` decoded.
fn unescaped(uri: &str) -> Cow<'_, str> {
    if !uri.contains('%') {
        return Cow::Borrowed(uri);
    }
    let (mut at, mut text) = (0, Vec::with_capacity(uri.len()));
    while let Some(&byte) = uri.as_bytes().get(at) {
        let digits = uri.get(at + 1..at + 3).filter(|digits| byte == b'%' && !digits.starts_with('+'));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                text.push(value);
                at += 3;
            }
            None => {
                text.push(byte);
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&text).into_owned())
}

//! Import resolution: the path as written.

use std::borrow::Cow;

use crate::kind::Kind;
use crate::lang::{Candidate, Import, Resolver, shortened};
use crate::tree::TreeError;

use super::Style;

/// Resolves imports of languages that write every path from the top package.
pub(in crate::lang) struct AsWritten(pub Style);

impl Resolver for AsWritten {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        Ok(as_written(import))
    }

    fn is_module(&self, _: &Import<'_>, path: &[Cow<'_, str>], at: usize) -> Result<bool, TreeError> {
        Ok(is_package(path, at))
    }

    fn star_brings(&self, import: &Import<'_>, segment: &str) -> bool {
        let module = import.module.as_deref().unwrap_or_default();
        let is_package = |segment: &str| segment.starts_with(char::is_lowercase);
        // Java Language Specification 7.5.2: the star of a package brings its types, no package beneath it. Kotlin's also
        // brings functions; the name of a package has no capitals.
        let is_beneath = is_package(segment) && (self.0 == Style::Java || !segment.contains(char::is_uppercase));
        !(is_beneath && is_package(module.rsplit('.').next().unwrap_or_default()))
    }
}

/// Returns whether the segment at `at` of a path is a package: in lower case, with another segment behind it.
pub(in crate::lang) fn is_package(path: &[Cow<'_, str>], at: usize) -> bool {
    at + 1 < path.len() && path.get(at).is_some_and(|segment| segment.starts_with(char::is_lowercase))
}

/// Returns the path of an import. A string may name a nested class with a dollar (`a.b.Outer$Inner`), which is read
/// both ways.
pub(in crate::lang) fn as_written<'i>(import: &'i Import<'_>) -> Vec<Candidate<'i>> {
    let module = import.module.as_deref().map(shortened).unwrap_or_default();
    let name = import.name.as_deref().filter(|&name| name != "*").map(shortened);
    let segments = |signs: &'static [char]| -> Candidate<'i> {
        let module = module.split(signs).filter(|segment| !segment.is_empty());
        module.chain(name).map(Cow::Borrowed).collect()
    };
    let mut candidates = vec![segments(&['.'])];
    if import.kind == Kind::Dynamic && module.contains('$') {
        candidates.push(segments(&['.', '$']));
    }
    candidates.retain(|path| !path.is_empty());
    candidates
}

//! Import resolution: the path as written.

use std::borrow::Cow;

use crate::kind::Kind;
use crate::lang::paths::counted_by_case;
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

    fn is_full_path(&self, path: &[&str]) -> Result<bool, TreeError> {
        Ok(is_full_path(path))
    }

    fn counted(&self, _: &Import<'_>, path: &[Cow<'_, str>], matched: usize) -> Result<usize, TreeError> {
        Ok(counted_by_case(path, matched))
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

/// Returns whether a path looks like that of a class in its package: small names, then one that begins with a capital.
/// Names behind the first may have capitals within. Behind a single all-small name, which may be a variable, a name all in
/// capitals is a constant. A name on its own may begin a path.
pub(in crate::lang) fn is_full_path(path: &[&str]) -> bool {
    let is_small = |name: &&&str| name.starts_with(char::is_lowercase) && !name.contains(char::is_uppercase);
    let packages = path.iter().take_while(is_small).count();
    let is_class = |name: &&str| {
        name.starts_with(char::is_uppercase) && (packages > 1 || packages == 1 && name.contains(char::is_lowercase))
    };
    let mut rest = path.iter().skip(packages).skip_while(|name| packages > 0 && name.starts_with(char::is_lowercase));
    path.len() == 1 || rest.next().is_some_and(is_class)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_paths_look_like_those_of_classes() {
        for (path, expected) in [
            ("com.acme.Foo.bar", true),
            ("java.net.URL", true),
            ("scala.Option.empty", true),
            ("com", true),
            ("com.acme.myPkg.old.Thing.run", true),
            ("com.myCompany.Thing", true),
            ("com.acme.myPkg.old", false),
            ("myPkg.old.Thing", false),
            ("config.innerPart.MAX", false),
            ("System.out", false),
            ("processingEnv.Kind", false),
            ("config.MAX", false),
            ("list.size", false),
            ("Foo.old", false),
        ] {
            assert_eq!(is_full_path(&path.split('.').collect::<Vec<_>>()), expected, "{path}");
        }
    }
}

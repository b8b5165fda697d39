//! Replacement of a use through an import: `a.b.manager.X` becomes `a.b.canonical.X`, by the name
//! that the file has for it, if there is one.

use crate::kind::Kind;
use crate::lang::{Change, Import, Language, Resolver, Rewrite, Statement, Surroundings};
use crate::tree::TreeError;

use super::super::Python;
use super::super::availability::module_depth;
use super::super::resolve::FromFile;
use super::super::uses::dotted_name;

/// Rewrites a use.
///
/// # Errors
/// When the tree cannot be read.
pub fn rewrite(
    statement: &Statement<'_>,
    changes: &[Change<'_>],
    around: &Surroundings<'_>,
) -> Result<Rewrite, TreeError> {
    let first = changes.first().and_then(|change| Some((change, statement.imports.get(change.import)?)));
    let Some((change, import)) = first else { return Ok(Rewrite::default()) };
    let file = statement.file;
    let resolver = FromFile::new(file.path, around);
    let candidates = resolver.resolve(import)?;
    let means =
        |path: &&Vec<_>| path.len() >= change.resolved.len() && path.iter().zip(&change.resolved).all(|(a, b)| a == b);
    let old: Vec<String> = match candidates.iter().find(means) {
        Some(path) => path.iter().map(|segment| segment.clone().into_owned()).collect(),
        None => change.resolved.clone(),
    };
    let kept = old.get(change.matched..).unwrap_or_default();
    let new: Vec<&str> = change.instead.iter().chain(kept).map(String::as_str).collect();

    let mut names = Names { new: &new, local: None, loaded: false };
    let written = dotted_name(file.text, &import.span);
    let mut segments = written.split('.');
    if let (Some(local), Some(beneath)) = (segments.next(), old.len().checked_sub(segments.count())) {
        names.bound(local, old.get(..beneath).unwrap_or_default());
    }
    if statement.code.is_empty() {
        return Ok(Rewrite { text: names.text(), note: None });
    }
    let depth = module_depth(file.path, &new, around)?;
    // If the tree does not have the path, its last segment may not be a module.
    let needed = new.get(..depth.unwrap_or(change.instead.len().saturating_sub(1))).unwrap_or_default();
    // Modules loaded for the old path are loaded for the new one too.
    names.loaded = depth.is_none() && old.get(..change.matched.saturating_sub(1)).is_some_and(|old| old == needed);
    let runs = import.kind != Kind::TypeOnly;
    let is_there = |other: &&Import<'_>| other.kind == Kind::Import || (!runs && other.kind == Kind::TypeOnly);
    for import in Python.imports(file).iter().filter(is_there) {
        for path in resolver.resolve(import)? {
            names.imported(import, &path, needed);
        }
    }
    let note = match depth {
        _ if names.loaded => None,
        Some(_) => Some(format!("needs `import {}`", needed.join("."))),
        None => Some(format!("needs an import of `{}`", change.instead.join("."))),
    };
    Ok(Rewrite { text: names.text(), note })
}

/// The file's imports as seen from the new path.
struct Names<'a> {
    new: &'a [&'a str],
    /// Local name for the longest prefix of the new path, and the prefix's number of segments.
    local: Option<(String, usize)>,
    /// Whether an import loads the needed module.
    loaded: bool,
}

impl Names<'_> {
    fn begins(&self, path: &[impl AsRef<str>]) -> bool {
        path.len() <= self.new.len() && path.iter().zip(self.new).all(|(one, two)| one.as_ref() == *two)
    }

    /// Records that a local name means a path.
    fn bound(&mut self, local: &str, path: &[impl AsRef<str>]) {
        if !path.is_empty() && self.begins(path) && self.local.as_ref().is_none_or(|(_, most)| *most < path.len()) {
            self.local = Some((local.to_owned(), path.len()));
        }
    }

    fn imported(&mut self, import: &Import<'_>, path: &[impl AsRef<str>], needed: &[&str]) {
        self.loaded |= path.len() >= needed.len() && needed.iter().zip(path).all(|(one, two)| *one == two.as_ref());
        match (&import.alias, &import.name) {
            (Some(alias), _) => self.bound(alias, path),
            (None, Some(name)) if name == "*" => {}
            (None, Some(name)) => self.bound(name, path),
            (None, None) => {}
        }
    }

    fn text(&self) -> String {
        let (local, segments) = self.local.as_ref().map_or((None, 0), |(local, segments)| (Some(&**local), *segments));
        let rest = self.new.get(segments..).unwrap_or_default();
        local.into_iter().chain(rest.iter().copied()).collect::<Vec<_>>().join(".")
    }
}

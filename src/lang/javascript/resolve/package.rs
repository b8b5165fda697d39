//! The nearest `package.json`: its `imports` (`#x`), and its own `name` with `exports`.
//!
//! Source: Node.js documentation, "Modules: Packages", and the algorithms PACKAGE_IMPORTS_RESOLVE
//! and PACKAGE_SELF_RESOLVE. Which conditions apply is unknown, so the targets of all count.

use std::rc::Rc;

use serde_json::{Map, Value};

use crate::tree::TreeError;

use super::MAX_SPECIFIER_BYTES;
use super::lookup::{Lookups, below};
use super::specifier::joined;

/// Maximum number of targets per key.
const MAX_TARGETS: usize = 32;
/// Maximum number of keys, and of values per key.
const MAX_KEYS: usize = 2_000;

/// A package of the tree.
pub(super) struct Package {
    pub(super) folder: Vec<String>,
    json: Rc<Value>,
}

/// The target of a key of `imports` or `exports`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A path from the top of the repository.
    Path(Vec<String>),
    /// Another package.
    Package(String),
}

impl Package {
    /// Returns the package in a folder.
    pub(super) fn at(folder: &[String], lookups: &Lookups<'_>) -> Result<Option<Self>, TreeError> {
        let path = below(&folder.join("/"), "package.json");
        if !lookups.is_file(&path)? {
            return Ok(None);
        }
        Ok(Some(Self { folder: folder.to_vec(), json: lookups.json(&path)? }))
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.json.get("name")?.as_str()
    }

    pub(super) fn json(&self) -> &Value {
        &self.json
    }

    /// Returns the targets of `#x`.
    pub(super) fn internal(&self, specifier: &str) -> Vec<Target> {
        let Some(imports) = self.json.get("imports").and_then(Value::as_object) else { return Vec::new() };
        matched(imports, specifier).map_or_else(Vec::new, |found| self.targets(&found))
    }

    /// Returns the targets of a path in the package (`.` for itself); `None` without `exports`.
    pub(super) fn exported(&self, subpath: &str) -> Option<Vec<Target>> {
        let exports = self.json.get("exports")?;
        let by_path = exports.as_object().filter(|map| map.keys().any(|key| key.starts_with('.')));
        let found = match by_path {
            Some(map) => matched(map, subpath),
            None if subpath == "." => Some(Matched { value: exports, star: None, beneath: "" }),
            None => None,
        };
        Some(found.map_or_else(Vec::new, |found| self.targets(&found)))
    }

    /// Returns the files that a package without `exports` may stand for.
    pub(super) fn main(&self) -> Vec<Vec<String>> {
        let fields = ["types", "typings", "module", "main", "svelte", "source"];
        let paths = fields.iter().filter_map(|field| self.json.get(field)?.as_str());
        paths.filter_map(|path| joined(&self.folder, path)).collect()
    }

    /// Returns the starred key of `imports` that a specifier matches, to write other paths.
    pub(super) fn key<'j>(&'j self, specifier: &'j str) -> Option<Key<'j>> {
        let imports = self.json.get("imports").and_then(Value::as_object)?;
        let Matched { value, star, .. } = matched(imports, specifier)?;
        let star = star?;
        let (prefix, suffix) = imports.iter().find(|(_, held)| std::ptr::eq(*held, value))?.0.split_once('*')?;
        let with_star = Matched { value, star: Some("*"), beneath: "" };
        let path = |target| match target {
            Target::Path(path) => Some(path),
            Target::Package(_) => None,
        };
        Some(Key { prefix, suffix, star, targets: self.targets(&with_star).into_iter().filter_map(path).collect() })
    }

    fn targets(&self, found: &Matched<'_>) -> Vec<Target> {
        let mut targets = Vec::new();
        let mut open = vec![found.value];
        let mut values = 0;
        while let Some(value) = open.pop().filter(|_| targets.len() < MAX_TARGETS && values < MAX_KEYS) {
            values += 1;
            match value {
                Value::String(text) => {
                    // Every star of the target becomes what the key's star stands for.
                    let stars = found.star.map_or(0, |star| star.len() * text.matches('*').count());
                    if text.len() + stars + found.beneath.len() > 2 * MAX_SPECIFIER_BYTES {
                        continue;
                    }
                    let text = match found.star {
                        Some(star) => text.replace('*', star),
                        None => format!("{text}{}", found.beneath),
                    };
                    let target = match text.strip_prefix("./") {
                        Some(path) => joined(&self.folder, path).map(Target::Path),
                        None if text.starts_with(['.', '/']) => None,
                        None => Some(Target::Package(text)),
                    };
                    if let Some(target) = target.filter(|target| !targets.contains(target)) {
                        targets.push(target);
                    }
                }
                Value::Array(values) => open.extend(values.iter().take(MAX_TARGETS).rev()),
                Value::Object(conditions) => open.extend(conditions.values().take(MAX_TARGETS).rev()),
                _ => {}
            }
        }
        targets
    }
}

/// A key with a star.
pub(super) struct Key<'j> {
    pub(super) prefix: &'j str,
    pub(super) suffix: &'j str,
    /// Text that the star stands for.
    pub(super) star: &'j str,
    /// Paths from the top of the repository, with their stars.
    pub(super) targets: Vec<Vec<String>>,
}

/// The value of the key that a specifier matches.
struct Matched<'j> {
    value: &'j Value,
    /// Text that the key's star stands for.
    star: Option<&'j str>,
    /// Rest of the specifier after a key that ends in `/`.
    beneath: &'j str,
}

fn matched<'j>(map: &'j Map<String, Value>, specifier: &'j str) -> Option<Matched<'j>> {
    if let Some(value) = map.get(specifier).filter(|_| !specifier.contains('*') && !specifier.ends_with('/')) {
        return Some(Matched { value, star: None, beneath: "" });
    }
    let mut best: Option<(usize, usize, Matched<'j>)> = None;
    for (key, value) in map.iter().take(MAX_KEYS) {
        let found = match key.split_once('*') {
            Some((prefix, suffix)) => {
                let star = specifier.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix));
                let star = star.filter(|star| !star.is_empty());
                star.map(|star| (prefix.len(), key.len(), Matched { value, star: Some(star), beneath: "" }))
            }
            None if key.ends_with('/') => {
                let beneath = specifier.strip_prefix(key.as_str()).filter(|rest| !rest.is_empty());
                beneath.map(|beneath| (key.len(), key.len(), Matched { value, star: None, beneath }))
            }
            None => None,
        };
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| (best.0, best.1) < (found.0, found.1))
        {
            best = Some(found);
        }
    }
    best.map(|(_, _, matched)| matched)
}

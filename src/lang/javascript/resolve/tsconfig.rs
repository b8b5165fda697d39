//! Aliases of `tsconfig.json` and `jsconfig.json`: `paths`, `baseUrl`, `extends`, `references`.
//!
//! Source: the TSConfig reference and the chapter "Modules - Reference" of the TypeScript handbook.
//! As in TypeScript, the nearest configuration applies; an exact pattern wins, then the longest
//! prefix. All existing targets of a pattern count, as tools try different endings. A package's
//! configuration that is extended is not in the tree, and skipped.

use std::cell::Cell;

use serde_json::Value;

use crate::lang::files;
use crate::tree::TreeError;

use super::lookup::{Lookups, below};
use super::specifier::joined;

/// Maximum depth of `extends`, in levels, and number of entries of `extends` and `references`.
const MAX_EXTENDS_DEPTH: usize = 16;
/// Maximum number of configurations extended in all, as each may extend several in turn.
const MAX_EXTENDED: usize = 64;
/// Maximum number of patterns read.
const MAX_PATTERNS: usize = 2_000;
/// Maximum number of targets per pattern, and of meanings per specifier.
const MAX_TARGETS: usize = 16;

/// The aliases of one configuration.
#[derive(Default)]
pub(super) struct Config {
    base: Option<Vec<String>>,
    aliases: Vec<Alias>,
}

/// A pattern of `paths`.
pub(super) struct Alias {
    prefix: String,
    /// Text after the star; `None` without a star.
    suffix: Option<String>,
    /// Paths from the top of the repository, with their stars.
    pub(super) targets: Vec<Vec<String>>,
}

impl Alias {
    /// Returns what the star stands for, if the specifier matches.
    pub(super) fn star<'s>(&self, specifier: &'s str) -> Option<&'s str> {
        match &self.suffix {
            None => (specifier == self.prefix).then_some(""),
            Some(suffix) => specifier.strip_prefix(self.prefix.as_str())?.strip_suffix(suffix.as_str()),
        }
    }

    /// Returns the specifier with `star` in place of the pattern's star.
    pub(super) fn spelt(&self, star: &str) -> String {
        format!("{}{star}{}", self.prefix, self.suffix.as_deref().unwrap_or_default())
    }

    /// Returns whether the pattern is not `*`, which matches every specifier.
    fn is_specific(&self) -> bool {
        self.suffix.as_ref().is_none_or(|suffix| !self.prefix.is_empty() || !suffix.is_empty())
    }
}

/// Replaces the star of a target; `None` if the path leads above the top.
pub(super) fn filled(target: &[String], star: &str) -> Option<Vec<String>> {
    joined(&[], &target.join("/").replacen('*', star, 1))
}

impl Config {
    /// Returns the aliases that a specifier may use; of equal prefixes, TypeScript takes the first.
    pub(super) fn aliases<'c, 's>(&'c self, specifier: &'s str) -> Vec<(&'c Alias, &'s str)> {
        let mut best: Vec<(&Alias, &str)> = Vec::new();
        for alias in &self.aliases {
            let Some(star) = alias.star(specifier) else { continue };
            if alias.suffix.is_none() {
                return vec![(alias, "")];
            }
            let longest = best.first().map(|(best, _)| best.prefix.len());
            if longest.is_some_and(|longest| longest > alias.prefix.len()) {
                continue;
            }
            if longest.is_some_and(|longest| longest < alias.prefix.len()) {
                best.clear();
            }
            best.push((alias, star));
        }
        best
    }

    pub(super) fn base(&self) -> Option<&[String]> {
        self.base.as_deref()
    }

    /// Returns the paths that a specifier may mean: those that exist; otherwise those of patterns
    /// other than `*`, as they may be generated.
    pub(super) fn meanings(&self, specifier: &str, lookups: &Lookups<'_>) -> Result<Vec<Vec<String>>, TreeError> {
        let (mut there, mut missing) = (Vec::new(), Vec::new());
        for (alias, star) in self.aliases(specifier).into_iter().take(MAX_TARGETS) {
            for path in alias.targets.iter().filter_map(|target| filled(target, star)) {
                if lookups.exists(&path)? {
                    there.push(path);
                } else if alias.is_specific() {
                    missing.push(path);
                }
            }
        }
        there.truncate(MAX_TARGETS);
        missing.truncate(MAX_TARGETS);
        if !there.is_empty() {
            return Ok(there);
        }
        let based = self.base.as_ref().and_then(|base| joined(base, specifier));
        Ok(match based {
            Some(path) if lookups.exists(&path)? => vec![path],
            _ => missing,
        })
    }
}

/// Returns the configurations that apply in a folder: the nearest one, or those it references.
pub(super) fn nearest(folder: &[String], lookups: &Lookups<'_>) -> Result<Vec<Config>, TreeError> {
    let left = Cell::new(MAX_EXTENDED);
    for length in (0..=folder.len()).rev() {
        let folder = folder.get(..length).unwrap_or_default();
        for name in ["tsconfig.json", "jsconfig.json"] {
            let path = below(&folder.join("/"), name);
            if !lookups.is_file(&path)? {
                continue;
            }
            let options = options(&path, folder, MAX_EXTENDS_DEPTH, lookups, &left)?;
            if options.references.is_empty() || options.paths.is_some() || options.base.is_some() {
                return Ok(vec![options.into()]);
            }
            let mut configs = Vec::new();
            for reference in options.references.iter().filter_map(|path| joined(folder, path)) {
                let path = reference.join("/");
                let path = if path.ends_with(".json") { path } else { below(&path, "tsconfig.json") };
                let folder = parent(&path);
                configs.push(self::options(&path, &folder, MAX_EXTENDS_DEPTH, lookups, &left)?.into());
            }
            return Ok(configs);
        }
    }
    Ok(Vec::new())
}

fn parent(path: &str) -> Vec<String> {
    let folder = files::folder(path);
    folder.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

/// Patterns with their targets, and the folder these are relative to unless there is a base.
#[derive(Default)]
struct Paths {
    folder: Vec<String>,
    patterns: Vec<(String, Vec<String>)>,
}

/// Options of a configuration, including inherited ones.
#[derive(Default)]
struct Options {
    base: Option<Vec<String>>,
    paths: Option<Paths>,
    /// References to other projects, unless the configuration has files of its own.
    references: Vec<String>,
}

impl From<Options> for Config {
    fn from(options: Options) -> Self {
        let Options { base, paths, .. } = options;
        let Paths { folder, patterns } = paths.unwrap_or_default();
        let start = base.as_ref().unwrap_or(&folder);
        let alias = |(pattern, targets): (String, Vec<String>)| {
            let (prefix, suffix) = match pattern.split_once('*') {
                Some((prefix, suffix)) => (prefix.to_owned(), Some(suffix.to_owned())),
                None => (pattern, None),
            };
            let targets = targets.iter().filter_map(|target| match target.strip_prefix('/') {
                Some(target) => joined(&[], target),
                None => joined(start, target),
            });
            Alias { prefix, suffix, targets: targets.collect() }
        };
        Self { aliases: patterns.into_iter().map(alias).collect(), base }
    }
}

/// Reads the options of the configuration at `path`. `root` is the folder of the outermost one
/// (`${configDir}`), `left` the number of configurations that may still be extended.
fn options(
    path: &str,
    root: &[String],
    depth: usize,
    lookups: &Lookups<'_>,
    left: &Cell<usize>,
) -> Result<Options, TreeError> {
    let mut options = Options::default();
    let json = lookups.json(path)?;
    let folder = parent(path);
    let extends = match json.get("extends") {
        Some(Value::String(path)) => vec![path.as_str()],
        Some(Value::Array(paths)) => paths.iter().filter_map(Value::as_str).take(MAX_EXTENDS_DEPTH).collect(),
        _ => Vec::new(),
    };
    for extended in extends {
        let (Some(deeper), Some(fewer)) = (depth.checked_sub(1), left.get().checked_sub(1)) else { break };
        let Some(path) = extended_path(extended, &folder, root, lookups)? else { continue };
        left.set(fewer);
        let inherited = self::options(&path, root, deeper, lookups, left)?;
        options.base = inherited.base.or(options.base);
        options.paths = inherited.paths.or(options.paths);
    }
    let own = json.get("compilerOptions").unwrap_or(&Value::Null);
    let placed = |path: &str| match path.strip_prefix("${configDir}") {
        Some(rest) => joined(root, rest),
        // Absolute paths lead out of the tree.
        None if path.starts_with('/') => None,
        None => joined(&folder, path),
    };
    if let Some(base) = own.get("baseUrl").and_then(Value::as_str) {
        options.base = placed(base);
    }
    if let Some(paths) = own.get("paths").and_then(Value::as_object) {
        let patterns =
            paths.iter().take(MAX_PATTERNS).map(|(pattern, targets)| (pattern.clone(), texts(targets, root)));
        options.paths = Some(Paths { folder: folder.clone(), patterns: patterns.collect() });
    }
    let has_files = json.get("files").and_then(Value::as_array).is_none_or(|files| !files.is_empty());
    let references = json.get("references").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if !has_files || json.get("include").is_none() {
        let paths = references.iter().filter_map(|reference| reference.get("path")?.as_str());
        options.references = paths.take(MAX_EXTENDS_DEPTH).map(str::to_owned).collect();
    }
    Ok(options)
}

/// Returns the targets of a pattern: relative ones, and those from the top of the tree after a `/`.
fn texts(targets: &Value, root: &[String]) -> Vec<String> {
    let targets = targets.as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |target: &Value| {
        let target = target.as_str().filter(|target| !target.starts_with('/'))?;
        Some(match target.strip_prefix("${configDir}") {
            Some(rest) => format!("/{}/{rest}", root.join("/")),
            None => target.to_owned(),
        })
    };
    targets.iter().take(MAX_TARGETS).filter_map(text).collect()
}

fn extended_path(
    path: &str,
    folder: &[String],
    root: &[String],
    lookups: &Lookups<'_>,
) -> Result<Option<String>, TreeError> {
    let found = match path.strip_prefix("${configDir}") {
        Some(rest) => joined(root, rest),
        None if path.starts_with("./") || path.starts_with("../") => joined(folder, path),
        None => None,
    };
    let Some(found) = found.map(|found| found.join("/")) else { return Ok(None) };
    let with_ending = format!("{found}.json");
    Ok(if found.ends_with(".json") || lookups.is_file(&found)? { Some(found) } else { Some(with_ending) })
}

//! Aliases of `tsconfig.json` and `jsconfig.json`: `paths`, `baseUrl`, `extends`, `references`.
//!
//! Source: the TSConfig reference and the chapter "Modules - Reference" of the TypeScript handbook.
//! As in TypeScript, the nearest configuration applies; an exact pattern wins, then the longest
//! prefix. All existing targets of a pattern count, as tools try different endings. A package's
//! configuration that is extended is not in the tree, and skipped.

use std::cell::Cell;
use std::rc::Rc;

use serde_json::Value;

use crate::held::held_once;
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

/// What stands for the folder of the outermost configuration.
const ROOT: &str = "${configDir}";

/// The aliases of one configuration.
#[derive(Default)]
pub(super) struct Config {
    base: Option<Vec<String>>,
    /// Those of the configuration that has `paths`, which many may extend.
    aliases: Rc<Vec<Alias>>,
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

    /// Returns the bytes of memory that it takes, nearly.
    fn size(&self) -> usize {
        let segments = self.targets.iter().flatten().map(|segment| segment.len() + size_of::<String>());
        size_of::<Self>() + self.prefix.len() + segments.sum::<usize>()
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
        for alias in self.aliases.iter() {
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

/// Returns the configurations that apply where the one at `path`, in `folder`, is the nearest: itself, or those it
/// references.
///
/// # Errors
/// When the tree cannot be read.
pub(super) fn at(path: &str, folder: &[String], lookups: &Lookups<'_>) -> Result<Vec<Config>, TreeError> {
    let left = Cell::new(MAX_EXTENDED);
    let options = options(path, folder, MAX_EXTENDS_DEPTH, lookups, &left)?;
    if options.references.is_empty() || options.paths.is_some() || options.base.is_some() {
        return Ok(vec![options.config(folder, lookups)?]);
    }
    let mut configs = Vec::new();
    for reference in options.references.iter().filter_map(|path| joined(folder, path)) {
        let path = reference.join("/");
        let path = if path.ends_with(".json") { path } else { below(&path, "tsconfig.json") };
        let folder = parent(&path);
        configs.push(self::options(&path, &folder, MAX_EXTENDS_DEPTH, lookups, &left)?.config(&folder, lookups)?);
    }
    Ok(configs)
}

fn parent(path: &str) -> Vec<String> {
    let folder = files::folder(path);
    folder.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

/// The configuration that has `paths`, and the folder that their targets are relative to unless there is a base.
struct Paths {
    path: String,
    folder: Vec<String>,
    json: Rc<Value>,
}

/// Options of a configuration, including inherited ones.
#[derive(Default)]
struct Options {
    base: Option<Vec<String>>,
    paths: Option<Paths>,
    /// References to other projects, unless the configuration has files of its own.
    references: Vec<String>,
}

impl Options {
    /// Returns the aliases. `root` is the folder of the outermost configuration (`${configDir}`).
    fn config(self, root: &[String], lookups: &Lookups<'_>) -> Result<Config, TreeError> {
        let Self { base, paths, .. } = self;
        let Some(paths) = paths else { return Ok(Config { base, aliases: Rc::default() }) };
        let start = base.as_ref().unwrap_or(&paths.folder);
        let has_root = texts(&paths.json).any(|(_, targets)| targets.iter().any(|target| target.starts_with(ROOT)));
        let root = if has_root { root.join("/") } else { String::new() };
        let key = format!("{}\0{}\0{root}", paths.path, start.join("/"));
        let alias = |(pattern, targets): (&String, Vec<&str>)| {
            let (prefix, suffix) = match pattern.split_once('*') {
                Some((prefix, suffix)) => (prefix.to_owned(), Some(suffix.to_owned())),
                None => (pattern.clone(), None),
            };
            let targets = targets.iter().filter_map(|target| match target.strip_prefix(ROOT) {
                Some(rest) => joined(&[], &format!("{root}/{rest}")),
                None => joined(start, target),
            });
            Alias { prefix, suffix, targets: targets.collect() }
        };
        let size = |aliases: &Vec<Alias>| aliases.iter().map(Alias::size).sum();
        let aliases = held_once(lookups.tree(), key.as_bytes(), size, || Ok(texts(&paths.json).map(alias).collect()))?;
        Ok(Config { base, aliases })
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
    let placed = |path: &str| match path.strip_prefix(ROOT) {
        Some(rest) => joined(root, rest),
        // Absolute paths lead out of the tree.
        None if path.starts_with('/') => None,
        None => joined(&folder, path),
    };
    if let Some(base) = own.get("baseUrl").and_then(Value::as_str) {
        options.base = placed(base);
    }
    if own.get("paths").is_some_and(Value::is_object) {
        options.paths = Some(Paths { path: path.to_owned(), folder: folder.clone(), json: Rc::clone(&json) });
    }
    let has_files = json.get("files").and_then(Value::as_array).is_none_or(|files| !files.is_empty());
    let references = json.get("references").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if !has_files || json.get("include").is_none() {
        let paths = references.iter().filter_map(|reference| reference.get("path")?.as_str());
        options.references = paths.take(MAX_EXTENDS_DEPTH).map(str::to_owned).collect();
    }
    Ok(options)
}

/// Returns the patterns of `paths`, each with its targets: absolute ones lead out of the tree.
fn texts(json: &Value) -> impl Iterator<Item = (&String, Vec<&str>)> {
    let paths = json.get("compilerOptions").and_then(|own| own.get("paths")).and_then(Value::as_object);
    paths.into_iter().flatten().take(MAX_PATTERNS).map(|(pattern, targets)| {
        let targets = targets.as_array().map(Vec::as_slice).unwrap_or_default();
        let texts = targets.iter().take(MAX_TARGETS).filter_map(Value::as_str);
        (pattern, texts.filter(|target| !target.starts_with('/')).collect())
    })
}

fn extended_path(
    path: &str,
    folder: &[String],
    root: &[String],
    lookups: &Lookups<'_>,
) -> Result<Option<String>, TreeError> {
    let found = match path.strip_prefix(ROOT) {
        Some(rest) => joined(root, rest),
        None if path.starts_with("./") || path.starts_with("../") => joined(folder, path),
        None => None,
    };
    let Some(found) = found.map(|found| found.join("/")) else { return Ok(None) };
    let with_ending = format!("{found}.json");
    Ok(if found.ends_with(".json") || lookups.is_file(&found)? { Some(found) } else { Some(with_ending) })
}

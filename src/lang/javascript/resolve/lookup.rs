//! Lookups in the tree, limited per file: a file may import thousands of names.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;

use crate::tree::{Tree, TreeError, made_once};

use super::jsonc::{self, MAX_FILE_BYTES};
use super::specifier::{CODE, stem};

/// Maximum number of lookups per file; beyond it, `exists` is true and the others are false.
const MAX_QUESTIONS: usize = 4_000;
/// Maximum number of configurations read per file.
const MAX_CONFIGURATIONS: usize = 64;

/// Endings of files that are imported with or without them, in TypeScript's lookup order.
const ENDINGS: &[&str] = &["ts", "tsx", "d.ts", "js", "jsx", "mts", "d.mts", "mjs", "cts", "d.cts", "cjs"];

/// Maximum total size of the configurations kept for other files of the tree, in bytes.
const MAX_KEPT_BYTES: usize = 2 << 20;

/// The tree, with counters for its lookups.
pub(in super::super) struct Lookups<'a> {
    tree: &'a dyn Tree,
    asked: Cell<usize>,
    read: Cell<usize>,
    kept: OnceCell<Rc<Kept>>,
}

/// Cache of parsed configurations, by path.
#[derive(Default)]
struct Kept {
    json: RefCell<HashMap<String, Rc<Value>>>,
    size: Cell<usize>,
}

impl<'a> Lookups<'a> {
    pub(in super::super) fn new(tree: &'a dyn Tree) -> Self {
        Self { tree, asked: Cell::new(0), read: Cell::new(0), kept: OnceCell::new() }
    }

    pub(super) fn tree(&self) -> &'a dyn Tree {
        self.tree
    }

    /// Returns whether the lookups are used up.
    pub(super) fn is_exhausted(&self) -> bool {
        self.asked.get() >= MAX_QUESTIONS
    }

    pub(in super::super) fn is_file(&self, path: &str) -> Result<bool, TreeError> {
        self.asked.set(self.asked.get() + 1);
        Ok(self.asked.get() <= MAX_QUESTIONS && !path.contains('\0') && self.tree.is_file(path.as_bytes())?)
    }

    pub(in super::super) fn is_folder(&self, path: &str) -> Result<bool, TreeError> {
        self.asked.set(self.asked.get() + 1);
        Ok(self.asked.get() <= MAX_QUESTIONS && !path.contains('\0') && self.tree.is_folder(path.as_bytes())?)
    }

    /// Returns the JSON at `path`; null if it is missing, malformed or over the limit.
    pub(super) fn json(&self, path: &str) -> Result<Rc<Value>, TreeError> {
        let kept = match self.kept.get() {
            Some(kept) => kept,
            None => {
                let kept = made_once(self.tree, b"", || Ok(Kept::default()))?;
                self.kept.get_or_init(|| kept)
            }
        };
        if let Some(known) = kept.json.borrow().get(path) {
            return Ok(Rc::clone(known));
        }
        self.read.set(self.read.get() + 1);
        if self.read.get() > MAX_CONFIGURATIONS || path.contains('\0') {
            return Ok(Rc::default());
        }
        let blob = self.tree.read(path.as_bytes())?.unwrap_or_default();
        let value = Rc::new(jsonc::parse(&blob).unwrap_or_default());
        let size = kept.size.get() + path.len() + blob.len().min(MAX_FILE_BYTES);
        if size > MAX_KEPT_BYTES {
            kept.json.borrow_mut().clear();
        }
        kept.size.set(if size > MAX_KEPT_BYTES { 0 } else { size });
        kept.json.borrow_mut().insert(path.to_owned(), Rc::clone(&value));
        Ok(value)
    }

    /// Returns the text at `path`; `None` if it is missing, too large or over the limit.
    pub(super) fn text(&self, path: &str) -> Result<Option<String>, TreeError> {
        self.read.set(self.read.get() + 1);
        if self.read.get() > MAX_CONFIGURATIONS {
            return Ok(None);
        }
        let blob = self.tree.read(path.as_bytes())?.filter(|blob| blob.len() <= MAX_FILE_BYTES);
        Ok(blob.map(|blob| String::from_utf8_lossy(&blob).into_owned()))
    }

    /// Returns whether an import of the path finds a file or package.
    pub(super) fn exists(&self, path: &[String]) -> Result<bool, TreeError> {
        if self.is_exhausted() || !self.files(path, 1)?.is_empty() {
            return Ok(true);
        }
        let folder = path.join("/");
        Ok(self.is_folder(&folder)? && self.is_file(&below(&folder, "package.json"))?)
    }

    /// Returns up to `most` files that an import of the path finds: itself, with ending, or index.
    pub(in super::super) fn files(&self, path: &[String], most: usize) -> Result<Vec<String>, TreeError> {
        let mut found = Vec::new();
        let whole = path.join("/");
        let last = path.last().map_or("", String::as_str);
        if last.contains('.') && self.is_file(&whole)? {
            found.push(whole.clone());
        }
        let bare = whole.get(..whole.len() - (last.len() - stem(last).len())).unwrap_or(&whole);
        let has_ending = CODE.iter().any(|ending| last.ends_with(ending)) && bare.len() < whole.len();
        let stems = [(!whole.is_empty()).then(|| bare.to_owned()), Some(below(&whole, "index"))];
        for (number, stem) in stems.into_iter().enumerate() {
            let Some(stem) = stem.filter(|_| found.len() < most) else { continue };
            if number == 1 && (has_ending || !self.is_folder(&whole)?) {
                continue;
            }
            for ending in ENDINGS {
                let file = format!("{stem}.{ending}");
                if found.len() < most && !found.contains(&file) && self.is_file(&file)? {
                    found.push(file);
                }
            }
        }
        Ok(found)
    }
}

/// Joins a folder and a name; the top folder is the empty string.
pub(in super::super) fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

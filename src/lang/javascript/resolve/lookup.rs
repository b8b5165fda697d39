//! Lookups in the tree, limited per file: a file may import thousands of names.
//!
//! What is known from before counts like what is looked up, so that the limit is the same in whatever order files come.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;

use crate::tree::{Tree, TreeError, made_once};

use super::jsonc::{self, MAX_FILE_BYTES};
use super::specifier::{CODE, stem};

/// Maximum number of lookups per file; beyond it, `exists` is true and the others are false.
const MAX_QUESTIONS: usize = 16_000;
/// What a configuration counts for, in lookups, and one more for each of these bytes: 58 of the largest may be read.
const CONFIGURATION_QUESTIONS: usize = 16;
const BYTES_A_QUESTION: usize = 1 << 10;

/// Endings of files that are imported with or without them, in TypeScript's lookup order.
const ENDINGS: &[&str] = &["ts", "tsx", "d.ts", "js", "jsx", "mts", "d.mts", "mjs", "cts", "d.cts", "cjs"];

/// Maximum total size of the configurations kept for other files of the tree, in bytes.
const MAX_KEPT_BYTES: usize = 2 << 20;

/// The tree, with a counter for its lookups.
pub(in super::super) struct Lookups<'a> {
    tree: &'a dyn Tree,
    asked: Cell<usize>,
    kept: OnceCell<Rc<Kept>>,
}

/// Cache of parsed configurations and what each counts for, by path.
#[derive(Default)]
struct Kept {
    json: RefCell<HashMap<String, (Rc<Value>, usize)>>,
    size: Cell<usize>,
}

impl<'a> Lookups<'a> {
    pub(in super::super) fn new(tree: &'a dyn Tree) -> Self {
        Self { tree, asked: Cell::new(0), kept: OnceCell::new() }
    }

    pub(super) fn tree(&self) -> &'a dyn Tree {
        self.tree
    }

    /// Returns whether the lookups are used up.
    pub(super) fn is_exhausted(&self) -> bool {
        self.asked.get() >= MAX_QUESTIONS
    }

    /// Returns the number of lookups so far.
    pub(super) fn asked(&self) -> usize {
        self.asked.get()
    }

    /// Counts lookups that were made before, if they leave any over.
    pub(super) fn repeat(&self, questions: usize) -> bool {
        let is_enough = self.asked.get() + questions < MAX_QUESTIONS;
        if is_enough {
            self.count(questions);
        }
        is_enough
    }

    fn count(&self, questions: usize) {
        self.asked.update(|asked| asked + questions);
    }

    pub(in super::super) fn is_file(&self, path: &str) -> Result<bool, TreeError> {
        self.count(1);
        Ok(self.asked.get() <= MAX_QUESTIONS && !path.contains('\0') && self.tree.is_file(path.as_bytes())?)
    }

    pub(in super::super) fn is_folder(&self, path: &str) -> Result<bool, TreeError> {
        self.count(1);
        Ok(self.asked.get() <= MAX_QUESTIONS && !path.contains('\0') && self.tree.is_folder(path.as_bytes())?)
    }

    /// Returns the JSON at `path`; null if it is missing, malformed or over the limit.
    pub(super) fn json(&self, path: &str) -> Result<Rc<Value>, TreeError> {
        if self.is_exhausted() || path.contains('\0') {
            return Ok(Rc::default());
        }
        let kept = match self.kept.get() {
            Some(kept) => kept,
            None => {
                let kept = made_once(self.tree, b"", || Ok(Kept::default()))?;
                self.kept.get_or_init(|| kept)
            }
        };
        if let Some((known, questions)) = kept.json.borrow().get(path) {
            self.count(*questions);
            return Ok(Rc::clone(known));
        }
        let blob = self.tree.read(path.as_bytes())?.unwrap_or_default();
        let questions = questions_of(&blob);
        self.count(questions);
        let value = Rc::new(jsonc::parse(&blob).unwrap_or_default());
        let size = kept.size.get() + path.len() + blob.len().min(MAX_FILE_BYTES);
        if size > MAX_KEPT_BYTES {
            kept.json.borrow_mut().clear();
        }
        kept.size.set(if size > MAX_KEPT_BYTES { 0 } else { size });
        kept.json.borrow_mut().insert(path.to_owned(), (Rc::clone(&value), questions));
        Ok(value)
    }

    /// Returns the text at `path`; `None` if it is missing, too large or over the limit.
    pub(super) fn text(&self, path: &str) -> Result<Option<String>, TreeError> {
        if self.is_exhausted() {
            return Ok(None);
        }
        let blob = self.tree.read(path.as_bytes())?;
        self.count(questions_of(blob.as_deref().unwrap_or_default()));
        let blob = blob.filter(|blob| blob.len() <= MAX_FILE_BYTES);
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

/// Returns what a configuration counts for.
fn questions_of(blob: &[u8]) -> usize {
    CONFIGURATION_QUESTIONS + blob.len().min(MAX_FILE_BYTES) / BYTES_A_QUESTION
}

/// Joins a folder and a name; the top folder is the empty string.
pub(in super::super) fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
